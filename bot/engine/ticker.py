"""The heartbeat: APScheduler wakes one round of planning and delivering, and nothing else."""

import asyncio
import logging
from collections import Counter
from collections.abc import Collection
from datetime import datetime, timedelta
from functools import partial

from sqlmodel import Session

from bot.clock import Clock
from bot.engine.courier import Courier
from bot.engine.planner import plan
from bot.logs import cause
from bot.store import deliveries, inbound, rhythms
from bot.store.database import Database

log = logging.getLogger(__name__)

#: How often the ticker looks, in seconds: a check-in is on time to the eye.
BEAT = 5.0
#: A worker never waits longer than this for its clock to pass one due moment, in minutes.
STEP = timedelta(minutes=1)


class Rounds:
    """Plans and delivers until nothing more is due at a moment."""

    def __init__(self, database: Database, courier: Courier, platforms: Collection[str]) -> None:
        self._database = database
        self._courier = courier
        self._platforms = tuple(platforms)
        self._swept: datetime | None = None

    async def tick(self, now: datetime) -> Counter[str]:
        """Plan and deliver all that is due; give the counts."""
        counts: Counter[str] = Counter()
        while planned := await self._database.run(
            partial(plan, now=now, platforms=self._platforms)
        ):
            counts["planned"] += planned
        while delivered := await self._courier.deliver(now):
            counts += delivered
        if self._swept is None or now - self._swept > timedelta(hours=6):
            self._swept = now
            await self._database.run(partial(inbound.sweep, now=now))
        return counts

    async def live_until(self, start: datetime, end: datetime) -> Counter[str]:
        """Tick at each due moment between two moments, so that nothing arrives late."""
        counts: Counter[str] = Counter()
        now = start
        while True:
            due = await self._database.run(self._next_due)
            if due is None or due > end:
                break
            now = max(due, now)
            round_counts = await self.tick(now)
            counts += round_counts
            if not round_counts:
                now += STEP  # what is due is leased or refused: let a little time pass
                if now > end:
                    break
        return counts + await self.tick(end)

    def _next_due(self, db: Session) -> datetime | None:
        moments = (
            rhythms.next_moment(db, self._platforms),
            deliveries.next_moment(db, self._platforms),
        )
        return min((each for each in moments if each is not None), default=None)


class Ticker:
    """Wakes the rounds at a steady beat, in the running event loop."""

    def __init__(self, rounds: Rounds, clock: Clock, beat: float = BEAT) -> None:
        self._rounds = rounds
        self._clock = clock
        self._beat = beat
        self._scheduler: object | None = None
        self._at_work = asyncio.Lock()

    def start(self) -> None:
        """Begin to tick; a tick that is still at work is never doubled."""
        from apscheduler.schedulers.asyncio import AsyncIOScheduler

        scheduler = AsyncIOScheduler(timezone="UTC")
        scheduler.add_job(
            self._beat_once,
            "interval",
            seconds=self._beat,
            coalesce=True,
            max_instances=1,
            misfire_grace_time=None,
        )
        scheduler.start()
        self._scheduler = scheduler

    async def stop(self) -> None:
        """Stop waking, and wait for a tick that is at work."""
        if self._scheduler is None:
            return
        self._scheduler.pause()  # type: ignore[attr-defined]
        async with self._at_work:  # a shutdown would cancel the tick in the middle of a send
            self._scheduler.shutdown(wait=False)  # type: ignore[attr-defined]
        self._scheduler = None

    async def _beat_once(self) -> None:
        async with self._at_work:
            await self._one_tick()

    async def _one_tick(self) -> None:
        try:
            counts = await self._rounds.tick(self._clock())
        except Exception as error:
            log.error(  # noqa: TRY400 - a traceback would quote members
                "A tick failed", extra={"action": "tick_failed", "cause": cause(error)}
            )
            return
        for outcome, count in counts.items():
            log.info("Tick", extra={"action": f"tick_{outcome}", "count": count})
