"""Runs the benchmark: `make bench`. Every ratio is between two measurements of this very run.

`python -m tests.bench plan idle` runs only these parts; `--quick` makes everything small, to try
the benchmark itself; `--seconds 10` shortens the open load.
"""

import argparse
import os
import sys
import time
from collections.abc import Callable
from dataclasses import replace

from tests.bench.baselines import crons, queues
from tests.bench.circles import circles
from tests.bench.commands import commands, registered, start
from tests.bench.delivery import blocked, deliveries
from tests.bench.guards import guards
from tests.bench.ideas import ideas
from tests.bench.inbound import inbound
from tests.bench.matching import matching
from tests.bench.places import Places
from tests.bench.planning import Crowds, idle, spikes, together
from tests.bench.sizes import FULL, QUICK, Sizes


def parts(places: Places, sizes: Sizes) -> dict[str, Callable[[], None]]:
    """Name what can be measured, in the order in which it is."""
    crowds = Crowds(places, sizes)

    def plan() -> None:
        spikes(crowds, sizes)
        crowds.drop()

    return {
        "commands": lambda: commands(places, sizes),
        "registered": lambda: registered(places, sizes),
        "start": start,
        "guards": lambda: guards(sizes),
        "ideas": lambda: ideas(sizes),
        "matching": lambda: matching(sizes),
        "circles": lambda: circles(sizes),
        "idle": lambda: idle(crowds, sizes),
        "plan": plan,
        "together": lambda: together(places, sizes),
        "deliver": lambda: deliveries(places, sizes),
        "block": lambda: blocked(places, sizes),
        "crons": lambda: crons(places, sizes),
        "queues": lambda: queues(places, sizes),
        "inbound": lambda: inbound(places, sizes),
    }


def main() -> int:
    """Run the parts that are named, or all; give 1 when one of them could not be measured."""
    with Places() as places:
        names = list(parts(places, FULL))
        reader = argparse.ArgumentParser(prog="python -m tests.bench")
        reader.add_argument("parts", nargs="*", help=f"of {', '.join(names)}; all by default")
        reader.add_argument("--quick", action="store_true", help="a little of everything")
        reader.add_argument("--seconds", type=float, help="of each open load")
        asked = reader.parse_args()
        if unknown := set(asked.parts) - set(names):
            reader.error(f"no such part: {', '.join(sorted(unknown))}; there are {names}")
        sizes = QUICK if asked.quick else FULL
        if asked.seconds:
            sizes = replace(sizes, seconds=asked.seconds)
        print(f"{os.cpu_count()} cores; load, databases and stand-ins run on the same machine")
        if asked.quick:
            print("Quick: sizes are too small to mean anything; this only tries the benchmark")
        began, failed = time.perf_counter(), []
        for name, measure in parts(places, sizes).items():
            if asked.parts and name not in asked.parts:
                continue
            try:
                measure()
            except Exception as error:
                failed.append(name)
                print(f"\n{name} could not be measured: {type(error).__name__}: {error}")
        print(f"\nAll of this took {time.perf_counter() - began:.0f} s")
    if failed:
        print(f"Not measured, or not to its end: {', '.join(failed)}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
