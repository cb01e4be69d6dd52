"""Writes down what became of deliveries: those that end together in one transaction."""

import asyncio
from dataclasses import dataclass

from sqlmodel import Session

from bot.store import deliveries
from bot.store.database import Database
from bot.store.deliveries import Mark
from bot.store.turns import Work

#: Waits between tries while the database is away, in seconds: together less than a lease, after
#: which another worker asks the platform what became of the delivery.
WAITS = (0.1, 0.2, 0.5, 1.0, 2.0, 4.0, 8.0)


@dataclass(frozen=True, slots=True)
class _Waiting:
    mark: Mark
    also: Work[None] | None
    done: asyncio.Future[None]


class Marker:
    """One writer of marks; whoever comes while it writes goes into the next transaction."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._waiting: list[_Waiting] = []
        self._writing: asyncio.Task[None] | None = None

    async def write(self, mark: Mark, also: Work[None] | None = None) -> None:
        """Write a mark, and what else belongs into its transaction; return when it is kept."""
        done: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.append(_Waiting(mark, also, done))
        if self._writing is None:
            self._writing = asyncio.create_task(self._write_all())
        await done

    async def _write_all(self) -> None:
        try:
            while self._waiting:
                group, self._waiting = self._waiting, []
                await self._write_group(group)
        finally:
            self._writing = None

    async def _write_group(self, group: list[_Waiting]) -> None:
        def work(db: Session) -> None:
            deliveries.mark(db, [each.mark for each in group])
            for each in group:
                if each.also is not None:
                    each.also(db)

        failure: Exception | None = None
        for wait in (*WAITS, None):
            try:
                await self._database.run(work)
                break
            except Exception as error:
                if wait is None:
                    failure = error
                else:
                    await asyncio.sleep(wait)
        for each in group:
            if each.done.cancelled():
                continue
            if failure is None:
                each.done.set_result(None)
            else:
                each.done.set_exception(failure)
