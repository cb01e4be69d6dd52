"""Closing and reopening a goal, wherever it is decided: by command, in a check-in, in a review."""

from datetime import datetime

from sqlmodel import Session

from bot.domain.areas import GoalStatus
from bot.models import Goal
from bot.store import goals


def finish(db: Session, goal: Goal, now: datetime, note: str = "") -> None:
    """Mark a goal done and write it into its story."""
    goal.status, goal.closed_at = GoalStatus.DONE, now
    goals.record(db, goal, "done", now, note=note)


def let_go(db: Session, goal: Goal, now: datetime, note: str = "") -> None:
    """Let a goal go and write it, with the reason, into its story."""
    goal.status, goal.closed_at = GoalStatus.DROPPED, now
    goals.record(db, goal, "dropped", now, note=note)


def reopen(db: Session, goal: Goal, now: datetime) -> None:
    """Make a closed goal active again; its story keeps both moments."""
    goal.status, goal.closed_at = GoalStatus.ACTIVE, None
    goals.record(db, goal, "reopened", now)
