"""Runs the program: the local workspace, every platform that has tokens, or one round."""

import asyncio
import gc
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
from starlette.types import ASGIApp, Receive, Scope, Send

from bot.app import join, local_coach, open_database
from bot.clock import utc_now
from bot.engine.ports import Messenger
from bot.engine.ticker import Ticker
from bot.engine.turn import Owner
from bot.errors import Misconfigured
from bot.platforms.local.workspace import LocalClock, Workspace
from bot.platforms.slack.platform import Slack
from bot.serving_pages import Pages
from bot.settings import Settings
from bot.store import local
from bot.store.alone import alone
from bot.store.keyring import Key

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
        # Only an operator's pages, and signed requests.
        listening = bind(settings.port, "0.0.0.0")  # noqa: S104
        database = open_database(settings, key=Key.NEED)
        try:
            coach = join(
                database,
                utc_now,
                {slack.name: slack.messenger},
                settings.prompts_dir,
                prepare=True,
                owner=Owner(settings.local_help, settings.coordinating),
            )
            await slack.start(coach.dispatch)
            settle_memory()
            ticker = Ticker(coach.rounds, utc_now)
            ticker.start()
            pages = Pages(coach, {slack.name: slack.ready})

            port = listening.getsockname()[1]

            async def announce() -> None:
                log.info("Serving on port %s", port, extra={"action": "serving", "port": port})

            async def drain() -> None:
                # Pages and answers go on meanwhile, and /ready sends nothing new our way.
                pages.stopping = True
                await ticker.stop()

            try:
                await serve_until_stopped(_outside(pages, slack), listening, announce, drain)
            finally:
                await ticker.stop()
                await slack.stop()
        finally:
            database.close()
            listening.close()

    with alone(settings.url):
        _run(run)


def _outside(pages: Pages, slack: Slack) -> ASGIApp:
    """Answer an operator's programs, and Slack's requests where Slack talks HTTP."""

    async def application(scope: Scope, receive: Receive, send: Send) -> None:
        to_slack = slack.serves_http and scope.get("path") == "/slack/events"
        await (slack.asgi if to_slack else pages.application)(scope, receive, send)

    return application


async def tick(settings: Settings, now: Callable[[], datetime] | None) -> Counter[str]:
    """Plan and deliver everything that is due, once, on every platform that has tokens."""
    database = open_database(settings, key=Key.NEED if settings.has_slack else Key.MAKE)
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
            return await coach.rounds.finish(clock())
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
        database = open_database(settings, key=Key.MAKE)
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

            async def end() -> None:
                application.state.live.close()

            try:
                await serve_until_stopped(application, listening, announce, end)
            finally:
                await ticker.stop()
        finally:
            database.close()
            listening.close()

    with alone(settings.url):
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
    """Uvicorn that lets us end what is at work after a signal, before and after it closes."""

    def __init__(self, config: uvicorn.Config, ending: Callable[[], Awaitable[None]]) -> None:
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
            _let_signals_end_us()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """End what is at work or keeps a connection open, still answering; then close."""
        _let_signals_end_us()  # who asks a second time does not want to wait for it
        await self._ending()
        await super().shutdown(sockets)


def _let_signals_end_us() -> None:
    """Let the next signal end the process at once."""
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.remove_signal_handler(number)


async def serve_until_stopped(
    application: ASGIApp,
    listening: socket.socket,
    started: Callable[[], Awaitable[None]],
    ending: Callable[[], Awaitable[None]],
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


def settle_memory() -> None:
    """Set aside what stays for good: a full collection of it all would stop us for some 0.2 s."""
    gc.collect()
    gc.freeze()


def _run(run: Callable[[], Coroutine[Any, Any, None]]) -> None:
    try:
        asyncio.run(run())
    except KeyboardInterrupt:
        return
