"""Brings the schema to the code's version, or says why it cannot."""

import sqlite3
from contextlib import redirect_stdout
from io import StringIO
from pathlib import Path

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, func, select
from sqlalchemy.exc import DBAPIError
from sqlmodel import SQLModel

import bot.models  # noqa: F401 - fills the metadata
from bot.errors import Misconfigured
from bot.store.alone import in_turn
from bot.store.vault import Vault

HOME = Path(__file__).parent / "migrations"
#: The lock that lets one process migrate at a time; any number will do, if it never changes.
MIGRATING = 0x70726563
#: What PostgreSQL says about a database that answers and still cannot be migrated, by SQLSTATE.
_REFUSALS = {
    "25006": "The database is read-only: set DATABASE_URL to the server that takes writes.",
    "42501": "This user may not make tables in the database: give it the right to create there.",
    "42P07": (
        "The database holds another program's tables: set DATABASE_URL to a database that is "
        "the coach's alone."
    ),
}


def upgrade(engine: Engine, vault: Vault | None = None) -> None:
    """Apply every migration that is missing; several processes may do so at once.

    The vault seals what an older version kept open.

    Raises Misconfigured for a database that is newer than the code, or that cannot be used.
    """
    try:
        # Whoever comes second waits, and then finds nothing left to do.
        with in_turn(str(engine.url)):
            with engine.begin() as connection:
                if engine.name == "postgresql":
                    connection.execute(select(func.pg_advisory_xact_lock(MIGRATING)))
                changed = _upgrade(connection, vault)
            if changed and engine.name == "sqlite":
                _tidy(engine)
    except DBAPIError as error:
        raise Misconfigured(unusable(error)) from None


def _tidy(engine: Engine) -> None:
    """Leave no trace of what a migration removed, in free pages or in the log."""
    with engine.connect() as connection:
        connection.exec_driver_sql("ROLLBACK")
        connection.exec_driver_sql("VACUUM")
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
        connection.exec_driver_sql("BEGIN")


def _upgrade(connection: Connection, vault: Vault | None) -> bool:
    version = _version(connection)
    scripts = ScriptDirectory(str(HOME))
    known = {script.revision for script in scripts.walk_revisions()}
    if version is not None and version not in known:
        raise Misconfigured(
            f"This database is at version {version}, which is newer than this program: "
            "install the program that made it, or restore a backup."
        )
    if version == scripts.get_current_head():
        return False
    command.upgrade(_config(connection, vault), "head")
    return version is not None


def is_current(engine: Engine) -> bool:
    """Tell whether every migration has been applied; raises Misconfigured if nobody can tell."""
    try:
        with engine.begin() as connection:
            return _version(connection) == ScriptDirectory(str(HOME)).get_current_head()
    except DBAPIError as error:
        raise Misconfigured(unusable(error)) from None


def unusable(error: DBAPIError) -> str:
    """Say what to do about a database that does not open; the cause itself may name too much."""
    if isinstance(error.orig, sqlite3.Error):
        return _unusable_file(str(error.orig))
    if state := getattr(error.orig, "sqlstate", None):
        return _REFUSALS.get(
            state,
            f"PostgreSQL stopped the migration with SQLSTATE {state}, and nothing has changed: "
            "look into the server's log, mend the cause, and try again.",
        )
    cause = str(error.orig)
    # Before a connection is there the driver gives no SQLSTATE, only words.
    if 'FATAL:  database "' in cause:
        return (
            "The PostgreSQL server has no such database: create it, or name another one in "
            "DATABASE_URL."
        )
    if "password" in cause or "authentication" in cause or 'role "' in cause or "pg_hba" in cause:
        return (
            "The PostgreSQL server refuses this user: see that user and password in DATABASE_URL "
            "are right, and that the server lets them in from here."
        )
    return (
        "The PostgreSQL server takes no connection: see that it runs, and that host and port in "
        "DATABASE_URL are right."
    )


def _unusable_file(cause: str) -> str:
    if "locked" in cause:
        return "The database is locked by another program: stop that program and try again."
    if "readonly" in cause or "read-only" in cause:
        return "The database is read-only: give this user the right to write it and its folder."
    return (
        "The database does not open: see that DATABASE_URL is right, that the file is an SQLite "
        "database, and that you may write there."
    )


def differences(engine: Engine) -> list[object]:
    """List where the migrated schema and the tables in code disagree; empty when they agree."""
    with engine.begin() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        return list(compare_metadata(context, SQLModel.metadata))


def write_revision(engine: Engine, message: str) -> str:
    """Write the next migration from what the tables in code have and the database has not.

    Raises Misconfigured when nothing differs: an empty migration would hide a forgotten import.
    """
    if not differences(engine):
        raise Misconfigured(
            "Nothing differs from the last migration: is the new model named in "
            "bot/models/__init__.py?"
        )
    scripts = ScriptDirectory(str(HOME))
    number = f"{len(list(scripts.walk_revisions())) + 1:04}"
    with engine.begin() as connection, redirect_stdout(StringIO()):
        command.revision(_config(connection), message, autogenerate=True, rev_id=number)
    return str(next(HOME.glob(f"versions/{number}_*.py")).relative_to(HOME.parents[2]))


def _version(connection: Connection) -> str | None:
    return MigrationContext.configure(connection).get_current_revision()


def _config(connection: Connection, vault: Vault | None = None) -> Config:
    config = Config()
    config.set_main_option("script_location", str(HOME))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    config.attributes["vault"] = vault
    return config
