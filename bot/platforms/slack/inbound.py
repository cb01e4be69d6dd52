"""What Bolt hands us, as what the engine understands. The platform's dicts end here."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from bot.chat.incoming import Actor, Incoming, Pressed, Said, Submitted, Visited
from bot.platforms.slack.views import NO_ANSWER

PLATFORM = "slack"
Body = Mapping[str, Any]
#: `<https://…|words>`, `<@U…>`, `<#C…|name>`, `<!here>`: the markup of Slack's message texts.
_MARKED = re.compile(r"<([@#!]?)([^<>|]*)(?:\|([^<>]*))?>")


@dataclass(frozen=True, slots=True)
class Origin:
    """Where something came from, and so where its answer belongs."""

    user: str
    #: The coach's own DM with this person; elsewhere only this person may see an answer.
    own_dm: str = ""
    thread: str = ""
    #: Takes up to five answers within half an hour.
    response_url: str = ""
    #: Opens one modal within three seconds.
    trigger: str = ""
    #: A button was pressed in a message that nobody else sees: the answer may replace it.
    pressed: bool = False
    home: bool = False

    @property
    def kept(self) -> dict[str, object]:
        """What a modal remembers, so that its answer finds the way back after a restart."""
        told = {"dm": self.own_dm, "url": self.response_url, "home": self.home}
        return {name: value for name, value in told.items() if value}


@dataclass(frozen=True, slots=True)
class Heard:
    """What someone did, and where the answer goes."""

    incoming: Incoming
    origin: Origin

    def from_(self, name: str, zone: str) -> "Heard":
        """Tell who this is in the words of their profile."""
        actor = replace(self.incoming.actor, name=name, zone=zone)
        return Heard(replace(self.incoming, actor=actor), self.origin)


def command(body: Body) -> Heard:
    """Read a slash command: "/goal add …"."""
    text = f"{body['command']} {literal(body.get('text') or '')}".rstrip()
    actor = Actor(PLATFORM, _workspace(body), body["user_id"])
    origin = Origin(
        actor.user, response_url=body.get("response_url", ""), trigger=body.get("trigger_id", "")
    )
    return Heard(Said(actor, text, _key("command", body.get("trigger_id"))), origin)


def action(body: Body) -> Heard | None:
    """Read a pressed button; anything else that can be pressed has no meaning for us."""
    pressed = body["actions"][0]
    if pressed.get("type") != "button" or not pressed.get("value"):
        return None
    container = body.get("container") or {}
    channel = (body.get("channel") or {}).get("id") or container.get("channel_id") or ""
    on_message = container.get("type") == "message"
    alone = on_message and bool(container.get("is_ephemeral"))
    # Unless only one person sees it, a message of ours in a DM stands in a DM with us.
    ours = on_message and channel.startswith("D") and not alone
    actor = _person(body)
    origin = Origin(
        actor.user,
        own_dm=channel if ours else "",
        response_url=body.get("response_url") or "",
        trigger=body.get("trigger_id") or "",
        pressed=ours or alone,
        home=container.get("type") == "view",
    )
    key = body.get("trigger_id") or pressed.get("action_ts")
    return Heard(Pressed(actor, pressed["value"], _key("action", key)), origin)


def submission(body: Body) -> Heard | None:
    """Read a sent form. A view that is not of our making has no meaning for us."""
    view = body["view"]
    try:
        told = json.loads(view.get("private_metadata") or "")
        form = str(told["form"])
    except (ValueError, KeyError, TypeError):
        return None
    actor = _person(body)
    origin = Origin(
        actor.user,
        own_dm=told.get("dm", ""),
        response_url=told.get("url", ""),
        home=bool(told.get("home")),
    )
    # A form that was refused is sent again as the same view with the same hash: only the trigger
    # tells a second try from a second delivery of the first one.
    key = body.get("trigger_id") or f"{view.get('hash', '')}"
    values = {
        name: _value(next(iter(elements.values()), {}))
        for name, elements in view["state"]["values"].items()
    }
    return Heard(Submitted(actor, form, values, _key("view", f"{view['id']}:{key}")), origin)


def message(body: Body) -> Heard | None:
    """Read a direct message from a person; edits, bots, and other channels are not for us."""
    event = body["event"]
    person = event.get("user")
    if (
        event.get("channel_type") != "im"
        or event.get("subtype") not in (None, "file_share")
        or event.get("bot_id")
        or event.get("hidden")
        or not person
    ):
        return None
    text = literal(event.get("text") or "").strip()
    if not text:
        return None
    actor = Actor(PLATFORM, _workspace(body), person)
    origin = Origin(person, own_dm=event["channel"], thread=event.get("thread_ts") or "")
    return Heard(Said(actor, text, _key("event", body.get("event_id"))), origin)


def visit(body: Body) -> Heard | None:
    """Read that someone looks at the home tab; the messages tab opens with the same event."""
    event = body["event"]
    if event.get("tab", "home") != "home" or not event.get("user"):
        return None
    actor = Actor(PLATFORM, _workspace(body), event["user"])
    visited = Visited(actor, _key("event", body.get("event_id")))
    return Heard(visited, Origin(actor.user, home=True))


def literal(text: str) -> str:
    """Give back what was typed: without Slack's markup for addresses, and unescaped."""
    plain = _MARKED.sub(_unmarked, text)
    return plain.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


def _unmarked(found: re.Match[str]) -> str:
    sign, target, words = found[1], found[2], found[3]
    if sign in ("@", "#"):
        return f"{sign}{(words or target).removeprefix(sign)}"
    if sign == "!":
        return words or f"@{target}"
    target = target.removeprefix("mailto:")
    if not words or target.endswith(words) or target.rstrip("/").endswith(words):
        return words or target
    return f"{words} ({target})"


def _person(body: Body) -> Actor:
    return Actor(PLATFORM, _workspace(body), body["user"]["id"])


def _workspace(body: Body) -> str:
    """Name the workspace; an app installed for a whole organisation has only that."""
    team, enterprise = body.get("team") or {}, body.get("enterprise") or {}
    return str(
        body.get("team_id")
        or team.get("id")
        or (body.get("user") or {}).get("team_id")
        or body.get("enterprise_id")
        or enterprise.get("id")
        or ""
    )


def _value(state: Body) -> str:
    """Read what one element holds; several choices are one text, with commas between."""
    if "selected_users" in state:
        return ",".join(state["selected_users"] or ())
    if "selected_options" in state:
        several = (str(each["value"]) for each in state["selected_options"] or ())
        return ",".join(value for value in several if value != NO_ANSWER)
    if "selected_option" not in state:
        return str(state.get("value") or "")
    chosen = str((state["selected_option"] or {}).get("value", ""))
    return "" if chosen == NO_ANSWER else chosen


def _key(kind: str, told: object) -> str:
    return f"{kind}:{told}" if told else ""
