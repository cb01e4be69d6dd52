"""A form with several choices and people, filled in on a Slack of our own."""

import json
from collections.abc import AsyncIterator, Mapping
from dataclasses import replace
from typing import Any

import pytest
from aiohttp import ClientSession
from slack_sdk.web.async_client import AsyncWebClient

from bot.chat.incoming import Submitted
from bot.chat.message import Field, Form
from bot.platforms.slack import inbound, views
from tests.outside.slack_calls import Ack, Dict
from tests.outside.slack_people import Person
from tests.outside.slack_server import BOT_TOKEN, SlackServer

pytestmark = pytest.mark.outside
FEW = (("clinic", "Clinical work"), ("teach", "Teaching"), ("lead", "Leading"))
MANY = tuple((f"t{number}", f"Topic {number}") for number in range(20))
FORM = Form(
    "mentor.profile",
    "Your profile",
    "Keep",
    (
        Field("offered", "What I offer", kind="several", choices=FEW, required=True, limit=3),
        Field("sought", "What I look for", kind="several", choices=MANY, value="t4", limit=2),
        Field("never", "Not with", kind="people", limit=2, value="U0BOB"),
    ),
)


class Hears:
    """Keeps what was submitted, and answers as it is told."""

    def __init__(self) -> None:
        self.answer: Dict = {}
        self.values: Mapping[str, str] = {}

    async def deliver(self, kind: str, payload: Dict, *, retry: int = 0) -> Ack:
        heard = inbound.submission(payload)
        assert heard is not None
        assert isinstance(heard.incoming, Submitted)
        self.values = heard.incoming.values
        return Ack(200, self.answer, 0)


@pytest.fixture
async def client() -> AsyncIterator[tuple[SlackServer, AsyncWebClient]]:
    async with SlackServer() as slack, ClientSession() as session:
        yield slack, AsyncWebClient(BOT_TOKEN, slack.base_url, session=session)


def chosen(screen: Any) -> dict[str, Any]:
    return {
        block["block_id"]: block["element"].get("initial_options")
        or block["element"].get("initial_users")
        for block in screen.blocks
    }


async def test_what_was_chosen_is_heard_and_kept(
    client: tuple[SlackServer, AsyncWebClient],
) -> None:
    slack, web = client
    app = Hears()
    ada = Person(slack, app)  # type: ignore[arg-type]
    metadata = {"form": FORM.address}
    await web.views_open(trigger_id=slack.issue_trigger(ada.id), view=views.modal(FORM, metadata))

    wrong = replace(FORM, errors={"never": "That is you."})
    app.answer = views.errors(wrong, [each.name for each in FORM.fields])
    await ada.submits(ada.modal, {"offered": ["Teaching", "lead"], "never": ["U0BOB", ada.id]})
    assert app.values == {"offered": "teach,lead", "sought": "t4", "never": f"U0BOB,{ada.id}"}

    # A form that comes again, with what was chosen.
    again = replace(
        FORM, fields=tuple(replace(one, value=app.values[one.name]) for one in FORM.fields)
    )
    app.answer = {"response_action": "update", "view": views.modal(again, metadata)}
    await ada.submits(ada.modal, {})
    shown = chosen(ada.modal)
    assert [one["value"] for one in shown["offered"]] == ["teach", "lead"]
    assert shown["never"] == ["U0BOB", ada.id]
    assert json.loads(ada.modal.private_metadata) == metadata

    app.answer = {}
    await ada.submits(ada.modal, {"sought": [], "never": []})
    assert app.values == {"offered": "teach,lead", "sought": "", "never": ""}
    assert slack.faults == []


async def test_slack_takes_no_more_than_the_limit(
    client: tuple[SlackServer, AsyncWebClient],
) -> None:
    slack, web = client
    ada = Person(slack, Hears())  # type: ignore[arg-type]
    view = views.modal(FORM, {"form": FORM.address})
    await web.views_open(trigger_id=slack.issue_trigger(ada.id), view=view)
    for values in (
        {"offered": []},
        {"offered": ["Teaching"], "sought": ["t1", "t2", "t3"]},
        {"offered": ["Teaching"], "never": ["U1", "U2", "U3"]},
    ):
        with pytest.raises(ValueError, match="refuses"):
            await ada.submits(ada.modal, values)
