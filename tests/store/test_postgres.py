"""What only a server can do to a turn: a deadlock, a broken connection, a race for the same row."""

import threading

import pytest
from sqlalchemy import text
from sqlalchemy.exc import OperationalError
from sqlmodel import Session, select

from bot.models import Member
from bot.store import members
from bot.store.database import Database, connect
from tests.pilot import at

NOW = at("2027-01-01 12:00")
pytestmark = pytest.mark.parametrize("kind", ["postgres"])


@pytest.fixture
def database(url: str):
    opened = connect(url)
    yield opened
    opened.close()


def stranger(user: str) -> Member:
    return Member(platform="test", workspace="team", user=user, joined_at=NOW)


def test_a_deadlock_is_run_again(database: Database) -> None:
    for user in ("a", "b"):
        database.call(lambda db, user=user: members.join(db, stranger(user)))
    both, runs = threading.Barrier(2, timeout=60), []

    def renames(first: str, second: str):
        def work(db: Session) -> None:
            runs.append(first)
            for user in (first, second):
                # Who runs again may come while the other has not yet committed: it must see that.
                found = db.exec(select(Member).where(Member.user == user).with_for_update()).one()
                found.name += first
                db.flush()
                if len(runs) <= 2 and user == first:
                    both.wait()  # each holds its first row now

        return work

    threads = [
        threading.Thread(target=database.call, args=(renames(*pair),)) for pair in ("ab", "ba")
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    names = database.call(lambda db: db.exec(select(Member.name)).all())
    assert [sorted(name) for name in names] == [["a", "b"], ["a", "b"]]
    assert len(runs) > 2


def test_a_turn_whose_connection_broke_is_run_again(database: Database) -> None:
    runs: list[int] = []

    def work(db: Session) -> None:
        runs.append(1)
        members.join(db, stranger("a"))
        if len(runs) == 1:
            db.connection().execute(text("SELECT pg_terminate_backend(pg_backend_pid())"))

    database.call(work)
    assert len(runs) == 2
    assert len(database.call(lambda db: db.exec(select(Member)).all())) == 1


def test_a_turn_that_breaks_each_time_is_given_up(database: Database) -> None:
    runs: list[int] = []

    def work(db: Session) -> None:
        runs.append(1)
        db.connection().execute(text("SELECT pg_terminate_backend(pg_backend_pid())"))

    with pytest.raises(OperationalError):
        database.call(work)
    assert len(runs) == 4


def test_a_frozen_turn_is_ended_by_the_server(database: Database) -> None:
    told = database.call(
        lambda db: db.connection().execute(text("SHOW idle_in_transaction_session_timeout"))
    )
    assert told.scalar() == "30s"
