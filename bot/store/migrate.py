"""Brings the schema to the code's version, or says why it cannot."""

from pathlib import Path

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine
from sqlmodel import SQLModel

import bot.models  # noqa: F401 - fills the metadata
from bot.errors import Misconfigured

HOME = Path(__file__).parent / "migrations"


def upgrade(engine: Engine) -> None:
    """Apply every migration that is missing; a database newer than the code is refused."""
    with engine.begin() as connection:
        version = _version(connection)
        scripts = ScriptDirectory(str(HOME))
        known = {script.revision for script in scripts.walk_revisions()}
        if version is not None and version not in known:
            raise Misconfigured(
                f"This database is at version {version}, which is newer than this program: "
                "install the program that made it, or restore a backup."
            )
        if version != scripts.get_current_head():
            command.upgrade(_config(connection), "head")


def is_current(engine: Engine) -> bool:
    """Tell whether every migration has been applied."""
    with engine.begin() as connection:
        return _version(connection) == ScriptDirectory(str(HOME)).get_current_head()


def differences(engine: Engine) -> list[object]:
    """List where the migrated schema and the tables in code disagree; empty when they agree."""
    with engine.begin() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        return list(compare_metadata(context, SQLModel.metadata))


def write_revision(engine: Engine, message: str, number: str) -> None:
    """Write a new migration from the difference between the database and the tables in code."""
    with engine.begin() as connection:
        command.revision(_config(connection), message, autogenerate=True, rev_id=number)


def _version(connection: Connection) -> str | None:
    return MigrationContext.configure(connection).get_current_revision()


def _config(connection: Connection) -> Config:
    config = Config()
    config.set_main_option("script_location", str(HOME))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    return config
