"""Work that goes on beside the rounds, so that nothing of it delays a message."""

import asyncio
import logging
from collections.abc import Callable, Coroutine
from typing import Any

from bot.logs import cause

log = logging.getLogger(__name__)


class Beside:
    """One kind of work, one at a time; what fails of it is logged by its cause alone."""

    def __init__(self, action: str) -> None:
        self._action = action
        self._task: asyncio.Task[None] | None = None

    async def run(self, work: Callable[[], Coroutine[Any, Any, object]], *, settle: bool) -> None:
        """Begin work, unless the last one is still going on; with `settle` wait for its end."""
        if settle and self._task is not None:
            await asyncio.wait([self._task])
        if self._task is None or self._task.done():
            self._task = asyncio.create_task(self._safely(work))
        if settle:
            await asyncio.wait([self._task])

    async def stop(self) -> None:
        """Leave what goes on: it is done again by whoever comes next."""
        if self._task is not None and not self._task.done():
            self._task.cancel()
            await asyncio.wait([self._task])

    async def _safely(self, work: Callable[[], Coroutine[Any, Any, object]]) -> None:
        try:
            await work()
        except Exception as error:
            log.error(  # noqa: TRY400 - a traceback could quote a member or a feed
                "Work beside the rounds failed",
                extra={"action": self._action, "cause": cause(error)},
            )
