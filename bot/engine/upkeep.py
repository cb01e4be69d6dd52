"""What is done a few times a day: what was kept for long enough is forgotten, sums are made."""

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from functools import partial
from itertools import chain

from sqlmodel import Session

from bot.engine import teams
from bot.store import deliveries, inbound, over, shifts, wellbeing
from bot.store.turns import Work

#: How often it is done, at most.
EVERY = timedelta(hours=6)
#: The most turns in which deliveries are forgotten at once; the rest waits for the next time.
ROUNDS = 100


def works(now: datetime) -> Iterable[Work[object]]:
    """Give what is to be done at a moment, one after another, each in a transaction of its own."""
    sweeps: tuple[Work[object], ...] = (
        partial(inbound.sweep, now=now),
        partial(shifts.sweep, now=now),
        partial(wellbeing.sweep, now=now),
        partial(over.sweep, now=now),
    )
    return chain(sweeps, _sweep_deliveries(now), teams.works(now))


def _sweep_deliveries(now: datetime) -> Iterator[Work[object]]:
    """Forget deliveries a few at a time, as long as there are; each turn runs before the next."""
    swept = deliveries.SWEPT

    def sweep(db: Session) -> None:
        nonlocal swept
        swept = deliveries.sweep(db, now)

    for _ in range(ROUNDS):
        if swept < deliveries.SWEPT:
            return
        yield sweep
