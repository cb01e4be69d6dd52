"""A goal's measure: a number that moves from a start to a target, with its unit."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from bot.errors import Misread

_NUMBER = r"\d{1,7}(?:[.,]\d{1,2})?"
_OF = re.compile(
    rf"(?<![\w./-])(?P<now>{_NUMBER})\s*(?:of|out of|/)\s*(?P<target>{_NUMBER})"
    r"(?:\s+(?P<unit>[^\W\d][\w-]*(?:\s+[^\W\d][\w-]*){0,2}))?",
    re.IGNORECASE,
)
_WHOLE = re.compile(rf"(?P<target>{_NUMBER})\s*(?P<unit>[^\W\d].*|%)?$")
#: Verbs after which a number is a total to be reached, not a time or a dose.
_COUNTED = re.compile(
    rf"\b(?:log|complete|earn|submit|publish|write|read|attend|record|collect|give|teach|send|"
    rf"present|review|finish|do|run|perform)\s+(?P<target>{_NUMBER})\s+"
    r"(?P<unit>[^\W\d][\w-]*(?:\s+[^\W\d][\w-]*){0,2})",
    re.IGNORECASE,
)
_RHYTHM = re.compile(
    r"\b(?:each|every|per|weekly|daily|nightly|monthly|a (?:day|week|month)|"
    r"times|days|nights|mornings|evenings)\b",
    re.IGNORECASE,
)
#: Words that end a unit: what follows them is about something else.
_STOP = re.compile(
    r"\s+(?:by|before|until|in|on|at|to|for|from|with|of|and|this|next|so|as|the|"
    r"over|per|about|correctly|within|each|every)\b.*$",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Measure:
    """What counts, where it began, where it stands, and where it should get."""

    start: float
    now: float
    target: float
    unit: str

    def __str__(self) -> str:
        return f"{number(self.now)} of {number(self.target)} {self.unit}".strip()


def find_measure(title: str) -> Measure | None:
    """Find the measure that a goal's title states, if it states one: "3 of 5 manuscripts"."""
    if (match := _OF.search(title)) is not None:
        return _measure(_value(match["now"]), _value(match["target"]), match["unit"] or "")
    if _RHYTHM.search(title):
        return None
    if (match := _COUNTED.search(title)) is not None and _value(match["target"]) > 1:
        return _measure(0, _value(match["target"]), match["unit"])
    return None


def read_measure(text: str) -> Measure:
    """Read a measure that was typed on purpose: "40 of 50 credits", "5 manuscripts"."""
    text = text.strip()
    match = _OF.match(text)
    if match is not None:
        now, target = _value(match["now"]), _value(match["target"])
        found = _measure(now, target, match["unit"] or "")
    else:
        match = _WHOLE.match(text)
        if match is None:
            raise Misread("goals.measure.unread", text=text)
        found = _measure(0, _value(match["target"]), match["unit"] or "")
    if found is None:
        raise Misread("goals.measure.unread", text=text)
    return found


def is_yes_no(text: str) -> bool:
    """Tell whether someone wrote that the goal is a plain yes or no: it has no number to move."""
    return text.strip(" .").lower() in {"yes", "no", "yes/no", "yes or no", "y/n", "none"}


def fraction(start: float, now: float, target: float) -> float:
    """Tell how far a measure has come, 0 to 1: (now − start) / (target − start), clamped."""
    if target == start:
        return 1.0
    return min(1.0, max(0.0, (now - start) / (target - start)))


def sparkline(values: Sequence[float]) -> str:
    """Draw values as a line of eight heights; empty for fewer than two."""
    if len(values) < 2:
        return ""
    low, high = min(values), max(values)
    if low == high:
        return "▄" * len(values)
    return "".join("▁▂▃▄▅▆▇█"[round((value - low) / (high - low) * 7)] for value in values)


def number(value: float | None) -> str:
    """Write 3.0 as 3 and 2.50 as 2.5; nothing for None."""
    return "" if value is None else f"{value:.2f}".rstrip("0").rstrip(".")


def _measure(now: float, target: float, unit: str) -> Measure | None:
    if target <= 0 or now > target:
        return None
    return Measure(0, now, target, _STOP.sub("", unit).strip(" .,;:")[:60])


def _value(text: str) -> float:
    return float(text.replace(",", "."))
