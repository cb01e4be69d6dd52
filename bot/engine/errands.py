"""What must be done in a channel: an occasion gives one of these in the place of a message."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from bot.chat.prompt import Prompt
from bot.engine.ports import Room


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenRoom:
    """Make a private channel."""

    name: str
    purpose: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Invite:
    """Bring people into a channel, by the platform's names for them."""

    room: Room
    users: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Dismiss:
    """Let one person out of a channel."""

    room: Room
    user: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CloseRoom:
    """Archive a channel."""

    room: Room


@dataclass(frozen=True, slots=True, kw_only=True)
class Post:
    """Say something to everyone in a channel."""

    room: Room
    prompt: Prompt
    #: The post that is answered, if it is to stand in a thread.
    thread: str = ""
    #: Whether it is to stay in sight.
    pin: bool = False


Errand = OpenRoom | Invite | Dismiss | CloseRoom | Post


@dataclass(frozen=True, slots=True)
class Result:
    """What came of an errand: the reference of a channel or a post, or who could not come in."""

    ref: str = ""
    refused: Mapping[str, str] = field(default_factory=dict)
