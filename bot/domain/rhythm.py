"""Wall-clock recurrence: "every other Monday at nine", wherever the member lives.

An occurrence is a local day and a local time. On the day the clocks go forward, a time that does
not exist happens as much later as the clocks jump (02:30 becomes 03:30); on the day they go back,
a time that exists twice happens the first time only. Both are what `fold=0` means.
"""

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

from bot.domain.zones import zone_info

_WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_MOST = 52  # weeks or months between two occurrences
_TEXT = re.compile(
    r"(?:weekly|monthly (?P<m>first)|every (?P<n>[0-9]{1,2}) (?:weeks|months (?P<mm>first)))"
    rf" (?P<day>{'|'.join(_WEEKDAYS)}) (?P<hour>[0-9]{{2}}):(?P<minute>[0-9]{{2}})"
)


DAY_NAMES = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


@dataclass(frozen=True, slots=True)
class Rule:
    """When something recurs: every so many weeks, or on a month's first such weekday."""

    kind: Literal["weekly", "monthly"]
    weekday: int  # 0 is Monday
    at: time  # on the member's wall
    every: int = 1  # weeks or months

    def __post_init__(self) -> None:
        if self.kind not in {"weekly", "monthly"}:
            raise ValueError(f"A rule is weekly or monthly, not {self.kind!r}")
        if not (0 <= self.weekday <= 6 and 1 <= self.every <= _MOST):
            raise ValueError(f"Weekday {self.weekday} or step {self.every} is out of range")
        if self.at != time(self.at.hour, self.at.minute) or self.at.fold:
            raise ValueError(f"A rule's time has hours and minutes only: {self.at!r}")

    @classmethod
    def parse(cls, text: str) -> "Rule":
        """Read what `str` wrote; raise ValueError for anything else."""
        match = _TEXT.fullmatch(text)
        if match is None or match["n"] in {"0", "1"}:
            raise ValueError(f"Not a rule: {text!r}")
        at = time(int(match["hour"]), int(match["minute"]))
        kind: Literal["weekly", "monthly"] = "monthly" if match["m"] or match["mm"] else "weekly"
        return cls(kind, _WEEKDAYS.index(match["day"]), at, int(match["n"] or 1))

    @property
    def spoken(self) -> str:
        """Say when, for a reader: "Monday at 09:00"."""
        return f"{DAY_NAMES[self.weekday]} at {self.at:%H:%M}"

    def __str__(self) -> str:
        unit, first = ("weeks", "") if self.kind == "weekly" else ("months", " first")
        step = self.kind if self.every == 1 else f"every {self.every} {unit}"
        return f"{step}{first} {_WEEKDAYS[self.weekday]} {self.at:%H:%M}"


def next_after(rule: Rule, moment: datetime, zone: str, anchor: date | None = None) -> datetime:
    """Find the first occurrence strictly after `moment`, in UTC; raise ValueError if it is naive.

    `anchor`, the local day of any other occurrence, keeps the phase of rules that skip weeks or
    months; without it the first matching day starts the phase. An anchor on another weekday counts
    as the latest matching day before it.
    """
    wall, where = _wall(moment, zone)
    # A jump of the clocks over midnight can move yesterday's occurrence into today.
    step = _Steps(rule, anchor or wall.date(), rule.every if anchor else 1)
    number = step.first_from(wall.date() - timedelta(1))
    while (found := _instant(step.day(number), rule.at, where)) <= moment:
        number += 1
    return found


def latest_until(
    rule: Rule, first: datetime, moment: datetime, zone: str, anchor: date | None = None
) -> datetime:
    """Find the last occurrence from `first` (one itself) up to `moment`, both included, in UTC.

    The phase is that of `anchor`, or of `first` without one. Raise ValueError if `moment` comes
    before `first`, or if either is naive.
    """
    if moment < first:
        raise ValueError(f"{moment} comes before the first occurrence, {first}")
    wall, where = _wall(moment, zone)
    step = _Steps(rule, anchor or _wall(first, zone)[0].date(), rule.every)
    # Clocks that go back just after midnight can bring today's late evening after tomorrow's start.
    number = step.first_from(wall.date() + timedelta(2)) - 1
    while (found := _instant(step.day(number), rule.at, where)) > moment:
        number -= 1
    return max(found, first.astimezone(UTC))


@dataclass(frozen=True, slots=True)
class _Steps:
    """The rule's local days, numbered from the anchor's (0) in both directions."""

    rule: Rule
    anchor: date
    every: int

    def day(self, number: int) -> date:
        if self.rule.kind == "weekly":
            return _back_to(self.rule.weekday, self.anchor) + timedelta(7 * self.every * number)
        months = self.anchor.year * 12 + self.anchor.month - 1 + self.every * number
        return _back_to(self.rule.weekday, date(months // 12, months % 12 + 1, 7))

    def first_from(self, day: date) -> int:
        """Number the first of these days that is not before `day`."""
        if self.rule.kind == "weekly":
            return -((self.day(0) - day).days // (7 * self.every))
        months = (day.year - self.anchor.year) * 12 + day.month - self.anchor.month
        number = -(-months // self.every)
        return number if self.day(number) >= day else number + 1


def _back_to(weekday: int, day: date) -> date:
    return day - timedelta((day.weekday() - weekday) % 7)


def _wall(moment: datetime, zone: str) -> tuple[datetime, ZoneInfo]:
    if moment.tzinfo is None:
        raise ValueError(f"{moment!r} has no time zone")
    where = zone_info(zone)
    return moment.astimezone(where), where


def _instant(day: date, at: time, where: ZoneInfo) -> datetime:
    return datetime.combine(day, at, where).astimezone(UTC)
