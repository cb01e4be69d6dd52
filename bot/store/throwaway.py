"""SQLite for a file that nobody would miss: no thread, no flush to disk, few commits.

A simulation runs alone and begins anew when it fails, so it needs nothing that guards against a
power cut or a second worker. Each turn is still a transaction of its own, as a savepoint: what it
wrote is undone if it raises.
"""

import sqlite3

from sqlalchemy import Connection, event

from bot.store.embedded import sqlite_engine
from bot.store.turns import T, Work, savepoint, session_on
from bot.store.vault import Vault, new_key

#: Turns that share one commit: enough to spread its cost, few enough to keep the log short.
TOGETHER = 2_000


class Throwaway:
    """SQLite in the thread that asks."""

    def __init__(self, url: str) -> None:
        self.engine = sqlite_engine(url)
        self.vault: Vault | None = Vault.parse(new_key())
        self._open: Connection | None = None
        self._turns = 0

        @event.listens_for(self.engine, "connect")
        def _prepare(connection: sqlite3.Connection, _: object) -> None:
            connection.execute("PRAGMA synchronous=OFF")

    def call(self, work: Work[T]) -> T:
        session = session_on(self._connection(), self.vault)
        try:
            with savepoint(session):
                return work(session)
        finally:
            session.expunge_all()
            session.close()

    async def run(self, work: Work[T]) -> T:
        return self.call(work)

    def close(self) -> None:
        self._commit()
        self.engine.dispose()

    def _connection(self) -> Connection:
        self._turns += 1
        if self._turns % TOGETHER == 0:
            self._commit()
        if self._open is None:
            self._open = self.engine.connect()
            self._open.begin()
        return self._open

    def _commit(self) -> None:
        if self._open is not None:
            self._open.commit()
            self._open.close()
            self._open = None
