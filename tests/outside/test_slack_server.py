"""The fake Slack holds against the real slack_bolt and slack_sdk."""

import asyncio
import socket as sockets
import time
from collections.abc import AsyncIterator, Awaitable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import pytest
import uvicorn
from aiohttp import ClientSession, ServerDisconnectedError
from slack_bolt.adapter.asgi.async_handler import AsyncSlackRequestHandler
from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncApp
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.platforms.slack.socket_mode import ended
from tests.outside.slack_limits import faults
from tests.outside.slack_people import HttpTransport, Person, SocketTransport, Transport
from tests.outside.slack_server import SlackServer

pytestmark = pytest.mark.outside
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
            handler = AsyncSocketModeHandler(app, slack.app_token, ping_interval=0.2)
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


@pytest.fixture(params=["http", "socket"])
async def stage(request: pytest.FixtureRequest) -> AsyncIterator[Stage]:
    async with staged(request.param) as stage:
        yield stage


@pytest.fixture
async def http() -> AsyncIterator[Stage]:
    async with staged("http") as stage:
        yield stage


@pytest.fixture
async def socket() -> AsyncIterator[Stage]:
    async with staged("socket") as stage:
        yield stage


async def refused(call: Awaitable[Any]) -> str:
    with pytest.raises(SlackApiError) as error:
        await call
    return error.value.response["error"]


async def test_a_command_is_answered_in_the_ack_and_by_its_response_url(stage: Stage) -> None:
    ack = await stage.ada.command("/goal", "add R&D by June")

    assert ack.ok
    assert ack.latency < 1
    assert stage.seen[0]["text"] == "add R&amp;D by June"
    heard = stage.slack.messages(stage.ada.id)
    assert [one.text for one in heard] == ["And more", "Heard add R&amp;D by June"]
    assert all(one.ephemeral for one in heard)


async def test_a_press_opens_a_form_and_a_wrong_answer_keeps_it_open(stage: Stage) -> None:
    await stage.ada.says("hello")
    (question,) = stage.slack.messages(stage.ada.id)

    assert (await stage.ada.presses(question, "Add one")).ok
    form = stage.ada.modal
    answers = {"Title": "ab", "due": "2027-06-30", "Hours": 3, "Mood": "B"}
    wrong = await stage.ada.submits(form, answers)
    assert wrong == {"response_action": "errors", "errors": {"title": "Too short"}}
    assert stage.slack.modals == [form]

    assert await stage.ada.submits(form, {"Title": "Pass the boards"}) == {}
    assert stage.slack.modals == []
    values = {
        key: next(iter(one.values())) for key, one in stage.seen[-1]["state"]["values"].items()
    }
    assert values["title"] == {"type": "plain_text_input", "value": "Pass the boards"}
    assert values["rank"]["selected_option"]["value"] == "a"
    assert values["mood"]["selected_option"]["value"] == "b"
    assert values["due"]["selected_date"] == "2027-06-30"
    assert values["hours"] == {"type": "number_input", "value": "3"}
    assert stage.seen[-1]["private_metadata"] == "kept"
    assert stage.slack.faults == []


async def test_a_choice_replaces_the_question(stage: Stage) -> None:
    await stage.ada.says("hello")
    (question,) = stage.slack.messages(stage.ada.id)

    await stage.ada.chooses(question, "rank", "B")

    assert stage.seen[-1]["message"]["ts"] == question.ts
    assert (question.text, question.blocks, question.edits) == ("Chosen", [], 1)


async def test_slacks_client_does_not_submit_an_unanswered_form(http: Stage) -> None:
    await http.client.views_open(trigger_id=http.slack.issue_trigger(http.ada.id), view=FORM)
    with pytest.raises(ValueError, match="Title"):
        await http.ada.submits(http.ada.modal, {})
    with pytest.raises(LookupError, match="'title-in', 'title', 'Title'"):
        await http.ada.submits(http.ada.modal, {"Titel": "x"})


async def test_the_home_tab_is_published(stage: Stage) -> None:
    await stage.ada.opens_home()
    home = stage.slack.home(stage.ada.id)
    assert home is not None
    assert home.blocks[0]["text"]["text"] == "Hello"


async def test_a_redelivery_has_the_same_event_and_says_so(stage: Stage) -> None:
    await stage.ada.says("hello")
    assert (await stage.ada.again()).ok
    (first, none), (second, retry) = stage.seen
    assert first == second
    assert none in (None, ["0"])  # Socket Mode counts the first one
    assert retry == ["1"]


