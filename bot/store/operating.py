"""What an operator asks: whether the database is as it should be, what waits, and what failed."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache

from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import and_, func, or_, update
from sqlmodel import Session, col, select

from bot.errors import Misconfigured
from bot.models import Delivery, DeliveryState
from bot.store import deliveries, rhythms
from bot.store.deliveries import UNHEARD, WAITING
from bot.store.migrate import HOME

#: A failed delivery is news for this long after it was due.
LATELY = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Standing:
    """How the database stands at a moment."""

    #: Whether every migration that this program knows has been applied.
    current: bool
    #: How many deliveries may be tried now, on each platform that was asked about.
    due: Mapping[str, int]
    #: Since when the oldest of them may be tried, or a rhythm waits to be planned; None if nothing.
    oldest: datetime | None


def standing(db: Session, now: datetime, platforms: Collection[str]) -> Standing:
    """Tell how the database stands; what a worker holds a claim on is not waiting."""
    version = MigrationContext.configure(db.connection()).get_current_revision()
    due = dict.fromkeys(platforms, 0)
    # Versions are numbers of four digits. A newer one only adds: we go on beside who migrated.
    if version is None or version < (_head() or ""):
        return Standing(current=False, due=due, oldest=None)
    rows = db.exec(
        select(Delivery.platform, func.count(), func.min(Delivery.available_at))
        .where(
            WAITING,
            col(Delivery.available_at) <= now,
            or_(col(Delivery.claimed_until).is_(None), col(Delivery.claimed_until) <= now),
            col(Delivery.platform).in_(platforms),
        )
        .group_by(Delivery.platform)
    ).all()
    due.update({platform: count for platform, count, _ in rows})
    unplanned = rhythms.next_moment(db, platforms)  # nobody plans any more, if it lies far back
    since = [each for *_, each in rows] + [each for each in [unplanned] if each and each <= now]
    return Standing(current=True, due=due, oldest=min(since, default=None))


@cache
def _head() -> str | None:
    return ScriptDirectory(str(HOME)).get_current_head()


def troubled(
    db: Session, now: datetime, limit: int, *, only_failed: bool = False
) -> Sequence[Delivery]:
    """List deliveries that an operator may look into, the latest first.

    They are those that failed, ever or lately, and unless only these are wanted those that are due
    and still wait.
    """
    failed = col(Delivery.state) == DeliveryState.FAILED
    wanted = or_(
        and_(failed, col(Delivery.due_at) > now - LATELY),
        and_(WAITING, col(Delivery.due_at) <= now),
    )
    return db.exec(
        select(Delivery)
        .where(failed if only_failed else wanted)
        .order_by(col(Delivery.due_at).desc(), col(Delivery.id).desc())
        .limit(limit)
    ).all()


def retry(db: Session, delivery_id: int, now: datetime) -> Delivery:
    """Let a failed delivery wait again, with all its tries; its promised moment stays.

    Nobody knows of a failed try that it did not arrive, so the platform is asked before the next.
    Raises Misconfigured for one that is not failed, or not there.
    """
    marked = db.connection().execute(
        update(Delivery)
        .where(col(Delivery.id) == delivery_id, col(Delivery.state) == DeliveryState.FAILED)
        .values(
            state=DeliveryState.WAITING.value,
            reason=UNHEARD,
            attempts=0,
            available_at=now,
            claimed_until=None,
        )
    )
    delivery = deliveries.by_id(db, delivery_id)
    if delivery is None:
        raise Misconfigured(
            f"There is no delivery {delivery_id}: see `preceptor deliveries --failed`."
        )
    if marked.rowcount != 1:
        raise Misconfigured(
            f"Delivery {delivery_id} is {delivery.state}, and only a failed one can be tried "
            "again: see `preceptor deliveries --failed`."
        )
    return delivery


def doubt(db: Session, now: datetime) -> int:
    """Let the platform be asked about all that is due before it is sent; give how many wait so."""
    doubted = db.connection().execute(
        update(Delivery)
        .where(WAITING, col(Delivery.due_at) <= now)
        .values(reason=UNHEARD, claimed_until=None)
    )
    return doubted.rowcount
