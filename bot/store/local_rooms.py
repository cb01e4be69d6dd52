"""The local workspace's private channels: who is in, and what is posted there."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import delete
from sqlmodel import Session, col, select

from bot.errors import RoomLost
from bot.models import LocalPost, LocalRoom, LocalSeat
from bot.store import local

#: A room's reference is longer than this only if it is none.
LONGEST = 9


def place_of(room_id: int | None) -> str:
    """Name the place of a room's posts."""
    return f"{local.ROOM}{room_id}"


def open_room(db: Session, name: str, purpose: str, key: str, taken: Iterable[str]) -> int:
    """Make a room once for this key and give its id; a name that is taken gets a suffix."""
    there = db.exec(select(LocalRoom).where(LocalRoom.key == key)).one_or_none()
    if there is None:
        there = LocalRoom(name=_free(db, name, taken), purpose=purpose, key=key)
        db.add(there)
        db.flush()
    return there.id or 0


def _free(db: Session, name: str, taken: Iterable[str]) -> str:
    alike = select(LocalRoom.name).where(col(LocalRoom.name).startswith(name, autoescape=True))
    used = {*taken, *db.exec(alike)}
    number, free = 1, name
    while free in used:
        number += 1
        free = f"{name}-{number}"
    return free


def found(db: Session, ref: str) -> LocalRoom:
    """Load the room that a reference names; raises RoomLost where there is none."""
    is_id = ref.isascii() and ref.isdigit() and len(ref) <= LONGEST
    room = db.get(LocalRoom, int(ref)) if is_id else None
    if room is None:
        raise RoomLost("channel_not_found")
    return room


def still_open(db: Session, ref: str) -> LocalRoom:
    """Load a room that is in use; raises RoomLost for one that is archived, too."""
    room = found(db, ref)
    if room.archived_at is not None:
        raise RoomLost("is_archived")
    return room


def seat(db: Session, ref: str, people: Iterable[str]) -> None:
    """Let people in; whoever is in stays in."""
    room = still_open(db, ref)
    there = set(people_in(db, ref))
    db.add_all(
        LocalSeat(room_id=room.id or 0, person=person)
        for person in dict.fromkeys(people)
        if person not in there
    )


def people_in(db: Session, ref: str) -> list[str]:
    """List who is in a room, in the order in which they came."""
    room = found(db, ref)
    rows = select(LocalSeat.person).where(LocalSeat.room_id == room.id)
    return list(db.exec(rows.order_by(col(LocalSeat.id))))


def unseat(db: Session, ref: str, person: str) -> None:
    """Let one person out."""
    theirs = col(LocalSeat.room_id) == found(db, ref).id, col(LocalSeat.person) == person
    db.connection().execute(delete(LocalSeat).where(*theirs))


def archive(db: Session, ref: str, now: datetime) -> None:
    """Close a room for good; what was said in it can still be read there."""
    room = found(db, ref)
    room.archived_at = room.archived_at or now


def post(
    db: Session,
    ref: str,
    author: str,
    message: Mapping[str, Any],
    at: datetime,
    key: str,
    *,
    thread: str = "",
    pinned: bool = False,
) -> int:
    """Post into a room once for this key; give the post's id."""
    if (there := local.by_key(db, key)) is not None:
        return there
    place = place_of(still_open(db, ref).id)
    root = _root(db, place, thread)
    return local.post(db, place, author, dict(message), at, key=key, thread=root, pinned=pinned)


def _root(db: Session, place: str, thread: str) -> int:
    """Find the post at which a thread begins; 0 where it is not there."""
    is_id = thread.isascii() and thread.isdigit() and len(thread) <= LONGEST
    begun = db.get(LocalPost, int(thread)) if is_id else None
    if begun is None or begun.place != place:
        return 0
    return begun.thread or begun.id or 0


def seats(db: Session, people: Sequence[str]) -> dict[str, list[LocalRoom]]:
    """List the rooms that each person is in: those in use by name, then the archived ones."""
    rooms: dict[str, list[LocalRoom]] = {person: [] for person in people}
    rows = db.exec(
        select(LocalSeat.person, LocalRoom)
        .join(LocalRoom, col(LocalRoom.id) == col(LocalSeat.room_id))
        .where(col(LocalSeat.person).in_(people))
        .order_by(col(LocalRoom.archived_at).is_not(None), col(LocalRoom.name))
    )
    for person, room in rows:
        rooms[person].append(room)
    return rooms
