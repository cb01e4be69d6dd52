"""When people can meet: the hours of a stretch of time as the bits of a number, and their cost.

Bit i of a mask is set when the whole hour that begins i hours after a start can take a meeting.
What two people share is then `a & b`, however long the stretch is.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from typing import Any

from bot.domain.availability import Availability, Reason
from bot.domain.shifts import Hours, held, instant
from bot.domain.zones import local

_HOUR, _DAY = timedelta(hours=1), timedelta(days=1)
#: In minutes.
_WHOLE_DAY = 24 * 60
#: The longest stretch: a year.
LONGEST = 366 * 24


@dataclass(frozen=True, slots=True)
class Horizon:
    """So many hours from a moment on, which is moved to UTC."""

    start: datetime
    hours: int

    def __post_init__(self) -> None:
        # A full hour on the wall of Kathmandu is a quarter past one in UTC.
        if self.start.tzinfo is None or self.start != self.start.replace(
            minute=self.start.minute // 15 * 15, second=0, microsecond=0
        ):
            raise ValueError(
                f"Hours are counted from a quarter of an hour with a zone: {self.start}"
            )
        if not 0 < self.hours <= LONGEST:
            raise ValueError(f"hours: {self.hours} is out of range")
        object.__setattr__(self, "start", self.start.astimezone(UTC))

    @classmethod
    def after(cls, now: datetime, days: int, zone: str = "UTC") -> "Horizon":
        """Begin with the first full hour on a wall that is not past."""
        wall = local(now, zone)
        past = timedelta(minutes=wall.minute, seconds=wall.second, microseconds=wall.microsecond)
        start = now.astimezone(UTC) + (_HOUR - past if past else timedelta(0))
        return cls(start, days * 24)

    @property
    def end(self) -> datetime:
        """The moment after the last hour."""
        return self.start + self.hours * _HOUR

    def moment(self, bit: int) -> datetime:
        """Give the moment at which an hour begins, in UTC."""
        return self.start + bit * _HOUR

    def inside(self, start: datetime, end: datetime) -> int:
        """Give the hours that lie within a window as a whole."""
        return self._bits(-((self.start - start) // _HOUR), (end - self.start) // _HOUR)

    def touched(self, start: datetime, end: datetime) -> int:
        """Give the hours of which a window takes any part."""
        return self._bits((start - self.start) // _HOUR, -((self.start - end) // _HOUR))

    def days(self, zone: str) -> Iterator[date]:
        """Give the dates of the stretch on a wall, and the day before: its evening may reach in."""
        first = local(self.start, zone).date() - _DAY
        for n in range(self.hours // 24 + 3):
            yield first + n * _DAY

    def _bits(self, first: int, last: int) -> int:
        first, last = max(first, 0), min(last, self.hours)
        return (1 << last) - (1 << first) if first < last else 0


@dataclass(frozen=True, slots=True, kw_only=True)
class MeetingRules:
    """The reviewed rows of hours.yaml."""

    waking: Hours
    asleep: Hours
    own_sleep: timedelta
    cannot: frozenset[Reason]
    tiring: Mapping[Reason, int]
    by_the_clock: tuple[tuple[Hours, int], ...]
    work: tuple[Hours, ...]
    work_days: frozenset[int]
    work_cost: int
    days_off: frozenset[int]
    day_off_cost: int
    good: int

    @classmethod
    def from_data(cls, data: Mapping[str, Any]) -> "MeetingRules":
        """Read the content file, or raise ValueError with the name of the faulty key."""

        def row(key: str) -> dict[str, Any]:
            held(held(data, key, dict), "mark", str)
            return held(data, key, dict)

        def weekdays(key: str) -> frozenset[int]:
            found = held(row(key), "weekdays", list)
            if not set(found) <= set(range(7)):
                raise ValueError(f"{key}.weekdays: 0 is Monday and 6 is Sunday")
            return frozenset(found)

        waking, tiring = Hours.from_data(row("waking")), held(row("tiring"), "reasons", dict)
        if waking.end <= waking.start:
            raise ValueError("waking: it ends on the day it starts")
        by_the_clock = held(row("by_the_clock"), "hours", list)
        return cls(
            waking=waking,
            asleep=Hours.from_data(row("asleep")),
            own_sleep=held(row("own_sleep"), "hours", int) * _HOUR,
            cannot=frozenset(map(Reason, held(row("cannot"), "reasons", list))),
            tiring={Reason(each): held(tiring, each, int) for each in tiring},
            by_the_clock=tuple((Hours.from_data(x), held(x, "cost", int)) for x in by_the_clock),
            work=tuple(map(Hours.from_data, held(row("unknown_work"), "hours", list))),
            work_days=weekdays("unknown_work"),
            work_cost=held(row("unknown_work"), "cost", int),
            days_off=weekdays("days_off"),
            day_off_cost=held(row("days_off"), "cost", int),
            good=held(row("good"), "cost", int),
        )

    def sleeps_by(self, own: Hours | None) -> bool:
        """Tell whether quiet hours of one's own are long enough to be where somebody sleeps."""
        if own is None:
            return False
        start, end = own.on(date(2000, 1, 1))
        return end - start >= self.own_sleep


