"""Files on a Slack of our own: an address to upload to, the bytes, and the post that shows them."""

import json
import re
from dataclasses import dataclass, field
from uuid import uuid4

from bot.clock import Clock
from tests.outside.slack_calls import Dict, Slip
from tests.outside.slack_channels import Channels
from tests.outside.slack_workspace import BOT_USER

#: What Slack takes: characters of an alternative text, and of a name (what file systems take).
ALT, NAME = 1_000, 255
CHANNEL = re.compile(r"[CGDZ][A-Z0-9]{2,}")


@dataclass
class Stored:
    """A file, from the moment that its address was given out."""

    id: str
    name: str
    length: int
    alt: str
    title: str = ""
    content: bytes | None = None
    shown: list[str] = field(default_factory=list)  # the channels

    def wire(self) -> Dict:
        """Tell of the file as a message does."""
        told: Dict = {"id": self.id, "name": self.name, "title": self.title, "mode": "hosted"}
        told |= {"size": self.length, "user": BOT_USER, "is_external": False}
        return told | ({"alt_txt": self.alt} if self.alt else {})


class Files(Channels):
    """Three steps: an address, the bytes once, and one completion that shows the file."""

    def __init__(self, now: Clock) -> None:
        super().__init__(now)
        self.port = 0
        self.stored: dict[str, Stored] = {}
        self._open: dict[str, Stored] = {}  # by the ticket of its address

    def _files_getuploadurlexternal(self, asked: Dict) -> Dict:
        name, alt = str(asked.get("filename") or ""), str(asked.get("alt_txt") or "")
        length = int(asked.get("length") or 0)
        if not name or not length:
            raise self._wrong("missing_argument", f"filename {name!r}, length {length}")
        if len(name) > NAME:
            raise self._wrong("invalid_arguments", f"a name of {len(name)} characters")
        if len(alt) > ALT:
            raise self._wrong("alt_txt_too_large", f"{len(alt)} characters")
        file = Stored(f"F{uuid4().hex[:10].upper()}", name, length, alt)
        ticket = uuid4().hex
        self.stored[file.id] = self._open[ticket] = file
        return {"upload_url": f"http://127.0.0.1:{self.port}/upload/{ticket}", "file_id": file.id}

    def take(self, ticket: str, content: bytes) -> Dict:
        """Take a file's bytes, at its own address and once."""
        file = self._open.pop(ticket, None)
        if file is None:
            raise self._wrong("expired", "an address that is unknown or used")
        if len(content) != file.length:
            raise self._wrong("length", f"{len(content)} bytes, not {file.length}")
        file.content = content
        return {}

    def _files_completeuploadexternal(self, asked: Dict) -> Dict:
        channel, told = str(asked.get("channel_id") or ""), asked.get("files") or "[]"
        wanted = json.loads(told) if isinstance(told, str) else told
        if not wanted or (channel and not CHANNEL.fullmatch(channel)):
            raise self._wrong("invalid_arguments", f"files {wanted}, channel_id {channel!r}")
        files = [self.stored.get(each.get("id")) for each in wanted]
        for file in files:
            if file is None or file.content is None or file.title:
                raise self._wrong("file_not_found", f"{file} is unknown, empty or completed")
        place = self.reach(channel) if channel else ""
        for file, each in zip(files, wanted, strict=True):
            assert file is not None
            file.title = str(each.get("title") or file.name)
            if place:
                file.shown.append(place)
        if place:
            said = {"text": asked.get("initial_comment"), "thread_ts": asked.get("thread_ts")}
            post = self.post(place, BOT_USER, said)
            post.files = [file.wire() for file in files if file is not None]
        return {"files": [file.wire() for file in files if file is not None]}

    def _wrong(self, code: str, why: str) -> Slip:
        """Refuse, and remember that an app ought to have known."""
        self.faults.append(f"{code}: {why}")
        return Slip(code)
