"""Mentorships begin, are met in, and end; what must be said is promised in the same turn."""

from datetime import date, datetime, timedelta
from functools import cache

from sqlmodel import Session

from bot.chat.content import content
from bot.domain.availability import Weight
from bot.domain.mentor_guide import MentorGuide
from bot.domain.mentorship import (
    AGENDA_BEFORE,
    AGENDA_LATEST,
    ASK_AFTER,
    ASK_UNMET,
    ENDING,
    LONGER,
    MONTHS,
    OFFER_TIMES,
    SILENCE,
    TELL_UNMET,
    About,
    at_noon,
    months_on,
)
from bot.domain.zones import local
from bot.engine.hours import availability
from bot.engine.overlap import next_good
from bot.models import Meeting, Member, Mentorship
from bot.store import deliveries, members, shifts
from bot.store import mentorships as store

#: A time that is proposed for so soon does not wait for the end of a weekend, nor of a leave.
SOON = timedelta(days=3)
#: The two ways in which a proposal comes.
PROPOSALS = About.PROPOSED, About.PROPOSED_SOON


@cache
def guide() -> MentorGuide:
    """Read the reviewed guide once."""
    return MentorGuide.from_data(content("mentoring/guide"))


def begin(
    db: Session, mentee: Member, mentor: Member, now: datetime, *, round_id: int | None = None
) -> Mentorship:
    """Begin a mentorship of half a year, and promise all whose time is known.

    Two people who are paired already stay as they are.
    """
    last = months_on(local(now, mentee.zone).date(), MONTHS)
    mentorship, is_new = store.begin(db, mentee.key, mentor.key, now, last, round_id)
    if not is_new:
        return mentorship
    for member in (mentee, mentor):
        # Who is away hears of it when they are back.
        tell(db, mentorship, About.BEGUN, member, next_good(db, member, now))
        for days in OFFER_TIMES:
            tell(db, mentorship, About.SLOTS, member, _after(now, days, member))
        tell(db, mentorship, About.UNMET, member, _after(now, ASK_UNMET, member))
    _promise_to_ask(db, mentorship, since=local(now, mentee.zone).date())
    ask_about_silence(db, mentorship, now + SILENCE)
    coordinator = store.coordinator_of(db, mentorship)
    if coordinator is not None:
        due = _after(now, TELL_UNMET, coordinator)
        tell(db, mentorship, About.UNMET_PAIR, coordinator, due)
    return mentorship


def _after(now: datetime, days: int, member: Member) -> datetime:
    return at_noon(local(now, member.zone).date() + timedelta(days=days), member.zone)


def both(db: Session, mentorship: Mentorship) -> tuple[Member, Member]:
    """Give the mentee and the mentor."""
    return members.by_id(db, mentorship.member_id), members.by_id(db, mentorship.mentor_id)


def tell(
    db: Session,
    mentorship: Mentorship,
    about: About,
    member: Member,
    due: datetime,
    *more: int | str,
) -> None:
    """Promise one of the two a message; `more` is what it is about beside the mentorship."""
    ref = ":".join(map(str, (mentorship.key, *more)))
    key = f"{about}:{mentorship.key}:{member.key}:{int(due.timestamp())}"
    deliveries.promise(db, member, about.value, key, due, ref)


def tell_both(
    db: Session, mentorship: Mentorship, about: About, due: datetime, *more: int | str
) -> None:
    """Promise both the same message."""
    for member in both(db, mentorship):
        tell(db, mentorship, about, member, due, *more)


def _promise_to_ask(db: Session, mentorship: Mentorship, since: date) -> None:
    """Promise the questions about how it goes from a day on, and those at its end."""
    health, last = guide().health, mentorship.ends_on
    for member in both(db, mentorship):
        began = local(mentorship.began_at, member.zone).date()
        for days in range(health.first_days, (last - began).days, health.every_days):
            day = began + timedelta(days=days)
            if day > since:
                tell(db, mentorship, About.HEALTH, member, at_noon(day, member.zone))
        near, over = last - timedelta(days=ENDING), last + timedelta(days=1)
        tell(db, mentorship, About.ENDING, member, at_noon(near, member.zone), last.isoformat())
        tell(db, mentorship, About.OVER, member, at_noon(over, member.zone), last.isoformat())


