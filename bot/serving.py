"""Runs the program: the local workspace, every platform that has tokens, or one round."""

import asyncio
import logging
import signal
import socket
import webbrowser
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine, Iterator
from contextlib import asynccontextmanager, contextmanager
from datetime import datetime
from typing import Any

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route
from starlette.types import ASGIApp, Receive, Scope, Send

from bot.app import Coach, join, local_coach, open_database
from bot.clock import utc_now
from bot.engine.ports import Messenger
from bot.engine.ticker import Ticker
from bot.errors import Misconfigured
from bot.platforms.local.workspace import LocalClock, Workspace
from bot.platforms.slack.platform import Slack
from bot.settings import Settings
from bot.store import local, migrate

log = logging.getLogger(__name__)

#: The local workspace looks this often, in seconds: someone is watching.
WATCHED_BEAT = 1.0


def serve(settings: Settings) -> None:
    """Serve every platform that has tokens until the process is asked to stop."""
    if not settings.has_slack:
        raise Misconfigured(
            "No platform has a token: set SLACK_BOT_TOKEN with SLACK_APP_TOKEN, or see "
            "`preceptor try` for the local workspace."
        )

    async def run() -> None:
        slack = Slack(settings)
        listening = bind(settings.port, "0.0.0.0")  # noqa: S104 - only health, and signed requests
        database = open_database(settings)
        try:
            coach = join(
                database,
                utc_now,
                {slack.name: slack.messenger},
                settings.prompts_dir,
                prepare=True,
            )
            await slack.start(coach.dispatch)
            ticker = Ticker(coach.rounds, utc_now)
            ticker.start()
            try:
                await serve_until_stopped(_outside(coach, slack), listening, _said_ready, _nothing)
            finally:
                await ticker.stop()
                await slack.stop()
        finally:
            database.close()
            listening.close()

    _run(run)


def _outside(coach: Coach, slack: Slack) -> ASGIApp:
    """Answer health and readiness, and Slack's requests where Slack talks HTTP."""

    async def health(_: Request) -> JSONResponse:
        return JSONResponse({"alive": True})

    async def ready(_: Request) -> JSONResponse:
        try:
            current = await asyncio.to_thread(migrate.is_current, coach.database.engine)
        except Misconfigured:
            current = False
        state = {"database": current, "slack": await slack.ready()}
        return JSONResponse(state, status_code=200 if all(state.values()) else 503)

    pages = Starlette(routes=[Route("/health", health), Route("/ready", ready)])

    async def application(scope: Scope, receive: Receive, send: Send) -> None:
        to_slack = slack.serves_http and scope.get("path") == "/slack/events"
        await (slack.asgi if to_slack else pages)(scope, receive, send)

    return application


async def _said_ready() -> None:
    log.info("Serving", extra={"action": "serving"})


def _nothing() -> None:
    """Nothing keeps a connection open here."""


async def tick(settings: Settings, now: Callable[[], datetime] | None) -> Counter[str]:
    """Plan and deliver everything that is due, once, on every platform that has tokens."""
    database = open_database(settings)
    try:
        workspace = Workspace(database, LocalClock(database))
        clock = now or workspace.clock
        await workspace.clock.follow_to(clock())
        messengers: dict[str, Messenger] = {local.PLATFORM: workspace.messenger}
        slack = Slack(settings) if settings.has_slack else None
        if slack is not None:
            messengers[slack.name] = slack.messenger
        coach = join(database, clock, messengers, settings.prompts_dir)
        async with slack.sending() if slack is not None else _idle():
            return await coach.rounds.tick(clock())
    finally:
        database.close()


@asynccontextmanager
async def _idle() -> AsyncIterator[None]:
    yield


def try_it(settings: Settings, port: int | None, *, fresh: bool, browser: bool) -> None:
    """Open the local workspace in a browser until it is interrupted."""
    from bot.platforms.local.web import web_app

    async def run() -> None:
        listening = bind(settings.port if port is None else port)
        database = open_database(settings)
        try:
            coach, workspace = local_coach(settings, database=database)
            if fresh:
                await database.run(local.forget_everything)
                await workspace.clock.forget()
            application = web_app(workspace=workspace, dispatch=coach.dispatch, rounds=coach.rounds)
            ticker = Ticker(coach.rounds, workspace.clock, WATCHED_BEAT)
            ticker.start()
            address = f"http://127.0.0.1:{listening.getsockname()[1]}/"

            async def announce() -> None:
                print(f"The workspace is open at {address} (stop with Ctrl-C)", flush=True)  # noqa: T201
                if browser:
                    await asyncio.to_thread(webbrowser.open, address)

            try:
                await serve_until_stopped(
                    application, listening, announce, application.state.live.close
                )
            finally:
                await ticker.stop()
        finally:
            database.close()
            listening.close()

    _run(run)


def bind(port: int, host: str = "127.0.0.1") -> socket.socket:
    """Take the port before anything else is started; 0 takes any free one."""
    listening = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((host, port))
    except OSError:
        listening.close()
        raise Misconfigured(
            f"Port {port} is taken: stop the other program, or choose another with --port or "
            "PRECEPTOR_PORT."
        ) from None
    return listening


class _Server(uvicorn.Server):
    """Uvicorn that ends its long answers first, and lets us tidy up after a signal."""

    def __init__(self, config: uvicorn.Config, ending: Callable[[], None]) -> None:
        super().__init__(config)
        self._ending = ending

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Stop on SIGTERM and SIGINT; uvicorn would raise the signal again and end us at once."""
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, self.handle_exit, number, None)
        try:
            yield
        finally:
            for number in (signal.SIGTERM, signal.SIGINT):
                loop.remove_signal_handler(number)

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """End what would keep a connection open, then close."""
        self._ending()
        await super().shutdown(sockets)


async def serve_until_stopped(
    application: ASGIApp,
    listening: socket.socket,
    started: Callable[[], Awaitable[None]],
    ending: Callable[[], None],
) -> None:
    """Serve an application on a bound socket until the process is asked to stop."""
    server = _Server(
        uvicorn.Config(application, log_config=None, lifespan="off", timeout_graceful_shutdown=3),
        ending,
    )
    async with _announced(server, started):
        await server.serve(sockets=[listening])


@asynccontextmanager
async def _announced(
    server: uvicorn.Server, started: Callable[[], Awaitable[None]]
) -> AsyncIterator[None]:
    async def wait() -> None:
        while not server.started:  # noqa: ASYNC110 - uvicorn offers no event for it
            await asyncio.sleep(0.01)
        await started()

    waiting = asyncio.create_task(wait())
    try:
        yield
    finally:
        waiting.cancel()


def _run(run: Callable[[], Coroutine[Any, Any, None]]) -> None:
    try:
        asyncio.run(run())
    except KeyboardInterrupt:
        return
