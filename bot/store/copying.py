"""Copies one database into another, of either kind, so that an owner can move.

The target keeps a mark while it is incomplete: which source its rows come from, and how many have
come. A batch and the mark move in one transaction, so a copy that was killed goes on where it was.
"Which source" is a digest of all that the source holds, not its address: a file may be moved
between two runs, but what is in it may not change.
"""

import hashlib
import json
import secrets
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

from sqlalchemy import (
    Column,
    Connection,
    Engine,
    Integer,
    MetaData,
    String,
    Table,
    cast,
    func,
    insert,
    inspect,
    select,
    text,
    update,
)
from sqlalchemy.dialects.postgresql import REGCLASS
from sqlalchemy.exc import DataError, DBAPIError, IntegrityError
from sqlmodel import Session, SQLModel

import bot.models  # noqa: F401 - fills the metadata
from bot.errors import Misconfigured
from bot.store.database import Database

#: Rows of one transaction: enough to spread the cost of a commit, few enough to hold in memory.
BATCH = 1_000
#: One row while the copy is incomplete. A name that begins with `_` is a tool's own.
MARK = Table(
    "_copy",
    MetaData(),
    Column("source", String(64), nullable=False),
    Column("copied", Integer, nullable=False),
)

#: Told how many rows were handled so far, and how many there are to handle in all.
Progress = Callable[[int, int], None]
_Step = Callable[[int], None]
_Rows = Sequence[dict[str, Any]]
#: A table's number of rows, and the sum of their digests: the order of reading makes no difference.
_Sum = tuple[int, int]


def copy(source: Database, target: Database, progress: Progress) -> dict[str, int]:
    """Copy every row and compare both databases; give the number of rows of each table.

    Both must have this program's schema. Raises Misconfigured where nothing may be copied, where
    the copy stopped, and where the two differ at the end.
    """
    try:
        with _snapshot(source) as origin:
            return _copy(origin, target, progress)
    except DBAPIError as error:
        raise Misconfigured(
            f"The copy stopped ({_cause(error)}): mend that and run the same command again, "
            "it goes on where it was."
        ) from None


def refuse_unfinished(engine: Engine) -> None:
    """Raise Misconfigured for a database that is a copy which did not come to its end."""
    if inspect(engine).has_table(MARK.name):
        raise Misconfigured(
            "The database is an unfinished copy: run `preceptor copy` again, or set DATABASE_URL "
            "to the database that was copied."
        )


def _copy(origin: Connection, target: Database, progress: Progress) -> dict[str, int]:
    if _is_same(origin, target):
        raise Misconfigured("Source and target are the same database: name another target.")
    if inspect(origin).has_table(MARK.name):
        raise Misconfigured(
            "DATABASE_URL names an unfinished copy: set it to the database that was copied."
        )
    counts = {table: _count(origin, table) for table in _tables()}
    total = sum(counts.values())
    if not total:
        raise Misconfigured(
            "DATABASE_URL names a database without rows: set it to the one that you want to copy."
        )
    done = 0

    def step(rows: int) -> None:
        nonlocal done
        done += rows
        progress(done, 3 * total)  # read for its digest, copied, and read again in the target

    sums = _sums(origin, step)
    copied = target.call(partial(_begin, source=_digest(sums)))
    step(copied)
    passed = copied
    for table, count in counts.items():
        skip = min(passed, count)
        passed -= skip
        for rows in _batches(origin, table, skip):
            _put(target, table, rows, copied)
            copied += len(rows)
            step(len(rows))
    target.call(partial(_finish, sums=sums, step=step))
    return {table.name: count for table, count in counts.items()}


def _tables() -> list[Table]:
    """List all tables, each after those that it refers to."""
    return list(SQLModel.metadata.sorted_tables)


@contextmanager
def _snapshot(database: Database) -> Iterator[Connection]:
    """Read from one moment; on SQLite nobody else can write meanwhile."""
    with database.engine.connect() as connection:
        is_server = connection.dialect.name == "postgresql"
        if is_server:
            connection.execution_options(
                isolation_level="REPEATABLE READ", postgresql_readonly=True
            )
        with connection.begin():
            if is_server:  # it rests while the target is compared, however long that takes
                connection.execute(text("SET LOCAL idle_in_transaction_session_timeout = 0"))
            yield connection


def _is_same(origin: Connection, target: Database) -> bool:
    """Tell whether both are one database, whatever their addresses say."""
    if origin.dialect.name != target.engine.name:
        return False
    if target.engine.name == "sqlite":
        here, there = (Path(each.url.database or "") for each in (origin.engine, target.engine))
        return here.is_file() and there.is_file() and here.samefile(there)
    # Whoever holds a lock that nobody else can have guessed is in the same database.
    key = secrets.randbits(62)
    origin.execute(select(func.pg_advisory_xact_lock(key)))
    free = select(func.pg_try_advisory_xact_lock(key))
    return not target.call(lambda db: db.connection().scalar(free))


