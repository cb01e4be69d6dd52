"""What became of the coach's deliveries since the clock was moved, in words for the page."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.chat.prompt import Words
from bot.domain.zones import local
from bot.models import Delivery, DeliveryState
from bot.platforms.local.people import Person

#: As many of a person's deliveries as 400 days can hold, and some.
LOOKED_AT = 300


@dataclass(frozen=True, slots=True)
class Event:
    """One delivery: what it was, when it was due, what became of it, and why."""

    state: str
    what: str
    why: str
    due: datetime


@dataclass(frozen=True, slots=True)
class Happened:
    """What happened to one person since a moment."""

    who: Person
    since: datetime
    events: tuple[Event, ...]

    @property
    def sent(self) -> int:
        """How many messages arrived."""
        return sum(1 for each in self.events if each.state == "sent")

    @property
    def withheld(self) -> tuple[Event, ...]:
        """What did not arrive, or not yet, the latest first."""
        return tuple(each for each in self.events if each.state != "sent")


def happened(
    who: Person, rows: Sequence[Delivery], since: datetime, zone: str, words: Words
) -> Happened:
    """Tell what became of the deliveries that were due or sent since a moment."""
    events = tuple(
        Event(
            _state(row),
            _what(words, row.occasion),
            _why(words, row.reason),
            local(row.due_at, zone),
        )
        for row in rows
        if max(row.due_at, row.sent_at or row.due_at) > since and _is_settled(row)
    )
    return Happened(who, local(since, zone), events)


def _is_settled(row: Delivery) -> bool:
    return row.state != DeliveryState.WAITING or bool(row.reason)


def _state(row: Delivery) -> str:
    return "moved" if row.state == DeliveryState.WAITING else str(row.state)


def _what(words: Words, occasion: str) -> str:
    label = _label(words, f"help.occasion.{occasion.replace('.', '_')}", occasion)
    return label[:1].upper() + label[1:]


def _why(words: Words, reason: str) -> str:
    return _label(words, f"help.why.{reason}", f"({reason})") if reason else ""


def _label(words: Words, key: str, without: str) -> str:
    """Look a label up among the words; what has none there is shown as it is."""
    try:
        return words.short(key)
    except KeyError:
        return without
