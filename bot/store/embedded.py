"""SQLite behind one writer thread, over one connection.

Turns that wait together commit together, each inside its own savepoint, because a commit (an fsync)
costs more than the work itself.
"""

import asyncio
import queue
import sqlite3
import threading
from concurrent.futures import Future
from contextlib import suppress
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, make_url
from sqlalchemy.exc import OperationalError
from sqlalchemy.pool import StaticPool
from sqlmodel import Session

from bot.errors import Misconfigured
from bot.store.turns import CLOSED, T, Work, session_on
from bot.store.vault import Vault

_Job = tuple[Work[Any], Future[Any]]
_Outcome = tuple[Any, BaseException | None]

#: Turns that may share one commit: enough to spread the fsync, few enough to bound the wait.
GROUP = 64
#: How long SQLite waits for another process's write before it gives up, in milliseconds.
BUSY_MS = 5_000
#: Under this name a connection remembers that its log is to be cleared.
_CLEAR = "clear_log"


class Embedded:
    """SQLite behind one writer thread."""

    def __init__(self, url: str, vault: Vault | None = None) -> None:
        self.vault = vault
        self.engine = sqlite_engine(url)
        self._jobs: queue.SimpleQueue[_Job | None] = queue.SimpleQueue()
        self._closed = False
        self._thread = threading.Thread(target=self._serve, name="preceptor-writer", daemon=True)
        self._thread.start()

    def _submit(self, work: Work[T]) -> Future[T]:
        if self._closed:
            raise Misconfigured(CLOSED)
        done: Future[T] = Future()
        self._jobs.put((work, done))
        return done

    def call(self, work: Work[T]) -> T:
        return self._submit(work).result()

    async def run(self, work: Work[T]) -> T:
        return await asyncio.wrap_future(self._submit(work))

    def close(self) -> None:
        if not self._closed:
            self._closed = True
            self._jobs.put(None)
            self._thread.join()
            self.engine.dispose()

    def _serve(self) -> None:
        last = False
        while not last:
            group, last = self._next_group()
            # Who has stopped waiting (a closed page, a stop) withdraws the turn, if it is not yet
            # begun; one that is begun cannot be cancelled any more.
            group = [job for job in group if job[1].set_running_or_notify_cancel()]
            if group:
                self._commit_together(group)

    def _next_group(self) -> tuple[list[_Job], bool]:
        job = self._jobs.get()
        group: list[_Job] = []
        while job is not None:
            group.append(job)
            if len(group) == GROUP:
                return group, False
            try:
                job = self._jobs.get_nowait()
            except queue.Empty:
                return group, False
        return group, True

    def _commit_together(self, group: list[_Job]) -> None:
        try:
            outcomes = self._attempt_all(group)
        except _Spoilt:
            # A failed flush took the whole transaction with it: give each turn one of its own.
            for job in group:
                self._commit_together([job])
            return
        except BaseException as error:
            outcomes = [(None, error)] * len(group)
        for (_, done), (value, failure) in zip(group, outcomes, strict=True):
            if failure is not None:
                done.set_exception(failure)
            else:
                done.set_result(value)

    def _attempt_all(self, group: list[_Job]) -> list[_Outcome]:
        with self.engine.connect() as connection:
            with connection.begin():
                alone = len(group) == 1
                outcomes = [
                    _attempt(connection, self.vault, work, alone=alone) for work, _ in group
                ]
            _clear_if_asked(connection)
            return outcomes


def clear_log(db: Session) -> None:
    """Let what this turn deletes be gone from the write-ahead log too, once it is committed.

    The log holds pages as they were. While a reader still needs them it is tried again with each
    commit. PostgreSQL's server keeps its own log.
    """
    if db.connection().dialect.name == "sqlite":
        db.connection().info[_CLEAR] = True


def _clear_if_asked(connection: Connection) -> None:
    if not connection.info.get(_CLEAR):
        return
    with suppress(sqlite3.Error):  # the turns are committed, whatever becomes of this
        # Past SQLAlchemy, which would begin a transaction; and a reader is not waited for.
        raw = connection.connection.cursor()
        raw.execute("PRAGMA busy_timeout=0")
        (is_busy, *_) = raw.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        raw.execute(f"PRAGMA busy_timeout={BUSY_MS}")
        if not is_busy:
            del connection.info[_CLEAR]


def _attempt(
    connection: Connection, vault: Vault | None, work: Work[Any], *, alone: bool
) -> _Outcome:
    """Run one turn of a group; what it wrote is undone if it raises."""
    session = session_on(connection, vault)
    if not alone:
        connection.exec_driver_sql("SAVEPOINT turn")
    try:
        value = work(session)
        session.flush()
    except OperationalError:
        # A full disk or a locked file fails the whole group, not one turn of it.
        raise
    except BaseException as error:
        if alone:
            raise
        if not connection.in_transaction():
            raise _Spoilt from error
        connection.exec_driver_sql("ROLLBACK TO SAVEPOINT turn")
        connection.exec_driver_sql("RELEASE SAVEPOINT turn")
        return None, error
    else:
        if not alone:
            connection.exec_driver_sql("RELEASE SAVEPOINT turn")
        return value, None
    finally:
        session.expunge_all()
        session.close()


class _Spoilt(Exception):
    """The group's transaction is gone."""


def sqlite_engine(url: str) -> Engine:
    """Open SQLite as we want it: WAL, foreign keys on, writers in line, nothing logged."""
    file = make_url(url).database or ":memory:"
    engine = create_engine(
        url,
        connect_args={"check_same_thread": False, "timeout": BUSY_MS / 1000},
        hide_parameters=True,
        # One thread writes, so one connection is enough; in memory it must be the same one.
        poolclass=StaticPool if ":memory:" in file else None,
    )

    @event.listens_for(engine, "connect")
    def _prepare(connection: sqlite3.Connection, _: object) -> None:
        connection.isolation_level = None  # we say BEGIN ourselves
        if _is_foreign(connection):
            connection.close()
            raise Misconfigured(
                f"The database {Path(file).absolute()} belongs to another program: set "
                "DATABASE_URL to a file that is the coach's alone."
            )
        for pragma in (
            "journal_mode=WAL",
            "synchronous=FULL",
            "foreign_keys=ON",
            "secure_delete=ON",  # what was forgotten is overwritten, not only unlinked
            f"busy_timeout={BUSY_MS}",
        ):
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        # A deferred BEGIN would let two processes read, then lose one of their writes.
        connection.exec_driver_sql("BEGIN IMMEDIATE")

    return engine


def _is_foreign(connection: sqlite3.Connection) -> bool:
    """Tell whether there are tables, and none that our migrations keep; `_…` are a tool's own."""
    names = connection.execute(
        "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT GLOB '_*' "
        "AND name NOT GLOB 'sqlite_*'"
    ).fetchall()
    return bool(names) and ("alembic_version",) not in names
