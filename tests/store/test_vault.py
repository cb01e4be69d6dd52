"""What is sealed opens for its member and its place alone, with the owner's key alone."""

import json
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest
from alembic import command
from sqlalchemy import text
from sqlmodel import Session, select

from bot.app import open_database
from bot.errors import Misconfigured
from bot.models import CommonKey, Member, MemberKey
from bot.settings import Settings
from bot.store import checkins, drafts, local, migrate
from bot.store.database import Database, connect
from bot.store.keyring import Key
from bot.store.vault import Vault, new_key, vault_of
from tests.pilot import at

NOW = at("2027-01-01 12:00")
OLD, NEW = new_key(), new_key()


@pytest.fixture
def database(url: str) -> Iterator[Database]:
    opened = connect(url, Vault.parse(OLD))
    yield opened
    opened.close()


def join(db: Session, user: str = "a") -> int:
    member = Member(platform="test", workspace="team", user=user, joined_at=NOW)
    db.add(member)
    db.flush()
    return member.key


def again(database: Database, key: str) -> Database:
    return connect(database.engine.url.render_as_string(hide_password=False), Vault.parse(key))


def test_only_the_member_and_the_place_open_it(database: Database) -> None:
    def work(db: Session) -> None:
        vault, one, two = vault_of(db), join(db, "a"), join(db, "b")
        sealed = vault.seal(db, one, "pulse", {"burnout": 4})
        assert vault.open(db, one, "pulse", sealed) == {"burnout": 4}
        assert b"burnout" not in sealed
        assert vault.seal(db, one, "pulse", {"burnout": 4}) != sealed  # equal answers do not show
        for member, place in ((two, "pulse"), (one, "draft")):
            with pytest.raises(Misconfigured):
                vault.open(db, member, place, sealed)

    database.call(work)


def test_another_key_opens_nothing_and_changes_nothing(database: Database) -> None:
    def work(db: Session) -> bytes:
        vault_of(db).check(db)
        return vault_of(db).seal(db, join(db), "pulse", 4)

    sealed = database.call(work)
    other = again(database, NEW)
    for try_it in (
        lambda db: vault_of(db).check(db),
        lambda db: vault_of(db).open(db, 1, "pulse", sealed),
        lambda db: vault_of(db).seal(db, 1, "pulse", 5),
    ):
        with pytest.raises(Misconfigured, match="not the key that this database was sealed with"):
            other.call(try_it)
    other.close()
    assert database.call(lambda db: vault_of(db).open(db, 1, "pulse", sealed)) == 4


def test_without_a_key_nothing_is_sealed_in_the_open(url: str) -> None:
    database = connect(url)
    member = database.call(join)
    with pytest.raises(Misconfigured, match="PRECEPTOR_SECRET_KEY is not set"):
        database.call(lambda db: drafts.keep(db, member, "x", {"a": "b"}, NOW))
    database.close()


def opened_all(db: Session, sealed: list[bytes]) -> list[object]:
    return [vault_of(db).open(db, number, "pulse", each) for number, each in enumerate(sealed, 1)]


def test_a_rotation_goes_on_where_it_was_stopped(database: Database) -> None:
    def fill(db: Session) -> list[bytes]:
        vault = vault_of(db)
        return [vault.seal(db, join(db, f"u{n}"), "pulse", n) for n in range(7)]

    sealed = database.call(fill)
    both = again(database, f"{NEW}, {OLD}")
    assert both.call(lambda db: vault_of(db).rotate(db, 3)) == 4
    both.close()  # stopped in the middle: both keys still open what they wrapped
    for keys in (f"{NEW},{OLD}", f"{OLD},{NEW}"):
        middle = again(database, keys)
        assert middle.call(partial(opened_all, sealed=sealed)) == list(range(7))
        middle.close()
    both = again(database, f"{NEW},{OLD}")
    while both.call(lambda db: vault_of(db).rotate(db, 3)):
        pass
    both.close()
    new = again(database, NEW)
    assert new.call(partial(opened_all, sealed=sealed)) == list(range(7))
    new.close()
    old = again(database, OLD)
    with pytest.raises(Misconfigured):
        old.call(lambda db: vault_of(db).check(db))
    old.close()
    masters = database.call(lambda db: set(db.exec(select(MemberKey.master))))
    assert masters == database.call(lambda db: set(db.exec(select(CommonKey.master))))


