"""When members can meet, from what is known of their hours, under the reviewed rules."""

from collections.abc import Collection
from datetime import datetime, timedelta
from functools import cache

from sqlmodel import Session

from bot.chat.content import content
from bot.domain.availability import Availability, Weight
from bot.domain.free_hours import Horizon, MeetingRules, mask
from bot.domain.meeting_times import Best, best_hour, slots
from bot.engine.hours import availability
from bot.models import Member
from bot.store import shifts

#: How far ahead people are compared.
DAYS = 28


@cache
def meeting_rules() -> MeetingRules:
    """Read the rules once."""
    return MeetingRules.from_data(content("mentoring/hours"))


def hours_over(db: Session, members: Collection[Member], over: Horizon) -> dict[int, Availability]:
    """Give what is known of members' hours over a stretch of time, by member."""
    # A shift bears on the hours around it: the evening before, the sleep after, a known week.
    first, last = over.start - shifts.BEFORE, over.end + shifts.BEFORE
    found = shifts.between(db, [each.key for each in members], first, last)
    return {each.key: availability(each, found.get(each.key, ())) for each in members}


def masks(
    db: Session, members: Collection[Member], now: datetime, days: int = DAYS
) -> dict[int, int]:
    """Give the free hours of members from the next full hour in UTC on, by member."""
    over, rules = Horizon.after(now, days), meeting_rules()
    known = hours_over(db, members, over)
    return {who: mask(hours, over, rules) for who, hours in known.items()}


def meeting_times(
    db: Session,
    members: Collection[Member],
    now: datetime,
    *,
    zone: str,
    days: int = DAYS,
    most: int = 3,
) -> tuple[datetime, ...]:
    """Propose times at which all of them can meet, on full hours of a zone."""
    over = Horizon.after(now, days, zone)
    people = list(hours_over(db, members, over).values())
    return slots(people, over, meeting_rules(), zone=zone, most=most)


def session_hour(
    db: Session, members: Collection[Member], now: datetime, *, zone: str, sessions: int = 3
) -> Best:
    """Find the least bad hour for members who meet every two weeks, from a moment on."""
    known = hours_over(db, members, Horizon.after(now, 14 * sessions))
    return best_hour(known, zone, now, meeting_rules(), sessions=sessions)


def next_good(db: Session, member: Member, now: datetime) -> datetime:
    """Say when a member may next be written to, looking weeks ahead; now where that is unknown."""
    known = hours_over(db, [member], Horizon.after(now, DAYS))[member.key]
    within = timedelta(days=DAYS)
    return known.next_good(now, Weight.LIGHT, within=within) or now
