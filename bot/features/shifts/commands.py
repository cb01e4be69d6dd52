"""/shift and /leave: tell when you work, look at it, take it back."""

from datetime import datetime, timedelta
from hashlib import blake2s
from typing import Annotated

from bot.chat.answers import Answers
from bot.chat.command import Arg
from bot.chat.message import Field, Form
from bot.chat.prompt import Prompt
from bot.domain.shift_words import LocalSpan
from bot.domain.shifts import WORK, Shift, ShiftKind
from bot.domain.text import one_line, without_addresses
from bot.engine.hours import quiet_rules
from bot.engine.turn import Turn
from bot.errors import Ambiguous, Misread, Refused
from bot.features.shifts.feed import give_address, pending
from bot.features.shifts.group import leave_group, shift_group
from bot.features.shifts.prompts import (
    ClearAsked,
    Cleared,
    FeedState,
    LeaveKept,
    Quiet,
    ShiftsKept,
    ShiftsShown,
    Undone,
)
from bot.features.shifts.reading import (
    lines_of,
    matching,
    names_hours,
    placed,
    read_spans,
    whole_commands,
)
from bot.models import ShiftRow
from bot.store import drafts, feeds, shifts

#: How far `/shift` alone looks ahead.
SOON = timedelta(days=14)
#: Lines of a list, before it says how many more there are; rows that are read for it.
SHOWN, READ = 12, 500
#: More typed shifts than this are a slip: a year of them is half as many.
MOST_TYPED = 500
#: The draft that names the rows a member was asked about before they are forgotten.
_CLEARING = "shift.clearing"


@shift_group.command(
    "",
    examples=["nights until Friday", "off tomorrow", "call Saturday", "days 7:00-19:00 Mon to Thu"],
)
def shift(
    turn: Turn,
    text: Annotated[str | None, Arg("your shifts, for example `nights until Friday`")] = None,
) -> Prompt:
    """Tell when you work, or see what I know of the next two weeks."""
    if text is None:
        return _shown(turn, turn.now + SOON)
    if without_addresses(text) != text:  # an address alone means the rota's
        return give_address(turn, text)
    try:
        spans = read_spans(turn, text)
    except Ambiguous as doubt:
        raise whole_commands("/shift", doubt) from None
    return _keep(turn, spans, text)


@leave_group.command("", examples=["20 Dec to 3 Jan", "next week"])
def leave(
    turn: Turn, days: Annotated[str | None, Arg("the days, for example `20 Dec to 3 Jan`")] = None
) -> Prompt | Form:
    """Tell when you are on leave; “/shift leave” does the same where “/leave” is the chat's own."""
    if days is None:
        return leave_form(turn)
    try:
        spans = read_spans(turn, days, leave=True)
    except Ambiguous as doubt:
        raise whole_commands("/leave", doubt) from None
    return _keep(turn, spans, days)


@shift_group.form("add")
def add_form(turn: Turn) -> Form:
    """Ask for shifts."""
    say = turn.words.short
    hint = say("shifts.hint.shifts")
    asked = Field("text", say("shifts.field.shifts"), required=True, hint=hint)
    title, submit = say("shifts.form.add"), say("shifts.form.keep")
    return Form(address="shift.add", title=title, submit=submit, fields=(asked,))


@add_form.submitted
def added(turn: Turn, answers: Answers) -> Prompt:
    """Keep the shifts."""
    return _submitted(turn, answers, "text")


@leave_group.form("days")
def ask_leave(turn: Turn) -> Form:
    """Ask for the days of leave."""
    return leave_form(turn)


def leave_form(turn: Turn) -> Form:
    """Ask for the days of leave."""
    say = turn.words.short
    hint = say("shifts.hint.leave")
    asked = Field("days", say("shifts.field.leave"), required=True, hint=hint)
    title, submit = say("shifts.form.leave"), say("shifts.form.keep")
    return Form(address="leave.days", title=title, submit=submit, fields=(asked,))


@ask_leave.submitted
def leave_given(turn: Turn, answers: Answers) -> Prompt:
    """Keep the leave."""
    return _submitted(turn, answers, "days")


def _submitted(turn: Turn, answers: Answers, name: str) -> Prompt:
    text = one_line(answers.text(name, required=True))
    answers.check()
    spans: tuple[LocalSpan, ...] = ()
    try:
        spans = read_spans(turn, text, leave=name == "days")
    except (Misread, Ambiguous) as error:
        answers.misread(name, error)
    except Refused as error:
        answers.refuse(name, error.key)
    answers.check()
    return _keep(turn, spans, text)


