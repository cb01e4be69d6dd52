"""A Slack of our own for tests: Web API, response URLs and Socket Mode on a real wire.

Three parts, each a class: Workspace (what people see), SocketMode, and SlackServer (the wire).
"""

import asyncio
import copy
import json
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any, Self
from uuid import uuid4
from zoneinfo import ZoneInfo

from aiohttp import WSMsgType, web

from bot.clock import Clock, utc_now
from tests.outside.slack_limits import advice, answer_faults, elements_of, faults

Dict = dict[str, Any]
TEAM, APP, BOT, BOT_USER = "T0PRECEPT", "A0PRECEPT", "B0PRECEPT", "U0PRECEPT"
BOT_TOKEN, APP_TOKEN = "xoxb-test", "xapp-test"
TRIGGER_LIVES = PATIENCE = 3.0  # seconds
REPLY_USES = 5


class Slip(Exception):
    """Slack's refusal: its code, then its remarks."""

    def wire(self) -> Dict:
        code, *remarks = self.args
        answer: Dict = {"ok": False, "error": code}
        if remarks:
            answer["response_metadata"] = {"messages": [f"[ERROR] {one}" for one in remarks]}
        return answer


@dataclass(frozen=True)
class Call:
    method: str
    payload: Dict
    at: float  # seconds of the server's own clock
    authorization: str


@dataclass(frozen=True)
class Fault:
    status: int = 200
    error: str = ""
    retry_after: float | None = None
    drop: bool = False
    delay: float = 0
    effect: bool = True  # a dropped or late call is carried out all the same

    @property
    def refuses(self) -> bool:
        return bool(self.error) or self.status != 200


@dataclass(frozen=True)
class Ack:
    status: int  # 0: no answer within Slack's three seconds
    body: Dict
    latency: float
    envelope_id: str = ""

    @property
    def ok(self) -> bool:
        return self.status == 200


@dataclass
class Message:
    ts: str
    channel: str
    author: str
    text: str = ""
    blocks: list[Dict] = field(default_factory=list)
    metadata: Dict | None = None
    thread_ts: str | None = None
    only_for: str | None = None  # the one person who sees an ephemeral message
    edits: int = 0

    @property
    def key(self) -> str:
        return self.ts

    @property
    def ephemeral(self) -> bool:
        return self.only_for is not None

    def wire(self, *, metadata: bool = True) -> Dict:
        """Show the message as the Web API does."""
        shown: Dict = {"type": "message", "user": self.author, "ts": self.ts, "text": self.text}
        shown |= {"team": TEAM, "blocks": copy.deepcopy(self.blocks)}
        if self.author == BOT_USER:
            shown |= {"bot_id": BOT, "app_id": APP}
        if self.edits:
            shown["edited"] = {"user": self.author, "ts": self.ts}
        extra = {"thread_ts": self.thread_ts, "metadata": self.metadata if metadata else None}
        return shown | {key: value for key, value in extra.items() if value}


@dataclass
class Screen:
    """A modal or a home tab, as one person sees it."""

    id: str
    user: str
    view: Dict  # as Slack tells it to the app

    @property
    def key(self) -> str:
        return self.id

    @property
    def private_metadata(self) -> str:
        return self.view["private_metadata"]

    @property
    def blocks(self) -> list[Dict]:
        return self.view["blocks"]


def dm_of(user: str) -> str:
    """Name the DM between the app and a person."""
    return f"D{user[1:]}"


def dressed(blocks: list[Dict]) -> list[Dict]:
    """Give each block and element the id that the app left to Slack."""
    blocks = copy.deepcopy(blocks)
    for block in blocks:
        block.setdefault("block_id", uuid4().hex[:5])
        for part in elements_of(block):
            if part["type"] not in ("image", "plain_text", "mrkdwn"):
                part.setdefault("action_id", uuid4().hex[:5])
    return blocks


