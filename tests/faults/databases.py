"""The database goes away: its server is restarted, its disk is full, it takes no writes."""

import asyncio
import random
import re
import signal
import sqlite3
import subprocess
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, closing, contextmanager, suppress
from dataclasses import replace
from pathlib import Path
from shutil import copy

from sqlalchemy import event
from sqlmodel import Session, col, func, select

from bot.clock import utc_now
from bot.engine import marker
from bot.engine.ticker import Ticker
from bot.models import Delivery
from tests.faults.ground import PATIENCE, SQLITE, Ground, promised, settled
from tests.faults.killed import spike
from tests.faults.outcome import Outcome, Post, judged, setting
from tests.pilot import Pilot, World, at, migrate_empty
from tests.postgres import Postgres

FRIDAY, MONDAY = at("2027-01-01 12:00"), at("2027-01-04 09:00")
WEDNESDAY, NEXT_MONDAY = at("2027-01-06 09:00"), at("2027-01-11 09:00")
#: What a member is told when a turn of theirs failed by our fault.
REFERENCE = re.compile(r"\b[0-9A-F]{6}\b")
#: A crash of the server loses nothing that it has committed; only a power cut could.
SAFE = {"fsync": "off"}


async def restarted(ground: Ground, kind: str, *, members: int, restarts: int) -> Outcome:
    """Restart the server in mid-spike, in turn in order and by a crash, under two workers."""
    chance = random.Random(restarts)
    server = await asyncio.to_thread(Postgres, SAFE)
    try:
        migrate_empty(server.create("template"))
        async with spike(Ground(ground.folder, ground.template, server), kind, members) as stage:
            for _ in range(2):
                stage.hire()
            for number, point in enumerate(sorted(chance.sample(range(1, members), restarts))):
                await stage.platform.reached(point)
                how = signal.SIGQUIT if number % 2 else signal.SIGINT
                await asyncio.to_thread(server.restart, how)
            ended = utc_now()
            note = f"{restarts} restarts, every second one a crash"
            return await stage.outcome("database server restarted", ended, note=note)
    finally:
        server.remove()


class House:
    """A world whose ticker beats for real, with members who have a check-in on Monday."""

    def __init__(self, world: World, kind: str, members: int) -> None:
        self.world, self.kind, self.members = world, kind, members
        self.pilots: list[Pilot] = []
        self.broken: list[str] = []

    async def join(self) -> None:
        for number in range(self.members):
            pilot = self.world.member(f"member{number}")
            await pilot.says("/goal add Pass the boards by June 2027")
            self.pilots.append(pilot)

    async def is_told_a_reference(self) -> None:
        """Type until the database takes no more: then each member is told a reference code."""
        long = "x " * 900
        for number in range(40):
            pilot = self.pilots[number % self.members]
            await pilot.says(f"/goal add Read paper {number} by June 2028 because {long}")
            if REFERENCE.search(pilot.answer):
                return
        self.broken.append("no command was answered with a reference code")

    async def delivered(self, number: int) -> float:
        """Wait for so many deliveries; give how many seconds it took."""
        loop = asyncio.get_running_loop()
        began = loop.time()
        async with asyncio.timeout(PATIENCE):
            while len({key for *_, key in self.world.outbox.sent}) < number:
                await asyncio.sleep(0.005)
        took = loop.time() - began
        await settled(self.world.coach.database, self.world.clock)
        return took

    def outcome(self, fault: str, expected: int, recovered: float, note: str) -> Outcome:
        posts = [Post(key, 0, to.user, moment) for moment, to, _, key in self.world.outbox.sent]
        keys = self.world.coach.database.call(lambda db: promised(db, self.world.clock()))
        found = judged(
            fault, self.kind, keys, posts, expected=expected, note=note, broken=self.broken
        )
        return replace(found, recovered=recovered)


@asynccontextmanager
async def house(url: str, kind: str, members: int) -> AsyncIterator[House]:
    world = World(url, FRIDAY)
    made = House(world, kind, members)
    await made.join()
    ticker = Ticker(world.coach.rounds, world.clock, 0.05)
    ticker.start()
    try:
        yield made
    finally:
        await ticker.stop()
        world.close()


class Disk:
    """A place that can be filled up: a tiny file system, or where none may be mounted a limit."""

    def __init__(self, ground: Ground, *, mounted: bool) -> None:
        self.mounted = mounted
        self.file = ground.folder / "disk" / "coach.db"
        copy(ground.template, self.file)
        self.url = f"sqlite:///{self.file}"
        self._filler = self.file.with_name("filler")

    def fill(self, world: World) -> None:
        # An emptied log has no room of its own left to write into.
        with closing(sqlite3.connect(self.file)) as connection:
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        if not self.mounted:
            world.coach.database.call(_pragma("max_page_count=1"))  # as large as it is now
            return
        with self._filler.open("wb", buffering=0) as filler, suppress(OSError):
            while True:
                filler.write(bytes(4096))

    def free(self, world: World) -> None:
        if not self.mounted:
            world.coach.database.call(_pragma("max_page_count=1000000"))
            return
        self._filler.unlink()


