"""Open load: commands come when they come, however slowly the last ones are answered."""

import asyncio
import random
import time
from collections.abc import Iterator
from dataclasses import dataclass
from statistics import quantiles

import aiohttp

from bot.store.database import connect
from tests.bench.load import quiet, run, signed, times
from tests.bench.places import KINDS, Places
from tests.bench.processes import Child
from tests.bench.show import aimed, heading, row
from tests.bench.sizes import Sizes
from tests.bench.words import goal, listing

#: The longest that all answers may take after the last command, in seconds.
PATIENCE = 20.0


@dataclass(frozen=True)
class Waits:
    """How long members waited, from the moment each meant to send, in milliseconds."""

    acknowledged: list[float]
    done: list[float]
    late: list[float]  # how late we ourselves sent
    turned_away: int  # told at once to come again in a moment
    errors: int


def inbound(places: Places, sizes: Sizes) -> None:
    heading(
        f"Open load of /goal add over signed HTTP, {sizes.seconds:g} s each, random spacing, "
        f"{sizes.typists:,} members; from the moment a command was meant to be sent; a reply that "
        f"is missing {PATIENCE:g} s after the last command is an error"
    )
    row("", "ack p50", "ack p99", "done p99", "sent late", "turned away", "errors")
    with Child("tests.bench.sink") as sink:
        for kind in KINDS:
            url = places.fresh(kind)
            with Child("tests.bench.target", "ours", 0, sink.port, url) as target:
                asyncio.run(_meet(target.port, sink.port, sizes.typists))
                number = 0
                for rate in sizes.rates:
                    waits = asyncio.run(_open_load(target.port, sink.port, rate, sizes))
                    number += len(waits.done)
                    _show(f"{kind}, {rate} a second", rate, waits)
            kept = goals_in(url)
            print(f"  {kept:,} goals kept, {number:,} answered {aimed(kept == number, 'the same')}")
            places.drop(url)


async def _meet(port: int, sink: int, members: int) -> None:
    """Let every member say something once: they are welcomed before anything is measured."""
    await run(port, sink, members, 8, listing, answered=True, members=members)
    await quiet(sink)


def _show(name: str, rate: int, waits: Waits) -> None:
    acknowledged = quantiles(waits.acknowledged, n=100)
    met = acknowledged[98] < 25 and not waits.errors and not waits.turned_away
    row(
        name,
        f"{acknowledged[49]:.1f} ms",
        f"{acknowledged[98]:.1f} ms",
        f"{quantiles(waits.done, n=100)[98]:.1f} ms",
        f"{quantiles(waits.late, n=100)[98]:.1f} ms",
        f"{waits.turned_away:,}",
        f"{waits.errors}",
        f"  {aimed(met, 'ack p99 under 25 ms, no error, none turned away')}" if rate == 100 else "",
    )


def _moments(rate: int, seconds: float) -> Iterator[float]:
    """Give when commands are meant to be sent: as independent members would."""
    # The same in every run, so that runs compare.
    chance, moment = random.Random(rate), 0.0
    while (moment := moment + chance.expovariate(rate)) < seconds:
        yield moment


async def _open_load(port: int, sink: int, rate: int, sizes: Sizes) -> Waits:
    url = f"http://127.0.0.1:{port}/slack/events"
    meant: dict[int, float] = {}
    acknowledged, late, turned_away, errors = [], [], 0, 0
    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0)) as session:

        async def send(number: int, moment: float) -> None:
            nonlocal turned_away, errors
            body, headers = signed(goal(number), number, sink, sizes.typists, reply=number)
            late.append((time.perf_counter() - moment) * 1000)
            try:
                async with session.post(url, data=body, headers=headers) as answer:
                    busy = await answer.read()
                    answer.raise_for_status()
            except (aiohttp.ClientError, TimeoutError):
                errors += 1
                return
            acknowledged.append((time.perf_counter() - moment) * 1000)
            if busy:
                turned_away += 1
            else:
                meant[number] = moment

        await times(session, sink)  # forget what was replied to before
        sending = []
        began = time.perf_counter() + 0.1
        for number, offset in enumerate(_moments(rate, sizes.seconds)):
            moment = began + offset
            await asyncio.sleep(max(0.0, moment - time.perf_counter()))
            sending.append(asyncio.create_task(send(number, moment)))
        await asyncio.gather(*sending)
        replied: dict[int, float] = {}
        until = time.perf_counter() + PATIENCE
        while len(replied) < len(meant) and time.perf_counter() < until:
            await asyncio.sleep(0.05)
            replied |= await times(session, sink)
    done = [(replied[each] - moment) * 1000 for each, moment in meant.items() if each in replied]
    return Waits(acknowledged, done, late, turned_away, errors + len(meant) - len(done))


def goals_in(url: str) -> int:
    """Count the goals that were kept."""
    database = connect(url)
    with database.engine.connect() as connection:
        number: int = connection.exec_driver_sql("SELECT count(*) FROM goal").scalar_one()
    database.close()
    return number