class Workspace:
    """People, channels, messages, modals and home tabs: what is on the screens."""

    def __init__(self, now: Clock) -> None:
        self.now = now
        self.faults: list[str] = []
        self.advice: list[str] = []
        self.users: dict[str, Dict] = {}
        self.channels: dict[str, str] = {}  # id → name
        self.modals: list[Screen] = []  # the open ones; a person's last is on top
        self._homes: dict[str, Screen] = {}
        self._said: list[Message] = []
        self._triggers: dict[str, tuple[str, float]] = {}  # unused: whose, and since when
        self._spent: set[str] = set()
        self._stamp, self._ahead = 0, 0.0
        self.add_user(BOT_USER, "Preceptor", is_bot=True)

    def add_user(self, user: str, name: str, tz: str = "Etc/UTC", *, is_bot: bool = False) -> None:
        offset = self.now().astimezone(ZoneInfo(tz)).utcoffset()
        self.users[user] = {
            "id": user,
            "team_id": TEAM,
            "name": name.lower().replace(" ", "."),
            "real_name": name,
            "deleted": False,
            "is_bot": is_bot,
            "is_app_user": False,
            "tz": tz,
            "tz_label": tz,
            "tz_offset": int(offset.total_seconds()) if offset else 0,
            "profile": {"real_name": name, "display_name": name.split()[0]},
        }

    def deactivate(self, user: str) -> None:
        """Deactivate an account; Slack then tells no time zone for it any more."""
        kept = {key: told for key, told in self.users[user].items() if not key.startswith("tz")}
        self.users[user] = kept | {"deleted": True}

    def add_channel(self, channel: str, name: str) -> None:
        self.channels[channel] = name

    def clock(self) -> float:
        """Tell the server's own monotonic seconds, by which triggers age."""
        return time.monotonic() + self._ahead

    def advance(self, seconds: float) -> None:
        self._ahead += seconds

    def messages(self, place: str, *, everyone: bool = False) -> list[Message]:
        """Show the app's messages in a channel, or in a person's DM with what only they saw."""
        return [
            one
            for one in self._said
            if one.only_for == place or one.channel in (place, dm_of(place))
            if everyone or one.author == BOT_USER
        ]

    def home(self, user: str) -> Screen | None:
        return self._homes.get(user)

    def stamp(self) -> str:
        """Make a message's ts: the time, and no two alike."""
        self._stamp = max(self._stamp + 1, int(self.now().timestamp() * 1_000_000))
        return f"{self._stamp // 1_000_000}.{self._stamp % 1_000_000:06d}"

    def issue_trigger(self, user: str) -> str:
        trigger = f"{len(self._triggers) + 1}.{time.monotonic_ns()}.{uuid4().hex}"
        self._triggers[trigger] = (user, self.clock())
        return trigger

    def spend_trigger(self, trigger: str) -> str:
        """Tell whose trigger it is; it opens one modal, within three seconds."""
        if trigger not in self._triggers:
            raise Slip("invalid_trigger_id")
        user, since = self._triggers[trigger]
        if trigger in self._spent:
            raise Slip("exchanged_trigger_id")
        if self.clock() - since > TRIGGER_LIVES:
            raise Slip("expired_trigger_id")
        self._spent.add(trigger)
        return user

    def check(self, where: str, found: list[str]) -> None:
        """Refuse a payload that breaks limits, and remember why."""
        self.faults += [f"{where}: {fault}" for fault in found]
        if found:
            raise Slip("invalid_blocks", *found)

    def examine(self, where: str, payload: Dict) -> None:
        self.advice += [f"{where}: {one}" for one in advice(payload)]
        self.check(where, faults(payload))

    def proper(self, where: str, asked: Dict, kind: str) -> Dict:
        """Take the view out of a call, if it is one of this kind and keeps the limits."""
        view = asked.get("view")
        if not isinstance(view, dict) or view.get("type") != kind:
            self.faults.append(f"{where}: no {kind} view")
            raise Slip("invalid_arguments")
        self.examine(where, asked)
        return view

    def post(
        self, channel: str, author: str, payload: Dict, only_for: str | None = None
    ) -> Message:
        message = Message(self.stamp(), channel, author, only_for=only_for)
        message.thread_ts = payload.get("thread_ts")
        self._said.append(message)
        return self.fill(message, payload)

    def show_reply(self, user: str, channel: str, reply: Dict) -> None:
        """Show what an acknowledged command answered at once."""
        with suppress(Slip):  # check() keeps the fault
            self.examine("acknowledgement", reply)
            public = reply.get("response_type") == "in_channel"
            self.post(channel, BOT_USER, reply, None if public else user)

    def fill(self, message: Message, payload: Dict) -> Message:
        message.text = payload.get("text") or ""
        message.blocks = dressed(payload.get("blocks") or [])
        message.metadata = payload.get("metadata", message.metadata) or None
        return message

    def find(self, channel: str, ts: str) -> Message:
        for message in self._said:
            if (message.channel, message.ts) == (channel, ts) and not message.ephemeral:
                return message
        raise Slip("message_not_found")

    def reach(self, place: str) -> str:
        """Find the channel meant by its id, its name, or the person whose DM it is."""
        named = {name: key for key, name in self.channels.items()}
        place = named.get(place.removeprefix("#"), place)
        user = self.users.get(place) or self.users.get(f"U{place[1:]}" if place[:1] == "D" else "")
        if user and user["deleted"]:
            raise Slip("user_disabled")
        if user and not user["is_bot"]:
            return dm_of(user["id"])
        if place not in self.channels:
            raise Slip("channel_not_found")
        return place

    def screen(self, view_id: str) -> Screen:
        for one in [*self.modals, *self._homes.values()]:
            if one.id == view_id or view_id == one.view.get("external_id"):
                return one
        raise Slip("not_found")

    def show(self, user: str, view: Dict, *, over: Screen | None = None) -> Screen:
        """Put a view on a person's screen, over another if given."""
        screen = Screen(f"V{uuid4().hex[:10].upper()}", user, {})
        self.redraw(screen, view)
        screen.view |= {"root_view_id": screen.id, "previous_view_id": None}
        if over is not None:
            root = {"root_view_id": over.view["root_view_id"], "previous_view_id": over.id}
            screen.view |= root
        return screen

    def redraw(self, screen: Screen, view: Dict) -> Screen:
        kept = {key: screen.view.get(key) for key in ("root_view_id", "previous_view_id")}
        blank = {"private_metadata": "", "callback_id": "", "external_id": "", "state": {}}
        flags = {"close": None, "submit": None, "clear_on_close": False, "notify_on_close": False}
        ours = {"id": screen.id, "team_id": TEAM, "app_id": APP, "bot_id": BOT, **kept}
        screen.view = blank | flags | view | ours
        screen.view |= {"blocks": dressed(view["blocks"]), "state": {"values": {}}}
        screen.view["hash"] = f"{self.stamp()}.{uuid4().hex[:8]}"
        return screen

    def answer_modal(self, screen: Screen, answer: Dict) -> None:
        """Do with a submitted modal what the app's answer says."""
        with suppress(Slip):
            self.check("view_submission", answer_faults(answer, screen.view))
            action = answer.get("response_action")
            if action == "update":
                self.redraw(screen, answer["view"])
            elif action == "push":
                self.modals.append(self.show(screen.user, answer["view"], over=screen))
            elif action == "clear":
                self.modals = [one for one in self.modals if one.user != screen.user]
            elif action is None and screen in self.modals:
                self.modals.remove(screen)


