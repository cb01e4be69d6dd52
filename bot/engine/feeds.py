"""Reads members' rota feeds a few times a day, beside everything else.

A feed is taken, fetched with no transaction open, read in a thread, and kept in one transaction. Of
what goes wrong only its kind and the number of the member's row are logged.
"""

import asyncio
import logging
import random
from collections.abc import Awaitable, Callable, Collection
from datetime import date, datetime, timedelta
from functools import cache, partial

from sqlmodel import Session

from bot.chat.content import content
from bot.domain.rota import Rota, RotaRules, read_rota
from bot.domain.rota_address import PERMANENT, Failure, Unread, read_target
from bot.domain.zones import local
from bot.errors import Misread
from bot.logs import cause
from bot.models import Feed, Member
from bot.store import deliveries, drafts, feeds, members, shifts
from bot.store.database import Database
from bot.store.feeds import DueFeed

log = logging.getLogger(__name__)

#: The occasion after the first good reading, and when labels are to be asked about.
FEED_READ = "shifts.feed_read"
#: The occasion when a feed cannot be read for long.
FEED_TROUBLE = "shifts.feed_trouble"
#: The draft with the labels to ask about: `{"labels": [[key, label], …]}`.
UNCLEAR = "shifts.unclear"
#: How often a feed is read. Some are made anew once a day, others with each change.
EVERY = timedelta(hours=4)
#: After a failure a feed is tried again: after so long, then after twice as long, and so on.
BACK_OFF, LONGEST_BACK_OFF = timedelta(minutes=30), timedelta(hours=24)
#: After so long without a good reading the member is told.
STALE = timedelta(hours=72)
#: The same for an address that never worked, where trying again will hardly help.
HOPELESS = timedelta(hours=24)
#: Feeds that are fetched at the same time.
AT_ONCE = 8

Fetch = Callable[[str], Awaitable[bytes]]

_ADDRESS_KEYS = {
    Failure.NOT_HTTPS: "shifts.feed_not_https",
    Failure.PRIVATE: "shifts.feed_private",
}
_READING = {
    "shifts.feed_is_a_page": Failure.NO_CALENDAR,
    "shifts.feed_no_calendar": Failure.NO_CALENDAR,
    "shifts.feed_too_big": Failure.TOO_BIG,
    "shifts.feed_too_many": Failure.TOO_BIG,
}


@cache
def rota_rules() -> RotaRules:
    """Read the rules once."""
    return RotaRules.from_data(content("shifts/labels"), content("shifts/defaults"))


def check_address(text: str) -> str:
    """Clean an address that a member gave.

    Raise Misread with `shifts.feed_address`, `shifts.feed_not_https` or `shifts.feed_private`, and
    no facts: the address is a credential, and is not said again.
    """
    address = text.strip().removeprefix("<").removesuffix(">")
    scheme, mark, rest = address.partition("://")
    if scheme.lower() in {"webcal", "webcals"}:
        address = f"https{mark}{rest}"
    try:
        return read_target(address).text()
    except Unread as told:
        failure = told.failure
    raise Misread(_ADDRESS_KEYS.get(failure, "shifts.feed_address"))


async def fetch(address: str) -> bytes:
    """Fetch as strictly as it goes; see `fetching`."""
    from bot.engine.fetching import Fetcher  # here: it takes 0.2 s to load, and few need it

    return await Fetcher().fetch(address)


def sparing(fetch: Fetch, seconds: float = 60.0) -> Fetch:
    """Ask an address anew only after some seconds, for a clock that is moved on by hand.

    A hospital's host is not asked a hundred times because somebody tries out a month.
    """
    known: dict[str, tuple[float, bytes | Failure]] = {}

    async def spared(address: str) -> bytes:
        now = asyncio.get_running_loop().time()
        since, found = known.get(address, (now - seconds, b""))
        if now - since >= seconds:
            try:
                found = await fetch(address)
            except Unread as told:
                found = told.failure
            known.clear()  # one is enough, and the others are not ours to keep
            known[address] = now, found
        if isinstance(found, Failure):
            raise Unread(found)
        return found

    return spared


