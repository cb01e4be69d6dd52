"""Tells an open page that there is something to see, as Server-Sent Events."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import suppress
from functools import partial

from bot.platforms.local.people import Person
from bot.platforms.local.posts import Around, Place, around
from bot.platforms.local.workspace import Workspace
from bot.store import local

#: How often the rows are looked at, in seconds: other processes write here too.
BEAT = 0.7
#: A sign of life after so many quiet looks, so that a dead connection is noticed.
QUIET = 20


class Live:
    """The open pages' streams. `close` ends them, so that a server can stop at once."""

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace
        self._closing = asyncio.Event()

    def close(self) -> None:
        """End every stream."""
        self._closing.set()

    async def stream(self, who: Person, place: Place) -> AsyncIterator[str]:
        """Yield an event at the start and whenever what the person sees has changed."""
        yield "retry: 1500\n\n"
        seen, quiet, last = "", 0, 0
        while not self._closing.is_set():
            last, beside = await self._look(who, place, last)
            unread, mine = beside.unread, list(map(str, beside.places[who.key].values()))
            minute = self._workspace.clock().strftime("%Y%m%d%H%M")
            stamp = json.dumps([last, unread, mine, minute, self._workspace.messenger.replaced])
            quiet = 0 if stamp != seen else quiet + 1
            if stamp != seen:
                seen = stamp
                new = sum(unread.get(who.key, {}).values())
                yield f"data: {json.dumps({'last': last, 'unread': new})}\n\n"
            elif quiet % QUIET == 0:
                yield ": still here\n\n"
            with suppress(TimeoutError):
                await asyncio.wait_for(self._closing.wait(), BEAT)

    async def _look(self, who: Person, place: Place, last: int) -> tuple[int, Around]:
        address = place.address or who.place
        new, beside = await asyncio.gather(
            self._workspace.database.run(
                partial(local.posts, place=address, person=who.key, after=last)
            ),
            self._workspace.database.run(around(who)),
        )
        return (new[-1].id or last) if new else last, beside
