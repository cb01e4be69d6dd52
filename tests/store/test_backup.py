"""A backup of an SQLite file, made while others write to it."""

import os
import sqlite3
import stat
import threading
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from sqlmodel import Session, select

from bot.errors import Misconfigured
from bot.models import Inbound
from bot.store.backup import back_up
from bot.store.database import connect
from tests.pilot import World, at
from tests.store.copies import live, rows

NOW = at("2027-03-01 02:00")


@pytest.fixture
def kind() -> str:
    return "sqlite"


@pytest.fixture
def writing(url: str) -> Iterator[None]:
    """Keep pairs of rows coming, each pair in one transaction, as long as the test runs."""
    stop, begun, database = threading.Event(), threading.Event(), connect(url)

    def write() -> None:
        number = 0
        while not stop.is_set():
            pair = [Inbound(key=f"{each}{number}", seen_at=at("2027-01-01")) for each in "ab"]
            database.call(lambda db, pair=pair: db.add_all(pair))
            number += 1
            begun.set()

    thread = threading.Thread(target=write)
    thread.start()
    begun.wait()
    yield
    stop.set()
    thread.join()
    database.close()


def keys(db: Session) -> list[str]:
    return list(db.exec(select(Inbound.key)).all())


async def test_a_backup_holds_all_and_is_for_its_owner_alone(
    world: World, url: str, tmp_path: Path
) -> None:
    await live(world)
    to = tmp_path / "copy.db"
    old = os.umask(0)
    try:
        size = back_up(url, to, NOW)
    finally:
        os.umask(old)
    assert size == to.stat().st_size > 0
    beside = {name for name in os.listdir(tmp_path) if "copy.db" in name}  # noqa: PTH208
    # It needs no log of its own, and nothing is left over.
    assert beside == {"copy.db", "copy.db.keys"}
    assert {stat.S_IMODE((tmp_path / name).stat().st_mode) for name in beside} == {0o600}
    held = rows(url)
    assert len(held.pop("member_key")) == 3
    copied = rows(f"sqlite:///{to}")
    assert copied.pop("member_key") == []
    assert copied == held


@pytest.mark.usefixtures("writing")
def test_a_backup_is_one_moment_of_a_database_that_is_written_to(url: str, tmp_path: Path) -> None:
    seen = 0
    for number in range(20):
        to = tmp_path / f"copy{number}.db"
        back_up(url, to, NOW)
        with closing(connect(f"sqlite:///{to}")) as database:
            there = set(database.call(keys))
        pairs = len(there) // 2
        # All up to some transaction, and nothing of a later one.
        assert there == {f"{each}{number}" for each in "ab" for number in range(pairs)}
        assert pairs >= seen
        seen = pairs


def test_nothing_is_written_over(url: str, tmp_path: Path) -> None:
    there = tmp_path / "there.db"
    there.write_text("mine")
    (tmp_path / "dangling").symlink_to(tmp_path / "nowhere")
    for file in (there, tmp_path / "dangling", tmp_path):
        with pytest.raises(Misconfigured, match="exists already: name a new file"):
            back_up(url, file, NOW)
    assert there.read_text() == "mine"


#: A page of an index that cannot be read, and one that reads well and has lost its entries.
@pytest.mark.parametrize("page", [b"\x55" * 8, b"\x0a" + bytes(7)])
def test_a_damaged_database_makes_no_backup(url: str, tmp_path: Path, page: bytes) -> None:
    with closing(connect(url)) as database:
        database.call(lambda db: db.add(Inbound(key="k", seen_at=at("2027-01-01"))))
    file = Path(url.removeprefix("sqlite:///"))
    with closing(sqlite3.connect(file)) as connection:
        (root,) = connection.execute(
            "SELECT rootpage FROM sqlite_master WHERE name LIKE '%autoindex_inbound%'"
        ).fetchone()
        (size,) = connection.execute("PRAGMA page_size").fetchone()
    with file.open("r+b") as raw:
        raw.seek((root - 1) * size)
        raw.write(page)
    before = set(tmp_path.iterdir())
    with pytest.raises(Misconfigured, match="is damaged, and no backup was made"):
        back_up(url, tmp_path / "copy.db", NOW)
    assert set(tmp_path.iterdir()) == before


def test_what_cannot_be_backed_up_is_said(url: str, tmp_path: Path) -> None:
    text = tmp_path / "text.db"
    text.write_text("this is no database " * 500)
    here, cases = tmp_path / "copy.db", (
        ("postgresql+psycopg://someone:secret@host/coach", "is backed up with pg_dump"),
        ("postgresql://host/coach", "is backed up with pg_dump"),
        ("sqlite://", "names no file"),
        ("nonsense", "names no file"),
        (f"sqlite:///{tmp_path / 'absent.db'}", "There is no database"),
        (f"sqlite:///{text}", "could not be backed up"),
    )  # fmt: skip
    for source, sentence in cases:
        with pytest.raises(Misconfigured, match=sentence) as said:
            back_up(source, here, NOW)
        assert "secret" not in str(said.value)
    with pytest.raises(Misconfigured, match="cannot be written"):
        back_up(url, tmp_path / "no folder" / "copy.db", NOW)
    assert not here.exists()
    assert not (tmp_path / "absent.db").exists()
    assert not list(tmp_path.glob(".*"))
