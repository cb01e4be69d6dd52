"""What the guards keep, and for how long."""

from datetime import date, datetime, timedelta

from sqlalchemy import delete
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Session, col

from bot.models import GuardCount, Member, SafetyEvent
from bot.models.base import table_of
from bot.store.vault import vault_of

#: After help was shown for a member's own sake, nothing is sent unasked for this long.
COOL_DOWN = timedelta(hours=72)
#: Counts of patient details are kept for this long.
KEEP_COUNTS = timedelta(days=30)
_COUNTS = table_of(GuardCount)


def record(db: Session, member: Member, level: str, version: str, now: datetime) -> None:
    """Keep that help was shown: the level and the texts' version, sealed, and no words."""
    place = f"safety:{now.isoformat()}"
    sealed = vault_of(db).seal(db, member.key, place, {"level": level, "version": version})
    db.add(SafetyEvent(member_id=member.key, at=now, sealed=sealed))


def cool_down(member: Member, now: datetime) -> None:
    """Send the member nothing unasked for three days."""
    member.quiet_until = now + COOL_DOWN


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
