"""When what is said of a mentorship: each message reads today's facts, and is left out if moot."""

from collections.abc import Callable
from datetime import date, datetime, timedelta

from bot.chat.prompt import Prompt
from bot.domain.availability import Weight
from bot.domain.mentorship import SILENCE, TELL_UNMET, About, quiet_for
from bot.domain.shifts import ShiftKind
from bot.engine.hours import MOVES
from bot.engine.mentorships import ask_about_silence, guide
from bot.engine.overlap import next_good
from bot.engine.turn import Occasion, Turn, Withhold
from bot.features.mentorships.agreeing import agreement_of, lines_of, mentors_first
from bot.features.mentorships.calendar import FILE, calendar
from bot.features.mentorships.ending import ASKED, ending_near, paused
from bot.features.mentorships.ending_prompts import (
    HowGoesIt,
    Longer,
    PairGone,
    PairOver,
    PairResumed,
    SilenceAsked,
    UnmetAsked,
    UnmetPair,
)
from bot.features.mentorships.meeting_occasions import (
    Case,
    Said,
    after,
    agenda,
    agenda_kept,
    invited,
    of_pair,
    proposed,
    slots,
)
from bot.features.mentorships.meeting_prompts import (
    Mark,
)
from bot.features.mentorships.prompts import PairBegun
from bot.features.mentorships.reading import (
    Pair,
    called,
    have_met,
    last_contact,
    pairs,
    promised,
    waits_for_yes,
)
from bot.models import Delivery, MatchRound, Mentorship
from bot.store import deliveries, mentorships, shifts

#: How long it is asked about silence, from the first of the two on.
ASKED_WITHIN = timedelta(days=7)


def _begun(case: Case) -> Said:
    return PairBegun(
        mentorship_id=case.pair.key,
        name=case.pair.name,
        mentee=case.pair.is_mentee,
        until=case.pair.row.ends_on,
        lines=lines_of(case.pair.row),
        first=mentors_first(case.turn, case.pair),
    )


def _agreement(case: Case) -> Said:
    shown = agreement_of(case.pair)
    if not shown.theirs:
        return Withhold("replaced")
    return agreement_of(case.pair, changed=not shown.mine)


def _unmet(case: Case) -> Said:
    there = waits_for_yes(case.turn, case.pair)
    is_asked = there is not None and there.proposed_by != case.pair.side
    if is_asked or have_met(case.turn, case.pair):
        return Withhold("pair_meets")
    coordinator = mentorships.coordinator_of(case.turn.db, case.pair.row)
    told_on = case.turn.at(case.pair.row.began_at).date() + timedelta(days=TELL_UNMET)
    return UnmetAsked(
        mentorship_id=case.pair.key,
        name=case.pair.name,
        coordinator="" if coordinator is None else called(coordinator),
        told_on=None if coordinator is None else told_on,
    )


def _unmet_pair(turn: Turn, delivery: Delivery, late: bool) -> Said:  # noqa: ARG001 - the one signature of all occasions
    row = turn.db.get(Mentorship, int(delivery.ref))
    gone = row is None or row.ended_at is not None or row.paused_at is not None
    if row is None or gone or turn.now.date() > row.ends_on:
        return Withhold("pair_over")
    there = mentorships.meetings(turn.db, row.key)
    if any(each.starts_at and not each.missed_at for each in there):
        return Withhold("pair_meets")
    found = turn.db.get(MatchRound, row.round_id)
    if found is None or found.coordinator_id != turn.member.key:
        return Withhold("replaced")
    return UnmetPair(published=turn.at(found.published_at or row.began_at).date())


def _health(case: Case) -> Said:
    asks = guide().health.question
    answers = tuple(Mark(value, label) for value, label in asks.options.items())
    return HowGoesIt(
        mentorship_id=case.pair.key, name=case.pair.name, question=asks.text, marks=answers
    )


def _silence(case: Case) -> Said:
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


def _changed(case: Case) -> Said:
    if case.pair.row.paused_at is not None:
        return paused(case.turn, case.pair, by_other=True)
    return PairResumed(mentorship_id=case.pair.key, name=case.pair.name, by_other=True)


def _ending(case: Case) -> Said:
    if (
        case.pair.row.ends_on.isoformat() != case.more[0]
        or case.pair.row.extension_by == case.pair.side
    ):
        return Withhold("answered")
    return ending_near(case.pair)


def _wish(case: Case) -> Said:
    """Tell that the other would like to go on, unless the question about the end tells it."""
    row = case.pair.row
    about = f"{row.key}:{row.ends_on.isoformat()}"
    comes = mentorships.is_promised(case.turn.db, case.pair.me.key, About.ENDING, about)
    if row.extension_by in {"", case.pair.side} or comes:
        return Withhold("replaced")
    return ending_near(case.pair)


