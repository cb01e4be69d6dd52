"""The coach on a Slack of our own, over a real wire: a house to start and stop, and Ada."""

import asyncio
import socket as sockets
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import uvicorn
from sqlmodel import SQLModel, col, select

from bot.app import Coach, join, open_database
from bot.engine.turn import Owner
from bot.models import Goal
from bot.platforms.slack.platform import Slack
from bot.settings import Settings
from tests.outside.slack_people import HttpTransport, Person, SocketTransport, Transport
from tests.outside.slack_server import APP_TOKEN, BOT_TOKEN, Message, SlackServer
from tests.pilot import KEY, migrated

SECRET = "shhh"
#: A Friday morning in London; the first check-in is asked on the Monday after.
FRIDAY = datetime(2027, 1, 8, 10, 0, tzinfo=UTC)


@dataclass
class Hands:
    """A clock that stands still until it is moved."""

    now: datetime = FRIDAY

    def __call__(self) -> datetime:
        return self.now


class House:
    """The coach joined to Slack as `serve` does it; it can be stopped and started anew."""

    def __init__(
        self, server: SlackServer, mode: str, folder: Path, clock: Hands, coordinators: str = ""
    ) -> None:
        self.server, self.mode, self.clock, self.coordinators = server, mode, clock, coordinators
        file = folder / "preceptor.db"
        self.database_url = f"sqlite:///{file if file.exists() else migrated(file)}"
        self.coach: Coach
        self.slack: Slack

    def settings(self, **changes: str) -> Settings:
        given = {
            "DATABASE_URL": self.database_url,
            "SLACK_BOT_TOKEN": BOT_TOKEN,
            "SLACK_APP_TOKEN": APP_TOKEN if self.mode == "socket" else "",
            "SLACK_SIGNING_SECRET": SECRET,
            "SLACK_API_URL": self.server.base_url,
            "PRECEPTOR_SECRET_KEY": KEY,
            "PRECEPTOR_COORDINATORS": self.coordinators,
        }
        return Settings(**given | changes)

    async def start(self) -> None:
        settings = self.settings()
        self.slack = Slack(settings, beat=0.5)  # a busy machine must not look like a lost socket
        database, posts = open_database(settings), {self.slack.name: self.slack.messenger}
        owner = Owner(settings.local_help, settings.coordinating)
        self.coach = join(database, self.clock, posts, owner=owner)
        await self.slack.start(self.coach.dispatch)
        if self.mode == "socket":
            await self.server.linked()

    async def stop(self) -> None:
        await self.slack.stop()
        self.coach.database.close()

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        await self.slack.asgi(scope, receive, send)

    async def settled(self) -> None:
        """Wait until all that was begun is answered."""
        await self.slack._tasks.drain()

    def rows(self, table: type[SQLModel]) -> list[Any]:
        return self.coach.database.call(lambda db: list(db.exec(select(table)).all()))

    def titles(self) -> list[str]:
        """Open the titles of all goals."""
        return self.coach.database.call(
            lambda db: [goal.title for goal in db.exec(select(Goal).order_by(col(Goal.id)))]
        )


class Stage:
    """A house, its Slack, and Ada, whose deeds wait until they are answered."""

    def __init__(self, house: House, transport: Transport) -> None:
        self.house, self.slack, self.transport = house, house.server, transport
        self.ada = Person(self.slack, transport)

    async def command(self, text: str, channel: str | None = None) -> list[Message]:
        """Ada types a command; give what she then sees that is new."""
        name, _, rest = text.partition(" ")
        return await self._new(self.ada.command(name, rest, channel=channel))

    async def says(self, text: str) -> list[Message]:
        return await self._new(self.ada.says(text))

    async def presses(self, where: Any, button: str) -> list[Message]:
        return await self._new(self.ada.presses(where, button))

    async def submits(self, values: dict[str, Any]) -> list[Message]:
        return await self._new(self.ada.submits(self.ada.modal, values))

    async def _new(self, deed: Any) -> list[Message]:
        before = self.slack.messages(self.ada.id)
        await deed
        await self.house.settled()
        assert self.ada.ack.ok, self.ada.ack
        return [one for one in self.slack.messages(self.ada.id) if one not in before]

    async def tick(self, ahead: timedelta = timedelta()) -> dict[str, int]:
        """Let time pass, then plan and deliver."""
        self.house.clock.now += ahead
        return dict(await self.house.coach.rounds.tick(self.house.clock.now))


@asynccontextmanager
async def served(house: House) -> AsyncIterator[str]:
    """Serve the house's ASGI application by uvicorn in this very loop."""
    with sockets.create_server(("127.0.0.1", 0)) as listening:
        server = uvicorn.Server(uvicorn.Config(house, log_level="warning", lifespan="off"))
        serving = asyncio.create_task(server.serve(sockets=[listening]))
        yield f"http://127.0.0.1:{listening.getsockname()[1]}/slack/events"
        server.should_exit = True
        await serving


@asynccontextmanager
async def staged(mode: str, folder: Path, coordinators: str = "") -> AsyncIterator[Stage]:
    async with AsyncExitStack() as stack:
        slack = await stack.enter_async_context(SlackServer())
        house = House(slack, mode, folder, Hands(), coordinators)
        transport: Transport = SocketTransport(slack)
        if mode == "http":
            address = await stack.enter_async_context(served(house))
            transport = await stack.enter_async_context(HttpTransport(address, SECRET))
        await house.start()
        try:
            yield Stage(house, transport)
        finally:
            await house.stop()
        assert slack.faults == []
        assert slack.advice == []


def buttons(message: Message) -> list[str]:
    return [
        part["text"]["text"]
        for block in message.blocks
        if block["type"] == "actions"
        for part in block["elements"]
    ]
