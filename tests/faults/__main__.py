"""Runs every fault at full size, one after another: `make faults`. Words choose among them."""

import asyncio
import logging
import sys
import tempfile
from pathlib import Path

from tests.faults.cases import CASES
from tests.faults.ground import Ground
from tests.faults.outcome import Outcome
from tests.pilot import migrate_empty
from tests.postgres import Postgres

NAMES = {case.name for case in CASES}


def line(*cells: object) -> str:
    fault, database, *numbers, note = map(str, cells)
    return f"{fault:38}{database:12}" + "".join(f"{each:>10}" for each in numbers) + f"   {note}"


def shown(outcome: Outcome) -> str:
    took = "" if outcome.recovered is None else f"{outcome.recovered:.1f} s"
    allowed = f" (of {outcome.allowed} allowed)" if outcome.allowed else ""
    return line(
        outcome.fault,
        outcome.database,
        outcome.tries,
        outcome.lost,
        outcome.doubled,
        took,
        outcome.note + allowed,
    )


async def main(words: list[str]) -> int:
    for word in words:
        if not any(word in case.name for case in CASES):
            print(f"No fault is called {word}: choose among {', '.join(sorted(NAMES))}.")
            return 2
    failed, seen = 0, list[Outcome]()
    with tempfile.TemporaryDirectory() as folder:
        template = Path(folder) / "template.db"
        migrate_empty(f"sqlite:///{template}")
        postgres = Postgres()
        try:
            migrate_empty(postgres.create("template"))
            ground = Ground(Path(folder), template, postgres)
            print(line("fault", "database", "tries", "lost", "doubled", "recovered", ""))
            for case in CASES:
                if words and not any(word in case.name for word in words):
                    continue
                try:
                    outcome = await case.run(ground, full=True)
                except Exception as error:
                    failed += 1
                    print(f"✗ {case.name} on {case.kind}: {error!r}", flush=True)
                    continue
                failed += not outcome.held
                seen.append(outcome)
                print(shown(outcome), flush=True)
                for each in outcome.broken:
                    print(f"  ✗ {each}", flush=True)
        finally:
            postgres.remove()
    print(f"\n{failed} did not hold" if failed else f"\n{summed(seen)}")
    return 1 if failed else 0


def summed(seen: list[Outcome]) -> str:
    doubled = sum(each.doubled for each in seen)
    told = (
        f"doubled {doubled}, where the platform cannot be asked" if doubled else "nothing doubled"
    )
    return f"Of {sum(each.tries for each in seen)} tries nothing was lost, {told}."


if __name__ == "__main__":
    logging.disable()  # what is meant to fail is counted, not logged
    sys.exit(asyncio.run(main(sys.argv[1:])))
