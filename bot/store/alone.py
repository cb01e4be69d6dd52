"""One serving process for an SQLite file; a process that dies in any way lets go of it."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from filelock import FileLock, Timeout
from sqlalchemy import make_url
from sqlalchemy.exc import ArgumentError

from bot.errors import Misconfigured

#: What the name of the lock of whoever migrates a file ends with; the lock's file is left there.
TURN = ".migrating"


@contextmanager
def alone(url: str) -> Iterator[None]:
    """Hold an SQLite file; a database in memory or on a server needs no hold.

    Raises Misconfigured while another process holds the file, or if nobody can.
    """
    file = file_of(url)
    if file is None:
        yield
        return
    lock = FileLock(f"{file}.serving")
    try:
        lock.acquire(blocking=False)
    except Timeout:
        raise Misconfigured(
            f"Another process serves the database {file}: stop that process, or set DATABASE_URL "
            "to a PostgreSQL database, which several processes may serve."
        ) from None
    except OSError:
        raise Misconfigured(
            f"The file {lock.lock_file} cannot be written: set DATABASE_URL to a place you may "
            "write."
        ) from None
    try:
        yield
    finally:
        lock.release()


@contextmanager
def in_turn(url: str) -> Iterator[None]:
    """Wait until no other process migrates an SQLite file, however long that takes.

    The database's own lock is waited for by seconds only: who holds that may be anybody.
    """
    file = file_of(url)
    if file is None:
        yield
        return
    lock = FileLock(f"{file}{TURN}")
    with suppress(OSError):  # whoever opens the database says what is wrong with its place
        lock.acquire()
    try:
        yield
    finally:
        lock.release()


def file_of(url: str) -> Path | None:
    """Give the file of a database that is one, whichever way leads to it."""
    try:
        parts = make_url(url)
    except (ArgumentError, ValueError):
        return None  # whoever opens the database says what is wrong with its address
    name = parts.database or ":memory:"
    if parts.get_backend_name() != "sqlite" or ":memory:" in name:
        return None
    return Path(name).resolve()
