"""Runs the whole: `make bench`. Every ratio is between two measurements of this very run."""

import asyncio
import os
import subprocess
import sys
import tempfile
import time
from itertools import count
from statistics import median

from tests.bench.load import MEMBERS, Load, run
from tests.bench.processes import Child
from tests.bench.ticks import idle_tick

RUNS = 3
ALONE, TOGETHER = 300, 1_500
_goal = count()


def goal(_: int) -> str:
    return f"add Read {next(_goal)} papers on sepsis by June 2030"


def listing(_: int) -> str:
    return "list"


async def measure(kind: str, number: int, sink: Child, text=goal) -> tuple[Load, Load, float]:
    """Give one command in flight, 32 in flight, and the peak memory in MiB."""
    with (
        tempfile.TemporaryDirectory() as folder,
        Child("tests.bench.target", kind, number, sink.port, folder) as target,
    ):
        answered = kind == "ours"
        await run(target.port, sink.port, MEMBERS * 2, 8, listing, answered=answered)
        alone = await run(target.port, sink.port, ALONE, 1, text, answered=answered)
        together = await run(target.port, sink.port, TOGETHER, 32, text, answered=answered)
    return alone, together, target.peak_mib


def middle(loads: list[Load]) -> Load:
    return Load(
        *(
            median(getattr(each, name) for each in loads)
            for name in ("acknowledged", "completed", "p50", "p99", "refused")
        )
    )


async def commands(sink: Child) -> None:
    bare, ours = [], []
    for _ in range(RUNS):
        bare.append(await measure("bare", 1, sink))
        ours.append(await measure("ours", 0, sink))
    print(
        f"Slash commands over HTTP, medians of {RUNS} runs; “done” is row committed and reply "
        "posted\n"
    )
    print(f"{'':40}{'ack p50':>9}{'ack p99':>9}{'ack/s':>9}{'done/s':>9}{'refused':>9}")
    shown = {}
    for name, runs in (("bare Bolt, no-op", bare), ("ours, /goal add on SQLite", ours)):
        for place, flight in ((0, "1 in flight"), (1, "32 in flight")):
            load = shown[name, place] = middle([each[place] for each in runs])
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
        f"\nOurs done / bare acknowledged, 32 in flight: {ratio:.2f} (aim 0.25: "
        f"{verdict(ratio >= 0.25)})"
    )
    print(f"Ours alone, acknowledgement p50: {p50:.2f} ms (aim under 5: {verdict(p50 < 5)})")
    print(
        f"Peak memory: bare {median(each[2] for each in bare):.0f} MiB, "
        f"ours {median(each[2] for each in ours):.0f} MiB"
    )


async def registered(sink: Child) -> None:
    print("\nWhat 100 registered commands cost: acknowledgements a second, 32 in flight\n")
    for name, kind, few, many in (
        ("bare Bolt, a listener each", "bare", 1, 100),
        ("ours, declared", "ours", 0, 100),
    ):
        one = [(await measure(kind, few, sink, listing))[1].completed for _ in range(RUNS)]
        lots = [(await measure(kind, many, sink, listing))[1].completed for _ in range(RUNS)]
        print(
            f"{name:34}{median(one):9.0f}/s {median(lots):9.0f}/s   "
            f"{median(one) / median(lots):.2f} times the cost"
        )


def ticks() -> None:
    print("\nIdle tick (look for due rhythms and deliveries, find none), median\n")
    few, many = idle_tick(1_000), idle_tick(100_000)
    print(f"  1,000 members {few:7.0f} µs\n100,000 members {many:7.0f} µs   {many / few:.2f} times")


def help_text() -> None:
    took = []
    for _ in range(7):
        began = time.perf_counter()
        subprocess.run([sys.executable, "-m", "bot", "--help"], check=True, capture_output=True)
        took.append(time.perf_counter() - began)
    shown = median(took)
    print(f"\npreceptor --help: {shown:.2f} s (aim under 0.4: {verdict(shown < 0.4)})")


def verdict(met: bool) -> str:
    return "met" if met else "missed"


async def main() -> None:
    print(f"{os.cpu_count()} cores; the load and the stand-in for Slack run on the same machine\n")
    with Child("tests.bench.sink") as sink:
        await commands(sink)
        await registered(sink)
    ticks()
    help_text()


if __name__ == "__main__":
    asyncio.run(main())
