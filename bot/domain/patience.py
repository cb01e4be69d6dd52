"""How long an answer may take: days on nights, on call and on leave do not count."""

from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta

from bot.domain.shifts import Shift, ShiftKind
from bot.domain.zones import local, zone_info

#: Days that somebody has for an answer, and the most days that it can take with all that stretches.
DAYS, MOST = 7, 28
_AWAY = frozenset({ShiftKind.NIGHT, ShiftKind.CALL24, ShiftKind.LEAVE})


def answer_by(asked: datetime, zone: str, shifts: Iterable[Shift], days: int = DAYS) -> datetime:
    """Give the moment until which an answer is waited for, in UTC.

    A local day that a night, a call or leave touches does not count; the hour on the wall stays.
    """
    away = {day for shift in shifts if shift.kind in _AWAY for day in _days(shift, zone)}
    wall = local(asked, zone)
    day, left = wall.date(), days
    last = day + timedelta(days=MOST)
    while left and day < last:
        day += timedelta(days=1)
        left -= day not in away
    moment = datetime.combine(day, wall.time(), zone_info(zone))
    return moment.astimezone(UTC)


def _days(shift: Shift, zone: str) -> Iterable[date]:
    first = local(shift.start, zone).date()
    # An end at midnight touches the day before, not the day that begins.
    last = local(shift.end - timedelta(microseconds=1), zone).date()
    return (first + timedelta(days=n) for n in range((last - first).days + 1))
