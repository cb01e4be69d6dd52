"""A process that plans or delivers when it is told, as a serving process does."""

import asyncio
import json
import sys
import time
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from itertools import count
from statistics import quantiles

from sqlmodel import Session

from bot import serving
from bot.app import FEATURES, Coach, join
from bot.chat.incoming import Actor, Said
from bot.chat.message import Message
from bot.engine.planner import plan
from bot.engine.ports import Address
from bot.engine.ticker import BEAT
from bot.engine.turn import Feature, Occasion
from bot.features.checkins.prompts import StoppedAsking
from bot.serving import settle_memory
from bot.store import lanes
from bot.store.database import Database, connect
from tests.bench.crowds import NOW, PLATFORM, VAULT
from tests.bench.wakes import Wakes

#: An occasion that asks the database nothing and always says the same.
NOTE = "bench.note"
NOTES = Feature(
    name="notes",
    occasions=(
        Occasion(
            name=NOTE,
            compose=lambda turn, delivery, late: StoppedAsking(),
            stale_after=timedelta(days=999),
            weight=None,
        ),
    ),
)
PLATFORMS = (PLATFORM,)
#: Members who type while others are asked.
TYPISTS = 100
_said = count()


@dataclass
class Post:
    """A messenger that takes a while, and counts."""

    wait: float = 0.0  # seconds
    pace: float | None = None
    rooms: None = None
    sent: int = 0
    flying: int = 0
    most_flying: int = 0
    keys: set[str] = field(default_factory=set)

    def begin(self, wait: float) -> None:
        """Count anew, and take so many seconds for each message."""
        self.wait, self.sent, self.most_flying = wait, 0, 0
        self.keys.clear()

    async def send(self, to: Address, message: Message, key: str) -> str:
        self.flying += 1
        self.most_flying = max(self.most_flying, self.flying)
        if self.wait:
            await asyncio.sleep(self.wait)
        self.flying -= 1
        self.sent += 1
        self.keys.add(key)
        return str(self.sent)

    async def replace(self, ref: str, message: Message) -> None:
        raise NotImplementedError

    async def find(self, to: Address, key: str) -> str | None:
        raise NotImplementedError


def planned(database: Database, now: datetime, pause: float) -> dict[str, float]:
    """Plan until nothing is due; after each batch something else is waited for."""
    rows, longest, cpu = 0, 0.0, time.process_time()
    began = time.perf_counter()
    while True:
        batch_began = time.perf_counter()
        batch = database.call(partial(plan, now=now, platforms=PLATFORMS))
        if not batch:
            break
        longest = max(longest, time.perf_counter() - batch_began)
        rows += batch
        time.sleep(pause)
    return {
        "began": began,
        "ended": time.perf_counter(),
        "rows": rows,
        "longest_ms": longest * 1000,
        "cpu_us": (time.process_time() - cpu) / max(rows, 1) * 1e6,
    }


async def delivered(database: Database, coach: Coach, post: Post, wait: float) -> dict[str, float]:
    """Tick at the ticker's beat until nothing waits any more."""
    post.begin(wait)
    cpu, began = time.process_time(), time.perf_counter()
    while True:
        await coach.rounds.tick(NOW, settle=False)
        if not await database.run(_is_waiting):
            break
        await asyncio.sleep(BEAT - (time.perf_counter() - began) % BEAT)
    await coach.courier.settle()
    assert len(post.keys) == post.sent, "one delivery was sent twice"
    return {
        "began": began,
        "ended": time.perf_counter() if post.sent else began,
        "rows": post.sent,
        "flying": post.most_flying,
        "cpu_us": (time.process_time() - cpu) / max(post.sent, 1) * 1e6,
    }


def _is_waiting(db: Session) -> bool:
    return lanes.is_anything_due(db, NOW, PLATFORMS)


async def besieged(
    coach: Coach, post: Post, now: datetime, *, seconds: float, rate: float, wait: float
) -> dict[str, float]:
    """Plan and deliver what is due while members type, for these seconds at least."""
    post.begin(wait)
    waits: list[float] = []
    ended = False

    async def say(number: int) -> None:
        who = Actor(PLATFORM, "W0", f"typist{number % TYPISTS}", "A", "UTC")
        text = f"/goal add Read {number} papers on sepsis by June 2040"
        began = time.perf_counter()
        await coach.dispatch.handle(Said(who, text, f"bench{number}"))
        waits.append(time.perf_counter() - began)

    async def type_on() -> None:
        begun = []
        while not ended and rate:
            begun.append(asyncio.create_task(say(next(_said))))
            await asyncio.sleep(1 / rate)
        await asyncio.gather(*begun)

    for _ in range(TYPISTS if rate else 0):  # each is welcomed before anything is measured
        await say(next(_said))
    waits.clear()
    async with Wakes() as wakes:
        typing = asyncio.create_task(type_on())
        began = time.perf_counter()
        await coach.rounds.tick(now)
        took = time.perf_counter() - began
        await asyncio.sleep(max(0.0, seconds - took))
        ended = True
        await typing
    assert len(post.keys) == post.sent, "one delivery was sent twice"
    return {
        "rows": post.sent,
        "seconds": took,
        "worst_ms": wakes.worst_ms,
        "p99_ms": wakes.p99_ms,
        "command_p99_ms": quantiles(waits, n=100)[98] * 1000 if rate else 0.0,
    }


async def obey(url: str) -> None:
    """Do what each line says, until there are no more."""
    database, post = connect(url, VAULT), Post()
    coach = join(database, lambda: NOW, {PLATFORM: post}, features=(*FEATURES, NOTES), prepare=True)
    await database.run(_is_waiting)
    settle_memory()  # as `serve` does when it has started
    print(0, flush=True)
    while line := await asyncio.to_thread(sys.stdin.readline):
        order = json.loads(line)
        match order.pop("do"):
            case "plan":
                now = datetime.fromisoformat(order["now"])
                answer = planned(database, now, order["pause"])
            case "deliver":
                answer = await delivered(database, coach, post, order["wait"])
            case _:
                now = datetime.fromisoformat(order.pop("now"))
                answer = await besieged(coach, post, now, **order)
        print(json.dumps(answer), flush=True)
    database.close()


if __name__ == "__main__":
    serving._run(partial(obey, sys.argv[1]))
