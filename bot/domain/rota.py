"""A rota feed: the calendar a hospital's scheduling program publishes, read into shifts.

Only start, end and kind are kept. Where a whole-day label does not say what it means, the label is
handed back to be asked about once. Whatever is wrong with a feed ends in a Misread, and reading
takes a bounded time, whoever wrote it.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from bot.domain.rota_text import clean_calendar
from bot.domain.shifts import (
    LONGEST,
    LONGEST_HOMECALL,
    Hours,
    Labels,
    Shift,
    ShiftKind,
    default_hours,
    held,
    kind_by_times,
    label_key,
    merged,
)
from bot.domain.text import one_line
from bot.domain.zones import local, zone_info
from bot.errors import Misread

#: How far a feed is read, back and ahead of now.
BACK, AHEAD = timedelta(days=7), timedelta(days=60)
#: A feed with more than so many entries in that time is no rota.
MOST_OCCURRENCES = 5_000
_LONGEST_RUN = timedelta(days=7)  # a whole-day entry that is longer is a rotation
_MOST_ASKED, _LONGEST_ASKED = 20, 60  # labels, and characters of each
_DAY = timedelta(1)
_WHOLE = frozenset({ShiftKind.OFF, ShiftKind.LEAVE, ShiftKind.NONSHIFT})


@dataclass(frozen=True, slots=True)
class Unclear:
    """A label to ask the member about, once; the answer is kept under `key`.

    `label` was written by others and may hold a name: it is shown to the member, and not kept.
    """

    key: str
    label: str
    first: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Rota:
    """What a feed says of the time from `first` to `last`, both in UTC."""

    shifts: tuple[Shift, ...]
    unclear: tuple[Unclear, ...]
    first: datetime
    last: datetime
    assumed_zone: bool  # some times named no zone that is known; they were read as the member's
    skipped: int  # entries that could not be read


@dataclass(frozen=True, slots=True, kw_only=True)
class RotaRules:
    """The reviewed label map, and the hours assumed where a label names none."""

    labels: Labels
    hours: Mapping[ShiftKind, Hours]
    no_end: timedelta

    @classmethod
    def from_data(cls, labels: Mapping[str, Any], defaults: Mapping[str, Any]) -> "RotaRules":
        """Read labels.yaml and defaults.yaml, or raise ValueError with what is wrong in them."""
        hours = held(defaults, "no_end_hours", int)
        if not 0 < hours < 20:
            raise ValueError(f"no_end_hours: {hours} is out of range")
        return cls(
            labels=Labels.from_data(labels),
            hours=default_hours(defaults),
            no_end=timedelta(hours=hours),
        )


def read_rota(
    data: bytes,
    rules: RotaRules,
    *,
    zone: str,
    now: datetime,
    answers: Mapping[str, ShiftKind] | None = None,
) -> Rota:
    """Read a fetched calendar; `answers` are the member's own, by `label_key`.

    Raise Misread with one of these keys, and no facts, because a feed may hold anything:
    `shifts.feed_is_a_page`, `feed_no_calendar`, `feed_too_big`, `feed_too_many`, `feed_endless`,
    `feed_broken`. Raise ValueError if `now` is naive.
    """
    here = local(now, zone)
    first, last = (
        datetime.combine(here.date() + span, time(), here.tzinfo).astimezone(UTC)
        for span in (-BACK, AHEAD)
    )
    calendar = clean_calendar(data, zone=zone, first=first, last=last)
    reader = _Reader(rules, calendar.zone, answers or {})
    skipped = calendar.skipped
    for start, end, number in _occurrences(calendar.text, first, last):
        skipped += not reader.read(start, end, calendar.labels[number])
    return Rota(
        shifts=merged(each for each in reader.shifts if each.start < last and each.end > first),
        unclear=tuple(list(reader.unclear.values())[:_MOST_ASKED]),
        first=first,
        last=last,
        assumed_zone=calendar.assumed_zone,
        skipped=skipped,
    )


_Moment = date | datetime


def _occurrences(
    text: str, first: datetime, last: datetime
) -> Iterator[tuple[_Moment, _Moment, int]]:
    """Expand the events of a clean calendar between two moments."""
    # Here, because both take 0.1 s to load, and few turns read a rota. One ships no types.
    import recurring_ical_events  # type: ignore[import-untyped]
    from icalendar import Calendar

    try:
        query = recurring_ical_events.of(Calendar.from_ical(text))
        events = query.between(first - _DAY, last + _DAY)
        found = [
            (each.start, each.end, int(each["SUMMARY"]))
            for each in events
            if each.get("STATUS") != "CANCELLED"
        ]
    except Exception:  # whatever the libraries stumble over; a trace would show the feed
        raise Misread("shifts.feed_broken") from None
    if len(found) > MOST_OCCURRENCES:
        raise Misread("shifts.feed_too_many")
    yield from sorted(found, key=lambda each: (each[2], str(each[0])))


class _Reader:
    """Turns entries into shifts, and gathers the labels that say too little."""

    def __init__(self, rules: RotaRules, zone: str, answers: Mapping[str, ShiftKind]) -> None:
        self.rules, self.zone, self.answers = rules, zone, answers
        self.shifts: list[Shift] = []
        self.unclear: dict[str, Unclear] = {}

    def read(self, start: _Moment, end: _Moment, label: str) -> bool:
        """Read one entry; tell whether it makes sense."""
        if isinstance(start, datetime) and isinstance(end, datetime):
            self._timed(start, end, label)
            return start <= end
        if isinstance(start, datetime) or isinstance(end, datetime) or end <= start:
            return False
        self._days(start, end, label)
        return True

    def _timed(self, start: datetime, end: datetime, label: str) -> None:
        meaning = self.rules.labels.read(label, self.answers)
        kind, named = meaning.kind, isinstance(start.tzinfo, ZoneInfo) and start.tzinfo.key != "UTC"
        where = start.tzinfo if named else zone_info(self.zone)
        began, ended = start.astimezone(where), end.astimezone(where)
        midnights = began.time() == ended.time() == time() and start < end
        if midnights or meaning.day_before:  # some programs write whole days like this
            days = max(1, (ended.date() - began.date()).days)
            self._days(began.date(), began.date() + timedelta(days), label)
            return
        if start == end:
            ended = (start + self._length(kind)).astimezone(where)
        if ended <= began:
            return
        length = ended.astimezone(UTC) - began.astimezone(UTC)
        by_times = kind_by_times(began, ended)
        if kind in _WHOLE or kind is ShiftKind.HOMECALL:
            longest = LONGEST_HOMECALL if kind is ShiftKind.HOMECALL else timedelta.max
        else:
            longest = LONGEST
            # Where times are not set, programs fill in office hours: the label knows better.
            unset = by_times in {ShiftKind.DAY, ShiftKind.EVENING}
            if unset and kind in {ShiftKind.NIGHT, ShiftKind.CALL24}:
                began, ended = self.rules.hours[kind].within(began.date(), self.zone)
            else:
                kind = by_times
        if length <= longest and kind is not ShiftKind.NONSHIFT:
            self.shifts.append(Shift(began, ended, kind))

    def _length(self, kind: ShiftKind | None) -> timedelta:
        """Say how long an entry without an end is taken to last."""
        if kind in _WHOLE:
            return _DAY
        if kind is None or kind not in self.rules.hours:
            return self.rules.no_end
        start, end = self.rules.hours[kind].on(date(2000, 1, 1))
        return end - start

    def _days(self, first: date, end: date, label: str) -> None:
        meaning = self.rules.labels.read(label, self.answers)
        kind, length = meaning.kind, end - first
        if kind is not None and kind in _WHOLE:
            if kind is not ShiftKind.NONSHIFT:
                self._keep(Hours(time(), time()), first, end - _DAY, kind)
            return
        if length > (LONGEST_HOMECALL if kind is ShiftKind.HOMECALL else _LONGEST_RUN):
            return
        if kind is None:
            key = label_key(label)
            shown = one_line(label)[:_LONGEST_ASKED]
            known = self.unclear.get(key)
            earliest = min(first, known.first) if known else first
            self.unclear[key] = Unclear(key, shown, earliest)
            return
        hours = meaning.hours or self.rules.hours[kind]
        for n in range(length.days):
            day = first + timedelta(n - meaning.day_before)
            self._keep(hours, day, day, kind)

    def _keep(self, hours: Hours, first: date, last: date, kind: ShiftKind) -> None:
        start, end = hours.within(first, self.zone)[0], hours.within(last, self.zone)[1]
        self.shifts.append(Shift(start, end, kind))
