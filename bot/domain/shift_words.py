"""Shifts and leave as members type them: "nights 3 to 8 Dec", "call Saturday", "off tomorrow".

A command names a kind of shift, or its hours, and its days (`shift_days`). "Nights until Friday"
ends with the night that begins on Friday. What is in doubt is asked about: "on call" may mean in
the house or at home.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from difflib import get_close_matches
from typing import Any

from bot.domain.dateforms import LONGEST, any_of, spoken
from bot.domain.shift_days import COUNT, read_days, runs
from bot.domain.shifts import (
    Hours,
    Shift,
    ShiftKind,
    default_hours,
    find_hours,
    held,
    instant,
    kind_by_times,
    wall_time,
)
from bot.domain.text import one_line
from bot.errors import Ambiguous, Misread, Told

_DAY = timedelta(1)
_WHOLE = frozenset({ShiftKind.OFF, ShiftKind.LEAVE})  # they have days, and no hours


@dataclass(frozen=True, slots=True)
class LocalSpan:
    """A stretch on the member's wall, as typed: naive, until `shift` places it in a zone."""

    start: datetime
    end: datetime
    kind: ShiftKind

    def shift(self, zone: str) -> Shift:
        """Place the stretch in a zone; where the clocks change, it is longer or shorter."""
        start = instant(self.start.date(), self.start.time(), zone, late=False)
        return Shift(start, instant(self.end.date(), self.end.time(), zone, late=True), self.kind)


@dataclass(frozen=True, slots=True)
class ShiftWords:
    """The reviewed words for shifts, with the hours each of them stands for."""

    phrases: Mapping[str, tuple[ShiftKind, Hours | None]]
    unsure: Mapping[str, tuple[str, ...]]  # with the phrases that may be meant
    longest: Mapping[str, int]  # days, of "shift" and of "leave"

    @classmethod
    def from_data(cls, data: Mapping[str, Any]) -> "ShiftWords":
        """Read defaults.yaml, or raise ValueError with what is wrong in it."""
        hours = default_hours(data)
        phrases: dict[str, tuple[ShiftKind, Hours | None]] = {}
        unsure: dict[str, tuple[str, ...]] = {}
        for entry in held(data, "words", list):
            name = held(entry, "kind", str)
            if name not in {"ask", *hours, *_WHOLE}:
                raise ValueError(f"words: there is no kind “{name}”")
            for phrase in map(str, held(entry, "phrases", list)):
                if phrase in phrases or phrase in unsure:
                    raise ValueError(f"words: “{phrase}” stands there twice")
                if name == "ask":
                    unsure[phrase] = tuple(held(entry, "instead", list))
                elif "start" in entry:
                    own = Hours(wall_time(entry, "start"), wall_time(entry, "end"))
                    phrases[phrase] = ShiftKind(name), own
                else:
                    phrases[phrase] = ShiftKind(name), hours.get(ShiftKind(name))
        if not phrases.keys() >= {each for instead in unsure.values() for each in instead}:
            raise ValueError("words: `instead` names a phrase that is not there")
        days = held(data, "longest_days", dict)
        return cls(phrases, unsure, {key: held(days, key, int) for key in ("shift", "leave")})


def read_shift(
    text: str, words: ShiftWords, *, today: date, dayfirst: bool | None = None
) -> tuple[LocalSpan, ...]:
    """Read shifts as typed: a stretch for each shift, one for days off in a row, in order.

    Raise Misread with a key that says what is missing, or Ambiguous with whole commands to choose.
    """
    return _certain(text, words, today, dayfirst, tuple(words.phrases))


def read_leave(
    text: str, words: ShiftWords, *, today: date, dayfirst: bool | None = None
) -> tuple[LocalSpan, ...]:
    """Read days of leave, "20 Dec to 3 Jan"; raise Misread or Ambiguous as `read_shift` does."""
    leave = [each for each, (kind, _) in words.phrases.items() if kind is ShiftKind.LEAVE]
    return _certain(text, words, today, dayfirst, tuple(leave), ShiftKind.LEAVE)


def _certain(
    text: str,
    words: ShiftWords,
    today: date,
    dayfirst: bool | None,
    phrases: tuple[str, ...],
    kind: ShiftKind | None = None,
) -> tuple[LocalSpan, ...]:
    """Read the command; where it is in doubt, offer only what reads without doubt."""

    def read(said: str, order: bool | None) -> _Command:
        return _Command(said, words, today, order, phrases, kind)

    said = one_line(text[: 2 * LONGEST])
    if len(text) > 2 * LONGEST:
        raise Misread("shifts.unread", text=said)
    try:
        return read(said, dayfirst).spans
    except Ambiguous as doubt:
        plain, piece = _plain(said), str(doubt.facts.get("text", "")).lower()
        tries = [(plain.replace(piece, each.lower(), 1), dayfirst) for each in doubt.options]
        if doubt.key == "shifts.near_miss":  # its options are whole commands
            tries = [(each, dayfirst) for each in doubt.options]
        elif doubt.key == "dates.ambiguous" and dayfirst is None:
            tries = [(said, True), (said, False)]
        found: dict[str, tuple[LocalSpan, ...]] = {}
        settled = doubt.key == "dates.ambiguous"
        for option, order in tries:
            try:
                command = read(option, order)
            except Told as told:
                settled &= told.key != "shifts.too_long"  # too long, but it could be meant
                continue
            found[command.spoken] = command.spans
        if len(found) == 1 and settled:  # the other order is no range
            return next(iter(found.values()))
        if not found:
            raise Misread("shifts.unread", text=said) from None
        raise Ambiguous(doubt.key, tuple(found), **doubt.facts) from None


