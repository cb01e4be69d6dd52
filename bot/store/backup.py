"""A backup of an SQLite file: consistent while others write, and checked before it has its name."""

import sqlite3
import tempfile
from contextlib import closing
from pathlib import Path

from sqlalchemy import URL, make_url
from sqlalchemy.exc import ArgumentError

from bot.errors import Misconfigured


def back_up(url: str, to: Path) -> int:
    """Copy the database as it is at one moment into a new file; give its size in bytes.

    Only its owner may read the new file. Raises Misconfigured where nothing can be copied, and for
    a copy that is damaged; then there is no new file.
    """
    source = _file(url)
    if not source.is_file():
        raise Misconfigured(f"There is no database {source}: set DATABASE_URL to the one in use.")
    _refuse_existing(to)
    try:
        # The name is given last, so that what has it is whole; a killed run leaves a `.part`.
        with tempfile.NamedTemporaryFile(
            prefix=f".{to.name}.", suffix=".part", dir=to.parent, delete=False
        ) as made:
            part = Path(made.name)
    except OSError:
        raise Misconfigured(
            f"The folder {to.parent} cannot be written: name a file in one that can."
        ) from None
    try:
        _copy(source, part)
        _refuse_existing(to)
        part.rename(to)
    finally:
        part.unlink(missing_ok=True)
    return to.stat().st_size


def _copy(source: Path, part: Path) -> None:
    try:
        with (
            closing(sqlite3.connect(source)) as origin,
            closing(sqlite3.connect(part, isolation_level=None)) as copy,
        ):
            # In one step: a reader of the write-ahead log keeps its moment, and holds up nobody.
            origin.backup(copy)
            # One file that needs no second beside it. Whoever serves it chooses for itself.
            copy.execute("PRAGMA journal_mode=DELETE")
            faults = [str(fault) for (fault,) in copy.execute("PRAGMA integrity_check")]
    except sqlite3.Error as error:
        # Some damage is found by the check, some already in its way.
        if getattr(error, "sqlite_errorcode", 0) & 0xFF != sqlite3.SQLITE_CORRUPT:
            raise Misconfigured(
                f"The database {source} could not be backed up ({error}): run this as the "
                "service's user, and see that the disk has room."
            ) from None
        faults = [str(error)]
    if faults != ["ok"]:
        raise Misconfigured(
            f"The database {source} is damaged, and no backup was made: stop the service and "
            "restore an earlier one."
        )


def _refuse_existing(file: Path) -> None:
    if file.exists() or file.is_symlink():
        raise Misconfigured(f"{file} exists already: name a new file.")


def _file(url: str) -> Path:
    """Give the file of a database that is one."""
    parts = _parts(url)
    kind = parts.get_backend_name() if parts else ""
    if kind == "postgresql":
        raise Misconfigured("A PostgreSQL database is backed up with pg_dump: use that instead.")
    name = (parts.database if parts and kind == "sqlite" else "") or ":memory:"
    if ":memory:" in name:
        raise Misconfigured(
            "DATABASE_URL names no file to back up: write it as sqlite:////folder/preceptor.db."
        )
    return Path(name)


def _parts(url: str) -> URL | None:
    try:
        return make_url(url)
    except (ArgumentError, ValueError):
        return None
