"""The app's manifest, from what the coach declares and from the methods that we call."""

from collections.abc import Mapping
from itertools import chain
from typing import Any

from bot.chat.catalog import Catalog
from bot.chat.command import Group

#: The bot scopes of each Web API method that we call; none where Slack asks for none. `groups:` is
#: Slack's word for private channels; in public ones we do nothing that needs a scope.
METHODS: Mapping[str, tuple[str, ...]] = {
    "apps.connections.open": (),  # an app-level token's connections:write
    "auth.test": (),
    "chat.postMessage": ("chat:write",),
    "chat.update": ("chat:write",),
    "conversations.archive": ("groups:write",),
    "conversations.create": ("groups:write",),
    "conversations.history": ("groups:history", "im:history"),
    "conversations.invite": ("groups:write",),
    "conversations.kick": ("groups:write",),
    "conversations.list": ("groups:read",),
    "conversations.open": ("im:write",),
    "conversations.replies": ("groups:history",),
    "conversations.setPurpose": ("groups:write",),
    "files.completeUploadExternal": ("files:write",),
    "files.getUploadURLExternal": ("files:write",),
    "pins.add": ("pins:write",),
    "users.info": ("users:read",),
    "views.open": (),
    "views.publish": (),
}
#: The bot scope of each event that we hear.
EVENTS: Mapping[str, str] = {"app_home_opened": "", "message.im": "im:history"}
#: What slash commands need.
COMMANDS = "commands"
SCOPES = tuple(sorted({COMMANDS, *chain(*METHODS.values()), *EVENTS.values()} - {""}))
#: Slack's own commands, which no app may have; a member says "/coach leave …" instead.
TAKEN = frozenset({"leave"})
#: What Slack's forms take, in characters.
DESCRIPTION, HINT = 2_000, 1_000
NAME = "Preceptor"


def manifest(catalog: Catalog, url: str | None = None) -> dict[str, Any]:
    """Describe the app for Slack: Socket Mode, or requests to the given address."""
    events: dict[str, Any] = {"bot_events": list(EVENTS)}
    interactivity: dict[str, Any] = {"is_enabled": True}
    if url is not None:
        events["request_url"] = interactivity["request_url"] = url
    return {
        "display_information": {
            "name": NAME,
            "description": "A career coach for clinicians: goals, check-ins, and monthly reviews.",
            "background_color": "#1f4e5f",
        },
        "features": {
            "app_home": {
                "home_tab_enabled": True,
                "messages_tab_enabled": True,
                "messages_tab_read_only_enabled": False,
            },
            "bot_user": {"display_name": NAME, "always_online": True},
            "slash_commands": [
                _slash(catalog, group, url)
                for group in catalog.groups.values()
                if group.name not in TAKEN
            ],
        },
        "oauth_config": {"scopes": {"bot": list(SCOPES)}},
        "settings": {
            "event_subscriptions": events,
            "interactivity": interactivity,
            "org_deploy_enabled": False,
            "socket_mode_enabled": url is None,
            "token_rotation_enabled": False,
        },
    }


def _slash(catalog: Catalog, group: Group, url: str | None) -> dict[str, Any]:
    if len(group.summary) > DESCRIPTION:
        raise ValueError(f"the summary of /{group.name} is longer than Slack takes")
    slash: dict[str, Any] = {"command": f"/{group.name}", "description": group.summary}
    if url is not None:
        slash["url"] = url
    if hint := _hint(catalog, group):
        slash["usage_hint"] = hint
    return slash | {"should_escape": False}


def _hint(catalog: Catalog, group: Group) -> str:
    """Name the sub-commands, as many as the hint takes."""
    names = [each.name for each in catalog.commands.values() if each.group == group.name]
    names = [name for name in names if name]
    while len(hint := " | ".join(names)) > HINT:
        names.pop()
    return hint
