"""The runbook: each block is run as it is written, and nothing is lost on the way."""

import asyncio
import signal
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import closing, suppress
from datetime import timedelta
from functools import partial
from itertools import count
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import update
from sqlmodel import col, select

from bot.clock import utc_now
from bot.models import CheckIn, Delivery
from bot.store.checkins import words_of
from bot.store.database import connect
from bot.store.vault import Vault
from tests.outside.book import CLAIMED, NO_TEST, RUN, Book, blocks, runs
from tests.outside.book_stage import (
    Slack,
    adds,
    change,
    checkins,
    due,
    forget,
    lived,
    member_of,
    someone,
    titles,
    until,
    without,
)
from tests.outside.processes import PATIENCE, environment, on, run, running
from tests.outside.slack_calls import Ack
from tests.outside.slack_people import Person
from tests.postgres import Postgres
from tests.store.copies import rows

pytestmark = [pytest.mark.outside, pytest.mark.runbook]

SET_UP, LITE, SERVER = "Set up", "Back up and restore: SQLite", "Back up and restore: PostgreSQL"
KEYED, CHECKED, READY, MADE = (f"{SET_UP}, {number}" for number in (2, 3, 4, 5))
TURNED = "Rotate the master key"
AFTER = "After a restore"
MOVE, ROTATE = "Move from SQLite to PostgreSQL", "Rotate tokens"
LATE = "Check-ins are late: what to look at"
CHECKINS, ASKERS = 16, 4


@pytest.fixture
async def slack() -> AsyncIterator[Slack]:
    async with Slack() as server:
        yield server


@pytest.fixture
def book(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Book]:
    """The runbook; the test must run the blocks that it says it runs."""
    server: Postgres = request.getfixturevalue("postgres")
    made = Book(tmp_path, server.bin)
    yield made
    assert made.ran == request.function.runs


@pytest.fixture
def administrator(postgres: Postgres) -> Iterator[dict[str, str]]:
    """What a shell of the server's administrator knows."""
    yield {"PGHOST": str(postgres.folder), "PGUSER": "postgres"}
    for name in ("preceptor", "restored"):
        with suppress(psycopg.Error):
            postgres.drop(name)
    postgres.execute("DROP ROLE preceptor")


def as_preceptor(postgres: Postgres, name: str) -> dict[str, str]:
    return {"DATABASE_URL": f"postgresql+psycopg://preceptor@/{name}?host={postgres.folder}"}


def test_each_block_is_run_or_needs_sudo() -> None:
    there = blocks()
    assert {each.info for each in there} == {RUN, NO_TEST}
    assert {each.name for each in there if each.info == RUN} == CLAIMED
    for each in there:
        assert ("sudo" in each.text) == (each.info == NO_TEST), each.name


@runs(CHECKED, READY, LATE)
async def test_the_service_is_set_up_and_looked_at(
    book: Book, slack: Slack, tmp_path: Path
) -> None:
    env = environment(tmp_path, **on(slack))
    assert "Everything is in order." in await book.run(CHECKED, env)
    async with running("serve", env=env) as coach:
        env["PRECEPTOR_PORT"] = str(coach.port)
        assert '"slack":true' in await book.run(READY, env)
        told = await book.run(LATE, env)
        assert "preceptor_due_lag_seconds 0.0" in told
        assert told.endswith("Nothing waits, and nothing failed lately.\n")
        await coach.end(signal.SIGTERM)


@runs(ROTATE)
async def test_a_token_that_was_replaced_is_named(book: Book, slack: Slack, tmp_path: Path) -> None:
    env = environment(tmp_path, **on(slack))
    for name, held in (("SLACK_BOT_TOKEN", "bot_token"), ("SLACK_APP_TOKEN", "app_token")):
        setattr(slack, held, env[name] + "-new")
        assert f"does not accept {name}" in await book.run(ROTATE, env, status=1)
        env[name] += "-new"
    assert "Everything is in order." in await book.run(ROTATE, env)


@runs(KEYED, TURNED)
async def test_the_master_key_is_changed(book: Book, slack: Slack, tmp_path: Path) -> None:
    env = environment(tmp_path, **on(slack))
    assert (await run("migrate", env=env))[0] == 0
    await lived(env["DATABASE_URL"])
    old, new = env["PRECEPTOR_SECRET_KEY"], (await book.run(KEYED, env)).split()[-1]
    told = await book.run(TURNED, env | {"PRECEPTOR_SECRET_KEY": f"{new},{old}"})
    assert "wrapped with the first master key" in told
    with closing(connect(env["DATABASE_URL"], Vault.parse(new))) as database:
        answered = select(CheckIn).where(col(CheckIn.sealed).is_not(None))
        words = database.call(
            lambda db: [words_of(db, each)["obstacle"] for each in db.exec(answered)]
        )
    assert words == ["nights\nand “days”"]
    status, _, said = await run("migrate", env=env)
    assert (status, "is not the key" in said) == (2, True)


