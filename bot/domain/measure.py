"""A goal's measure: a number that moves from a start to a target, with its unit."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from bot.errors import Misread

_NUMBER = r"(?:[0-9]{1,3}(?:,[0-9]{3}){1,2}|[0-9]{1,7}(?:[.,][0-9]{1,2})?)(?![0-9])"
_UNIT = r"(?P<unit>[^\W\d][\w-]*(?![\w/-])(?:\s+[^\W\d][\w-]*(?![\w/-])){0,2})"
_THE = r"(?:(?:the|my|our|all|these|those)\s+)*"
_VERB = (
    r"\b(?:log|complete|earn|submit|publish|write|read|attend|record|collect|give|teach|send|"
    r"present|review|finish|do|run|perform)\s+"
)
_OF = re.compile(
    rf"(?P<verb>{_VERB})?(?<![\w./-])(?<![0-9],)(?P<now>{_NUMBER})"
    rf"\s*(?P<mark>of|out of|/)\s*{_THE}(?P<target>{_NUMBER})(?!\s*/|[.-][0-9])"
    rf"(?:\s+(?:of\s+{_THE})?{_UNIT})?",
    re.IGNORECASE,
)
_WHOLE = re.compile(rf"(?P<target>{_NUMBER})\s*(?P<unit>[^\W\d].*|%)?$")
#: Verbs after which a number is a total to be reached, not a time or a dose.
_COUNTED = re.compile(rf"{_VERB}(?P<target>{_NUMBER})\s+{_UNIT}", re.IGNORECASE)
_RHYTHM = re.compile(
    r"\b(?:each|every|per|weekly|daily|nightly|monthly|a (?:day|week|month)|"
    r"times|days|nights|mornings|evenings)\b",
    re.IGNORECASE,
)
#: Words that end a unit: what follows them is about something else.
_STOP = re.compile(
    r"(?:^|\s+)(?:by|before|b4|until|till?|in|on|at|to|for|from|with|without|of|and|or|this|next|so|"
    r"as|the|over|per|about|correctly|within|each|every|because|bc|b/c|cuz|during|after|while|when|"
    r"if|but|via|under|through|using)\b.*$",
    re.IGNORECASE,
)
#: "Modules", not "marathon" or "campus".
_PLURAL = re.compile(r"(?:[^\Wsui]s|people|children|criteria)\b", re.IGNORECASE)
_YEAR = re.compile("(?:19|20|21)[0-9]{2}")
_YES_NO = re.compile(
    r"(?:y|n|yes|no|none|n/a|(?:y|yes|n|no)\s*(?:/|-|or)\s*(?:y|yes|n|no))", re.IGNORECASE
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
    for stated in _OF.finditer(title):
        found = _stated(stated)
        if stated["mark"] != "/":
            return found
        # "1/2 marathon" is a fraction: n/m counts plurals, or what a verb tells to do.
        if found is not None and (_PLURAL.search(found.unit) or (stated["verb"] and found.now > 1)):
            return found
    if _RHYTHM.search(title):
        return None
    if (match := _COUNTED.search(title)) is not None and _value(match["target"]) > 1:
        return _measure(0, _value(match["target"]), match["unit"])
    return None


def read_measure(text: str) -> Measure:
    """Read a measure that was typed on purpose: "40 of 50 credits", "5 manuscripts"."""
    text = text.strip()
    found = None
    if (match := _OF.match(text)) is not None:
        found = _stated(match)
    elif (match := _WHOLE.match(text)) is not None:
        found = _measure(0, _value(match["target"]), match["unit"] or "")
    if found is None:
        raise Misread("goals.measure.unread", text=text)
    return found


def is_yes_no(text: str) -> bool:
    """Tell whether someone wrote that the goal is a plain yes or no: it has no number to move."""
    return _YES_NO.fullmatch(text.strip(" .!?")) is not None


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


def _stated(match: re.Match[str]) -> Measure | None:
    if match["mark"] == "/" and _YEAR.fullmatch(match["target"]):
        return None  # 6/2027 is a month
    return _measure(_value(match["now"]), _value(match["target"]), match["unit"] or "")


def _measure(now: float, target: float, unit: str) -> Measure | None:
    if target <= 0 or now > target:
        return None
    return Measure(0, now, target, _STOP.sub("", unit).strip(" .,;:")[:60])


def _value(text: str) -> float:
    thousands = re.search(",[0-9]{3}", text) is not None
    return float(text.replace(",", "" if thousands else "."))