class SocketMode:
    """Slack's end of the WebSocket: hello, envelopes out, acks in."""

    def __init__(self) -> None:
        self.links = 0  # how often a socket was opened
        self.acks: dict[str, list[Dict]] = {}  # envelope id → the answer, each time
        self._tickets: set[str] = set()
        self._sockets: list[tuple[web.WebSocketResponse, web.Request]] = []
        self._envelopes: dict[str, Dict] = {}
        self._waiting: dict[str, asyncio.Future[Dict]] = {}
        self._linked = asyncio.Condition()

    async def linked(self, times: int = 1, within: float = 10) -> None:
        """Wait until a socket has been opened so many times, and one is open."""
        async with asyncio.timeout(within), self._linked:
            await self._linked.wait_for(lambda: self.links >= times and self._sockets)

    async def send(self, kind: str, payload: Dict, *, retry: int = 0) -> Ack:
        """Send an envelope over the newest socket and wait for its ack."""
        envelope = {"envelope_id": str(uuid4()), "type": kind, "payload": payload}
        envelope["accepts_response_payload"] = kind != "events_api"
        if kind == "events_api":
            envelope |= {"retry_attempt": retry, "retry_reason": "timeout" if retry else ""}
        self._envelopes[envelope["envelope_id"]] = envelope
        return await self._deliver(envelope)

    async def redeliver(self, envelope_id: str) -> Ack:
        """Send an envelope again, as Slack does when it saw no ack."""
        envelope = self._envelopes[envelope_id]
        envelope["retry_attempt"] = envelope.get("retry_attempt", 0) + 1
        envelope["retry_reason"] = "timeout"
        return await self._deliver(envelope)

    async def disconnect_message(self, reason: str = "refresh_requested") -> None:
        """Ask the app politely to connect anew."""
        host = {"host": "applink-test"}
        goodbye = {"type": "disconnect", "reason": reason, "debug_info": host}
        await self._sockets[-1][0].send_json(goodbye)

    def kill_socket(self) -> None:
        """Break every socket without a word."""
        for _, request in self._sockets:
            if request.transport is not None:
                request.transport.abort()

    async def _deliver(self, envelope: Dict) -> Ack:
        key, began = envelope["envelope_id"], time.monotonic()
        self._waiting[key] = asyncio.get_running_loop().create_future()
        try:
            async with asyncio.timeout(PATIENCE):
                await self._sockets[-1][0].send_json(envelope)
                body = await self._waiting[key]
        except (TimeoutError, IndexError, ConnectionError):
            return Ack(0, {}, time.monotonic() - began, key)
        return Ack(200, body, time.monotonic() - began, key)

    async def _on_link(self, request: web.Request) -> web.WebSocketResponse:
        ticket = request.query.get("ticket", "")
        if ticket not in self._tickets:
            raise web.HTTPForbidden
        self._tickets.remove(ticket)  # each address opens one socket
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        info = {"connection_info": {"app_id": APP}, "debug_info": {"host": "applink-test"}}
        await socket.send_json({"type": "hello", "num_connections": len(self._sockets) + 1} | info)
        async with self._linked:
            self._sockets.append((socket, request))
            self.links += 1
            self._linked.notify_all()
        try:
            async for frame in socket:
                if frame.type == WSMsgType.TEXT:
                    self._on_ack(json.loads(frame.data))
        finally:
            self._sockets.remove((socket, request))
        return socket

    def _on_ack(self, answer: Dict) -> None:
        key, body = answer["envelope_id"], answer.get("payload") or {}
        self.acks.setdefault(key, []).append(body)
        if not self._waiting[key].done():
            self._waiting[key].set_result(body)