@runs(LITE, f"{LITE}, 2", AFTER)
async def test_a_restored_file_holds_all(book: Book, slack: Slack, tmp_path: Path) -> None:
    env = environment(tmp_path, **on(slack))
    file = tmp_path / "coach.db"

    async def back() -> dict[str, str]:
        assert (tmp_path / "coach.db-wal").exists()  # the killed service's: it must not come back
        file.write_bytes(b"destroyed")
        told = await book.run(f"{LITE}, 2", env | {"BACKUP": str(book.newest())})
        assert "Forgotten since the backup, and deleted here: 1." in told
        assert "Everything is in order." in told
        assert file.stat().st_mode & 0o777 == 0o600
        return env

    await lose_and_restore(slack, env, lambda: book.run(LITE, env), back, partial(book.run, AFTER))


@runs(MADE, SERVER, f"{SERVER}, 2", f"{SERVER}, 3", CHECKED, AFTER)
async def test_a_restored_server_holds_all(
    book: Book, slack: Slack, tmp_path: Path, postgres: Postgres, administrator: dict[str, str]
) -> None:
    env = environment(tmp_path, **on(slack)) | as_preceptor(postgres, "preceptor")
    await book.run(MADE, administrator)

    async def back() -> dict[str, str]:
        postgres.drop("preceptor")
        named = {"BACKUP": str(book.newest()), "NEW": "restored"}
        assert book.newest().stat().st_mode & 0o777 == 0o600
        await book.run(f"{SERVER}, 2", administrator | named)
        now = env | as_preceptor(postgres, "restored")
        told = await book.run(f"{SERVER}, 3", now)
        assert "Forgotten since the backup, and deleted here: 1." in told
        assert "Everything is in order." in await book.run(CHECKED, now)
        return now

    await lose_and_restore(
        slack, env, lambda: book.run(SERVER, env), back, partial(book.run, AFTER)
    )


async def lose_and_restore(
    slack: Slack,
    env: dict[str, str],
    back_up: Callable[[], Awaitable[str]],
    restore: Callable[[], Awaitable[dict[str, str]]],
    doubt: Callable[[dict[str, str]], Awaitable[str]],
) -> None:
    """Back up while a message is under way, send another, lose all, restore, and go on."""
    url, moment = env["DATABASE_URL"], utc_now() - timedelta(minutes=1)
    keys = f"{env['HOME']}/keys/preceptor.keys"
    ada, ben, cleo = (someone(slack, name) for name in ("ada", "ben", "cleo"))
    async with running("serve", env=env) as coach:
        await lived(url)
        for each in (ada, ben, cleo):
            await adds(slack, each, "Pass the boards")
        slack.fail("chat.postMessage", delay=PATIENCE)  # it arrives, and nobody hears so
        due(url, moment, ada)
        await until(lambda: bool(slack.keys(ada)))
        before = rows(url)
        await back_up()
        after, gone = rows(url), member_of(url, cleo)
        forget(url, cleo)  # and the next night her key is no longer in the file of keys
        assert (await run("backup", "--keys", keys, env=env))[0] == 0
        due(url, moment, ben)
        await until(lambda: bool(slack.keys(ben)))
        await adds(slack, ben, "Read one paper")
        await coach.end(signal.SIGKILL)

    env = await restore()
    url = env["DATABASE_URL"]
    assert rows(url) in (without(before, gone), without(after, gone))
    assert len(before[Delivery.__tablename__]) > 5

    # Some minutes have passed: leases ended, and Ben's hour, still ahead at the backup, is over.
    ended = update(Delivery).where(col(Delivery.claimed_until).is_not(None))
    change(url, lambda db: db.connection().execute(ended.values(claimed_until=moment)))
    due(url, moment, ben)
    assert slack.called("conversations.history") == []
    assert "the platform is asked about what is due: 2." in await doubt(env)
    async with running("serve", env=env) as coach:
        await until(lambda: [each.state for each in checkins(url)] == ["sent", "sent"])
        assert list(slack.keys(ada).values()) == [1]  # under way at the backup: Slack was asked
        assert list(slack.keys(ben).values()) == [1]  # sent after it: Slack was asked as well
        await ben.command("/goal", "show 1")
        await until(lambda: slack.hears(ben, "Pass the boards"))
        await coach.end(signal.SIGTERM)
    assert "Read one paper" not in titles(url)


