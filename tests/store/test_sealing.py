"""A goal's words open in their own row, for their member, with the owner's key: nowhere else."""

from collections.abc import Callable, Iterator
from functools import partial

import pytest
from sqlalchemy import String, event, update
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, col, select

from bot.errors import Misconfigured
from bot.models import Goal, GoalEvent, IfThen, Member, MemberKey, Step
from bot.models.base import table_of
from bot.store import goals
from bot.store.database import Database, connect
from bot.store.vault import Vault, new_key, vault_of
from tests.pilot import VAULT, at

NOW, LATER = at("2027-01-01 12:00"), at("2027-01-01 12:00:01")


@pytest.fixture
def database(url: str) -> Iterator[Database]:
    """Two members with two goals each; each goal has a step, a plan and a story of two moments."""
    opened = connect(url, VAULT)
    opened.call(_fill)
    yield opened
    opened.close()


def _fill(db: Session) -> None:
    for user in "ab":
        member = Member(platform="test", workspace="team", user=user, joined_at=NOW)
        db.add(member)
        db.flush()
        for title in ("Write", "Teach"):
            goal_id, _ = goals.add(db, member.key, NOW, title=f"{title} {user}", why="so")
            goal = goals.owned(db, member.key, goal_id)
            assert goal is not None
            for moment in (NOW, LATER):
                goals.add_step(db, goal, "begin", None)
                goals.add_plan(db, goal, "home", "rest", moment)
                goals.record(db, goal, "stuck", moment, note="nights")


def first(db: Session, number: int = 1) -> Goal:
    found = goals.numbered(db, 1, number)
    assert found is not None
    return found


def test_one_word_changes_and_the_others_stay(database: Database) -> None:
    def rename(db: Session) -> None:
        first(db).title = "Write less"
        first(db).measure_unit = "pages"

    before = database.call(lambda db: first(db).sealed)
    database.call(rename)
    words = database.call(lambda db: (first(db).title, first(db).why, first(db).measure_unit))
    assert words == ("Write less", "so", "pages")
    assert database.call(lambda db: first(db).sealed) != before
    assert database.call(lambda db: first(db, 2).title) == "Teach a"


READ: list[tuple[type, Callable[[Session, int], str]]] = [
    (Goal, lambda db, row: db.get_one(Goal, row).title),
    (Step, lambda db, row: db.get_one(Step, row).text),
    (IfThen, lambda db, row: db.get_one(IfThen, row).cue),
    (GoalEvent, lambda db, row: db.get_one(GoalEvent, row).note),
]


@pytest.mark.parametrize(("table", "read"), READ, ids=[each.__name__ for each, _ in READ])
def test_what_is_moved_to_another_row_does_not_open(
    database: Database, table: type[Goal], read: Callable[[Session, int], str]
) -> None:
    rows = database.call(
        lambda db: db.exec(select(table.id, table.member_id).order_by(col(table.id))).all()
    )
    (mine, _), (my_next, owner), *_ = rows
    theirs = next(row for row, member in rows if member != owner)
    for other in (my_next, theirs):

        def move(db: Session, other: int | None = other) -> None:
            blob = select(table.sealed).where(table.id == other).scalar_subquery()
            db.connection().execute(update(table).where(col(table.id) == mine).values(sealed=blob))

        assert database.call(partial(read, row=mine))
        kept = database.call(lambda db: db.get_one(table, mine).sealed)
        database.call(move)
        with pytest.raises(Misconfigured):
            database.call(partial(read, row=mine))
        back = update(table).where(col(table.id) == mine).values(sealed=kept)
        database.call(lambda db, back=back: db.connection().execute(back))


def test_another_key_opens_no_goal_and_changes_none(database: Database) -> None:
    before = database.call(lambda db: first(db).sealed)
    address = database.engine.url.render_as_string(hide_password=False)
    other = connect(address, Vault.parse(new_key()))
    for attempt in (
        lambda db: first(db).title,
        lambda db: setattr(first(db), "title", "x"),
        lambda db: goals.crowd(db, 1, "x"),
        lambda db: goals.add(db, 1, NOW, title="x"),
    ):
        with pytest.raises(Misconfigured, match="not the key that this database was sealed with"):
            other.call(attempt)
    other.close()
    assert database.call(lambda db: first(db).sealed) == before
    assert database.call(lambda db: goals.crowd(db, 1, "TEACH A")) == (2, 2)


def test_no_row_is_made_with_words_in_the_open(database: Database) -> None:
    with pytest.raises(TypeError, match=r"Goal has no columns \['title'\]"):
        Goal(member_id=1, number=3, title="Leave", created_at=NOW)
    bare = Goal(member_id=1, number=3, created_at=NOW)
    with pytest.raises(LookupError, match="within its turn alone"):
        bare.title = "Leave"
    with pytest.raises(IntegrityError):
        database.call(lambda db: db.add(bare))
    goal = database.call(first)
    with pytest.raises(LookupError, match="within its turn alone"):
        assert goal.title
    assert "Write" not in repr(goal)
    for table, _ in READ:
        texts = {each.name for each in table_of(table).columns if isinstance(each.type, String)}
        assert texts <= {"status", "area", "kind"}  # words of ours, never a member's


def test_the_keys_of_many_are_read_at_once(database: Database) -> None:
    """A key that another owner wrapped troubles nobody else."""
    stolen = update(MemberKey).where(col(MemberKey.member_id) == 2).values(master="another")
    database.call(lambda db: db.connection().execute(stolen))
    asked: list[str] = []

    def read(db: Session) -> list[str]:
        rows = goals.active(db, 1)
        vault_of(db).load(db, [1, 2, 3])
        event.listen(db.connection(), "before_cursor_execute", lambda *it: asked.append(it[2]))
        return [each.title for each in rows]

    assert database.call(read) == ["Write a", "Teach a"]
    assert asked == []
    with pytest.raises(Misconfigured):
        database.call(lambda db: [each.title for each in goals.active(db, 2)])


def test_forgetting_takes_all_of_it_along(database: Database) -> None:
    database.call(lambda db: db.delete(db.get_one(Member, 1)))
    for table, _ in READ:
        owners = select(table.member_id).distinct()
        assert database.call(lambda db, owners=owners: db.exec(owners).all()) == [2]
