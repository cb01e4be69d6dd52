"""An upgrade keeps what is there, and the version before can go on writing meanwhile."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from alembic import command
from sqlalchemy import text
from sqlmodel import Session, select

from bot.models import Delivery
from bot.store import migrate
from bot.store.database import Database, connect
from tests.postgres import Postgres

MEMBER = text(
    'INSERT INTO member (id, platform, workspace, "user", name, stage, zone, joined_at) '
    "VALUES (:id, 'slack', :team, :user, '', '', 'UTC', '2027-01-01 12:00:00')"
)
DELIVERY = text(
    "INSERT INTO delivery (key, member_id, platform, occasion, ref, due_at, available_at, state,"
    " reason, claim, attempts, sent_ref) VALUES (:key, :member, 'slack', 'checkin.weekly', '',"
    " '2027-01-04 09:00:00', '2027-01-04 09:00:00', 'waiting', '', 0, 0, '')"
)


@pytest.fixture
def before(request: pytest.FixtureRequest, kind: str, tmp_path: Path) -> Iterator[Database]:
    """A database at the first version, with two members who have a delivery each."""
    server: Postgres | None = None
    if kind == "sqlite":
        url = f"sqlite:///{tmp_path / 'a.db'}"
    else:
        server = request.getfixturevalue("postgres")
        url = server.create("before")
    database = connect(url)
    with database.engine.begin() as connection:
        command.upgrade(migrate._config(connection), "0001")
        for number, team in ((1, "T1"), (2, "T2")):
            connection.execute(MEMBER, {"id": number, "team": team, "user": f"U{number}"})
            connection.execute(DELIVERY, {"key": f"k{number}", "member": number})
    yield database
    database.close()
    if server is not None:
        server.drop("before")


def workspaces(db: Session) -> dict[str, str]:
    return dict(db.exec(select(Delivery.key, Delivery.workspace)).all())


def test_what_waits_gets_its_workspace(before: Database) -> None:
    migrate.upgrade(before.engine)
    assert before.call(workspaces) == {"k1": "T1", "k2": "T2"}


def test_the_version_before_can_still_write(before: Database) -> None:
    migrate.upgrade(before.engine)
    before.call(lambda db: db.connection().execute(DELIVERY, {"key": "k3", "member": 1}))
    assert before.call(workspaces)["k3"] == ""


def test_the_way_back(before: Database) -> None:
    with before.engine.begin() as connection:
        command.upgrade(migrate._config(connection), "0002")
        command.downgrade(migrate._config(connection), "0001")
        kept = connection.execute(text("SELECT key FROM delivery ORDER BY key")).scalars().all()
    assert kept == ["k1", "k2"]
