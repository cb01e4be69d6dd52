"""Shifts and leave: what is known of when members work."""

from collections.abc import Collection, Iterable
from datetime import datetime, timedelta

from sqlalchemy import bindparam, delete
from sqlmodel import Session, col, select
from sqlmodel.sql.sqltypes import UTCDateTime

from bot.domain.shifts import Shift, ShiftKind
from bot.models import ShiftRow

#: How far back and ahead of a moment shifts bear on it: a rota counts as known for a week around
#: each shift, and a message is moved by three days at most.
BEFORE, AHEAD = timedelta(days=9), timedelta(days=11)
#: Shifts that ended longer ago are forgotten.
KEEP = timedelta(days=30)

_IN_ORDER = col(ShiftRow.starts_at), col(ShiftRow.id)
_BETWEEN = (
    select(ShiftRow.member_id, ShiftRow.starts_at, ShiftRow.ends_at, ShiftRow.kind)
    .where(
        col(ShiftRow.member_id).in_(bindparam("members", expanding=True)),
        col(ShiftRow.ends_at) > bindparam("since", type_=UTCDateTime()),
        col(ShiftRow.starts_at) < bindparam("until", type_=UTCDateTime()),
    )
    .order_by(col(ShiftRow.member_id), col(ShiftRow.starts_at))
)


def around(db: Session, members: Iterable[int], now: datetime) -> dict[int, list[Shift]]:
    """Give the shifts that bear on a moment, by member; who has none is left out."""
    return between(db, members, now - BEFORE, now + AHEAD)


def between(
    db: Session, members: Iterable[int], first: datetime, last: datetime
) -> dict[int, list[Shift]]:
    """Give the shifts that touch a stretch of time, by member; who has none is left out."""
    who = {"members": sorted(set(members)), "since": first, "until": last}
    found: dict[int, list[Shift]] = {}
    for member_id, start, end, kind in db.exec(_BETWEEN, params=who):
        found.setdefault(member_id, []).append(Shift(start, end, ShiftKind(kind)))
    return found


def ahead(db: Session, member_id: int, now: datetime, limit: int) -> list[ShiftRow]:
    """List what is under way or still to come, the earliest first."""
    rows = select(ShiftRow).where(ShiftRow.member_id == member_id, col(ShiftRow.ends_at) > now)
    return list(db.exec(rows.order_by(col(ShiftRow.starts_at), col(ShiftRow.id)).limit(limit)))


def replace_feed(
    db: Session, member_id: int, shifts: Collection[Shift], first: datetime, last: datetime
) -> None:
    """Put what a feed says of a stretch of time in the place of what it said before."""
    db.connection().execute(
        delete(ShiftRow).where(
            col(ShiftRow.member_id) == member_id,
            col(ShiftRow.from_feed).is_(True),
            col(ShiftRow.ends_at) > first,
            col(ShiftRow.starts_at) < last,
        )
    )
    add(db, member_id, shifts, from_feed=True)


def add(
    db: Session, member_id: int, shifts: Iterable[Shift], *, from_feed: bool = False
) -> list[ShiftRow]:
    """Keep shifts."""
    rows = [
        ShiftRow(
            member_id=member_id,
            starts_at=each.start,
            ends_at=each.end,
            kind=each.kind,
            from_feed=from_feed,
        )
        for each in shifts
    ]
    db.add_all(rows)
    db.flush()
    return rows


def typed(db: Session, member_id: int) -> list[ShiftRow]:
    """List what the member typed, the earliest first."""
    mine = col(ShiftRow.member_id) == member_id, col(ShiftRow.from_feed).is_(False)
    return list(db.exec(select(ShiftRow).where(*mine).order_by(*_IN_ORDER)))


def add_typed(db: Session, member_id: int, shifts: Iterable[Shift]) -> list[int]:
    """Keep what the member typed; give the numbers of the rows that are new."""
    known = {(each.starts_at, each.ends_at, each.kind) for each in typed(db, member_id)}
    new = [each for each in shifts if (each.start, each.end, each.kind) not in known]
    return [each.id for each in add(db, member_id, new) if each.id is not None]


def drop_typed(db: Session, member_id: int, ids: Collection[int]) -> int:
    """Forget rows that the member typed; give how many there were."""
    found = db.connection().execute(
        delete(ShiftRow).where(
            col(ShiftRow.member_id) == member_id,
            col(ShiftRow.from_feed).is_(False),
            col(ShiftRow.id).in_(ids),
        )
    )
    return found.rowcount


def sweep(db: Session, now: datetime) -> None:
    """Forget shifts that are long over."""
    db.connection().execute(delete(ShiftRow).where(col(ShiftRow.ends_at) < now - KEEP))
