"""/goal done, drop, and taking a goal up again."""

from typing import Annotated

from bot.chat.command import Arg
from bot.chat.message import Form
from bot.chat.prompt import Prompt
from bot.engine.turn import Turn
from bot.features.goals.group import Which, goal_group
from bot.features.goals.prompts import Already, GoalDone, GoalDropped, Reopened
from bot.features.goals.reading import meant, owned, step_lines
from bot.models import Goal
from bot.store import closing, goals


@goal_group.command(
    "done",
    examples=["1", "1 because I learned to ask for help early"],
    also=["finish", "finished", "reached"],
)
def done(
    turn: Turn,
    number: Which = None,
    taught: Annotated[str | None, Arg("what it taught you", lead="because", limit=2000)] = None,
) -> Prompt | Form:
    """Mark a goal as reached."""
    return meant(
        turn,
        number,
        "done",
        lambda goal: finish_goal(turn, goal, taught or ""),
        rest=f"because {taught}" if taught else "",
    )


@goal_group.action("finish")
def finish(turn: Turn, goal_id: int) -> Prompt:
    """Mark a goal as reached from a button."""
    return finish_goal(turn, owned(turn, goal_id), "")


def finish_goal(turn: Turn, goal: Goal, taught: str) -> Prompt:
    """Close a goal as done; a second press changes nothing."""
    if not goal.is_active:
        return _already(turn, goal)
    closing.finish(turn.db, goal, turn.now)
    if taught:
        goals.record(turn.db, goal, "learned", turn.now, note=taught)
    turn.db.flush()
    return GoalDone(
        goal_id=goal.key,
        number=goal.number,
        title=goal.title,
        weeks=(turn.now - goal.created_at).days // 7,
        steps_done=sum(1 for each in step_lines(turn, goal) if each.done),
        on_time=goal.due is not None and turn.today <= goal.due,
        why=goal.why,
        taught=taught,
    )


@goal_group.command(
    "drop", examples=["2", "2 because my rotation changed"], also=["remove", "delete"]
)
def drop(
    turn: Turn,
    number: Which = None,
    reason: Annotated[str | None, Arg("why, if you like", lead="because", limit=2000)] = None,
) -> Prompt | Form:
    """Let a goal go; that is a decision, not a failure."""
    return meant(
        turn,
        number,
        "drop",
        lambda goal: drop_goal(turn, goal, reason or ""),
        rest=f"because {reason}" if reason else "",
    )


@goal_group.action("let_go")
def let_go(turn: Turn, goal_id: int) -> Prompt:
    """Let a goal go from a button."""
    return drop_goal(turn, owned(turn, goal_id), "")


def drop_goal(turn: Turn, goal: Goal, reason: str) -> Prompt:
    """Close a goal as let go; a second press changes nothing."""
    if not goal.is_active:
        return _already(turn, goal)
    closing.let_go(turn.db, goal, turn.now, reason)
    return GoalDropped(goal_id=goal.key, number=goal.number, title=goal.title)


def _already(turn: Turn, goal: Goal) -> Already:
    return Already(
        goal_id=goal.key,
        number=goal.number,
        title=goal.title,
        status=str(goal.status),
        on=turn.at(goal.closed_at or turn.now).date(),
    )


@goal_group.action("reopen")
def reopen(turn: Turn, goal_id: int) -> Prompt:
    """Make a closed goal active again."""
    goal = owned(turn, goal_id)
    if not goal.is_active:
        closing.reopen(turn.db, goal, turn.now)
    return Reopened(goal_id=goal.key, number=goal.number, title=goal.title)
