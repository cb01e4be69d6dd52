"""The other half of the fake Slack: a person at a keyboard, and how their deeds reach the app."""

import hashlib
import hmac
import json
import re
import time
from collections.abc import Iterator
from typing import Any, Self
from urllib.parse import urlencode
from uuid import uuid4

from aiohttp import ClientError, ClientSession, ClientTimeout

from bot.clock import Clock, utc_now
from tests.outside import slack_server as slack
from tests.outside.slack_limits import TYPED, elements_of, options_of
from tests.outside.slack_server import TEAM, Ack, Dict, Message, Screen, SlackServer

VALUE = dict.fromkeys(TYPED, "value")  # where each kind of element keeps its value
VALUE |= dict.fromkeys(("static_select", "radio_buttons", "overflow"), "selected_option")
VALUE |= dict.fromkeys(("checkboxes", "multi_static_select"), "selected_options")
VALUE |= {"datepicker": "selected_date", "timepicker": "selected_time"}
VALUE |= {"users_select": "selected_user", "multi_users_select": "selected_users"}
DOMAIN = "preceptor-test"
Place = Message | Screen


class SocketTransport:
    """Deliver through the server's WebSocket."""

    def __init__(self, server: SlackServer) -> None:
        self.server = server

    async def deliver(self, kind: str, payload: Dict, *, retry: int = 0) -> Ack:
        return await self.server.send(kind, payload, retry=retry)


class HttpTransport:
    """Deliver by signed requests to the app's address; an async context manager.

    Set `age` to seconds for a stale timestamp, `forged` for a wrong signature.
    """

    def __init__(self, app_url: str, signing_secret: str, now: Clock = utc_now) -> None:
        self.app_url, self.signing_secret, self.now = app_url, signing_secret, now
        self.age, self.forged = 0, False

    async def __aenter__(self) -> Self:
        self._session = ClientSession(timeout=ClientTimeout(total=slack.PATIENCE))
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._session.close()

    async def deliver(self, kind: str, payload: Dict, *, retry: int = 0) -> Ack:
        form = payload if kind == "slash_commands" else {"payload": json.dumps(payload)}
        body = json.dumps(payload) if kind == "events_api" else urlencode(form)
        mime = "json" if kind == "events_api" else "x-www-form-urlencoded"
        headers = {"Content-Type": f"application/{mime}", **self.signed(body)}
        if retry:
            headers |= {"X-Slack-Retry-Num": str(retry), "X-Slack-Retry-Reason": "http_timeout"}
        began = time.monotonic()
        try:
            async with self._session.post(self.app_url, data=body, headers=headers) as answer:
                status, text = answer.status, await answer.text()
        except (TimeoutError, ClientError):
            status, text = 0, ""
        return Ack(status, _read(text), time.monotonic() - began)

    def signed(self, body: str) -> dict[str, str]:
        """Sign a body as Slack does."""
        moment = str(int(self.now().timestamp()) - self.age)
        secret = "forged" if self.forged else self.signing_secret
        base = f"v0:{moment}:{body}".encode()
        signature = hmac.new(secret.encode(), base, hashlib.sha256).hexdigest()
        return {"X-Slack-Request-Timestamp": moment, "X-Slack-Signature": f"v0={signature}"}


Transport = HttpTransport | SocketTransport


def _read(text: str) -> Dict:
    try:
        body = json.loads(text)
    except ValueError:
        return {"text": text} if text else {}
    return body if isinstance(body, dict) else {"text": text}


def passed_on(text: str, *, linked: bool = False) -> str:
    """Write what was typed as Slack passes it on: escaped, in messages with marked addresses."""
    text = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return re.sub(r"(https?://[^\s<>]+)", r"<\1>", text) if linked else text


