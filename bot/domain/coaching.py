"""What the coach suggests after a check-in: rules in code, each with the source it rests on."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from bot.domain.areas import Standing

#: A measure that has not moved for this long raises the question whether the goal is still right.
STILL = timedelta(days=28)
#: A phone shows this many suggestions without scrolling; the rest can wait a week.
AT_MOST = 2


class Rule(StrEnum):
    """The rules by name, in the order in which they speak."""

    #: Finishing is recognised in private, specifically, and turned into learning: clinicians value
    #: private words most and public praise least (survey in oncology, n = 405).
    LEARNED = "learned"
    #: An overdue goal gets a new date, a smaller size, or is let go without guilt: dropping is a
    #: valid result of a review (goal-setting practice; our own rule).
    OVERDUE = "overdue"
    #: Stuck twice in a row: a smaller step, or an if-then plan. Implementation intentions help
    #: attainment, d = .65 over 94 tests (Gollwitzer & Sheeran 2006; publication bias makes the
    #: figure optimistic).
    STUCK_TWICE = "stuck_twice"
    #: No measure moving for a month: is it still the right goal? Recording progress helps,
    #: d = .40 over 138 studies (Harkin 2016), so silence of the record is worth a question.
    STILL_RIGHT = "still_right"


@dataclass(frozen=True, slots=True)
class Facts:
    """What the rules look at for one goal."""

    goal_id: int
    title: str
    #: Answers of check-ins, the latest first, this one included.
    standings: Sequence[str]
    due: date | None
    #: The day its measure last moved, or the day it was set; None when it has no measure.
    moved: date | None


@dataclass(frozen=True, slots=True)
class Advice:
    """One suggestion about one goal."""

    rule: Rule
    goal_id: int
    title: str


def advise(goals: Sequence[Facts], today: date) -> list[Advice]:
    """Choose what to suggest: one rule a goal, the weightiest first, at most two in all."""
    found = [
        Advice(rule, facts.goal_id, facts.title)
        for facts in goals
        if (rule := _rule(facts, today)) is not None
    ]
    order = list(Rule)
    return sorted(found, key=lambda advice: order.index(advice.rule))[:AT_MOST]


def _rule(facts: Facts, today: date) -> Rule | None:
    latest = facts.standings[0] if facts.standings else None
    if latest == Standing.DONE:
        return Rule.LEARNED
    if facts.due is not None and facts.due < today:
        return Rule.OVERDUE
    if list(facts.standings[:2]) == [Standing.STUCK, Standing.STUCK]:
        return Rule.STUCK_TWICE
    if facts.moved is not None and today - facts.moved >= STILL:
        return Rule.STILL_RIGHT
    return None
