"""The weekly pulse: three taps in our own words, and what follows from them.

The texts and the decision table are reviewed content: `prompts/content/wellbeing/pulse.yaml`.
An answer is compared with the member's own answers and with nobody else's. A part that was
skipped, or a pulse that was not answered, says nothing and is never filled in.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from datetime import date, timedelta
from enum import StrEnum
from itertools import groupby
from statistics import median
from typing import Any

from bot.domain.instruments import Driver, Usual, check_reviewed, compare, held
from bot.domain.measure import sparkline
from bot.domain.silence import FORTNIGHTLY, MONTHLY, STOP, weeks_between

_WEEK = timedelta(weeks=1)
_DRIVER_COUNTS = timedelta(weeks=4)  # what took the most out of someone a month ago may be over


class Part(StrEnum):
    """A part that is answered by a number."""

    BURNOUT = "burnout"  # more is worse
    ENERGY = "energy"  # more is better


#: The lowest and the highest value of a part.
SCALES: Mapping[Part, tuple[int, int]] = {Part.BURNOUT: (1, 5), Part.ENERGY: (0, 4)}


class Side(StrEnum):
    """Which way the third question is asked; it turns weekly."""

    TOOK = "took"
    GAVE = "gave"


class Step(StrEnum):
    """What follows from a pulse."""

    THANK_ONLY = "thank_only"  # and nothing about burnout: nudging people who are well does harm
    OFFER_IDEA = "offer_idea"  # one question: a small idea for the driver? yes, not now, mute
    OFFER_MONTHLY = "offer_monthly"
    RESOURCES_COLLAPSED = "resources_collapsed"
    RESOURCES_OPEN = "resources_open"
    OFFER_HUMAN = "offer_human"  # the list "talk to a human"
    OFFER_CHECK_BACK = "offer_check_back"  # in three or four days, only if the member asks for it
    PAUSE_GOALS_7D = "pause_goals_7d"  # reminders rest, unless the member keeps them
    OFFER_MOVE_DEADLINES = "offer_move_deadlines"
    OFFER_RECOVERY_PACK = "offer_recovery_pack"
    ASK_FORTNIGHTLY = "ask_fortnightly"
    ASK_MONTHLY = "ask_monthly"
    STOP_ASKING = "stop_asking"  # said once, then silence


_FEWER = {FORTNIGHTLY: Step.ASK_FORTNIGHTLY, MONTHLY: Step.ASK_MONTHLY, STOP: Step.STOP_ASKING}


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """One answered pulse; None for a part that was skipped. Out of range raises ValueError."""

    day: date  # the member's own day on which it was asked
    burnout: int | None = None
    energy: int | None = None
    driver: Driver | None = None

    def __post_init__(self) -> None:
        for part, (low, high) in SCALES.items():
            if (value := getattr(self, part)) is not None and (
                type(value) is not int or not low <= value <= high
            ):
                raise ValueError(f"{part} is a whole number from {low} to {high}, not {value!r}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """What to do, and why."""

    steps: frozenset[Step] = frozenset()
    rows: tuple[str, ...] = ()  # the rows of the table that spoke
    driver: Driver | None = None  # what an idea would be about; None: ask
    weeks: int | None = 1  # until the next pulse; None: ask no more


@dataclass(frozen=True, slots=True)
class Question:
    """A question and its options, value and label."""

    text: str
    options: tuple[tuple[int | str, str], ...]


@dataclass(frozen=True, slots=True)
class Row:
    """One row of the decision table."""

    id: str
    part: Part
    condition: str
    bound: int
    steps: tuple[Step, ...]


@dataclass(frozen=True, slots=True)
class Trend:
    """A part over the last weeks: where the latest answer stands, and the values as a line."""

    usual: Usual
    line: str  # "" for fewer than two answers
    values: tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PulseRules:
    """The reviewed texts and the decision table."""

    label: str
    questions: Mapping[str, Question]  # burnout, energy, took, gave
    rows: tuple[Row, ...]
    trend: Mapping[Part, Mapping[Usual, str]]
    window: timedelta  # how far back answers count
    usual_needs: int  # earlier answers without which there is no usual

    @classmethod
    def from_data(cls, data: Mapping[str, Any]) -> "PulseRules":
        """Read the content file, or raise ValueError with the name of the faulty key."""
        check_reviewed(data)
        asked = held(data, "questions", dict)
        options: dict[str, list[Any]] = {each: list(map(str, Driver)) for each in Side}
        options |= {part: list(range(low, high + 1)) for part, (low, high) in SCALES.items()}
        texts = held(data, "trend", dict)
        return cls(
            label=held(data, "label", str),
            questions={name: _question(asked, name, options[name]) for name in options},
            rows=tuple(map(_row, held(data, "rows", list))),
            trend={
                part: {each: held(held(texts, part, dict), each, str, "trend.") for each in Usual}
                for part in Part
            },
            window=timedelta(weeks=held(data, "window_weeks", int)),
            usual_needs=held(data, "usual_needs", int),
        )


def side(day: date) -> Side:
    """Tell which way the third question is asked: a week, which begins on Monday, has one side."""
    return Side.TOOK if _week(day) % 2 == 0 else Side.GAVE


def decide(
    history: Sequence[Answer], today: date, rules: PulseRules, *, misses: int = 0
) -> Decision:
    """Say what follows from the answer of the last seven days, or from `misses` in a row.

    For each part of the pulse the first row that holds speaks; the parts do not silence each
    other. A miss speaks alone: what somebody does not say is no reason to offer anything.
    """
    weeks = weeks_between(misses)
    if misses:
        # The step comes with the miss that changes the rhythm, and with no other: it is said once.
        fewer = frozenset({_FEWER[misses]} if misses in _FEWER else ())
        return Decision(steps=fewer, rows=("silence",), weeks=weeks)
    recent = _recent(history, today, rules.window)
    if not recent or today - recent[-1].day >= _WEEK:
        return Decision(weeks=weeks)
    spoke: dict[Part, Row] = {}
    for row in rules.rows:
        if row.part not in spoke and _holds(row, recent, rules):
            spoke[row.part] = row
    return Decision(
        steps=frozenset(step for row in spoke.values() for step in row.steps),
        rows=tuple(row.id for row in spoke.values()),
        driver=strain(history, today),
        weeks=weeks,
    )


def strain(history: Sequence[Answer], today: date) -> Driver | None:
    """Find what last took the most out of the member within four weeks, if they said."""
    for answer in reversed(_recent(history, today, _DRIVER_COUNTS)):
        if answer.driver is not None and side(answer.day) is Side.TOOK:
            return None if answer.driver is Driver.NOTHING else answer.driver
    return None


def trend(history: Sequence[Answer], today: date, part: Part, rules: PulseRules) -> Trend:
    """Compare the latest answer to a part with the member's own usual of the window."""
    values = _given(_recent(history, today, rules.window), part)
    usual = compare(values[-1], values[:-1], rules.usual_needs) if values else Usual.EARLY
    # The ends of the scale go in and come out again: a step from 2 to 3 must not look like a wall.
    line = sparkline([*SCALES[part], *values])[2:] if len(values) > 1 else ""
    return Trend(usual, line, tuple(values))


