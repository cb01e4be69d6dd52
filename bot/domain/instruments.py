"""Short self-checks: what they ask, how they are scored, and in what words the result is told.

Each is a reviewed content file, `prompts/content/wellbeing/instruments/*.yaml`, with the licence
that allows us to show it; a file without one is refused. A result is for the member alone, is
shown with the resources card, compares the member with their own earlier results, and never
diagnoses. A cut-off that nobody has seen in its source is no band: see gad2.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from statistics import median
from typing import Any, TypeVar

Kind = TypeVar("Kind")

#: From here a strain (0 none, 4 all) chooses a family of micro-actions, and so many at most do.
STRAINED, LEADING = 2, 2


class Driver(StrEnum):
    """What wears a clinician out, or carries one: six areas of worklife, sleep and records."""

    WORKLOAD = "workload"
    CONTROL = "control"
    COMMUNITY = "community"
    REWARD = "reward"
    FAIRNESS = "fairness"
    VALUES = "values"
    SLEEP = "sleep"
    EHR = "ehr"
    NOTHING = "nothing"  # a real answer: nothing much


#: The drivers that have micro-actions.
FAMILIES = tuple(driver for driver in Driver if driver is not Driver.NOTHING)


class Cadence(StrEnum):
    """When a self-check is offered; each can be declined."""

    MONTHLY = "monthly"
    QUARTERLY = "quarterly"
    ON_REQUEST = "on_request"


class Method(StrEnum):
    """How answers become a result."""

    SUM = "sum"
    STRAINS = "strains"  # one strain for each driver, and no total


class Usual(StrEnum):
    """An answer beside the member's own usual."""

    HIGHER = "higher"
    LOWER = "lower"
    ABOUT = "about"
    EARLY = "early"  # too few answers to have a usual


@dataclass(frozen=True, slots=True)
class Item:
    """One statement or question."""

    id: str
    text: str
    reverse: bool = False  # agreeing with it means less strain
    driver: Driver | None = None


@dataclass(frozen=True, slots=True)
class Band:
    """A range of totals, both ends within it, and what is said of it."""

    low: int
    high: int
    label: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """What a member is told of their answers."""

    answered: int
    total: int | None = None  # None: too few answers, or the method has no total
    band: str = ""  # "" where no verified band exists
    strains: Mapping[Driver, int] = field(
        default_factory=dict
    )  # by driver, of the items that were answered
    leading: tuple[Driver, ...] = ()  # the one or two that choose the micro-actions


