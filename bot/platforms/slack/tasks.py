"""Work that goes on after Slack has its acknowledgement, and that a stop waits for."""

import asyncio
import logging
from collections.abc import Coroutine, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

from bot.logs import cause

log = logging.getLogger(__name__)
T = TypeVar("T")

#: So many answers under way are about a second's work: whoever comes then is asked to come again,
#: because what is acknowledged must be kept, also when a stop comes.
MOST = 300
#: How long a stop waits for answers that are on their way, in seconds.
GRACE = 10.0


class Tasks:
    """The running tasks: asyncio itself keeps only weak references to them."""

    def __init__(self) -> None:
        self._running: set[asyncio.Future[Any]] = set()

    @property
    def crowded(self) -> bool:
        """Tell whether there is more to do than can soon be done."""
        return len(self._running) >= MOST

    def spawn(self, work: Coroutine[Any, Any, T]) -> asyncio.Task[T]:
        """Start work that nobody waits for; its failure is logged without its words."""
        task = asyncio.create_task(work)
        self._running.add(task)
        task.add_done_callback(self._done)
        return task

    @contextmanager
    def holding(self) -> Iterator[None]:
        """Let a stop wait for what runs in here, in a task that is not ours."""
        held: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._running.add(held)
        try:
            yield
        finally:
            self._running.discard(held)
            if not held.done():
                held.set_result(None)

    async def settle(self, within: float) -> None:
        """Wait for what runs now, not for what comes meanwhile."""
        if self._running:
            await asyncio.wait(set(self._running), timeout=within)

    async def drain(self) -> None:
        """Wait until all is done, also what was started meanwhile; then give up on the rest."""
        loop = asyncio.get_running_loop()
        end = loop.time() + GRACE
        while self._running and loop.time() < end:
            await asyncio.wait(self._running, timeout=end - loop.time())
        left = list(self._running)
        for task in left:
            task.cancel()
        await asyncio.gather(*left, return_exceptions=True)

    def _done(self, task: asyncio.Task[Any]) -> None:
        self._running.discard(task)
        if not task.cancelled() and (error := task.exception()) is not None:
            log.error(
                "Work for Slack failed",
                extra={"action": "slack_work_failed", "cause": cause(error)},
            )
