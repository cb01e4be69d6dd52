"""The two most useful next moves, for a home page that is not a list of everything."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class Move(StrEnum):
    """What a member could do next, the most useful first."""

    RESUME = "resume"
    FIRST_GOAL = "first_goal"
    ANSWER = "answer"
    OVERDUE = "overdue"
    SHARPEN = "sharpen"
    NEXT_STEP = "next_step"
    FIRST_STEP = "first_step"
    SETTLE = "settle"
    ADD = "add"


@dataclass(frozen=True, slots=True)
class GoalFacts:
    """What the choice looks at for one active goal."""

    goal_id: int
    title: str
    due: date | None
    is_measured: bool
    #: The first step that is not done; "" when there is none, None when there are no steps at all.
    next_step: str | None
    next_position: int


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A move, the row it is about (0 for none), and words of the member's that name it."""

    move: Move
    row: int = 0
    about: str = ""
    position: int = 0


def next_moves(
    goals: Sequence[GoalFacts],
    *,
    today: date,
    paused: bool,
    open_checkin: int,
    settled: bool,
    had_goals: bool = False,
) -> list[Suggestion]:
    """Choose two moves: what waits for an answer first, then what makes a goal easier to reach."""
    found: list[Suggestion] = []
    if paused:
        found.append(Suggestion(Move.RESUME))
    if not goals:
        found.append(Suggestion(Move.ADD if had_goals else Move.FIRST_GOAL))
    if open_checkin and not paused:
        found.append(Suggestion(Move.ANSWER, open_checkin))
    found += [
        Suggestion(Move.OVERDUE, goal.goal_id, goal.title)
        for goal in goals
        if goal.due is not None and goal.due < today
    ]
    by_date = sorted(goals, key=lambda goal: (goal.due is None, goal.due or today))
    found += [
        Suggestion(Move.SHARPEN, goal.goal_id, goal.title) for goal in by_date if goal.due is None
    ][:1]
    found += [
        Suggestion(Move.NEXT_STEP, goal.goal_id, goal.next_step, goal.next_position)
        for goal in by_date
        if goal.next_step
    ][:1]
    found += [
        Suggestion(Move.FIRST_STEP, goal.goal_id, goal.title)
        for goal in by_date
        if goal.next_step is None
    ][:1]
    if not settled:
        found.append(Suggestion(Move.SETTLE))
    if goals:
        found.append(Suggestion(Move.ADD))
    return found[:2]
