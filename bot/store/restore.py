"""Brings a backup back with the latest keys; who was forgotten since its day is forgotten again."""

import sqlite3
from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from sqlalchemy import URL, insert, inspect, select, text
from sqlalchemy.exc import DBAPIError
from sqlmodel import Session

from bot.errors import Misconfigured
from bot.models import Member, MemberKey
from bot.models.base import table_of
from bot.store import keyfile, migrate, rights
from bot.store.alone import TURN, file_of
from bot.store.backup import MARK
from bot.store.database import Database, connect
from bot.store.keyfile import KeyOf, part_of
from bot.store.vault import Vault, vault_of

#: Finds the master keys for a database.
FindVault = Callable[[Database], Vault | None]
_MEMBERS, _KEYS = table_of(Member), table_of(MemberKey)


@dataclass(frozen=True, slots=True)
class Restored:
    """How many members a restored database has, and how many were forgotten since the backup."""

    members: int
    forgotten: int


def restore(url: str, file: Path | None, keys: Path, find_vault: FindVault) -> Restored:
    """Bring a database back, and give each member in it their key.

    For SQLite a new database is made from the backup `file`; without one the database at the URL
    is what pg_restore has just made, without any key. Raises Misconfigured where that cannot be,
    also for a key of the owner's that is not the right one; then nothing has changed.
    """
    known = keyfile.read(keys)
    target = file_of(url)
    if file is None:
        if target is not None:
            raise Misconfigured("Name the backup: `preceptor restore FILE --keys KEYSFILE`.")
        with closing(connect(url)) as database:
            return _bring_back(database, known, find_vault)
    if target is None:
        raise Misconfigured(
            "A file is restored into SQLite alone: set DATABASE_URL to a new file, or see the "
            "runbook for PostgreSQL."
        )
    for end in ("", "-wal", "-shm"):
        there = target.with_name(target.name + end)
        if there.exists() or there.is_symlink():
            raise Misconfigured(f"{there} exists already: move it away first.")
    return _restore_file(target, file, known, find_vault)


def _restore_file(
    target: Path, file: Path, known: Sequence[KeyOf], find_vault: FindVault
) -> Restored:
    part = part_of(target)
    try:
        _unpack(file, part)
        where = URL.create("sqlite", database=str(part)).render_as_string()
        with closing(connect(where)) as database:
            restored = _bring_back(database, known, find_vault)
        part.rename(target)
    finally:
        for end in ("", "-wal", "-shm", TURN):
            part.with_name(part.name + end).unlink(missing_ok=True)
    return restored


def _unpack(file: Path, part: Path) -> None:
    """Copy a backup, without the keys that one of an earlier version may hold."""
    if not file.is_file():
        raise Misconfigured(f"There is no backup {file}: name one that `preceptor backup` wrote.")
    try:
        with (
            closing(sqlite3.connect(f"{file.resolve().as_uri()}?mode=ro", uri=True)) as origin,
            closing(sqlite3.connect(part, isolation_level=None)) as copy,
        ):
            origin.backup(copy)
            copy.execute("PRAGMA journal_mode=MEMORY")
            copy.execute("PRAGMA secure_delete=ON")
            names = {name for (name,) in copy.execute("SELECT name FROM sqlite_master")}
            if "member" not in names:
                raise Misconfigured(f"{file} is no backup of ours: name another one.")
            if "member_key" in names:
                copy.execute("DELETE FROM member_key")
    except sqlite3.Error:
        raise Misconfigured(
            f"The backup {file} cannot be read, or the disk has no room: name a whole one."
        ) from None


def _bring_back(database: Database, known: Sequence[KeyOf], find_vault: FindVault) -> Restored:
    try:
        database.vault = find_vault(database)
        database.call(partial(_begin, known=known))
        # A migration may seal what members wrote, so the keys are there before it.
        migrate.upgrade(database.engine, database.vault)
        return database.call(partial(_finish, known=known))
    except DBAPIError as error:
        raise Misconfigured(migrate.unusable(error)) from None


def _begin(db: Session, known: Sequence[KeyOf]) -> None:
    """Give the members back their keys, and mark the database until that has come to its end.

    Refused are the keys of another database, a wrong key of the owner's, and a database in use.
    """
    connection = db.connection()
    there = inspect(connection)
    if not there.has_table(_MEMBERS.name):
        raise Misconfigured("The database is empty: restore the dump into it first.")
    still = _still(db, known)
    if known and not still:
        raise Misconfigured(
            "Nobody in the keys file is a member in this backup: name the keys file and a backup "
            "of the same database."
        )
    if not there.has_table(_KEYS.name):
        return  # it is older than keys: the migration makes them
    made = frozenset(connection.execute(select(_KEYS.c.member_id)).scalars())
    if made and not there.has_table(MARK):
        raise Misconfigured(
            "The database has its keys already: set DATABASE_URL to the restored one."
        )
    vault_of(db).check(db, make=False)
    connection.execute(text(f"CREATE TABLE IF NOT EXISTS {MARK} (done INTEGER)"))
    for each in known:
        if each.wrapped is not None and each.member_id in still - made:
            row = {"member_id": each.member_id, "wrapped": each.wrapped, "master": each.master}
            connection.execute(insert(_KEYS).values(row))
            vault_of(db).seal(db, each.member_id, "restored", "")  # raises for a damaged key


def _finish(db: Session, known: Sequence[KeyOf]) -> Restored:
    """Forget who is not among the members any more; all of them or nobody."""
    still = _still(db, known)
    gone = frozenset(db.connection().execute(select(_MEMBERS.c.id)).scalars()) - still
    for member_id in sorted(gone):
        rights.forget(db, db.get_one(Member, member_id))
    db.connection().execute(text(f"DROP TABLE IF EXISTS {MARK}"))
    return Restored(members=len(still), forgotten=len(gone))


def _still(db: Session, known: Sequence[KeyOf]) -> frozenset[int]:
    """Tell who in a backup still is a member."""
    listed = {(each.member_id, each.joined_at) for each in known}
    there = db.connection().execute(select(_MEMBERS.c.id, _MEMBERS.c.joined_at))
    return frozenset(key for key, joined_at in there if (key, joined_at) in listed)
