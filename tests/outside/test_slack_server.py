"""The fake Slack holds against the real slack_bolt and slack_sdk."""

import time
from collections.abc import AsyncIterator

import pytest
from aiohttp import ServerDisconnectedError
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from tests.outside.slack_bot import FORM, Stage, refused, staged
from tests.outside.slack_people import HttpTransport

pytestmark = pytest.mark.outside


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


async def test_a_command_is_answered_in_the_ack_and_by_its_response_url(stage: Stage) -> None:
    ack = await stage.ada.command("/goal", "add R&D by June")

    assert ack.ok
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
