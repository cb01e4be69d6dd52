"""What is done a few times a day: what was kept for long enough is forgotten."""

from datetime import datetime, timedelta
from functools import partial

from bot.store import inbound, shifts, wellbeing
from bot.store.turns import Work

#: How often it is done, at most.
EVERY = timedelta(hours=6)


def works(now: datetime) -> tuple[Work[object], ...]:
    """Give what is to be done at a moment, each in a transaction of its own."""
    return (
        partial(inbound.sweep, now=now),
        partial(shifts.sweep, now=now),
        partial(wellbeing.sweep, now=now),
    )
