"""A backup of an SQLite file: consistent while others write, and checked before it has its name.

It holds no member's key: those go into a file of their own, of which only the latest is kept. So a
member who is forgotten does not come back with an old backup. See `bot.store.keyfile`.
"""

import sqlite3
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import URL, Engine, exists, inspect, make_url, select
from sqlalchemy.exc import ArgumentError, DBAPIError

from bot.errors import Misconfigured
from bot.models import Goal, MemberKey
from bot.models.base import table_of
from bot.store import keyfile
from bot.store.database import connect
from bot.store.keyfile import KeyOf, part_of
from bot.store.migrate import unusable

#: A table that a backup has until its keys are back. A name that begins with `_` is a tool's own.
MARK = "_without_keys"
_GOALS_WITHOUT_KEYS = (
    select(table_of(Goal).c.id).where(~exists(select(table_of(MemberKey).c.member_id))).limit(1)
)


def back_up(url: str, to: Path, now: datetime, keys: Path | None = None) -> int:
    """Copy the database as it is at one moment into a new file; give its size in bytes.

    The keys of that moment go into the file `keys`, which is replaced if it is there; without a
    name they go into a new one beside the copy. Only their owner may read the two. Raises
    Misconfigured where nothing can be copied, and for a copy that is damaged; then there is no new
    file.
    """
    source = _file(url)
    if not source.is_file():
        raise Misconfigured(f"There is no database {source}: set DATABASE_URL to the one in use.")
    _refuse_existing(to)
    if keys is None:
        keys = to.with_name(f"{to.name}.keys")
        _refuse_existing(keys)
    # The names are given last, so that what has one is whole; a killed run leaves a `.part`.
    part, key_part = part_of(to), None
    try:
        key_part = keyfile.prepare(keys, keyfile.text_of(_copy(source, part), now))
        _refuse_existing(to)
        part.rename(to)
        key_part.replace(keys)
    finally:
        for each in (part, key_part):
            if each is not None:
                each.unlink(missing_ok=True)
    return to.stat().st_size


def back_up_keys(url: str, to: Path, now: datetime) -> int:
    """Write the keys of any database into a file, in the place of an older one; give how many."""
    with closing(connect(url)) as database:
        try:
            keys = database.call(keyfile.all_keys)
        except DBAPIError as error:
            raise Misconfigured(unusable(error)) from None
    keyfile.prepare(to, keyfile.text_of(keys, now)).replace(to)
    return sum(each.wrapped is not None for each in keys)


def refuse_without_keys(engine: Engine) -> None:
    """Raise Misconfigured for a backup that was put in place without its keys.

    Whoever has a goal has a key. New keys for such members would make the old ones of no use.
    """
    with engine.begin() as connection:
        is_marked = inspect(connection).has_table(MARK)
        if is_marked or connection.execute(_GOALS_WITHOUT_KEYS).first() is not None:
            raise Misconfigured(
                "The database is a backup without its keys: let `preceptor restore` bring it back "
                "with them, as the runbook says."
            )


def _copy(source: Path, part: Path) -> list[KeyOf]:
    """Copy the database without its keys, and give these."""
    try:
        with (
            closing(sqlite3.connect(source)) as origin,
            closing(sqlite3.connect(part, isolation_level=None)) as copy,
        ):
            # In one step: a reader of the write-ahead log keeps its moment, and holds up nobody.
            origin.backup(copy)
            # One file that needs no second beside it. Whoever serves it chooses for itself.
            copy.execute("PRAGMA journal_mode=MEMORY")
            faults = _faults(copy)
            keys = []
            if faults == ["ok"]:
                keys = _keys(copy)
                _take_out(copy)
                faults = _faults(copy)
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
    return keys


def _faults(copy: sqlite3.Connection) -> list[str]:
    return [str(fault) for (fault,) in copy.execute("PRAGMA integrity_check")]


def _has(copy: sqlite3.Connection, table: str) -> bool:
    asked = "SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = ?"
    return copy.execute(asked, (table,)).fetchone() is not None


def _keys(copy: sqlite3.Connection) -> list[KeyOf]:
    """Read the keys past the tables of today: a backup may be older than this program."""
    if not _has(copy, "member"):
        return []
    keyed = "SELECT member.id, joined_at, wrapped, master FROM member LEFT JOIN member_key ON "
    rows = (
        f"{keyed} member_key.member_id = member.id ORDER BY member.id"
        if _has(copy, "member_key")
        else "SELECT id, joined_at, NULL, NULL FROM member ORDER BY id"
    )
    return [
        KeyOf(key, datetime.fromisoformat(joined).replace(tzinfo=UTC), wrapped, master or "")
        for key, joined, wrapped, master in copy.execute(rows)
    ]


def _take_out(copy: sqlite3.Connection) -> None:
    """Delete the keys, and write the file anew so that no page of it remembers them."""
    copy.execute("PRAGMA secure_delete=ON")
    copy.execute("PRAGMA temp_store=MEMORY")
    if _has(copy, "member_key"):
        copy.execute("DELETE FROM member_key")
        copy.execute(f"CREATE TABLE IF NOT EXISTS {MARK} (done INTEGER)")
    copy.execute("VACUUM")


def _refuse_existing(file: Path) -> None:
    if file.exists() or file.is_symlink():
        raise Misconfigured(f"{file} exists already: name a new file.")


def _file(url: str) -> Path:
    """Give the file of a database that is one."""
    parts = _parts(url)
    kind = parts.get_backend_name() if parts else ""
    if kind == "postgresql":
        raise Misconfigured(
            "A PostgreSQL database is backed up with pg_dump, and its keys with "
            "`preceptor backup --keys KEYSFILE`: see the runbook."
        )
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
