"""Replies before deliveries: someone waits for a reply, and both draw on one allowance."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager, suppress

#: The longest that a delivery waits for replies, in seconds: half of what one call may take.
PATIENCE = 5.0


class Gate:
    """Open to deliveries while no reply is on its way, waits that Slack asks for included."""

    def __init__(self) -> None:
        self._replies = 0
        self._open = asyncio.Event()
        self._open.set()

    @contextmanager
    def reply(self) -> Iterator[None]:
        """Hold deliveries back as long as a reply is on its way."""
        self._replies += 1
        self._open.clear()
        try:
            yield
        finally:
            self._replies -= 1
            if self._replies == 0:
                self._open.set()

    async def delivery(self) -> None:
        """Wait until the replies are out, or for as long as is fair."""
        if not self._open.is_set():
            with suppress(TimeoutError):
                await asyncio.wait_for(self._open.wait(), PATIENCE)
