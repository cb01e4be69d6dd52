"""Lanes: workspaces take turns at being sent to, each at the pace that its platform allows."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import Integer, bindparam, text, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Session, col, select
from sqlmodel.sql.sqltypes import UTCDateTime

from bot.models import Lane
from bot.models.base import table_of

#: How many times as many lanes are looked at as are held.
AROUND = 4


class OpenLane(NamedTuple):
    """A workspace that may be sent to now, held until the end of the transaction."""

    id: int
    platform: str
    workspace: str


# A partial index is used only where its condition stands in the statement as it is, not as a
# parameter; hence the literal 'waiting' here and below.
_FREE = (
    "state = 'waiting' AND available_at <= :now "
    "AND (claimed_until IS NULL OR claimed_until <= :now)"
)
_MOMENT = bindparam("now", type_=UTCDateTime())
# The platform is no bare column here, so that the earliest is found along the index by time: SQLite
# would gather all that waits along the other index, and sort it.
_IS_DUE = text(
    f"SELECT 1 FROM delivery WHERE {_FREE} AND (platform || '') IN :platforms"
    " ORDER BY available_at LIMIT 1"
).bindparams(_MOMENT, bindparam("platforms", expanding=True))
# Jumps from workspace to workspace along the index: its cost grows with the workspaces that wait
# for something, not with what waits.
_BUSY = text(
    f"""
    WITH RECURSIVE busy (workspace) AS (
      SELECT min(workspace) FROM delivery WHERE state = 'waiting' AND platform = :platform
      UNION ALL
      SELECT (
        SELECT min(later.workspace) FROM delivery AS later
        WHERE later.state = 'waiting' AND later.platform = :platform
          AND later.workspace > busy.workspace
      ) FROM busy WHERE busy.workspace IS NOT NULL
    )
    SELECT busy.workspace, lane.id IS NULL AS is_new FROM busy
    LEFT JOIN lane ON lane.platform = :platform AND lane.workspace = busy.workspace
    WHERE busy.workspace IS NOT NULL
      AND (lane.open_at IS NULL OR lane.open_at <= :now)
      AND EXISTS (
        SELECT 1 FROM delivery
        WHERE {_FREE} AND platform = :platform AND delivery.workspace = busy.workspace
      )
    ORDER BY lane.id IS NOT NULL, lane.open_at, busy.workspace
    LIMIT :most
    """
).bindparams(_MOMENT, bindparam("most", type_=Integer()))
_TABLE = table_of(Lane)
_MAKE = {
    "sqlite": sqlite.insert(_TABLE).on_conflict_do_nothing(),
    "postgresql": postgresql.insert(_TABLE).on_conflict_do_nothing(),
}
_HOLD = (
    select(_TABLE.c.id, _TABLE.c.platform, _TABLE.c.workspace)
    .where(
        col(Lane.platform) == bindparam("platform"),
        col(Lane.workspace).in_(bindparam("workspaces", expanding=True)),
        col(Lane.open_at) <= _MOMENT,
    )
    .order_by(col(Lane.open_at), col(Lane.id))
    .limit(bindparam("held", type_=Integer()))
    .with_for_update(skip_locked=True)
)


def is_anything_due(db: Session, now: datetime, platforms: Collection[str]) -> bool:
    """Tell whether any delivery may be tried now; this is all that an idle tick asks."""
    there = db.connection().execute(_IS_DUE, {"now": now, "platforms": list(platforms)})
    return there.first() is not None


def hold(db: Session, now: datetime, platform: str, most: int) -> list[OpenLane]:
    """Hold the open lanes that have work, those that wait longest first; others skip these."""
    connection = db.connection()
    # More are looked at than are held: couriers beside us find their own among them.
    busy = connection.execute(_BUSY, {"now": now, "platform": platform, "most": most * AROUND})
    is_new = {workspace: bool(new) for workspace, new in busy}
    if not is_new:
        return []
    made = [
        {"platform": platform, "workspace": workspace, "open_at": now}
        for workspace, new in is_new.items()
        if new
    ]
    if made:
        connection.execute(_MAKE[connection.dialect.name], made)
    held = connection.execute(
        _HOLD, {"platform": platform, "workspaces": list(is_new), "now": now, "held": most}
    )
    return [OpenLane(*row) for row in held]


def reopen(db: Session, moments: Sequence[tuple[int, datetime]]) -> None:
    """Set from when held lanes are open again."""
    db.connection().execute(
        update(_TABLE).where(_TABLE.c.id == bindparam("lane")).values(open_at=bindparam("moment")),
        [{"lane": lane, "moment": moment} for lane, moment in moments],
    )


def close_until(db: Session, platform: str, workspace: str, moment: datetime) -> None:
    """Close a lane until a moment, because the platform asked for it; never open it earlier."""
    db.connection().execute(
        update(_TABLE)
        .where(
            _TABLE.c.platform == platform,
            _TABLE.c.workspace == workspace,
            _TABLE.c.open_at < moment,
        )
        .values(open_at=moment)
    )


def next_opening(db: Session, now: datetime, platforms: Collection[str]) -> datetime | None:
    """Tell when the next lane opens that is closed now; None when all are open."""
    return db.exec(
        select(Lane.open_at)
        .where(col(Lane.platform).in_(platforms), col(Lane.open_at) > now)
        .order_by(col(Lane.open_at))
        .limit(1)
    ).first()
