"""Slow sends, slow turns, and one crowded workspace: the others are not held up."""

import asyncio
import threading
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from aiohttp import ClientTimeout

from bot.app import Coach, join
from bot.clock import utc_now
from bot.engine import composing, courier
from bot.engine.ticker import Ticker
from bot.platforms.slack import wire
from bot.platforms.slack.outbound import PACE
from bot.store.database import connect
from tests.faults.ground import (
    POSTGRESQL,
    Ground,
    Platform,
    coaching,
    minutes_ago,
    populate,
    promised,
    settled,
    unsettled,
    user_of,
)
from tests.faults.outcome import Outcome, Post, judged, setting
from tests.pilot import VAULT, World, at

MONDAY = at("2027-01-04 09:00")
#: How long what is slow waits for the others until we say that they wait for it, in seconds.
HELD = 30.0


@dataclass
class Pulse:
    """How evenly the event loop beats."""

    longest: float = 0.0

    async def beat(self) -> None:
        loop = asyncio.get_running_loop()
        while True:
            began = loop.time()
            await asyncio.sleep(0.005)
            self.longest = max(self.longest, loop.time() - began)


@asynccontextmanager
async def pulse() -> AsyncIterator[Pulse]:
    made = Pulse()
    beating = asyncio.create_task(made.beat())
    try:
        yield made
    finally:
        beating.cancel()


async def hanging(ground: Ground, kind: str, *, members: int, slow: int) -> Outcome:
    """Let some posts hang: all others are out before the first of these is answered."""
    # A call is given up after ten seconds: here it hangs for as long as the others may take.
    with setting(wire, TIMEOUT=ClientTimeout(total=2 * HELD)):
        return await _hanging(ground, kind, members, slow)


async def _hanging(ground: Ground, kind: str, members: int, slow: int) -> Outcome:
    broken: list[str] = []
    async with (
        Platform() as platform,
        coaching(ground.url(kind), platform, utc_now) as coach,
        pulse() as felt,
    ):
        for number in range(members):
            platform.add_user(user_of(number), f"Member {number}")
        platform.held = {user_of(number) for number in range(slow)}
        due = minutes_ago(5)
        await coach.database.run(lambda db: populate(db, members, due))
        felt.longest = 0.0
        ticker = Ticker(coach.rounds, utc_now, 0.1)
        ticker.start()
        try:
            async with asyncio.timeout(HELD):
                await platform.reached(members - slow)
        except TimeoutError:
            broken.append(f"{members - slow - len(platform.keys)} others were held up")
        gap, ended = felt.longest, utc_now()
        platform.gate.set()
        await platform.reached(members)
        await settled(coach.database)
        keys = await coach.database.run(lambda db: promised(db, utc_now()))
        await ticker.stop()
    return judged(
        "sends that hang",
        kind,
        keys,
        platform.posts,
        expected=members,
        ended=ended,
        note=f"{slow} hang; the event loop's longest pause {gap * 1000:.0f} ms",
        broken=broken,
    )


async def overlong(ground: Ground, kind: str, *, members: int) -> Outcome:
    """Let a round last several leases; another coach comes amid it and takes over nothing."""
    url, loop = ground.url(kind), asyncio.get_running_loop()
    world = World(url, MONDAY)
    await world.coach.database.run(lambda db: populate(db, members, MONDAY, platform="test"))
    other = join(connect(url, VAULT), world.clock, {"test": world.outbox})
    real, began = world.outbox.send, loop.time()

    async def send(*given: object) -> str:
        await asyncio.sleep(0.1)
        return await real(*given)  # type: ignore[arg-type]

    def moment() -> datetime:
        return MONDAY + timedelta(seconds=loop.time() - began)

    async def work(coach: Coach, later: float) -> None:
        await asyncio.sleep(later)
        while await coach.database.run(lambda db: unsettled(db, MONDAY)):
            await coach.rounds.tick(moment())
            await asyncio.sleep(0.01)

    world.outbox.send = send  # type: ignore[method-assign]
    lease = {"LEASE": timedelta(seconds=0.6), "LONGEST": 0.4, "BATCH": 2, "IN_FLIGHT": 4}
    with setting(courier, **lease), setting(composing, BACK_OFF=timedelta(seconds=0.2)):
        await asyncio.gather(work(world.coach, 0), work(other, 0.8))
    took = loop.time() - began
    posts = [Post(key, 0, to.user, at) for at, to, _, key in world.outbox.sent]
    keys = await world.coach.database.run(lambda db: promised(db, MONDAY))
    other.database.close()
    world.close()
    note = f"{took:.1f} s at leases of 0.6 s"
    return judged("a round of several leases", kind, keys, posts, expected=members, note=note)


async def slow_turn(ground: Ground, kind: str, *, members: int, seconds: float) -> Outcome:
    """Let one turn take long: on PostgreSQL others are answered amid it, everywhere after it.

    On PostgreSQL it does not end before the others were answered.
    """
    world, broken = World(ground.url(kind), MONDAY), list[str]()
    begun, answered = threading.Event(), threading.Event()

    def takes_long(_: object) -> None:
        begun.set()
        if kind == POSTGRESQL and not answered.wait(HELD):
            broken.append("the others waited for the slow turn")
        time.sleep(seconds)

    async with pulse() as felt:
        slow = asyncio.create_task(world.coach.database.run(takes_long))
        await asyncio.to_thread(begun.wait)
        pilots = [world.member(f"member{number}") for number in range(members)]
        await asyncio.gather(*(each.says("/goal add Pass the boards") for each in pilots))
        answered.set()
        await slow
    answers = [Post(each.actor.user, 0, "", world.clock()) for each in pilots for _ in each.replies]
    added = [each.actor.user for each in pilots if "Pass the boards" in each.answer]
    world.close()
    return judged(
        "a slow turn",
        kind,
        added,
        answers,
        expected=members,
        note=f"{seconds:.0f} s; the event loop's longest pause {felt.longest * 1000:.0f} ms",
        broken=broken,
    )


async def crowded(ground: Ground, kind: str, *, members: int) -> Outcome:
    """Let a workspace's check-ins wait in a long line: another's three do not wait behind them."""
    world = World(ground.url(kind), MONDAY)
    world.outbox.pace = PACE
    database, late = world.coach.database, MONDAY + timedelta(minutes=1)

    def join(db) -> None:  # type: ignore[no-untyped-def]
        populate(db, members, MONDAY, platform="test", workspace="large")
        populate(db, 3, late, platform="test", workspace="small", first=members)

    await database.run(join)
    while len(world.outbox.sent) < members + 3:
        await world.coach.rounds.tick(world.clock.moment)
        world.clock.moment += timedelta(seconds=1)
        if world.clock.moment > MONDAY + timedelta(hours=3):
            break
    posts = [Post(key, 0, to.user, moment) for moment, to, _, key in world.outbox.sent]
    three = [moment for moment, to, *_ in world.outbox.sent if to.workspace == "small"]
    waited = (max(three) - late).total_seconds()
    crowd = [moment for moment, to, *_ in world.outbox.sent if to.workspace == "large"]
    whole = (max(crowd) - MONDAY).total_seconds()
    keys = await database.run(lambda db: promised(db, world.clock()))
    world.close()
    found = judged(
        "one crowded workspace",
        kind,
        keys,
        posts,
        expected=members + 3,
        note=f"three were out after {waited:.0f} s, {members} after {whole:.0f} s; virtual time",
        broken=() if waited <= 2 else (f"the three waited {waited:.0f} s",),
    )
    return replace(found, recovered=waited)
