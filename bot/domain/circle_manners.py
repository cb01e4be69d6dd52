"""How a circle treats its people: the agreement, four roles that go round, the check halfway."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from bot.domain.circle_sessions import ACTION, QUESTION, THREE, TITLE, WHY
from bot.domain.circles import Duty
from bot.domain.instruments import held
from bot.domain.reviewed import by_id, check_mark, many, named, one_of, said

#: A line of the agreement, and what a role does, in characters.
LINE = 180
#: Lines that no circle does without, whatever else it agrees.
_NEEDED = frozenset({"stays", "limits", "nobody_named", "pass", "no_fixing", "coach"})


@dataclass(frozen=True, slots=True)
class CircleRole:
    """One of the roles, and what whoever has it does."""

    id: Duty
    title: str
    text: str
    does: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the agreement."""

    id: str
    text: str


@dataclass(frozen=True, slots=True)
class CircleAgreement:
    """What is said aloud before anything else."""

    title: str
    opening: str
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Ask:
    """One of the three questions halfway: `keep`, `change` or `stop`."""

    id: str
    label: str
    text: str


@dataclass(frozen=True, slots=True)
class Halfway:
    """The check in the middle."""

    title: str
    text: str
    asks: tuple[Ask, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Booster:
    """A meeting some months after the closing."""

    id: str
    months: int
    title: str
    why: str
    prompts: tuple[str, ...]
    action: str


def read_agreement(data: Mapping[str, Any]) -> CircleAgreement:
    """Read the agreement; one without a line that nobody may do without is refused."""
    found, where = held(data, "agreement", dict), "agreement."
    check_mark(found, where)
    lines = by_id(_lines(found, where), f"{where}lines")
    if lacking := sorted(_NEEDED - lines.keys()):
        raise ValueError(f"{where}lines: {lacking[0]} is missing")
    title, opening = (said(found, key, LINE, where) for key in ("title", "opening"))
    return CircleAgreement(title, opening, tuple(lines.values()))


def read_roles(data: Mapping[str, Any]) -> tuple[CircleRole, ...]:
    """Read the four roles, in their order."""
    found = by_id(_roles(data), "roles")
    if lacking := [duty for duty in Duty if duty not in found]:
        raise ValueError(f"roles: {lacking[0]} is missing")
    return tuple(found[duty] for duty in Duty)


def read_halfway(data: Mapping[str, Any]) -> Halfway:
    """Read the check in the middle."""
    found, where = held(data, "halfway", dict), "halfway."
    check_mark(found, where)
    rows = held(found, "asks", dict, where)
    asks = tuple(_ask(rows, key) for key in ("keep", "change", "stop"))
    return Halfway(said(found, "title", TITLE, where), said(found, "text", LINE, where), asks)


def read_boosters(data: Mapping[str, Any]) -> tuple[Booster, ...]:
    """Read the later meetings, the nearest first."""
    found = tuple(by_id(_boosters(data), "boosters").values())
    months = [booster.months for booster in found]
    if months != sorted(set(months)) or months[0] < 1:
        raise ValueError("boosters: months: expected each later than the one before")
    return found


def _lines(data: Mapping[str, Any], where: str) -> Iterable[Line]:
    for row in held(data, "lines", list, where):
        name = named(row, f"{where}lines: ")
        yield Line(name, said(row, "text", LINE, f"{where}{name}: "))


def _roles(data: Mapping[str, Any]) -> Iterable[CircleRole]:
    for row in held(data, "roles", list):
        duty = one_of(Duty, named(row, "roles: "), "roles: id")
        where = f"roles: {duty}: "
        check_mark(row, where)
        title, text = said(row, "title", TITLE, where), said(row, "text", QUESTION, where)
        yield CircleRole(duty, title, text, many(row, "does", LINE, where, range(1, 4)))


def _ask(rows: Mapping[str, Any], key: str) -> Ask:
    where = f"halfway.asks.{key}: "
    row = held(rows, key, dict, "halfway.asks.")
    return Ask(key, said(row, "label", TITLE, where), said(row, "text", QUESTION, where))


def _boosters(data: Mapping[str, Any]) -> Iterable[Booster]:
    for row in held(data, "boosters", list):
        name = named(row, "boosters: ")
        where = f"boosters: {name}: "
        check_mark(row, where)
        yield Booster(
            id=name,
            months=held(row, "months", int, where),
            title=said(row, "title", TITLE, where),
            why=said(row, "why", WHY, where),
            prompts=many(row, "prompts", QUESTION, where, THREE),
            action=said(row, "action", ACTION, where),
        )
