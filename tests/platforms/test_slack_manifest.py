"""The manifest asks for what we use, and for nothing else."""

import ast
import re
from pathlib import Path

from slack_sdk.web.async_client import AsyncWebClient

from bot.app import FEATURES
from bot.chat.catalog import Catalog
from bot.platforms.slack import manifest as module
from bot.platforms.slack.manifest import EVENTS, METHODS, SCOPES, manifest

CATALOG = Catalog(group for feature in FEATURES for group in feature.groups)
FOLDER = Path(module.__file__).parent


def called() -> set[str]:
    """List the Web API methods that our code calls."""
    names = {
        node.func.attr
        for file in FOLDER.glob("*.py")
        for node in ast.walk(ast.parse(file.read_text("utf-8")))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)
    }
    methods = {name for name in names if "_" in name and hasattr(AsyncWebClient, name)}
    return {name.replace("_", ".") for name in methods}


def test_the_table_holds_each_method_that_we_call_and_no_other() -> None:
    assert called() == set(METHODS)


def test_the_scopes_are_those_of_methods_events_and_commands() -> None:
    assert SCOPES == (
        "chat:write", "commands", "files:write", "groups:history", "groups:read", "groups:write",
        "im:history", "im:write", "pins:write", "users:read",
    )  # fmt: skip
    assert manifest(CATALOG)["oauth_config"] == {"scopes": {"bot": list(SCOPES)}}


def test_each_group_is_a_slash_command() -> None:
    slashes = manifest(CATALOG)["features"]["slash_commands"]
    ours = [name for name in CATALOG.groups if name != "leave"]  # which leaves a channel there
    assert [each["command"] for each in slashes] == [f"/{name}" for name in ours]
    assert len(slashes) <= 25
    for each in slashes:
        assert re.fullmatch(r"/[a-z0-9_-]{1,31}", each["command"])
        assert 0 < len(each["description"]) <= 2_000
        assert len(each.get("usage_hint", "")) <= 1_000
        assert each["should_escape"] is False
        assert "url" not in each
    goal = next(each for each in slashes if each["command"] == "/goal")
    assert goal["usage_hint"].startswith("add | list | ")


def test_socket_mode_needs_no_address() -> None:
    said = manifest(CATALOG)
    assert "url" not in str(said)
    assert said["settings"] == {
        "event_subscriptions": {"bot_events": list(EVENTS)},
        "interactivity": {"is_enabled": True},
        "org_deploy_enabled": False,
        "socket_mode_enabled": True,
        "token_rotation_enabled": False,
    }
    assert said["features"]["app_home"] == {
        "home_tab_enabled": True,
        "messages_tab_enabled": True,
        "messages_tab_read_only_enabled": False,
    }


def test_http_mode_has_one_address_everywhere() -> None:
    url = "https://coach.example.org/slack/events"
    said = manifest(CATALOG, url)
    assert said["settings"]["socket_mode_enabled"] is False
    assert said["settings"]["event_subscriptions"]["request_url"] == url
    assert said["settings"]["interactivity"]["request_url"] == url
    assert all(each["url"] == url for each in said["features"]["slash_commands"])


def test_the_texts_are_within_slacks_limits() -> None:
    shown = manifest(CATALOG)["display_information"]
    assert len(shown["name"]) <= 35
    assert len(shown["description"]) <= 140
