"""PostgreSQL behind a few threads, each turn on a connection of its own."""

import asyncio
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress

from sqlalchemy import create_engine
from sqlalchemy.exc import OperationalError

from bot.errors import Misconfigured
from bot.store.turns import CLOSED, T, Work, session_on
from bot.store.vault import Vault

#: After this long without a statement PostgreSQL ends a turn, so that a frozen worker holds no row.
FROZEN_MS = 30_000
#: How long a server may take to answer at first, in seconds.
CONNECT = 5
#: How often a turn is run again that PostgreSQL undid: a deadlock, or a connection that broke.
AGAIN = 3


class Pooled:
    """PostgreSQL behind a few threads, each turn on a connection of its own."""

    def __init__(self, url: str, vault: Vault | None = None, threads: int = 8) -> None:
        self.vault = vault
        self.engine = create_engine(
            url,
            # Two more for what looks past the threads: health, and whoever calls and waits.
            pool_size=threads,
            max_overflow=2,
            pool_pre_ping=True,
            hide_parameters=True,
            connect_args={
                "connect_timeout": CONNECT,
                "options": f"-c idle_in_transaction_session_timeout={FROZEN_MS}",
            },
        )
        self._threads = ThreadPoolExecutor(threads, thread_name_prefix="preceptor-db")
        self._closed = False

    def call(self, work: Work[T]) -> T:
        if self._closed:
            raise Misconfigured(CLOSED)
        for _ in range(AGAIN):
            with suppress(_LostTurn):
                return self._once(work)
        return self._once(work, last=True)

    def _once(self, work: Work[T], *, last: bool = False) -> T:
        """Run a turn; raise _LostTurn if it was undone by no fault of its own."""
        with self.engine.begin() as connection:
            session = session_on(connection, self.vault)
            try:
                value = work(session)
                session.flush()
            except OperationalError as error:
                # A deadlock, or a server that went away, before our commit: nothing was kept.
                # After it nobody knows, and such an error goes to the caller.
                if last or not _is_passing(error):
                    raise
                raise _LostTurn from error
            else:
                return value
            finally:
                session.expunge_all()
                session.close()

    async def run(self, work: Work[T]) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._threads, self.call, work)

    def close(self) -> None:
        if not self._closed:
            self._closed = True
            self._threads.shutdown()
            self.engine.dispose()


class _LostTurn(Exception):
    """The server undid a turn that may be run again."""


def _is_passing(error: OperationalError) -> bool:
    state = getattr(error.orig, "sqlstate", None)
    return error.connection_invalidated or state in {"40001", "40P01"}
