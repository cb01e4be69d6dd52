"""What others reach here and now: a cron job for each member, and a task queue on PostgreSQL."""

import asyncio
import logging
import pickle
import time
from collections import Counter
from datetime import datetime, timedelta
from statistics import median

import procrastinate
from apscheduler.events import EVENT_JOB_EXECUTED, EVENT_JOB_MISSED, JobExecutionEvent
from apscheduler.jobstores.sqlalchemy import SQLAlchemyJobStore
from apscheduler.schedulers.asyncio import AsyncIOScheduler
from apscheduler.triggers.cron import CronTrigger
from sqlalchemy import insert, make_url

from bot.clock import utc_now
from bot.store.embedded import sqlite_engine
from tests.bench.crowds import Crowd, load, spike
from tests.bench.delivery import WORKSPACES, deliver
from tests.bench.places import POSTGRESQL, SQLITE, Places
from tests.bench.processes import Child
from tests.bench.show import aimed, heading, row
from tests.bench.sizes import Sizes
from tests.bench.wakes import Wakes
from tests.bench.worker import NOTE

#: How long the stand-in for a platform takes to send, in seconds.
SEND = 0.005


async def job(_: int) -> None:
    """Do nothing: what is measured is what calls it."""


def crons(places: Places, sizes: Sizes) -> None:
    """Compare with one APScheduler job for each member, in its own SQLite file (WAL, FULL)."""
    # A line for each missed job would cost time that is not the scheduler's.
    logging.getLogger("apscheduler").setLevel(logging.CRITICAL)
    heading(
        f"{sizes.crons:,} members due at one moment, on SQLite: an APScheduler cron job each that "
        "does nothing, or ours planned, and delivered to a messenger that returns at once; "
        f"medians of {sizes.runs}"
    )
    row("", "jobs/s", "loop blocked", "were run")
    theirs = [
        asyncio.run(_cron(places, sizes.crons, {"misfire_grace_time": None}))
        for _ in range(sizes.runs)
    ]
    ours = [_ours(places, sizes.crons) for _ in range(sizes.runs)]
    default = asyncio.run(_cron(places, sizes.crons, {}))
    for name, runs in (
        ("APScheduler, any lateness allowed", theirs),
        ("APScheduler, its default lateness", [default]),
        ("ours", ours),
    ):
        row(
            name,
            f"{median(each['speed'] for each in runs):,.0f}",
            f"{median(each['worst_ms'] for each in runs):,.0f} ms",
            f"{median(each['rows'] for each in runs):,.0f}",
        )
    base = median(each["speed"] for each in theirs)
    planned, whole = (median(each[name] for each in ours) for name in ("planned", "speed"))
    print(
        f"  ours / APScheduler: {whole / base:.1f} times the jobs a second; planning alone "
        f"({planned:,.0f}/s): {planned / base:.1f} times {aimed(planned / base >= 12, '12')}"
    )


async def _cron(places: Places, number: int, defaults: dict[str, object]) -> dict[str, float]:
    """Let as many jobs come due together, and wait until each was run or missed."""
    url = places.empty(SQLITE)
    engine = sqlite_engine(url)
    store = SQLAlchemyJobStore(engine=engine)
    scheduler = AsyncIOScheduler(
        jobstores={"default": store}, timezone="UTC", job_defaults=defaults
    )
    seen: Counter[int] = Counter()
    done = asyncio.Event()

    def note(event: JobExecutionEvent) -> None:
        seen[event.code] += 1
        if seen.total() == number:
            done.set()

    scheduler.add_listener(note, EVENT_JOB_EXECUTED | EVENT_JOB_MISSED)
    scheduler.start(paused=True)
    due = utc_now() + timedelta(seconds=2 + number / 5_000)
    _fill(scheduler, store, number, due)
    async with Wakes() as wakes:
        scheduler.resume()
        wait = (due - utc_now()).total_seconds()
        assert wait > 0.2, "the jobs were loaded too slowly to come due together"
        began = time.perf_counter() + wait
        await asyncio.wait_for(done.wait(), 300)
        took = time.perf_counter() - began
    scheduler.shutdown(wait=False)
    engine.dispose()
    places.drop(url)
    return {
        "speed": number / took,
        "worst_ms": wakes.worst_ms,
        "rows": seen[EVENT_JOB_EXECUTED],
    }


