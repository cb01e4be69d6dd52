"""What a delivery costs beside the sending itself, on both databases and by two processes."""

from datetime import timedelta
from statistics import median

from bot.models import CHECKIN
from bot.store.database import connect
from tests.bench.crowds import NOW, Crowd, load, promise, spike
from tests.bench.places import KINDS, POSTGRESQL, SQLITE, Places
from tests.bench.processes import Child
from tests.bench.show import aimed, heading, row
from tests.bench.sizes import Sizes
from tests.bench.worker import NOTE

WORKSPACES = 50
AIM = 5_000
Ran = dict[str, float]


def deliveries(places: Places, sizes: Sizes) -> None:
    heading(
        f"Deliver {sizes.messages:,} messages to {WORKSPACES} workspaces (claim, compose, render, "
        f"send, mark), medians of {sizes.runs} runs"
    )
    row("", "messages/s", "our CPU each", "most in flight")
    for kind in KINDS:
        url = places.fresh(kind)
        load(
            url,
            Crowd(
                members=sizes.messages,
                workspaces=WORKSPACES,
                due=sizes.messages,
                spikes=0,
                goals=True,
            ),
        )
        few = sizes.messages // sizes.checkins
        with Child("tests.bench.worker", url) as one:
            _show(f"{kind}, a note, sent at once", url, [one], sizes, NOTE, 0.0)
            _show(f"{kind}, a note, 5 ms a send", url, [one], sizes, NOTE, 0.005)
            name = f"{kind}, {sizes.checkins:,} real check-ins, 5 ms"
            _show(name, url, [one], sizes, CHECKIN, 0.005, few)
            if kind == POSTGRESQL:
                with Child("tests.bench.worker", url) as other:
                    both = [one, other]
                    _show("  two processes, a note, sent at once", url, both, sizes, NOTE, 0.0)
                    _show("  two processes, a note, 5 ms", url, both, sizes, NOTE, 0.005)
                    _show("  two processes, check-ins", url, both, sizes, CHECKIN, 0.005, few)
        places.drop(url)


def _show(
    name: str,
    url: str,
    workers: list[Child],
    sizes: Sizes,
    occasion: str,
    wait: float,
    every: int = 1,
) -> None:
    number = sizes.messages // every
    runs = [deliver(url, workers, occasion, number, wait, every) for _ in range(sizes.runs)]
    speed = median(each["speed"] for each in runs)
    aims = occasion == NOTE and len(workers) == 1 and not name.startswith(SQLITE)
    row(
        name,
        f"{speed:,.0f}",
        f"{median(each['cpu_us'] for each in runs):.0f} µs",
        f"{max(each['flying'] for each in runs):.0f}",
        f"  {aimed(speed >= AIM, f'{AIM:,}/s')}" if aims else "",
    )


def deliver(
    url: str, workers: list[Child], occasion: str, number: int, wait: float, every: int = 1
) -> Ran:
    """Let the workers deliver what waits; each message is sent once, or this raises."""
    promise(url, occasion, number, NOW - timedelta(minutes=1), every)
    for worker in workers:
        worker.order(do="deliver", wait=wait)
    answers = [worker.answer() for worker in workers]
    sent = sum(each["rows"] for each in answers)
    assert sent == number, f"{sent:.0f} of {number} were sent"
    assert _marked(url, occasion) == number, "not all were marked as sent"
    began, ended = min(each["began"] for each in answers), max(each["ended"] for each in answers)
    return {
        "speed": number / (ended - began),
        "cpu_us": sum(each["cpu_us"] * each["rows"] for each in answers) / number,
        "flying": max(each["flying"] for each in answers),
    }


def _marked(url: str, occasion: str) -> int:
    database = connect(url)
    with database.engine.connect() as connection:
        number: int = connection.exec_driver_sql(
            "SELECT count(*) FROM delivery WHERE state = 'sent' AND attempts = 1 AND claim = 1"  # noqa: S608 - our own name
            f" AND occasion = '{occasion}'"
        ).scalar_one()
    database.close()
    return number


def blocked(places: Places, sizes: Sizes) -> None:
    heading(
        f"The event loop while {sizes.spike:,} due check-ins are planned and delivered (5 ms a "
        "send), with 50 commands a second beside"
    )
    row("", "worst wake", "p99 wake", "command p99", "check-ins/s")
    for kind in KINDS:
        url = places.fresh(kind)
        crowd = Crowd(members=sizes.spike, workspaces=WORKSPACES, due=sizes.spike, goals=True)
        load(url, crowd)
        with Child("tests.bench.worker", url) as worker:
            calm = _besiege(worker, at=-1, seconds=min(5.0, sizes.seconds))
            busy = _besiege(worker, at=0, seconds=0.0)
        places.drop(url)
        assert calm["rows"] == 0
        assert busy["rows"] == sizes.spike, f"{busy['rows']} of {sizes.spike} were sent"
        worst = busy["worst_ms"]
        _show_wakes(f"{kind}, commands alone", calm)
        _show_wakes(
            f"{kind}, a spike and commands",
            busy,
            f"{busy['rows'] / busy['seconds']:,.0f}",
            f"  {aimed(worst <= 50, '50 ms')}",
        )


def _besiege(worker: Child, at: int, seconds: float) -> Ran:
    worker.order(do="spike", now=spike(at).isoformat(), seconds=seconds, rate=50, wait=0.005)
    return worker.answer()


def _show_wakes(name: str, ran: Ran, *more: str) -> None:
    row(
        name,
        f"{ran['worst_ms']:.0f} ms",
        f"{ran['p99_ms']:.1f} ms",
        f"{ran['command_p99_ms']:.0f} ms",
        *more,
    )