def _extension(case: Case) -> Said:
    if case.more[0] == ASKED:
        return _wish(case)
    if case.pair.row.ends_on.isoformat() != case.more[0]:
        return Withhold("replaced")
    return Longer(name=case.pair.name, until=case.pair.row.ends_on)


def _over(turn: Turn, delivery: Delivery, late: bool) -> Said:  # noqa: ARG001 - the one signature of all occasions
    """Close a mentorship whose last day has passed, and thank both."""
    pair, more = promised(turn, delivery)
    if pair is None or pair.row.ends_on.isoformat() != more[0]:
        return Withhold("replaced")
    last = date.fromisoformat(more[0])
    if pair.row.ended_at is not None and pair.row.ended_at.date() <= last:
        return Withhold("pair_over")  # it ended before its day, and both were thanked then
    mentorships.close(turn.db, pair.row, turn.now)
    return _thanked(turn, pair, last)


def left_out(turn: Turn, delivery: Delivery, reason: str) -> None:  # noqa: ARG001 - the one signature of them
    """Close a mentorship whose last day has passed, though nobody can be thanked now."""
    _over(turn, delivery, late=True)


def _ended(turn: Turn, delivery: Delivery, late: bool) -> Said:  # noqa: ARG001 - the one signature of all occasions
    pair, _ = promised(turn, delivery)
    if pair is None or pair.row.ended_at is None:
        return Withhold("pair_over")
    return _thanked(turn, pair, turn.at(pair.row.ended_at).date())


def _thanked(turn: Turn, pair: Pair, on: date) -> Prompt:
    guide_to_end, ended = guide().ending, pair.row.ended_at or turn.now
    ahead = [
        each
        for each in mentorships.meetings(turn.db, pair.key)
        if each.starts_at is not None and each.starts_at > ended
    ]
    return PairOver(
        name=pair.name,
        on=on,
        mentee=pair.is_mentee,
        thanks=guide_to_end.text,
        asks=tuple(each.text for each in guide_to_end.asks if each.id != "thanks"),
        file=FILE if ahead else "",
        event=turn.words.short("mentorships.event", name=pair.name) if ahead else "",
        content=calendar(turn, pair, ahead[-1], cancelled=True) if ahead else b"",
    )


def _parted(turn: Turn, delivery: Delivery, late: bool) -> Said:  # noqa: ARG001 - the one signature of all occasions
    return PairGone(left=tuple(each.name for each in pairs(turn)))


def _again(turn: Turn, delivery: Delivery, reason: str) -> None:
    """Promise for the day when they are back what somebody must know who is away for longer."""
    if reason in MOVES:
        back = next_good(turn.db, turn.member, turn.now)
        if back <= turn.now:  # they are away for longer than one can see
            back = turn.now + timedelta(days=7)
        key = ":".join([*delivery.key.split(":")[:3], str(int(back.timestamp()))])
        deliveries.promise(turn.db, turn.member, delivery.occasion, key, back, delivery.ref)


def _light(
    about: About,
    compose: Callable[[Turn, Delivery, bool], Said],
    days: int = 5,
    weight: Weight = Weight.LIGHT,
    left_out: Callable[[Turn, Delivery, str], None] | None = None,
) -> Occasion:
    """Make an occasion that nobody asked for: it waits for a good hour."""
    return Occasion(
        name=about.value,
        compose=compose,
        stale_after=timedelta(days=days),
        weight=weight,
        left_out=left_out,
    )


OCCASIONS = (
    _light(About.BEGUN, of_pair(_begun), 14, left_out=_again),
    _light(About.AGREEMENT, of_pair(_agreement), 14),
    _light(About.SLOTS, of_pair(slots)),
    _light(About.PROPOSED, of_pair(proposed), 7),
    Occasion(
        name=About.CALENDAR.value,
        compose=of_pair(invited),
        stale_after=timedelta(days=3),
        weight=None,
    ),
    # Of no use once the hour has come: these wait for sleep, and not for the end of a weekend.
    _light(About.INVITED, of_pair(invited), 7, Weight.DUE),
    _light(About.AGENDA, of_pair(agenda), 3),
    _light(About.AGENDA_KEPT, of_pair(agenda_kept), 3, Weight.DUE),
    _light(About.AFTER, of_pair(after)),
    _light(About.UNMET, of_pair(_unmet)),
    _light(About.UNMET_PAIR, _unmet_pair),
    _light(About.HEALTH, of_pair(_health)),
    _light(About.SILENCE, of_pair(_silence), 7),
    _light(About.CHANGED, of_pair(_changed, resting=True), 7),
    _light(About.ENDING, of_pair(_ending, resting=True), 10),
    _light(About.EXTENSION, of_pair(_extension, resting=True), 10),
    Occasion(
        name=About.OVER.value,
        compose=_over,
        stale_after=timedelta(days=14),
        weight=Weight.LIGHT,
        left_out=left_out,
    ),
    _light(About.ENDED, _ended, 14, left_out=_again),
    _light(About.PARTED, _parted, 14, left_out=_again),
)
