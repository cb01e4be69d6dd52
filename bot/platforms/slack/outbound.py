"""Messages that nobody asked for at this moment: sent once, found again, replaced."""

from slack_sdk.web.async_client import AsyncWebClient

from bot.chat.message import Message
from bot.engine.ports import Address
from bot.platforms.slack.gate import Gate
from bot.platforms.slack.posts import PLAIN, Place, Posts, Sent
from bot.platforms.slack.render import payloads
from bot.platforms.slack.rooms import SlackRooms
from bot.platforms.slack.trouble import FAILURES, meaning

#: How far back `find` looks. Since 2025 commercially distributed apps outside the Marketplace get
#: at most 15 messages a call and one call a minute; internal apps get more. We ask for what all
#: get; a refusal (`ratelimited`) is a TryLater like any other.
HISTORY = 15
#: Messages a second into one workspace. Slack publishes one a second for each channel, and several
#: hundred a minute for a workspace: we take 240, and leave the rest to replies.
PACE = 4.0


class SlackMessenger:
    """Posts into the coach's DM with a member, as `Posts` does.

    The reference of a delivery is that of its last part, "channel:ts": it has the buttons.
    """

    def __init__(
        self, client: AsyncWebClient, gate: Gate | None = None, pace: float | None = PACE
    ) -> None:
        self._client = client
        gate = gate or Gate()
        self._posts = Posts(client, gate)
        self._rooms = SlackRooms(client, gate)
        self.pace = pace

    @property
    def rooms(self) -> SlackRooms:
        """Slack's private channels."""
        return self._rooms

    async def send(self, to: Address, message: Message, key: str) -> str:
        """Post the message's parts that are not there yet; give the last one's reference."""
        sent = await self._posts.send(Place(to.user), message, key, lambda: self._look(to, key))
        return sent.last

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
        sent = await self._look(to, key)
        return sent.last if sent is not None else None

    async def _look(self, to: Address, key: str) -> Sent | None:
        try:
            opened = await self._client.conversations_open(users=to.user)
            channel = str(opened["channel"]["id"])
            told = await self._client.conversations_history(
                channel=channel, limit=HISTORY, include_all_metadata=True
            )
        except FAILURES as failure:
            raise meaning(failure) from None
        return self._posts.recall(channel, told["messages"], key)
