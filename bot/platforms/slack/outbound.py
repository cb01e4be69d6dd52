"""Messages that nobody asked for at this moment: sent once, found again, replaced."""

from collections import OrderedDict
from dataclasses import dataclass, field
from typing import Any

from slack_sdk.web.async_client import AsyncWebClient

from bot.chat.message import File, Message
from bot.engine.ports import Address
from bot.errors import TryLater
from bot.platforms.slack.files import is_among, name_of, upload
from bot.platforms.slack.gate import Gate
from bot.platforms.slack.render import payloads
from bot.platforms.slack.trouble import FAILURES, meaning, unheard

#: The name of our mark in a message's metadata.
MARK = "preceptor_delivery"
#: How far back `find` looks. Since 2025 commercially distributed apps outside the Marketplace get
#: at most 15 messages a call and one call a minute; internal apps get more. We ask for what all
#: get; a refusal (`ratelimited`) is a TryLater like any other.
HISTORY = 15
#: Deliveries in several parts, or with an unheard outcome, that we remember at once.
REMEMBERED = 1_000
#: Messages a second into one workspace. Slack publishes one a second for each channel, and several
#: hundred a minute for a workspace: we take 240, and leave the rest to replies.
PACE = 4.0
#: What keeps Slack from reading anything into our words.
PLAIN: dict[str, Any] = {
    "parse": "none",
    "mrkdwn": False,
    "unfurl_links": False,
    "unfurl_media": False,
}


@dataclass(slots=True)
class _Sent:
    """How far a delivery came, when it did not come through in one go."""

    refs: dict[int, str] = field(default_factory=dict)
    #: The names of the files that are there.
    names: set[str] = field(default_factory=set)
    #: The outcome of the last call was not heard: ask before sending again.
    unheard: bool = False


class SlackMessenger:
    """Posts into the coach's DM with a member.

    A long message is several posts, in order. Each carries the delivery's key and its own number
    in its metadata, so that a delivery that broke off goes on where it stopped: in this process
    from memory, in another from what `find` saw. The reference is the last of them, "channel:ts":
    it has the buttons. Files follow, each as a post of its own that Slack makes; their names are
    their marks.
    """

    def __init__(
        self, client: AsyncWebClient, gate: Gate | None = None, pace: float | None = PACE
    ) -> None:
        self._client = client
        self._gate = gate or Gate()
        self.pace = pace
        self._begun: OrderedDict[str, _Sent] = OrderedDict()

    async def send(self, to: Address, message: Message, key: str) -> str:
        """Post the message's parts that are not there yet; give the last one's reference."""
        begun = self._begun.setdefault(key, _Sent())
        if len(self._begun) > REMEMBERED:
            self._begun.popitem(last=False)
        if begun.unheard and (ref := await self.find(to, key)) is not None:
            return ref
        begun = self._begun[key]
        try:
            ref = await self._continue(to, message, key, begun)
        except TryLater as wait:
            # What is there already, another process would have to ask for.
            wait.unheard = wait.unheard or bool(begun.refs)
            raise
        self._begun.pop(key, None)
        return ref

    async def _continue(self, to: Address, message: Message, key: str, begun: _Sent) -> str:
        parts = payloads(message)
        channel, ref = to.user, ""
        for number, payload in enumerate(parts):
            if number in begun.refs:
                ref = begun.refs[number]
            else:
                mark = {"key": key, "part": number, "of": len(parts), "files": len(message.files)}
                ref = begun.refs[number] = await self._post(channel, payload, mark, begun)
            channel = ref.partition(":")[0]
        for number, file in enumerate(message.files):
            if not is_among(begun.names, key, number):
                await self._upload(channel, file, name_of(file, key, number), begun)
        return ref

    async def replace(self, ref: str, message: Message) -> None:
        """Put a message in a sent one's place; what does not fit one post follows it.

        A file is a post of its own, so what was shown with the sent message stays.
        """
        channel, _, ts = ref.partition(":")
        first, *rest = payloads(message)
        try:
            await self._client.chat_update(channel=channel, ts=ts, parse="none", **first)
            for payload in rest:
                await self._client.chat_postMessage(channel=channel, **PLAIN, **payload)
        except FAILURES as failure:
            raise meaning(failure) from None

    async def find(self, to: Address, key: str) -> str | None:
        """Look for a delivery among the DM's last posts; give its reference if it is complete."""
        try:
            opened = await self._client.conversations_open(users=to.user)
            channel = str(opened["channel"]["id"])
            told = await self._client.conversations_history(
                channel=channel, limit=HISTORY, include_all_metadata=True
            )
        except FAILURES as failure:
            raise meaning(failure) from None
        sent = _Sent()
        parts = files = 0
        for post in told["messages"]:
            sent.names.update(str(file.get("name") or "") for file in post.get("files") or ())
            mark = _mark(post)
            if mark.get("key") == key:
                sent.refs[mark["part"]] = f"{channel}:{post['ts']}"
                parts, files = mark["of"], mark.get("files", 0)
        shown = all(is_among(sent.names, key, number) for number in range(files))
        if parts and len(sent.refs) == parts and shown:
            self._begun.pop(key, None)
            return sent.refs[parts - 1]
        self._begun[key] = sent
        return None

    async def _post(
        self, channel: str, payload: dict[str, Any], mark: dict[str, Any], begun: _Sent
    ) -> str:
        await self._gate.delivery()
        try:
            told = await self._client.chat_postMessage(
                channel=channel,
                metadata={"event_type": MARK, "event_payload": mark},
                **PLAIN,
                **payload,
            )
        except FAILURES as failure:
            begun.unheard = unheard(failure)
            raise meaning(failure, posting=True) from None
        return f"{told['channel']}:{told['ts']}"

    async def _upload(self, channel: str, file: File, name: str, begun: _Sent) -> None:
        await self._gate.delivery()
        try:
            await upload(self._client, channel, file, name)
        except TryLater as wait:
            begun.unheard = wait.unheard
            raise
        begun.names.add(name)


def _mark(post: dict[str, Any]) -> dict[str, Any]:
    """Read our mark from a post's metadata; nothing when it has none."""
    metadata = post.get("metadata") or {}
    payload = metadata.get("event_payload") or {}
    ours = metadata.get("event_type") == MARK and {"key", "part", "of"} <= payload.keys()
    return payload if ours else {}