def _begin(db: Session, source: str) -> int:
    """Mark an empty target, or find the mark of this source; give the rows copied so far."""
    connection = db.connection()
    if inspect(connection).has_table(MARK.name):
        mark = connection.execute(select(MARK)).one()
        if mark.source != source:
            raise Misconfigured(
                "The target is an unfinished copy of another database, or this one has changed "
                "since: copy into an empty database instead."
            )
        return int(mark.copied)
    if any(_count(connection, table) for table in _tables()):
        raise Misconfigured("The target already holds rows: copy into an empty database instead.")
    MARK.create(connection)
    connection.execute(insert(MARK).values(source=source, copied=0))
    return 0


def _batches(connection: Connection, table: Table, skip: int = 0) -> Iterator[_Rows]:
    """Read a table in the order of its primary key, from some row on."""
    names = [column.key for column in table.columns]
    ordered = select(table).order_by(*table.primary_key.columns).offset(skip)
    # A cursor on the server: a table need not fit into memory.
    found = connection.execute(ordered, execution_options={"yield_per": BATCH})
    for part in found.partitions():
        yield [dict(zip(names, row, strict=True)) for row in part]


def _put(target: Database, table: Table, rows: _Rows, copied: int) -> None:
    """Add a batch; when it does not fit, go row by row to find the one to name."""
    try:
        target.call(partial(_add, table=table, rows=rows, copied=copied))
    except (DataError, IntegrityError) as error:
        if len(rows) > 1:
            for place, row in enumerate(rows):
                _put(target, table, [row], copied + place)
            return
        key = ", ".join(f"{each.key} {rows[0][each.key]}" for each in table.primary_key.columns)
        raise Misconfigured(
            f"The row with {key} of table {table.name} does not fit into the target "
            f"({_cause(error)}): mend it in the source, and copy into an empty database."
        ) from None


def _add(db: Session, table: Table, rows: _Rows, copied: int) -> None:
    """Add rows and move the mark, if it is where this copy left it."""
    connection = db.connection()
    moved = connection.execute(
        update(MARK).where(MARK.c.copied == copied).values(copied=copied + len(rows))
    )
    if moved.rowcount != 1:
        raise Misconfigured("Another copy is filling the target: wait until that one has ended.")
    connection.execute(insert(table), rows)


def _finish(db: Session, sums: dict[Table, _Sum], step: _Step) -> None:
    """Compare the target with what was read; when all is there, drop the mark."""
    connection = db.connection()
    theirs = _sums(connection, step)
    differing = [table.name for table in sums if theirs[table] != sums[table]]
    if differing:
        raise Misconfigured(
            f"The copy differs from its source in {', '.join(differing)}: see that nothing else "
            "writes to the target, and copy into an empty database."
        )
    if connection.dialect.name == "postgresql":
        _set_sequences(connection)
    MARK.drop(connection)


def _set_sequences(connection: Connection) -> None:
    """Let each id go on after the highest that was copied; SQLite does so by itself."""
    for table in _tables():
        name = connection.dialect.identifier_preparer.format_table(table)
        for column in table.primary_key.columns:
            if isinstance(column.type, Integer):
                # NULL for a column without a sequence, and then nothing is set.
                sequence = cast(func.pg_get_serial_sequence(name, column.name), REGCLASS)
                last = func.max(column)
                connection.execute(
                    select(func.setval(sequence, func.coalesce(last, 1), last.is_not(None)))
                )


def _count(connection: Connection, table: Table) -> int:
    return int(connection.scalar(select(func.count()).select_from(table)) or 0)


def _sums(connection: Connection, step: _Step) -> dict[Table, _Sum]:
    """Sum up each table's rows."""
    sums = {}
    for table in _tables():
        count, total = 0, 0
        for rows in _batches(connection, table):
            for row in rows:
                total += int.from_bytes(hashlib.sha256(_written(row)).digest())
            count += len(rows)
            step(len(rows))
        sums[table] = count, total
    return sums


def _written(row: dict[str, Any]) -> bytes:
    """Write a row as both databases give it: their types have made moments UTC, and truth bool."""
    # SQLite does not keep the sign of nought.
    values = [value + 0.0 if isinstance(value, float) else value for value in row.values()]
    return json.dumps(values, sort_keys=True, default=str).encode()


def _digest(sums: dict[Table, _Sum]) -> str:
    """Name a database by all that it holds."""
    parts = [(table.name, count, total) for table, (count, total) in sums.items()]
    return hashlib.sha256(json.dumps(parts).encode()).hexdigest()


def _cause(error: DBAPIError) -> str:
    """Give the first line of what a database says; those below it may hold members' words."""
    return str(error.orig).partition("\n")[0].rstrip(".")
