"""How it goes: asked of each of two alone, seldom, and about one pair a day."""

from datetime import datetime, timedelta

from bot.domain.mentorship import SILENCE, TELL_UNMET, About, quiet_for
from bot.domain.shifts import ShiftKind
from bot.engine.mentorships import ask_about_silence, guide
from bot.engine.turn import Turn, Withhold
from bot.features.mentorships.ending_prompts import HowGoesIt, MissedTwice, SilenceAsked, UnmetAsked
from bot.features.mentorships.meeting_occasions import Case, Said, another_day
from bot.features.mentorships.meeting_prompts import Mark
from bot.features.mentorships.reading import (
    Pair,
    called,
    have_met,
    last_contact,
    missed_twice,
    waits_for_yes,
)
from bot.store import mentorships, shifts

#: How it goes is not asked so soon after a question about the same that is open.
_APART = timedelta(days=14)
#: How long it is asked about silence, from the first of the two on.
ASKED_WITHIN = timedelta(days=7)


def unmet(case: Case) -> Said:
    there = waits_for_yes(case.turn, case.pair)
    is_asked = there is not None and there.proposed_by != case.pair.side
    if is_asked or have_met(case.turn, case.pair):
        return Withhold("pair_meets")
    coordinator = mentorships.coordinator_of(case.turn.db, case.pair.row)
    told_on = case.turn.at(case.pair.row.began_at).date() + timedelta(days=TELL_UNMET)
    if coordinator is None or told_on <= case.turn.today:
        coordinator = None  # nobody learns of it, or they have by now
    return another_day(case, About.UNMET) or UnmetAsked(
        mentorship_id=case.pair.key,
        name=case.pair.name,
        coordinator="" if coordinator is None else called(coordinator),
        told_on=None if coordinator is None else told_on,
    )


def missed(case: Case) -> Said:
    if waits_for_yes(case.turn, case.pair) is not None or not missed_twice(case.turn, case.pair):
        return Withhold("pair_meets")
    return another_day(case, About.MISSED) or MissedTwice(
        mentorship_id=case.pair.key, name=case.pair.name
    )


def _is_open(case: Case, about: About) -> bool:
    """Tell whether a question about the same was asked not long ago, and nothing came of it."""
    asked = mentorships.told_at(case.turn.db, case.pair.me.key, about, str(case.pair.key))
    if asked is None or case.turn.now - asked >= _APART:
        return False
    return (
        waits_for_yes(case.turn, case.pair) is None and last_contact(case.turn, case.pair) < asked
    )


def health(case: Case) -> Said:
    if any(_is_open(case, each) for each in (About.UNMET, About.MISSED, About.SILENCE)):
        return Withhold("asked_lately")
    asks = guide().health.question
    answers = tuple(Mark(value, label) for value, label in asks.options.items())
    return another_day(case, About.HEALTH) or HowGoesIt(
        mentorship_id=case.pair.key, name=case.pair.name, question=asks.text, marks=answers
    )


def silence(case: Case) -> Said:
    asked = case.pair.row.silence_asked_at
    if asked is not None and case.turn.now - asked > ASKED_WITHIN:
        return Withhold("asked_once")
    if mentorships.is_said(case.turn.db, case.delivery, asked or case.turn.now):
        return Withhold("asked_once")
    if (there := waits_for_yes(case.turn, case.pair)) is not None:
        if asked is None:  # it may stay without an answer
            ask_about_silence(case.turn.db, case.pair.row, there.proposed_at or case.turn.now)
        return Withhold("pair_meets")
    since = last_contact(case.turn, case.pair)
    quiet = (
        timedelta(0)
        if since > case.turn.now
        else quiet_for(since, case.turn.now, _away(case.turn, case.pair))
    )
    if asked is None and quiet <= SILENCE:
        if since <= case.turn.now:  # else the planned meeting has its own promise
            ask_about_silence(case.turn.db, case.pair.row, case.turn.now + SILENCE - quiet)
        return Withhold("pair_meets")
    if since > (asked or case.turn.now):
        return Withhold("pair_meets")
    if (moved := another_day(case, About.SILENCE)) is not None:
        return moved
    case.pair.row.silence_asked_at = asked or case.turn.now
    return SilenceAsked(
        mentorship_id=case.pair.key, name=case.pair.name, since=case.turn.at(since).date()
    )


def _away(turn: Turn, pair: Pair) -> list[tuple[datetime, datetime]]:
    """List when one of the two was on leave, or had asked for silence."""
    since = last_contact(turn, pair)
    known = shifts.between(turn.db, [each.key for each in pair.members], since, turn.now)
    away = [
        (each.start, each.end)
        for theirs in known.values()
        for each in theirs
        if each.kind is ShiftKind.LEAVE
    ]
    rests = ((each.paused_at, each.paused_until or turn.now) for each in pair.members)
    return [*away, *((start, end) for start, end in rests if start is not None)]