@contextmanager
def disk(ground: Ground) -> Iterator[Disk]:
    folder = ground.folder / "disk"
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=8m", "none", str(folder)]
    with suppress(FileNotFoundError):
        mounted = subprocess.run(mount, capture_output=True, check=False).returncode == 0
    try:
        yield Disk(ground, mounted=mounted)
    finally:
        if mounted:
            subprocess.run(["umount", str(folder)], check=True)


def _pragma(words: str) -> Callable[..., None]:
    return lambda db: db.connection().exec_driver_sql(f"PRAGMA {words}")


async def full_disk(ground: Ground, kind: str, *, members: int) -> Outcome:
    """Fill the disk before a spike, and again between the platform's yes and our mark."""
    with disk(ground) as place:
        async with house(place.url, kind, members) as stage:
            world = stage.world
            place.fill(world)
            world.clock.moment = MONDAY
            await stage.is_told_a_reference()
            if world.outbox.sent:
                stage.broken.append("sent although nothing could be claimed")
            place.free(world)
            recovered = await stage.delivered(members)

            _fill_on_next_yes(world, place)
            world.clock.moment = WEDNESDAY  # the reminders
            await _sent(world, members + 1)
            await asyncio.sleep(0.2)  # marks are tried again meanwhile
            place.free(world)
            recovered = max(recovered, await stage.delivered(2 * members))

            with setting(marker, WAITS=(0.01,)):
                given_up = _first_given_up(world)
                _fill_on_next_yes(world, place)
                world.clock.moment = NEXT_MONDAY
                await _sent(world, 2 * members + 1)
                await asyncio.wait_for(given_up.wait(), PATIENCE)
            place.free(world)
            world.clock.moment = at("2027-01-11 09:02")  # the leases have ended
            recovered = max(recovered, await stage.delivered(3 * members))
            if not await world.coach.database.run(_tried_twice):
                stage.broken.append("no mark was missing, so nothing was proved")
            note = "a tiny file system" if place.mounted else "PRAGMA max_page_count"
            return stage.outcome("disk full", 3 * members, recovered, note)


def _tried_twice(db: Session) -> int:
    return db.exec(select(func.count()).where(col(Delivery.attempts) > 1)).one()


def _fill_on_next_yes(world: World, place: Disk) -> None:
    real = world.outbox.send

    async def send(*given: object) -> str:
        ref = await real(*given)  # type: ignore[arg-type]
        world.outbox.send = real  # type: ignore[method-assign]
        place.fill(world)
        return ref

    world.outbox.send = send  # type: ignore[method-assign]


def _first_given_up(world: World) -> asyncio.Event:
    """Tell when a mark was given up."""
    keeper, given_up = world.coach.courier._marker, asyncio.Event()
    real = keeper._write_group

    async def write(group):  # type: ignore[no-untyped-def]
        await real(group)
        if any(each.done.done() and each.done.exception() for each in group):
            given_up.set()

    keeper._write_group = write  # type: ignore[method-assign]
    return given_up


async def _sent(world: World, number: int) -> None:
    async with asyncio.timeout(PATIENCE):
        while len(world.outbox.sent) < number:
            await asyncio.sleep(0.005)


async def read_only(ground: Ground, kind: str, *, members: int) -> Outcome:
    """Let the database take no writes for a while, as a standby after a failover."""
    url = ground.url(kind)
    async with house(url, kind, members) as stage:
        world = stage.world
        with _no_writes(ground, world, url, kind):
            world.clock.moment = MONDAY
            await stage.is_told_a_reference()
            await asyncio.sleep(0.2)
            if world.outbox.sent:
                stage.broken.append("sent although nothing could be claimed")
        recovered = await stage.delivered(members)
        return stage.outcome("read-only database", members, recovered, "")


@contextmanager
def _no_writes(ground: Ground, world: World, url: str, kind: str) -> Iterator[None]:
    if kind == SQLITE:
        value = "ON"

        def take(connection: sqlite3.Connection, *_: object) -> None:
            connection.execute(f"PRAGMA query_only={value}")

        event.listen(world.coach.database.engine, "checkout", take)
        yield
        value = "OFF"
        return
    name = Path(url.partition("?")[0]).name
    for value in ("on", "off"):
        ground.postgres.execute(f"ALTER DATABASE {name} SET default_transaction_read_only={value}")
        ground.postgres.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()",
            name,
        )
        if value == "on":
            yield