async def test_only_a_right_and_fresh_signature_is_let_in(http: Stage) -> None:
    assert isinstance(http.transport, HttpTransport)
    http.transport.forged = True
    assert (await http.ada.command("/goal")).status == 401
    http.transport.forged, http.transport.age = False, 600
    assert (await http.ada.command("/goal")).status == 401
    http.transport.age = 0
    assert (await http.ada.command("/goal")).ok


async def test_an_envelope_comes_again_with_the_same_id(socket: Stage) -> None:
    ack = await socket.ada.says("hello")
    again = await socket.slack.redeliver(ack.envelope_id)
    assert again.envelope_id == ack.envelope_id
    assert [retry for _, retry in socket.seen] == [["0"], ["1"]]
    assert socket.slack.acks[ack.envelope_id] == [{}, {}]


@pytest.mark.parametrize("politely", [True, False])
async def test_a_lost_socket_is_opened_anew(socket: Stage, politely: bool) -> None:
    if politely:
        await socket.slack.disconnect_message()
    else:
        socket.slack.kill_socket()
    await socket.slack.linked(times=2)
    assert (await socket.ada.command("/goal", "add")).ok


async def test_faults_come_on_demand(http: Stage) -> None:
    http.slack.fail("chat.postMessage", retry_after=7)
    with pytest.raises(SlackApiError) as limit:
        await http.client.chat_postMessage(channel=http.ada.id, text="1")
    assert limit.value.response.status_code == 429
    assert limit.value.response.headers["Retry-After"] == "7"

    http.slack.fail("chat.postMessage", error="fatal_error")
    assert (
        await refused(http.client.chat_postMessage(channel=http.ada.id, text="2")) == "fatal_error"
    )

    http.slack.fail("chat.postMessage", drop=True)
    http.client.retry_handlers.clear()
    with pytest.raises(ServerDisconnectedError):
        await http.client.chat_postMessage(channel=http.ada.id, text="3")
    began = time.monotonic()
    http.slack.fail("chat.postMessage", delay=0.1)
    await http.client.chat_postMessage(channel=http.ada.id, text="4")
    assert time.monotonic() - began > 0.1
    assert [one.text for one in http.slack.messages(http.ada.id)] == ["3", "4"]


async def test_a_trigger_opens_one_form_within_three_seconds(http: Stage) -> None:
    slack, late = http.slack, http.slack.issue_trigger(http.ada.id)
    slack.advance(3.1)
    assert await refused(http.client.views_open(trigger_id=late, view=FORM)) == "expired_trigger_id"

    fresh = slack.issue_trigger(http.ada.id)
    opened = await http.client.views_open(trigger_id=fresh, view=FORM)
    again = http.client.views_open(trigger_id=fresh, view=FORM)
    assert await refused(again) == "exchanged_trigger_id"
    updated = await http.client.views_update(view_id=opened["view"]["id"], view=FORM)
    old = {"view_id": updated["view"]["id"], "hash": opened["view"]["hash"]}
    assert await refused(http.client.views_update(**old, view=FORM)) == "hash_conflict"
    assert await refused(http.client.views_update(view_id="V0", view=FORM)) == "not_found"


async def test_refusals_have_slacks_names(http: Stage) -> None:
    slack, say = http.slack, http.client.chat_postMessage
    stranger = AsyncWebClient("xoxb-wrong", base_url=slack.base_url)
    assert await refused(stranger.auth_test()) == "invalid_auth"
    assert await refused(http.client.apps_connections_open(app_token="xapp-no")) == "invalid_auth"
    assert await refused(say(channel="C0", text="x")) == "channel_not_found"
    assert await refused(http.client.users_info(user="U9")) == "user_not_found"
    assert (await http.client.users_info(user=http.ada.id))["user"]["tz"] == "Europe/Paris"
    slack.deactivate(http.ada.id)
    assert await refused(say(channel=http.ada.id, text="x")) == "user_disabled"
    assert await refused(http.client.conversations_open(users=http.ada.id)) == "user_disabled"
    assert "tz" not in (await http.client.users_info(user=http.ada.id))["user"]
    assert slack.calls[0].authorization == "Bearer xoxb-wrong"


async def test_history_finds_a_message_by_its_metadata(http: Stage) -> None:
    channel = (await http.client.conversations_open(users=http.ada.id))["channel"]["id"]
    sign = {"event_type": "delivery", "event_payload": {"id": 7}}
    posted = await http.client.chat_postMessage(channel=channel, text="1", metadata=sign)
    await http.client.chat_update(channel=channel, ts=posted["ts"], text="2")
    await http.client.chat_postEphemeral(channel=channel, user=http.ada.id, text="unseen later")

    whole = await http.client.conversations_history(channel=channel, include_all_metadata=True)
    plainly = await http.client.conversations_history(channel=channel, limit=1)
    assert [(one["text"], one["metadata"]) for one in whole["messages"]] == [("2", sign)]
    assert "metadata" not in plainly["messages"][0]
    assert plainly["has_more"] is False


