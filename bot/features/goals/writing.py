"""Changes to one goal, each with its moment in the goal's story."""

import re
from datetime import date

from bot.domain.measure import Measure, number
from bot.engine.turn import Turn
from bot.errors import Misread, Refused
from bot.features.goals.prompts import GoalChanged, Progress
from bot.features.goals.reading import step_lines, trend
from bot.models import Goal
from bot.store import goals

#: More steps than this is a project plan; a chat is the wrong place for it.
MOST_STEPS = 30
#: The largest value a measure takes: more is a slip of the finger.
MOST = 1e7
_IF = re.compile(r"^(?:if|when)\s+", re.IGNORECASE)
_THEN = re.compile(r"^(?:then\s+)?(?:I(?:'ll| will)?\s+)?", re.IGNORECASE)


def add_step(turn: Turn, goal: Goal, text: str, due: date | None) -> GoalChanged:
    """Add a step, or a milestone when it has a date."""
    if len(goals.steps(turn.db, goal)) >= MOST_STEPS:
        raise Refused("goals.refused.too_many_steps", most=MOST_STEPS)
    step = goals.add_step(turn.db, goal, tidy(text), due)
    goals.record(turn.db, goal, "step", turn.now, note=step.text, day=due)
    return changed(goal, (), step=step.text, step_due=due)


def add_plan(turn: Turn, goal: Goal, cue: str, act: str) -> GoalChanged:
    """Add an if-then plan."""
    # People write the whole sentence into the two halves: "If I log off," "then I …".
    cue = _IF.sub("", tidy(cue))
    act = _THEN.sub("", tidy(act))
    plan = goals.add_plan(turn.db, goal, cue, act, turn.now)
    goals.record(turn.db, goal, "plan", turn.now, note=f"{cue} → {act}")
    return changed(goal, (), plan=(plan.cue, plan.act))


def change_due(turn: Turn, goal: Goal, due: date | None, reason: str = "") -> GoalChanged:
    """Give a goal another date, and remember the day it had."""
    if due != goal.due:
        goal.due = due
        goals.record(turn.db, goal, "due", turn.now, day=due, note=reason)
        return changed(goal, ("due",))
    return changed(goal, ())


def change_measure(turn: Turn, goal: Goal, measure: Measure | None) -> bool:
    """Give a goal another measure; True when it changed."""
    new = (measure.start, measure.target, measure.unit) if measure else (None, None, "")
    if new == (goal.measure_start, goal.measure_target, goal.measure_unit) and (
        measure is None or measure.now == goal.measure_now
    ):
        return False
    goal.measure_start, goal.measure_target, goal.measure_unit = new
    goal.measure_now = measure.now if measure else None
    goals.record(turn.db, goal, "measure", turn.now, value=goal.measure_now, note=goal.measure)
    return True


def note_progress(
    turn: Turn, goal: Goal, value: float | None, note: str, target: float | None = None
) -> Progress:
    """Record where a goal stands; a goal without a measure keeps the words alone.

    A target that was typed along ("3 of 5") is the goal's target from now on.
    """
    if value is not None and not goal.is_measured and target is None:
        raise Refused("goals.refused.no_measure", number=goal.number)
    if value is not None and not 0 <= value <= MOST:
        raise Misread("help.out_of_range", low=0, high=number(MOST))
    if target is not None and target > 0 and target != goal.measure_target:
        change_measure(turn, goal, Measure(0, value or 0, target, goal.measure_unit))
    if value is not None:
        goal.measure_now = value
    goal.moved_at = turn.now
    goals.record(turn.db, goal, "progress", turn.now, value=value, note=note)
    turn.db.flush()
    return progress_of(turn, goal)


def progress_of(turn: Turn, goal: Goal, step: str = "") -> Progress:
    """Say where a goal stands, after a step that was done or a value that moved."""
    left = sum(1 for each in step_lines(turn, goal) if not each.done)
    return Progress(
        goal_id=goal.key,
        number=goal.number,
        title=goal.title,
        measure=goal.measure,
        percent=goal.percent,
        trend=trend(turn, goal),
        step=step,
        steps_left=left,
        reached=goal.percent == 100 if goal.is_measured else bool(step) and left == 0,
    )


def tidy(text: str) -> str:
    """Take the full stop or comma from the end: the words go into a sentence of ours."""
    return text.rstrip(" .,;") or text


def changed(
    goal: Goal,
    changes: tuple[str, ...],
    step: str = "",
    plan: tuple[str, str] | None = None,
    step_due: date | None = None,
) -> GoalChanged:
    """Say what a goal looks like now."""
    return GoalChanged(
        goal_id=goal.key,
        number=goal.number,
        title=goal.title,
        due=goal.due,
        measure=goal.measure,
        changes=changes,
        step=step,
        step_due=step_due,
        plan=plan,
    )
