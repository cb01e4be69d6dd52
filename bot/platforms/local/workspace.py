"""The local workspace: a small team chat on this machine, and a platform like Slack."""

from datetime import datetime, timedelta
from functools import partial

from bot.chat.message import Message, Paragraph, Span
from bot.clock import utc_now
from bot.engine.ports import Address
from bot.engine.reply import Reply
from bot.platforms.local.people import COACH, Person
from bot.platforms.local.rooms import LocalRooms
from bot.store import local
from bot.store.database import Database


class LocalClock:
    """The workspace's time: the real time plus how far it was moved ahead."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self.ahead = timedelta(seconds=database.call(local.clock_ahead))

    def __call__(self) -> datetime:
        return utc_now() + self.ahead

    async def forget(self) -> None:
        """Begin anew at the real time, after the workspace was emptied."""
        self.ahead = timedelta()
        await self._database.run(partial(local.set_clock_ahead, seconds=0.0))

    def move_to(self, moment: datetime) -> None:
        """Move ahead to a moment; the past is left alone."""
        ahead = moment - utc_now()
        if ahead > self.ahead:
            self.ahead = ahead
            self._database.call(partial(local.set_clock_ahead, seconds=ahead.total_seconds()))

    async def follow_to(self, moment: datetime) -> None:
        """Move ahead to a moment without blocking the event loop."""
        ahead = moment - utc_now()
        if ahead > self.ahead:
            self.ahead = ahead
            await self._database.run(partial(local.set_clock_ahead, seconds=ahead.total_seconds()))


class LocalMessenger:
    """Delivers into the workspace's own rows."""

    pace = None

    def __init__(self, database: Database, clock: LocalClock) -> None:
        self._database = database
        self._clock = clock
        self.rooms = LocalRooms(database, clock)
        #: How many posts were replaced: an open page looks again when this grows.
        self.replaced = 0

    async def send(self, to: Address, message: Message, key: str) -> str:
        """Post into the person's DM, once for this key."""
        posted = await self._database.run(
            partial(
                local.post,
                place=f"dm:{to.user}",
                author=COACH,
                message=message.to_json(),
                at=self._clock(),
                key=key,
            )
        )
        return str(posted)

    async def replace(self, ref: str, message: Message) -> None:
        """Put another message in a post's place."""
        await self._database.run(
            partial(local.replace, post_id=int(ref), message=message.to_json())
        )
        self.replaced += 1

    async def find(self, to: Address, key: str) -> str | None:  # noqa: ARG002 - keys are unique here
        """Look for the post of a delivery."""
        found = await self._database.run(partial(local.by_key, key=key))
        return None if found is None else str(found)


class Workspace:
    """What the browser and the terminal share: who said what, and what came back."""

    def __init__(self, database: Database, clock: LocalClock) -> None:
        self.database = database
        self.clock = clock
        self.messenger = LocalMessenger(database, clock)

    async def hear(self, who: Person, place: str, text: str) -> None:
        """Post what a person typed: a command stays between them and the coach."""
        private = text.startswith("/") and not place.startswith("dm:")
        await self._post(place, who.key, _plain(text), who.key if private else "")

    async def answer(self, who: Person, place: str, reply: Reply, pressed: int = 0) -> None:
        """Post the coach's answer where it was asked, for the asker alone.

        `pressed` is the post that the answer may take the place of; 0 for none.
        """
        messages = list(reply.messages)
        if reply.replaces and messages and pressed:
            await self.messenger.replace(str(pressed), messages.pop(0))
        for message in messages:
            await self._post(place, COACH, message, "" if place.startswith("dm:") else who.key)
        for update in reply.updates:
            await self.messenger.replace(update.ref, update.message)

    async def _post(self, place: str, author: str, message: Message, seen_by: str) -> None:
        await self.database.run(
            partial(
                local.post,
                place=place,
                author=author,
                message=message.to_json(),
                at=self.clock(),
                seen_by=seen_by,
            )
        )


def _plain(text: str) -> Message:
    return Message((Paragraph((Span(text),)),))
