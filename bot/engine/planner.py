"""Turns rhythms whose time has come into deliveries: one transaction, once an occurrence."""

from collections.abc import Collection
from datetime import datetime

from sqlmodel import Session

from bot.domain.rhythm import Rule, latest_until, next_after
from bot.domain.zones import local
from bot.models import Rhythm
from bot.store import deliveries, members, rhythms

#: Rhythms planned in one transaction: 1,000 hold SQLite's write lock for some 30 ms.
BATCH = 500


def plan(db: Session, now: datetime, platforms: Collection[str]) -> int:
    """Plan one batch of what is due; give how many rhythms were looked at."""
    due = rhythms.due(db, now, platforms, BATCH)
    for rhythm in due:
        _plan_one(db, rhythm, now)
    return len(due)


def _plan_one(db: Session, rhythm: Rhythm, now: datetime) -> None:
    rule = Rule.parse(rhythm.rule)
    # After a stop of ours only the last missed occurrence is promised: never a pile.
    occurrence = latest_until(rule, rhythm.next_at, now, rhythm.zone, rhythm.anchor)
    day = local(occurrence, rhythm.zone).date()
    rhythm.anchor = day if rule.every > 1 else None
    rhythm.next_at = next_after(rule, now, rhythm.zone, rhythm.anchor)
    member = members.by_id(db, rhythm.member_id)
    deliveries.promise(
        db, member, rhythm.occasion, f"{rhythm.occasion}:{rhythm.member_id}:{day}", occurrence
    )
