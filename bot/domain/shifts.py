"""Shifts: when a member works, and what the label of a rota says of it.

A shift keeps its start, its end and its kind, and nothing else. Its kind is read from its hours on
the member's wall, or from its label where the label says more than hours can. What a label leaves
open is `None`: the member is asked once.
"""

import hashlib
import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from typing import Any, TypeVar

from bot.domain.text import one_line
from bot.domain.zones import zone_info

Held = TypeVar("Held")


class ShiftKind(StrEnum):
    """What a stretch of a rota means for the member's hours."""

    NIGHT = "night"
    CALL24 = "call24"  # in the house for 20 hours or more
    HOMECALL = "homecall"  # reachable at home
    DAY = "day"
    EVENING = "evening"
    OFF = "off"
    LEAVE = "leave"
    NONSHIFT = "nonshift"  # a rotation, a conference, a pay code: says nothing of hours


#: Kinds spent at work.
WORK = frozenset({ShiftKind.NIGHT, ShiftKind.CALL24, ShiftKind.DAY, ShiftKind.EVENING})
#: From here on a shift is a call, whatever hours it covers.
CALL_FROM = timedelta(hours=20)
#: Longer than anybody is on the floor: such an entry is a rotation, not a shift.
LONGEST = timedelta(hours=48)
#: Home call is handed over by the week or the fortnight; a longer one is a rotation.
LONGEST_HOMECALL = timedelta(days=14)
_TWO, _NINE_PM = time(2), time(21)


def held(data: Mapping[str, Any], key: str, kind: type[Held]) -> Held:
    """Give what reviewed data hold under `key`; raise ValueError if it is empty or another kind."""
    found = data.get(key)
    if not isinstance(found, kind) or isinstance(found, bool) or not found:
        raise ValueError(f"{key}: expected a {kind.__name__} that is not empty")
    return found


def wall_time(data: Mapping[str, Any], key: str) -> time:
    """Read "07:30" from reviewed data; raise ValueError for anything else, such as bare 07:30."""
    match = re.fullmatch(r"([01][0-9]|2[0-3]):([0-5][0-9])", str(data.get(key)))
    if match is None or not isinstance(data.get(key), str):
        raise ValueError(f'{key}: expected a time in quotes, as in "07:30"')
    return time(int(match[1]), int(match[2]))


def instant(day: date, at: time, zone: str, *, late: bool) -> datetime:
    """Turn a wall time into UTC; where the clocks jump, the earlier or the later reading of it."""
    both = (datetime.combine(day, at.replace(fold=n), zone_info(zone)) for n in (0, 1))
    return (max if late else min)(each.astimezone(UTC) for each in both)


@dataclass(frozen=True, slots=True)
class Hours:
    """A stretch of the day on the wall; an end not after the start is on the next day."""

    start: time
    end: time

    @classmethod
    def from_data(cls, data: Mapping[str, Any]) -> "Hours":
        """Read `{start: "20:00", end: "08:00"}`, or raise ValueError."""
        return cls(wall_time(data, "start"), wall_time(data, "end"))

    def on(self, day: date) -> tuple[datetime, datetime]:
        """Give the stretch that starts on a day, without a zone."""
        last = day + timedelta(self.end <= self.start)
        return datetime.combine(day, self.start), datetime.combine(last, self.end)

    def within(self, day: date, zone: str) -> tuple[datetime, datetime]:
        """Give the stretch that starts on a day in UTC: as long as the clocks of that day allow."""
        first, last = self.on(day)
        start = instant(day, first.time(), zone, late=False)
        return start, instant(last.date(), last.time(), zone, late=True)


_SIDE = r"(?:([0-9]{2})([0-9]{2})|([0-9]{1,2})(?::([0-9]{2}))? ?([ap])m?|([0-9]{1,2}):([0-9]{2}))"
_FLAGS = re.IGNORECASE | re.ASCII
_HOURS = re.compile(rf"(?<![\w:/.-]){_SIDE} ?(?:-|–|—|\bto\b) ?{_SIDE}(?![\w:/]|-\w)", _FLAGS)


def find_hours(text: str) -> tuple[Hours, int, int] | None:
    """Find "7:00-19:00", "0730-2000" or "7a-7p" with where it stands; both sides must be times.

    "3-8" could be days, and is never read. Nor is what lasts less than an hour: "2026-2027".
    """
    for match in _HOURS.finditer(text):
        sides = [_side(match.groups()[n : n + 7]) for n in (0, 7)]
        if sides[0] is not None and sides[1] is not None:
            hours = Hours(sides[0], sides[1])
            first, last = hours.on(date(2000, 1, 1))
            if last - first >= timedelta(hours=1):
                return hours, match.start(), match.end()
    return None


def _side(groups: tuple[str | None, ...]) -> time | None:
    hh, mm, hour12, minute12, half, hour24, minute24 = groups
    hour, minute = int(hh or hour12 or hour24 or 0), int(mm or minute12 or minute24 or 0)
    if half is not None:
        if not 1 <= hour <= 12:
            return None
        hour = hour % 12 + (12 if half in "pP" else 0)
    return time(hour % 24, minute) if hour <= 23 and minute <= 59 else None


@dataclass(frozen=True, slots=True, order=True)
class Shift:
    """One stretch of a rota: two moments in UTC and a kind. It keeps nothing else, on purpose."""

    start: datetime
    end: datetime
    kind: ShiftKind

    def __post_init__(self) -> None:
        if self.start.tzinfo is None or self.end.tzinfo is None or self.end <= self.start:
            raise ValueError(f"A shift has two aware moments in order: {self.start}, {self.end}")
        object.__setattr__(self, "start", self.start.astimezone(UTC))
        object.__setattr__(self, "end", self.end.astimezone(UTC))


