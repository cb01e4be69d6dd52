"""What a person sees in a place: posts in a row, grouped as one reads them."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import blake2s

from bot.chat.message import Message
from bot.domain.zones import local
from bot.models import LocalRoom
from bot.platforms.local.people import CAST, COACH, Person, person
from bot.platforms.local.rooms import CHANNELS
from bot.store import local as rows_of
from bot.store import local_rooms
from bot.store.local import Post
from bot.store.turns import Work

#: Posts of one author this close together share one name and one time.
TOGETHER = timedelta(minutes=5)
#: A page shows this many posts at most.
SHOWN = 200
#: So many letters say which post is answered.
BEGINNING = 60
#: How the coach is called on the page.
COACH_NAME = "Preceptor"


@dataclass(frozen=True, slots=True)
class Place:
    """A place on the page: `slug` in its address, `address` in the rows (none for the home)."""

    slug: str
    label: str
    topic: str
    address: str
    #: Whether it can only be read any more.
    archived: bool = False

    @property
    def is_private(self) -> bool:
        """Whether the coach reads every word here."""
        return not self.address or self.address.startswith("dm:")


def direct(who: Person) -> Place:
    """Give the place where the coach talks with a person alone."""
    return Place("dm", COACH_NAME, "Your direct messages with the coach", who.place)


def standing(who: Person) -> dict[str, Place]:
    """List the places that everyone has, by slug."""
    found = [
        direct(who),
        Place("home", "Home", "What the coach has of yours, at a glance", ""),
        *(
            Place(name, f"#{name}", "Everyone here reads this channel", f"channel:{name}")
            for name in CHANNELS
        ),
    ]
    return {place.slug: place for place in found}


#: The places of each person, by slug.
Places = dict[str, dict[str, Place]]


def places(everyone: Sequence[Person]) -> Work[Places]:
    """Ask where people can be: the places that everyone has, and the channels they are in."""
    keys = [each.key for each in everyone]
    return lambda db: {
        key: standing(who) | {room.name: _room(room) for room in rooms}
        for who, (key, rooms) in zip(everyone, local_rooms.seats(db, keys).items(), strict=True)
    }


def answering(who: Person, address: str) -> Work[Place]:
    """Ask where the coach answers what was asked in a place: there, or else in the DM."""
    known = places([who])
    return lambda db: next(
        (
            place
            for place in known(db)[who.key].values()
            if address and place.address == address and not place.archived
        ),
        direct(who),
    )


def _room(room: LocalRoom) -> Place:
    archived = room.archived_at is not None
    address = local_rooms.place_of(room.id)
    return Place(room.name, f"#{room.name}", room.purpose, address, archived)


def people(who: Person) -> tuple[Person, ...]:
    """List whom one can be; a visitor from the terminal joins the cast."""
    return tuple(CAST.values()) + (() if who.key in CAST else (who,))


#: How much each person has not read, by the slug of the place.
Unread = dict[str, dict[str, int]]


@dataclass(frozen=True, slots=True)
class Around:
    """What lies around the open place: where everyone on the page can be, and what is new."""

    places: Places
    unread: Unread


def around(who: Person) -> Work[Around]:
    """Ask for everyone's places, and how much everyone on the page has not read."""
    known = places(people(who))
    return lambda db: Around(
        there := known(db),
        {
            key: _by_slug(mine, rows_of.unread(db, key, [each.address for each in mine.values()]))
            for key, mine in there.items()
        },
    )


def _by_slug(mine: dict[str, Place], counts: dict[str, int]) -> dict[str, int]:
    return {slug: counts[place.address] for slug, place in mine.items() if place.address}


def read_all(who: Person, place: Place) -> Work[None]:
    """Mark all that a person can see in a place as read."""
    return lambda db: rows_of.mark_read(
        db,
        who.key,
        place.address,
        max((row.id or 0 for row in rows_of.posts(db, place.address, who.key)), default=0),
    )


@dataclass(frozen=True, slots=True)
class Author:
    """How someone appears beside a post."""

    key: str
    name: str
    initials: str
    tone: str


def author(key: str) -> Author:
    """Find how someone appears; each of the cast has a tone of their own."""
    if key == COACH:
        return Author(key, COACH_NAME, "P", "coach")
    who = person(key)
    initials = "".join(part[0] for part in who.name.split()[:2]).upper()
    tone = f"t{list(CAST).index(key) + 1}" if key in CAST else "t0"
    return Author(key, who.name, initials, tone)


@dataclass(frozen=True, slots=True)
class Line:
    """One post, with what its surroundings add to it."""

    id: int
    by: Author
    at: datetime
    message: Message
    private: bool
    #: Whether the one before is by the same author, on the same day, and shortly before.
    follows: bool
    opens_day: bool
    opens_unread: bool
    #: The post that this one answers, and how that begins; 0 for none.
    thread: int = 0
    thread_words: str = ""
    pinned: bool = False

    @property
    def stamp(self) -> str:
        """Change whenever the post must be drawn again."""
        around = [self.follows, self.private, self.thread_words, self.pinned]
        seen = json.dumps([self.message.to_json(), *around])
        return blake2s(seen.encode(), digest_size=6).hexdigest()


def lines(rows: Sequence[Post], reader: Person, unread: int, zone: str) -> list[Line]:
    """Put posts in a row for a reader; `unread` is how many of the others' posts are new."""
    shown = rows[-SHOWN:]
    first_new = _first_new(shown, reader, unread)
    by_id = {row.id: row for row in rows}
    found: list[Line] = []
    before: Post | None = None
    for row in shown:
        at = local(row.at, zone)
        opens_day = before is None or local(before.at, zone).date() != at.date()
        found.append(
            Line(
                id=row.id,
                by=author(row.author),
                at=at,
                message=Message.from_json(row.message),
                private=bool(row.seen_by),
                opens_day=opens_day,
                opens_unread=row.id == first_new,
                follows=before is not None
                and not opens_day
                and row.id != first_new
                and _together(before, row),
                thread=row.thread,
                thread_words=_beginning(by_id.get(row.thread)),
                pinned=row.pinned,
            )
        )
        before = row
    return found


def _beginning(post: Post | None) -> str:
    """Give how a post begins, for whoever must know which one is meant."""
    words = Message.from_json(post.message).text if post else ""
    first = next((line for line in words.splitlines() if line), "")
    return first if len(first) <= BEGINNING else first[: BEGINNING - 1].rstrip() + "…"


def _together(before: Post, row: Post) -> bool:
    return (
        before.author == row.author
        and bool(before.seen_by) == bool(row.seen_by)
        and before.thread == row.thread
        and not (before.pinned or row.pinned)
        and row.at - before.at < TOGETHER
    )


def _first_new(rows: Sequence[Post], reader: Person, unread: int) -> int | None:
    others = [row.id for row in rows if row.author != reader.key]
    first = others[-min(unread, len(others))] if unread and others else None
    return None if rows and first == rows[0].id else first  # where all is new, nothing is


def is_theirs(post: Post | None, who: Person) -> bool:
    """Tell whether an answer to a person may take the place of this post of the coach's.

    What others read as well stays as it is.
    """
    if post is None or post.author != COACH:
        return False
    return post.place == who.place or post.seen_by == who.key
