"""What a person sees in a place: posts in a row, grouped as one reads them."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import blake2s

from bot.chat.message import Message
from bot.domain.zones import local
from bot.platforms.local.workspace import CAST, CHANNELS, COACH, Person, person
from bot.store import local as rows_of
from bot.store.local import Post
from bot.store.turns import Work

#: Posts of one author this close together share one name and one time.
TOGETHER = timedelta(minutes=5)
#: A page shows this many posts at most.
SHOWN = 200
#: How the coach is called on the page.
COACH_NAME = "Preceptor"


@dataclass(frozen=True, slots=True)
class Place:
    """A place on the page: `slug` in its address, `address` in the rows (none for the home)."""

    slug: str
    label: str
    topic: str
    address: str

    @property
    def is_private(self) -> bool:
        """Whether the coach reads every word here."""
        return not self.address.startswith("channel:")


def places(who: Person) -> dict[str, Place]:
    """List where a person can be, by slug."""
    found = [
        Place("dm", COACH_NAME, "Your direct messages with the coach", who.place),
        Place("home", "Home", "What the coach has of yours, at a glance", ""),
        *(
            Place(name, f"#{name}", "Everyone here reads this channel", f"channel:{name}")
            for name in CHANNELS
        ),
    ]
    return {place.slug: place for place in found}


def people(who: Person) -> tuple[Person, ...]:
    """List whom one can be; a visitor from the terminal joins the cast."""
    return tuple(CAST.values()) + (() if who.key in CAST else (who,))


#: How much each person has not read, by the slug of the place.
Unread = dict[str, dict[str, int]]


def unread_of(who: Person) -> Work[Unread]:
    """Ask how much everyone on the page has not read."""
    spots = {
        each.key: [place for place in places(each).values() if place.address]
        for each in people(who)
    }
    return lambda db: {
        key: {
            place.slug: count
            for place, count in zip(
                known,
                rows_of.unread(db, key, [place.address for place in known]).values(),
                strict=True,
            )
        }
        for key, known in spots.items()
    }


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

    @property
    def stamp(self) -> str:
        """Change whenever the post must be drawn again."""
        seen = json.dumps([self.message.to_json(), self.follows, self.private])
        return blake2s(seen.encode(), digest_size=6).hexdigest()


def lines(rows: Sequence[Post], reader: Person, unread: int, zone: str) -> list[Line]:
    """Put posts in a row for a reader; `unread` is how many of the others' posts are new."""
    shown = rows[-SHOWN:]
    first_new = _first_new(shown, reader, unread)
    found: list[Line] = []
    before: Post | None = None
    for row in shown:
        at = local(row.at, zone)
        opens_day = before is None or local(before.at, zone).date() != at.date()
        found.append(
            Line(
                id=row.id or 0,
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
            )
        )
        before = row
    return found


def _together(before: Post, row: Post) -> bool:
    return (
        before.author == row.author
        and bool(before.seen_by) == bool(row.seen_by)
        and row.at - before.at < TOGETHER
    )


def _first_new(rows: Sequence[Post], reader: Person, unread: int) -> int | None:
    others = [row.id for row in rows if row.author != reader.key]
    first = others[-min(unread, len(others))] if unread and others else None
    return None if rows and first == rows[0].id else first  # where all is new, nothing is
