"""Clocks that step, summer time that comes and goes, and days on which nobody was there."""

import asyncio
import random
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import time_machine

from bot.clock import utc_now
from bot.engine.courier import LEASE
from bot.engine.ticker import Ticker
from bot.models import CHECKIN
from tests.faults.ground import Ground, promised
from tests.faults.outcome import Outcome, Post, judged
from tests.pilot import Pilot, World, at

FRIDAY = at("2027-01-01 12:00")
MONDAY, SUNDAY = 0, 6


class Watch:
    """Members who answer every check-in at once, so that they are asked each week."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.pilots: list[Pilot] = []

    async def join(self, name: str, zone: str, day: int = 0, hour: str = "09:00") -> Pilot:
        """Let someone join who is asked on a weekday (0 is Monday) at an hour of their wall."""
        pilot = self.world.member(name, zone)
        await pilot.says("/goal add Pass the boards by June 2029")
        await pilot.presses_action("coach.first_questions")
        await pilot.fills(day=str(day), hour=hour)
        self.pilots.append(pilot)
        return pilot

    async def answer(self) -> None:
        """Let everyone answer what has just come."""
        for pilot in self.pilots:
            if pilot.news():
                await pilot.presses("On track")

    def posts(self) -> list[Post]:
        return [
            Post(key, 0, to.user, moment)
            for moment, to, _, key in self.world.outbox.sent
            if key.startswith(CHECKIN)
        ]


def days(weekday: int, first: date, last: date) -> set[date]:
    """List a weekday's days, by counting on the calendar alone."""
    span = (first + timedelta(n) for n in range((last - first).days + 1))
    return {day for day in span if day.weekday() == weekday}


def by_day(pilot: Pilot) -> list[datetime]:
    """Give the local moments of a member's check-ins."""
    return [
        at.astimezone(pilot.zone) for at, _, key in pilot.delivered() if key.startswith(CHECKIN)
    ]


async def stepping(ground: Ground, kind: str, *, members: int, weeks: int) -> Outcome:
    """Set the clock back and forth around every check-in, also while messages are under way."""
    chance = random.Random(weeks)
    world = World(ground.url(kind), FRIDAY)
    watch, rounds = Watch(world), world.coach.rounds
    rounds._keeps_up = False  # what is forgotten after 90 days could not be counted
    for number in range(members):
        await watch.join(f"member{number}", "Europe/London")
    for week in range(weeks):
        monday = at("2027-01-04 09:00") + timedelta(weeks=week)
        world.clock.moment = monday
        gate, real = asyncio.Event(), world.outbox.send

        async def held(*given: object, gate=gate, real=real) -> str:  # type: ignore[no-untyped-def]
            await gate.wait()
            return await real(*given)  # type: ignore[no-any-return]

        world.outbox.send = held  # type: ignore[method-assign]
        await rounds.tick(monday, settle=False)
        # The messages are under way while the clock goes ahead by more than their leases.
        for step in (LEASE + timedelta(seconds=1), timedelta(hours=1), -timedelta(hours=1)):
            await rounds.tick(monday + step, settle=False)
        gate.set()
        await world.coach.courier.settle()
        world.outbox.send = real  # type: ignore[method-assign]
        await watch.answer()
        for _ in range(6):
            await rounds.tick(monday + timedelta(minutes=chance.randint(-120, 120)))
        await rounds.tick(monday - timedelta(days=7))
        await rounds.tick(monday + timedelta(days=1))
    keys = await world.coach.database.run(lambda db: promised(db, world.clock()))
    found = judged(
        "clock steps back and forward",
        kind,
        [key for key in keys if key.startswith(CHECKIN)],
        watch.posts(),
        expected=members * weeks,
        note=f"{weeks} Mondays, {members} members",
    )
    world.close()
    return found


async def set_back(ground: Ground, kind: str, *, beat: float) -> Outcome:
    """Set the system's clock back by an hour under a beating ticker: it goes on beating."""
    world = World(ground.url(kind), FRIDAY)
    ticker = Ticker(world.coach.rounds, world.clock, beat)
    beats, loop = [], asyncio.get_running_loop()
    real = world.coach.rounds.tick

    async def tick(now: datetime, *, settle: bool = True):  # type: ignore[no-untyped-def]
        beats.append(loop.time())
        return await real(now, settle=settle)

    world.coach.rounds.tick = tick  # type: ignore[method-assign]
    pilot = world.member()
    await pilot.says("/goal add Pass the boards by June 2027")
    ticker.start()
    await _until(lambda: len(beats) >= 2)
    with time_machine.travel(utc_now() - timedelta(hours=1), tick=True):
        stepped, before = loop.time(), len(beats)
        world.clock.moment = at("2027-01-04 09:00")
        await _until(lambda: len(beats) >= before + 5)
        first = (beats[before] - stepped) / beat
        later = (beats[before + 4] - beats[before]) / beat
    await ticker.stop()
    keys = await world.coach.database.run(lambda db: promised(db, world.clock()))
    posts = [Post(key, 0, "", moment) for moment, _, _, key in world.outbox.sent]
    world.close()
    return judged(
        "system clock set back an hour",
        kind,
        keys,
        posts,
        expected=1,
        note=f"silent for {first:.1f} beats, then 4 more in {later:.1f}",
    )