def kind_by_times(start: datetime, end: datetime) -> ShiftKind:
    """Tell the kind of work from its hours on the member's wall (both naive, or both aware).

    A night is any shift that is still going after two in the morning, having begun before: a shift
    from 17:00 to 03:00 asks for the same sleep as one until 08:00.
    """
    if end - start >= CALL_FROM:
        return ShiftKind.CALL24
    midnight = start.replace(hour=0, minute=0, second=0, microsecond=0)
    two = midnight + timedelta(days=start.time() > _TWO, hours=2)
    if start <= two < end:
        return ShiftKind.NIGHT
    return ShiftKind.EVENING if end >= midnight + timedelta(hours=_NINE_PM.hour) else ShiftKind.DAY


def merged(shifts: Iterable[Shift]) -> tuple[Shift, ...]:
    """Put shifts in order; duplicates become one, and work that overlaps or touches one stretch.

    A stretch of 20 hours is a call, however many entries make it. Stretches that would grow past 48
    hours stay apart: their silence is the same, and no rota means a shift of a week.
    """
    done: list[Shift] = []
    latest: dict[str, int] = {}  # where the last stretch of each track stands
    for shift in sorted(set(shifts)):
        track = "work" if shift.kind in WORK else shift.kind.value
        place = latest.get(track)
        whole = None if place is None else _joined(done[place], shift)
        if place is not None and whole is not None:
            done[place] = whole
        else:
            latest[track] = len(done)
            done.append(shift)
    return tuple(sorted(done))


_HEAVIEST = (ShiftKind.CALL24, ShiftKind.NIGHT, ShiftKind.EVENING, ShiftKind.DAY)


def _joined(first: Shift, then: Shift) -> Shift | None:
    if then.start > first.end:
        return None
    whole = replace(first, end=max(first.end, then.end))
    if first.kind not in WORK:
        return whole
    length = whole.end - whole.start
    if length > LONGEST:
        return None
    heavier = min(first.kind, then.kind, key=_HEAVIEST.index)
    return replace(whole, kind=ShiftKind.CALL24 if length >= CALL_FROM else heavier)


@dataclass(frozen=True, slots=True)
class Meaning:
    """What a label says: its kind (None: ask), its hours if it names them.

    `day_before` marks a label of the day after: "Post-call" tells of the call that began yesterday.
    """

    kind: ShiftKind | None
    hours: Hours | None = None
    day_before: bool = False


def label_key(label: str) -> str:
    """Give the key under which a member's answer for a label is kept, without keeping the label."""
    return hashlib.sha256(_plain(label).encode()).hexdigest()[:32]


def _plain(label: str) -> str:
    text = unicodedata.normalize("NFKC", one_line(label[:200])).lower()
    return " ".join(re.findall(r"[^\W_]+", text.replace("'", "").replace("’", "")))


@dataclass(frozen=True, slots=True)
class Labels:
    """The reviewed label map: phrases in the order in which they win, and whole-label codes."""

    phrases: tuple[tuple[re.Pattern[str], ShiftKind | None, bool], ...]
    codes: Mapping[str, ShiftKind | None]

    @classmethod
    def from_data(cls, data: Mapping[str, Any]) -> "Labels":
        """Compile the content file, or raise ValueError with what is wrong in it."""
        phrases: list[tuple[re.Pattern[str], ShiftKind | None, bool]] = []
        codes: dict[str, ShiftKind | None] = {}
        for number, entry in enumerate(held(data, "labels", list), 1):
            name = held(entry, "means", str)
            if name not in {"ask", *ShiftKind}:
                raise ValueError(f"labels: there is no kind “{name}”")
            kind = None if name == "ask" else ShiftKind(name)
            held(entry, "mark", str)
            words = [_plain(str(word)) for word in entry.get("phrases", [])]
            alone = [_plain(str(word)) for word in entry.get("codes", [])]
            if not all(words + alone) or not words + alone:
                raise ValueError(f"labels: entry {number} has an empty phrase, or none")
            if words:
                choice = "|".join(sorted(map(re.escape, words), key=len, reverse=True))
                pattern = re.compile(rf"(?<!\w)(?:{choice})(?!\w)")
                phrases.append((pattern, kind, entry.get("day_before") is True))
            codes |= dict.fromkeys(alone, kind)
        return cls(tuple(phrases), codes)

    def read(self, label: str, answers: Mapping[str, ShiftKind] | None = None) -> Meaning:
        """Say what a label means; the member's own answer for it comes before the map."""
        found = find_hours(one_line(label[:200]))
        hours = found[0] if found else None
        answer = (answers or {}).get(label_key(label))
        if answer is not None:
            return Meaning(answer, hours)
        plain = _plain(label)
        if plain in self.codes:
            return Meaning(self.codes[plain], hours)
        for pattern, kind, day_before in self.phrases:
            if pattern.search(plain):
                if kind is None and hours:  # "ED call 7a-7p": the hours settle it
                    break
                return Meaning(kind, hours, day_before)
        return Meaning(kind_by_times(*hours.on(date(2000, 1, 1))) if hours else None, hours)


def default_hours(data: Mapping[str, Any]) -> Mapping[ShiftKind, Hours]:
    """Read the hours assumed where nobody names any, or raise ValueError; see defaults.yaml."""
    table = held(data, "hours", dict)
    kinds = (*WORK, ShiftKind.HOMECALL)
    return {kind: Hours.from_data(held(table, kind.value, dict)) for kind in kinds}
