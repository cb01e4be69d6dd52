"""When a member may be written to: not on shift, not asleep after nights, not on leave.

Everything is a set of silent windows in UTC that does not depend on the moment asked about. A
message is let through at the first moment that no window of its weight covers, so nothing that is
moved can land in another silence.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from itertools import pairwise
from typing import Any

from bot.domain.shifts import WORK, Hours, Shift, ShiftKind, held, instant, merged, wall_time
from bot.domain.zones import local

_HOUR, _MINUTE, _DAY = timedelta(hours=1), timedelta(minutes=1), timedelta(days=1)


class Weight(StrEnum):
    """What a message asks of its reader."""

    DEMANDING = "demanding"  # a check-in, a review
    LIGHT = "light"  # anything else that nobody asked for
    DUE = "due"  # a deadline that falls due: a licence within seven days, a due date today


class Reason(StrEnum):
    """Why nothing is sent: the first of these that holds. The value is a key for words."""

    ON_SHIFT = "on_shift"
    AFTER_CALL = "after_call"
    AFTER_NIGHT = "after_night"
    BETWEEN_NIGHTS = "between_nights"
    LAST_NIGHT_RECOVERY = "last_night_recovery"
    LEAVE = "leave"
    HOMECALL_NIGHT = "homecall_night"
    EARLY_SHIFT = "early_shift"
    QUIET_HOURS = "quiet_hours"
    UNKNOWN_ROTA = "unknown_rota"


@dataclass(frozen=True, slots=True)
class Quiet:
    """A silence: why, and when this reason ends in UTC. Another reason may follow it."""

    reason: Reason
    until: datetime


@dataclass(frozen=True, slots=True)
class _Window:
    reason: Reason
    start: datetime
    end: datetime
    holds_back: frozenset[Weight]


@dataclass(frozen=True, slots=True, kw_only=True)
class QuietRules:
    """The reviewed windows of quiet.yaml."""

    holds_back: Mapping[Reason, frozenset[Weight]]
    before_shift: timedelta
    after_shift: timedelta
    before_drive: timedelta
    night_sleep: timedelta
    night_until: time
    call_sleep: timedelta
    run_gap: timedelta
    recovery: timedelta
    early_by: time
    early_from: time
    homecall: Hours
    quiet: Hours
    known_days: int
    open_weekdays: frozenset[int]
    open_hours: tuple[Hours, ...]
    day_ends: time

    @classmethod
    def from_data(cls, data: Mapping[str, Any]) -> "QuietRules":
        """Read the content file, or raise ValueError with the name of the faulty key."""

        def row(key: str) -> dict[str, Any]:
            held(held(data, key, dict), "mark", str)
            return held(data, key, dict)

        def span(key: str, name: str, unit: timedelta) -> timedelta:
            number = held(row(key), name, int)
            if not timedelta(0) < number * unit <= 7 * _DAY:
                raise ValueError(f"{key}.{name}: {number} is out of range")
            return number * unit

        unknown = row("unknown_rota")
        weekdays = held(unknown, "weekdays", list)
        if not set(weekdays) <= set(range(7)):
            raise ValueError("unknown_rota.weekdays: 0 is Monday and 6 is Sunday")
        windows = tuple(Hours.from_data(each) for each in held(unknown, "windows", list))
        if any(each.end <= each.start for each in windows):
            raise ValueError("unknown_rota.windows: a window ends on the day it starts")
        return cls(
            holds_back={
                reason: frozenset(map(Weight, held(row(reason.value), "holds_back", list)))
                for reason in Reason
            },
            before_shift=span("on_shift", "before_minutes", _MINUTE),
            after_shift=span("on_shift", "after_minutes", _MINUTE),
            before_drive=span("driving_home", "before_minutes", _MINUTE),
            night_sleep=span("after_night", "hours", _HOUR),
            night_until=wall_time(row("after_night"), "until"),
            call_sleep=span("after_call", "hours", _HOUR),
            run_gap=span("between_nights", "gap_hours", _HOUR),
            recovery=span("last_night_recovery", "hours", _HOUR),
            early_by=wall_time(row("early_shift"), "starts_by"),
            early_from=wall_time(row("early_shift"), "quiet_from"),
            homecall=Hours.from_data(row("homecall_night")),
            quiet=Hours.from_data(row("quiet_hours")),
            known_days=held(unknown, "known_days", int),
            open_weekdays=frozenset(weekdays),
            open_hours=windows,
            day_ends=wall_time(row("working_day"), "ends"),
        )


class Availability:
    """When one member may be written to, from what is known of their hours.

    `shifts` may come from feeds and commands together, leave included. `own` are quiet hours that
    the member named; they replace both the usual ones and the windows of an unknown rota.
    """

    def __init__(
        self, rules: QuietRules, zone: str, shifts: Iterable[Shift] = (), own: Hours | None = None
    ) -> None:
        self._rules, self._zone, self._own = rules, zone, own
        self._shifts = merged(shifts)
        self._slept = tuple(
            (each.start, self._sleep_ends(each))
            for each in self._shifts
            if each.kind in {ShiftKind.NIGHT, ShiftKind.CALL24}
        )
        order = list(Reason).index
        self._windows = sorted(self._all_windows(), key=lambda each: order(each.reason))
        telling = {*WORK, ShiftKind.HOMECALL, ShiftKind.OFF}
        near = range(-rules.known_days, rules.known_days + 1)
        self._known = {
            local(each.start, zone).date() + timedelta(n)
            for each in self._shifts
            if each.kind in telling
            for n in range(near.start, near.stop + (each.end - each.start).days)
        }

    def state_at(
        self, moment: datetime, weight: Weight = Weight.DEMANDING, *, chosen: bool = False
    ) -> Quiet | None:
        """Say why a message of this weight must wait at a moment, or None where it need not.

        `chosen` says that the member chose this very hour for it. Their choice comes before the
        usual quiet hours and the windows of an unknown rota, never before a shift, sleep or leave.
        Raise ValueError if the moment is naive.
        """
        now = local(moment, self._zone).astimezone(UTC)
        covering = [
            each
            for each in self._windows
            if each.start <= now < each.end and weight in each.holds_back
        ]
        if covering:
            reason = covering[0].reason
            return Quiet(reason, max(each.end for each in covering if each.reason is reason))
        by_clock = () if chosen and self._own is None else self._by_the_clock(now, weight)
        return next(iter(by_clock), None)

    def next_good(
        self,
        moment: datetime,
        weight: Weight = Weight.DEMANDING,
        *,
        within: timedelta = timedelta(hours=72),
        chosen: bool = False,
    ) -> datetime | None:
        """Give the first moment from this one on that is not silent, in UTC; None if none is near.

        A moment that was `chosen` is kept where it is allowed. Once moved, no choice speaks for the
        new hour any more, so it avoids the usual quiet hours too.
        """
        now = local(moment, self._zone).astimezone(UTC)
        if chosen and self.state_at(now, weight, chosen=True) is None:
            return now
        found = now
        while found - now <= within:
            quiet = self.state_at(found, weight)
            if quiet is None:
                return found
            found = quiet.until
        return None

    @property
    def zone(self) -> str:
        """The zone of the clock on their wall."""
        return self._zone

    @property
    def own(self) -> Hours | None:
        """The quiet hours that the member named, if they did."""
        return self._own

    def windows(self) -> Iterator[tuple[Reason, datetime, datetime]]:
        """Give every silence that comes of shifts and leave, whatever it holds back."""
        return ((each.reason, each.start, each.end) for each in self._windows)

    def knows(self, day: date) -> bool:
        """Tell whether the rota of a day on their wall is known."""
        return day in self._known

    def working_day(self, moment: datetime) -> date:
        """Give the member's own date: a night, and the sleep after it, belong to its evening."""
        now = local(moment, self._zone).astimezone(UTC)
        begun = [each for each in self._slept if each[0] <= now]
        if begun and now < begun[-1][1]:
            return self._date(begun[-1][0])
        return self._date(now)

    def _date(self, moment: datetime) -> date:
        wall = local(moment, self._zone)
        return wall.date() - timedelta(wall.time() < self._rules.day_ends)

    def _sleep_ends(self, shift: Shift) -> datetime:
        is_call = shift.kind is ShiftKind.CALL24
        sleep = self._rules.call_sleep if is_call else self._rules.night_sleep
        day = local(shift.end, self._zone).date()
        until = instant(day, self._rules.night_until, self._zone, late=True)
        return max(shift.end + sleep, until)

    def _all_windows(self) -> Iterator[_Window]:
        for shift in self._shifts:
            for reason, start, end in self._windows_of(shift):
                yield _Window(reason, start, end, self._rules.holds_back[reason])
        # A night that touches other work has become a call; it is a night all the same.
        over_night = {ShiftKind.NIGHT, ShiftKind.CALL24}
        nights = [each for each in self._shifts if each.kind in over_night]
        for night, then in pairwise(nights):
            if then.start - night.end <= self._rules.run_gap:
                reason = Reason.BETWEEN_NIGHTS
                yield _Window(reason, night.end, then.start, self._rules.holds_back[reason])

    def _windows_of(self, shift: Shift) -> Iterator[tuple[Reason, datetime, datetime]]:
        rules, start, end = self._rules, shift.start, shift.end
        if shift.kind is ShiftKind.LEAVE:
            yield Reason.LEAVE, start, end
        if shift.kind is ShiftKind.HOMECALL:
            first = local(start, self._zone).date() - _DAY
            for n in range((end - start).days + 3):
                night = rules.homecall.within(first + timedelta(n), self._zone)
                if max(start, night[0]) < min(end, night[1]):
                    yield Reason.HOMECALL_NIGHT, max(start, night[0]), min(end, night[1])
        if shift.kind not in WORK:
            return
        yield Reason.ON_SHIFT, start - rules.before_shift, end + rules.after_shift
        wall = local(start, self._zone)
        if shift.kind is ShiftKind.NIGHT:
            yield Reason.AFTER_NIGHT, end - rules.before_drive, self._sleep_ends(shift)
            yield Reason.LAST_NIGHT_RECOVERY, end, end + rules.recovery
        elif wall.time() <= rules.early_by:
            evening = instant(wall.date() - _DAY, rules.early_from, self._zone, late=False)
            yield Reason.EARLY_SHIFT, evening, start
        if shift.kind is ShiftKind.CALL24:
            yield Reason.AFTER_CALL, end - rules.before_drive, self._sleep_ends(shift)

    def _by_the_clock(self, now: datetime, weight: Weight) -> Iterator[Quiet]:
        """Give the silences of the time of day: quiet hours, and an unknown rota's closed hours."""
        rules, today = self._rules, local(now, self._zone).date()
        hours = self._own or rules.quiet
        if weight in rules.holds_back[Reason.QUIET_HOURS]:
            for day in (today - _DAY, today):
                start, end = hours.within(day, self._zone)
                if start <= now < end:
                    yield Quiet(Reason.QUIET_HOURS, end)
        unknown = today not in self._known and self._own is None
        if unknown and weight in rules.holds_back[Reason.UNKNOWN_ROTA]:
            opens = [each for n in range(8) for each in self._opens(today + n * _DAY)]
            if not any(start <= now < end for start, end in opens):
                yield Quiet(Reason.UNKNOWN_ROTA, min(each for each, _ in opens if each > now))

    def _opens(self, day: date) -> Iterator[tuple[datetime, datetime]]:
        """Give the open windows of a day: all of it where the rota is known."""
        if day in self._known:
            tomorrow = instant(day + _DAY, time.min, self._zone, late=True)
            yield instant(day, time.min, self._zone, late=True), tomorrow
        elif day.weekday() in self._rules.open_weekdays:
            for each in self._rules.open_hours:
                start = instant(day, each.start, self._zone, late=True)
                end = instant(day, each.end, self._zone, late=False)
                if start < end:
                    yield start, end
