"""What a browser posts, read into plain values."""

from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import blake2s
from urllib.parse import parse_qs

from starlette.requests import Request

#: More than this is no chat message, in bytes.
MOST = 64_000
#: The prefix of a form's own fields, so that none of them can pose as one of ours.
FIELD = "f."


class TooMuch(Exception):
    """The body is larger than anything that a page of ours sends."""


@dataclass(frozen=True, slots=True)
class Sent:
    """One posted form."""

    values: Mapping[str, str]
    #: The same for a double click, another for everything else.
    key: str

    def get(self, name: str) -> str:
        """Give one value; empty when it was not sent."""
        return self.values.get(name, "")

    @property
    def answers(self) -> dict[str, str]:
        """The values of the form's own fields, as typed."""
        return {
            name.removeprefix(FIELD): value
            for name, value in self.values.items()
            if name.startswith(FIELD)
        }

    @property
    def pressed(self) -> int:
        """The post whose button began this; 0 for none."""
        post = self.get("post")
        return int(post) if post.isascii() and post.isdigit() and len(post) < 16 else 0


async def read(request: Request) -> Sent:
    """Read a posted form. The page's nonce and what was sent make its key."""
    body = b""
    async for chunk in request.stream():
        body += chunk
        if len(body) > MOST:
            raise TooMuch
    try:
        parsed = parse_qs(body.decode("utf-8"), keep_blank_values=True, max_num_fields=200)
    except ValueError:  # not UTF-8, or too many fields
        parsed = {}
    values = {name: _one(name, found) for name, found in parsed.items()}
    path = request.url.path.encode()
    return Sent(values, "web:" + blake2s(path + b"\0" + body, digest_size=16).hexdigest())


def _one(name: str, found: list[str]) -> str:
    """Join what was ticked in one field of a form; of anything else the first counts."""
    return ",".join(filter(None, found)) if name.startswith(FIELD) else found[0]
