"""Slack as one part that is started and stopped."""

from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any, cast

from slack_bolt.adapter.asgi.async_handler import AsyncSlackRequestHandler

from bot.engine.dispatch import Dispatch
from bot.platforms.slack.app import bolt_app
from bot.platforms.slack.inbound import PLATFORM
from bot.platforms.slack.listeners import Listeners
from bot.platforms.slack.outbound import SlackMessenger
from bot.platforms.slack.people import People
from bot.platforms.slack.replies import Replies
from bot.platforms.slack.socket_mode import BEAT, SocketMode
from bot.platforms.slack.tasks import Tasks
from bot.platforms.slack.wire import Wire
from bot.settings import Settings

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]

#: Where Slack sends its requests in HTTP mode.
PATH = "/slack/events"
#: No request of Slack is larger, in bytes; a larger one is refused before it is kept.
LARGEST = 1_000_000


class Slack:
    """The platform: its messenger first, its ears once there is an engine to hear for.

    Raises Misconfigured here and in `start`, in one sentence that says what to do.
    """

    name = PLATFORM

    def __init__(self, settings: Settings, beat: float = BEAT) -> None:
        self._wire = Wire(settings)
        self._beat = beat
        self._tasks = Tasks()
        self._socket: SocketMode | None = None
        self._handler: AsyncSlackRequestHandler | None = None
        self.messenger = SlackMessenger(self._wire.once)

    @property
    def serves_http(self) -> bool:
        """Whether `asgi` must be served: with an app-level token Slack talks over a socket."""
        return not self._wire.app_token

    async def start(self, dispatch: Dispatch) -> None:
        """Ask Slack who we are and begin to hear."""
        await self._wire.open()
        try:
            identity = await self._wire.identify()
            people = People(self._wire.patient)
            replies = Replies(self._wire, self.messenger)
            listeners = Listeners(self._wire, dispatch, people, replies, self._tasks)
            app = bolt_app(self._wire, identity, listeners)
            if self.serves_http:
                self._handler = AsyncSlackRequestHandler(app, path=PATH)
            else:
                self._socket = SocketMode(app, self._wire, self._beat)
                await self._socket.start()
        except BaseException:
            await self._wire.close()
            raise

    async def stop(self) -> None:
        """Hear nothing more, finish the answers that are on their way, and hang up."""
        self._handler = None
        if self._socket is not None:
            await self._socket.stop()
        await self._tasks.drain()
        await self._wire.close()

    async def ready(self) -> bool:
        """Tell whether Slack can reach us."""
        if self.serves_http:
            return self._handler is not None
        return self._socket is not None and await self._socket.connected()

    async def asgi(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve Slack's signed requests to `PATH`; the signature is checked before all work."""
        if scope["type"] != "http" or self._handler is None:
            await _refuse(send, 503)
            return
        headers = {name.lower(): value for name, value in scope["headers"]}
        if not headers.get(b"x-slack-request-timestamp", b"").isdigit():
            await _refuse(send, 401)
            return
        body = await _body(receive)
        if body is None:
            await _refuse(send, 413)
            return

        async def whole() -> MutableMapping[str, Any]:
            return {"type": "http.request", "body": body, "more_body": False}

        await self._handler(cast("dict[str, Any]", scope), whole, send)


async def _body(receive: Receive) -> bytes | None:
    """Read a request's body; None when it is too large, gone, or no text."""
    read = bytearray()
    while True:
        chunk = await receive()
        read += chunk.get("body", b"")
        if chunk["type"] != "http.request" or len(read) > LARGEST:
            return None
        if not chunk.get("more_body", False):
            break
    try:
        read.decode()
    except UnicodeDecodeError:
        return None
    return bytes(read)


async def _refuse(send: Send, status: int) -> None:
    await send({"type": "http.response.start", "status": status, "headers": []})
    await send({"type": "http.response.body", "body": b""})
