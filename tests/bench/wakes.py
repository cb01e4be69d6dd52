"""How late an event loop wakes those who sleep: what it was blocked by, seen from beside."""

import asyncio
import time
from statistics import quantiles
from types import TracebackType

#: How long the watcher asks to sleep, in seconds.
NAP = 0.001


class Wakes:
    """Watches the running loop for as long as it is entered."""

    def __init__(self) -> None:
        self._late: list[float] = []
        self._ended = False

    async def _watch(self) -> None:
        while not self._ended:
            began = time.perf_counter()
            await asyncio.sleep(NAP)
            self._late.append(time.perf_counter() - began - NAP)

    async def __aenter__(self) -> "Wakes":
        self._watching = asyncio.create_task(self._watch())
        await asyncio.sleep(0.05)
        self._late.clear()
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._ended = True
        await self._watching

    @property
    def worst_ms(self) -> float:
        """The longest that anyone was woken late."""
        return max(self._late) * 1000

    @property
    def p99_ms(self) -> float:
        return quantiles(self._late, n=100)[98] * 1000
