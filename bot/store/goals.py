"""Goals, their steps, plans and stories. Every question is asked through the member."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import bindparam, case, func, insert, nulls_first
from sqlalchemy import select as core_select
from sqlmodel import Session, col, select

from bot.domain.areas import GoalStatus
from bot.models import Goal, GoalEvent, IfThen, Step
from bot.models.base import table_of

_GOALS = table_of(Goal)
# Built once: this is the path that every member's first minute goes through.
_ADD = (
    _GOALS.insert()
    .values(
        number=core_select(func.coalesce(func.max(_GOALS.c.number), 0) + 1)
        .where(_GOALS.c.member_id == bindparam("owner"))
        .scalar_subquery()
    )
    .returning(_GOALS.c.id, _GOALS.c.number)
)
_CROWD = core_select(
    func.count(),
    func.min(case((func.lower(_GOALS.c.title) == bindparam("lower_title"), _GOALS.c.number))),
).where(_GOALS.c.member_id == bindparam("owner"), _GOALS.c.status == GoalStatus.ACTIVE.value)
_NEW = {
    "title": "", "why": "", "area": None, "due": None, "measure_unit": "", "measure_start": None,
    "measure_target": None, "measure_now": None, "confidence": None, "shared": False,
    "status": GoalStatus.ACTIVE.value,
}  # fmt: skip


def add(db: Session, member_id: int, now: datetime, **facts: Any) -> tuple[int, int]:
    """Keep a new goal under the member's next number; give its row and that number."""
    values = {**_NEW, **facts, "member_id": member_id, "created_at": now, "owner": member_id}
    row = db.connection().execute(_ADD, values).one()
    return row[0], row[1]


def crowd(db: Session, member_id: int, title: str) -> tuple[int, int | None]:
    """Count the active goals, and give the number of one that has this title already."""
    given = {"owner": member_id, "lower_title": title.lower()}
    row = db.connection().execute(_CROWD, given).one()
    return row[0], row[1]


def active(db: Session, member_id: int) -> Sequence[Goal]:
    """List the goals the coach still asks about, oldest first."""
    return db.exec(
        select(Goal)
        .where(Goal.member_id == member_id, Goal.status == GoalStatus.ACTIVE)
        .order_by(col(Goal.number))
    ).all()


def closed(db: Session, member_id: int, limit: int) -> Sequence[Goal]:
    """List the goals that were done or let go, the latest first."""
    return db.exec(
        select(Goal)
        .where(Goal.member_id == member_id, Goal.status != GoalStatus.ACTIVE)
        .order_by(col(Goal.closed_at).desc())
        .limit(limit)
    ).all()


def longest_unasked(db: Session, member_id: int, limit: int) -> Sequence[Goal]:
    """List active goals that check-ins have not mentioned for the longest time."""
    return db.exec(
        select(Goal)
        .where(Goal.member_id == member_id, Goal.status == GoalStatus.ACTIVE)
        .order_by(nulls_first(col(Goal.asked_at).asc()), col(Goal.number))
        .limit(limit)
    ).all()


def longest_unreviewed(db: Session, member_id: int, limit: int) -> Sequence[Goal]:
    """List active goals that no review has looked at for the longest time."""
    return db.exec(
        select(Goal)
        .where(Goal.member_id == member_id, Goal.status == GoalStatus.ACTIVE)
        .order_by(nulls_first(col(Goal.reviewed_at).asc()), col(Goal.number))
        .limit(limit)
    ).all()


def owned(db: Session, member_id: int, goal_id: int) -> Goal | None:
    """Load a goal by its row if it is this member's."""
    return db.exec(
        select(Goal).where(Goal.id == goal_id, Goal.member_id == member_id)
    ).one_or_none()


def numbered(db: Session, member_id: int, number: int) -> Goal | None:
    """Load a goal by the member's own number."""
    return db.exec(
        select(Goal).where(Goal.number == number, Goal.member_id == member_id)
    ).one_or_none()


def record(
    db: Session,
    goal: Goal,
    kind: str,
    now: datetime,
    *,
    note: str = "",
    value: float | None = None,
    day: date | None = None,
) -> None:
    """Write one moment into the goal's story."""
    db.connection().execute(
        insert(GoalEvent).values(
            goal_id=goal.key, at=now, kind=kind, note=note, value=value, day=day
        )
    )


def story(db: Session, goal: Goal) -> Sequence[GoalEvent]:
    """Tell the goal's story from the beginning."""
    return db.exec(
        select(GoalEvent)
        .where(GoalEvent.goal_id == goal.key)
        .order_by(col(GoalEvent.at), col(GoalEvent.id))
    ).all()


#: As many values as a trend shows.
TREND = 12


def values(db: Session, goal: Goal) -> list[float]:
    """List the last values of the goal's measure, the oldest first."""
    return [
        event.value
        for event in story(db, goal)
        if event.kind in {"progress", "measure"} and event.value is not None
    ][-TREND:]


def steps(db: Session, goal: Goal) -> Sequence[Step]:
    """List the goal's steps in order."""
    return db.exec(select(Step).where(Step.goal_id == goal.key).order_by(col(Step.position))).all()


def add_step(db: Session, goal: Goal, text: str, due: date | None) -> Step:
    """Add a step after the last one."""
    last = db.exec(select(func.max(Step.position)).where(Step.goal_id == goal.key)).one()
    step = Step(goal_id=goal.key, position=(last or 0) + 1, text=text, due=due)
    db.add(step)
    db.flush()
    return step


def step_at(db: Session, goal: Goal, position: int) -> Step | None:
    """Load one step by its place in the list."""
    return db.exec(
        select(Step).where(Step.goal_id == goal.key, Step.position == position)
    ).one_or_none()


def plans(db: Session, goal: Goal) -> Sequence[IfThen]:
    """List the goal's if-then plans."""
    return db.exec(select(IfThen).where(IfThen.goal_id == goal.key).order_by(col(IfThen.id))).all()


def add_plan(db: Session, goal: Goal, cue: str, act: str, now: datetime) -> IfThen:
    """Add an if-then plan."""
    plan = IfThen(goal_id=goal.key, cue=cue, act=act, created_at=now)
    db.add(plan)
    db.flush()
    return plan