@dataclass(frozen=True, slots=True, kw_only=True)
class Instrument:
    """A self-check as it was reviewed."""

    id: str
    title: str
    licence: str
    attribution: str  # shown with the questions
    source_url: str
    verified_on: date
    note: str  # what it is and is not; shown with the result
    stem: str
    options: Mapping[int, str]
    items: tuple[Item, ...]
    method: Method
    min_answered: int
    bands: tuple[Band, ...]
    cadence: Cadence
    opt_in: bool

    @classmethod
    def from_data(cls, data: Mapping[str, Any]) -> "Instrument":
        """Read a content file, or raise ValueError with the name of the faulty key."""
        licence = held(data, "licence", str)
        check_reviewed(data)
        score, options = held(data, "score", dict), held(data, "options", dict)
        if any(type(value) is not int or value < 0 for value in options) or len(options) < 2:
            raise ValueError("options: expected at least two whole numbers from 0, with labels")
        items = tuple(map(_item, held(data, "items", list)))
        if len({item.id for item in items}) < len(items):
            raise ValueError("items: two have the same id")
        found = cls(
            id=held(data, "id", str),
            title=held(data, "title", str),
            licence=licence,
            attribution=held(data, "attribution", str),
            source_url=held(data, "source_url", str),
            verified_on=held(data, "verified_on", date),
            note=held(data, "note", str),
            stem=held(data, "stem", str),
            options={value: held(options, value, str, "options.") for value in options},
            items=items,
            method=Method(held(score, "method", str, "score.")),
            min_answered=held(score, "min_answered", int, "score."),
            bands=tuple(map(_band, score.get("bands") or [])),
            cadence=Cadence(held(data, "cadence", str)),
            opt_in=held(data, "opt_in", bool),
        )
        found._check(score)
        return found

    @property
    def ends(self) -> tuple[int, int]:
        """The lowest and the highest answer."""
        return min(self.options), max(self.options)

    @property
    def reach(self) -> tuple[int, int]:
        """The lowest and the highest result that the answers allow; for strains, of each."""
        times = len(self.items) if self.method is Method.SUM else 1
        return self.ends[0] * times, self.ends[1] * times

    def score(self, answers: Mapping[str, int | None]) -> Result:
        """Score answers by item id, None for a skipped one; ValueError for one out of range."""
        given = {}
        known = {item.id: item for item in self.items}
        for name, value in answers.items():
            if name not in known:
                raise ValueError(f"{self.id} has no item {name!r}")
            if value is not None and (type(value) is not int or value not in self.options):
                raise ValueError(f"{self.id}: {value!r} is no answer: {sorted(self.options)} are")
            if value is not None:
                given[name] = sum(self.ends) - value if known[name].reverse else value
        strains = {
            item.driver: given[item.id] for item in self.items if item.driver and item.id in given
        }
        if self.method is Method.STRAINS or len(given) < self.min_answered:
            return Result(answered=len(given), strains=strains, leading=leading(strains))
        total = sum(given.values())
        band = next((each.label for each in self.bands if each.low <= total <= each.high), "")
        return Result(answered=len(given), total=total, band=band)

    def _check(self, score: Mapping[str, Any]) -> None:
        """Refuse scoring that the answers cannot reach, or that guesses what was skipped."""
        fewest = len(self.items) if self.method is Method.SUM else 1
        if not fewest <= self.min_answered <= len(self.items):
            raise ValueError(f"score.min_answered: expected {fewest} to {len(self.items)}")
        if list(self.reach) != score.get("range"):
            raise ValueError(f"score.range: the answers reach {list(self.reach)}")
        totals = [x for band in self.bands for x in range(band.low, band.high + 1)]
        if self.bands and totals != list(range(self.reach[0], self.reach[1] + 1)):
            raise ValueError("score.bands: expected ranges in order that cover score.range once")
        if self.method is Method.SUM and not self.opt_in:
            raise ValueError("opt_in: a self-check with a total is for members who asked for it")
        if self.method is Method.STRAINS and None in (item.driver for item in self.items):
            raise ValueError("items: each needs a driver when the method is strains")


def leading(strains: Mapping[Driver, int]) -> tuple[Driver, ...]:
    """Choose the one or two drivers that strain most; of equals, those asked about first."""
    strained = [driver for driver in strains if strains[driver] >= STRAINED]
    return tuple(sorted(strained, key=lambda driver: -strains[driver])[:LEADING])


def compare(value: float, earlier: Sequence[float], needs: int = 3) -> Usual:
    """Put a value beside the median of earlier ones; less than one point apart is the same."""
    if len(earlier) < needs:
        return Usual.EARLY
    apart = value - median(earlier)
    if abs(apart) < 1:
        return Usual.ABOUT
    return Usual.HIGHER if apart > 0 else Usual.LOWER


def check_reviewed(data: Mapping[str, Any]) -> None:
    """Refuse content that does not say where it comes from and when it was written."""
    held(data, "source", str)
    held(data, "written", date)


def held(data: object, key: Any, kind: type[Kind], where: str = "") -> Kind:
    """Give what stands under `key`, or raise ValueError with the name of the key."""
    found = data.get(key) if isinstance(data, dict) else None
    if type(found) is not kind or found in ("", [], {}):
        raise ValueError(f"{where}{key}: expected a {kind.__name__} that is not empty")
    return found


def _item(data: Mapping[str, Any]) -> Item:
    name = held(data, "id", str, "items: ")
    driver = data.get("driver")
    return Item(
        name,
        held(data, "text", str, f"items: {name}: "),
        data.get("reverse", False) is True,
        None if driver is None else Driver(driver),
    )


def _band(data: Mapping[str, Any]) -> Band:
    low, high = (held(data, end, int, "score.bands: ") for end in ("min", "max"))
    return Band(low, high, held(data, "label", str, "score.bands: "))
