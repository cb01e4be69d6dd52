"""Fresh databases of both kinds: files in a folder, and one durable PostgreSQL."""

import shutil
import tempfile
from itertools import count
from pathlib import Path
from types import TracebackType

from sqlalchemy import make_url

from tests.pilot import migrate_empty
from tests.postgres import Postgres

SQLITE, POSTGRESQL = "SQLite", "PostgreSQL"
KINDS = (SQLITE, POSTGRESQL)
#: Durable, unlike in tests. No checkpoint by size or time falls into one measurement and not into
#: the next; a crowd ends with one, so that the first write of each page is paid for.
SETTINGS = {"shared_buffers": "256MB", "max_wal_size": "4GB", "checkpoint_timeout": "30min"}


class Places:
    """Makes databases, and deletes all of them in the end."""

    def __init__(self) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="bench-"))
        self._server: Postgres | None = None
        self._templates: dict[str, str] = {}
        self._numbers = count()

    @property
    def server(self) -> Postgres:
        """The server, started when it is first needed."""
        if self._server is None:
            self._server = Postgres(SETTINGS)
        return self._server

    def fresh(self, kind: str) -> str:
        """Make a migrated, empty database, as a copy of the first; give its URL."""
        if kind not in self._templates:
            self._templates[kind] = self.empty(kind)
            migrate_empty(self._templates[kind])
        template = _name(self._templates[kind])
        if kind == POSTGRESQL:
            return self.server.create(f"bench_{next(self._numbers)}", template)
        url = self.empty(kind)
        shutil.copy(template, _name(url))
        return url

    def empty(self, kind: str) -> str:
        """Make a database without any table; give its URL."""
        name = f"bench_{next(self._numbers)}"
        if kind == POSTGRESQL:
            return self.server.create(name)
        return f"sqlite:///{self.folder / name}.db"

    def drop(self, url: str) -> None:
        """Delete a database that is no longer needed: it would slow down what follows."""
        if url.startswith("postgresql"):
            self.server.drop(_name(url))
            return
        for each in self.folder.glob(f"{Path(_name(url)).name}*"):
            each.unlink()

    def __enter__(self) -> "Places":
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._server is not None:
            self._server.remove()
        shutil.rmtree(self.folder)


def _name(url: str) -> str:
    """Give the name of the database, or of the file."""
    name = make_url(url).database
    assert name is not None
    return name