class SlackServer(Workspace, SocketMode):
    """`async with SlackServer() as slack:` and point the app at `slack.base_url`."""

    def __init__(
        self, *, bot_token: str = BOT_TOKEN, app_token: str = APP_TOKEN, now: Clock = utc_now
    ) -> None:
        Workspace.__init__(self, now)
        SocketMode.__init__(self)
        self.bot_token, self.app_token = bot_token, app_token
        self.calls: list[Call] = []
        self.base_url, self.port = "", 0
        self._planned: dict[str, list[Fault]] = {}
        self._replies: dict[str, Dict] = {}
        self._closing = asyncio.Event()

    async def __aenter__(self) -> Self:
        app = web.Application(client_max_size=2**24)
        app.router.add_route("*", "/api/{method}", self._on_call)
        app.router.add_post("/reply/{key}", self._on_reply)
        app.router.add_get("/link", self._on_link)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=1)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        self.port = self._runner.addresses[0][1]
        self.base_url = f"http://127.0.0.1:{self.port}/api/"
        return self

    async def __aexit__(self, *_: object) -> None:
        self._closing.set()
        self.kill_socket()
        await self._runner.cleanup()

    def called(self, method: str) -> list[Call]:
        return [call for call in self.calls if call.method == method]

    def fail(self, method: str, *, times: int = 1, **fault: Any) -> None:
        """Plan that a method's next calls go wrong; `response_url` counts as a method."""
        if "retry_after" in fault:
            fault.setdefault("status", 429)
        self._planned.setdefault(method, []).extend([Fault(**fault)] * times)

    def heal(self) -> None:
        """Forget the planned faults that have not come up."""
        self._planned.clear()

    def issue_reply(self, user: str, channel: str, message: Message | None = None) -> str:
        """Make a response_url: five uses, for one person's deed."""
        key = uuid4().hex
        self._replies[key] = {"user": user, "channel": channel, "of": message, "left": REPLY_USES}
        return f"http://127.0.0.1:{self.port}/reply/{key}"

    # The wire

    async def _on_call(self, request: web.Request) -> web.Response:
        method, payload = request.match_info["method"], await _payload(request)
        authorization = request.headers.get("Authorization", "")
        token = authorization.removeprefix("Bearer ") or payload.get("token", "")

        def act() -> Dict:
            perform = getattr(self, "_" + method.replace(".", "_").lower(), None)
            if perform is None or "." not in method:
                raise Slip("unknown_method")
            self._admit(method, token)
            return perform(payload)

        return await self._answer(request, Call(method, payload, self.clock(), authorization), act)

    async def _on_reply(self, request: web.Request) -> web.Response:
        payload, key = await request.json(), request.match_info["key"]
        call = Call("response_url", payload, self.clock(), "")
        return await self._answer(request, call, lambda: self._reply(key, payload), refused=404)

    async def _answer(
        self, request: web.Request, call: Call, act: Callable[[], Dict], refused: int = 200
    ) -> web.Response:
        self.calls.append(call)
        planned = self._planned.get(call.method)
        fault = planned.pop(0) if planned else Fault()
        status, answer = fault.status, Slip(fault.error or "internal_error").wire()
        if fault.effect and not fault.refuses:
            try:
                answer = {"ok": True} | act()
            except Slip as slip:
                status, answer = refused, slip.wire()
        if fault.delay:
            with suppress(TimeoutError):
                await asyncio.wait_for(self._closing.wait(), fault.delay)
        if fault.drop and request.transport is not None:
            request.transport.abort()
        if status == 429:
            answer = Slip(fault.error or "ratelimited").wire()
        after = {} if fault.retry_after is None else {"Retry-After": str(fault.retry_after)}
        return web.json_response(answer, status=status, headers=after)

    def _admit(self, method: str, token: str) -> None:
        right = self.app_token if method == "apps.connections.open" else self.bot_token
        if not token:
            raise Slip("not_authed")
        if token != right:
            wrong_kind = token in (self.app_token, self.bot_token)
            raise Slip("not_allowed_token_type" if wrong_kind else "invalid_auth")

    def _reply(self, key: str, payload: Dict) -> Dict:
        reply = self._replies.get(key)
        if reply is None or reply["left"] == 0:
            raise Slip("expired_url" if reply is None else "used_url")
        self.examine("response_url", payload)
        reply["left"] -= 1
        message = reply["of"]
        if payload.get("delete_original") and message in self._said:
            self._said.remove(message)
        elif payload.get("replace_original") and message:
            self.fill(message, payload).edits += 1
        else:
            public = payload.get("response_type") == "in_channel"
            only_for = None if public else reply["user"]
            posted = self.post(reply["channel"], BOT_USER, payload, only_for)
            reply["of"] = message or posted  # what a later replace_original means
        return {}

    # The Web API: one method each, found by its lower-case name

    def _auth_test(self, _: Dict) -> Dict:
        names = {"team": "Test", "user": "preceptor", "url": "https://preceptor-test.slack.com/"}
        return names | {"team_id": TEAM, "user_id": BOT_USER, "bot_id": BOT}

    def _apps_connections_open(self, _: Dict) -> Dict:
        ticket = uuid4().hex
        self._tickets.add(ticket)
        return {"url": f"ws://127.0.0.1:{self.port}/link?ticket={ticket}&app_id={APP}"}

    def _chat_postmessage(self, asked: Dict) -> Dict:
        channel = self.reach(asked.get("channel", ""))
        self.examine("chat.postMessage", asked)
        if not any(asked.get(part) for part in ("text", "blocks", "attachments")):
            raise Slip("no_text")
        message = self.post(channel, BOT_USER, asked)
        return {"channel": channel, "ts": message.ts, "message": message.wire()}

    def _chat_postephemeral(self, asked: Dict) -> Dict:
        channel = self.reach(asked.get("channel", ""))
        self.examine("chat.postEphemeral", asked)
        if asked.get("user") not in self.users:
            raise Slip("user_not_in_channel")
        return {"message_ts": self.post(channel, BOT_USER, asked, asked["user"]).ts}

    def _chat_update(self, asked: Dict) -> Dict:
        channel = asked.get("channel", "")
        if channel not in self.channels and channel[:1] != "D":
            raise Slip("channel_not_found")
        message = self.find(channel, asked.get("ts", ""))
        if message.author != BOT_USER:
            raise Slip("cant_update_message")
        self.examine("chat.update", asked)
        if "text" not in asked:  # text without blocks removes the blocks
            asked = {"text": message.text, "blocks": message.blocks} | asked
        self.fill(message, asked).edits += 1
        told = {"channel": channel, "ts": message.ts, "text": message.text}
        return told | {"message": message.wire()}

    def _conversations_open(self, asked: Dict) -> Dict:
        user = self.users.get(asked.get("users") or f"U{asked.get('channel', ' ')[1:]}")
        if user is None:
            raise Slip("user_not_found")
        if user["is_bot"]:
            raise Slip("cannot_dm_bot")
        channel = {"id": self.reach(user["id"]), "is_im": True, "user": user["id"]}
        return {"no_op": False, "already_open": False, "channel": channel}

    def _conversations_history(self, asked: Dict) -> Dict:
        channel = self.reach(asked.get("channel", ""))
        oldest, latest = asked.get("oldest") or "0", asked.get("latest") or "9999999999"
        edge = _true(asked.get("inclusive"))
        found = [
            one
            for one in reversed(self._said)
            if one.channel == channel and not one.ephemeral
            if float(oldest) < float(one.ts) < float(latest)
            or (edge and one.ts in (oldest, latest))
        ]
        start = int(asked.get("cursor") or 0)
        end = start + int(asked.get("limit") or 100)
        full = _true(asked.get("include_all_metadata"))
        answer: Dict = {"messages": [one.wire(metadata=full) for one in found[start:end]]}
        if end < len(found):
            answer["response_metadata"] = {"next_cursor": str(end)}
        return answer | {"has_more": end < len(found)}

    def _views_open(self, asked: Dict) -> Dict:
        view = self.proper("views.open", asked, "modal")
        screen = self.show(self.spend_trigger(asked.get("trigger_id", "")), view)
        self.modals.append(screen)
        return {"view": screen.view}

    def _views_update(self, asked: Dict) -> Dict:
        screen = self.screen(asked.get("view_id") or asked.get("external_id", ""))
        if asked.get("hash", screen.view["hash"]) != screen.view["hash"]:
            raise Slip("hash_conflict")
        view = self.proper("views.update", asked, screen.view["type"])
        return {"view": self.redraw(screen, view).view}

    def _views_publish(self, asked: Dict) -> Dict:
        user, old = asked.get("user_id", ""), self._homes.get(asked.get("user_id", ""))
        if user not in self.users:
            raise Slip("user_not_found")
        if self.users[user]["deleted"]:
            raise Slip("user_disabled")
        if old and asked.get("hash", old.view["hash"]) != old.view["hash"]:
            raise Slip("hash_conflict")
        view = self.proper("views.publish", asked, "home")
        home = self._homes[user] = self.redraw(old, view) if old else self.show(user, view)
        return {"view": home.view}

    def _users_info(self, asked: Dict) -> Dict:
        if asked.get("user") not in self.users:
            raise Slip("user_not_found")
        return {"user": self.users[asked["user"]]}


def _true(told: Any) -> bool:
    return str(told).lower() in ("1", "true")


async def _payload(request: web.Request) -> Dict:
    """Read a call's arguments from wherever Slack allows them to stand."""
    told = dict(request.query)
    if request.content_type == "application/json":
        return told | await request.json()
    told |= {key: str(value) for key, value in (await request.post()).items()}
    for name in ("blocks", "view", "metadata", "attachments"):
        if isinstance(told.get(name), str):
            told[name] = json.loads(told[name])
    return told
