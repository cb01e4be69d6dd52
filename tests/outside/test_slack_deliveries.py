"""The coach on Slack: what comes unasked."""

import asyncio
from collections import Counter
from datetime import timedelta
from typing import Any

import pytest

from bot.app import join, open_database
from bot.engine.ports import Address
from bot.errors import TryLater
from bot.models import Delivery, Lane, Member
from bot.platforms.slack.outbound import SlackMessenger
from bot.platforms.slack.platform import Slack
from bot.platforms.slack.render import literal
from tests.outside.slack_server import TEAM, Message
from tests.outside.slack_stage import Stage

pytestmark = pytest.mark.outside


async def asked(stage: Stage) -> Message:
    """Live until the first check-in is asked."""
    await stage.command("/goal add Pass the boards by June 2027")
    await stage.command("/goal add Read one paper a week")
    counts = await stage.tick(timedelta(days=4))
    assert counts["sent"] == 1
    (question,) = [one for one in stage.slack.messages(stage.ada.id) if one.metadata]
    assert not question.ephemeral
    return question


async def test_a_check_in_is_asked_in_the_dm_and_answered_by_a_form(stage: Stage) -> None:
    question = await asked(stage)
    assert "Pass the boards" in question.text
    assert (await stage.tick()).get("sent") is None

    await stage.presses(question, "Answer")
    (coaching,) = await stage.submits({"Pass the boards": "Stuck", "win": "Booked the course"})

    assert "Booked the course" in coaching.text
    assert (coaching.channel, coaching.ephemeral) == (stage.ada.dm, False)
    assert "is answered" in question.text
    assert question.edits == 1


async def test_a_check_in_is_answered_by_one_press(stage: Stage) -> None:
    question = await asked(stage)
    assert await stage.presses(question, "All on track") == []
    assert "on track" in question.text
    assert question.edits == 1


async def test_one_round_is_delivered_without_hearing(http: Stage) -> None:
    await http.command("/goal add Pass the boards")
    await http.house.stop()
    slack, database = Slack(http.house.settings()), open_database(http.house.settings())
    http.house.clock.now += timedelta(days=4)
    coach = join(database, http.house.clock, {slack.name: slack.messenger})
    async with slack.sending():
        assert (await coach.rounds.tick(http.house.clock.now))["sent"] == 1
    database.close()
    await http.house.start()


async def test_a_delivery_waits_as_long_as_slack_asks(http: Stage) -> None:
    await http.command("/goal add Pass the boards")
    http.slack.fail("chat.postMessage", retry_after=90)
    assert (await http.tick(timedelta(days=4)))["moved"] == 1
    (delivery,) = [one for one in http.house.rows(Delivery) if one.reason == "ratelimited"]
    waits = delivery.available_at - http.house.clock.now
    assert timedelta(seconds=90) <= waits < timedelta(seconds=100)
    assert delivery.attempts == 0  # being too fast is no message's fault
    (lane,) = http.house.rows(Lane)
    assert lane.open_at == delivery.available_at  # nothing else is posted meanwhile
    assert len(http.slack.called("chat.postMessage")) == 1

    assert "sent" not in await http.tick(timedelta(seconds=60))
    assert (await http.tick(timedelta(seconds=60)))["sent"] == 1


async def test_a_lost_yes_is_not_sent_twice(http: Stage) -> None:
    await http.command("/goal add Pass the boards")
    http.slack.fail("chat.postMessage", drop=True)
    assert (await http.tick(timedelta(days=4)))["moved"] == 1
    assert (await http.tick(timedelta(hours=1)))["sent"] == 1
    assert len([one for one in http.slack.messages(http.ada.id) if one.metadata]) == 1


async def test_a_crash_after_the_yes_is_not_sent_twice(http: Stage) -> None:
    await http.command("/goal add Pass the boards")
    http.house.clock.now += timedelta(days=4)
    coach, clock = http.house.coach, http.house.clock
    messenger = http.house.slack.messenger
    send = messenger.send

    async def dies(*given: Any) -> str:
        await send(*given)
        raise asyncio.CancelledError

    messenger.send = dies  # type: ignore[method-assign]
    assert not await coach.rounds.tick(clock.now) - Counter(planned=9)
    await http.house.stop()
    await http.house.start()

    assert (await http.tick(timedelta(minutes=5)))["sent"] == 1
    assert len([one for one in http.slack.messages(http.ada.id) if one.metadata]) == 1


async def test_a_delivery_in_parts_goes_on_where_it_broke_off(http: Stage) -> None:
    long = literal("word " * 3_000)
    to = Address(TEAM, http.ada.id)
    messenger = http.house.slack.messenger
    send = messenger._client.chat_postMessage
    tries = iter([False, True])

    async def sometimes(**given: Any) -> Any:
        if next(tries, False):
            http.slack.fail("chat.postMessage", error="internal_error")
        return await send(**given)

    messenger._client.chat_postMessage = sometimes  # type: ignore[method-assign]
    with pytest.raises(TryLater):
        await messenger.send(to, long, "review:1")
    another = SlackMessenger(messenger._client)
    assert await another.find(to, "review:1") is None
    ref = await another.send(to, long, "review:1")

    posts = http.slack.messages(http.ada.id)
    assert "".join(one.text for one in posts).replace("\n", "") == "word " * 3_000
    assert ref == f"{posts[-1].channel}:{posts[-1].ts}"
    assert await SlackMessenger(messenger._client).find(to, "review:1") == ref

    await messenger.replace(ref, literal("Done."))
    assert http.slack.messages(http.ada.id)[-1].text == "Done."


async def test_who_cannot_be_reached_is_told_at_the_next_contact(http: Stage) -> None:
    await http.command("/goal add Pass the boards")
    http.slack.deactivate(http.ada.id)
    assert (await http.tick(timedelta(days=4)))["failed"] == 1
    (member,) = http.house.rows(Member)
    assert member.unreachable_since is not None

    http.slack.users[http.ada.id]["deleted"] = False
    told, *_ = await http.command("/goal list")
    assert "12 January" in told.text


async def test_a_wrong_token_costs_no_member_a_delivery(
    http: Stage, caplog: pytest.LogCaptureFixture
) -> None:
    await http.command("/goal add Pass the boards")
    http.slack.fail("chat.postMessage", error="token_revoked")
    assert (await http.tick(timedelta(days=4)))["moved"] == 1
    (member,) = http.house.rows(Member)
    assert member.unreachable_since is None
    (record,) = [one for one in caplog.records if getattr(one, "action", "") == "slack_refused"]
    assert "install the app again" in record.getMessage()
    assert (await http.tick(timedelta(minutes=30)))["sent"] == 1


async def test_a_reply_that_must_wait_still_goes_before_deliveries(http: Stage) -> None:
    await http.command("/goal add Pass the boards")
    http.slack.fail("chat.postMessage", retry_after=1)
    replying = asyncio.create_task(http.says("goal list"))
    while not http.slack.called("chat.postMessage"):
        await asyncio.sleep(0.01)
    assert (await http.tick(timedelta(days=4)))["sent"] == 1
    await replying
    posted = http.slack.messages(http.ada.id)
    assert [bool(one.metadata) for one in posted[-2:]] == [False, True]
