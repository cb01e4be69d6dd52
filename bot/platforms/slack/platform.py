"""Slack as one part that is started and stopped."""

import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from bot.engine.dispatch import Dispatch
from bot.errors import Misconfigured
from bot.platforms.slack.app import bolt_app
from bot.platforms.slack.inbound import PLATFORM
from bot.platforms.slack.listeners import PATIENCE, Listeners
from bot.platforms.slack.manifest import SCOPES
from bot.platforms.slack.outbound import SlackMessenger
from bot.platforms.slack.people import People
from bot.platforms.slack.replies import Replies
from bot.platforms.slack.requests import Requests
from bot.platforms.slack.socket_mode import BEAT, SocketMode
from bot.platforms.slack.tasks import Tasks
from bot.platforms.slack.wire import Identity, Wire
from bot.settings import Settings

log = logging.getLogger(__name__)


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
        #: Serves Slack's requests to `requests.PATH` where `serves_http`.
        self.asgi = Requests()
        self.messenger = SlackMessenger(self._wire.once, self._wire.gate)

    @property
    def serves_http(self) -> bool:
        """Whether `asgi` must be served: with an app-level token Slack talks over a socket."""
        return not self._wire.app_token

    async def start(self, dispatch: Dispatch) -> None:
        """Ask Slack who we are and begin to hear."""
        await self._wire.open()
        try:
            identity = await self._wire.identify()
            if missing := _missing(identity):
                log.warning(missing, extra={"action": "slack_scopes_missing"})
            people = People(self._wire.patient)
            replies = Replies(self._wire)
            listeners = Listeners(self._wire, dispatch, people, replies, self._tasks)
            app = bolt_app(self._wire, identity, listeners)
            if self.serves_http:
                self.asgi.open(app)
            else:
                self._socket = SocketMode(app, self._wire, self._beat)
                await self._socket.start()
        except BaseException:
            await self._wire.close()
            raise

    async def stop(self) -> None:
        """Hear nothing more, finish the answers that are on their way, and hang up."""
        self.asgi.close()
        # A sent form is acknowledged over the socket with its errors: let that happen first.
        await self._tasks.settle(PATIENCE)
        if self._socket is not None:
            await self._socket.stop()
        await self._tasks.drain()
        await self._wire.close()

    @asynccontextmanager
    async def sending(self) -> AsyncIterator[None]:
        """Send without hearing: for one round of deliveries."""
        await self._wire.open()
        try:
            yield
        finally:
            await self._wire.close()

    async def check(self) -> list[str]:
        """Say what Slack would refuse us, one sentence each, without beginning to hear."""
        await self._wire.open()
        found: list[str] = []
        try:
            found.append(_missing(await self._wire.identify()))
            if not self.serves_http:
                await self._wire.socket_address()
        except Misconfigured as error:
            found.append(str(error))
        finally:
            await self._wire.close()
        return [sentence for sentence in found if sentence]

    async def ready(self) -> bool:
        """Tell whether Slack can reach us."""
        if self.serves_http:
            return self.asgi.heard
        return self._socket is not None and await self._socket.connected()


def _missing(identity: Identity) -> str:
    """Name the scopes that we use and do not have, where Slack tells which we have."""
    missing = sorted(set(SCOPES) - identity.scopes) if identity.scopes else []
    if not missing:
        return ""
    return (
        f"The Slack app lacks the scopes {', '.join(missing)}: update its manifest from "
        "`preceptor manifest slack` and install it again."
    )
