"""Where the master key comes from: the setting, or a file beside an SQLite database."""

import os
from enum import Enum
from pathlib import Path

from sqlalchemy import inspect
from sqlalchemy.exc import DBAPIError
from sqlmodel import Session, select

from bot.errors import Misconfigured
from bot.models import CommonKey
from bot.store.alone import file_of
from bot.store.database import Database
from bot.store.migrate import unusable
from bot.store.vault import MISSING, Vault, new_key


class Key(Enum):
    """What a command does about the master key."""

    #: Use it if it is there: nothing sealed is opened.
    LOOK = "look"
    #: Do not start without it.
    NEED = "need"
    #: Make one beside a database in which nothing is sealed yet: for this machine alone.
    MAKE = "make"


def vault_for(database: Database, url: str, text: str, use: Key) -> Vault | None:
    """Find the vault of a database; raises Misconfigured where a key is needed and missing."""
    file = _key_file(url)
    if not text and file is not None and file.exists():
        text = file.read_text("ascii", errors="replace").strip()
    if not text and use is Key.MAKE and not _is_sealed(database):
        text = new_key()
        if file is not None:
            text = _write(file, text)
    if not text:
        if use is Key.LOOK:
            return None
        raise Misconfigured(MISSING)
    return Vault.parse(text)


def _key_file(url: str) -> Path | None:
    file = file_of(url)
    return None if file is None else file.with_name(f"{file.name}.key")


def _write(file: Path, text: str) -> str:
    """Keep a new key; another process that was faster has made the one to use."""
    try:
        handle = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return file.read_text("ascii").strip()
    with os.fdopen(handle, "w") as out:
        out.write(text + "\n")
    return text


def _is_sealed(database: Database) -> bool:
    try:
        if not inspect(database.engine).has_table(CommonKey.__tablename__):
            return False
    except DBAPIError as error:
        raise Misconfigured(unusable(error)) from None

    def work(db: Session) -> bool:
        return db.exec(select(CommonKey).limit(1)).first() is not None

    return database.call(work)