class Person:
    """A member of the workspace; each deed awaits the app's acknowledgement."""

    def __init__(
        self,
        server: SlackServer,
        transport: Transport,
        user: str = "U0ADA",
        name: str = "Ada Lovelace",
        tz: str = "Europe/London",
    ) -> None:
        self.server, self.transport, self.id, self.name = server, transport, user, name
        self.ack = Ack(0, {}, 0)  # the last one
        self._last: tuple[str, Dict, int] | None = None
        self._chosen: dict[str, Dict] = {}  # message ts or view id → block id → action id → state
        server.add_user(user, name, tz)

    @property
    def dm(self) -> str:
        return slack.dm_of(self.id)

    @property
    def modal(self) -> Screen:
        """The modal on top of this person's screen."""
        return [one for one in self.server.modals if one.user == self.id][-1]

    async def command(self, name: str, text: str = "", *, channel: str | None = None) -> Ack:
        """Type a slash command; what the acknowledgement says is shown to this person."""
        place = channel or self.dm
        form = {"token": "legacy", "team_id": TEAM, "team_domain": DOMAIN}
        form |= {"channel_id": place, "channel_name": self._channel(place)["name"]}
        form |= {"user_id": self.id, "user_name": self._user["username"], "command": name}
        form |= {"text": passed_on(text), "api_app_id": slack.APP, "is_enterprise_install": "false"}
        form["response_url"] = self.server.issue_reply(self.id, place)
        form["trigger_id"] = self.server.issue_trigger(self.id)
        ack = await self._deliver("slash_commands", form)
        if ack.ok and (ack.body.get("text") or ack.body.get("blocks")):
            self.server.show_reply(self.id, place, ack.body)
        return ack

    async def says(self, text: str, *, channel: str | None = None) -> Ack:
        """Write a message, by default to the app's DM."""
        place = channel or self.dm
        message = self.server.post(place, self.id, {"text": passed_on(text, linked=True)})
        event = message.wire() | {"channel": place, "event_ts": message.ts}
        event["channel_type"] = "channel" if channel else "im"
        return await self.event(event | {"client_msg_id": str(uuid4())})

    async def opens_home(self) -> Ack:
        """Look at the app's home tab."""
        event = {"type": "app_home_opened", "user": self.id, "channel": self.dm, "tab": "home"}
        if home := self.server.home(self.id):
            event["view"] = home.view
        return await self.event(event | {"event_ts": self.server.stamp()})

    async def event(self, event: Dict) -> Ack:
        """Let any event reach the app."""
        grant = {"enterprise_id": None, "team_id": TEAM, "user_id": slack.BOT_USER, "is_bot": True}
        callback = {"token": "legacy", "team_id": TEAM, "api_app_id": slack.APP, "event": event}
        callback |= {"type": "event_callback", "event_id": f"Ev{uuid4().hex[:9].upper()}"}
        callback |= {"event_time": int(self.server.now().timestamp())}
        callback |= {"authorizations": [grant | {"is_enterprise_install": False}]}
        return await self._deliver("events_api", callback)

    async def again(self) -> Ack:
        """Let Slack deliver the last deed once more, as if the app had not answered."""
        assert self._last is not None
        kind, payload, retries = self._last
        return await self._deliver(kind, payload, retries + 1)

    async def presses(self, where: Place, wanted: str) -> Ack:
        """Press a button, named by its label or action id."""
        block, part = _find(where.blocks, wanted)
        told = {key: part[key] for key in ("text", "value", "style", "url") if key in part}
        return await self._acts(where, block, part, {"type": part["type"], **told})

    async def chooses(self, where: Place, wanted: str, choice: Any) -> Ack:
        """Pick an option by its label or value, a date, a person; without pressing anything."""
        block, part = _find(where.blocks, wanted)
        state = _state(part, choice)
        if part["type"] != "overflow":  # a menu forgets
            states = self._chosen.setdefault(where.key, {})
            states.setdefault(block["block_id"], {})[part["action_id"]] = state
        return await self._acts(where, block, part, state)

    async def submits(self, screen: Screen, values: Dict) -> Dict:
        """Fill in a modal's inputs, by label or block id, and submit it."""
        states = self._states(screen)
        for wanted, value in values.items():
            block, part = _find(screen.blocks, wanted)
            states[block["block_id"]][part["action_id"]] = _state(part, value)
        _allow(screen.blocks, states)
        self._chosen[screen.key] = states  # a refused form keeps what was typed
        payload = self._interaction("view_submission") | {"response_urls": []}
        payload["view"] = screen.view | {"state": {"values": states}}
        ack = await self._deliver("interactive", payload)
        assert ack.ok, f"Slack shows “We had some trouble connecting”: {ack}"
        self.server.answer_modal(screen, ack.body)
        return ack.body

    async def _acts(self, where: Place, block: Dict, part: Dict, told: Dict) -> Ack:
        action = told | {"action_id": part["action_id"], "block_id": block["block_id"]}
        payload = self._interaction("block_actions")
        payload["actions"] = [action | {"action_ts": self.server.stamp()}]
        state = {"values": self._states(where)}
        if isinstance(where, Screen):
            payload["container"] = {"type": "view", "view_id": where.id}
            payload["view"] = where.view | {"state": state}
            return await self._deliver("interactive", payload)
        container = {"type": "message", "message_ts": where.ts, "channel_id": where.channel}
        payload["container"] = container | {"is_ephemeral": where.ephemeral}
        payload |= {"channel": self._channel(where.channel), "state": state}
        payload["response_url"] = self.server.issue_reply(self.id, where.channel, where)
        if not where.ephemeral:  # Slack does not send an ephemeral message back
            payload["message"] = where.wire()
        return await self._deliver("interactive", payload)

    def _states(self, where: Place) -> Dict:
        """Tell what each element on a screen holds: what was chosen, else what it began with."""
        states: Dict = {}
        for block, part in _parts(where.blocks):
            if part["type"] in VALUE and part["type"] != "overflow":
                states.setdefault(block["block_id"], {})[part["action_id"]] = _state(part)
        for block_id, chosen in self._chosen.get(where.key, {}).items():
            states.get(block_id, {}).update(chosen)
        return states

    def _interaction(self, kind: str) -> Dict:
        about = {"type": kind, "token": "legacy", "api_app_id": slack.APP, "user": self._user}
        about |= {"trigger_id": self.server.issue_trigger(self.id), "enterprise": None}
        return about | {"team": {"id": TEAM, "domain": DOMAIN}, "is_enterprise_install": False}

    @property
    def _user(self) -> Dict:
        name = self.server.users[self.id]["name"]
        return {"id": self.id, "username": name, "name": name, "team_id": TEAM}

    def _channel(self, place: str) -> Dict:
        return self.server.shown(place, self.id)

    async def _deliver(self, kind: str, payload: Dict, retry: int = 0) -> Ack:
        self._last = kind, payload, retry
        self.ack = await self.transport.deliver(kind, payload, retry=retry)
        return self.ack


