"""The coach on Slack: commands, direct messages, and the home tab."""

import asyncio
import json

import pytest

from bot.models import Goal, Member
from bot.platforms.slack import tasks
from tests.outside.slack_server import TEAM
from tests.outside.slack_stage import Stage

pytestmark = pytest.mark.outside


async def test_a_command_is_answered_for_its_author_alone(stage: Stage) -> None:
    stage.slack.add_channel("C0TEAM", "team")

    welcome, kept = await stage.command("/goal add Pass the boards by June 2027", "C0TEAM")

    assert "Hello Ada" in welcome.text
    assert "London" in welcome.text
    assert "Pass the boards" in kept.text
    assert "30 June 2027" in kept.text
    assert [one.only_for for one in (welcome, kept)] == [stage.ada.id, stage.ada.id]
    assert {one.channel for one in (welcome, kept)} == {"C0TEAM"}
    (member,) = stage.house.rows(Member)
    assert (member.workspace, member.user, member.name, member.zone) == (
        TEAM,
        stage.ada.id,
        "Ada Lovelace",
        "Europe/London",
    )
    assert len(stage.slack.called("auth.test")) == 1
    assert len(stage.slack.called("users.info")) == 1


async def test_nothing_shows_in_a_dm_between_two_people(http: Stage) -> None:
    await http.command("/coach", "D0BOB")
    listed = await http.command("/goal list", "D0BOB")
    assert listed
    assert all(one.ephemeral for one in http.slack.messages("D0BOB"))


async def test_words_stay_words(http: Stage) -> None:
    title = "Tell <!channel> & @everyone *now* :fire: <@U1>"
    *_, kept = await http.command(f"/goal add {title}")

    assert "&lt;!channel&gt; &amp; @everyone *now*" in kept.text
    runs = [
        run
        for block in kept.blocks
        if block["type"] == "rich_text"
        for part in block["elements"]
        for run in part["elements"]
    ]
    assert {run["type"] for run in runs if "text" in run} == {"text"}
    assert any(title in run.get("text", "") for run in runs)


async def test_help_fits(http: Stage) -> None:
    for text in (
        "/coach help",
        "/coach",
        "/coach settings",
        "/coach why",
        "/goal list",
        "/goal nonsense",
        "/checkin",
    ):
        assert await http.command(text), text


async def test_a_failing_profile_does_not_stop_the_answer(http: Stage) -> None:
    http.slack.fail("users.info", error="missing_scope")
    assert await http.command("/goal list")
    (member,) = http.house.rows(Member)
    assert (member.name, member.zone) == ("", "UTC")


# The direct message


async def test_a_direct_message_is_read_and_answered_in_the_open(stage: Stage) -> None:
    *_, kept = await stage.says("/goal add Read one paper a week & discuss it")
    assert "Read one paper a week &amp; discuss it" in kept.text
    assert not kept.ephemeral
    assert kept.channel == stage.ada.dm
    assert "parse" in stage.slack.called("chat.postMessage")[0].payload


async def test_only_people_in_the_coachs_dm_are_heard(http: Stage) -> None:
    http.slack.add_channel("C0TEAM", "team")
    said = {
        "type": "message",
        "user": http.ada.id,
        "channel": http.ada.dm,
        "text": "goal add X",
        "channel_type": "im",
        "ts": "1.1",
        "event_ts": "1.1",
    }
    for changes in (
        {"subtype": "message_changed", "hidden": True},
        {"bot_id": "B1"},
        {"subtype": "thread_broadcast"},
        {"user": "U0PRECEPT"},
        {"type": "reaction_added"},
        {"type": "app_home_opened", "tab": "messages"},
    ):
        assert (await http.ada.event(said | changes)).ok, changes
    assert (await http.ada.says("goal add X", channel="C0TEAM")).ok
    await http.house.settled()
    assert http.house.rows(Member) == []


# Home


async def test_home_shows_what_is_next_and_follows_a_press(stage: Stage) -> None:
    await stage._new(stage.ada.opens_home())
    home = stage.slack.home(stage.ada.id)
    assert home is not None
    assert "Ada, what would you like to reach?" in json.dumps(home.blocks)
    first = home.view["hash"]

    await stage.presses(home, "Set a first goal")
    (kept,) = await stage.submits({"title": "Pass the boards"})
    assert kept.channel == stage.ada.dm
    assert not kept.ephemeral
    home = stage.slack.home(stage.ada.id)
    assert home is not None
    assert home.view["hash"] != first
    assert "Pass the boards" in json.dumps(home.blocks)


async def test_a_first_look_at_the_home_tab_is_welcomed_in_the_dm(stage: Stage) -> None:
    await stage.ada.opens_home()
    for _ in range(100):
        if stage.slack.home(stage.ada.id) and stage.slack.messages(stage.ada.id):
            break
        await asyncio.sleep(0.02)
    assert "I am software" in stage.slack.messages(stage.ada.id)[0].text
    assert "I am software" not in str(stage.slack.home(stage.ada.id).view)


async def test_in_a_crowd_nothing_is_acknowledged_that_might_be_lost(
    http: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    await http.command("/coach")
    monkeypatch.setattr(tasks, "MOST", 0)

    told = await http.ada.command("/goal", "add Pass the boards by June 2027")
    assert told.status == 200
    assert "I have not kept this" in str(told.body)
    assert (await http.ada.says("hello")).status == 503  # Slack sends it again

    monkeypatch.undo()
    assert http.house.rows(Goal) == []
