"""The coach on Slack: modals, and the buttons that open or replace."""

import asyncio
import json
from typing import Any

import pytest

from bot.platforms.slack import listeners
from tests.outside.slack_stage import Stage, buttons

pytestmark = pytest.mark.outside


async def test_a_modal_asks_for_what_is_missing_and_keeps_what_was_typed(stage: Stage) -> None:
    await stage.command("/coach")
    assert await stage.command("/goal add") == []
    form = stage.ada.modal

    assert await stage.submits({"title": "Pass the boards", "due": "the 31st of Junne"}) == []
    assert stage.ada.ack.body["response_action"] == "errors"
    assert list(stage.ada.ack.body["errors"]) == ["due"]
    assert stage.slack.modals == [form]

    (kept,) = await stage.submits({"due": "June 2027"})
    assert stage.ada.ack.body == {"response_action": "clear"}
    assert "30 June 2027" in kept.text
    assert kept.ephemeral
    assert stage.house.titles() == ["Pass the boards"]


async def test_a_button_replaces_its_message(stage: Stage) -> None:
    *_, kept = await stage.command("/goal add Be a better teacher")
    assert "It is fine as it is" in buttons(kept)

    assert await stage.presses(kept, "It is fine as it is") == []
    assert kept.edits == 1
    assert "It is fine as it is" not in buttons(kept)


async def test_a_button_opens_a_form_whose_answer_comes_to_the_same_place(stage: Stage) -> None:
    stage.slack.add_channel("C0TEAM", "team")
    *_, kept = await stage.command("/goal add Be a better teacher", "C0TEAM")

    await stage.presses(kept, "Make it sharper")
    (changed,) = await stage.submits({"title": "Teach 4 sessions on ECG reading"})

    assert "Teach 4 sessions" in changed.text
    assert (changed.channel, changed.only_for) == ("C0TEAM", stage.ada.id)


async def test_a_direct_message_has_no_trigger_so_a_button_opens_the_form(stage: Stage) -> None:
    await stage.says("coach")
    (offer,) = await stage.says("goal add")
    (label,) = buttons(offer)

    await stage.presses(offer, label)
    (kept,) = await stage.submits({"title": "Pass the boards"})
    assert "Pass the boards" in kept.text
    assert not kept.ephemeral
    assert kept.channel == stage.ada.dm


@pytest.mark.parametrize("code", ["expired_trigger_id", "exchanged_trigger_id", "internal_error"])
async def test_a_form_that_cannot_open_is_offered_by_a_button(http: Stage, code: str) -> None:
    await http.command("/coach")
    http.slack.fail("views.open", error=code)
    (offer,) = await http.command("/goal add")
    assert offer.ephemeral

    (label,) = buttons(offer)
    await http.presses(offer, label)
    (kept,) = await http.submits({"title": "Pass the boards"})
    assert "Pass the boards" in kept.text


async def test_a_slow_turn_is_acknowledged_and_its_refusal_offered_again(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    await stage.command("/coach")
    await stage.command("/goal add")
    monkeypatch.setattr(listeners, "PATIENCE", 0.05)
    handle = stage.house.coach.dispatch.handle

    async def slowly(incoming: Any) -> Any:
        await asyncio.sleep(0.2)
        return await handle(incoming)

    monkeypatch.setattr(stage.house.coach.dispatch, "handle", slowly)
    (offer,) = await stage.submits({"title": "Pass the boards", "due": "the 31st of Junne"})
    assert stage.ada.ack.body == {"response_action": "clear"}

    (label,) = buttons(offer)
    await stage.presses(offer, label)
    assert "the 31st of Junne" in json.dumps(stage.ada.modal.blocks)
    (kept,) = await stage.submits({"due": "June 2027"})
    assert "30 June 2027" in kept.text


async def test_a_restart_in_mid_form_harms_nothing(stage: Stage) -> None:
    await stage.command("/coach")
    await stage.command("/goal add")
    links = stage.slack.links

    await stage.house.stop()
    await stage.house.start()
    if links:
        await stage.slack.linked(times=links + 1)

    (kept,) = await stage.submits({"title": "Pass the boards", "due": "June 2027"})
    assert "30 June 2027" in kept.text
    assert kept.ephemeral
