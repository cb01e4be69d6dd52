"""What the guards keep, and for how long."""

from datetime import date, datetime, timedelta

from sqlalchemy import delete
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Session, col

from bot.models import GuardCount, Member
from bot.models.base import table_of
from bot.store import private
from bot.store.private import LAST, REMEMBERED, Helped

#: After help was shown for a member's own sake, nothing is sent unasked for this long.
COOL_DOWN = timedelta(hours=72)
#: Counts of patient details are kept for this long.
KEEP_COUNTS = timedelta(days=30)
_COUNTS = table_of(GuardCount)


def record(db: Session, member: Member, level: str, version: str, now: datetime) -> None:
    """Keep that help was shown, sealed with the member's private settings, and no words."""
    own = private.of(db, member.key)
    own.helped = [each for each in own.helped if now - each.at < REMEMBERED]
    own.helped.append(Helped(now, level, version, member.paused_at, member.paused_until))
    own.helped = own.helped[-LAST:]
    private.keep(db, member.key, own)


def undo(db: Session, member: Member, now: datetime) -> None:
    """Take back the last event, and the pause that came of it: it was meant otherwise."""
    own = private.of(db, member.key)
    if own.helped and now - own.helped[-1].at < COOL_DOWN:
        last = own.helped.pop()
        member.paused_at, member.paused_until = last.paused_at, last.paused_until
        private.keep(db, member.key, own)


def is_cooling(own: private.Own, now: datetime, levels: frozenset[str]) -> bool:
    """Tell whether help of one of these levels was shown in the last three days."""
    return any(each.level in levels and now - each.at < COOL_DOWN for each in own.helped)


def count_details(db: Session, kind: str, day: date) -> None:
    """Count that patient details were found, without member and text; forget old counts."""
    connection = db.connection()
    insert = postgresql.insert if connection.dialect.name == "postgresql" else sqlite.insert
    connection.execute(
        insert(_COUNTS)
        .values(day=day, kind=kind, count=1)
        .on_conflict_do_update(index_elements=["day", "kind"], set_={"count": _COUNTS.c.count + 1})
    )
    connection.execute(delete(GuardCount).where(col(GuardCount.day) < day - KEEP_COUNTS))
