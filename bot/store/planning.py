"""Planning in bulk: which rhythms are due, their next moments, and the deliveries they promise.

These three statements carry a Monday morning, so they skip the ORM: SQLite takes a prepared
statement for the whole batch, PostgreSQL one statement with arrays.
"""

from collections.abc import Collection, Sequence
from datetime import UTC, date, datetime
from typing import Any, NamedTuple

from sqlalchemy import Connection, Integer, bindparam
from sqlmodel import Session, col, select
from sqlmodel.sql.sqltypes import UTCDateTime

from bot.models import Member, Rhythm


class DueRhythm(NamedTuple):
    """A rhythm whose time has come, with the workspace it belongs to."""

    id: int
    member_id: int
    platform: str
    workspace: str
    occasion: str
    rule: str
    zone: str
    anchor: date | None
    next_at: datetime


class Planned(NamedTuple):
    """What becomes of a due rhythm: one promise, and its next moment."""

    rhythm: DueRhythm
    key: str
    due_at: datetime
    next_at: datetime
    anchor: date | None


# Built once: a tick that finds nothing should cost nearly nothing.
_DUE = (
    select(  # type: ignore[call-overload]
        col(Rhythm.id),
        col(Rhythm.member_id),
        col(Rhythm.platform),
        col(Member.workspace),
        col(Rhythm.occasion),
        col(Rhythm.rule),
        col(Rhythm.zone),
        col(Rhythm.anchor),
        col(Rhythm.next_at),
    )
    .join(Member, col(Member.id) == col(Rhythm.member_id))
    .where(
        col(Rhythm.stopped_at).is_(None),
        col(Rhythm.next_at) <= bindparam("now", type_=UTCDateTime()),
        col(Rhythm.platform).in_(bindparam("platforms", expanding=True)),
    )
    .order_by(col(Rhythm.next_at))
    .limit(bindparam("most", type_=Integer()))
    .with_for_update(skip_locked=True, of=Rhythm)
)


def due(db: Session, now: datetime, platforms: Collection[str], limit: int) -> list[DueRhythm]:
    """List rhythms whose time has come; other processes skip the ones we hold."""
    found = db.connection().execute(_DUE, {"now": now, "platforms": list(platforms), "most": limit})
    return [DueRhythm(*row) for row in found]


def settle(db: Session, planned: Sequence[Planned]) -> None:
    """Move the rhythms on and promise their deliveries, each key once."""
    connection = db.connection()
    if connection.dialect.name == "postgresql":
        _settle_postgresql(connection, planned)
    else:
        _settle_sqlite(connection, planned)


def _settle_sqlite(connection: Connection, planned: Sequence[Planned]) -> None:
    connection.exec_driver_sql(
        "UPDATE rhythm SET next_at = ?, anchor = ? WHERE id = ?",
        [
            (_text(each.next_at), each.anchor and each.anchor.isoformat(), each.rhythm.id)
            for each in planned
        ],
    )
    rows = []
    for each in planned:
        due_at, rhythm = _text(each.due_at), each.rhythm
        rows.append(
            (each.key, *rhythm[1:4], rhythm.occasion, due_at, due_at),
        )
    connection.exec_driver_sql(
        "INSERT INTO delivery (key, member_id, platform, workspace, occasion, due_at, available_at,"
        " state, ref, reason, claim, attempts, sent_ref)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, 'waiting', '', '', 0, 0, '') ON CONFLICT (key) DO NOTHING",
        rows,
    )


def _settle_postgresql(connection: Connection, planned: Sequence[Planned]) -> None:
    columns: dict[str, Any] = {
        "id": [each.rhythm.id for each in planned],
        "next_at": [each.next_at for each in planned],
        "anchor": [each.anchor for each in planned],
        "key": [each.key for each in planned],
        "member": [each.rhythm.member_id for each in planned],
        "platform": [each.rhythm.platform for each in planned],
        "workspace": [each.rhythm.workspace for each in planned],
        "occasion": [each.rhythm.occasion for each in planned],
        "due_at": [each.due_at for each in planned],
    }
    # Binary (b): as text (s) every element is searched for what must be quoted, which doubles our
    # own time. Anchors stay text: an array of nothing but None has no type to be binary in.
    connection.exec_driver_sql(
        "UPDATE rhythm SET next_at = new.next_at, anchor = new.anchor"
        " FROM unnest(%(id)b::int[], %(next_at)b::timestamptz[], %(anchor)s::date[])"
        " AS new (id, next_at, anchor) WHERE rhythm.id = new.id",
        columns,
    )
    connection.exec_driver_sql(
        "INSERT INTO delivery (key, member_id, platform, workspace, occasion, due_at, available_at,"
        " state, ref, reason, claim, attempts, sent_ref)"
        " SELECT key, member, platform, workspace, occasion, due_at, due_at,"
        " 'waiting', '', '', 0, 0, '' FROM unnest("
        "%(key)b::text[], %(member)b::int[], %(platform)b::text[], %(workspace)b::text[],"
        " %(occasion)b::text[], %(due_at)b::timestamptz[])"
        " AS new (key, member, platform, workspace, occasion, due_at) ON CONFLICT (key) DO NOTHING",
        columns,
    )


def _text(moment: datetime) -> str:
    """Write a moment as SQLModel keeps it in SQLite."""
    return moment.astimezone(UTC).replace(tzinfo=None).isoformat(" ", "microseconds")
