"""A Slack of our own for tests: Web API, response URLs and Socket Mode on a real wire.

Five parts, each a class: Workspace (what people see), Channels, Files, SocketMode, and SlackServer
(the wire).
"""

import asyncio
import json
from collections.abc import Callable
from contextlib import suppress
from typing import Any, Self
from uuid import uuid4

from aiohttp import web

from bot.clock import Clock, utc_now
from tests.outside.slack_calls import Ack, Call, Dict, Fault, Slip
from tests.outside.slack_files import Files
from tests.outside.slack_socket import PATIENCE, SocketMode
from tests.outside.slack_workspace import (
    APP,
    BOT,
    BOT_USER,
    TEAM,
    Message,
    Screen,
    dm_of,
)

__all__ = [
    "APP",
    "APP_TOKEN",
    "BOT_TOKEN",
    "BOT_USER",
    "PATIENCE",
    "TEAM",
    "Ack",
    "Dict",
    "Message",
    "Screen",
    "SlackServer",
    "dm_of",
]

BOT_TOKEN, APP_TOKEN = "xoxb-test", "xapp-test"
REPLY_USES = 5


class SlackServer(Files, SocketMode):
    """`async with SlackServer() as slack:` and point the app at `slack.base_url`."""

    def __init__(
        self, *, bot_token: str = BOT_TOKEN, app_token: str = APP_TOKEN, now: Clock = utc_now
    ) -> None:
        Files.__init__(self, now)
        SocketMode.__init__(self)
        self.bot_token, self.app_token = bot_token, app_token
        self.calls: list[Call] = []
        self.base_url = ""
        self._planned: dict[str, list[Fault]] = {}
        self._replies: dict[str, Dict] = {}
        self._closing = asyncio.Event()

    async def __aenter__(self) -> Self:
        app = web.Application(client_max_size=2**24)
        app.router.add_route("*", "/api/{method}", self._on_call)
        app.router.add_post("/reply/{key}", self._on_reply)
        app.router.add_post("/upload/{ticket}", self._on_upload)
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
        """Plan that a method's next calls go wrong; `response_url` and `upload` are methods too."""
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

    async def _on_upload(self, request: web.Request) -> web.Response:
        content, ticket = await request.read(), request.match_info["ticket"]
        sent = request.headers.get("Authorization", "")
        call = Call("upload", {"size": len(content)}, self.clock(), sent)
        return await self._answer(request, call, lambda: self.take(ticket, content), refused=400)

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
