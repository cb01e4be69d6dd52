"""Deliveries: promised once by their key, claimed under a lease, marked behind a fence."""

from collections.abc import Collection, Sequence
from datetime import UTC, datetime, timedelta

from sqlalchemy import Integer, bindparam, or_, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Session, col, select
from sqlmodel.sql.sqltypes import UTCDateTime

from bot.domain.zones import local, zone_info
from bot.models import Delivery, DeliveryState, Member


def promise(
    db: Session,
    member: Member,
    occasion: str,
    key: str,
    due_at: datetime,
    ref: str = "",
) -> bool:
    """Promise a delivery; False when the same promise stands already."""
    connection = db.connection()
    insert = postgresql.insert if connection.dialect.name == "postgresql" else sqlite.insert
    made = connection.execute(
        insert(Delivery)
        .values(
            key=key,
            member_id=member.key,
            platform=member.platform,
            occasion=occasion,
            ref=ref,
            due_at=due_at,
            available_at=due_at,
            state=DeliveryState.WAITING.value,
            reason="",
            claim=0,
            attempts=0,
            sent_ref="",
        )
        .on_conflict_do_nothing(index_elements=["key"])
        .execution_options(preserve_rowcount=True)
    )
    return made.rowcount == 1


# Built once: a tick that finds nothing should cost nearly nothing.
_OPEN = (
    select(Delivery)
    .where(
        col(Delivery.state) == DeliveryState.WAITING,
        col(Delivery.available_at) <= bindparam("now", type_=UTCDateTime()),
        or_(
            col(Delivery.claimed_until).is_(None),
            col(Delivery.claimed_until) <= bindparam("now", type_=UTCDateTime()),
        ),
        col(Delivery.platform).in_(bindparam("platforms", expanding=True)),
    )
    .order_by(col(Delivery.available_at), col(Delivery.id))
    .limit(bindparam("most", type_=Integer()))
    .with_for_update(skip_locked=True)
)


def claim(
    db: Session,
    now: datetime,
    platforms: Collection[str],
    limit: int,
    lease: timedelta,
) -> Sequence[Delivery]:
    """Take some deliveries that may be tried now, for as long as the lease."""
    taken = db.exec(_OPEN, params={"now": now, "platforms": list(platforms), "most": limit}).all()
    for delivery in taken:
        delivery.claimed_until = now + lease
        delivery.claim += 1
        delivery.attempts += 1
    return taken


def close(
    db: Session,
    delivery: Delivery,
    state: DeliveryState,
    now: datetime,
    *,
    reason: str = "",
    sent_ref: str = "",
) -> bool:
    """Mark the outcome; False when another worker has taken the delivery over meanwhile."""
    marked = db.connection().execute(
        update(Delivery)
        .where(
            col(Delivery.id) == delivery.id,
            col(Delivery.claim) == delivery.claim,
            col(Delivery.state) == DeliveryState.WAITING,
        )
        .values(
            state=state.value,
            reason=reason,
            sent_ref=sent_ref,
            claimed_until=None,
            sent_at=now if state is DeliveryState.SENT else None,
        )
    )
    return marked.rowcount == 1


def postpone(
    db: Session, delivery: Delivery, until: datetime, reason: str, *, counts: bool = True
) -> None:
    """Give the delivery back, to be tried again from a later moment; `counts` the try or not."""
    db.connection().execute(
        update(Delivery)
        .where(
            col(Delivery.id) == delivery.id,
            col(Delivery.claim) == delivery.claim,
            col(Delivery.state) == DeliveryState.WAITING,
        )
        .values(
            available_at=until,
            claimed_until=None,
            reason=reason,
            attempts=delivery.attempts - (0 if counts else 1),
        )
    )


def move_zone(db: Session, member_id: int, before: str, after: str) -> None:
    """Move what still waits to the same wall-clock time in another zone."""
    waiting = db.exec(
        select(Delivery).where(
            Delivery.member_id == member_id,
            col(Delivery.state) == DeliveryState.WAITING,
            col(Delivery.available_at) == col(Delivery.due_at),
        )
    ).all()
    for delivery in waiting:
        wall = local(delivery.due_at, before).replace(tzinfo=zone_info(after))
        delivery.due_at = delivery.available_at = wall.astimezone(UTC)


def withdraw(db: Session, member_id: int, occasion: str, ref: str, reason: str) -> None:
    """Take back promises that an answer has made needless."""
    db.connection().execute(
        update(Delivery)
        .where(
            col(Delivery.member_id) == member_id,
            col(Delivery.occasion) == occasion,
            col(Delivery.ref) == ref,
            col(Delivery.state) == DeliveryState.WAITING,
        )
        .values(state=DeliveryState.DROPPED.value, reason=reason)
    )


def recent(db: Session, member_id: int, limit: int) -> Sequence[Delivery]:
    """List a member's last deliveries, the latest first."""
    return db.exec(
        select(Delivery)
        .where(Delivery.member_id == member_id)
        .order_by(col(Delivery.due_at).desc(), col(Delivery.id).desc())
        .limit(limit)
    ).all()


def by_id(db: Session, delivery_id: int) -> Delivery | None:
    """Load a delivery."""
    return db.get(Delivery, delivery_id)


def next_moment(db: Session, platforms: Collection[str]) -> datetime | None:
    """Tell when the earliest waiting delivery may be tried."""
    return db.exec(
        select(Delivery.available_at)
        .where(col(Delivery.state) == DeliveryState.WAITING, col(Delivery.platform).in_(platforms))
        .order_by(col(Delivery.available_at))
        .limit(1)
    ).first()
