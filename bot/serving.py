"""Runs the program: the local workspace, or every platform that has tokens."""

import asyncio
import socket
import webbrowser
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

import uvicorn
from starlette.types import ASGIApp

from bot.app import local_coach
from bot.engine.ticker import Ticker
from bot.errors import Misconfigured
from bot.settings import Settings
from bot.store import local

#: The local workspace looks this often, in seconds: someone is watching.
WATCHED_BEAT = 1.0


def try_it(settings: Settings, port: int | None, *, fresh: bool, browser: bool) -> None:
    """Open the local workspace in a browser until it is interrupted."""
    from bot.platforms.local.web import web_app

    async def run() -> None:
        listening = bind(port or settings.port)
        coach, workspace = local_coach(settings)
        try:
            if fresh:
                await coach.database.run(local.forget_everything)
                workspace.clock.reload()
            application = web_app(workspace=workspace, dispatch=coach.dispatch, rounds=coach.rounds)
            ticker = Ticker(coach.rounds, workspace.clock, WATCHED_BEAT)
            ticker.start()
            address = f"http://127.0.0.1:{listening.getsockname()[1]}/"

            async def announce() -> None:
                print(f"The workspace is open at {address} (stop with Ctrl-C)", flush=True)  # noqa: T201
                if browser:
                    await asyncio.to_thread(webbrowser.open, address)

            try:
                await serve_until_stopped(application, listening, announce)
            finally:
                ticker.stop()
        finally:
            coach.database.close()

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


async def serve_until_stopped(
    application: ASGIApp, listening: socket.socket, started: Callable[[], Awaitable[None]]
) -> None:
    """Serve an application on a bound socket until the process is asked to stop."""
    server = uvicorn.Server(
        uvicorn.Config(
            application,
            log_config=None,
            lifespan="off",
            timeout_graceful_shutdown=3,
        )
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


def _run(run: Callable[[], Awaitable[None]]) -> None:
    async def whole() -> None:
        await run()

    try:
        asyncio.run(whole())
    except KeyboardInterrupt:
        return
