"""A small bot on the real slack_bolt, and the stage on which it meets the fake Slack."""

import asyncio
import socket as sockets
from collections.abc import AsyncIterator, Awaitable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import pytest
import uvicorn
from aiohttp import ClientSession
from slack_bolt.adapter.asgi.async_handler import AsyncSlackRequestHandler
from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncApp
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.platforms.slack.socket_mode import ended
from tests.outside.slack_people import HttpTransport, Person, SocketTransport, Transport
from tests.outside.slack_server import SlackServer

SECRET = "shhh"
OPTIONS = [{"text": {"type": "plain_text", "text": name}, "value": name.lower()} for name in "ABC"]


def plain(text: str) -> dict[str, str]:
    return {"type": "plain_text", "text": text}


def asks(label: str, block_id: str, kind: str, **rest: Any) -> dict[str, Any]:
    element = {"type": kind, "action_id": f"{block_id}-in"} | rest
    return {"type": "input", "block_id": block_id, "label": plain(label), "element": element}


FORM = {
    "type": "modal",
    "callback_id": "form",
    "private_metadata": "kept",
    "title": plain("A goal"),
    "submit": plain("Save"),
    "blocks": [
        asks("Title", "title", "plain_text_input", max_length=80),
        asks("Rank", "rank", "static_select", options=OPTIONS, initial_option=OPTIONS[0]),
        asks("Mood", "mood", "radio_buttons", options=OPTIONS) | {"optional": True},
        asks("Due", "due", "datepicker"),
        asks("Hours", "hours", "number_input", is_decimal_allowed=False, min_value="1"),
    ],
}
BUTTON = {"type": "button", "text": plain("Add one"), "action_id": "open", "value": "7"}
SELECT = {"type": "static_select", "action_id": "rank", "options": OPTIONS}
QUESTION = [{"type": "actions", "elements": [BUTTON, SELECT]}]


def a_bot(slack: SlackServer, session: ClientSession | None) -> tuple[AsyncApp, list[Any]]:
    """Build a small app with one handler of each kind."""
    client = AsyncWebClient(slack.bot_token, base_url=slack.base_url, session=session)
    app = AsyncApp(client=client, signing_secret=SECRET, process_before_response=True)
    seen: list[Any] = []

    @app.command("/goal")
    async def on_command(ack: Any, command: Any, respond: Any) -> None:
        seen.append(command)
        await ack(f"Heard {command['text']}")
        await respond(text="And more", blocks=QUESTION)

    @app.action("open")
    async def on_press(ack: Any, body: Any, client: Any) -> None:
        seen.append(body)
        await ack()
        await client.views_open(trigger_id=body["trigger_id"], view=FORM)

    @app.action("rank")
    async def on_choice(ack: Any, body: Any, respond: Any) -> None:
        seen.append(body)
        await ack()
        await respond(text="Chosen", replace_original=True)

    @app.view("form")
    async def on_form(ack: Any, view: Any) -> None:
        seen.append(view)
        short = len(view["state"]["values"]["title"]["title-in"]["value"]) < 3
        errors = {"response_action": "errors", "errors": {"title": "Too short"}}
        await (ack(errors) if short else ack())

    @app.event("message")
    async def on_message(body: Any, say: Any, request: Any) -> None:
        seen.append((body["event_id"], request.headers.get("x-slack-retry-num")))
        await say(text="Yes?", blocks=QUESTION)

    @app.event("app_home_opened")
    async def on_home(event: Any, client: Any) -> None:
        view = {"type": "home", "blocks": [{"type": "header", "text": plain("Hello")}]}
        await client.views_publish(user_id=event["user"], view=view)

    return app, seen


@dataclass
class Stage:
    slack: SlackServer
    transport: Transport
    ada: Person
    client: AsyncWebClient
    seen: list[Any] = field(default_factory=list)


@asynccontextmanager
async def served(app: AsyncApp) -> AsyncIterator[str]:
    """Serve an app by uvicorn in this very loop."""
    with sockets.create_server(("127.0.0.1", 0)) as listening:  # so nobody waits for the start
        server = uvicorn.Server(uvicorn.Config(AsyncSlackRequestHandler(app), log_level="warning"))
        serving = asyncio.create_task(server.serve(sockets=[listening]))
        yield f"http://127.0.0.1:{listening.getsockname()[1]}/slack/events"
        server.should_exit = True
        await serving


@asynccontextmanager
async def staged(mode: str) -> AsyncIterator[Stage]:
    async with AsyncExitStack() as stack:
        slack = await stack.enter_async_context(SlackServer())
        session = await stack.enter_async_context(ClientSession())
        app, seen = a_bot(slack, session)
        transport: Transport = SocketTransport(slack)
        if mode == "http":
            address = await stack.enter_async_context(served(app))
            transport = await stack.enter_async_context(HttpTransport(address, SECRET))
        else:
            handler = AsyncSocketModeHandler(app, slack.app_token, ping_interval=0.5)
            await handler.connect_async()
            stack.push_async_callback(closed, handler)
            await slack.linked()
        ada = Person(slack, transport, tz="Europe/Paris")
        yield Stage(slack, transport, ada, app.client, seen)


async def closed(handler: AsyncSocketModeHandler) -> None:
    """Close a handler and wait for the tasks that it only asked to stop."""
    client = handler.client
    await handler.close_async()
    tasks = (client.message_processor, client.current_session_monitor, client.message_receiver)
    await ended([task for task in tasks if task])


async def refused(call: Awaitable[Any]) -> str:
    with pytest.raises(SlackApiError) as error:
        await call
    return error.value.response["error"]
