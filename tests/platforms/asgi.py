"""A browser's half of HTTP, spoken straight to an ASGI application: no socket, no library."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html.parser import HTMLParser
from typing import Any
from urllib.parse import urlencode, urlsplit


@dataclass(frozen=True)
class Answer:
    """What came back."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def text(self) -> str:
        """The body read as text."""
        return self.body.decode()

    @property
    def page(self) -> "Page":
        """The answer read as a page."""
        return Page(self.text)


class Page(HTMLParser):
    """The start tags of a page with their attributes, and its words."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str]]] = []
        self.words = ""
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, {name: value or "" for name, value in attrs}))

    def handle_data(self, data: str) -> None:
        self.words += data

    def find(self, tag: str = "", **wanted: str) -> dict[str, str]:
        """Give the attributes of the only tag that has these; an underscore stands for a dash."""
        found = self.find_all(tag, **wanted)
        assert len(found) == 1, f"{len(found)} of {tag} {wanted}"
        return found[0]

    def find_all(self, tag: str = "", **wanted: str) -> list[dict[str, str]]:
        """Give the attributes of all tags that have these."""
        asked = {name.rstrip("_").replace("_", "-"): value for name, value in wanted.items()}
        return [
            attrs
            for name, attrs in self.tags
            if (not tag or name == tag) and asked.items() <= attrs.items()
        ]


class Client:
    """A browser that follows redirects and sends what a page of the site would send."""

    def __init__(self, app: Any, host: str = "127.0.0.1:8421") -> None:
        self.app = app
        self.host = host

    async def get(self, path: str, headers: Mapping[str, str] | None = None) -> Answer:
        """Ask for a page; go where it redirects."""
        return await self._follow(await self.send("GET", path, headers=headers))

    async def post(
        self,
        path: str,
        values: Mapping[str, str] | Sequence[tuple[str, str]],
        headers: Mapping[str, str] | None = None,
    ) -> Answer:
        """Send a form from a page of the site; go where it redirects."""
        own = {"origin": f"http://{self.host}", "sec-fetch-site": "same-origin"}
        body = urlencode(values).encode()
        return await self._follow(await self.send("POST", path, body, {**own, **(headers or {})}))

    async def _follow(self, answer: Answer) -> Answer:
        while answer.status == 303:
            answer = await self.send("GET", answer.headers["location"])
        return answer

    async def send(
        self, method: str, path: str, body: bytes = b"", headers: Mapping[str, str] | None = None
    ) -> Answer:
        """Send one request and read its whole answer."""
        url = urlsplit(path)
        sent = {"host": self.host, "content-type": "application/x-www-form-urlencoded"}
        scope = {
            "type": "http", "asgi": {"version": "3.0", "spec_version": "2.3"},
            "http_version": "1.1", "method": method, "scheme": "http", "path": url.path,
            "raw_path": url.path.encode(), "query_string": url.query.encode(), "root_path": "",
            "headers": [(name.encode(), value.encode())
                        for name, value in {**sent, **(headers or {})}.items()],
            "client": ("127.0.0.1", 50000), "server": ("127.0.0.1", 8421),
        }  # fmt: skip
        began: dict[str, Any] = {}
        parts: list[bytes] = []
        waiting = [{"type": "http.request", "body": body, "more_body": False}]

        async def receive() -> dict[str, Any]:
            return waiting.pop() if waiting else {"type": "http.disconnect"}

        async def take(message: dict[str, Any]) -> None:
            if message["type"] == "http.response.start":
                began.update(message)
            else:
                parts.append(message.get("body", b""))

        await self.app(scope, receive, take)
        got = {name.decode(): value.decode() for name, value in began["headers"]}
        return Answer(began["status"], got, b"".join(parts))
