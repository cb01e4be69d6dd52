"""Counts over all rows, for a simulation that checks itself. SQLite alone: a day is its text."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import case, func
from sqlalchemy import select as core_select
from sqlmodel import Session, col, select

from bot.models import CheckIn, Delivery, DeliveryState, Goal, Member


@dataclass(frozen=True, slots=True)
class Counted:
    """How many rows there are of each kind; days are in UTC."""

    #: State, occasion, reason, and the day it was sent, or else due.
    deliveries: list[tuple[str, str, str, date, int]]
    #: The day it was asked, and the day it was answered.
    checkins: list[tuple[date | None, date | None, int]]
    #: Status, the day it was added, and the day it was closed.
    goals: list[tuple[str, date, date | None, int]]
    #: Zone, and the day they joined.
    members: list[tuple[str, date, int]]
    on_leave: int


def count_all(db: Session, now: datetime) -> Counted:
    """Count every delivery, check-in, goal and member, and who is on leave at a moment."""
    return Counted(
        [(state, what, why, _date(day), n) for state, what, why, day, n in _deliveries(db)],
        [(_maybe(asked), _maybe(answered), n) for asked, answered, n in _checkins(db)],
        [(status, _date(added), _maybe(closed), n) for status, added, closed, n in _goals(db)],
        [(zone, _date(joined), n) for zone, joined, n in _members(db)],
        _on_leave(db, now),
    )


def _deliveries(db: Session) -> list[Any]:
    is_sent = col(Delivery.state) == DeliveryState.SENT
    return _grouped(
        db,
        col(Delivery.state),
        col(Delivery.occasion),
        col(Delivery.reason),
        func.date(case((is_sent, col(Delivery.sent_at)), else_=col(Delivery.due_at))),
    )


def _checkins(db: Session) -> list[Any]:
    return _grouped(db, func.date(col(CheckIn.asked_at)), func.date(col(CheckIn.answered_at)))


def _goals(db: Session) -> list[Any]:
    return _grouped(
        db,
        col(Goal.status),
        func.date(col(Goal.created_at)),
        func.date(col(Goal.closed_at)),
    )


def _members(db: Session) -> list[Any]:
    return _grouped(db, col(Member.zone), func.date(col(Member.joined_at)))


def _on_leave(db: Session, now: datetime) -> int:
    paused = db.exec(select(Member).where(col(Member.paused_at).is_not(None)))
    return sum(each.is_paused(now) for each in paused)


def _grouped(db: Session, *keys: Any) -> list[Any]:
    return list(db.connection().execute(core_select(*keys, func.count()).group_by(*keys)).all())


def _date(day: str) -> date:
    return date.fromisoformat(day)


def _maybe(day: str | None) -> date | None:
    return None if day is None else date.fromisoformat(day)
