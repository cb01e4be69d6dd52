"""Rota feeds: where they are, when they are read next, and what their labels mean."""

import base64
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import cast

from sqlalchemy import Integer, bindparam, delete, update
from sqlalchemy.orm import object_session
from sqlmodel import Session, col, select
from sqlmodel.sql.sqltypes import UTCDateTime

from bot.domain.shifts import ShiftKind
from bot.models import Feed, Member, ShiftRow
from bot.models.base import table_of
from bot.store.vault import vault_of

#: Whoever takes a feed to read it has it for so long; after a crash others take it then.
LEASE = timedelta(minutes=10)
#: A label that was asked about is not asked about again for so long.
ASKED_FOR = timedelta(days=30)
_ASKED = "asked:"  # and the day, in the place of an answer
_PLACE, _LABELS = "feed", "feed.labels"

_TABLE = table_of(Feed)
# As an expression, so that the members of a platform are not gone through to find the few feeds.
_SERVED = col(Member.platform).concat("").in_(bindparam("platforms", expanding=True))
_DUE = (
    select(Feed, Member.zone)
    .join(Member, col(Member.id) == col(Feed.member_id))
    .where(col(Feed.next_at) <= bindparam("now", type_=UTCDateTime()), _SERVED)
    .order_by(col(Feed.next_at))
    .limit(bindparam("most", type_=Integer()))
    .with_for_update(skip_locked=True, of=Feed)
)
_TAKE = (
    update(_TABLE)
    .where(_TABLE.c.member_id.in_(bindparam("ids", expanding=True)))
    .values(next_at=bindparam("until", type_=UTCDateTime()))
)
_EARLIEST = (
    select(Feed.next_at)
    .join(Member, col(Member.id) == col(Feed.member_id))
    .where(_SERVED)
    .order_by(col(Feed.next_at))
    .limit(1)
)


@dataclass(frozen=True, slots=True)
class DueFeed:
    """A feed that is ours to read until a moment."""

    member_id: int
    #: Where its member lives.
    zone: str
    #: What its labels mean, as the member said.
    answers: Mapping[str, ShiftKind]
    until: datetime
    sealed: bytes = field(repr=False)


def set_address(db: Session, member_id: int, address: str, now: datetime) -> None:
    """Keep an address, to be read at once; what labels mean stays known."""
    feed = db.get(Feed, member_id)
    sealed = vault_of(db).seal(db, member_id, _PLACE, address, even=512)
    if feed is None:
        db.add(Feed(member_id=member_id, sealed=sealed, next_at=now))
    else:
        feed.sealed, feed.next_at = sealed, now
        feed.read_at, feed.failures, feed.told = None, 0, False
    db.flush()


def drop(db: Session, member_id: int) -> bool:
    """Forget a feed and the shifts that came from it; False where there is none."""
    feed = db.get(Feed, member_id)
    if feed is None:
        return False
    db.delete(feed)
    db.connection().execute(
        delete(ShiftRow).where(
            col(ShiftRow.member_id) == member_id, col(ShiftRow.from_feed).is_(True)
        )
    )
    db.flush()
    return True


def of(db: Session, member_id: int) -> Feed | None:
    """Find a member's feed."""
    return db.get(Feed, member_id)


def answer_label(db: Session, feed: Feed, key: str, kind: ShiftKind, now: datetime) -> None:
    """Keep what a label means, and have the feed read again."""
    _keep_labels(feed, {**_labels(feed), key: kind.value})
    feed.next_at = now
    db.add(feed)
    db.flush()


def answers(feed: Feed) -> dict[str, ShiftKind]:
    """Give what the member said of labels; those that were only asked about are left out."""
    return {
        key: ShiftKind(value)
        for key, value in _labels(feed).items()
        if not value.startswith(_ASKED)
    }


def is_asked(feed: Feed, key: str, today: date) -> bool:
    """Tell whether a label was answered, or asked about not long ago."""
    value = _labels(feed).get(key, "")
    return bool(value) and not (value.startswith(_ASKED) and _is_old(value, today))


def mark_asked(feed: Feed, keys: Collection[str], today: date) -> None:
    """Remember that labels were asked about, and forget those that were so long ago."""
    kept = {
        key: value
        for key, value in _labels(feed).items()
        if not (value.startswith(_ASKED) and _is_old(value, today))
    }
    _keep_labels(feed, {**kept, **{key: f"{_ASKED}{today.isoformat()}" for key in keys}})


def _labels(feed: Feed) -> dict[str, str]:
    """Open what is known of labels: whoever can guess a label could find it by its hash."""
    told = feed.labels.get("sealed")
    if told is None:
        return {}
    db = _session(feed)
    labels: dict[str, str] = vault_of(db).open(db, feed.member_id, _LABELS, base64.b64decode(told))
    return labels


def _keep_labels(feed: Feed, labels: Mapping[str, str]) -> None:
    db = _session(feed)
    sealed = vault_of(db).seal(db, feed.member_id, _LABELS, dict(labels), even=1024)
    feed.labels = {"sealed": base64.b64encode(sealed).decode()}


def _session(feed: Feed) -> Session:
    db = object_session(feed)
    if db is None:
        raise LookupError("The labels of a feed are opened and sealed within its turn alone.")
    return cast("Session", db)


def _is_old(value: str, today: date) -> bool:
    return today - date.fromisoformat(value.removeprefix(_ASKED)) >= ASKED_FOR


# What the reader needs


def due(db: Session, now: datetime, platforms: Collection[str], limit: int) -> list[DueFeed]:
    """Take feeds whose time has come; nobody else takes them before the lease ends."""
    found = db.exec(_DUE, params={"now": now, "platforms": list(platforms), "most": limit}).all()
    until = now + LEASE
    if found:
        ids = [feed.member_id for feed, _ in found]
        db.connection().execute(_TAKE, {"ids": ids, "until": until})
    return [
        DueFeed(feed.member_id, zone, answers(feed), until, feed.sealed) for feed, zone in found
    ]


def address_of(db: Session, taken: DueFeed) -> str:
    """Open the address of a feed that was taken; raise Misconfigured if its key is gone."""
    address: str = vault_of(db).open(db, taken.member_id, _PLACE, taken.sealed)
    return address


def taken_still(db: Session, taken: DueFeed) -> Feed | None:
    """Load a feed that was taken; None if it was dropped, or its address changed, meanwhile."""
    feed = db.get(Feed, taken.member_id)
    return feed if feed is not None and feed.sealed == taken.sealed else None


def read_well(feed: Feed, taken: DueFeed, now: datetime, next_at: datetime) -> None:
    """Note a good reading. If someone asked for another one meanwhile, that stays."""
    feed.read_at, feed.failures, feed.told = now, 0, False
    if feed.next_at == taken.until:
        feed.next_at = next_at


def failed(feed: Feed, taken: DueFeed, next_at: datetime, *, told: bool) -> None:
    """Note a failure, whether the member is told of it now or was before, and the next try."""
    feed.failures += 1
    feed.told = told
    if feed.next_at == taken.until:
        feed.next_at = next_at


def next_moment(db: Session, platforms: Collection[str]) -> datetime | None:
    """Tell when the next feed is to be read."""
    return db.exec(_EARLIEST, params={"platforms": list(platforms)}).first()