def _week(day: date) -> int:
    return (day.toordinal() - 1) // 7  # the first day of the calendar was a Monday


def _recent(history: Sequence[Answer], today: date, window: timedelta) -> list[Answer]:
    """List one answer a week, the oldest first; what is said later in a week replaces."""
    found = []
    days = sorted(history, key=lambda answer: answer.day)  # stable: of one day, the later speaks
    inside = [answer for answer in days if today - window < answer.day <= today]
    for _, answers in groupby(inside, key=lambda answer: _week(answer.day)):
        whole, *later = answers
        for each in later:
            said = {field.name: getattr(each, field.name) for field in fields(each)}
            whole = replace(whole, **{key: said[key] for key in said if said[key] is not None})
        found.append(whole)
    return found


def _given(answers: Sequence[Answer], part: Part) -> list[int]:
    values = [getattr(answer, part) for answer in answers]
    return [value for value in values if value is not None]


_CONDITIONS: Mapping[str, Callable[[int, Sequence[int], int, int], bool]] = {
    "at_least": lambda value, _, bound, __: value >= bound,
    "at_most": lambda value, _, bound, __: value <= bound,
    "twice_at_least": lambda value, before, bound, __: min(value, *before[-1:] or [-1]) >= bound,
    "twice_at_most": lambda value, before, bound, __: max(value, *before[-1:] or [99]) <= bound,
    "above_usual_by": lambda value, before, bound, needs: (
        len(before) >= needs and value >= median(before) + bound
    ),
}


def _holds(row: Row, recent: Sequence[Answer], rules: PulseRules) -> bool:
    if getattr(recent[-1], row.part) is None:
        return False  # skipped this time: an older answer does not stand in for it
    *before, value = _given(recent, row.part)
    return _CONDITIONS[row.condition](value, before, row.bound, rules.usual_needs)


def _question(asked: Mapping[str, Any], name: str, expected: Sequence[Any]) -> Question:
    where = f"questions.{name}."
    data = held(asked, name, dict, "questions.")
    options = held(data, "options", dict, where)
    if list(options) != expected:
        raise ValueError(f"{where}options: expected {expected} in this order")
    labels = tuple((value, held(options, value, str, where)) for value in options)
    return Question(held(data, "text", str, where), labels)


def _row(data: Mapping[str, Any]) -> Row:
    name = held(data, "id", str, "rows: ")
    when = held(data, "when", dict, f"rows: {name}: ")
    if len(when) != 1 or not set(when) <= set(_CONDITIONS):
        raise ValueError(f"rows: {name}: when: expected one of {', '.join(_CONDITIONS)}")
    try:
        part = Part(held(data, "part", str))
        steps = tuple(Step(step) for step in held(data, "steps", list))
    except ValueError as error:
        raise ValueError(f"rows: {name}: {error}") from None
    (condition,) = when
    return Row(name, part, condition, held(when, condition, int, f"rows: {name}: "), steps)
