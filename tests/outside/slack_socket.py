"""Slack's end of Socket Mode, for a Slack of our own."""

import asyncio
import json
import time
from uuid import uuid4

from aiohttp import WSMsgType, web

from tests.outside.slack_calls import Ack, Dict
from tests.outside.slack_workspace import APP

PATIENCE = 3.0  # seconds


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
        await self.linked()
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
