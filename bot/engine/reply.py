"""What comes back from a turn, for a platform to show."""

from dataclasses import dataclass

from bot.chat.message import Form, Message


@dataclass(frozen=True, slots=True)
class Update:
    """A sent message that must be replaced."""

    ref: str
    message: Message


@dataclass(frozen=True, slots=True)
class Reply:
    """What the member sees. Empty when the same event was answered before."""

    messages: tuple[Message, ...] = ()
    form: Form | None = None
    #: Whether the first message takes the place of the one whose button was pressed.
    replaces: bool = False
    updates: tuple[Update, ...] = ()
