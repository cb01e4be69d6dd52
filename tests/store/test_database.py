"""One writer, savepoints, and what a failing turn leaves of its neighbours."""

import asyncio
import os
import sqlite3
import sys
import threading
from collections import Counter
from functools import partial
from pathlib import Path

import pytest
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, select

from bot.checking import faults
from bot.errors import Misconfigured
from bot.models import Goal, Member
from bot.settings import Settings
from bot.store import goals, members, migrate
from bot.store.database import connect
from bot.store.turns import savepoint
from tests.pilot import VAULT, at

NOW = at("2027-01-01 12:00")


#: What only the embedded database has to promise.
SQLITE = pytest.mark.parametrize("kind", ["sqlite"])


def member(user: str) -> Member:
    return Member(platform="test", workspace="team", user=user, joined_at=NOW)


@pytest.fixture
def database(url: str):
    opened = connect(url, VAULT)
    yield opened
    opened.close()


async def test_a_failing_turn_leaves_its_neighbours_alone(database) -> None:
    def add(user: str):
        def work(db: Session) -> None:
            db.add(member(user))
            db.flush()
            if user == "bad":
                raise RuntimeError("no")

        return work

    users = ["a", "bad", "b", "a", "c"]
    outcomes = await asyncio.gather(
        *(database.run(add(user)) for user in users), return_exceptions=True
    )
    assert Counter(type(outcome) for outcome in outcomes) == {
        type(None): 3,
        RuntimeError: 1,
        IntegrityError: 1,
    }
    assert isinstance(outcomes[1], RuntimeError)
    there = database.call(lambda db: list(db.exec(select(Member.user).order_by(Member.user))))
    assert there == ["a", "b", "c"]


async def test_a_savepoint_undoes_only_its_block(database) -> None:
    def work(db: Session) -> None:
        db.add(member("kept"))
        try:
            with savepoint(db):
                db.add(member("undone"))
                db.flush()
                raise LookupError
        except LookupError:
            pass

    await database.run(work)
    assert database.call(lambda db: list(db.exec(select(Member.user)))) == ["kept"]


async def test_numbers_are_a_members_own_and_never_lost(database) -> None:
    def join(db: Session) -> tuple[int, int]:
        first, second = member("a"), member("b")
        db.add_all([first, second])
        db.flush()
        return first.key, second.key

    first, _ = await database.run(join)

    def add(db: Session, user: str) -> None:
        found = members.find(db, "test", "team", user)  # holds the row, as each turn does
        assert found is not None
        goals.add(db, found.key, NOW, title="x")

    await asyncio.gather(*(database.run(partial(add, user=user)) for user in ["a", "b"] * 20))
    numbers = database.call(
        lambda db: list(
            db.exec(select(Goal.number).where(Goal.member_id == first).order_by(Goal.number))
        )
    )
    assert numbers == list(range(1, 21))


@SQLITE
def test_foreign_keys_and_wal_are_on(database) -> None:
    def pragmas(db: Session) -> tuple[object, object]:
        connection = db.connection()
        return (
            connection.exec_driver_sql("PRAGMA foreign_keys").scalar(),
            connection.exec_driver_sql("PRAGMA journal_mode").scalar(),
        )

    assert database.call(pragmas) == (1, "wal")


def test_a_closed_database_says_so(database) -> None:
    database.close()
    with pytest.raises(Misconfigured, match="closed"):
        database.call(lambda db: None)


@pytest.mark.parametrize(
    "url",
    [
        "",
        "foo",
        "sqlite:foo",
        "sqlite://host/file",
        "postgres://localhost/x",
        "postgresql://a:hush@localhost:port/x",
        "mysql://a:hush@localhost/x",
    ],
)
def test_a_url_of_no_database_that_is_known_says_what_to_write(url: str) -> None:
    with pytest.raises(
        Misconfigured, match=r"write it as sqlite:////.*postgresql\+psycopg://"
    ) as no:
        connect(url)
    assert "hush" not in str(no.value)


@pytest.mark.parametrize("url", ["postgresql://localhost:1/x", "postgresql+psycopg://localhost/x"])
def test_a_driver_that_is_missing_is_named(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "psycopg", None)
    with pytest.raises(Misconfigured, match=r'pip install "psycopg\[binary\]"'):
        connect(url)


@pytest.mark.parametrize("url", ["sqlite://", "sqlite:///:memory:"])
def test_a_database_in_memory_is_one_database(url: str) -> None:
    database = connect(url)
    migrate.upgrade(database.engine)
    database.call(lambda db: db.add(member("a")))
    assert database.call(lambda db: list(db.exec(select(Member.user)))) == ["a"]
    database.close()


def test_another_programs_file_is_left_alone(tmp_path: Path) -> None:
    file = tmp_path / "theirs.db"
    theirs = sqlite3.connect(file)
    theirs.execute("CREATE TABLE member (name TEXT)")
    theirs.close()
    before = file.read_bytes()
    for use in (migrate.upgrade, migrate.is_current):
        database = connect(f"sqlite:///{file}")
        with pytest.raises(Misconfigured, match=r"theirs\.db belongs to another program"):
            use(database.engine)
        database.close()
    [said] = faults(Settings(DATABASE_URL=f"sqlite:///{file}"))
    assert said.startswith(f"The database {file} belongs to another program: set DATABASE_URL to")
    assert file.read_bytes() == before


def test_a_tools_own_tables_do_not_make_a_file_foreign(tmp_path: Path) -> None:
    file = tmp_path / "copied.db"
    tool = sqlite3.connect(file)
    tool.execute("CREATE TABLE _litestream_seq (id INTEGER PRIMARY KEY)")
    tool.close()
    database = connect(f"sqlite:///{file}")
    migrate.upgrade(database.engine)
    assert migrate.is_current(database.engine)
    database.close()


def test_a_place_where_nothing_may_be_made_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").touch()
    new = tmp_path / "new"
    [below] = faults(Settings(DATABASE_URL=f"sqlite:///{tmp_path}/file/x.db"))
    assert below.startswith(f"The database cannot be made in {tmp_path}/file: set DATABASE_URL")
    assert faults(Settings(DATABASE_URL=f"sqlite:///{new}/x.db")) == []
    allowed = os.access
    monkeypatch.setattr(os, "access", lambda path, mode: mode != os.W_OK and allowed(path, mode))
    [new_one] = faults(Settings(DATABASE_URL=f"sqlite:///{new}/x.db"))
    assert f"cannot be made in {new}: set DATABASE_URL" in new_one
    assert not new.exists()


@SQLITE
async def test_a_caller_who_stops_waiting_stops_nobody_else(database) -> None:
    begun, go_on = threading.Event(), threading.Event()

    def slow(db: Session) -> None:
        begun.set()
        go_on.wait(60)
        db.add(member("slow"))

    first = asyncio.create_task(database.run(slow))
    assert await asyncio.to_thread(begun.wait, 60)
    second = asyncio.create_task(database.run(lambda db: db.add(member("second"))))
    third = asyncio.create_task(database.run(lambda db: db.add(member("third"))))
    await asyncio.sleep(0)
    for task in (first, second):
        task.cancel()
    go_on.set()
    await third
    with pytest.raises(asyncio.CancelledError):
        await first
    there = await database.run(lambda db: sorted(db.exec(select(Member.user)).all()))
    assert there == ["slow", "third"]  # begun work is finished; withdrawn work never begins