def _fill(
    scheduler: AsyncIOScheduler, store: SQLAlchemyJobStore, number: int, due: datetime
) -> None:
    """Add one job as it wants to be done, and write copies of its row for all others."""
    trigger = CronTrigger(day_of_week="mon", hour=9, timezone="Europe/London")
    first = scheduler.add_job(job, trigger, args=(0,), id="0", next_run_time=due)
    rows = []
    for member in range(1, number):
        state = first.__getstate__() | {"id": str(member), "args": (member,)}
        rows.append(
            {
                "id": str(member),
                "next_run_time": due.timestamp(),
                "job_state": pickle.dumps(state, store.pickle_protocol),
            }
        )
    with store.engine.begin() as connection:
        connection.execute(insert(store.jobs_t), rows)


def _ours(places: Places, number: int) -> dict[str, float]:
    """Plan and deliver as a tick does; and plan alone, in another database."""
    plan = _due(places, number, do="plan", pause=0)
    whole = _due(places, number, do="spike", seconds=0, rate=0, wait=0)
    return whole | {
        "speed": number / whole["seconds"],
        "planned": number / (plan["ended"] - plan["began"]),
    }


def _due(places: Places, number: int, **order: object) -> dict[str, float]:
    url = places.fresh(SQLITE)
    load(url, Crowd(members=number, workspaces=WORKSPACES, due=number, occasion=NOTE))
    with Child("tests.bench.worker", url) as worker:
        worker.order(now=spike(0).isoformat(), **order)
        ran = worker.answer()
    places.drop(url)
    assert ran["rows"] == number, f"{ran['rows']} of {number} were done"
    return ran


def queues(places: Places, sizes: Sizes) -> None:
    """Compare with procrastinate, which keeps its jobs in the same PostgreSQL."""
    heading(
        f"Send what waits, 5 ms each, on the same PostgreSQL: {sizes.jobs:,} jobs of procrastinate "
        f"or {sizes.messages:,} notes of ours; medians of {sizes.runs}"
    )
    row("", "sent/s", "in flight")
    best = 0.0
    for concurrency in (50, 200):
        runs = [asyncio.run(_queue(places, sizes.jobs, concurrency)) for _ in range(sizes.runs)]
        best = max(best, median(runs))
        row(f"procrastinate, concurrency {concurrency}", f"{median(runs):,.0f}", f"{concurrency}")
    url = places.fresh(POSTGRESQL)
    load(url, Crowd(members=sizes.messages, workspaces=WORKSPACES, due=sizes.messages, spikes=0))
    with Child("tests.bench.worker", url) as worker:
        ours = [deliver(url, [worker], NOTE, sizes.messages, SEND) for _ in range(sizes.runs)]
    places.drop(url)
    speed = median(each["speed"] for each in ours)
    row("ours", f"{speed:,.0f}", f"{max(each['flying'] for each in ours):.0f}")
    print(f"  ours / procrastinate at its best: {speed / best:.1f} times the messages a second")


async def _queue(places: Places, number: int, concurrency: int) -> float:
    url = places.empty(POSTGRESQL)
    name = make_url(url).database
    assert name is not None
    connector = procrastinate.PsycopgConnector(
        conninfo=places.server.dsn(name), min_size=10, max_size=20
    )
    app = procrastinate.App(connector=connector)
    sent: set[int] = set()

    @app.task(name="send")
    async def send(number: int) -> None:
        await asyncio.sleep(SEND)
        sent.add(number)

    async with app.open_async():
        await app.schema_manager.apply_schema_async()
        await send.batch_defer_async(*({"number": each} for each in range(number)))
        began = time.perf_counter()
        await app.run_worker_async(
            concurrency=concurrency, wait=False, install_signal_handlers=False
        )
        took = time.perf_counter() - began
    places.drop(url)
    assert len(sent) == number, f"{len(sent)} of {number} were sent"
    return number / took
