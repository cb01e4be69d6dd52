"""A rota feed: its address goes in and never comes out; unclear labels are asked about once."""

from typing import Annotated

from bot.chat.answers import Answers
from bot.chat.command import Arg
from bot.chat.message import Field, Form
from bot.chat.prompt import Prompt
from bot.domain.rota_address import LONGEST
from bot.domain.shifts import ShiftKind
from bot.engine.feeds import UNCLEAR, check_address
from bot.engine.turn import Turn
from bot.errors import Misread, Refused
from bot.features.shifts.group import shift_group
from bot.features.shifts.prompts import FeedForgotten, FeedKept, LabelsKept
from bot.store import drafts, feeds

#: Labels that one form asks about.
ASKED = 3
#: What a label may mean, in the order in which it is offered.
KINDS = (
    ShiftKind.DAY,
    ShiftKind.EVENING,
    ShiftKind.NIGHT,
    ShiftKind.CALL24,
    ShiftKind.HOMECALL,
    ShiftKind.OFF,
    ShiftKind.LEAVE,
    ShiftKind.NONSHIFT,
)


#: Words that take a feed away again.
_OFF = frozenset({"off", "none", "remove", "forget"})


@shift_group.command("feed", examples=["off"])
def feed(
    turn: Turn,
    address: Annotated[
        str | None, Arg("the address of your rota's calendar, or `off`", limit=LONGEST, secret=True)
    ] = None,
) -> Prompt | Form:
    """Have your rota read from its calendar address, or forgotten: “/shift feed off”."""
    if address is None:
        return _address_form(turn)
    if address.lower() in _OFF:
        return _forget(turn)
    return give_address(turn, address)


def give_address(turn: Turn, address: str) -> Prompt:
    """Keep an address, sealed; raise Misread, which says none of it, for one that is refused."""
    cleaned = check_address(address)
    again = feeds.of(turn.db, turn.member.key) is not None
    feeds.set_address(turn.db, turn.member.key, cleaned, turn.now)
    return FeedKept(again=again)


@shift_group.form("address", secret=("address",))
def address_form(turn: Turn) -> Form:
    """Ask for the address; it begins empty, whatever is kept."""
    return _address_form(turn)


def _address_form(turn: Turn) -> Form:
    say = turn.words.short
    hint, label = say("shifts.hint.feed"), say("shifts.field.feed")
    return Form(
        address="shift.address",
        title=say("shifts.form.feed"),
        submit=say("shifts.form.keep"),
        intro=say("shifts.form.feed_intro"),
        fields=(Field("address", label, required=True, hint=hint, limit=LONGEST),),
    )


@address_form.submitted
def address_given(turn: Turn, answers: Answers) -> Prompt:
    """Keep the address, or say what is wrong with it and nothing of it."""
    text = answers.text("address", limit=LONGEST, required=True)
    answers.check()
    try:
        return give_address(turn, text)
    except Misread as error:
        answers.misread("address", error)
    answers.check()
    raise AssertionError("an error was put beside the field")  # pragma: no cover


@shift_group.action("forget")
def forget(turn: Turn) -> Prompt:
    """Forget the feed, and the shifts that came from it."""
    return _forget(turn)


def _forget(turn: Turn) -> Prompt:
    drafts.drop(turn.db, turn.member.key, UNCLEAR)
    if not feeds.drop(turn.db, turn.member.key):
        raise Refused("shifts.refused.no_feed")
    return FeedForgotten()


def pending(turn: Turn) -> list[tuple[str, str]]:
    """List the labels that wait for an answer, each with the key of its answer."""
    kept = drafts.kept(turn.db, turn.member.key, UNCLEAR) or {}
    return [(str(key), str(label)) for key, label in kept.get("labels", [])]


@shift_group.form("labels")
def labels_form(turn: Turn) -> Form:
    """Ask what some labels mean."""
    say, waiting = turn.words.short, pending(turn)
    if not waiting:
        raise Refused("shifts.refused.no_labels")
    choices = tuple((kind.value, say(f"shifts.means.{kind}")) for kind in KINDS)
    return Form(
        address="shift.labels",
        title=say("shifts.form.labels"),
        submit=say("shifts.form.keep"),
        intro=say("shifts.unclear"),
        fields=tuple(
            Field(key, label or say("shifts.field.no_label"), kind="choice", choices=choices)
            for key, label in waiting[:ASKED]
        ),
    )


@labels_form.submitted
def labels_given(turn: Turn, answers: Answers) -> Prompt:
    """Keep what the labels mean; the words themselves are dropped."""
    waiting, feed_row = pending(turn), feeds.of(turn.db, turn.member.key)
    if feed_row is None:
        raise Refused("shifts.refused.no_feed")
    if not waiting:
        raise Refused("shifts.refused.no_labels")
    asked = [key for key, _ in waiting if key in answers.values]
    given = {key: answers.choice(key, ShiftKind) for key in asked}
    if not any(given.values()) and asked and not answers.errors:
        answers.refuse(asked[0], "shifts.refused.no_answer")
    answers.check()
    told = {key: kind for key, kind in given.items() if kind is not None}
    for key, kind in told.items():
        feeds.answer_label(turn.db, feed_row, key, kind, turn.now)
    left = [list(pair) for pair in waiting if pair[0] not in told]
    if left:
        drafts.keep(turn.db, turn.member.key, UNCLEAR, {"labels": left}, turn.now)
    else:
        drafts.drop(turn.db, turn.member.key, UNCLEAR)
    return LabelsKept(count=len(told), more=len(left))
