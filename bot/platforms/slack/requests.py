"""HTTP mode: Slack's signed requests, let in by size and clock before Bolt checks the signature."""

from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any, cast

from slack_bolt.adapter.asgi.async_handler import AsyncSlackRequestHandler
from slack_bolt.async_app import AsyncApp

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]

#: Where Slack sends its requests.
PATH = "/slack/events"
#: No request of Slack is larger, in bytes; a larger one is refused before it is kept.
LARGEST = 1_000_000


class Requests:
    """An ASGI application that can be served before there is anyone to hear."""

    def __init__(self) -> None:
        self._handler: AsyncSlackRequestHandler | None = None

    @property
    def heard(self) -> bool:
        """Whether someone listens."""
        return self._handler is not None

    def open(self, app: AsyncApp) -> None:
        """Let requests in."""
        self._handler = AsyncSlackRequestHandler(app, path=PATH)

    def close(self) -> None:
        """Let nothing more in."""
        self._handler = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        handler = self._handler
        if scope["type"] != "http" or handler is None:
            await _refuse(send, 503)
            return
        headers = {name.lower(): value for name, value in scope["headers"]}
        if not headers.get(b"x-slack-request-timestamp", b"").isdigit():
            await _refuse(send, 401)
            return
        body = await _body(receive)
        if body is None:
            await _refuse(send, 413)
            return

        async def whole() -> MutableMapping[str, Any]:
            return {"type": "http.request", "body": body, "more_body": False}

        await handler(cast("dict[str, Any]", scope), whole, send)


async def _body(receive: Receive) -> bytes | None:
    """Read a request's body; None when it is too large, gone, or no text."""
    read = bytearray()
    while True:
        chunk = await receive()
        read += chunk.get("body", b"")
        if chunk["type"] != "http.request" or len(read) > LARGEST:
            return None
        if not chunk.get("more_body", False):
            break
    try:
        read.decode()
    except UnicodeDecodeError:
        return None
    return bytes(read)


async def _refuse(send: Send, status: int) -> None:
    await send({"type": "http.response.start", "status": status, "headers": []})
    await send({"type": "http.response.body", "body": b""})
