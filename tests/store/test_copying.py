"""A database moves: the same rows arrive, the coach goes on there, and nothing is ever mixed."""

import asyncio
import os
import random
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from functools import partial
from pathlib import Path

import pytest
from sqlalchemy import make_url

from bot import cli, logs
from bot.app import open_database
from bot.errors import Misconfigured
from bot.settings import Settings
from bot.store import copying, migrate
from bot.store.database import Database, connect
from tests.pilot import World, at
from tests.store.copies import Killed, Mortal, change, fill, has_mark, live, rows


@pytest.fixture(scope="module")
def rich(template: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An SQLite file in which a team has lived for six weeks."""
    file = tmp_path_factory.mktemp("rich") / "rich.db"
    shutil.copy(template, file)
    world = World(f"sqlite:///{file}", at("2027-01-01 12:00"))
    asyncio.run(live(world))
    world.close()
    return file


@pytest.fixture
def old(rich: Path, tmp_path: Path) -> str:
    """The address of a source of the test's own."""
    shutil.copy(rich, tmp_path / "old.db")
    return f"sqlite:///{tmp_path / 'old.db'}"


@pytest.fixture(autouse=True)
def small_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(copying, "BATCH", 7)


def copied(old: str, new: str, between: Callable[[Database], Database] = lambda it: it) -> None:
    """Copy with a target that a test may spoil."""
    with closing(connect(old)) as source, closing(connect(new)) as target:
        copying.copy(source, between(target), lambda done, of: None)


def refused(old: str, new: str) -> str:
    with pytest.raises(Misconfigured) as why:
        copied(old, new)
    return str(why.value)


def test_there_and_back_each_row_is_the_same(old: str, url: str, tmp_path: Path) -> None:
    before = rows(old)
    told: list[tuple[int, int]] = []
    with closing(connect(old)) as source, closing(connect(url)) as target:
        counts = copying.copy(source, target, lambda *it: told.append(it))
        assert migrate.differences(target.engine) == []
    assert rows(url) == before
    assert counts == {name: len(there) for name, there in before.items()}
    # The test means something only while the source is rich.
    assert {name for name in before if before[name]} >= {
        *("member", "goal", "step", "if_then", "goal_event", "checkin", "checkin_goal", "review"),
        *("delivery", "rhythm", "draft", "inbound", "local_post", "local_clock"),
    }
    assert told == sorted(told)
    assert told[-1] == (3 * sum(counts.values()),) * 2

    back = f"sqlite:///{tmp_path / 'back.db'}"
    with closing(connect(back)) as database:
        migrate.upgrade(database.engine)
    copied(url, back)
    assert rows(back) == rows(old) == before


async def test_the_coach_goes_on_in_the_new_place(old: str, url: str) -> None:
    copied(old, url)
    with closing(World(url, at("2027-02-10 12:00"))) as world:
        amina, nadia = world.member("amina"), world.member("nadia", "Asia/Kolkata")
        await amina.says("/goal add Teach a class by May 2027")
        await amina.says("/goal show 4")  # her numbers go on, and so do ids
        assert "Teach a class" in amina.answer
        await nadia.says("/goal add Learn ultrasound by May 2027")
        await world.until("2027-02-28 12:00")
        assert "Teach a class" in "".join(amina.news())
        assert "Learn ultrasound" in "".join(nadia.news())


@pytest.mark.parametrize("seed", range(2))
def test_a_copy_that_ends_at_any_moment_goes_on(old: str, url: str, seed: int) -> None:
    before, chance, ends = rows(old), random.Random(seed), 0
    while True:
        end = partial(Mortal, calls=chance.randint(1, 6), after=chance.random() < 0.5)
        try:
            copied(old, url, end)
        except Killed:
            ends += 1
        else:
            break
        if not has_mark(url):
            break  # it ended just after the last commit: nothing is left to do
        assert ends < 200
    assert ends > 3
    assert rows(url) == before
    assert not has_mark(url)


SHORT_LIVED = """
import os, signal
from bot import cli
from bot.store import copying
copying.BATCH, add, calls = 7, copying._add, []
def die(db, **batch):
    add(db, **batch)
    calls.append(batch)
    if len(calls) == 6:
        os.kill(os.getpid(), signal.SIGKILL)
copying._add = die
cli.main()
"""


@pytest.mark.long
@pytest.mark.outside
def test_a_process_that_was_killed_is_followed_by_one_that_ends(old: str, url: str) -> None:
    def run(*python: str) -> "subprocess.CompletedProcess[str]":
        return subprocess.run(
            [sys.executable, *python, "copy", "--to", url],
            env={"PATH": os.environ["PATH"], "DATABASE_URL": old},
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )

    killed = run("-c", SHORT_LIVED)
    assert (killed.returncode, killed.stdout) == (-signal.SIGKILL, "")
    begun, before = rows(url), rows(old)
    assert 0 < sum(map(len, begun.values())) < sum(map(len, before.values()))
    ended = run("-m", "bot")
    assert (ended.returncode, ended.stderr) == (0, "")
    table = dict(line.rsplit(None, 1) for line in ended.stdout.splitlines()[:-1])
    assert table == {"table": "rows"} | {name: str(len(it)) for name, it in before.items()}
    assert "Set DATABASE_URL to the new one" in ended.stdout.splitlines()[-1]
    assert rows(url) == before
    assert refused(old, url).startswith(
        "The target already holds rows: copy into an empty database"
    )


def test_two_databases_are_never_mixed(old: str, url: str, tmp_path: Path) -> None:
    with pytest.raises(Killed):
        copied(old, url, partial(Mortal, calls=9, after=True))
    begun = rows(url)
    shutil.copy(tmp_path / "old.db", tmp_path / "other.db")
    other = f"sqlite:///{tmp_path / 'other.db'}"
    change(other, "UPDATE goal SET confidence = 3 WHERE id = 1")
    assert "unfinished copy of another database, or this one has changed" in refused(other, url)
    assert refused(url, other).startswith("DATABASE_URL names an unfinished copy: set it to")
    with pytest.raises(Misconfigured, match="is an unfinished copy: run `preceptor copy` again"):
        open_database(Settings(DATABASE_URL=url))
    assert rows(url) == begun
    # The same content at another address is the same source.
    change(other, "UPDATE goal SET confidence = NULL WHERE id = 1")
    (tmp_path / "old.db").rename(tmp_path / "moved.db")
    copied(f"sqlite:///{tmp_path / 'moved.db'}", url)
    assert refused(other, url).startswith("The target already holds rows")


def test_what_was_written_between_two_runs_is_found(old: str, url: str) -> None:
    with pytest.raises(Killed):
        copied(old, url, partial(Mortal, calls=12, after=True))
    change(url, "UPDATE member SET name = 'X' WHERE id = 1")
    assert refused(old, url).startswith("The copy differs from its source in member: see that")
    assert has_mark(url)


def test_another_copy_into_the_same_target_is_noticed(old: str, url: str) -> None:
    with pytest.raises(Killed):
        copied(old, url, partial(Mortal, calls=5, after=True))
    with closing(connect(url)) as target, pytest.raises(Misconfigured, match="Another copy is"):
        target.call(partial(copying._add, table=copying.MARK, rows=[], copied=1))


def test_nothing_is_copied_onto_itself_or_from_nothing(
    old: str, url: str, kind: str, template: Path, tmp_path: Path
) -> None:
    assert refused(f"sqlite:///{template}", url).startswith("DATABASE_URL names a database without")
    assert not has_mark(url)
    copied(old, url)
    if kind == "sqlite":
        (tmp_path / "link.db").symlink_to(tmp_path / "test.db")
        alias = f"sqlite:///{tmp_path / 'link.db'}"
    else:
        alias = (
            make_url(url)
            .set(drivername="postgresql")
            .update_query_dict({"application_name": "another"})
            .render_as_string(hide_password=False)
        )
    assert refused(url, alias).startswith("Source and target are the same database: name another")


@pytest.mark.parametrize(
    "to", ["", "mysql://a:hush@localhost/x", "postgresql://a:hush@localhost:1/x"]
)
def test_an_address_that_cannot_be_used_is_said_to_be_the_options(
    old: str, to: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATABASE_URL", old)
    monkeypatch.setattr(logs, "set_up", lambda kind: None)
    with pytest.raises(Misconfigured, match=r"--to (names|are right)") as no:
        cli.copy(to)
    assert "DATABASE_URL" not in str(no.value)
    assert "hush" not in str(no.value)


@pytest.mark.parametrize("kind", ["postgres"])
def test_a_row_that_does_not_fit_is_named(old: str, url: str) -> None:
    change(old, "UPDATE goal_event SET kind = printf('%41s', 'x') WHERE id = 3")
    said = refused(old, url)
    assert said.startswith(
        "The row with id 3 of table goal_event does not fit into the target (value"
    )
    assert said.endswith("mend it in the source, and copy into an empty database.")


@pytest.mark.parametrize("seed", range(3))
def test_whatever_a_database_holds_arrives(
    url: str, template: Path, tmp_path: Path, seed: int
) -> None:
    here, back = tmp_path / "here.db", tmp_path / "back.db"
    shutil.copy(template, here)
    shutil.copy(template, back)
    with closing(connect(f"sqlite:///{here}")) as database:
        database.call(partial(fill, chance=random.Random(seed)))
    before = rows(f"sqlite:///{here}")
    copied(f"sqlite:///{here}", url)
    assert rows(url) == before
    change(url, "UPDATE goal SET measure_now = CAST('-0' AS FLOAT) WHERE number = 1")
    before = rows(url)
    copied(url, f"sqlite:///{back}")
    assert rows(f"sqlite:///{back}") == before
