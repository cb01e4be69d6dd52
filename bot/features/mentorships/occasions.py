"""When what is said of a mentorship: each message reads today's facts, and is left out if moot."""

from collections.abc import Callable
from datetime import date, timedelta

from bot.chat.prompt import Prompt
from bot.domain.availability import Weight
from bot.domain.mentorship import About
from bot.engine.hours import MOVES
from bot.engine.mentorships import guide
from bot.engine.overlap import next_good
from bot.engine.turn import Occasion, Turn, Withhold
from bot.features.mentorships.agreeing import agreement_of, mentors_first
from bot.features.mentorships.calendar import FILE, calendar, cancelling
from bot.features.mentorships.ending import ASKED, ending_near, paused
from bot.features.mentorships.ending_prompts import (
    Longer,
    PairGone,
    PairOver,
    PairResumed,
    UnmetPair,
    Unreached,
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
from bot.features.mentorships.prompts import PairBegun
from bot.features.mentorships.questions import health, missed, silence, unmet
from bot.features.mentorships.reading import (
    Pair,
    pairs,
    promised,
)
from bot.models import Delivery, MatchRound, Mentorship
from bot.store import deliveries, mentorships
from bot.store.entries import entry_in


def _begun(case: Case) -> Said:
    return PairBegun(
        mentorship_id=case.pair.key,
        name=case.pair.name,
        mentee=case.pair.is_mentee,
        until=case.pair.row.ends_on,
        first=mentors_first(case.turn, case.pair),
    )


def _agreement(case: Case) -> Said:
    shown = agreement_of(case.pair)
    if not shown.theirs:
        return Withhold("replaced")
    return agreement_of(case.pair, changed=not shown.mine)


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


def _changed(case: Case) -> Said:
    if case.pair.row.paused_at is not None:
        return paused(case.turn, case.pair, by_other=True)
    return PairResumed(mentorship_id=case.pair.key, name=case.pair.name, by_other=True)


def _unreached(case: Case) -> Said:
    if case.pair.other.unreachable_since is None:
        return Withhold("replaced")  # they have come by since
    return Unreached(mentorship_id=case.pair.key, name=case.pair.name)


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
    left, entry = tuple(each.name for each in pairs(turn)), entry_in(delivery.ref)
    if entry is None or entry.starts_at <= turn.now:
        return PairGone(left=left)
    what = turn.words.short("mentorships.event_gone")
    return PairGone(left=left, file=FILE, event=what, content=cancelling(turn, entry))


def _tell_other(turn: Turn, delivery: Delivery, reason: str) -> None:
    """Tell the other, once, that what is said about the two does not reach this one any more."""
    since = turn.member.unreachable_since
    if reason != "unreachable" or since is None:
        return
    if turn.now - since > deliveries.KEEP_OVER:
        return  # that they were told may be forgotten by now
    pair, _ = promised(turn, delivery)
    if pair is None or pair.ended_on(turn.now) is not None:
        return
    key = f"{About.UNREACHED}:{pair.key}:{pair.other.key}:{int(since.timestamp())}"
    due = next_good(turn.db, pair.other, turn.now)
    deliveries.promise(turn.db, pair.other, About.UNREACHED, key, due, str(pair.key))


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
    left_out: Callable[[Turn, Delivery, str], None] = _tell_other,
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
    _light(About.PROPOSED_SOON, of_pair(proposed), 7, Weight.DUE),
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
    _light(About.UNMET, of_pair(unmet)),
    _light(About.UNMET_PAIR, _unmet_pair),
    _light(About.MISSED, of_pair(missed), 10),
    _light(About.HEALTH, of_pair(health)),
    _light(About.SILENCE, of_pair(silence), 7),
    _light(About.CHANGED, of_pair(_changed, resting=True), 7),
    _light(About.UNREACHED, of_pair(_unreached, resting=True), 21),
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
