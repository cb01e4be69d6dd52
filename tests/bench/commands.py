"""Slash commands beside a bare Bolt app, and what starting costs."""

import asyncio
import subprocess
import sys
import time
from collections.abc import Callable
from statistics import median

from tests.bench.inbound import goals_in
from tests.bench.load import Load, quiet, run
from tests.bench.places import SQLITE, Places
from tests.bench.processes import Child
from tests.bench.show import aimed, heading
from tests.bench.sizes import Sizes
from tests.bench.words import goal, listing

Text = Callable[[int], str]


def commands(places: Places, sizes: Sizes) -> None:
    with Child("tests.bench.sink") as sink:
        asyncio.run(_commands(places, sizes, sink))


def registered(places: Places, sizes: Sizes) -> None:
    with Child("tests.bench.sink") as sink:
        asyncio.run(_registered(places, sizes, sink))


async def _measure(
    places: Places, sizes: Sizes, sink: Child, kind: str, number: int, text: Text = goal
) -> tuple[Load, Load, float]:
    """Give one command in flight, 32 in flight, and the peak memory in MiB."""
    url = places.fresh(SQLITE)
    with Child("tests.bench.target", kind, number, sink.port, url) as target:
        answered = kind == "ours"
        await run(target.port, sink.port, sizes.first, 8, listing, answered=answered)
        await quiet(sink.port)
        alone = await run(target.port, sink.port, sizes.alone, 1, text, answered=answered)
        together = await run(target.port, sink.port, sizes.together, 32, text, answered=answered)
    wanted = sizes.alone + sizes.together
    if answered and text is goal and (kept := goals_in(url)) != wanted:
        raise RuntimeError(f"{kept:,} of {wanted:,} goals were kept")
    places.drop(url)
    return alone, together, target.peak_mib


def _middle(loads: list[Load]) -> Load:
    return Load(
        *(
            median(getattr(each, name) for each in loads)
            for name in ("acknowledged", "completed", "p50", "p99", "refused")
        )
    )


async def _commands(places: Places, sizes: Sizes, sink: Child) -> None:
    bare, ours = [], []
    for _ in range(sizes.runs):
        bare.append(await _measure(places, sizes, sink, "bare", 1))
        ours.append(await _measure(places, sizes, sink, "ours", 0))
    heading(
        f"Slash commands over HTTP, medians of {sizes.runs} runs; “done” is row committed and "
        "reply posted"
    )
    print(f"{'':40}{'ack p50':>9}{'ack p99':>9}{'ack/s':>9}{'done/s':>9}{'refused':>9}")
    shown = {}
    for name, runs in (("bare Bolt, no-op", bare), ("ours, /goal add on SQLite", ours)):
        for place, flight in ((0, "1 in flight"), (1, "32 in flight")):
            load = shown[name, place] = _middle([each[place] for each in runs])
            print(
                f"{name}, {flight}".ljust(40)
                + f"{load.p50:7.2f}ms{load.p99:7.2f}ms{load.acknowledged:9.0f}"
                f"{load.completed:9.0f}{load.refused:9.0f}"
            )
    ratio = (
        shown["ours, /goal add on SQLite", 1].completed / shown["bare Bolt, no-op", 1].acknowledged
    )
    p50 = shown["ours, /goal add on SQLite", 0].p50
    print(
        f"\nOurs done / bare acknowledged, 32 in flight: {ratio:.2f} {aimed(ratio >= 0.25, '0.25')}"
    )
    print(f"Ours alone, acknowledgement p50: {p50:.2f} ms {aimed(p50 < 5, 'under 5')}")
    print(
        f"Peak memory: bare {median(each[2] for each in bare):.0f} MiB, "
        f"ours {median(each[2] for each in ours):.0f} MiB"
    )


async def _registered(places: Places, sizes: Sizes, sink: Child) -> None:
    heading("What 100 registered commands cost: acknowledgements a second, 32 in flight")
    for name, kind, few, many in (
        ("bare Bolt, a listener each", "bare", 1, 100),
        ("ours, declared", "ours", 0, 100),
    ):
        one, lots = [], []
        for _ in range(sizes.runs):
            for number, found in ((few, one), (many, lots)):
                loads = await _measure(places, sizes, sink, kind, number, listing)
                found.append(loads[1].completed)
        print(
            f"{name:34}{median(one):9.0f}/s {median(lots):9.0f}/s   "
            f"{median(one) / median(lots):.2f} times the cost"
        )


def start() -> None:
    took = []
    for _ in range(7):
        began = time.perf_counter()
        subprocess.run([sys.executable, "-m", "bot", "--help"], check=True, capture_output=True)
        took.append(time.perf_counter() - began)
    shown = median(took)
    heading(f"preceptor --help: {shown:.2f} s {aimed(shown < 0.4, 'under 0.4')}")
