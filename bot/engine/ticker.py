"""The heartbeat: APScheduler wakes one round of planning and delivering, and nothing else."""

import asyncio
import logging
from collections import Counter
from collections.abc import Collection
from datetime import datetime, timedelta
from functools import partial

from sqlmodel import Session

from bot.clock import Clock, utc_now
from bot.engine import round_work, upkeep
from bot.engine.beside import Beside
from bot.engine.courier import Courier
from bot.engine.feeds import FeedReader
from bot.engine.planner import plan
from bot.logs import cause
from bot.store import deliveries, lanes, rhythms
from bot.store.database import Database

log = logging.getLogger(__name__)

#: How often the ticker looks, in seconds. A look that finds nothing costs a fraction of a
#: millisecond, and a workspace's pace is kept by the second.
BEAT = 1.0
#: How long a stop waits for messages that are under way, in seconds; the rest is given back.
GRACE = 10.0
#: A lane that is closed for longer than this is not paced: the platform asked us to wait.
PACING = timedelta(seconds=2)
#: A worker never waits longer than this for its clock to pass one due moment, in minutes.
STEP = timedelta(minutes=1)


class Rounds:
    """Plans and delivers until nothing more is due at a moment; has rota feeds read meanwhile."""

    def __init__(
        self,
        database: Database,
        courier: Courier,
        platforms: Collection[str],
        reader: FeedReader | None = None,
        *,
        keep_up: bool = True,
    ) -> None:
        self._database = database
        self._courier = courier
        self._platforms = tuple(platforms)
        self._reader = reader
        self._reading = Beside("feeds_failed")
        self._upkeep = Beside("upkeep_failed")
        self._matching = Beside("matching_failed")
        self._swept: datetime | None = None
        self._keeps_up = keep_up
        self._stopped = False

    async def tick(self, now: datetime, *, settle: bool = True) -> Counter[str]:
        """Plan and deliver all that is due; give the counts.

        Without `settle` messages may still be under way at the end; a later tick counts them. So
        may the reading of feeds, which else ends first, for it says when members may be written to.
        """
        if self._reader is not None and not self._stopped:
            await self._reading.run(partial(self._reader.read_due, now), settle=settle)
        since = asyncio.get_running_loop().time()
        counts: Counter[str] = Counter()
        while not self._stopped and (
            planned := await self._database.run(partial(plan, now=now, platforms=self._platforms))
        ):
            counts["planned"] += planned
        while not self._stopped and await self._courier.deliver(now, since):
            pass
        if settle:
            await self._courier.settle()
        due = self._swept is None or abs(now - self._swept) > upkeep.EVERY
        if self._keeps_up and due:
            self._swept = now
            await self._upkeep.run(partial(self._keep_up, now), settle=settle)
        if self._keeps_up and not self._stopped:
            await self._matching.run(partial(self._match, now), settle=settle)
        return counts + self._courier.counted()

    async def _keep_up(self, now: datetime) -> None:
        for work in upkeep.works(now):
            await self._database.run(work)

    async def _match(self, now: datetime) -> None:
        for work in round_work.works(now):
            await self._database.run(work)

    async def finish(self, now: datetime) -> Counter[str]:
        """Tick, and while workspaces are only paced, wait and tick again."""
        counts = await self.tick(now)
        while (opens := await self._database.run(partial(self._next_opening, now=now))) is not None:
            await asyncio.sleep((opens - now).total_seconds())
            now = opens
            counts += await self.tick(now)
        return counts

    def _next_opening(self, db: Session, now: datetime) -> datetime | None:
        opens = lanes.next_opening(db, now, self._platforms)
        if opens is None or opens - now > PACING:
            return None
        return opens if lanes.is_anything_due(db, now, self._platforms) else None

    async def stop(self, grace: float = GRACE) -> None:
        """Take nothing more; wait some seconds for what is under way, and give the rest back.

        What goes on beside is left: a feed's lease ends, and then it is read.
        """
        self._stopped = True
        await self._reading.stop()
        await self._upkeep.stop()
        await self._matching.stop()
        await self._courier.stop(grace)

    async def live_until(self, start: datetime, end: datetime) -> Counter[str]:
        """Tick at each due moment between two moments, so that nothing arrives late."""
        counts: Counter[str] = Counter()
        now = start
        while True:
            due = await self._database.run(self.next_due)
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

    def next_due(self, db: Session) -> datetime | None:
        """Tell when something is due next; None when nothing ever is."""
        moments = (
            rhythms.next_moment(db, self._platforms),
            deliveries.next_moment(db, self._platforms),
            self._reader.next_moment(db) if self._reader is not None else None,
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
        self._watch: asyncio.Task[None] | None = None
        self._last = 0.0

    def start(self) -> None:
        """Begin to tick; a tick that is still at work is never doubled."""
        from apscheduler.schedulers.asyncio import AsyncIOScheduler

        scheduler = AsyncIOScheduler(timezone="UTC")
        scheduler.add_job(
            self._beat_once,
            "interval",
            seconds=self._beat,
            id="tick",
            coalesce=True,
            max_instances=1,
            misfire_grace_time=None,
        )
        scheduler.start()
        self._scheduler = scheduler
        self._last = asyncio.get_running_loop().time()
        self._watch = asyncio.create_task(self._wake_if_silent())

    async def stop(self, grace: float = GRACE) -> None:
        """Stop waking, finish what is at work within some seconds, and give back the rest."""
        if self._scheduler is None or self._watch is None:
            return
        self._watch.cancel()
        self._scheduler.pause()  # type: ignore[attr-defined]
        await self._rounds.stop(grace)
        async with self._at_work:  # a shutdown would cancel the tick between two statements
            self._scheduler.shutdown(wait=False)  # type: ignore[attr-defined]
        self._scheduler = None

    async def _beat_once(self) -> None:
        async with self._at_work:
            await self._one_tick()
            self._last = asyncio.get_running_loop().time()

    async def _one_tick(self) -> None:
        try:
            counts = await self._rounds.tick(self._clock(), settle=False)
        except Exception as error:
            log.error(  # noqa: TRY400 - a traceback would quote members
                "A tick failed", extra={"action": "tick_failed", "cause": cause(error)}
            )
            return
        for outcome, count in counts.items():
            log.info("Tick", extra={"action": f"tick_{outcome}", "count": count})

    async def _wake_if_silent(self) -> None:
        """Wake the scheduler when the system's clock was set back.

        APScheduler remembers its next beat as a time of day; after a step back of an hour it would
        sleep for an hour. The loop's own clock only goes forward, so it tells.
        """
        loop = asyncio.get_running_loop()
        while True:
            await asyncio.sleep(self._beat)
            if loop.time() - self._last > 3 * self._beat and not self._at_work.locked():
                self._last = loop.time()
                self._scheduler.modify_job(  # type: ignore[union-attr]
                    "tick", next_run_time=utc_now()
                )