def _keep(turn: Turn, spans: tuple[LocalSpan, ...], text: str) -> Prompt:
    """Keep what was read, and say it back in full."""
    found, kind = placed(turn, spans), spans[0].kind
    there = len(shifts.typed(turn.db, turn.member.key))
    if there + len(found) > MOST_TYPED:
        raise Refused("shifts.refused.too_many", most=MOST_TYPED)
    ids = shifts.add_typed(turn.db, turn.member.key, found)
    first, last = min(ids, default=0), max(ids, default=0)
    lines = lines_of(turn, found)
    if kind is ShiftKind.LEAVE:
        return LeaveKept(first=first, last=last, lines=lines)
    homecall = quiet_rules().homecall
    assumed = kind is not ShiftKind.OFF and not names_hours(text)
    return ShiftsKept(
        first=first,
        last=last,
        lines=lines,
        example=turn.words.short(f"shifts.example.{kind}") if assumed else "",
        quiet=_quiet(kind),
        homecall=(f"{homecall.start:%H:%M}", f"{homecall.end:%H:%M}"),
        clash=kind is ShiftKind.OFF and _is_worked(turn, found),
    )


def _quiet(kind: ShiftKind) -> Quiet:
    if kind is ShiftKind.HOMECALL:
        return Quiet.HOMECALL
    if kind in {ShiftKind.NIGHT, ShiftKind.CALL24}:
        return Quiet.SLEEP
    return Quiet.WORK if kind in WORK else Quiet.OFF


def _is_worked(turn: Turn, off: tuple[Shift, ...]) -> bool:
    rows = shifts.ahead(turn.db, turn.member.key, turn.now, READ)
    return any(
        row.kind in WORK and each.start <= row.starts_at < each.end for row in rows for each in off
    )


@shift_group.action("undo")
def undo(turn: Turn, first: int, last: int) -> Prompt:
    """Forget what one command kept, and nothing else."""
    mine = [each.id for each in shifts.typed(turn.db, turn.member.key) if each.id]
    ids = [each for each in mine if first <= each <= last]
    if not shifts.drop_typed(turn.db, turn.member.key, ids):
        raise Refused("shifts.refused.gone")
    return Undone()


@shift_group.command("list")
def list_shifts(turn: Turn) -> Prompt:
    """See all that I know of your shifts and your leave."""
    return _shown(turn, None)


def _shown(turn: Turn, until: datetime | None) -> ShiftsShown:
    say, member_id = turn.words.short, turn.member.key
    feed = feeds.of(turn.db, member_id)
    rows = [
        each
        for each in shifts.ahead(turn.db, member_id, turn.now, READ)
        if until is None or each.starts_at < until
    ]
    by_feed = lines_of(turn, _shifts(rows, from_feed=True))
    typed = lines_of(turn, _shifts(rows, from_feed=False))
    if feed is not None:
        typed = tuple(say("shifts.line.typed", line=each) for each in typed)
    lines = by_feed + typed
    state = FeedState.NONE
    if feed is not None:
        state = FeedState.NEW if feed.read_at is None else FeedState.READ
        state = FeedState.FAILING if feed.failures else state
    return ShiftsShown(
        everything=until is None,
        lines=lines[:SHOWN],
        more=max(0, len(lines) - SHOWN),
        feed=state,
        from_feed=bool(by_feed),
        read_at=turn.at(feed.read_at) if feed is not None and feed.read_at is not None else None,
        typed=bool(shifts.typed(turn.db, member_id)),
        labels=len(pending(turn)) if feed is not None else 0,
    )


def _shifts(rows: list[ShiftRow], *, from_feed: bool) -> list[Shift]:
    return [
        Shift(row.starts_at, row.ends_at, ShiftKind(row.kind))
        for row in rows
        if row.from_feed is from_feed
    ]


@shift_group.command("clear", examples=["nights until Friday"])
def clear(
    turn: Turn,
    text: Annotated[str | None, Arg("which of them, as you typed it; empty for all")] = None,
) -> Prompt:
    """Forget shifts or leave that you typed, after one question."""
    rows = shifts.typed(turn.db, turn.member.key)
    if not rows:
        raise Refused("shifts.refused.none_typed")
    if text is not None:
        try:
            rows = matching(turn, text, rows)
        except Ambiguous as doubt:
            raise whole_commands("/shift clear", doubt) from None
        if not rows:
            raise Refused("shifts.refused.no_match")
    ids = [each.id for each in rows if each.id is not None]
    mark = blake2s(repr(sorted(ids)).encode(), digest_size=6).hexdigest()
    drafts.keep(turn.db, turn.member.key, _CLEARING, {"mark": mark, "ids": ids}, turn.now)
    lines = lines_of(turn, _shifts(rows, from_feed=False))
    return ClearAsked(mark=mark, lines=lines[:SHOWN], more=max(0, len(lines) - SHOWN))


@shift_group.action("cleared")
def cleared(turn: Turn, mark: str) -> Prompt:
    """Forget exactly the rows that the member was asked about."""
    asked = drafts.kept(turn.db, turn.member.key, _CLEARING) or {}
    drafts.drop(turn.db, turn.member.key, _CLEARING)
    ids = asked.get("ids", []) if asked.get("mark") == mark else []
    count = shifts.drop_typed(turn.db, turn.member.key, ids)
    if not count:
        raise Refused("shifts.refused.gone")
    return Cleared(count=count, feed=feeds.of(turn.db, turn.member.key) is not None)