@runs(MADE, MOVE, CHECKED)
async def test_a_move_takes_all_along(
    book: Book, slack: Slack, tmp_path: Path, postgres: Postgres, administrator: dict[str, str]
) -> None:
    env = environment(tmp_path, **on(slack))
    ada, there = someone(slack, "ada"), as_preceptor(postgres, "preceptor")
    async with running("serve", env=env) as coach:
        await lived(env["DATABASE_URL"])
        await adds(slack, ada, "Pass the boards")
        due(env["DATABASE_URL"], utc_now() - timedelta(minutes=1), ada)
        await until(lambda: bool(slack.keys(ada)))
        await coach.end(signal.SIGTERM)
    await book.run(MADE, administrator)
    told = await book.run(MOVE, env | {"NEW_URL": there["DATABASE_URL"]})
    assert "Both hold the same now." in told
    moved = rows(there["DATABASE_URL"])
    assert moved == rows(env["DATABASE_URL"])
    assert "waiting" in str(moved[Delivery.__tablename__])
    assert "Everything is in order." in await book.run(CHECKED, env | there)
    async with running("serve", env=env | there) as coach:
        await adds(slack, ada, "Read one paper")
        await coach.end(signal.SIGTERM)
    assert list(slack.keys(ada).values()) == [1]


@runs(MADE, READY)
async def test_an_upgrade_has_no_gap(
    book: Book, slack: Slack, tmp_path: Path, postgres: Postgres, administrator: dict[str, str]
) -> None:
    await book.run(MADE, administrator)
    env = environment(tmp_path, **on(slack)) | as_preceptor(postgres, "preceptor")
    url = env["DATABASE_URL"]
    members = [someone(slack, f"m{number}") for number in range(CHECKINS)]
    typed: list[tuple[Person, str, Ack]] = []
    stop = asyncio.Event()

    async def ask(asker: int) -> None:
        for number in count():
            if stop.is_set():
                return
            person = someone(slack, f"a{asker}x{number // 25}")  # each has room for 50 goals
            goal = f"Learn skill s{asker}x{number}"
            typed.append((person, goal, await person.command("/goal", f"add {goal}")))
            await asyncio.sleep(0.05)

    def arrived() -> int:
        return sum(bool(slack.keys(each)) for each in members)

    async with running("serve", env=env) as old:
        for each in members:
            await adds(slack, each, "Pass the boards")
        async with running("serve", env=env) as new:
            assert '"slack":true' in await book.run(READY, env | {"PRECEPTOR_PORT": str(new.port)})
            asking = [asyncio.create_task(ask(asker)) for asker in range(ASKERS)]
            due(url, utc_now() - timedelta(minutes=1), *members)
            await until(lambda: arrived() >= CHECKINS // 4)
            assert await old.end(signal.SIGTERM) == 0
            left = CHECKINS - arrived()
            handed_over = len(typed)
            await until(lambda: arrived() == CHECKINS and len(typed) > handed_over + 20)
            stop.set()
            await asyncio.gather(*asking)
            assert [goal for _, goal, ack in typed if not ack.ok] == []
            await until(lambda: all(slack.hears(person, goal) for person, goal, _ in typed))
            await until(lambda: {each.state for each in checkins(url)} == {"sent"})
            assert await new.end(signal.SIGTERM) == 0
    assert left > 0  # it was in the middle
    assert all(list(slack.keys(each).values()) == [1] for each in members)
    kept = titles(url)
    assert all(kept[goal] == 1 for _, goal, _ in typed)


async def test_the_version_before_goes_on_when_a_newer_one_has_migrated(
    slack: Slack, tmp_path: Path, postgres: Postgres
) -> None:
    env = environment(tmp_path, **on(slack)) | {"DATABASE_URL": postgres.create("before_us")}
    ada = someone(slack, "ada")
    async with running("serve", env=env) as old:
        postgres.execute("UPDATE alembic_version SET version_num = '9999'", "before_us")
        status, told = await old.get("/ready")
        assert (status, '"database":true' in told) == (200, True)
        await adds(slack, ada, "Pass the boards")
        due(env["DATABASE_URL"], utc_now() - timedelta(minutes=1), ada)
        await until(lambda: bool(slack.keys(ada)))
        assert await old.end(signal.SIGTERM) == 0
    postgres.drop("before_us")
