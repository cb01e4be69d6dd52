"""The schema equals all migrations applied, at once by several; a newer one is refused."""

import os
import subprocess
import sys
from collections.abc import Iterator
from itertools import count
from pathlib import Path

import pytest
from sqlalchemy import make_url

from bot.errors import Misconfigured
from bot.store import migrate
from bot.store.database import Database, connect
from tests.postgres import Postgres

_numbers = count()


@pytest.fixture
def empty(request: pytest.FixtureRequest, kind: str, tmp_path: Path) -> Iterator[str]:
    """The address of a database in which nothing is yet."""
    if kind == "sqlite":
        yield f"sqlite:///{tmp_path / 'a.db'}"
        return
    server: Postgres = request.getfixturevalue("postgres")
    name = f"empty_{next(_numbers)}"
    yield server.create(name)
    server.drop(name)


@pytest.fixture
def database(empty: str) -> Iterator[Database]:
    opened = connect(empty)
    yield opened
    opened.close()


def test_the_schema_equals_all_migrations(database: Database) -> None:
    migrate.upgrade(database.engine)
    assert migrate.is_current(database.engine)
    assert migrate.differences(database.engine) == []
    migrate.upgrade(database.engine)  # a second time changes nothing


def test_a_newer_schema_is_refused_with_one_sentence(database: Database) -> None:
    migrate.upgrade(database.engine)
    with database.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
    with pytest.raises(Misconfigured, match="newer than this program"):
        migrate.upgrade(database.engine)


#: Four processes that wait with everything loaded, and then begin in the same moment.
FOUR = """
import os, sys
import bot.app
from bot.cli import main
waits, starts = os.pipe()
crew = []
for _ in range(4):
    crew.append(os.fork())
    if crew[-1] == 0:
        os.close(starts)
        os.read(waits, 1)
        main()
os.close(starts)
sys.exit(any([os.waitpid(each, 0)[1] for each in crew]))
"""


@pytest.mark.outside
def test_several_processes_migrate_at_once(empty: str) -> None:
    done = subprocess.run(
        [sys.executable, "-c", FOUR, "migrate"],
        env={"PATH": os.environ["PATH"], "DATABASE_URL": empty},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    said = (done.returncode, done.stdout, done.stderr)
    assert said == (0, "The database is up to date.\n" * 4, "")
    database = connect(empty)
    assert migrate.is_current(database.engine)
    assert migrate.differences(database.engine) == []
    database.close()


def said_about(url: str) -> str:
    """Give what both who migrate and who only look are told about a database."""
    told = []
    for use in (migrate.upgrade, migrate.is_current):
        database = connect(url)
        with pytest.raises(Misconfigured) as refused:
            use(database.engine)
        database.close()
        told.append(str(refused.value))
    assert told[0] == told[1]
    assert "hush" not in told[0]
    return told[0]


def test_a_server_that_cannot_be_used_says_what_to_mend(postgres: Postgres) -> None:
    there = make_url(postgres.url("template")).set(username="ann", password="hush")
    nowhere = str(postgres.folder / "nowhere")
    for url in (there.set(host="127.0.0.1", port=1, query={}), there.set(query={"host": nowhere})):
        said = said_about(url.render_as_string(hide_password=False))
        assert said.startswith("The PostgreSQL server takes no connection: see that it runs")
    # No such user; what a wrong password gets is told by the same words of the server.
    said = said_about(there.render_as_string(hide_password=False))
    assert said.startswith("The PostgreSQL server refuses this user: see that user and password")
    missing = there.set(username="postgres", database="password")
    said = said_about(missing.render_as_string(hide_password=False))
    assert said.startswith("The PostgreSQL server has no such database: create it")


def test_what_postgresql_refuses_to_make_says_who_must_mend_it(postgres: Postgres) -> None:
    name = f"empty_{next(_numbers)}"
    url = postgres.create(name)
    postgres.execute("CREATE ROLE guest LOGIN")
    postgres.execute("CREATE TABLE member (theirs text)", name)
    guest = make_url(url).set(username="guest").render_as_string()
    for address, expected in (
        (guest, "This user may not make tables in the database: give it the right"),
        (url, "The database holds another program's tables: set DATABASE_URL to"),
    ):
        database = connect(address)
        with pytest.raises(Misconfigured, match=expected):
            migrate.upgrade(database.engine)
        database.close()
    postgres.execute(f"ALTER DATABASE {name} SET default_transaction_read_only = on")
    database = connect(url)
    with pytest.raises(Misconfigured, match="read-only: set DATABASE_URL to the server that"):
        migrate.upgrade(database.engine)
    database.close()
    postgres.drop(name)
    postgres.execute("DROP ROLE guest")