class FeedReader:
    """Reads the feeds that are due, a few at the same time."""

    def __init__(
        self, database: Database, platforms: Collection[str], fetch: Fetch = fetch
    ) -> None:
        self._database, self._platforms, self._fetch = database, tuple(platforms), fetch
        self._at_work = asyncio.Lock()  # one rota at a time keeps a processor busy enough

    async def read_due(self, now: datetime) -> int:
        """Read all feeds that are due; give how many were tried."""
        tried = 0
        take = partial(feeds.due, now=now, platforms=self._platforms, limit=AT_ONCE)
        while taken := await self._database.run(take):
            tried += len(taken)
            async with asyncio.TaskGroup() as group:
                for each in taken:
                    group.create_task(self._read(each, now))
        return tried

    def next_moment(self, db: Session) -> datetime | None:
        """Tell when the next feed is to be read."""
        return feeds.next_moment(db, self._platforms)

    async def _read(self, taken: DueFeed, now: datetime) -> None:
        found = await self._attempt(taken, now)
        if isinstance(found, Rota):
            await self._database.run(partial(_keep, taken=taken, rota=found, now=now))
            return
        log.warning(
            "A rota feed was not read",
            extra={"action": "feed_failed", "member": taken.member_id, "reason": found.value},
        )
        await self._database.run(partial(_fail, taken=taken, failure=found, now=now))

    async def _attempt(self, taken: DueFeed, now: datetime) -> Rota | Failure:
        try:
            data = await self._fetch(
                await self._database.run(partial(feeds.address_of, taken=taken))
            )
            async with self._at_work:
                return await asyncio.to_thread(
                    read_rota, data, rota_rules(), zone=taken.zone, now=now, answers=taken.answers
                )
        except Unread as told:
            return told.failure
        except Misread as told:
            return _READING.get(told.key, Failure.BROKEN)
        except Exception as error:
            log.error(  # noqa: TRY400 - a traceback could quote the feed
                "Reading a rota feed failed",
                extra={"action": "feed_fault", "member": taken.member_id, "cause": cause(error)},
            )
            return Failure.FAULT


def _held(db: Session, taken: DueFeed) -> tuple[Member, Feed] | None:
    """Hold a member's row, as turns do, and load the feed; None if it is another one by now."""
    member = members.hold(db, [taken.member_id]).get(taken.member_id)
    feed = feeds.taken_still(db, taken) if member is not None else None
    return None if member is None or feed is None else (member, feed)


def _keep(db: Session, taken: DueFeed, rota: Rota, now: datetime) -> None:
    """Put what a feed says in the place of what it said before."""
    held = _held(db, taken)
    if held is None:
        return
    member, feed = held
    shifts.replace_feed(db, member.key, rota.shifts, rota.first, rota.last)
    _ask(db, member, feed, rota, now)
    wait = EVERY * _jitter(taken, now, 0.9)
    feeds.read_well(feed, taken, now, now + wait)


def _ask(db: Session, member: Member, feed: Feed, rota: Rota, now: datetime) -> None:
    """Promise to tell of the first reading, and to ask about labels that are new.

    Where the day's promise is spent, what is new waits for another day. The words of a label are
    kept only while they wait for an answer, and are in the feed.
    """
    today = local(now, member.zone).date()
    new = {each.key: each for each in rota.unclear if not feeds.is_asked(feed, each.key, today)}
    kept = (drafts.kept(db, member.key, UNCLEAR) or {"labels": []})["labels"]
    still = {each.key for each in rota.unclear} - new.keys()
    asked = [pair for pair in kept if pair[0] in still]
    if (new or feed.read_at is None) and _may_ask(db, member, today, now):
        asked += [[each.key, each.label] for each in new.values()]
        feeds.mark_asked(feed, new.keys(), today)
    if asked:
        drafts.keep(db, member.key, UNCLEAR, {"labels": asked}, now)
    elif kept:
        drafts.drop(db, member.key, UNCLEAR)


def _may_ask(db: Session, member: Member, today: date, now: datetime) -> bool:
    """Tell whether a message will come that asks: one that waits, or one that is promised now."""
    if deliveries.is_waiting(db, member.key, FEED_READ):
        return True
    return deliveries.promise(db, member, FEED_READ, f"{FEED_READ}:{member.key}:{today}", now)


def _fail(db: Session, taken: DueFeed, failure: Failure, now: datetime) -> None:
    """Note a failure; tell the member once when it has lasted."""
    held = _held(db, taken)
    if held is None:
        return
    member, feed = held
    next_at = now + back_off(feed.failures + 1) * _jitter(taken, now, 1.0)
    if feed.read_at is not None and now < feed.read_at + STALE:
        next_at = min(next_at, feed.read_at + STALE)  # not to tell of it a day later
    told = feed.told
    if not told and _has_lasted(feed, failure, now):
        day = local(now, member.zone).date()
        key = f"{FEED_TROUBLE}:{member.key}:{day}"
        told = deliveries.promise(db, member, FEED_TROUBLE, key, now)
    feeds.failed(feed, taken, next_at, told=told)


def _has_lasted(feed: Feed, failure: Failure, now: datetime) -> bool:
    if feed.read_at is not None:
        return now - feed.read_at >= STALE
    # When an address was given is not kept; the tries since then tell how long ago at least.
    tried_for = sum((back_off(n + 1) for n in range(feed.failures)), timedelta())
    return tried_for >= (HOPELESS if failure in PERMANENT else STALE)


def back_off(failures: int) -> timedelta:
    """Tell how long a feed is left alone after so many failures in a row."""
    return min(BACK_OFF * (1 << min(failures - 1, 10)), LONGEST_BACK_OFF)


def _jitter(taken: DueFeed, now: datetime, least: float) -> float:
    """Spread the readings, so that feeds set up together do not stay together."""
    return random.Random(f"{taken.member_id} {now}").uniform(least, 1.1)
