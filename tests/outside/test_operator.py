"""The operator's view of real processes: pages, a stop, deliveries, one process for a file."""

import asyncio
import json
import signal
from collections.abc import AsyncIterator, Callable
from datetime import timedelta
from pathlib import Path

import pytest
from aiohttp import ClientError
from sqlalchemy import update

from bot.clock import utc_now
from bot.errors import Misconfigured
from bot.models import Rhythm
from bot.store.alone import alone
from bot.store.database import connect
from tests.outside.processes import PATIENCE, environment, on, run, running
from tests.outside.shell import Shell
from tests.outside.slack_people import Person, SocketTransport
from tests.outside.slack_server import SlackServer

pytestmark = pytest.mark.outside


@pytest.fixture
async def slack() -> AsyncIterator[SlackServer]:
    async with SlackServer() as server:
        yield server


def make_due(env: dict[str, str]) -> None:
    """Let every rhythm be due since a minute ago, beside whoever else is at work."""
    due = utc_now() - timedelta(minutes=1)
    database = connect(env["DATABASE_URL"])
    try:
        database.call(lambda db: db.connection().execute(update(Rhythm).values(next_at=due)))
    finally:
        database.close()


async def until(holds: Callable[[], bool]) -> None:
    async with asyncio.timeout(PATIENCE):
        while not holds():
            await asyncio.sleep(0.05)


async def test_what_serve_tells_of_itself(slack: SlackServer, tmp_path: Path) -> None:
    env = environment(tmp_path, **on(slack))
    ada = Person(slack, SocketTransport(slack))
    async with running("serve", env=env) as coach:
        assert await coach.get("/health") == (200, '{"alive":true}')
        assert (await ada.command("/goal", "add Pass the boards by June 2030")).ok
        await until(lambda: "Pass the boards" in str(slack.messages(ada.id)))
        status, ready = await coach.get("/ready")
        assert (status, json.loads(ready)) == (
            200,
            {"database": True, "slack": True, "stopping": False, "oldest_due_seconds": 0.0},
        )
        status, told = await coach.get("/metrics")
        assert status == 200
        lines = told.splitlines()
        assert 'preceptor_turn_seconds_count{command="goal.add"} 1.0' in lines
        assert 'preceptor_deliveries_waiting{platform="slack"} 0.0' in lines
        assert "preceptor_database_up 1.0" in lines
        assert "process_start_time_seconds" in told
        for secret in (ada.id, "Ada", "Lovelace", "boards"):
            assert secret not in ready + told
        assert await coach.end(signal.SIGTERM) == 0


async def test_who_is_stopping_says_so_until_the_last_delivery_is_out(
    slack: SlackServer, tmp_path: Path
) -> None:
    env = environment(tmp_path, **on(slack))
    ada = Person(slack, SocketTransport(slack))
    async with running("serve", env=env) as coach:
        assert (await ada.command("/goal", "add Pass the boards by June 2030")).ok
        await until(lambda: "Pass the boards" in str(slack.messages(ada.id)))
        slack.fail("chat.postMessage", delay=PATIENCE)
        make_due(env)
        await until(lambda: len(slack.called("chat.postMessage")) > 0)

        coach.send(signal.SIGTERM)
        status, ready = 200, ""
        async with asyncio.timeout(PATIENCE):
            while status == 200:
                status, ready = await coach.get("/ready")
        assert (status, json.loads(ready)["stopping"]) == (503, True)
        assert (await coach.get("/health"))[0] == 200
        # Who asks again does not want to wait.
        assert await coach.end(signal.SIGTERM) == -signal.SIGTERM
        with pytest.raises(ClientError):
            await coach.get("/health")


async def test_deliveries_keep_their_streams_apart(tmp_path: Path) -> None:
    env = environment(tmp_path)
    assert await run("deliveries", "--failed", "--limit", "5", "--json", env=env) == (0, "[]\n", "")
    status, told, wrong = await run("deliveries", "--retry", "9", env=env)
    assert (status, told, wrong.count("\n")) == (2, "", 1)
    assert "There is no delivery 9" in wrong


async def test_one_process_serves_a_file_until_it_ends_in_any_way(
    slack: SlackServer, tmp_path: Path
) -> None:
    env = environment(tmp_path)
    shell = Shell(tmp_path)  # a second process for the first: this one
    shell.environment = env
    (tmp_path / "elsewhere").symlink_to(tmp_path)
    sentence = f"Another process serves the database {tmp_path / 'coach.db'}: "
    open_it = ("try", "--no-browser", "--port", "0")
    async with running(*open_it, env=env) as first:
        for words, more in ((open_it, {}), (("serve",), on(slack))):
            refused = await asyncio.to_thread(shell.run, *words, **more)
            assert (refused.returncode, refused.stdout) == (2, "")
            assert refused.stderr.count("\n") == 1
            assert sentence in refused.stderr
            assert "PostgreSQL" in refused.stderr
        roundabout = f"sqlite:///{tmp_path / 'elsewhere' / 'coach.db'}"
        with pytest.raises(Misconfigured, match=sentence), alone(roundabout):
            pass
        assert slack.calls == []
        for words in (
            ("say", "--as", "amina", "/goal add X"),
            ("tick",),
            ("inbox", "--as", "rosa"),
        ):
            done = await asyncio.to_thread(shell.run, *words)
            assert (done.returncode, done.stderr) == (0, ""), words
        assert (await first.get("/"))[0] == 200
        assert await first.end(signal.SIGKILL) == -signal.SIGKILL
    async with running("serve", env=env | on(slack)) as second:
        with pytest.raises(Misconfigured, match=sentence), alone(env["DATABASE_URL"]):
            pass
        assert await second.end(signal.SIGTERM) == 0
    with alone(env["DATABASE_URL"]):
        pass


def test_what_is_no_file_needs_no_hold(tmp_path: Path) -> None:
    for url in ("sqlite://", "sqlite:///:memory:", "postgresql://somewhere/db", "nonsense"):
        with alone(url), alone(url):
            pass
    assert list(tmp_path.iterdir()) == []


def test_a_place_that_cannot_be_written_is_said() -> None:
    with pytest.raises(Misconfigured, match="set DATABASE_URL"), alone("sqlite:////proc/no/x.db"):
        pass
