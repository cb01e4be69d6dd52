"""What Slack sends, as what the engine understands."""

import json
from typing import Any

import pytest

from bot.chat.incoming import Actor, Pressed, Said, Submitted, Visited
from bot.platforms.slack import inbound
from bot.platforms.slack.inbound import Heard, Origin
from bot.platforms.slack.views import NO_ANSWER

ADA = Actor("slack", "T1", "U1")
COMMAND = {
    "command": "/goal",
    "text": "add R&amp;D",
    "team_id": "T1",
    "user_id": "U1",
    "channel_id": "D9",
    "trigger_id": "1.2.a",
    "response_url": "https://hooks/1",
}
BUTTON = {
    "type": "button",
    "value": "goal.done:12",
    "action_id": "b0:goal.done",
    "action_ts": "9.9",
}
PRESS = {
    "type": "block_actions",
    "user": {"id": "U1", "team_id": "T1"},
    "team": {"id": "T1"},
    "trigger_id": "3.4.b",
    "response_url": "https://hooks/2",
    "actions": [BUTTON],
    "channel": {"id": "D1", "name": "directmessage"},
    "container": {"type": "message", "channel_id": "D1", "is_ephemeral": False},
}
MESSAGE = {
    "type": "message",
    "channel_type": "im",
    "channel": "D1",
    "user": "U1",
    "text": "add R&amp;D",
    "ts": "5.5",
}


def event(changes: dict[str, Any]) -> dict[str, Any]:
    return {"team_id": "T1", "event_id": "Ev1", "event": MESSAGE | changes}


def test_a_command_is_what_was_typed() -> None:
    heard = inbound.command(COMMAND)
    assert heard.incoming == Said(ADA, "/goal add R&D", "command:1.2.a")
    # A DM channel of a command may be one between two people: it is never ours.
    assert heard.origin == Origin("U1", response_url="https://hooks/1", trigger="1.2.a")
    assert inbound.command(COMMAND | {"text": ""}).incoming.text == "/goal"  # type: ignore[union-attr]


def test_an_organisation_stands_for_a_missing_workspace() -> None:
    body = {**COMMAND, "team_id": None, "enterprise_id": "E1"}
    assert inbound.command(body).incoming.actor.workspace == "E1"


def test_a_press_in_the_coachs_own_dm() -> None:
    assert inbound.action(PRESS) == Heard(
        Pressed(ADA, "goal.done:12", "action:3.4.b"),
        Origin("U1", own_dm="D1", response_url="https://hooks/2", trigger="3.4.b", pressed=True),
    )


@pytest.mark.parametrize(("channel", "ephemeral"), [("D1", True), ("C1", True), ("C1", False)])
def test_a_press_elsewhere_is_answered_for_one(channel: str, ephemeral: bool) -> None:
    container = {"type": "message", "channel_id": channel, "is_ephemeral": ephemeral}
    heard = inbound.action(PRESS | {"channel": {"id": channel}, "container": container})
    assert heard is not None
    assert heard.origin.own_dm == ""
    assert heard.origin.pressed is ephemeral  # what others see is never replaced


def test_a_press_on_the_home_tab_has_no_message() -> None:
    body = {key: value for key, value in PRESS.items() if key not in ("channel", "response_url")}
    heard = inbound.action(body | {"container": {"type": "view", "view_id": "V1"}})
    assert heard is not None
    assert heard.origin == Origin("U1", trigger="3.4.b", home=True)


def test_a_press_without_a_trigger_is_known_by_its_moment() -> None:
    heard = inbound.action({**PRESS, "trigger_id": None})
    assert heard is not None
    assert heard.incoming.key == "action:9.9"


@pytest.mark.parametrize("pressed", [{"type": "static_select"}, {"type": "button", "url": "x"}])
def test_what_has_no_action_has_no_meaning(pressed: dict[str, str]) -> None:
    assert inbound.action(PRESS | {"actions": [pressed]}) is None


def submission(metadata: str, **values: Any) -> dict[str, Any]:
    states = {name: {"value": state} for name, state in values.items()}
    return {
        "type": "view_submission",
        "user": {"id": "U1", "team_id": "T1"},
        "team": {"id": "T1"},
        "trigger_id": "6.7.c",
        "view": {
            "id": "V1",
            "hash": "h1",
            "private_metadata": metadata,
            "state": {"values": states},
        },
    }


