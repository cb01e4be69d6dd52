"""Turns rhythms whose time has come into deliveries: one transaction, once an occurrence."""

from collections.abc import Collection
from datetime import date, datetime
from functools import lru_cache

from sqlmodel import Session

from bot.domain.rhythm import Rule, latest_until, next_after
from bot.domain.zones import local
from bot.store import planning
from bot.store.planning import DueRhythm, Planned

#: Rhythms planned in one transaction: 1,000 hold SQLite's write lock for some 30 ms.
BATCH = 500


def plan(db: Session, now: datetime, platforms: Collection[str]) -> int:
    """Plan one batch of what is due; give how many rhythms were looked at."""
    due = planning.due(db, now, platforms, BATCH)
    if due:
        planning.settle(db, [_planned(rhythm, now) for rhythm in due])
    return len(due)


def _planned(rhythm: DueRhythm, now: datetime) -> Planned:
    due_at, day, next_at, anchor = _occurrence(
        rhythm.rule, rhythm.next_at, now, rhythm.zone, rhythm.anchor
    )
    key = f"{rhythm.occasion}:{rhythm.member_id}:{day}"
    return Planned(rhythm, key, due_at, next_at, anchor)


@lru_cache(4096)  # on a Monday at nine a whole zone asks the same
def _occurrence(
    text: str, first: datetime, now: datetime, zone: str, anchor: date | None
) -> tuple[datetime, date, datetime, date | None]:
    """Find the occurrence to promise, its local day, the next one, and the anchor from now on."""
    rule = Rule.parse(text)
    # After a stop of ours only the last missed occurrence is promised: never a pile.
    occurrence = latest_until(rule, first, now, zone, anchor)
    day = local(occurrence, zone).date()
    anchor = day if rule.every > 1 else None
    return occurrence, day, next_after(rule, now, zone, anchor), anchor
