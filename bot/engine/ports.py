"""What the engine asks of a platform."""

from dataclasses import dataclass
from typing import Protocol

from bot.chat.message import Message


@dataclass(frozen=True, slots=True)
class Address:
    """Where a member is reached."""

    workspace: str
    user: str


class Messenger(Protocol):
    """Sends messages outside. It raises TryLater and Unreachable, and nothing else by design."""

    @property
    def pace(self) -> float | None:
        """How many messages a second the platform takes for one workspace; None for any number."""

    async def send(self, to: Address, message: Message, key: str) -> str:
        """Send a direct message once for this key; give the reference that `replace` takes."""

    async def replace(self, ref: str, message: Message) -> None:
        """Put another message in the place of a sent one."""

    async def find(self, to: Address, key: str) -> str | None:
        """Look for a message sent under this key, after an outcome that nobody saw."""
