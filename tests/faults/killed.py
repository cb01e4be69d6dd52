"""Workers that are killed, cut off, and asked to stop, while thousands of deliveries go out."""

import asyncio
import random
import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import datetime
from multiprocessing.context import ForkServerProcess

from bot.clock import utc_now
from bot.store.database import connect
from tests.faults.ground import (
    PATIENCE,
    Ground,
    Platform,
    leased,
    minutes_ago,
    populate,
    promised,
    settled,
    tokens,
    user_of,
)
from tests.faults.outcome import Outcome, Post, judged
from tests.faults.worker import Order, hire
from tests.pilot import VAULT, World, at

MONDAY = at("2027-01-04 09:00")


class Spike:
    """Members whose check-ins are all due, the platform, and the workers at it."""

    def __init__(self, url: str, kind: str, platform: Platform, members: int) -> None:
        self.kind = kind
        self.platform = platform
        self.members = members
        self.database = connect(url, VAULT)
        # Few enough at once, and soon enough free, that a small spike, too, is hit in its middle.
        lease = 6.0 if members >= 1000 else 1.5
        self.order = Order(tokens(url, platform), lease=lease, batch=min(50, members // 10))
        self.crew: list[ForkServerProcess] = []

    async def fill(self) -> None:
        """Let the members join."""
        for number in range(self.members):
            self.platform.add_user(user_of(number), f"Member {number}")
        due = minutes_ago(5)
        await self.database.run(lambda db: populate(db, self.members, due))

    def hire(self) -> ForkServerProcess:
        """Start one more worker."""
        self.crew.append(hire(self.order))
        return self.crew[-1]

    async def kill(self, worker: ForkServerProcess) -> None:
        """End a worker without a word."""
        worker.kill()
        await asyncio.to_thread(worker.join)
        self.crew.remove(worker)

    async def dismiss(self, worker: ForkServerProcess) -> int | None:
        """Ask a worker to stop; give its exit status."""
        worker.terminate()
        await asyncio.to_thread(worker.join, PATIENCE)
        self.crew.remove(worker)
        return worker.exitcode

    async def outcome(self, fault: str, ended: datetime, **more: object) -> Outcome:
        """Wait until all is settled, and count."""
        await self.platform.reached(self.members)
        await settled(self.database)
        keys = await self.database.run(lambda db: promised(db, utc_now()))
        return judged(
            fault,
            self.kind,
            keys,
            self.platform.posts,
            expected=self.members,
            ended=ended,
            **more,  # type: ignore[arg-type]
        )


@asynccontextmanager
async def spike(
    ground: Ground, kind: str, members: int, of: type[Spike] = Spike
) -> AsyncIterator[Spike]:
    """Fill a database, open the platform, and end what is left at the end."""
    async with Platform() as platform:
        platform.latency = 0.02
        made = of(ground.url(kind), kind, platform, members)
        try:
            await made.fill()
            yield made
        finally:
            for worker in list(made.crew):
                await made.kill(worker)
            made.database.close()


async def killed(
    ground: Ground, kind: str, *, members: int, kills: int, workers: int, asks: bool = True
) -> Outcome:
    """Kill workers at random points of the spike; another takes each one's place at once."""
    chance = random.Random(kills)
    async with spike(ground, kind, members) as stage:
        stage.order = replace(stage.order, asks=asks)
        for _ in range(workers):
            stage.hire()
        for point in sorted(chance.sample(range(1, members), kills)):
            await stage.platform.reached(point)
            await asyncio.sleep(chance.uniform(0, 0.02))
            await stage.kill(chance.choice(stage.crew))
            stage.hire()
        ended = utc_now()
        outcome = await stage.outcome(
            "kill -9" if asks else "kill -9, the platform cannot be asked",
            ended,
            allowed=0 if asks else kills * 2 * stage.order.batch,  # what is under way at a kill
        )
        asked = stage.platform.called("conversations.history")
        words = f"{kills} kills, {workers} workers, asked the platform {len(asked)} times"
        return replace(outcome, note=words)


async def unhurried(
    ground: Ground, kind: str, *, members: int, workers: int, lease: float, batch: int
) -> Outcome:
    """Let rounds take several leases' time: what is under way is not taken over and sent again."""
    async with spike(ground, kind, members) as stage:
        stage.platform.latency = 0.25
        stage.order = replace(stage.order, lease=lease, batch=batch)
        for _ in range(workers):
            stage.hire()
        found = await stage.outcome("rounds longer than a lease", utc_now())
        first, last = min(stage.platform.posts, key=_at).at, max(stage.platform.posts, key=_at).at
        asked = len(stage.platform.called("conversations.history"))
        took = (last - first).total_seconds()
        note = f"{took:.0f} s at leases of {lease:.1f} s; asked the platform {asked} times"
        return replace(found, recovered=None, note=note)


def _at(post: Post) -> datetime:
    return post.at


async def dismissed(ground: Ground, kind: str, *, members: int, stops: int) -> Outcome:
    """Ask workers to stop in mid-spike, some with sends that outlast their grace."""
    chance = random.Random(stops)
    broken: list[str] = []
    longest = 0.0
    async with spike(ground, kind, members) as stage:
        worker = stage.hire()
        for number, point in enumerate(sorted(chance.sample(range(1, members * 3 // 4), stops))):
            await stage.platform.reached(max(point, len(stage.platform.keys) + 1))
            began = utc_now()
            status = await stage.dismiss(worker)
            longest = max(longest, (utc_now() - began).total_seconds())
            if status != 0:
                broken.append(f"stop {number} ended with {status}")
            if held := await stage.database.run(leased):
                broken.append(f"stop {number} left {held} leases")
            # Every second worker has less patience than the platform's slowest answers.
            stage.platform.fail("chat.postMessage", times=3, delay=0.6)
            stage.order = replace(stage.order, grace=0.2 if number % 2 == 0 else 10.0)
            worker = stage.hire()
        ended = utc_now()
        note = f"{stops} stops, the longest took {longest:.1f} s"
        return await stage.outcome("SIGTERM in mid-spike", ended, note=note, broken=broken)


async def stopped_at_work(ground: Ground, kind: str, *, members: int) -> Outcome:
    """Stop just when a batch was claimed and nothing is sent yet: all of it is given back."""
    world = World(ground.url(kind), MONDAY)
    database, courier = world.coach.database, world.coach.courier
    await database.run(lambda db: populate(db, members, MONDAY, platform="test"))
    claimed, stopped = threading.Event(), threading.Event()
    render = courier._composer.render

    def late(composed):  # type: ignore[no-untyped-def]
        claimed.set()
        stopped.wait(PATIENCE)
        return render(composed)

    courier._composer.render = late  # type: ignore[method-assign]
    tick = asyncio.create_task(world.coach.rounds.tick(MONDAY, settle=False))
    await asyncio.to_thread(claimed.wait, PATIENCE)
    await world.coach.rounds.stop(0)
    stopped.set()
    await tick
    await courier.settle()
    held, sent = await database.run(leased), len(world.outbox.sent)
    broken = [f"{held} leases were left"] if held else []
    broken += [f"{sent} were sent after the stop"] if sent else []

    world.restart()  # the next process
    await world.sleeps_until(MONDAY)
    posts = [Post(key, 0, to.user, moment) for moment, to, _, key in world.outbox.sent]
    keys = await world.coach.database.run(lambda db: promised(db, MONDAY))
    world.close()
    return judged("a stop amid a claim", kind, keys, posts, expected=members, broken=broken)
