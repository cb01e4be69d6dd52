"""Socket Mode: Slack talks over a WebSocket that we open, so nobody needs an address of ours."""

import asyncio
import logging
from collections.abc import Collection
from typing import Any

from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncApp
from slack_sdk.socket_mode.aiohttp import SocketModeClient

from bot.platforms.slack.wire import QUIET, Wire

log = logging.getLogger(__name__)

#: How often the socket is looked after, in seconds; a silent one is left after four times that.
BEAT = 5.0


#: How long the client's tasks may take to end, in seconds.
ENDING = 5.0


async def ended(tasks: Collection[asyncio.Future[Any]]) -> None:
    """Cancel tasks and wait for their end, but not for ever."""
    for task in tasks:
        task.cancel()
    if tasks:
        await asyncio.wait(tasks, timeout=ENDING)


class SocketMode:
    """One WebSocket that is opened anew whenever it is lost."""

    def __init__(self, app: AsyncApp, wire: Wire, beat: float = BEAT) -> None:
        self._app = app
        self._wire = wire
        self._beat = beat
        self._client: SocketModeClient | None = None
        self._watch: asyncio.Task[None] | None = None

    async def start(self) -> None:
        """Open the socket; a wrong token is said in one sentence."""
        address = await self._wire.socket_address()
        handler = AsyncSocketModeHandler(
            self._app,
            self._wire.app_token,
            logger=QUIET,
            web_client=self._wire.patient,
            ping_interval=self._beat,
        )
        self._client = handler.client
        self._client.wss_uri = address
        await self._client.connect()  # type: ignore[no-untyped-call]
        self._watch = asyncio.create_task(self._look_after(self._client))

    async def stop(self) -> None:
        """Close the socket, and end what the client only asks to stop.

        A client that is just opening its next socket would otherwise listen on it for ever.
        """
        if self._client is None or self._watch is None:
            return
        self._watch.cancel()
        await self._client.close()  # type: ignore[no-untyped-call]
        tasks = (
            self._client.message_processor,
            self._client.current_session_monitor,
            self._client.message_receiver,
            self._watch,
        )
        await ended([task for task in tasks if task])
        self._client = self._watch = None

    async def connected(self) -> bool:
        """Tell whether the socket is open now."""
        return self._client is not None and await self._client.is_connected()

    async def _look_after(self, client: SocketModeClient) -> None:
        """Have a lost socket opened at a fresh address.

        The client tries a refused address again for ever, though Slack takes each only once and
        not for long (slackapi/python-slack-sdk#1379, #1446).
        """
        lost = False
        while True:
            await asyncio.sleep(self._beat)
            connected = await client.is_connected()
            if not connected:
                client.wss_uri = None
            if lost == connected:
                lost = not connected
                log.warning(
                    "The socket to Slack is %s",
                    "lost" if lost else "back",
                    extra={"action": "socket_lost" if lost else "socket_back"},
                )
