"""A process under load: a bare Bolt app, or ours. Prints its port; then its peak memory."""

import asyncio
import logging
import resource
import sys
from functools import partial

import uvicorn
from pydantic import SecretStr
from slack_bolt.adapter.asgi.async_handler import AsyncSlackRequestHandler
from slack_bolt.async_app import AsyncApp
from slack_bolt.authorization import AuthorizeResult

from bot import serving
from bot.app import FEATURES, join, open_database
from bot.chat.command import Group
from bot.clock import utc_now
from bot.engine.turn import Feature
from bot.platforms.slack.platform import Slack
from bot.settings import Settings
from bot.store.vault import new_key

SECRET = "bench-secret"


def bare(listeners: int) -> AsyncSlackRequestHandler:
    """A Bolt app that does nothing: the ceiling. The last of its listeners is the one called."""

    async def authorize(**_: object) -> AuthorizeResult:
        return AuthorizeResult(
            enterprise_id=None, team_id="T1", bot_token="xoxb-1", bot_id="B1", bot_user_id="UBOT"
        )

    app = AsyncApp(signing_secret=SECRET, authorize=authorize, process_before_response=True)

    async def nothing(ack) -> None:
        await ack()

    for number in range(listeners - 1):
        app.command(f"/other{number}")(nothing)
    app.command("/goal")(nothing)
    return AsyncSlackRequestHandler(app)


def more(count: int) -> tuple[Feature, ...]:
    """Features with this many further slash commands."""

    def nothing(turn: object) -> object:
        """Do nothing."""
        raise NotImplementedError

    groups = []
    for number in range(count):
        group = Group(f"other{number}", "Another command.")
        group.command()(nothing)
        groups.append(group)
    return (Feature(name="more", groups=tuple(groups)),)


async def serve(kind: str, number: int, sink: int, url: str) -> None:
    slack = database = None
    if kind == "bare":
        application = bare(number)
    else:
        settings = Settings(
            database_url=url,
            secret_key=SecretStr(new_key()),
            slack_bot_token=SecretStr("xoxb-1"),
            slack_signing_secret=SecretStr(SECRET),
            slack_api_url=f"http://127.0.0.1:{sink}/api/",
        )
        database = open_database(settings)
        slack = Slack(settings)
        coach = join(
            database,
            utc_now,
            {slack.name: slack.messenger},
            features=(*FEATURES, *more(number)),
            prepare=True,
        )
        await slack.start(coach.dispatch)
        application = slack.asgi
    server = uvicorn.Server(
        uvicorn.Config(application, port=0, log_level="warning", lifespan="off", access_log=False)
    )
    serving = asyncio.create_task(server.serve())
    while not server.started:
        await asyncio.sleep(0.01)
    print(server.servers[0].sockets[0].getsockname()[1], flush=True)
    await asyncio.to_thread(sys.stdin.read)
    server.should_exit = True
    await serving
    if slack is not None and database is not None:
        await slack.stop()
        database.close()
    print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, flush=True)


if __name__ == "__main__":
    # A line for each answer that fails would cost time; whoever waits for answers counts them.
    logging.disable()
    # In the event loop in which the program itself serves.
    serving._run(partial(serve, sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), sys.argv[4]))
