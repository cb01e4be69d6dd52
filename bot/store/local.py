"""The local workspace's rows: posts, how far they were read, and the clock."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, bindparam, delete, func, or_
from sqlmodel import Session, col, select

from bot.models import LocalClock, LocalPost, LocalRead, LocalRoom, LocalSeat, Member
from bot.store.vault import vault_of

PLATFORM = "local"
WORKSPACE = "local"
#: How the place of a private channel's posts begins.
ROOM = "room:"

_BY_KEY = select(LocalPost.id).where(LocalPost.key == bindparam("key"))


@dataclass(frozen=True, slots=True)
class Post:
    """A post as it is read."""

    id: int
    place: str
    author: str
    seen_by: str
    message: dict[str, Any]
    key: str | None
    at: datetime
    #: The post that this one answers; 0 for none.
    thread: int = 0
    pinned: bool = False


def _read(db: Session, rows: Sequence[LocalPost]) -> list[Post]:
    vault = vault_of(db)
    return [
        Post(
            row.id or 0,
            row.place,
            row.author,
            row.seen_by,
            vault.open_common(db, f"post:{row.place}", row.sealed),
            row.key,
            row.at,
            row.thread,
            row.pinned,
        )
        for row in rows
    ]


def post(
    db: Session,
    place: str,
    author: str,
    message: dict[str, Any],
    at: datetime,
    *,
    seen_by: str = "",
    key: str | None = None,
    thread: int = 0,
    pinned: bool = False,
) -> int:
    """Post a message and give its id; the same key posts once."""
    if key is not None and (there := by_key(db, key)) is not None:
        return there
    sealed = _sealed(db, place, message)
    made = LocalPost(
        place=place,
        author=author,
        sealed=sealed,
        at=at,
        seen_by=seen_by,
        key=key,
        thread=thread,
        pinned=pinned,
    )
    db.add(made)
    db.flush()
    return made.id or 0


def _sealed(db: Session, place: str, message: dict[str, Any]) -> bytes:
    return vault_of(db).seal_common(db, f"post:{place}", message)


def by_key(db: Session, key: str) -> int | None:
    """Find the post of a delivery; give its id."""
    return db.exec(_BY_KEY, params={"key": key}).one_or_none()


def by_id(db: Session, post_id: int) -> Post | None:
    """Load a post."""
    found = db.get(LocalPost, post_id)
    return None if found is None else _read(db, [found])[0]


def replace(db: Session, post_id: int, message: dict[str, Any]) -> None:
    """Put another message in a post's place."""
    found = db.get(LocalPost, post_id)
    if found is not None:
        found.sealed = _sealed(db, found.place, message)


def posts(db: Session, place: str, person: str, *, after: int = 0) -> Sequence[Post]:
    """List what a person sees in a place, oldest first."""
    rows = db.exec(
        select(LocalPost)
        .where(
            LocalPost.place == place,
            col(LocalPost.id) > after,
            _sees(person),
        )
        .order_by(col(LocalPost.id))
    ).all()
    return _read(db, rows)


def delivered(db: Session, place: str) -> Sequence[Post]:
    """List what the coach sent into a place of its own accord, oldest first."""
    rows = db.exec(
        select(LocalPost)
        .where(LocalPost.place == place, col(LocalPost.key).is_not(None))
        .order_by(col(LocalPost.id))
    ).all()
    return _read(db, rows)


def unread(db: Session, person: str, places: Sequence[str]) -> dict[str, int]:
    """Count what a person has not read in each place."""
    read = and_(col(LocalRead.person) == person, col(LocalRead.place) == LocalPost.place)
    rows = db.exec(
        select(LocalPost.place, func.count())
        .join(LocalRead, read, isouter=True)
        .where(
            col(LocalPost.place).in_(places),
            col(LocalPost.id) > func.coalesce(LocalRead.last_id, 0),
            LocalPost.author != person,
            _sees(person),
        )
        .group_by(col(LocalPost.place))
    )
    return dict.fromkeys(places, 0) | dict(rows.all())


def _sees(person: str) -> ColumnElement[bool]:
    return or_(col(LocalPost.seen_by) == "", col(LocalPost.seen_by) == person)


def mark_read(db: Session, person: str, place: str, last_id: int) -> None:
    """Remember how far a person has read in a place."""
    mark = db.exec(
        select(LocalRead).where(LocalRead.person == person, LocalRead.place == place)
    ).one_or_none()
    if mark is None:
        db.add(LocalRead(person=person, place=place, last_id=last_id))
    else:
        mark.last_id = max(mark.last_id, last_id)


def clock_ahead(db: Session) -> float:
    """Tell how far the workspace's clock is ahead of the real one, in seconds."""
    row = db.get(LocalClock, 1)
    return 0.0 if row is None else row.ahead


def set_clock_ahead(db: Session, seconds: float) -> None:
    """Set how far the workspace's clock is ahead of the real one, in seconds."""
    row = db.get(LocalClock, 1)
    if row is None:
        db.add(LocalClock(id=1, ahead=seconds))
    else:
        row.ahead = seconds


def come(db: Session) -> Sequence[str]:
    """List who has met the coach here, by key."""
    rows = select(Member.user).where(Member.platform == PLATFORM, Member.workspace == WORKSPACE)
    return db.exec(rows.order_by(col(Member.user))).all()


def forget_everything(db: Session) -> None:
    """Empty the workspace: people, channels, posts, and its clock. Other platforms stay."""
    connection = db.connection()
    for table in (LocalPost, LocalRead, LocalSeat, LocalRoom, LocalClock):
        connection.execute(delete(table))
    connection.execute(delete(Member).where(col(Member.platform) == PLATFORM))


def with_action(db: Session, places: Sequence[str], person: str, action: str) -> Post | None:
    """Find the latest post that offers a person this button, among the last of each place."""
    offering = [
        post
        for place in places
        for post in _last(db, place, person)
        if any(button["action"] == action for button in post.message["buttons"])
    ]
    return max(offering, key=lambda post: post.id, default=None)


def _last(db: Session, place: str, person: str) -> list[Post]:
    rows = select(LocalPost).where(LocalPost.place == place, _sees(person))
    return _read(db, db.exec(rows.order_by(col(LocalPost.id).desc()).limit(50)).all())