def _parts(blocks: list[Dict]) -> Iterator[tuple[Dict, Dict]]:
    for block in blocks:
        for part in elements_of(block):
            if "action_id" in part:
                yield block, part


def _names(block: Dict, part: Dict) -> list[str]:
    labels = [part.get("text"), part.get("placeholder"), block.get("label")]
    ids = [part["action_id"], *([block["block_id"]] if block["type"] == "input" else [])]
    return ids + [label["text"] for label in labels if label]


def _find(blocks: list[Dict], wanted: str) -> tuple[Dict, Dict]:
    found = [pair for pair in _parts(blocks) if wanted in _names(*pair)]
    if len(found) != 1:
        seen = [_names(*pair) for pair in _parts(blocks)]
        raise LookupError(f"{len(found)} are called {wanted!r}; there are {seen}")
    return found[0]


def _state(part: Dict, choice: Any = None) -> Dict:
    """Tell what an element holds: the choice, or what it started with."""
    key = VALUE[part["type"]]
    if choice is None:
        start = key.replace("selected", "initial") if key != "value" else "initial_value"
        return {"type": part["type"], key: part.get(start, [] if key.endswith("s") else None)}
    if key == "selected_option":
        choice = _option(part, choice)
    elif key == "selected_options":
        choice = [_option(part, one) for one in choice]
    else:
        choice = (str(choice) if key == "value" else choice) or None  # an emptied field is null
    return {"type": part["type"], key: choice}


def _option(part: Dict, wanted: str) -> Dict:
    for option in options_of(part):
        if wanted in (option["text"]["text"], option["value"]):
            return option
    raise LookupError(f"no option {wanted!r} in {options_of(part)}")


def _allow(blocks: list[Dict], states: Dict) -> None:
    """Refuse what Slack's own client would not let a person submit."""
    for block in (one for one in blocks if one["type"] == "input"):
        part, label = block["element"], block["label"]["text"]
        value = states[block["block_id"]][part["action_id"]][VALUE[part["type"]]]
        if not value:
            size, least, most = 0.0, 0.0 if block.get("optional") else 1.0, 0.0
        elif part["type"] == "number_input":
            least, most = part.get("min_value", "-inf"), part.get("max_value", "inf")
            size, least, most = float(value), float(least), float(most)
        else:
            most = part.get("max_selected_items", part.get("max_length", 3000))
            size, least = len(value), part.get("min_length", 0)
        if not least <= size <= most:
            raise ValueError(f"Slack’s client refuses {value!r} as an answer to {label!r}")
