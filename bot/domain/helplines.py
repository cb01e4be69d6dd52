"""Lines to call or text in distress, by country and profession; never for a country guessed at.

The numbers are dated data, `prompts/content/crisis/helplines.yaml`, and shown as they stand there.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from bot.domain.phrases import held, listed

STALE_AFTER = 180  # days: a person confirms each line twice a year


class LineKind(StrEnum):
    """What a line is for, in the order in which lines are shown."""

    EMERGENCY = "emergency"
    CRISIS = "crisis"
    TEXT = "text"
    CLINICIAN = "clinician"  # by people who know medicine from inside


class Audience(StrEnum):
    """To whom a line is open."""

    ALL = "all"
    DOCTORS = "doctors"
    STUDENTS = "students"
    NURSES = "nurses"


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One line as members read it, with where and when its number was seen."""

    country: str  # two capital letters, ISO 3166
    kind: LineKind
    name: str
    display: str  # what is read: "text HOME to 741741"
    dial: str  # what a phone dials or texts: "741741"
    sms_body: str  # what is texted, or empty
    hours: str
    audience: frozenset[Audience]
    eligibility: str
    url: str
    source: str
    verified_on: date
    mark: str  # "V": seen in the source
    confirm: bool  # a person must look first: shown to nobody

    @property
    def note(self) -> str:
        """Who may use it, or in which languages; may be empty."""
        return self.eligibility

    @property
    def shown(self) -> bool:
        """Whether members may be shown it: seen in its source, and not waiting for a person."""
        return self.mark == "V" and not self.confirm

    def open_to(self, role: Audience | None) -> bool:
        """Tell whether it is open to a profession; not knowing one shuts nobody out."""
        return role is None or not self.audience.isdisjoint({Audience.ALL, role})


@dataclass(frozen=True, slots=True, kw_only=True)
class Helplines:
    """All lines of the content file."""

    lines: tuple[Line, ...]

    @classmethod
    def from_data(cls, data: Mapping[str, object]) -> "Helplines":
        """Read the content file, or raise ValueError with the number of the faulty record."""
        records = held(data.get("lines"), list, "lines")
        return cls(
            lines=tuple(
                _line(held(record, dict, f"lines.{number}"), f"lines.{number}")
                for number, record in enumerate(records, 1)
            )
        )

    def for_country(self, code: str, role: Audience | None = None) -> tuple[Line, ...]:
        """List a country's lines, emergency first; empty for one that is not known."""
        country = code.strip().upper()
        found = [
            line
            for line in self.lines
            if line.shown and line.country == country and line.open_to(role)
        ]
        return tuple(sorted(found, key=lambda line: list(LineKind).index(line.kind)))

    def countries(self) -> tuple[str, ...]:
        """List the countries that have lines to show, by code."""
        return tuple(sorted({line.country for line in self.lines if line.shown}))

    def stale(self, today: date, days: int = STALE_AFTER) -> list[Line]:
        """List the shown lines that nobody has confirmed for more than so many days."""
        oldest = today - timedelta(days=days)
        return [line for line in self.lines if line.shown and line.verified_on < oldest]


def _line(record: Mapping[str, object], key: str) -> Line:
    if unknown := record.keys() - _KEYS:
        raise ValueError(f"{key}: there is no field “{min(unknown)}”")
    texts = {name: _text(record, name, key) for name in _TEXTS}
    for name in ("country", "kind", "name", "display", "dial", "hours", "source", "mark"):
        held(texts[name], str, f"{key}.{name}")
    kinds = listed(record, "audience", f"{key}.audience") if "audience" in record else ["all"]
    if texts["kind"] not in set(LineKind) or not set(kinds) <= set(Audience):
        raise ValueError(f"{key}: there is no kind “{texts['kind']}” for {', '.join(kinds)}")
    if not re.fullmatch("[A-Z]{2}", texts["country"]):
        raise ValueError(f"{key}.country: expected two capital letters")
    verified_on, confirm = record.get("verified_on"), record.get("confirm", False)
    if type(verified_on) is not date or not isinstance(confirm, bool):
        raise ValueError(f"{key}: expected a day as verified_on, and true or false as confirm")
    _check_number(texts["display"], texts["dial"], key)
    return Line(
        country=texts["country"],
        kind=LineKind(texts["kind"]),
        name=texts["name"],
        display=texts["display"],
        dial=texts["dial"],
        sms_body=texts["sms_body"],
        hours=texts["hours"],
        audience=frozenset(map(Audience, kinds)),
        eligibility=texts["eligibility"],
        url=texts["url"],
        source=texts["source"],
        verified_on=verified_on,
        mark=texts["mark"],
        confirm=confirm,
    )


def _check_number(display: str, dial: str, key: str) -> None:
    """Refuse numbers that a phone cannot dial, and a dial that is none of those shown."""
    if not re.fullmatch(r"\d{2,12}|\+[1-9]\d{8,14}", dial):
        raise ValueError(f"{key}.dial: expected digits, with a + only before a full number")
    shown = re.sub(r"\D", "", display)
    if (dial[-7:] if dial.startswith("+") else dial) not in shown:
        raise ValueError(f"{key}.dial: {dial} is not among what is shown, {display}")
    if "988" in re.split(r"\D+", display.replace("9-8-8", "988")) and dial != "988":
        raise ValueError(f"{key}.dial: 988 is dialled as 988, never as a longer number")


def _text(record: Mapping[str, object], name: str, key: str) -> str:
    found = record.get(name, "")
    # 000 without quotes is the number nought in YAML.
    if not isinstance(found, str) or found != " ".join(found.split()):
        raise ValueError(f"{key}.{name}: write it in quotes, on one line")
    return found


_TEXTS = (
    *("country", "kind", "name", "display", "dial", "sms_body", "hours"),
    *("eligibility", "url", "source", "mark"),
)
_KEYS = frozenset([*_TEXTS, "audience", "verified_on", "confirm"])
