"""Idle ticks, and spikes of due rhythms: by one process, and by several together."""

import asyncio
import time
from statistics import median

from bot.app import join
from bot.store.database import connect
from tests.bench.crowds import NOW, PLATFORM, Crowd, load, settle, spike
from tests.bench.places import KINDS, POSTGRESQL, SQLITE, Places
from tests.bench.processes import Child
from tests.bench.show import aimed, heading, row
from tests.bench.sizes import Sizes
from tests.bench.worker import Post, planned

#: Rows a second that we aim at, by the database and by which of the two crowds it is.
AIMS = {SQLITE: (15_000, 10_000), POSTGRESQL: (40_000, 25_000)}


class Crowds:
    """Crowds that the parts of one run share: loading a million takes longer than measuring."""

    def __init__(self, places: Places, sizes: Sizes) -> None:
        self._places = places
        self._sizes = sizes
        self._urls: dict[tuple[str, int], str] = {}

    def url(self, kind: str, members: int) -> str:
        """Give a database with this many members, of whom none is due at NOW."""
        if (kind, members) not in self._urls:
            url = self._urls[kind, members] = self._places.fresh(kind)
            crowd = Crowd(
                members=members,
                workspaces=max(1, members // 1_000),
                due=min(self._sizes.due, members // self._sizes.runs),
                spikes=self._sizes.runs,
                reminders=True,
            )
            load(url, crowd)
        return self._urls[kind, members]

    def drop(self) -> None:
        """Delete them all."""
        for url in self._urls.values():
            self._places.drop(url)
        self._urls.clear()


def idle(crowds: Crowds, sizes: Sizes) -> None:
    heading(
        "Idle tick (plan and deliver, find nothing due; every tenth member has a reminder that "
        f"waits for another day), median of {sizes.looks}"
    )
    row("members", *(f"{members:,}" for members in sizes.idle))
    for kind in KINDS:
        took = [asyncio.run(_idle(crowds.url(kind, each), sizes.looks)) for each in sizes.idle]
        ratio = took[-1] / took[0]
        row(kind, *(f"{each:.0f} µs" for each in took))
        print(f"  {ratio:.2f} times from the fewest to the most {aimed(ratio <= 1.3, '1.3')}")


async def _idle(url: str, looks: int) -> float:
    database = connect(url)
    rounds = join(database, lambda: NOW, {PLATFORM: Post()}).rounds
    took = []
    for _ in range(looks + looks // 10):
        began = time.perf_counter()
        counts = await rounds.tick(NOW)
        took.append((time.perf_counter() - began) * 1e6)
        assert not counts, "something was due"
    database.close()
    return median(took[looks // 10 :])


def spikes(crowds: Crowds, sizes: Sizes) -> None:
    heading(
        f"Claim and plan {sizes.due:,} due rhythms in one process (12 zones, 1,000 members a "
        f"workspace), medians of {sizes.runs} spikes"
    )
    row("", "rows/s", "our CPU/row", "longest turn")
    for kind in KINDS:
        for members, aim in zip(sizes.crowds, AIMS[kind], strict=True):
            url = crowds.url(kind, members)
            database = connect(url)
            runs = [planned(database, spike(number), 0) for number in range(sizes.runs)]
            database.close()
            assert all(each["rows"] == sizes.due for each in runs), "not all were planned"
            assert _planned_in(url) == sizes.due * sizes.runs
            speed = median(each["rows"] / (each["ended"] - each["began"]) for each in runs)
            row(
                f"{kind}, {members:,} members",
                f"{speed:,.0f}",
                f"{median(each['cpu_us'] for each in runs):.0f} µs",
                f"{median(each['longest_ms'] for each in runs):.0f} ms",
                f"  {aimed(speed >= aim, f'{aim:,}/s')}",
            )


def _planned_in(url: str) -> int:
    """Count what was promised; each key is unique in the table."""
    database = connect(url)
    with database.engine.connect() as connection:
        number: int = connection.exec_driver_sql(
            "SELECT count(*) FROM delivery WHERE occasion = 'checkin.weekly'"
        ).scalar_one()
    database.close()
    return number


def together(places: Places, sizes: Sizes) -> None:
    heading(
        f"One to three processes plan {sizes.shared:,} due rhythms on one PostgreSQL, medians of "
        f"{sizes.runs} runs; the server shares the cores"
    )
    url = places.fresh(POSTGRESQL)
    load(url, Crowd(members=sizes.shared, workspaces=100, due=sizes.shared))
    workers = [Child("tests.bench.worker", url) for _ in range(3)]
    try:
        for pause, name in ((0.0, "nothing else"), (0.02, "20 ms of other waiting per batch")):
            one = 0.0
            for number in (1, 2, 3):
                speed = median(
                    _plan_together(url, workers[:number], pause, sizes.shared)
                    for _ in range(sizes.runs)
                )
                one = one or speed
                aim = f"  {aimed(speed / one >= 1.7, '1.7')}" if number == 2 else ""
                row(f"{number} at once, {name}", f"{speed:,.0f}/s", f"{speed / one:.2f} times", aim)
    finally:
        for worker in workers:
            worker.__exit__(None, None, None)
    places.drop(url)
    print("  0 doubled, 0 lost in all of these runs")


def _plan_together(url: str, workers: list[Child], pause: float, number: int) -> float:
    """Let every member come due again, and the workers plan them; give rows a second."""
    database = connect(url)
    with database.engine.begin() as connection:
        connection.exec_driver_sql("TRUNCATE delivery CASCADE")
        connection.exec_driver_sql(
            "UPDATE rhythm SET next_at = %(due)s", {"due": spike(0).replace(minute=0)}
        )
    database.close()
    settle(url)
    for worker in workers:
        worker.order(do="plan", now=spike(0).isoformat(), pause=pause)
    answers = [worker.answer() for worker in workers]
    assert sum(each["rows"] for each in answers) == number, "planned twice, or not at all"
    assert _planned_in(url) == number, "promises are missing"
    began, ended = min(each["began"] for each in answers), max(each["ended"] for each in answers)
    return number / (ended - began)
