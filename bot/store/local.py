"""The local workspace's rows: posts, how far they were read, and the clock."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, delete, func, or_
from sqlmodel import Session, col, select

from bot.models import LocalClock, LocalPost, LocalRead, Member

PLATFORM = "local"


_BY_KEY = select(LocalPost).where(LocalPost.key == bindparam("key"))


def post(
    db: Session,
    place: str,
    author: str,
    message: dict[str, Any],
    at: datetime,
    *,
    seen_by: str = "",
    key: str | None = None,
) -> LocalPost:
    """Post a message; the same key posts once."""
    if key is not None and (there := by_key(db, key)) is not None:
        return there
    made = LocalPost(place=place, author=author, message=message, at=at, seen_by=seen_by, key=key)
    db.add(made)
    db.flush()
    return made


def by_key(db: Session, key: str) -> LocalPost | None:
    """Find the post of a delivery."""
    return db.exec(_BY_KEY, params={"key": key}).one_or_none()


def by_id(db: Session, post_id: int) -> LocalPost | None:
    """Load a post."""
    return db.get(LocalPost, post_id)


def replace(db: Session, post_id: int, message: dict[str, Any]) -> None:
    """Put another message in a post's place."""
    found = by_id(db, post_id)
    if found is not None:
        found.message = message


def posts(db: Session, place: str, person: str, *, after: int = 0) -> Sequence[LocalPost]:
    """List what a person sees in a place, oldest first."""
    return db.exec(
        select(LocalPost)
        .where(
            LocalPost.place == place,
            col(LocalPost.id) > after,
            or_(col(LocalPost.seen_by) == "", col(LocalPost.seen_by) == person),
        )
        .order_by(col(LocalPost.id))
    ).all()


def delivered(db: Session, place: str) -> Sequence[LocalPost]:
    """List what the coach sent into a place of its own accord, oldest first."""
    return db.exec(
        select(LocalPost)
        .where(LocalPost.place == place, col(LocalPost.key).is_not(None))
        .order_by(col(LocalPost.id))
    ).all()


def unread(db: Session, person: str, places: Sequence[str]) -> dict[str, int]:
    """Count what a person has not read in each place."""
    marks = dict(
        db.exec(select(LocalRead.place, LocalRead.last_id).where(LocalRead.person == person)).all()
    )
    return {
        place: db.exec(
            select(func.count())
            .select_from(LocalPost)
            .where(
                LocalPost.place == place,
                col(LocalPost.id) > marks.get(place, 0),
                LocalPost.author != person,
                or_(col(LocalPost.seen_by) == "", col(LocalPost.seen_by) == person),
            )
        ).one()
        for place in places
    }


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


def forget_everything(db: Session) -> None:
    """Empty the workspace: its people, their posts, and its clock. Other platforms stay."""
    connection = db.connection()
    for table in (LocalPost, LocalRead, LocalClock):
        connection.execute(delete(table))
    connection.execute(delete(Member).where(col(Member.platform) == PLATFORM))


def with_action(db: Session, place: str, action: str) -> int:
    """Find the latest post in a place that offers a button; 0 when none does."""
    latest = db.exec(
        select(LocalPost)
        .where(LocalPost.place == place)
        .order_by(col(LocalPost.id).desc())
        .limit(50)
    ).all()
    return next(
        (
            post.id or 0
            for post in latest
            if any(button["action"] == action for button in post.message["buttons"])
        ),
        0,
    )
