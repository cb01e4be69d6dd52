"""The fake Slack keeps the limits of the real one."""

from collections.abc import AsyncIterator
from typing import Any

import pytest

from tests.outside.slack_bot import (
    BUTTON,
    FORM,
    OPTIONS,
    QUESTION,
    SELECT,
    Stage,
    asks,
    plain,
    refused,
    staged,
)
from tests.outside.slack_limits import faults

pytestmark = pytest.mark.outside


@pytest.fixture
async def http() -> AsyncIterator[Stage]:
    async with staged("http") as stage:
        yield stage


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
    "too many begin": asked(
        "multi_static_select", options=OPTIONS, initial_options=OPTIONS, max_selected_items=2
    ),
    "no room for one": asked("multi_users_select", max_selected_items=0),
    "no person": asked("multi_users_select", initial_users=["amina"]),
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