async def _until(held) -> None:  # type: ignore[no-untyped-def]
    async with asyncio.timeout(30):
        while not held():
            await asyncio.sleep(0.005)


async def summer_time(
    ground: Ground, kind: str, *, zones: Sequence[str], hours: Sequence[str]
) -> Outcome:
    """Live through both changes of every zone: one check-in each local Monday or Sunday."""
    expected = lost = doubled = 0
    broken: list[str] = []
    for start, end in (("2027-03-12", "2027-04-06"), ("2027-10-01", "2027-11-09")):
        world = World(ground.url(kind), at(f"{start} 12:00"))
        watch = Watch(world)
        for zone in zones:
            for day in (MONDAY, SUNDAY):
                for hour in hours:
                    await watch.join(f"{zone}-{day}-{hour}", zone, day, hour)
        while world.clock.moment < at(f"{end} 12:00"):
            await world.until(world.clock.moment + timedelta(days=1))
            await watch.answer()
        for pilot in watch.pilots:
            day, hour = pilot.actor.user.rsplit("-", 2)[1:]
            right = days(int(day), date.fromisoformat(start), date.fromisoformat(end))
            moments = by_day(pilot)
            heard = [moment.date() for moment in moments]
            expected += len(right)
            lost += len(right - set(heard))
            doubled += len(heard) - len(set(heard)) + len(set(heard) - right)
            broken += [
                f"{pilot.actor.user} was asked at {moment}"
                for moment in moments
                if moment.time() != time.fromisoformat(hour) and not _skipped(moment, hour)
            ]
        world.close()
    return Outcome(
        fault="summer time comes and goes",
        database=kind,
        tries=expected,
        lost=lost,
        doubled=doubled,
        note=f"{len(zones)} zones at {', '.join(hours)}, on Mondays and Sundays",
        broken=tuple(broken[:3]),
    )


def _skipped(moment: datetime, hour: str) -> bool:
    """Tell whether a wall-clock time does not exist on that day."""
    zone = moment.tzinfo
    assert isinstance(zone, ZoneInfo)
    wanted = datetime.combine(moment.date(), time.fromisoformat(hour), zone)
    return wanted.astimezone(ZoneInfo("UTC")).astimezone(zone).time() == moment.time()


async def away(ground: Ground, kind: str, *, members: int) -> Outcome:
    """Be down from Friday to Tuesday, and then for three weeks: one late question, never a pile."""
    world, broken = World(ground.url(kind), FRIDAY), list[str]()
    watch = Watch(world)
    for number in range(members):
        await watch.join(f"member{number}", "Europe/London")

    await world.sleeps_until("2027-01-05 16:00")
    late = [pilot.news() for pilot in watch.pilots]
    if not all(len(news) == 1 and "later than I promised" in news[0] for news in late):
        broken.append("not one late check-in each that says so")
    for pilot in watch.pilots:
        await pilot.presses("On track")

    await world.sleeps_until("2027-01-29 12:00")  # a Friday: the last missed Monday is stale
    if any(pilot.news() for pilot in watch.pilots):
        broken.append("something stale was sent")
    await world.sleeps_until("2027-02-16 12:00")  # a Tuesday: the last missed Monday is not
    again = [[text for text in pilot.news() if "stand" in text] for pilot in watch.pilots]
    if not all(len(news) == 1 and "later than I promised" in news[0] for news in again):
        broken.append("three weeks made a pile, or nothing")

    keys = await world.coach.database.run(lambda db: promised(db, world.clock()))
    found = judged(
        "down for days and for weeks",
        kind,
        [key for key in keys if key.startswith(CHECKIN)],
        watch.posts(),
        expected=2 * members,
        note="Friday to Tuesday, then 24 days, then 18 days",
        broken=broken,
    )
    world.close()
    return found
