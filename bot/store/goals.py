"""Goals, their steps, plans and stories. Every question is asked through the member.

Their words are sealed: rows of words are made here alone, and open themselves where they are read.
"""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import Integer, bindparam, func, nulls_first
from sqlalchemy import select as core_select
from sqlmodel import Session, col, select

from bot.domain.areas import GoalStatus
from bot.models import Goal, GoalEvent, IfThen, Step
from bot.models.base import table_of
from bot.models.goal import event_place, goal_place, plan_place, step_place
from bot.models.sealed import sealed_words
from bot.store.vault import vault_of

_GOALS = table_of(Goal)
# Built once: this is the path that every member's first minute goes through.
_NUMBER = core_select(func.coalesce(func.max(_GOALS.c.number), 0) + 1).where(
    _GOALS.c.member_id == bindparam("owner")
)
_ADD = _GOALS.insert().returning(_GOALS.c.id)
_CROWD = (
    core_select(_GOALS.c.number, _GOALS.c.sealed)
    .where(_GOALS.c.member_id == bindparam("owner"), _GOALS.c.status == GoalStatus.ACTIVE.value)
    .order_by(_GOALS.c.number)
)
_NEW = {
    "area": None, "due": None, "measure_start": None, "measure_target": None, "measure_now": None,
    "confidence": None, "shared": False, "status": GoalStatus.ACTIVE.value,
}  # fmt: skip

_MOST = bindparam("most", type_=Integer())
_OF_MEMBER = select(Goal).where(Goal.member_id == bindparam("owner"))
_OPEN = _OF_MEMBER.where(Goal.status == GoalStatus.ACTIVE)
_ACTIVE = _OPEN.order_by(col(Goal.number))
_CLOSED = (
    _OF_MEMBER.where(Goal.status != GoalStatus.ACTIVE)
    .order_by(col(Goal.closed_at).desc())
    .limit(_MOST)
)
_UNASKED = _OPEN.order_by(nulls_first(col(Goal.asked_at).asc()), col(Goal.number)).limit(_MOST)
_UNREVIEWED = _OPEN.order_by(nulls_first(col(Goal.reviewed_at).asc()), col(Goal.number)).limit(
    _MOST
)
_OWNED = _OF_MEMBER.where(Goal.id == bindparam("goal"))
_NUMBERED = _OF_MEMBER.where(Goal.number == bindparam("number"))
_MARK_ASKED = (
    _GOALS.update().where(_GOALS.c.id == bindparam("goal")).values(asked_at=bindparam("now"))
)
_EVENTS = table_of(GoalEvent)
_RECORD = _EVENTS.insert()
_VALUES = (
    core_select(_EVENTS.c.value)
    .where(
        _EVENTS.c.goal_id == bindparam("goal"),
        _EVENTS.c.kind.in_(("progress", "measure")),
        _EVENTS.c.value.is_not(None),
    )
    .order_by(_EVENTS.c.at.desc(), _EVENTS.c.id.desc())
    .limit(_MOST)
)
_STEPS = select(Step).where(Step.goal_id == bindparam("goal")).order_by(col(Step.position))


def add(
    db: Session,
    member_id: int,
    now: datetime,
    *,
    title: str,
    why: str = "",
    measure_unit: str = "",
    **facts: Any,
) -> tuple[int, int]:
    """Keep a new goal under the member's next number; give its row and that number."""
    connection = db.connection()
    number: int = connection.execute(_NUMBER, {"owner": member_id}).scalar_one()
    words = {"title": title, "why": why, "measure_unit": measure_unit}
    sealed = sealed_words(db, member_id, goal_place(number), words)
    whose = {"member_id": member_id, "number": number, "sealed": sealed, "created_at": now}
    return connection.execute(_ADD, {**_NEW, **facts, **whose}).scalar_one(), number


def crowd(db: Session, member_id: int, title: str) -> tuple[int, int | None]:
    """Count the active goals, and give the number of one that has this title already."""
    rows = db.connection().execute(_CROWD, {"owner": member_id}).all()
    vault, wanted = vault_of(db), title.casefold()
    for number, sealed in rows:
        words = vault.open(db, member_id, goal_place(number), sealed)
        if words["title"].casefold() == wanted:
            return len(rows), number
    return len(rows), None


def active(db: Session, member_id: int) -> Sequence[Goal]:
    """List the goals the coach still asks about, oldest first."""
    return db.exec(_ACTIVE, params={"owner": member_id}).all()


def closed(db: Session, member_id: int, limit: int) -> Sequence[Goal]:
    """List the goals that were done or let go, the latest first."""
    return db.exec(_CLOSED, params={"owner": member_id, "most": limit}).all()


def longest_unasked(db: Session, member_id: int, limit: int) -> Sequence[Goal]:
    """List active goals that check-ins have not mentioned for the longest time."""
    return db.exec(_UNASKED, params={"owner": member_id, "most": limit}).all()


def mark_asked(db: Session, asked: Sequence[Goal], now: datetime) -> None:
    """Remember when these goals were last asked about; loaded goals keep the moment they had."""
    db.connection().execute(_MARK_ASKED, [{"goal": goal.key, "now": now} for goal in asked])


def longest_unreviewed(db: Session, member_id: int, limit: int) -> Sequence[Goal]:
    """List active goals that no review has looked at for the longest time."""
    return db.exec(_UNREVIEWED, params={"owner": member_id, "most": limit}).all()


def owned(db: Session, member_id: int, goal_id: int) -> Goal | None:
    """Load a goal by its row if it is this member's."""
    return db.exec(_OWNED, params={"owner": member_id, "goal": goal_id}).one_or_none()


def numbered(db: Session, member_id: int, number: int) -> Goal | None:
    """Load a goal by the member's own number."""
    return db.exec(_NUMBERED, params={"owner": member_id, "number": number}).one_or_none()


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
    place = event_place(goal.key, now, kind)
    sealed = sealed_words(db, goal.member_id, place, {"note": note})
    whose = {"member_id": goal.member_id, "goal_id": goal.key, "sealed": sealed}
    moment = {"at": now, "kind": kind, "value": value, "day": day}
    db.connection().execute(_RECORD, {**whose, **moment})


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
    latest = db.connection().execute(_VALUES, {"goal": goal.key, "most": TREND}).scalars()
    return [*reversed(latest.all())]


def steps(db: Session, goal: Goal) -> Sequence[Step]:
    """List the goal's steps in order."""
    return db.exec(_STEPS, params={"goal": goal.key}).all()


def add_step(db: Session, goal: Goal, text: str, due: date | None) -> Step:
    """Add a step after the last one."""
    last = db.exec(select(func.max(Step.position)).where(Step.goal_id == goal.key)).one()
    position = (last or 0) + 1
    sealed = sealed_words(db, goal.member_id, step_place(goal.key, position), {"text": text})
    step = Step(
        member_id=goal.member_id, goal_id=goal.key, position=position, sealed=sealed, due=due
    )
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
    words = {"cue": cue, "act": act}
    sealed = sealed_words(db, goal.member_id, plan_place(goal.key, now), words)
    plan = IfThen(member_id=goal.member_id, goal_id=goal.key, sealed=sealed, created_at=now)
    db.add(plan)
    db.flush()
    return plan
