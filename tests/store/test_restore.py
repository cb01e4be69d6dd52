"""A backup comes back with the latest keys, and nobody who was forgotten comes back with it."""

import json
import sqlite3
import stat
from contextlib import closing
from functools import partial
from pathlib import Path

import pytest
from alembic import command
from sqlalchemy import delete, select, text
from sqlmodel import Session, col

from bot import operating
from bot.app import open_database
from bot.checking import faults
from bot.errors import Misconfigured
from bot.models import CheckIn, Goal, LastNumber, Member, MemberKey
from bot.models.base import table_of
from bot.settings import Settings
from bot.store import keyfile, migrate
from bot.store import restore as restoring
from bot.store.backup import back_up, back_up_keys
from bot.store.checkins import words_of
from bot.store.database import Database, connect
from bot.store.restore import Restored, restore
from bot.store.vault import Vault, new_key
from tests.pilot import KEY, VAULT, World, at
from tests.store.copies import live, rows
from tests.store.test_upgrades import GOALS, MEMBER

NOW = at("2027-03-01 02:00")


@pytest.fixture
def kind() -> str:
    return "sqlite"


WRONG = Vault.parse(new_key())


def right(_: Database) -> Vault:
    return VAULT


def file_of(url: str) -> Path:
    return Path(url.removeprefix("sqlite:///"))


def wrapped_keys(url: str) -> list[bytes]:
    with closing(connect(url)) as database:
        return database.call(
            lambda db: list(
                db.connection().execute(select(table_of(MemberKey).c.wrapped)).scalars()
            )
        )


def contents(folder: Path, pattern: str = "*") -> dict[Path, bytes]:
    return {each: each.read_bytes() for each in folder.glob(pattern) if each.suffix != ".db-shm"}


def told(url: str) -> dict[str, list[str]]:
    """Give what can be read of each member: their goals, and what they wrote in check-ins."""

    def read(db: Session) -> dict[str, list[str]]:
        found: dict[str, list[str]] = {}
        for member in db.exec(select(Member).order_by(col(Member.id))).scalars().all():
            goals = db.exec(select(Goal).where(col(Goal.member_id) == member.key)).scalars().all()
            asked = db.exec(select(CheckIn).where(col(CheckIn.member_id) == member.key))
            words = [words_of(db, each)["obstacle"] for each in asked.scalars().all()]
            found[member.user] = [*(goal.title for goal in goals), *filter(None, words)]
        return found

    with closing(connect(url, VAULT)) as database:
        return database.call(read)


async def forget(world: World, name: str) -> None:
    pilot = world.member(name)
    await pilot.says("/coach forget")
    await pilot.presses("Forget me")


@pytest.fixture
def kept(tmp_path: Path) -> tuple[Path, Path]:
    """Where a backup and the latest keys go."""
    return tmp_path / "monday.db", tmp_path / "latest.keys"


async def test_no_byte_of_a_key_is_in_a_backup(
    world: World, url: str, kept: tuple[Path, Path]
) -> None:
    await live(world)
    keys = wrapped_keys(url)
    assert len(keys) == 3
    back_up(url, kept[0], NOW, kept[1])
    copied = kept[0].read_bytes()
    # The whole file, page by page: no key, and no half of one.
    assert not any(key in copied or key[:16] in copied or key[-16:] in copied for key in keys)
    assert [each.wrapped for each in keyfile.read(kept[1])] == keys
    assert not any(word in kept[1].read_bytes() for word in (b"amina", b"Pass the boards"))


async def test_a_backup_and_its_keys_bring_all_back(
    world: World, url: str, kept: tuple[Path, Path], tmp_path: Path
) -> None:
    await live(world)
    back_up(url, kept[0], NOW, kept[1])
    again = f"sqlite:///{tmp_path / 'again.db'}"
    assert restore(again, kept[0], kept[1], right) == Restored(members=3, forgotten=0)
    assert rows(again) == rows(url)
    assert stat.S_IMODE(file_of(again).stat().st_mode) == 0o600
    assert not contents(tmp_path, ".*")
    settings = Settings(DATABASE_URL=again, PRECEPTOR_SECRET_KEY=KEY)
    open_database(settings).close()  # the mark is gone


