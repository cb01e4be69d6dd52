"""The program as processes of its own that are started, heard, asked, and ended."""

import asyncio
import json
import os
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from aiohttp import ClientSession

from tests.outside.slack_server import APP_TOKEN, BOT_TOKEN, SlackServer
from tests.pilot import KEY

#: How long a process may take to start or to end on a busy machine, in seconds.
PATIENCE = 60


class Running:
    """A process that serves; `port` is where."""

    def __init__(self, process: asyncio.subprocess.Process, port: int) -> None:
        self._process = process
        self.port = port

    async def get(self, page: str) -> tuple[int, str]:
        """Ask for a page on a connection of its own; give its status and its words."""
        async with (
            ClientSession() as session,
            session.get(f"http://127.0.0.1:{self.port}{page}") as answer,
        ):
            return answer.status, await answer.text()

    async def end(self, how: signal.Signals) -> int:
        """Send a signal and wait for the end; give the exit status."""
        self.send(how)
        await asyncio.wait_for(self._process.communicate(), PATIENCE)
        assert self._process.returncode is not None
        return self._process.returncode

    def send(self, how: signal.Signals) -> None:
        self._process.send_signal(how)


def environment(folder: Path, **more: str) -> dict[str, str]:
    """Give a process an empty home and a database of its own in a folder."""
    own = {"PATH": os.environ["PATH"], "HOME": str(folder), "PRECEPTOR_PORT": "0"}
    own["PRECEPTOR_SECRET_KEY"] = KEY
    return own | {"DATABASE_URL": f"sqlite:///{folder / 'coach.db'}"} | more


def on(slack: SlackServer) -> dict[str, str]:
    """Point a process at a Slack of our own, over a socket."""
    return {
        "SLACK_API_URL": slack.base_url,
        "SLACK_BOT_TOKEN": BOT_TOKEN,
        "SLACK_APP_TOKEN": APP_TOKEN,
        "PRECEPTOR_LOCAL_HELP": "Occupational health, extension 4400",
    }


@asynccontextmanager
async def running(*words: str, env: dict[str, str]) -> AsyncIterator[Running]:
    """Run `serve` or `try` as a process until the block ends."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "bot", *words,
        env=env | {"PRECEPTOR_LOG": "json"},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )  # fmt: skip
    try:
        yield Running(process, await asyncio.wait_for(_port(process), PATIENCE))
    finally:
        if process.returncode is None:
            process.kill()
        await process.communicate()


async def _port(process: asyncio.subprocess.Process) -> int:
    """Read what a process says until it says where it listens."""
    assert process.stdout is not None
    heard = ""
    while line := (await process.stdout.readline()).decode():
        heard += line
        if "The workspace is open at http://127.0.0.1:" in line:
            return int(line.rpartition(":")[2].partition("/")[0])
        told: dict[str, Any] = json.loads(line) if line.startswith("{") else {}
        if told.get("action") == "serving":
            return int(told["port"])
    raise AssertionError(f"it ended: {heard}")


async def run(*words: str, env: dict[str, str]) -> tuple[int, str, str]:
    """Run a command to its end; give its exit status and what it wrote on its two streams."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "bot", *words,
        env=env, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE,
    )  # fmt: skip
    out, err = await asyncio.wait_for(process.communicate(), PATIENCE)
    assert process.returncode is not None
    return process.returncode, out.decode(), err.decode()
