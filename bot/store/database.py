"""The database: one writer thread on SQLite, a small pool on PostgreSQL, one transaction a turn."""

from typing import Protocol

from sqlalchemy import Engine, make_url
from sqlalchemy.exc import ArgumentError

from bot.errors import Misconfigured
from bot.store.embedded import Embedded
from bot.store.pooled import Pooled
from bot.store.turns import T, Work
from bot.store.vault import Vault


class Database(Protocol):
    """Runs work in transactions."""

    engine: Engine
    #: Seals and opens what members tell in confidence; without one that part does not work.
    vault: Vault | None

    def call(self, work: Work[T]) -> T:
        """Run the work in one transaction and wait for its commit."""

    async def run(self, work: Work[T]) -> T:
        """Run the work in one transaction without blocking the event loop."""

    def close(self) -> None:
        """Finish what was begun and let go of the connections."""


def connect(url: str, vault: Vault | None = None) -> Database:
    """Open the database that the URL names; nothing is created but an SQLite file.

    Raises Misconfigured for a URL that names none that we know, and where the driver is missing.
    """
    try:
        kind = make_url(url).drivername
        if kind in {"sqlite", "sqlite+pysqlite"}:
            return Embedded(url, vault)
        if kind in {"postgresql", "postgresql+psycopg"}:
            return Pooled(url, vault)
    except (ArgumentError, ValueError):
        pass  # the URL may hold a password: it is not repeated
    except ImportError:
        raise Misconfigured(
            'PostgreSQL needs a driver that is not installed: run `pip install "psycopg[binary]"`.'
        ) from None
    raise Misconfigured(
        "DATABASE_URL names no database that is known here: write it as "
        "sqlite:////folder/preceptor.db or as postgresql+psycopg://user:password@host/name."
    )
