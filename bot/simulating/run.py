"""The run: simulated people on the real engine, under a clock that only we move.

Events lie in a heap. The clock jumps to the next one: something is due, or someone acts. What
happens in one moment happens in the order of people's numbers, so that a run repeats exactly.
"""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from heapq import heappop, heappush
from itertools import count
from pathlib import Path

from bot.app import join
from bot.chat.message import Message
from bot.domain.zones import local
from bot.engine.ports import Address
from bot.features.membership.commands import APART
from bot.models import CHECKIN
from bot.platforms.local.workspace import LocalClock, LocalMessenger
from bot.simulating.acts import Act, Later, actions
from bot.simulating.ledger import Ledger, Rows, disagreements, week_of
from bot.simulating.people import Someone
from bot.store import counting, migrate
from bot.store.database import Database
from bot.store.local import PLATFORM
from bot.store.throwaway import Throwaway

#: A Monday; both the American and the European change of clocks lie in the quarter after it.
START = datetime(2027, 1, 4, tzinfo=UTC)
#: People act on whole five minutes, so that many acts share a moment as they do in a team.
GRAIN = timedelta(minutes=5)
#: When what is due cannot be done, let a little time pass.
STEP = timedelta(minutes=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """What a run depends on, and nothing else."""

    members: int
    weeks: int
    seed: int


@dataclass(frozen=True, slots=True)
class Result:
    """What a run came to."""

    settings: Settings
    ledger: Ledger
    rows: Rows
    disagreements: list[str]


class _Clock(LocalClock):
    """The workspace's clock, moved by the run alone."""

    def __init__(self, moment: datetime) -> None:
        self.moment = moment

    def __call__(self) -> datetime:
        return self.moment


class _Postman:
    """Delivers through the local workspace, and keeps what arrived until people have read it."""

    pace = None

    def __init__(self, messenger: LocalMessenger) -> None:
        self._messenger = messenger
        self.rooms = messenger.rooms
        self.arrived: list[tuple[int, str, str, Message]] = []

    async def send(self, to: Address, message: Message, key: str) -> str:
        ref = await self._messenger.send(to, message, key)
        self.arrived.append((int(to.user.rpartition("-")[2]), key, ref, message))
        return ref

    async def replace(self, ref: str, message: Message) -> None:
        await self._messenger.replace(ref, message)

    async def find(self, to: Address, key: str) -> str | None:
        return await self._messenger.find(to, key)


def simulate(
    settings: Settings, file: Path, overlay: Path | None, show: Callable[[float], None]
) -> Result:
    """Run on a new database file; `show` is told how much of the time has passed, from 0 to 1."""
    database = Throwaway(f"sqlite:///{file}")
    try:
        migrate.upgrade(database.engine)
        return asyncio.run(_Simulation(settings, database, overlay).run(show))
    finally:
        database.close()


class _Simulation:
    def __init__(self, settings: Settings, database: Database, overlay: Path | None) -> None:
        self._settings = settings
        self._database = database
        self._clock = _Clock(START)
        self._postman = _Postman(LocalMessenger(database, self._clock))
        self._coach = join(
            database, self._clock, {PLATFORM: self._postman}, overlay, prepare=True, keep_up=False
        )
        self._people = [Someone(settings.seed, n) for n in range(settings.members)]
        self._ledger = Ledger(START.date(), settings.weeks)
        self._end = START + timedelta(weeks=settings.weeks)
        self._closed = 0
        self._keys = count()
        self._ahead: list[tuple[datetime, int, int, Act]] = []
        for someone in self._people:
            self._plan(someone, someone.comes(START, settings.weeks))

    async def run(self, show: Callable[[float], None]) -> Result:
        due: datetime | None = None
        while (moment := min(filter(None, (due, self._next_act())), default=self._end)) < self._end:
            now = self._clock.moment = max(moment, self._clock.moment)
            self._close_weeks(now)
            show((now - START) / (self._end - START))
            stuck = due is not None and due <= now and not await self._tick(now)
            await self._act(now)
            due = await self._database.run(self._coach.rounds.next_due)
            if stuck and due is not None:
                due = max(due, now + STEP)
        self._clock.moment = self._end
        self._close_weeks(self._end)
        show(1)
        return await self._result()

    def _next_act(self) -> datetime | None:
        return self._ahead[0][0] if self._ahead else None

    def _close_weeks(self, now: datetime) -> None:
        while now >= START + timedelta(weeks=self._closed + 1):
            away = sum(someone.on_leave(now) for someone in self._people)
            self._ledger.add("on leave", self._ledger.weeks[self._closed], away)
            self._closed += 1

    def _plan(self, someone: Someone, later: list[Later]) -> None:
        for wait, act in later:
            moment = self._clock.moment + wait
            moment += (START - moment) % GRAIN
            if moment < self._end:
                heappush(self._ahead, (moment, someone.number, next(self._keys), act))

    async def _tick(self, now: datetime) -> bool:
        """Plan and deliver what is due, and let people read it; False when nothing moved."""
        counts = await self._coach.rounds.tick(now)
        self._ledger.add("withheld at its hour", "", counts["dropped"])
        self._ledger.add("failed", "", counts["failed"])
        arrived, self._postman.arrived = self._postman.arrived, []
        for number, key, ref, message in sorted(arrived, key=lambda each: each[:2]):
            someone = self._people[number]
            self._book_sent(someone, key.partition(":")[0], message, now)
            self._plan(someone, someone.hears(message, ref, week_of(now.date()), now))
        return bool(counts)

    def _book_sent(self, someone: Someone, occasion: str, message: Message, now: datetime) -> None:
        week = week_of(now.date())
        self._ledger.add(f"sent {occasion}", week)
        if someone.on_leave(now):
            self._ledger.add("sent to someone on leave")
        if someone.stopped:
            self._ledger.add("sent to someone who stopped")
        if occasion != CHECKIN or "checkin.again" in actions([message]):
            return
        self._ledger.add("asked", week)
        self._ledger.add("reminders promised")
        today = local(now, someone.zone).date()
        if someone.asked_on is not None and today - someone.asked_on < APART:
            self._ledger.add("asked again too soon")
        someone.asked_on = today

    async def _act(self, now: datetime) -> None:
        """Let everyone act whose moment has come: side by side, and each one thing at a time."""
        acting: dict[int, list[Act]] = {}
        while self._ahead and self._ahead[0][0] <= now:
            _, number, _, act = heappop(self._ahead)
            acting.setdefault(number, []).append(act)
        turns = []
        for number, acts in acting.items():
            someone, wanted = self._people[number], []
            for act in acts:
                if act.does == "wake":
                    self._plan(someone, someone.wakes(now))
                elif someone.still_wants(act, now):
                    wanted.append(act)
            if wanted:
                turns.append(self._do(someone, wanted, now))
        await asyncio.gather(*turns)

    async def _do(self, someone: Someone, acts: list[Act], now: datetime) -> None:
        for act in acts:
            key = f"{someone.number}-{next(self._keys)}"
            reply = await self._coach.dispatch.handle(act.incoming(someone.who.actor, key))
            if reply.replaces and act.ref:
                await self._postman.replace(act.ref, reply.messages[0])
            for update in reply.updates:
                await self._postman.replace(update.ref, update.message)
            happened, later = someone.learns(act, reply, now)
            for what, times in happened.items():
                week = someone.asked_in if what == "answered" else week_of(now.date())
                self._ledger.add(what, week, times)
            self._plan(someone, later)

    async def _result(self) -> Result:
        ledger = self._ledger
        for someone in self._people:
            if someone.joined:
                ledger.add(f"living in {someone.zone}")
                ledger.add("on leave at the end", "", someone.on_leave(self._end))
        counted = await self._database.run(partial(counting.count_all, now=self._end))
        rows = Rows(counted, ledger.weeks)
        return Result(self._settings, ledger, rows, disagreements(ledger, rows))
