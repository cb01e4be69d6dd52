"""What the engine asks of a platform."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from bot.chat.message import Message


@dataclass(frozen=True, slots=True)
class Address:
    """Where a member is reached."""

    workspace: str
    user: str


@dataclass(frozen=True, slots=True)
class Room:
    """A private channel that the coach made; `ref` is the platform's own name for it."""

    workspace: str
    ref: str


class Rooms(Protocol):
    """Private channels. Each method raises TryLater and RoomLost, and nothing else by design.

    Each may be called again after an outcome that nobody heard, and does no harm then.
    """

    async def open(self, workspace: str, name: str, purpose: str, key: str) -> str:
        """Make a channel once for this key and give its reference.

        Where the name is taken by another channel, the new one gets a suffix: "name-2".
        """

    async def invite(self, room: Room, users: Sequence[str]) -> Mapping[str, str]:
        """Bring people in, several at once; give who cannot come in, each with a reason.

        Whoever is in already stays in. A reason is the platform's own code.
        """

    async def dismiss(self, room: Room, user: str) -> None:
        """Let one person out; whoever is out already stays out."""

    async def close(self, room: Room) -> None:
        """Archive the channel; one that is archived already stays so."""

    async def post(
        self, room: Room, message: Message, key: str, *, thread: str = "", pin: bool = False
    ) -> str:
        """Post once for this key; give the reference that `Messenger.replace` takes.

        `thread` is the reference of the post to answer; `pin` keeps the post in sight.
        """

    async def find(self, room: Room, key: str, *, thread: str = "") -> str | None:
        """Look for a post made under this key, after an outcome that nobody saw."""


class Messenger(Protocol):
    """Sends messages outside. It raises TryLater and Unreachable, and nothing else by design."""

    @property
    def pace(self) -> float | None:
        """How many messages a second the platform takes for one workspace; None for any number."""

    @property
    def rooms(self) -> Rooms | None:
        """The platform's private channels; None where it has none."""

    async def send(self, to: Address, message: Message, key: str) -> str:
        """Send a direct message once for this key; give the reference that `replace` takes."""

    async def replace(self, ref: str, message: Message) -> None:
        """Put another message in the place of a sent one."""

    async def find(self, to: Address, key: str) -> str | None:
        """Look for a message sent under this key, after an outcome that nobody saw."""
