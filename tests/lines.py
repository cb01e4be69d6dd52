"""Which tests run first, and which on one worker, when several workers share a run.

A mark cannot say it: xdist writes a mark's group into a test's name, and pytest 9.2 keeps the name
elsewhere, so that such groups are silently lost.
"""

import os

import pytest
from xdist.scheduler import LoadScopeScheduling

#: Modules on one worker each, so that what they share is made once.
TOGETHER = ("tests/store/test_copying.py", "tests/test_simulating.py")
#: What waits for processes, browsers and servers: begun first, so that no worker ends alone.
SLOW = ("tests/faults/", "tests/outside/", "tests/store/test_migrations.py")


class Lines(LoadScopeScheduling):
    """Hands out test by test, but some modules as a whole, before all others."""

    def _split_scope(self, nodeid: str) -> str:
        file = nodeid.partition("::")[0]
        return file if file in TOGETHER else nodeid


def workers() -> int:
    """Say how many workers keep this machine busy."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    return -(-3 * (cores or 1) // 2)


def slow_first(items: list[pytest.Item]) -> None:
    """Put what waits before what computes."""
    items.sort(key=lambda item: not item.nodeid.startswith(SLOW))