def test_forgetting_takes_the_key_along(database: Database) -> None:
    member = database.call(join)
    sealed = database.call(lambda db: vault_of(db).seal(db, member, "pulse", 4))
    database.call(lambda db: db.delete(db.get_one(Member, member)))
    assert database.call(lambda db: db.exec(select(MemberKey)).all()) == []
    database.call(partial(join, user="later"))  # who may get the same id, but never the same key
    with pytest.raises(Misconfigured):
        database.call(lambda db: vault_of(db).open(db, member, "pulse", sealed))


@pytest.mark.parametrize("text", ["short", "ä" * 44, "A" * 44, ""])
def test_what_is_no_key_is_said(text: str) -> None:
    if text == "A" * 44:
        text += "A"
    with pytest.raises(Misconfigured, match=r"is no key of ours.*new-key"):
        Vault.parse(text)


# The key beside an SQLite file


def settings(tmp_path: Path, key: str = "") -> Settings:
    return Settings(DATABASE_URL=f"sqlite:///{tmp_path / 'a.db'}", PRECEPTOR_SECRET_KEY=key)


def test_a_workspace_of_ones_own_makes_its_key_once(tmp_path: Path) -> None:
    file = tmp_path / "a.db.key"
    for _ in range(2):
        open_database(settings(tmp_path), key=Key.MAKE).close()
        kept = file.read_text()
        assert file.stat().st_mode & 0o777 == 0o600
    assert file.read_text() == kept
    file.rename(tmp_path / "lost")
    for use in (Key.MAKE, Key.NEED):
        with pytest.raises(Misconfigured, match="PRECEPTOR_SECRET_KEY is not set"):
            open_database(settings(tmp_path), key=use)
    assert not file.exists()
    with pytest.raises(Misconfigured, match="is not the key"):
        open_database(settings(tmp_path, NEW), key=Key.NEED)
    open_database(settings(tmp_path, kept.strip()), key=Key.NEED).close()


def test_a_service_does_not_start_without_a_key(tmp_path: Path) -> None:
    with pytest.raises(Misconfigured, match="PRECEPTOR_SECRET_KEY is not set"):
        open_database(settings(tmp_path), key=Key.NEED)
    open_database(settings(tmp_path), key=Key.LOOK).close()  # what opens nothing needs no key


def test_what_an_older_version_kept_open_is_sealed(tmp_path: Path) -> None:
    database = connect(f"sqlite:///{tmp_path / 'a.db'}", Vault.parse(OLD))
    with database.engine.begin() as connection:
        command.upgrade(migrate._config(connection), "0002")
        for statement in (
            "INSERT INTO member (id, platform, workspace, user, name, stage, zone, joined_at)"
            " VALUES (1, 'local', 'local', 'amina', '', '', 'UTC', '2027-01-01 12:00:00')",
            "INSERT INTO checkin (id, member_id, day, excused, win, obstacle, next_step)"
            " VALUES (1, 1, '2027-01-04', 0, 'a quiet night', '', 'rest')",
            "INSERT INTO review (id, member_id, day, question, answer)"
            " VALUES (1, 1, '2027-01-07', 'q', 'more teaching')",
            'INSERT INTO draft (id, member_id, name, "values", updated_at)'
            " VALUES (1, 1, 'goal.edit:1', '{\"title\": \"half a word\"}', '2027-01-01 12:00:00')",
            "INSERT INTO local_post (id, place, author, seen_by, message, at)"
            " VALUES (1, 'dm:amina', 'amina', '', '{\"blocks\": \"hello\", \"buttons\": []}',"
            " '2027-01-01 12:00:00')",
        ):
            connection.execute(text(statement))
    with pytest.raises(Misconfigured, match="PRECEPTOR_SECRET_KEY is not set"):
        migrate.upgrade(database.engine)
    migrate.upgrade(database.engine, database.vault)

    def opened(db: Session) -> list[object]:
        from bot.models import CheckIn, Review

        checkin, review = db.get_one(CheckIn, 1), db.get_one(Review, 1)
        posts = local.posts(db, "dm:amina", "amina")
        return [
            checkins.words_of(db, checkin),
            checkins.answer_of(db, review),
            drafts.kept(db, 1, "goal.edit:1"),
            posts[0].message["blocks"],
        ]

    assert json.dumps(database.call(opened)) == json.dumps(
        [
            {"win": "a quiet night", "obstacle": "", "next_step": "rest"},
            "more teaching",
            {"title": "half a word"},
            "hello",
        ]
    )
    database.close()
    held = b"".join(each.read_bytes() for each in tmp_path.glob("a.db*"))
    for words in (b"a quiet night", b"more teaching", b"half a word", b"hello"):
        assert words not in held