async def test_who_was_forgotten_does_not_come_back_with_an_old_backup(
    world: World, url: str, kept: tuple[Path, Path], tmp_path: Path
) -> None:
    await live(world)
    monday, latest = kept
    back_up(url, monday, NOW, latest)
    keys = dict(zip(("amina", "daniel", "rosa"), wrapped_keys(url), strict=True))
    assert "Pass the boards" in told(url)["amina"]
    await forget(world, "amina")
    # Somebody new gets her number on SQLite, and has a key under it.
    world.clock.moment = at("2027-03-02 09:00")
    await world.member("zoe").says("/goal add Learn Danish")
    back_up(url, tmp_path / "tuesday.db", NOW, latest)

    again = f"sqlite:///{tmp_path / 'again.db'}"
    assert restore(again, monday, latest, right) == Restored(members=2, forgotten=1)
    assert told(again).keys() == {"daniel", "rosa"}
    stored = b"".join(contents(tmp_path, "again.db*").values())
    assert b"amina" not in stored
    assert b"Amina" not in stored
    # With the old file itself, the latest keys and the owner's: nothing opens.
    assert keys["amina"] not in latest.read_bytes()
    with closing(sqlite3.connect(monday)) as old:
        assert old.execute("SELECT count(*) FROM member_key").fetchone() == (0,)
        sealed = [row[0] for row in old.execute("SELECT sealed FROM goal WHERE member_id = 1")]
    assert sealed
    with closing(connect(again, VAULT)) as database:
        for member in (1, 2):
            for each in sealed:
                with pytest.raises(Misconfigured):
                    database.call(lambda db, m=member, e=each: VAULT.open(db, m, "goal:1", e))


async def test_a_number_that_was_given_again_is_somebody_else(
    world: World, url: str, kept: tuple[Path, Path], tmp_path: Path
) -> None:
    await world.member("daniel").says("/goal add Lead a team of five")
    await world.member("amina").says("/goal add Pass the boards")
    back_up(url, kept[0], NOW, kept[1])
    await forget(world, "amina")
    # As an earlier version left it, which did not remember the numbers of the forgotten.
    await world.coach.database.run(lambda db: db.connection().execute(delete(LastNumber)))
    world.clock.moment = at("2027-03-02 09:00")
    await world.member("zoe").says("/goal add Learn Danish")  # number 2 once more
    back_up(url, tmp_path / "tuesday.db", NOW, kept[1])
    assert [each.member_id for each in keyfile.read(kept[1])] == [1, 2]
    again = f"sqlite:///{tmp_path / 'again.db'}"
    assert restore(again, kept[0], kept[1], right) == Restored(members=1, forgotten=1)
    assert told(again) == {"daniel": ["Lead a team of five"]}


async def test_what_cannot_be_restored_is_said_and_nothing_changes(
    world: World, url: str, kept: tuple[Path, Path], tmp_path: Path
) -> None:
    await live(world)
    file, keys = kept
    back_up(url, file, NOW, keys)
    held = json.loads(keys.read_text())
    damaged, others = json.loads(keys.read_text()), json.loads(keys.read_text())
    damaged["members"][0]["wrapped"] = damaged["members"][1]["wrapped"]
    for each in others["members"]:
        each["joined_at"] = "2020-01-01T00:00:00+00:00"
    names = ("torn", "damaged", "others", "other_kind")
    torn, damaged_file, others_file, kind = (tmp_path / f"{name}.keys" for name in names)
    torn.write_text(keys.read_text()[:-20])
    damaged_file.write_text(json.dumps(damaged))
    others_file.write_text(json.dumps(others))
    kind.write_text(json.dumps(held | {"version": 2}))
    (tmp_path / "there.db").write_text("mine")
    (tmp_path / "text.db").write_text("no database " * 500)
    new = f"sqlite:///{tmp_path / 'again.db'}"
    before = contents(tmp_path)
    cases = (
        (new, file, keys, WRONG, "is not the key that this database was sealed with"),
        (new, file, damaged_file, VAULT, "is not the key that this database was sealed with"),
        (new, file, torn, VAULT, "is no whole file of keys"),
        (new, file, kind, VAULT, "is no whole file of keys"),
        (new, file, tmp_path / "absent.keys", VAULT, "cannot be read"),
        (new, file, others_file, VAULT, "Nobody in the keys file is a member"),
        (new, tmp_path / "absent.db", keys, VAULT, "There is no backup"),
        (new, tmp_path / "text.db", keys, VAULT, "cannot be read"),
        (new, None, keys, VAULT, "Name the backup"),
        (f"sqlite:///{tmp_path / 'there.db'}", file, keys, VAULT, "exists already"),
        (url, file, keys, VAULT, "exists already"),
        ("postgresql+psycopg://u@h/d", file, keys, VAULT, "into SQLite alone"),
    )
    for where, source, keys_file, vault, sentence in cases:
        with pytest.raises(Misconfigured, match=sentence) as said:
            restore(where, source, keys_file, lambda _, vault=vault: vault)
        assert "\n" not in str(said.value)
        assert contents(tmp_path) == before, sentence
    with pytest.raises(Misconfigured, match="PRECEPTOR_SECRET_KEY is not set"):
        restore_without_key(new, file, keys)


