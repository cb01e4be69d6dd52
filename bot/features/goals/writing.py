"""Changes to one goal, each with its moment in the goal's story."""

from datetime import date

from bot.domain.measure import Measure
from bot.engine.turn import Turn
from bot.errors import Refused
from bot.features.goals.prompts import GoalChanged, Progress
from bot.features.goals.reading import step_lines, trend
from bot.models import Goal
from bot.store import goals

#: More steps than this is a project plan; a chat is the wrong place for it.
MOST_STEPS = 30


def add_step(turn: Turn, goal: Goal, text: str, due: date | None) -> GoalChanged:
    """Add a step, or a milestone when it has a date."""
    if len(goals.steps(turn.db, goal)) >= MOST_STEPS:
        raise Refused("goals.refused.too_many_steps", most=MOST_STEPS)
    step = goals.add_step(turn.db, goal, text, due)
    goals.record(turn.db, goal, "step", turn.now, note=step.text, day=due)
    return changed(goal, (), step=step.text)


def add_plan(turn: Turn, goal: Goal, cue: str, act: str) -> GoalChanged:
    """Add an if-then plan."""
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


def note_progress(turn: Turn, goal: Goal, value: float | None, note: str) -> Progress:
    """Record where a goal stands; a goal without a measure keeps the words alone."""
    if value is not None and not goal.is_measured:
        raise Refused("goals.refused.no_measure", number=goal.number)
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


def changed(
    goal: Goal, changes: tuple[str, ...], step: str = "", plan: tuple[str, str] | None = None
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
        plan=plan,
    )