def mask(who: Availability, over: Horizon, rules: MeetingRules) -> int:
    """Give the hours in which a member can meet: awake, not at work, not on leave."""
    free = _awake(who.zone, who.own, rules.sleeps_by(who.own), rules.waking, over)
    for reason, start, end in who.windows():
        if reason in rules.cannot:
            free &= ~over.touched(start, end)
    return free


@lru_cache(maxsize=2048)  # a crowd shares few zones and few quiet hours
def _awake(zone: str, own: Hours | None, sleeps: bool, waking: Hours, over: Horizon) -> int:
    free = (1 << over.hours) - 1 if sleeps else 0
    for day in over.days(zone):
        if not sleeps:
            start = instant(day, waking.start, zone, late=True)
            free |= over.inside(start, instant(day, waking.end, zone, late=False))
    for day in over.days(zone) if own is not None else ():
        free &= ~over.touched(*_stretch(own, day, zone))
    return free


@lru_cache(maxsize=8192)
def _stretch(hours: Hours | None, day: date, zone: str) -> tuple[datetime, datetime]:
    assert hours is not None  # noqa: S101 - asked for hours that were named
    return hours.within(day, zone)


def shared(a: int, b: int) -> int:
    """Count the hours in which both can meet."""
    return (a & b).bit_count()


def hours_of(free: int) -> Iterator[int]:
    """Give the places of the bits that are set, in order."""
    while free:
        lowest = free & -free
        yield lowest.bit_length() - 1
        free ^= lowest


def cost(who: Availability, moment: datetime, rules: MeetingRules) -> int | None:
    """Say how bad the hour from a moment on is for a member to meet in; None when they cannot."""
    wall, end, total = local(moment, who.zone), moment + _HOUR, 0
    at = _minutes(wall.time())
    if _is_asleep(who, moment, rules):
        return None
    tiring: set[Reason] = set()
    for reason, first, last in who.windows():
        if first < end and moment < last:
            if reason in rules.cannot:
                return None
            tiring.add(reason)
    total += sum(rules.tiring.get(reason, 0) for reason in tiring)
    total += max((each for hours, each in rules.by_the_clock if _meets(hours, at)), default=0)
    if wall.weekday() in rules.days_off:
        total += rules.day_off_cost
    if wall.weekday() in rules.work_days and not who.knows(wall.date()):
        total += rules.work_cost * any(_meets(hours, at) for hours in rules.work)
    return total


def _is_asleep(who: Availability, moment: datetime, rules: MeetingRules) -> bool:
    quiet = [who.own] if who.own else []
    if not rules.sleeps_by(who.own):
        quiet.append(rules.asleep)
    today = local(moment, who.zone).date()
    for hours in quiet:
        for day in (today - _DAY, today, today + _DAY):
            start, end = _stretch(hours, day, who.zone)
            if start < moment + _HOUR and moment < end:
                return True
    return False


@lru_cache(maxsize=1024)  # a day has few quarters of an hour, and the rules few stretches
def _meets(hours: Hours, begins: float) -> bool:
    """Tell whether the hour from a wall time on, in minutes, takes any part of a stretch."""
    start, end = _minutes(hours.start), _minutes(hours.end)
    end += _WHOLE_DAY * (end <= start)
    around = (-_WHOLE_DAY, 0, _WHOLE_DAY)
    return any(start + day < begins + 60 and begins < end + day for day in around)


def _minutes(at: time) -> float:
    return at.hour * 60 + at.minute + at.second / 60
