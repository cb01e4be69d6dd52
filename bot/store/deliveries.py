"""Deliveries: promised once by their key, claimed under a lease, marked behind a fence."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy import JSON, String, bindparam, delete, literal_column, text, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Session, col, select
from sqlmodel.sql.sqltypes import UTCDateTime

from bot.domain.zones import local, zone_info
from bot.models import Delivery, DeliveryState, Member
from bot.models.base import table_of
from bot.store.lanes import OpenLane

#: What is over is kept for this long, to tell why something came or did not.
KEEP_OVER = timedelta(days=90)
#: As many are forgotten in one turn as hold up nobody for long.
SWEPT = 200
#: The reason of a delivery whose last outcome nobody heard.
UNHEARD = "unheard"
#: Occasions that begin so concern a channel: they are nobody's message, and stand on no one's wall.
ROOM = "room."
_NOW = bindparam("now", type_=UTCDateTime())
#: That a delivery waits. The literal lets the partial indexes be used.
WAITING = col(Delivery.state) == literal_column("'waiting'")


# Built once: building a statement costs more than running it.
_TABLE = table_of(Delivery)
_PROMISE = {
    kind: insert(_TABLE)
    .on_conflict_do_nothing(index_elements=["key"])
    .execution_options(preserve_rowcount=True)
    for kind, insert in (("sqlite", sqlite.insert), ("postgresql", postgresql.insert))
}
_NEW = {
    "state": DeliveryState.WAITING.value,
    "reason": "",
    "claim": 0,
    "attempts": 0,
    "sent_ref": "",
}
_WITHDRAW = (
    update(_TABLE)
    .where(
        _TABLE.c.member_id == bindparam("owner"),
        _TABLE.c.occasion == bindparam("what"),
        _TABLE.c.ref == bindparam("about"),
        _TABLE.c.state == literal_column("'waiting'"),
    )
    .values(state=DeliveryState.DROPPED.value, reason=bindparam("why"))
)
_VANISH = delete(_TABLE).where(
    _TABLE.c.id == bindparam("row"),
    _TABLE.c.claim == bindparam("fence"),
    _TABLE.c.state != literal_column("'waiting'"),
)
_EARLIEST = (
    select(Delivery.available_at)
    # The platform is no bare column: see lanes._IS_DUE.
    .where(WAITING, (col(Delivery.platform) + "").in_(bindparam("platforms", expanding=True)))
    .order_by(col(Delivery.available_at))
    .limit(1)
)


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
    made = connection.execute(
        _PROMISE[connection.dialect.name],
        {
            "key": key,
            "member_id": member.key,
            "platform": member.platform,
            "workspace": member.workspace,
            "occasion": occasion,
            "ref": ref,
            "due_at": due_at,
            "available_at": due_at,
            **_NEW,
        },
    )
    return made.rowcount == 1


# Which deliveries come next, some from each of several lanes: (id, whether a lease has just ended).
# The literal lets the partial index be used.
_FREE = (
    "state = 'waiting' AND platform = :platform AND workspace = lane.workspace "
    "AND available_at <= :now AND (claimed_until IS NULL OR claimed_until <= :now) "
    "ORDER BY available_at, id LIMIT :share"
)
_NEXT = {
    "postgresql": text(  # the parts of it are constants
        "SELECT next.id, next.lost FROM unnest(:workspaces) AS lane (workspace) CROSS JOIN LATERAL "
        f"(SELECT id, claimed_until IS NOT NULL AS lost FROM delivery WHERE {_FREE} "
        "FOR UPDATE SKIP LOCKED) AS next"
    ).bindparams(_NOW, bindparam("workspaces", type_=postgresql.ARRAY(String()))),
    "sqlite": text(
        "SELECT delivery.id, delivery.claimed_until IS NOT NULL FROM delivery JOIN "
        "(SELECT value AS workspace FROM json_each(:workspaces)) AS lane "
        f"ON delivery.id IN (SELECT id FROM delivery WHERE {_FREE})"
    ).bindparams(_NOW, bindparam("workspaces", type_=JSON())),
}
_CLAIM = (
    update(Delivery)
    .where(col(Delivery.id).in_(bindparam("ids", expanding=True)))
    .values(
        claimed_until=bindparam("until", type_=UTCDateTime()),
        claim=col(Delivery.claim) + 1,
        attempts=col(Delivery.attempts) + 1,
    )
    .returning(Delivery)
    .execution_options(synchronize_session=False)
)
_MARKED = (
    "state = {new}state, reason = {new}reason, available_at = {new}available_at, "
    "attempts = {new}attempts, sent_at = {new}sent_at, sent_ref = {new}sent_ref, "
    "claimed_until = NULL"
)
_FENCE = "delivery.id = {new}id AND delivery.claim = {new}claim AND delivery.state = 'waiting'"
_MOMENTS = {name: UTCDateTime() for name in ("available_at", "sent_at")}
_MARK_EACH = text(f"UPDATE delivery SET {_MARKED} WHERE {_FENCE}".format(new=":")).bindparams(
    *(bindparam(name, type_=kind) for name, kind in _MOMENTS.items())
)
_MARK_ALL = (
    f"UPDATE delivery SET {_MARKED} FROM unnest("
    # Binary (b) where no element can be NULL: as text each is searched for what must be quoted.
    "%(id)b::int[], %(claim)b::int[], %(state)b::text[], %(reason)b::text[], "
    "%(available_at)b::timestamptz[], %(attempts)b::int[], %(sent_at)s::timestamptz[], "
    "%(sent_ref)b::text[]) AS new "
    "(id, claim, state, reason, available_at, attempts, sent_at, sent_ref) "
    f"WHERE {_FENCE}"
).format(new="new.")


@dataclass(frozen=True, slots=True)
class Claimed:
    """A delivery that is ours until its lease ends; `delivery` is detached from any session."""

    delivery: Delivery
    #: Its last holder was not heard of again, or never heard the platform's answer.
    uncertain: bool


@dataclass(frozen=True, slots=True)
class Mark:
    """What became of a claimed delivery."""

    delivery: Delivery
    state: DeliveryState
    reason: str = ""
    sent_at: datetime | None = None
    sent_ref: str = ""
    #: When it waits: from when it may be tried again, and whether this try counts.
    until: datetime | None = None
    counts: bool = True
    #: Whether the row goes, unless it waits: nobody is to know what became of it.
    vanish: bool = False


def claim(
    db: Session,
    held: Sequence[OpenLane],
    now: datetime,
    share: int,
    lease: timedelta,
) -> list[Claimed]:
    """Take what may be tried now, at most a share from each lane of one platform, under a lease."""
    connection = db.connection()
    found = connection.execute(
        _NEXT[connection.dialect.name],
        {
            "now": now,
            "platform": held[0].platform,
            "workspaces": [lane.workspace for lane in held],
            "share": share,
        },
    )
    # Whoever gives a delivery back lets go of its lease: a lease that ended means a crash.
    lost = {delivery_id: bool(was_held) for delivery_id, was_held in found}
    if not lost:
        return []
    taken = list(db.scalars(_CLAIM, {"ids": list(lost), "until": now + lease}))
    taken.sort(key=lambda delivery: (delivery.available_at, delivery.id))
    for delivery in taken:
        db.expunge(delivery)
    return [Claimed(each, lost[each.id or 0] or each.reason == UNHEARD) for each in taken]


def mark(db: Session, marks: Sequence[Mark]) -> None:
    """Write what became of claimed deliveries; one that another worker has taken over is left."""
    connection = db.connection()
    rows = [
        {
            "id": each.delivery.id,
            "claim": each.delivery.claim,
            "state": each.state.value,
            "reason": each.reason,
            "available_at": each.until or each.delivery.available_at,
            "attempts": each.delivery.attempts - (0 if each.counts else 1),
            "sent_at": each.sent_at,
            "sent_ref": each.sent_ref,
        }
        for each in marks
    ]
    if connection.dialect.name == "postgresql":
        # One statement with arrays costs a tenth of as many statements.
        columns = {name: [row[name] for row in rows] for name in rows[0]}
        connection.exec_driver_sql(_MARK_ALL, columns)
    else:
        connection.execute(_MARK_EACH, rows)
    ended = [each for each in marks if each.vanish and each.state is not DeliveryState.WAITING]
    if ended:
        claims = [{"row": each.delivery.id, "fence": each.delivery.claim} for each in ended]
        connection.execute(_VANISH, claims)


def move_zone(db: Session, member_id: int, before: str, after: str) -> None:
    """Move what still waits to the same wall-clock time in another zone."""
    waiting = db.exec(
        select(Delivery).where(
            Delivery.member_id == member_id,
            WAITING,
            col(Delivery.available_at) == col(Delivery.due_at),
            col(Delivery.occasion).not_like(f"{ROOM}%"),
        )
    ).all()
    for delivery in waiting:
        wall = local(delivery.due_at, before).replace(tzinfo=zone_info(after))
        delivery.due_at = delivery.available_at = wall.astimezone(UTC)


def withdraw(db: Session, member_id: int, occasion: str, ref: str, reason: str) -> None:
    """Take back promises that an answer has made needless."""
    db.connection().execute(
        _WITHDRAW, {"owner": member_id, "what": occasion, "about": ref, "why": reason}
    )


def is_waiting(db: Session, member_id: int, occasion: str, besides: int | None = None) -> bool:
    """Tell whether a member was promised something of this kind, besides one, that is to come."""
    rows = select(Delivery.id).where(
        Delivery.member_id == member_id,
        WAITING,
        Delivery.occasion == occasion,
        Delivery.id != (besides or 0),
    )
    return db.exec(rows.limit(1)).first() is not None


def recent(db: Session, member_id: int, limit: int, now: datetime) -> Sequence[Delivery]:
    """List a member's last deliveries until a moment, the latest first.

    What is promised for later is left out: some things are promised for months ahead.
    """
    return db.exec(
        select(Delivery)
        .where(
            Delivery.member_id == member_id,
            col(Delivery.due_at) <= now,
            col(Delivery.occasion).not_like(f"{ROOM}%"),
        )
        .order_by(col(Delivery.due_at).desc(), col(Delivery.id).desc())
        .limit(limit)
    ).all()


def by_id(db: Session, delivery_id: int) -> Delivery | None:
    """Load a delivery."""
    return db.get(Delivery, delivery_id)


def next_moment(db: Session, platforms: Collection[str]) -> datetime | None:
    """Tell when the earliest waiting delivery may be tried."""
    return db.exec(_EARLIEST, params={"platforms": list(platforms)}).first()


def sweep(db: Session, now: datetime) -> int:
    """Forget some of what has long been over; give how many, to be called again while there are."""
    long_over = (
        select(Delivery.id)
        .where(
            Delivery.state != DeliveryState.WAITING,
            col(Delivery.due_at) < now - KEEP_OVER,
            col(Delivery.available_at) < now - KEEP_OVER,
        )
        .order_by(col(Delivery.id))
        .limit(SWEPT)
    )
    return db.connection().execute(delete(Delivery).where(col(Delivery.id).in_(long_over))).rowcount
