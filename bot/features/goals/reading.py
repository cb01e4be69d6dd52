"""From rows to the facts that prompts show, and from a member's words to one of their goals."""

from collections.abc import Callable
from datetime import date, timedelta
from functools import cache

from bot.chat.content import content
from bot.chat.message import Form
from bot.chat.prompt import Prompt
from bot.domain.measure import sparkline
from bot.domain.smart import SmartCheck, SmartRules, check
from bot.engine.turn import Turn
from bot.errors import Ambiguous, Refused
from bot.features.goals.prompts import GoalLine, GoalShown, Moment, StepLine
from bot.models import Goal
from bot.store import goals

#: A goal that is due later than this is a long-term one.
LONG_TERM = timedelta(days=183)
#: How many goals a button row offers before the list is the better way.
OFFERED = 10


def owned(turn: Turn, goal_id: int) -> Goal:
    """Load a goal through its member: nobody reaches another's."""
    goal = goals.owned(turn.db, turn.member.key, goal_id)
    if goal is None:
        raise Refused("goals.refused.unknown")
    return goal


def still_active(turn: Turn, goal_id: int) -> Goal:
    """Load a goal that must still be open for what is asked."""
    goal = owned(turn, goal_id)
    if not goal.is_active:
        raise Refused(
            "goals.refused.closed",
            number=goal.number,
            status=goal.status,
            on=turn.at(goal.closed_at or turn.now).date(),
        )
    return goal


def meant(
    turn: Turn, number: int | None, verb: str, then: Callable[[Goal], Prompt | Form], rest: str = ""
) -> Prompt | Form:
    """Find the goal that a command means: by its number, the only one, or by asking.

    `rest` is what else was typed: it comes along with the goal that is chosen.
    """
    if number is not None:
        goal = goals.numbered(turn.db, turn.member.key, number)
        if goal is None:
            raise Refused("goals.refused.no_number", number=number)
        return then(goal)
    active = goals.active(turn.db, turn.member.key)
    if not active:
        raise Refused("goals.refused.none")
    if len(active) == 1:
        return then(active[0])
    offered = active[:OFFERED]
    raise Ambiguous(
        "goals.which", tuple(f"/goal {verb} {goal.number} {rest}".strip() for goal in offered)
    ).labelled(tuple(f"{goal.number}. {goal.title}" for goal in offered))


@cache
def rules() -> SmartRules:
    """Read the words by which goals are checked."""
    return SmartRules.from_data(content("goals/smart_rules"))


def smart(title: str, *, due: date | None, measured: bool, why: str) -> SmartCheck:
    """Check a goal as it was typed; the facts that were read apart count too."""
    return check(title, rules(), has_due=due is not None, has_measure=measured, has_why=bool(why))


def guess_area(title: str) -> str | None:
    """Guess which of the nine areas a goal belongs to; None when nothing tells."""
    low = f" {title.lower()} "
    best, most = None, 0
    for area, phrases in content("goals/areas")["areas"].items():
        count = sum(phrase in low for phrase in phrases)
        if count > most:
            best, most = str(area), count
    return best


def line(goal: Goal, today: date) -> GoalLine:
    """Give a goal as one line of a list."""
    return GoalLine(
        goal.number, goal.title, goal.due, goal.is_overdue(today), goal.measure, goal.percent
    )


def horizon(goal: Goal, today: date) -> str:
    """Tell "short", "long" or "open"."""
    if goal.due is None:
        return "open"
    return "long" if goal.due - today > LONG_TERM else "short"


def trend(turn: Turn, goal: Goal) -> str:
    """Draw how the measure moved, oldest first; empty with fewer than two values."""
    return sparkline(goals.values(turn.db, goal))


def step_lines(turn: Turn, goal: Goal) -> tuple[StepLine, ...]:
    """List a goal's steps."""
    return tuple(
        StepLine(step.position, step.text, step.due, step.done_at is not None)
        for step in goals.steps(turn.db, goal)
    )


def shown(turn: Turn, goal: Goal) -> GoalShown:
    """Tell everything about one goal."""
    story = (
        Moment(turn.at(event.at).date(), event.kind, event.note, event.value, event.day)
        for event in goals.story(turn.db, goal)
    )
    began = Moment(turn.at(goal.created_at).date(), "added", "", None, None)
    return GoalShown(
        goal_id=goal.key,
        number=goal.number,
        title=goal.title,
        status=str(goal.status),
        due=goal.due,
        overdue=goal.is_overdue(turn.today),
        horizon=horizon(goal, turn.today),
        area=turn.words.short(f"goals.area.{goal.area}") if goal.area else "",
        why=goal.why,
        measure=goal.measure,
        percent=goal.percent,
        trend=trend(turn, goal),
        confidence=goal.confidence,
        steps=step_lines(turn, goal),
        plans=tuple((plan.cue, plan.act) for plan in goals.plans(turn.db, goal)),
        story=(began, *story),
    )
