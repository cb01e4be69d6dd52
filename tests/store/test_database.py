"""One writer, savepoints, and what a failing turn leaves of its neighbours."""

import asyncio
from pathlib import Path

import pytest
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, select

from bot.errors import Misconfigured
from bot.models import Goal, Member
from bot.store import goals
from bot.store.database import connect, savepoint
from tests.pilot import at

NOW = at("2027-01-01 12:00")


def member(user: str) -> Member:
    return Member(platform="test", workspace="team", user=user, joined_at=NOW)


@pytest.fixture
def database(tmp_path: Path, template: Path):
    file = tmp_path / "test.db"
    file.write_bytes(template.read_bytes())
    opened = connect(f"sqlite:///{file}")
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
    assert [type(outcome) for outcome in outcomes] == [
        type(None),
        RuntimeError,
        type(None),
        IntegrityError,
        type(None),
    ]
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

    first, second = await database.run(join)
    await asyncio.gather(
        *(
            database.run(lambda db, who=who: goals.add(db, who, NOW, title="x"))
            for who in [first, second] * 20
        )
    )
    numbers = database.call(
        lambda db: list(
            db.exec(select(Goal.number).where(Goal.member_id == first).order_by(Goal.number))
        )
    )
    assert numbers == list(range(1, 21))


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
