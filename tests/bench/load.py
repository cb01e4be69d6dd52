"""Signed slash commands from this process, a fixed number in flight."""

import asyncio
import hashlib
import hmac
import time
from collections.abc import Callable
from dataclasses import dataclass
from itertools import count
from statistics import median, quantiles
from urllib.parse import urlencode

import aiohttp

from tests.bench.target import SECRET

#: Members who type in turn; all were met before anything is measured.
MEMBERS = 100
#: How soon somebody who was told to come again in a moment does so, in seconds.
AGAIN = 0.05
_trigger = count()


@dataclass(frozen=True)
class Load:
    """What one run of commands showed."""

    acknowledged: float  # commands a second, until the last acknowledgement
    completed: float  # commands a second, until the last reply was posted
    p50: float  # milliseconds to the acknowledgement
    p99: float
    refused: int  # acknowledged without work: too many were under way; each was sent again


def signed(
    text: str, number: int, sink: int, members: int = MEMBERS, reply: int | None = None
) -> tuple[bytes, dict[str, str]]:
    """Write a command as Slack sends it; the sink notes when `reply` was answered."""
    body = urlencode(
        {
            "command": "/goal",
            "text": text,
            "team_id": "T1",
            "user_id": f"U{number % members}",
            "user_name": "a",
            "channel_id": "C1",
            "channel_name": "general",
            "api_app_id": "A1",
            "trigger_id": f"{next(_trigger)}.{number}",
            "token": "t",
            "team_domain": "bench",
            "response_url": f"http://127.0.0.1:{sink}/reply"
            + ("" if reply is None else f"/{reply}"),
        }
    ).encode()
    stamp = str(int(time.time()))  # noqa: TID251 - a real request carries the real time
    mac = hmac.new(SECRET.encode(), b"v0:" + stamp.encode() + b":" + body, hashlib.sha256)
    return body, {
        "X-Slack-Request-Timestamp": stamp,
        "X-Slack-Signature": f"v0={mac.hexdigest()}",
        "Content-Type": "application/x-www-form-urlencoded",
    }


async def counted(session: aiohttp.ClientSession, sink: int, what: str) -> int:
    """Give how many `replies`, or how many `calls` of any kind, have come."""
    async with session.get(f"http://127.0.0.1:{sink}/count") as answer:
        return int((await answer.json())[what])


async def quiet(sink: int) -> None:
    """Wait until nothing has been asked for a second: who was welcomed is met in full."""
    async with aiohttp.ClientSession() as session:
        last, now = -1, 0
        while last != now:
            await asyncio.sleep(1)
            last, now = now, await counted(session, sink, "calls")


async def times(session: aiohttp.ClientSession, sink: int) -> dict[int, float]:
    """Give when numbered replies came since this was last asked."""
    async with session.get(f"http://127.0.0.1:{sink}/times") as answer:
        return {int(number): moment for number, moment in (await answer.json()).items()}


async def run(
    port: int,
    sink: int,
    commands: int,
    flight: int,
    text: Callable[[int], str],
    *,
    answered: bool,
    members: int = MEMBERS,
) -> Load:
    """Send the commands, `flight` at a time; wait for the replies where there are any.

    An acknowledgement with words in it says that there is too much to do just now.
    """
    url = f"http://127.0.0.1:{port}/slack/events"
    waits: list[float] = []
    refused = 0
    numbers = iter(range(commands))
    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0)) as session:
        before = await counted(session, sink, "replies")

        async def one_after_another() -> None:
            nonlocal refused
            for number in numbers:
                body, headers = signed(text(number), number, sink, members)
                while True:
                    began = time.perf_counter()
                    async with session.post(url, data=body, headers=headers) as answer:
                        taken = not await answer.read()
                        answer.raise_for_status()
                    waits.append((time.perf_counter() - began) * 1000)
                    if taken:
                        break
                    refused += 1
                    await asyncio.sleep(AGAIN)

        began = time.perf_counter()
        await asyncio.gather(*(one_after_another() for _ in range(flight)))
        acknowledged = time.perf_counter() - began
        while answered and await counted(session, sink, "replies") < before + commands:
            await asyncio.sleep(0.005)
            if time.perf_counter() - began > 120:
                raise TimeoutError("replies are missing")
        completed = time.perf_counter() - began
    return Load(
        commands / acknowledged,
        commands / completed,
        median(waits),
        quantiles(waits, n=100)[98],
        refused,
    )
