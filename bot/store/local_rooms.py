"""The local workspace's private channels: who made them, and who is in."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from sqlalchemy import delete
from sqlmodel import Session, col, select

from bot.models import LocalRoom, LocalSeat
from bot.store.local import PREFIX


def place_of(room_id: int) -> str:
    """Name the place of a room's posts."""
    return f"{PREFIX}{room_id}"


def open_room(
    db: Session, name: str, purpose: str, key: str, *, taken: Iterable[str] = ()
) -> LocalRoom:
    """Make a room once for this key; a name that is taken gets a suffix."""
    there = db.exec(select(LocalRoom).where(LocalRoom.key == key)).one_or_none()
    if there is not None:
        return there
    made = LocalRoom(name=_free(db, name, set(taken)), purpose=purpose, key=key)
    db.add(made)
    db.flush()
    return made


def _free(db: Session, name: str, taken: set[str]) -> str:
    taken |= set(db.exec(select(LocalRoom.name).where(col(LocalRoom.name).startswith(name))))
    number, free = 1, name
    while free in taken:
        number += 1
        free = f"{name}-{number}"
    return free


def by_id(db: Session, room_id: int) -> LocalRoom | None:
    """Load a room."""
    return db.get(LocalRoom, room_id)


def seat(db: Session, room_id: int, people: Iterable[str]) -> None:
    """Let people in; whoever is in stays in."""
    there = set(db.exec(select(LocalSeat.person).where(LocalSeat.room_id == room_id)))
    for person in dict.fromkeys(people):
        if person not in there:
            db.add(LocalSeat(room_id=room_id, person=person))


def unseat(db: Session, room_id: int, person: str) -> None:
    """Let one person out."""
    db.connection().execute(
        delete(LocalSeat).where(col(LocalSeat.room_id) == room_id, col(LocalSeat.person) == person)
    )


def archive(db: Session, room: LocalRoom, now: datetime) -> None:
    """Close a room for good; what was said in it can still be read."""
    room.archived_at = room.archived_at or now


def seats(db: Session, people: Sequence[str]) -> dict[str, list[LocalRoom]]:
    """List the rooms that each person is in: the open ones by name, then the archived ones."""
    found: dict[str, list[LocalRoom]] = {person: [] for person in people}
    rows = db.exec(
        select(LocalSeat.person, LocalRoom)
        .join(LocalRoom, col(LocalRoom.id) == col(LocalSeat.room_id))
        .where(col(LocalSeat.person).in_(people))
        .order_by(col(LocalRoom.archived_at).is_not(None), col(LocalRoom.name))
    )
    for person, room in rows:
        found[person].append(room)
    return found


def people(db: Session, room_id: int) -> list[str]:
    """List who is in a room, in the order in which they came."""
    rows = select(LocalSeat.person).where(LocalSeat.room_id == room_id).order_by(col(LocalSeat.id))
    return list(db.exec(rows))
