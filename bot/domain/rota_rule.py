"""Recurrence rules of a calendar that come again and again, so that walking them ends.

A rule that never matches, such as 30 February, would be looked for until the year 9999. Only forms
that always match again soon are read; they are those of rotas: "every Monday", "the first Tuesday
of the month".
"""

import re

from bot.errors import Misread


class Skipped(Exception):
    """One event cannot be read. The others can."""


_DAY = "(?:[+-]?[1-4])?(?:MO|TU|WE|TH|FR|SA|SU)"
_DATE = r"-?(?:[1-9]|1\d|2[0-8])"  # each month has these
_MONTH = r"(?:[1-9]|1[0-2])"
_PARTS = {
    "FREQ": "DAILY|WEEKLY|MONTHLY|YEARLY",
    "INTERVAL": r"[1-9]\d?",
    "COUNT": r"[1-9]\d{0,3}",
    "BYDAY": rf"{_DAY}(?:,{_DAY}){{0,30}}",
    "BYMONTHDAY": rf"{_DATE}(?:,{_DATE}){{0,30}}",
    "BYMONTH": rf"{_MONTH}(?:,{_MONTH}){{0,11}}",
    "BYSETPOS": "-?[1-4]",
    "WKST": "MO|TU|WE|TH|FR|SA|SU",
}
# What each frequency may be narrowed by.
_FORMS: dict[str, tuple[set[str], ...]] = {
    "DAILY": (set(), {"BYDAY"}),
    "WEEKLY": (set(), {"BYDAY"}),
    "MONTHLY": (set(), {"BYDAY"}, {"BYMONTHDAY"}, {"BYDAY", "BYSETPOS"}),
    "YEARLY": (set(), {"BYMONTH", "BYDAY"}, {"BYMONTH", "BYMONTHDAY"}),
}


def read_rule(text: str) -> tuple[dict[str, str], str | None]:
    """Read a rule into its parts, and the value of UNTIL apart.

    Raise Skipped for what is no rule of a rota, and Misread for one that repeats within a day.
    """
    pairs = [tuple(each.split("=", 1)) for each in text.upper().strip(";").split(";")]
    parts = {pair[0]: pair[1] for pair in pairs if len(pair) == 2}
    if len(parts) < len(pairs):  # a part without a value, or twice
        raise Skipped
    until = parts.pop("UNTIL", None)
    often = parts.get("FREQ", "")
    if often in {"SECONDLY", "MINUTELY", "HOURLY"}:
        raise Misread("shifts.feed_endless")
    if not all(re.fullmatch(_PARTS.get(key, "(?!)"), parts[key]) for key in parts):
        raise Skipped
    narrowed = {key for key in parts if key.startswith("BY")}
    if narrowed not in _FORMS.get(often, ()):
        raise Skipped
    # "The first Monday" of a day or a week says nothing, nor does the second of first Mondays.
    nth = re.search(r"\d", parts.get("BYDAY", ""))
    if nth and (often in {"DAILY", "WEEKLY"} or "BYSETPOS" in parts):
        raise Skipped
    # "Each seventh day if it is a Tuesday" may never come.
    if often == "DAILY" and narrowed and parts.get("INTERVAL", "1") != "1":
        raise Skipped
    return parts, until
