"""A mentorship in time: when what is asked, how long it lasts, and when silence has grown long."""

from calendar import monthrange
from collections.abc import Iterable
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum

from bot.domain.zones import zone_info


class About(StrEnum):
    """What a message about a mentorship is about: the names of its occasions."""

    BEGUN = "mentorship.begun"
    AGREEMENT = "mentorship.agreement"
    SLOTS = "mentorship.slots"
    PROPOSED = "mentorship.proposed"
    PROPOSED_SOON = "mentorship.proposed_soon"  # for a time that is near
    CALENDAR = "mentorship.calendar"  # to who confirmed
    INVITED = "mentorship.invited"  # to who had proposed
    AGENDA = "mentorship.agenda"
    AGENDA_KEPT = "mentorship.agenda_kept"
    AFTER = "mentorship.after"
    UNMET = "mentorship.unmet"
    UNMET_PAIR = "mentorship.unmet_pair"
    MISSED = "mentorship.missed"  # two meetings in a row did not take place
    HEALTH = "mentorship.health"
    SILENCE = "mentorship.silence"
    CHANGED = "mentorship.changed"
    UNREACHED = "mentorship.unreached"  # to the other of whom the platform does not let us reach
    ENDING = "mentorship.ending"
    EXTENSION = "mentorship.extension"
    OVER = "mentorship.over"
    ENDED = "mentorship.ended"
    PARTED = "mentorship.parted"


#: How long it is meant to last, and by how much it may be extended, in months.
MONTHS, LONGER = 6, 3
#: Days after the beginning at which two who have not met are offered times, and asked; and after
#: which the coordinator of their round learns that a pair has not met.
OFFER_TIMES, ASK_UNMET, TELL_UNMET = (1, 14), 21, 28
#: A silence longer than this is asked about.
SILENCE = timedelta(weeks=6)
#: How long before its last day both are asked whether they would like to go on, in days.
ENDING = 14
#: When the mentee is offered the three lines, how long a meeting takes, and when it is asked about.
AGENDA_BEFORE, LENGTH, ASK_AFTER = timedelta(hours=48), timedelta(minutes=45), timedelta(hours=1)
#: Later than this before a meeting nobody prepares any more.
AGENDA_LATEST = timedelta(hours=12)
#: The hour on a wall at which a message comes whose day alone is known.
AT = time(12, 30)
#: A meeting was of no use where it was marked with this or less. So often in a row, or where so
#: many in a row did not take place, other ways are offered.
LITTLE, TWICE = 2, 2


def months_on(day: date, months: int) -> date:
    """Give the same day some months on, or the last of that month."""
    month = day.month - 1 + months
    year, month = day.year + month // 12, month % 12 + 1
    return date(year, month, min(day.day, monthrange(year, month)[1]))


def at_noon(day: date, zone: str) -> datetime:
    """Give the moment of a day at which somebody is written to."""
    return datetime.combine(day, AT, zone_info(zone)).astimezone(UTC)


def quiet_for(
    since: datetime, now: datetime, away: Iterable[tuple[datetime, datetime]]
) -> timedelta:
    """Say how long nobody met, without the time in which one of them was away."""
    counted, last = now - since, since
    for start, end in sorted(away):
        start, end = max(start, last), min(end, now)
        if start < end:
            counted -= end - start
            last = end
    return counted


def gives_little(marks: list[int]) -> bool:
    """Tell whether the last meetings were of little use to somebody, by their own marks."""
    last = marks[-TWICE:]
    return len(last) == TWICE and all(each <= LITTLE for each in last)