def section(size: int) -> dict[str, Any]:
    return {"type": "section", "text": {"type": "mrkdwn", "text": "x" * size}}


def act(*elements: dict[str, Any]) -> dict[str, Any]:
    return {"blocks": [{"type": "actions", "elements": list(elements)}]}


def modal(**changes: Any) -> dict[str, Any]:
    return {"view": FORM | changes}


def asked(kind: str, **rest: Any) -> dict[str, Any]:
    return modal(blocks=[asks("Q", "q", kind, **rest)])


LONG_OPTION = {"text": plain("x"), "value": "y" * 151}
TOO_MUCH = {
    "51 blocks": {"blocks": [section(1)] * 51},
    "101 view blocks": modal(blocks=[section(1)] * 101),
    "text": {"text": "x" * 40_001},
    "section": {"blocks": [section(3001)]},
    "empty section": {"blocks": [section(0)]},
    "header": {"blocks": [{"type": "header", "text": plain("x" * 151)}]},
    "button text": act(BUTTON | {"text": plain("x" * 76)}),
    "button value": act(BUTTON | {"value": "x" * 2001}),
    "action_id": act(BUTTON | {"action_id": "x" * 256}),
    "same action_id": act(BUTTON, BUTTON),
    "26 elements": act(*(BUTTON | {"action_id": str(one)} for one in range(26))),
    "block_id": {"blocks": [section(1) | {"block_id": "x" * 256}]},
    "same block_id": {"blocks": [section(1) | {"block_id": "b"}] * 2},
    "options": act(SELECT | {"options": OPTIONS * 34}),
    "option text": act(SELECT | {"options": [{"text": plain("x" * 76), "value": "x"}]}),
    "option value": act(SELECT | {"options": [LONG_OPTION]}),
    "description": act(SELECT | {"options": [OPTIONS[0] | {"description": plain("x" * 76)}]}),
    "radio": asked("radio_buttons", options=OPTIONS * 4),
    "initial option": asked("static_select", options=OPTIONS[:2], initial_option=OPTIONS[2]),
    "initial value": asked("plain_text_input", initial_value="x" * 3001),
    "max length": asked("plain_text_input", max_length=3001),
    "placeholder": asked("plain_text_input", placeholder=plain("x" * 151)),
    "label": modal(blocks=[asks("x" * 2001, "q", "datepicker")]),
    "hint": modal(blocks=[asks("Q", "q", "datepicker") | {"hint": plain("x" * 2001)}]),
    "title": modal(title=plain("x" * 25)),
    "submit": modal(submit=plain("x" * 25)),
    "no submit": {"view": {key: part for key, part in FORM.items() if key != "submit"}},
    "private_metadata": modal(private_metadata="x" * 3001),
    "callback_id": modal(callback_id="x" * 256),
    "context": {"blocks": [{"type": "context", "elements": [plain("x")] * 11}]},
    "rich text": {"blocks": [{"type": "rich_text", "elements": [{"type": "rich_text_poem"}]}]},
    "unknown block": {"blocks": [{"type": "poem"}]},
    "input element in actions": act({"type": "plain_text_input", "action_id": "a"}),
}


@pytest.mark.parametrize("payload", TOO_MUCH.values(), ids=TOO_MUCH.keys())
def test_each_limit_is_kept(payload: dict[str, Any]) -> None:
    assert faults(payload)


async def test_invalid_blocks_are_refused_and_remembered_and_valid_ones_pass(http: Stage) -> None:
    say = http.client.chat_postMessage
    long = say(channel=http.ada.id, text="x", blocks=[section(3001)])
    assert await refused(long) == "invalid_blocks"
    assert any("3001 is not within 1 and 3000" in fault for fault in http.slack.faults)
    assert http.slack.messages(http.ada.id) == []

    http.slack.faults.clear()
    await say(channel=http.ada.id, text="x" * 40_000, blocks=[section(3000), *QUESTION])
    assert http.slack.faults == []
    assert http.slack.advice


async def test_an_error_beside_no_field_is_a_fault(http: Stage) -> None:
    await http.client.views_open(trigger_id=http.slack.issue_trigger(http.ada.id), view=FORM)
    http.slack.answer_modal(http.ada.modal, {"response_action": "errors", "errors": {"titel": "?"}})
    assert http.slack.faults == ["view_submission: errors: titel is no input of this view"]
