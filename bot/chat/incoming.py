"""What people do, before the engine knows what it means. Dicts of platforms end here."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts: one person on one platform; `zone` is what the platform believes."""

    platform: str
    workspace: str
    user: str
    name: str = ""
    zone: str = ""


@dataclass(frozen=True, slots=True)
class Said:
    """A slash command or a direct message. `key` is the same when a platform sends it again."""

    actor: Actor
    text: str
    key: str = ""


@dataclass(frozen=True, slots=True)
class Pressed:
    """A pressed button."""

    actor: Actor
    action: str
    key: str = ""


@dataclass(frozen=True, slots=True)
class Submitted:
    """A form that was sent; `values` are as typed, by field name."""

    actor: Actor
    form: str
    values: Mapping[str, str]
    key: str = ""


@dataclass(frozen=True, slots=True)
class Visited:
    """The member opened the coach's home."""

    actor: Actor
    key: str = ""


Incoming = Said | Pressed | Submitted | Visited
