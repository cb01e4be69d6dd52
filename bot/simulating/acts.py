"""What a simulated person does: one act, and what it brings about when the coach confirms it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Literal

from bot.chat.incoming import Actor, Incoming, Pressed, Said, Submitted, Visited
from bot.chat.message import Message


@dataclass(frozen=True, slots=True, kw_only=True)
class Act:
    """Something that someone is about to do, as at a keyboard."""

    does: Literal["wake", "say", "press", "submit", "visit"]
    #: What is typed, the action of the button, or the address of the form.
    text: str = ""
    values: Mapping[str, str] = field(default_factory=dict)
    #: The sent message whose button is pressed, as its messenger knows it.
    ref: str = ""
    #: How the coach's answer shows that it was done: a button's action begins so, or "form".
    sign: str = ""
    #: The check-in that it is about; it is left undone once that is answered.
    checkin: int = 0
    answers: bool = False
    #: Goals that it closes.
    done: tuple[int, ...] = ()
    dropped: tuple[int, ...] = ()
    adds: bool = False
    zone: str = ""
    #: Goes on leave until this moment; `resumes` ends it.
    leave: "Leave | None" = None
    resumes: bool = False
    #: Asks for the weekly question again.
    again: bool = False

    def incoming(self, actor: Actor, key: str) -> Incoming:
        """Give the event as a platform would pass it on."""
        if self.does == "say":
            return Said(actor, self.text, key)
        if self.does == "press":
            return Pressed(actor, self.text, key)
        if self.does == "submit":
            return Submitted(actor, self.text, self.values, key)
        return Visited(actor, key)


@dataclass(frozen=True, slots=True)
class Leave:
    """A silence that was asked for: until a moment, or until someone resumes."""

    until: datetime | None


#: An act, and how long from now.
Later = tuple[timedelta, Act]


def actions(messages: Iterable[Message]) -> list[str]:
    """List what can be pressed on some messages."""
    return [button.action for message in messages for button in message.buttons]


def row_of(action: str) -> int:
    """Give the first row that an action names: 12 of "goal.plan:12"."""
    return int(action.split(":")[1])


def beginning(pressable: Sequence[str], name: str) -> str:
    """Find the action that begins with a name; empty when there is none."""
    return next((action for action in pressable if action.startswith(name)), "")
