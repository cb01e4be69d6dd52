"""A pause, trouble, and the end: each by one press, with no reason asked and none kept."""

from dataclasses import replace

from bot.chat.prompt import Prompt
from bot.domain.mentorship import LONGER, SILENCE, About, months_on
from bot.engine import mentorships as engine
from bot.engine.mentorships import ask_about_silence, tell
from bot.engine.safety import Resources, card
from bot.engine.turn import Turn
from bot.errors import Refused
from bot.features.mentorships.ending_prompts import (
    EndDone,
    EndingNear,
    EndKept,
    EndLook,
    Finishing,
    Longer,
    LongerAsked,
    NotRight,
    PairPaused,
    PairResumed,
    Separated,
)
from bot.features.mentorships.group import Who, mentor_group
from bot.features.mentorships.reading import Pair, meant, owned, planned
from bot.store import mentorships, private, profiles

#: In a promise: that a wish to go on is told, and not that both have it.
ASKED = "asked"


@mentor_group.command("end", examples=["Daniel"])
def end(turn: Turn, who: Who = None) -> Prompt:
    """End a mentorship, after one look; no reason is asked."""
    return end_look(meant(turn, who, "end"))


@mentor_group.action("end_one")
def end_one(turn: Turn, mentorship_id: int) -> Prompt:
    """Show what the end of one mentorship means, wherever it was offered."""
    return end_look(owned(turn, mentorship_id))


def end_look(pair: Pair) -> Prompt:
    """Show what an end means, before it is one."""
    return EndLook(mentorship_id=pair.key, name=pair.name)


# One button for all of these, so that no count tells which of them is pressed.
@mentor_group.action("pair_do")
def do(turn: Turn, mentorship_id: int, what: str) -> Prompt | list[Prompt]:
    """Pause, go on, end, or get out."""
    pair = owned(turn, mentorship_id)
    if what == "end":
        return end_look(pair)
    if what == "keep":
        return EndKept(name=pair.name)
    if what == "end_now":
        engine.end(turn.db, pair.row, turn.now)
        return EndDone(name=pair.name)
    if what == "pause":
        return pause(turn, pair)
    if what == "resume":
        return resume(turn, pair)
    if what == "trouble":
        return trouble(turn, pair)
    if what == "separate":
        return separate(turn, pair)
    raise Refused("help.old_button")


def pause(turn: Turn, pair: Pair) -> Prompt:
    """Let a mentorship rest, until one of the two takes it up again."""
    if pair.row.paused_at is None:
        pair.row.paused_at = turn.now
        mentorships.withdraw(turn.db, pair.row, "replaced", About.CHANGED)
        tell(turn.db, pair.row, About.CHANGED, pair.other, turn.now)
    return paused(turn, pair, by_other=False)


def paused(turn: Turn, pair: Pair, *, by_other: bool) -> Prompt:
    """Say that a mentorship rests."""
    ahead = planned(turn, pair)
    return PairPaused(
        mentorship_id=pair.key,
        name=pair.name,
        by_other=by_other,
        planned=ahead is not None and ahead > turn.now,
    )


def resume(turn: Turn, pair: Pair) -> Prompt:
    """Take a mentorship up again."""
    if pair.row.paused_at is not None:
        pair.row.paused_at, pair.row.resumed_at = None, turn.now
        mentorships.withdraw(turn.db, pair.row, "replaced", About.CHANGED)
        tell(turn.db, pair.row, About.CHANGED, pair.other, turn.now)
        ask_about_silence(turn.db, pair.row, turn.now + SILENCE)
    return PairResumed(mentorship_id=pair.key, name=pair.name, by_other=False)


def trouble(turn: Turn, pair: Pair) -> list[Prompt]:
    """Show people to turn to, and the way out; the coach is software and judges nothing."""
    told = NotRight(
        mentorship_id=pair.key,
        name=pair.name,
        local=turn.owner.local_help,
    )
    return [told, card(turn, Resources)]


def separate(turn: Turn, pair: Pair) -> Prompt:
    """End at once, and keep in confidence that these two are not to be brought together."""
    profile = profiles.held(turn.db, pair.me.key)
    if profile is None:
        private.keep_apart(turn.db, pair.me.key, pair.other.user)
    else:
        part = profiles.confidential(turn.db, profile)
        names = dict.fromkeys((*part.not_with, pair.other.user))
        part = replace(part, not_with=tuple(names))
        profile.sealed = profiles.sealed(turn.db, pair.me.key, part)
    engine.end(turn.db, pair.row, turn.now)
    return Separated(name=pair.name, local=turn.owner.local_help)


def ending_near(pair: Pair) -> Prompt:
    """Ask whether they would like to go on."""
    until = pair.row.ends_on
    return EndingNear(
        mentorship_id=pair.key,
        name=pair.name,
        until=until,
        longer=months_on(until, LONGER),
        ordinal=until.toordinal(),
        wanted=pair.row.extension_by not in {"", pair.side},
    )


@mentor_group.action("pair_longer")
def longer(turn: Turn, mentorship_id: int, ordinal: int) -> Prompt:
    """Go on for some months, once both have said so."""
    pair = owned(turn, mentorship_id)
    row = pair.row
    if row.ends_on.toordinal() != ordinal:  # both have said so already
        return Longer(name=pair.name, until=row.ends_on)
    if row.extension_by not in {"", pair.side}:
        engine.extend(turn.db, row)
        tell(turn.db, row, About.EXTENSION, pair.other, turn.now, row.ends_on.isoformat())
        return Longer(name=pair.name, until=row.ends_on)
    if not row.extension_by:
        row.extension_by = pair.side.value
        tell(turn.db, row, About.EXTENSION, pair.other, turn.now, ASKED)
    return LongerAsked(name=pair.name, until=row.ends_on)


@mentor_group.action("pair_finish")
def finish(turn: Turn, mentorship_id: int, ordinal: int) -> Prompt:
    """Leave the last day as it is."""
    pair = owned(turn, mentorship_id)
    if pair.row.ends_on.toordinal() == ordinal:
        pair.row.extension_by = ""
    return Finishing(mentorship_id=pair.key, name=pair.name, until=pair.row.ends_on)
