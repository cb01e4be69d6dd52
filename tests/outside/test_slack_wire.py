"""The coach on Slack: what comes twice, forged, refused or broken off, and what is logged."""

import asyncio
from typing import Any

import pytest

from bot.errors import Misconfigured
from bot.models import Goal, Member
from bot.platforms.slack.platform import Slack
from tests.outside.slack_people import HttpTransport
from tests.outside.slack_stage import Stage

pytestmark = pytest.mark.outside


# Twice, forged, and refused


async def test_nothing_happens_twice(stage: Stage) -> None:
    await stage.command("/coach")
    await stage.command("/goal add Pass the boards")
    assert await stage._new(stage.ada.again()) == []
    await stage.says("goal add Read one paper a week")
    assert await stage._new(stage.ada.again()) == []
    await stage.command("/goal add")
    await stage.submits({"title": "Sleep 7 hours"})
    assert await stage._new(stage.ada.again()) == []
    assert stage.house.titles() == ["Pass the boards", "Read one paper a week", "Sleep 7 hours"]


async def test_two_presses_at_once_close_a_goal_once(stage: Stage) -> None:
    await stage.command("/goal add Pass the boards")
    (shown,) = await stage.command("/goal show 1")
    await asyncio.gather(
        stage.ada.presses(shown, "It is done"), stage.ada.presses(shown, "It is done")
    )
    await stage.house.settled()
    (goal,) = stage.house.rows(Goal)
    assert goal.status == "done"


async def test_only_a_right_and_fresh_signature_is_let_in(http: Stage) -> None:
    assert isinstance(http.transport, HttpTransport)
    http.transport.forged = True
    assert (await http.ada.command("/goal", "add X")).status == 401
    http.transport.forged, http.transport.age = False, 600
    assert (await http.ada.command("/goal", "add X")).status == 401
    await http.house.settled()
    assert http.house.rows(Member) == []
    async with http.transport._session.post(
        http.transport.app_url, data=b"x" * 1_000_001, headers=http.transport.signed("")
    ) as answer:
        assert answer.status == 413
    for stamp in ({}, {"X-Slack-Request-Timestamp": "soon", "X-Slack-Signature": "v0=1"}):
        async with http.transport._session.post(
            http.transport.app_url, data="x", headers=stamp
        ) as answer:
            assert answer.status == 401


async def test_a_busy_slack_is_waited_for(http: Stage) -> None:
    await http.command("/coach")
    http.slack.fail("response_url", retry_after=0)
    assert await http.command("/goal list")
    assert len(http.slack.called("response_url")) == 4


async def test_an_answer_that_its_place_does_not_take_goes_by_direct_message(http: Stage) -> None:
    http.slack.add_channel("C0TEAM", "team")
    await http.command("/coach")
    http.slack.fail("response_url", status=404, error="expired_url")
    (listed,) = await http.command("/goal list", "C0TEAM")
    assert listed.channel == http.ada.dm


# The socket, and a stop


@pytest.mark.parametrize("politely", [True, False])
async def test_a_lost_socket_is_opened_anew(socket: Stage, politely: bool) -> None:
    await socket.command("/coach")
    if politely:
        await socket.slack.disconnect_message()
    else:
        socket.slack.kill_socket()
    await socket.slack.linked(times=2)
    assert await socket.command("/goal list")
    assert await socket.house.slack.ready()


async def test_a_socket_that_slack_refuses_for_a_while_comes_back(socket: Stage) -> None:
    await socket.command("/coach")
    socket.slack.fail("apps.connections.open", times=2, error="internal_error")
    socket.slack.kill_socket()
    await socket.slack.linked(times=2)
    assert await socket.command("/goal list")


async def test_an_address_that_went_stale_is_not_tried_for_ever(
    socket: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    await socket.command("/coach")
    give = socket.slack._apps_connections_open
    stale = iter(["1", "2"])

    def address(asked: Any) -> Any:
        ticket = next(stale, "")
        url = f"ws://127.0.0.1:{socket.slack.port}/link?ticket={ticket}"
        return {"url": url} if ticket else give(asked)

    monkeypatch.setattr(socket.slack, "_apps_connections_open", address)
    socket.slack.kill_socket()
    await socket.slack.linked(times=2)
    assert await socket.command("/goal list")


async def test_a_stop_waits_for_answers_on_their_way(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    await stage.command("/coach")
    await stage.command("/goal add")
    handle, at_work = stage.house.coach.dispatch.handle, asyncio.Event()

    async def slowly(incoming: Any) -> Any:
        at_work.set()
        await asyncio.sleep(0.2)
        return await handle(incoming)

    monkeypatch.setattr(stage.house.coach.dispatch, "handle", slowly)
    before = stage.slack.messages(stage.ada.id)
    deed = asyncio.create_task(stage.ada.submits(stage.ada.modal, {"title": "Pass the boards"}))
    await at_work.wait()
    await stage.house.slack.stop()
    (kept,) = [one for one in stage.slack.messages(stage.ada.id) if one not in before]
    assert await deed == {"response_action": "clear"}
    assert "Pass the boards" in kept.text
    await stage.house.slack.start(stage.house.coach.dispatch)


# What the operator hears


async def test_wrong_settings_are_said_in_one_sentence(http: Stage) -> None:
    settings, dispatch = http.house.settings, http.house.coach.dispatch
    for changes, said in (
        ({"SLACK_BOT_TOKEN": ""}, "SLACK_BOT_TOKEN is not set"),
        ({"SLACK_BOT_TOKEN": "xoxp-1"}, "does not begin with xoxb-"),
        ({"SLACK_APP_TOKEN": "xoxb-1"}, "does not begin with xapp-"),
        ({"SLACK_SIGNING_SECRET": ""}, "set SLACK_APP_TOKEN for Socket Mode, or"),
    ):
        with pytest.raises(Misconfigured, match=said):
            Slack(settings(**changes))
    for changes, said in (
        ({"SLACK_BOT_TOKEN": "xoxb-wrong"}, r"does not accept SLACK_BOT_TOKEN \(invalid_auth\)"),
        ({"SLACK_APP_TOKEN": "xapp-wrong"}, r"does not accept SLACK_APP_TOKEN \(invalid_auth\)"),
        ({"SLACK_API_URL": "http://127.0.0.1:9/api"}, "could not be reached"),
    ):
        with pytest.raises(Misconfigured, match=said):
            await Slack(settings(**changes)).start(dispatch)
        assert len(await Slack(settings(**changes)).check()) == 1
    assert await Slack(settings()).check() == []


async def test_logs_hold_no_words_of_members(http: Stage, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("DEBUG")
    await http.command("/goal add Zebra crossing")
    await http.says("Zebra crossing again")
    await http.ada.event({"type": "reaction_added", "user": http.ada.id, "reaction": "Zebra"})
    http.slack.fail("response_url", status=500)
    await http.command("/goal add Zebra stripes")
    assert isinstance(http.transport, HttpTransport)
    http.transport.forged = True
    await http.ada.command("/goal", "add Zebra")
    assert "Zebra" not in caplog.text
