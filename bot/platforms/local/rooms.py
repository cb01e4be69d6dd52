"""Private channels of the local workspace, as the engine asks for them."""

import re
from collections.abc import Mapping, Sequence
from functools import partial

from bot.chat.message import Message
from bot.clock import Clock
from bot.engine.ports import Room
from bot.platforms.local.people import COACH, is_name
from bot.store import local, local_rooms
from bot.store.database import Database

#: The channels that everyone is in.
CHANNELS = ("general",)
#: Addresses of a page that are no private channel's.
TAKEN = frozenset({"dm", "home", *CHANNELS})
#: As long as a channel's name may be, with room for a suffix; and what is said of it.
LONGEST_NAME, LONGEST_PURPOSE = 72, 250
_UNFIT = re.compile(r"[^\w-]+")


class LocalRooms:
    """Channels with seats: only whoever has one sees the channel."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    async def open(self, workspace: str, name: str, purpose: str, key: str) -> str:  # noqa: ARG002 - there is one
        """Make a channel once for this key and give its reference."""
        made = await self._database.run(
            partial(
                local_rooms.open_room,
                name=fitting(name),
                purpose=purpose[:LONGEST_PURPOSE],
                key=key,
                taken=TAKEN,
            )
        )
        return str(made)

    async def invite(self, room: Room, users: Sequence[str]) -> Mapping[str, str]:
        """Bring people in; give who cannot be found here."""
        people = [user for user in users if is_name(user)]
        await self._database.run(partial(local_rooms.seat, ref=room.ref, people=people))
        return {user: "user_not_found" for user in users if not is_name(user)}

    async def dismiss(self, room: Room, user: str) -> None:
        """Let one person out; whoever is out already stays out."""
        await self._database.run(partial(local_rooms.unseat, ref=room.ref, person=user))

    async def close(self, room: Room) -> None:
        """Archive the channel; one that is archived already stays so."""
        now = self._clock()
        await self._database.run(partial(local_rooms.archive, ref=room.ref, now=now))

    async def post(
        self, room: Room, message: Message, key: str, *, thread: str = "", pin: bool = False
    ) -> str:
        """Post once for this key; an answer to an answer stands in the same thread."""
        posted = await self._database.run(
            partial(
                local_rooms.post,
                ref=room.ref,
                author=COACH,
                message=message.to_json(),
                at=self._clock(),
                key=key,
                thread=thread,
                pinned=pin,
            )
        )
        return str(posted)

    async def find(self, room: Room, key: str, *, thread: str = "") -> str | None:  # noqa: ARG002 - keys are unique here
        """Look for the post of a delivery."""
        posted = await self._database.run(partial(local.by_key, key=key))
        return None if posted is None else str(posted)


def fitting(name: str) -> str:
    """Write a name as a channel's: lower-case words with dashes between."""
    return _UNFIT.sub("-", name.lower()).strip("-")[:LONGEST_NAME].rstrip("-") or "channel"
