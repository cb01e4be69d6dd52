"""One migrated database for the whole run, copied for each test; a world and a member.

A folder of tests that must hold on both databases says so by a `kind` of its own (conftest.py).
"""

import gc
import os
import shutil
import sqlite3
from collections.abc import Iterator
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import settings
from sqlalchemy import Connection, Engine, Pool, event

from tests.pilot import Pilot, World, at, migrate_empty, migrated
from tests.postgres import Postgres

# What a developer has exported must not change what the tests see.
for name in [each for each in os.environ if each.startswith(("SLACK_", "PRECEPTOR_"))] + [
    "DATABASE_URL",
    "PROMPTS_DIR",
    "DISCORD_TOKEN",
]:
    os.environ.pop(name, None)


# How long an example takes says nothing of the code: a machine may be busy.
settings.register_profile("house", deadline=None)
settings.load_profile("house")

if TYPE_CHECKING:
    from tests.lines import Lines


@event.listens_for(Pool, "checkout")
def careless(connection: object, record: Any, _: object) -> None:
    """Let SQLite in this process be safe against all but a power cut, as PostgreSQL's is."""
    if isinstance(connection, sqlite3.Connection) and record.info.get("careless") is not connection:
        connection.execute("PRAGMA synchronous=OFF")
        record.info["careless"] = connection


class _Statements(dict[tuple[Any, ...], Any]):
    """Compiled statements for all databases of a kind, whose dialects are all alike."""

    def get(self, key: tuple[Any, ...], default: Any = None) -> Any:
        return super().get((key[0].name, *key[1:]), default)

    def __setitem__(self, key: tuple[Any, ...], value: Any) -> None:
        super().__setitem__((key[0].name, *key[1:]), value)


_statements = _Statements()


@event.listens_for(Engine, "engine_connect")
def compiled(connection: Connection) -> None:
    """Compile a statement once a run: each test makes an engine, and would compile all anew."""
    connection.execution_options(compiled_cache=_statements)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_auto_num_workers(config: pytest.Config) -> int:
    """Use three workers on two cores: a quarter of the time a worker waits for something."""
    from tests.lines import workers

    return workers()


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> "Lines":
    """Share the tests out among the workers."""
    from tests.lines import Lines

    return Lines(config, log)


# What is imported and collected stays: looking through it for what is no longer used is in vain.
gc.disable()


def pytest_collection_finish() -> None:
    """Look for unused things from now on, among what tests make."""
    gc.freeze()
    gc.enable()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with what takes long."""
    from tests.lines import slow_first

    slow_first(items)


_numbers = count()
#: PostgreSQL databases that were used, and are as new.
_emptied: list[str] = []


@pytest.fixture(scope="session")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated, empty SQLite file."""
    return migrated(tmp_path_factory.mktemp("template") / "template.db")


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    """A PostgreSQL server with a migrated, empty database called `template`."""
    server = Postgres()
    migrate_empty(server.create("template"))
    yield server
    server.remove()


@pytest.fixture
def kind() -> str:
    """Which database a test runs on."""
    return "sqlite"


@pytest.fixture
def url(request: pytest.FixtureRequest, kind: str, tmp_path: Path) -> Iterator[str]:
    """The address of a migrated, empty database of the test's own."""
    if kind == "sqlite":
        shutil.copy(request.getfixturevalue("template"), tmp_path / "test.db")
        yield f"sqlite:///{tmp_path / 'test.db'}"
        return
    server: Postgres = request.getfixturevalue("postgres")
    if _emptied:
        name = _emptied.pop()
    else:
        server.create(name := f"test_{next(_numbers)}", "template")
    yield server.url(name)
    # Making a database takes a quarter of a second: it serves again while nobody changed a table.
    if server.empty(name, "template"):
        _emptied.append(name)
    else:
        server.drop(name)


@pytest.fixture
def world(url: str) -> Iterator[World]:
    """The engine on a Friday in January, before anyone has come."""
    made = World(url, at("2027-01-01 12:00"))
    yield made
    made.close()


@pytest.fixture
def amina(world: World) -> Pilot:
    """A resident in London."""
    return world.member("amina", "Europe/London")


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Show what tests measured, wherever they ran: `record_property("measured", …)`."""
    found = [
        str(value)
        for reports in terminalreporter.stats.values()
        for report in reports
        if getattr(report, "when", "") == "call"
        for name, value in report.user_properties
        if name == "measured"
    ]
    if found:
        terminalreporter.section("measured")
        terminalreporter.write_line("\n".join(sorted(found)))
