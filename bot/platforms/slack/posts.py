"""Posts of a delivery: in parts, marked with its key, gone on with where they broke off."""

from collections import OrderedDict
from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from slack_sdk.web.async_client import AsyncWebClient

from bot.chat.message import File, Message
from bot.errors import TryLater
from bot.platforms.slack.files import is_among, name_of, upload
from bot.platforms.slack.gate import Gate
from bot.platforms.slack.render import payloads
from bot.platforms.slack.trouble import FAILURES, meaning, unheard

#: The name of our mark in a message's metadata.
MARK = "preceptor_delivery"
#: Deliveries in several parts, or with an unheard outcome, that we remember at once.
REMEMBERED = 1_000
#: What keeps Slack from reading anything into our words.
PLAIN: dict[str, Any] = {
    "parse": "none",
    "mrkdwn": False,
    "unfurl_links": False,
    "unfurl_media": False,
}


@dataclass(frozen=True, slots=True)
class Place:
    """Where to post: a channel, or a person whose DM Slack finds; and a thread in it, if any."""

    channel: str
    thread: str = ""


@dataclass(slots=True)
class Sent:
    """How far a delivery came. A reference is "channel:ts", by the part's number."""

    refs: dict[int, str] = field(default_factory=dict)
    #: The names of the files that are there.
    names: set[str] = field(default_factory=set)
    #: How many posts and files there should be, where one of the posts told.
    parts: int = 0
    files: int = 0
    #: It is to be pinned.
    pin: bool = False
    #: The outcome of the last call was not heard: ask before sending again.
    unheard: bool = False

    def whole(self, key: str) -> bool:
        """Tell whether all of it is there."""
        shown = all(is_among(self.names, key, number) for number in range(self.files))
        return bool(self.parts) and len(self.refs) == self.parts and shown

    @property
    def first(self) -> str:
        """The reference of the first part: reading begins there."""
        return self.refs[min(self.refs)]

    @property
    def last(self) -> str:
        """The reference of the last part: it has the buttons."""
        return self.refs[max(self.refs)]


#: Looks at the place itself; gives what is there if it is whole, and lets `recall` keep the rest.
Look = Callable[[], Awaitable[Sent | None]]


class Posts:
    """Posts deliveries, each once for its key.

    A long message is several posts, in order. Each carries the delivery's key and its own number
    in its metadata, so that a delivery that broke off goes on where it stopped: in this process
    from memory, in another from what a look at the place saw. Files follow, each as a post of its
    own that Slack makes; their names are their marks.
    """

    def __init__(self, client: AsyncWebClient, gate: Gate) -> None:
        self._client = client
        self._gate = gate
        self._begun: OrderedDict[str, Sent] = OrderedDict()

    async def send(
        self, place: Place, message: Message, key: str, look: Look, *, pin: bool = False
    ) -> Sent:
        """Post what is not there yet. Raises TryLater and Unreachable."""
        begun = self._begun.setdefault(key, Sent())
        if len(self._begun) > REMEMBERED:
            self._begun.popitem(last=False)
        if begun.unheard and (there := await look()) is not None:
            return there
        begun = self._begun.setdefault(key, begun)
        begun.pin = pin
        try:
            await self._continue(place, message, key, begun)
        except TryLater as wait:
            # What is there already, another process would have to ask for.
            wait.unheard = wait.unheard or bool(begun.refs)
            raise
        self._begun.pop(key, None)
        return begun

    def recall(self, channel: str, posts: Iterable[Mapping[str, Any]], key: str) -> Sent | None:
        """Read from a channel's posts what is there of a delivery; None unless it is whole."""
        sent = Sent()
        for post in posts:
            sent.names.update(str(file.get("name") or "") for file in post.get("files") or ())
            mark = _mark(post)
            if mark.get("key") == key:
                sent.refs[mark["part"]] = f"{channel}:{post['ts']}"
                sent.parts, sent.files = mark["of"], mark.get("files", 0)
                sent.pin = bool(mark.get("pin"))
        if sent.whole(key):
            self._begun.pop(key, None)
            return sent
        self._begun[key] = sent
        return None

    def doubt(self, key: str) -> None:
        """Look at the place before anything is posted under this key again."""
        self._begun[key] = Sent(unheard=True)

    async def _continue(self, place: Place, message: Message, key: str, begun: Sent) -> None:
        parts = payloads(message)
        channel = place.channel
        for number, payload in enumerate(parts):
            if number not in begun.refs:
                mark = {"key": key, "part": number, "of": len(parts), "files": len(message.files)}
                if begun.pin:
                    mark["pin"] = True
                begun.refs[number] = await self._post(
                    Place(channel, place.thread), payload, mark, begun
                )
            channel = begun.refs[number].partition(":")[0]
        for number, file in enumerate(message.files):
            if not is_among(begun.names, key, number):
                name = name_of(file, key, number)
                await self._upload(Place(channel, place.thread), file, name, begun)

    async def _post(
        self, place: Place, payload: dict[str, Any], mark: dict[str, Any], begun: Sent
    ) -> str:
        await self._gate.delivery()
        try:
            told = await self._client.chat_postMessage(
                channel=place.channel,
                thread_ts=place.thread or None,
                metadata={"event_type": MARK, "event_payload": mark},
                **PLAIN,
                **payload,
            )
        except FAILURES as failure:
            begun.unheard = unheard(failure)
            raise meaning(failure, posting=True) from None
        return f"{told['channel']}:{told['ts']}"

    async def _upload(self, place: Place, file: File, name: str, begun: Sent) -> None:
        await self._gate.delivery()
        try:
            await upload(self._client, place.channel, file, name, thread=place.thread)
        except TryLater as wait:
            begun.unheard = wait.unheard
            raise
        begun.names.add(name)


def _mark(post: Mapping[str, Any]) -> dict[str, Any]:
    """Read our mark from a post's metadata; nothing when it has none."""
    metadata = post.get("metadata") or {}
    payload = metadata.get("event_payload") or {}
    ours = metadata.get("event_type") == MARK and {"key", "part", "of"} <= payload.keys()
    return payload if ours else {}
