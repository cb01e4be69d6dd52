"""An upgrade keeps what is there, and the version before can go on writing meanwhile."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from alembic import command
from sqlalchemy import text
from sqlmodel import Session, select

from bot.errors import Misconfigured
from bot.models import Delivery, Member
from bot.store import goals, migrate
from bot.store.database import Database, connect
from tests.pilot import VAULT
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


#: Two members with a goal each, as the third version kept them.
GOALS = (
    "INSERT INTO goal (id, member_id, number, title, why, measure_unit, measure_start,"
    " measure_target, measure_now, shared, status, created_at) VALUES"
    " (11, 1, 1, 'Submit Quibblewick', 'the zorblatt', 'fribbets', 0, 5, 2, false, 'active',"
    " '2027-01-01 12:00:00.000000'),"
    " (12, 2, 1, 'Learn Ουρανός', '', '', NULL, NULL, NULL, false, 'dropped',"
    " '2027-01-01 12:00:00.000000')",
    "INSERT INTO step (id, goal_id, position, text, due) VALUES"
    " (21, 11, 1, 'Call glimmerfoot', '2027-02-03'), (22, 11, 2, 'Write twice', NULL)",
    "INSERT INTO if_then (id, goal_id, cue, act, created_at) VALUES"
    " (31, 12, 'wuzzlepond rings', 'answer crandlesnap', '2027-01-02 08:00:00.123456')",
    "INSERT INTO goal_event (id, goal_id, at, kind, note, value) VALUES"
    " (41, 11, '2027-01-04 09:00:00.000001', 'stuck', 'a vexolary month', NULL),"
    " (42, 11, '2027-01-05 09:00:00.000000', 'progress', '', 2),"
    " (43, 12, '2027-01-06 09:00:00.500000', 'dropped', 'it was mirthless', NULL)",
    "INSERT INTO checkin (id, member_id, day, excused) VALUES (51, 1, '2027-01-04', false)",
    "INSERT INTO checkin_goal (id, checkin_id, goal_id, position) VALUES (61, 51, 11, 1)",
)
PLAIN = (b"Quibblewick", b"zorblatt", b"fribbets", b"glimmerfoot", b"Write twice", b"wuzzlepond",
         b"crandlesnap", b"vexolary", b"mirthless")  # fmt: skip


def told(db: Session) -> list[object]:
    """Read all goals with everything that belongs to them."""
    found: list[object] = []
    for member_id in (1, 2):
        goal = goals.numbered(db, member_id, 1)
        if goal is not None:
            found += [goal.title, goal.why, goal.measure]
            found += [(each.text, each.due is not None) for each in goals.steps(db, goal)]
            found += [(each.cue, each.act) for each in goals.plans(db, goal)]
            found += [(each.kind, each.note, each.value) for each in goals.story(db, goal)]
    return found


def test_the_words_of_goals_are_sealed_where_they_stand(before: Database, tmp_path: Path) -> None:
    with before.engine.begin() as connection:
        command.upgrade(migrate._config(connection), "0003")
        for statement in GOALS:
            connection.execute(text(statement))
    with pytest.raises(Misconfigured, match="PRECEPTOR_SECRET_KEY is not set"):
        migrate.upgrade(before.engine)
    with before.engine.begin() as connection:  # and nothing was changed
        kept = connection.execute(text("SELECT title FROM goal ORDER BY id")).scalars().all()
    assert kept == ["Submit Quibblewick", "Learn Ουρανός"]

    migrate.upgrade(before.engine, VAULT)
    assert migrate.differences(before.engine) == []
    before.vault = VAULT
    mine = ["Submit Quibblewick", "the zorblatt", "2 of 5 fribbets"]
    mine += [("Call glimmerfoot", True), ("Write twice", False)]
    mine += [("stuck", "a vexolary month", None), ("progress", "", 2)]
    theirs = ["Learn Ουρανός", "", "", ("wuzzlepond rings", "answer crandlesnap")]
    theirs += [("dropped", "it was mirthless", None)]
    assert before.call(told) == mine + theirs
    with before.engine.begin() as connection:
        held = connection.execute(text("SELECT goal_id FROM checkin_goal")).scalars().all()
    assert held == [11]  # what refers to a goal still does

    if before.engine.name == "sqlite":  # in the file and its log, beside which it still runs
        files = {each.name: each.read_bytes() for each in tmp_path.iterdir()}
        found = [(name, word) for name in files for word in PLAIN if word in files[name]]
        assert found == []
    before.call(lambda db: db.delete(db.get_one(Member, 1)))
    assert before.call(told) == theirs
    with before.engine.begin() as connection:
        for table in ("step", "if_then", "goal_event"):
            owners = connection.execute(text(f"SELECT member_id FROM {table}")).scalars()  # noqa: S608
            assert set(owners) <= {2}