def restore_without_key(url: str, file: Path, keys: Path) -> None:
    operating.restore(Settings(DATABASE_URL=url), file, keys)


async def test_a_backup_without_its_keys_is_not_served(
    world: World, url: str, kept: tuple[Path, Path]
) -> None:
    await live(world)
    back_up(url, kept[0], NOW)
    settings = Settings(DATABASE_URL=f"sqlite:///{kept[0]}", PRECEPTOR_SECRET_KEY=KEY)
    with pytest.raises(Misconfigured, match="is a backup without its keys"):
        open_database(settings)
    [fault] = faults(settings)
    assert "is a backup without its keys" in fault


async def test_only_the_file_of_keys_is_replaced(
    world: World, url: str, kept: tuple[Path, Path], tmp_path: Path
) -> None:
    await world.member("daniel").says("/goal add Lead a team of five")
    back_up(url, kept[0], NOW, kept[1])
    with pytest.raises(Misconfigured, match="exists already"):
        back_up(url, kept[0], NOW, kept[1])
    await world.member("amina").says("/goal add Pass the boards")
    assert back_up_keys(url, kept[1], NOW) == 2
    assert len(keyfile.read(kept[1])) == 2
    assert stat.S_IMODE(kept[1].stat().st_mode) == 0o600
    beside = tmp_path / "new.db"
    back_up(url, beside, NOW)
    beside.unlink()
    with pytest.raises(Misconfigured, match=r"new.db.keys exists already"):
        back_up(url, beside, NOW)
    assert not beside.exists()


def test_a_backup_of_the_version_before_is_migrated_with_its_keys(
    kept: tuple[Path, Path], tmp_path: Path
) -> None:
    """A migration that seals what members wrote does so with the keys that they had."""
    url = f"sqlite:///{tmp_path / 'old.db'}"

    def seal(db: Session) -> None:
        words = VAULT.seal(db, 1, "checkin:2027-01-04", {"obstacle": "nights"})
        db.connection().execute(text("UPDATE checkin SET sealed = :words"), {"words": words})

    with closing(connect(url, VAULT)) as database:
        with database.engine.begin() as connection:
            command.upgrade(migrate._config(connection), "0003")
            for number in (1, 2):
                whose = {"id": number, "team": "T", "user": f"U{number}"}
                connection.execute(MEMBER, whose)
            for statement in GOALS:
                connection.execute(text(statement))
        database.call(VAULT.check)
        database.call(seal)
    back_up(url, kept[0], NOW, kept[1])
    again = f"sqlite:///{tmp_path / 'again.db'}"
    assert restore(again, kept[0], kept[1], right) == Restored(members=2, forgotten=0)
    assert told(again) == {"U1": ["Submit Quibblewick", "nights"], "U2": ["Learn Ουρανός"]}


@pytest.mark.parametrize("kind", ["postgres"])
async def test_a_server_that_pg_restore_has_filled_gets_its_keys(
    world: World, url: str, kept: tuple[Path, Path]
) -> None:
    """The rows are there, and no key; a database in use is refused."""
    await world.member("daniel").says("/goal add Lead a team of five")
    await world.member("amina").says("/goal add Pass the boards")
    back_up_keys(url, kept[1], NOW)
    with pytest.raises(Misconfigured, match="has its keys already"):
        restore_in_place(url, kept[1])
    keys = keyfile.read(kept[1])
    kept[1].write_text(keyfile.text_of(keys[:1], NOW))  # amina was forgotten after the dump
    take_keys(url)
    with pytest.raises(Misconfigured, match="is a backup without its keys"):
        open_database(Settings(DATABASE_URL=url, PRECEPTOR_SECRET_KEY=KEY))
    with closing(connect(url, VAULT)) as database:  # it was interrupted half-way
        database.call(partial(restoring._begin, known=keys[:1]))
    with pytest.raises(Misconfigured, match="is a backup without its keys"):
        open_database(Settings(DATABASE_URL=url, PRECEPTOR_SECRET_KEY=KEY))
    assert restore_in_place(url, kept[1]) == Restored(members=1, forgotten=1)
    open_database(Settings(DATABASE_URL=url, PRECEPTOR_SECRET_KEY=KEY)).close()
    assert told(url) == {"daniel": ["Lead a team of five"]}


def take_keys(url: str) -> None:
    with closing(connect(url)) as database:
        database.call(lambda db: db.connection().execute(text("DELETE FROM member_key")))


def restore_in_place(url: str, keys: Path) -> Restored:
    return restore(url, None, keys, right)