def _plain(said: str) -> str:
    lower = said.lower().translate(str.maketrans("–—’", "--'"))
    lower = re.sub(r"(?<=\d),? (?=\d{4}\b)|(?<=[a-z])[,.] ?(?=\d)", " ", lower)
    return " ".join(lower.split()).strip(" .,;:!?")


class _Command:
    """One command, read: its phrase, its hours and its days."""

    def __init__(
        self,
        said: str,
        words: ShiftWords,
        today: date,
        dayfirst: bool | None,
        phrases: tuple[str, ...],
        kind: ShiftKind | None,
    ) -> None:
        self.said, self.words, self.phrases = said, words, phrases
        rest = _plain(said)
        typed = find_hours(rest)
        if typed:
            rest = " ".join(f"{rest[: typed[1]]} {rest[typed[2] :]}".split())
        self.hours = typed[0] if typed else None
        self.phrase, rest = self._phrase(rest)
        hours = self.hours
        if self.phrase:
            kind, default = words.phrases[self.phrase]
            hours = hours or default
        if kind in _WHOLE and typed:
            raise Misread("shifts.whole_days", text=said)
        if kind not in _WHOLE and hours is None:
            raise self._unknown(rest)
        if not rest:
            raise Misread("shifts.no_days", text=said)
        self.days = read_days(rest, today=today, dayfirst=dayfirst)
        longest = words.longest["leave" if kind is ShiftKind.LEAVE else "shift"]
        if self.days[-1] - self.days[0] >= timedelta(longest):
            raise Misread("shifts.too_long", text=said, longest=longest)
        self.spans = tuple(self._spans(kind, hours))

    def _spans(self, kind: ShiftKind | None, hours: Hours | None) -> Iterator[LocalSpan]:
        if hours is None or kind in _WHOLE:
            for first, last in runs(self.days):
                start, end = datetime.combine(first, time()), datetime.combine(last + _DAY, time())
                yield LocalSpan(start, end, kind or ShiftKind.OFF)
            return
        # Typed hours are taken at their word: "days 19:00-07:00" are nights.
        by_hours = self.hours is not None and kind is not ShiftKind.HOMECALL
        for start, end in map(hours.on, self.days):
            by_times = kind_by_times(start, end)
            yield LocalSpan(start, end, by_times if by_hours or kind is None else kind)

    @property
    def spoken(self) -> str:
        """Write the command anew, with dates in full."""
        days = [
            spoken(first) if first == last else f"{spoken(first)} to {spoken(last)}"
            for first, last in runs(self.days)
        ]
        return _joined(self.phrase, self.hours, " and ".join(days))

    def _phrase(self, text: str) -> tuple[str, str]:
        """Take the words for a kind off the text: from its beginning, or else from its end."""
        unsure = {} if len(self.phrases) < len(self.words.phrases) else self.words.unsure
        known = any_of([*self.phrases, *unsure])
        opening = re.compile(rf"(?:{COUNT} )?(?P<kind>{known})(?![\w-])[ ,:]*")
        text = re.sub(r"^(?:(?:i'm|i am|am) )?(?:working )?", "", text)
        found = opening.match(text) or opening.match(text.removeprefix("on "))
        if found:
            rest = found.string[found.end() :]
            if found["count"]:  # "4 nights from Monday"
                rest = f"for {found['count']} shifts {rest}" if rest else ""
        else:
            found = re.search(rf"(?:^|[ ,])(?!days?$)(?P<kind>{known})$", text)
            if found is None:
                return "", text
            rest = text[: found.start()].strip(" ,")
        if instead := unsure.get(found["kind"]):
            options = tuple(_joined(each, self.hours, rest) for each in instead)
            raise Ambiguous("shifts.near_miss", options, text=self.said)
        return found["kind"], rest

    def _unknown(self, text: str) -> Told:
        first, _, tail = text.partition(" ")
        names = [each for each in self.phrases if len(each) > 2]
        if near := get_close_matches(first, names, 2, 0.75):
            options = tuple(f"{each} {tail}".strip() for each in near)
            return Ambiguous("shifts.near_miss", options, text=self.said)
        return Misread("shifts.unread", text=self.said)


def _joined(phrase: str, hours: Hours | None, days: str) -> str:
    """Write a command from its parts, of which any may be missing."""
    typed = f"{hours.start:%H:%M}-{hours.end:%H:%M}" if hours else ""
    return " ".join(each for each in (phrase, typed, days) if each)