def test_a_form_comes_with_its_values_and_its_way_back() -> None:
    kept = Origin("U1", own_dm="D1", response_url="https://hooks/2", trigger="x", pressed=True)
    metadata = json.dumps({"form": "goal.edit:12", **kept.kept})
    heard = inbound.submission(
        submission(
            metadata,
            title={"type": "plain_text_input", "value": "R&D <b>"},
            why={"type": "plain_text_input", "value": None},
            area={"type": "radio_buttons", "selected_option": {"value": "self"}},
            shared={"type": "static_select", "selected_option": None},
            level={"type": "radio_buttons", "selected_option": {"value": NO_ANSWER}},
        )
    )
    assert heard == Heard(
        Submitted(
            ADA,
            "goal.edit:12",
            {"title": "R&D <b>", "why": "", "area": "self", "shared": "", "level": ""},
            "view:V1:6.7.c",
        ),
        Origin("U1", own_dm="D1", response_url="https://hooks/2"),
    )


def test_several_choices_and_people_are_one_text_each() -> None:
    heard = inbound.submission(
        submission(
            '{"form":"mentor.profile"}',
            topics={"type": "checkboxes", "selected_options": [{"value": "a"}, {"value": "b"}]},
            sought={"type": "multi_static_select", "selected_options": [{"value": NO_ANSWER}]},
            tongues={"type": "checkboxes", "selected_options": []},
            people={"type": "multi_users_select", "selected_users": ["U2", "W3"]},
            nobody={"type": "multi_users_select", "selected_users": None},
        )
    )
    assert heard is not None
    assert isinstance(heard.incoming, Submitted)
    assert heard.incoming.values == {
        "topics": "a,b", "sought": "", "tongues": "", "people": "U2,W3", "nobody": "",
    }  # fmt: skip


def test_a_second_try_is_not_a_second_delivery() -> None:
    first = inbound.submission(submission('{"form":"x"}'))
    again = inbound.submission(submission('{"form":"x"}') | {"trigger_id": "8.9.d"})
    assert first is not None
    assert again is not None
    assert first.incoming.key != again.incoming.key


@pytest.mark.parametrize("metadata", ["", "kept", "[]", "{}", "null"])
def test_a_form_of_another_making_has_no_meaning(metadata: str) -> None:
    assert inbound.submission(submission(metadata)) is None


def test_a_direct_message() -> None:
    heard = inbound.message(event({"thread_ts": "4.4"}))
    assert heard == Heard(
        Said(ADA, "add R&D", "event:Ev1"), Origin("U1", own_dm="D1", thread="4.4")
    )


@pytest.mark.parametrize(
    "changes",
    [
        {"channel_type": "channel"},
        {"channel_type": "mpim"},
        {"subtype": "message_changed"},
        {"subtype": "message_deleted"},
        {"subtype": "thread_broadcast"},
        {"subtype": "bot_message"},
        {"bot_id": "B1"},
        {"hidden": True},
        {"user": None},
        {"text": " "},
        {"text": None},
    ],
)
def test_other_messages_are_not_for_us(changes: dict[str, Any]) -> None:
    assert inbound.message(event(changes)) is None


def test_a_file_with_words_is_read_for_its_words() -> None:
    heard = inbound.message(event({"subtype": "file_share"}))
    assert heard is not None
    assert heard.incoming == Said(ADA, "add R&D", "event:Ev1")


def test_a_look_at_home() -> None:
    body = {
        "team_id": "T1",
        "event_id": "Ev2",
        "event": {"type": "app_home_opened", "user": "U1", "tab": "home"},
    }
    assert inbound.visit(body) == Heard(Visited(ADA, "event:Ev2"), Origin("U1", home=True))
    assert inbound.visit(body | {"event": {"user": "U1", "tab": "messages"}}) is None


@pytest.mark.parametrize(
    ("sent", "typed"),
    [
        ("a &lt;b&gt; &amp;amp; c", "a <b> &amp; c"),
        ("see <https://x.org/a?b=1&amp;c=2>", "see https://x.org/a?b=1&c=2"),
        ("see <http://x.org|x.org> now", "see x.org now"),
        ("see <https://x.org|the paper>", "see the paper (https://x.org)"),
        ("mail <mailto:a@b.org|a@b.org>", "mail a@b.org"),
        ("ask <@U2> in <#C1|general>", "ask @U2 in #general"),
        ("<@U2|ada> <!here> <!subteam^S1|@icu> <!channel>", "@ada @here @icu @channel"),
        ("1 &lt; 2", "1 < 2"),
    ],
)
def test_words_come_as_they_were_typed(sent: str, typed: str) -> None:
    assert inbound.literal(sent) == typed


def test_a_person_is_introduced_by_their_profile() -> None:
    heard = inbound.command(COMMAND).from_("Ada", "Europe/London")
    assert heard.incoming.actor == Actor("slack", "T1", "U1", "Ada", "Europe/London")