def propose(
    db: Session, mentorship: Mentorship, meeting: Meeting, member: Member, now: datetime
) -> None:
    """Promise one of the two that they are asked for a yes to a time, in time to give it."""
    time = meeting.proposed_at
    assert time is not None  # noqa: S101 - it was proposed a moment ago
    store.withdraw(db, mentorship, "replaced", *PROPOSALS)
    due, about = next_good(db, member, now), About.PROPOSED
    if time - now <= SOON or time - due <= AGENDA_LATEST:
        due, about = now, About.PROPOSED_SOON
    tell(db, mentorship, about, member, due, meeting.key, minute_of(time))


def ask_about_silence(db: Session, mentorship: Mentorship, moment: datetime) -> None:
    """Promise both a look at whether they have gone silent."""
    for member in both(db, mentorship):
        day = local(moment, member.zone).date()
        # At noon of that day it may not yet be six weeks.
        due = at_noon(day + timedelta(days=1), member.zone)
        tell(db, mentorship, About.SILENCE, member, due)


def plan(
    db: Session, mentorship: Mentorship, meeting: Meeting, confirmed_by: Member, now: datetime
) -> None:
    """Promise what belongs to a meeting whose time is chosen: what was promised before is moot."""
    assert meeting.starts_at is not None  # noqa: S101 - its time was chosen a moment ago
    start, mentee = meeting.starts_at, both(db, mentorship)[0]
    for member in both(db, mentorship):
        about = About.CALENDAR if member.key == confirmed_by.key else About.INVITED
        tell(db, mentorship, about, member, now, meeting.key, minute_of(start))
    about_it = meeting.key, minute_of(start)
    tell(db, mentorship, About.AGENDA, mentee, _before(db, mentee, start, now), *about_it)
    tell_both(db, mentorship, About.AFTER, start + ASK_AFTER, *about_it)
    ask_about_silence(db, mentorship, start + SILENCE)


def _before(db: Session, member: Member, start: datetime, now: datetime) -> datetime:
    """Say when the three lines are offered: sooner where they would wait until it is too late.

    On a Monday morning two days before is a weekend, in which nothing comes unasked.
    """
    known = shifts.between(db, [member.key], start - shifts.BEFORE, start).get(member.key, ())
    hours = availability(member, known)
    for days in range(4):
        due = max(now, start - AGENDA_BEFORE - timedelta(days=days))
        comes = hours.next_good(due, Weight.LIGHT, within=start - due)
        if comes is not None and comes <= start - AGENDA_LATEST:
            return due
    return max(now, start - AGENDA_BEFORE)


def minute_of(moment: datetime) -> int:
    """Write a moment as the whole minutes that buttons name it by."""
    return int(moment.timestamp()) // 60


def extend(db: Session, mentorship: Mentorship) -> None:
    """Let a mentorship last some months longer."""
    before = mentorship.ends_on
    mentorship.ends_on = months_on(before, LONGER)
    mentorship.extension_by = ""
    _promise_to_ask(db, mentorship, since=before)


def end(db: Session, mentorship: Mentorship, now: datetime) -> None:
    """End a mentorship before its day: both are told the same, and nothing tells who ended it."""
    store.withdraw(db, mentorship, "pair_over")
    for meeting in store.meetings(db, mentorship.key):
        if meeting.starts_at is not None and meeting.starts_at > now:
            meeting.sequence += 1  # calendars take it out
    store.close(db, mentorship, now)
    for member in both(db, mentorship):
        tell(db, mentorship, About.ENDED, member, next_good(db, member, now))
