"""What the guards keep, and for how long."""

from datetime import date, datetime, timedelta

from sqlalchemy import delete
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Session, col

from bot.models import GuardCount, Member
from bot.models.base import table_of
from bot.store import members, private
from bot.store.private import LAST, REMEMBERED, Helped

#: After help was shown for a member's own sake, nothing is sent unasked for this long.
COOL_DOWN = timedelta(hours=72)
#: Counts of patient details are kept for this long.
KEEP_COUNTS = timedelta(days=30)
_COUNTS = table_of(GuardCount)


def record(
    db: Session, member: Member, level: str, version: str, now: datetime, *, rests: bool
) -> int:
    """Keep that help was shown, sealed with the private settings, and no words; give its key.

    With `rests` the member is sent nothing unasked for three days.
    """
    own, before = private.of(db, member.key), (member.paused_at, member.paused_until)
    until = members.rest(member, now, COOL_DOWN) if rests else None
    event = Helped(now, level, version, *before, rests_until=until)
    own.helped = [each for each in own.helped if now - each.at < REMEMBERED]
    own.helped = [*own.helped, event][-LAST:]
    private.keep(db, member.key, own)
    return event.key


def undo(db: Session, member: Member, event: int) -> None:
    """Take back one event: it was meant otherwise. Its pause ends, if that still stands."""
    own = private.of(db, member.key)
    found = next((each for each in own.helped if each.key == event), None)
    if found is None:
        return
    own.helped.remove(found)
    stands = found.rests_until is not None and member.paused_until == found.rests_until
    if stands and not any(each.rests_until == found.rests_until for each in own.helped):
        member.paused_at, member.paused_until = found.paused_at, found.paused_until
    private.keep(db, member.key, own)


def cooling_until(db: Session, member: Member, now: datetime) -> datetime | None:
    """Give the end of the three quiet days that hard words brought; None where there are none."""
    rests = [
        each.rests_until
        for each in private.of(db, member.key).helped
        if each.rests_until is not None and now - each.at < COOL_DOWN
    ]
    return max(rests, default=None)


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
