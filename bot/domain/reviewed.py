"""Reading reviewed content: short texts in the coach's voice, each under a name of its own."""

import re
from collections.abc import Iterable, Mapping
from enum import StrEnum
from typing import Any, Protocol, TypeVar

from bot.domain.instruments import held

#: What voice.md rules out in every text.
_NEVER = re.compile(
    r"!|\b(?:resilien\w*|just|simply|easy|easily|oops|don['’]t forget|streaks?)\b", re.IGNORECASE
)
_SLUG = re.compile(r"[a-z][a-z0-9_]{1,31}")


class _Named(Protocol):
    @property
    def id(self) -> str: ...


Entry = TypeVar("Entry", bound=_Named)
Choice = TypeVar("Choice", bound=StrEnum)


def checked(text: object, most: int, where: str) -> str:
    """Give a text of at most `most` characters in the coach's voice, or raise ValueError."""
    if not isinstance(text, str) or not text.strip():
        raise ValueError(f"{where}: expected a text that is not empty")
    if len(text) > most:
        raise ValueError(f"{where}: {len(text)} characters, and a phone has room for {most}")
    if _NEVER.search(text):
        raise ValueError(f"{where}: it holds a word that voice.md rules out")
    return text


def said(data: object, key: str, most: int, where: str = "") -> str:
    """Give the text under `key`, or raise ValueError with the name of the key."""
    return checked(data.get(key) if isinstance(data, dict) else None, most, f"{where}{key}")


def many(data: object, key: str, most: int, where: str, count: range) -> tuple[str, ...]:
    """Give the texts listed under `key`, as many as `count` allows."""
    found = held(data, key, list, where)
    if len(found) not in count:
        raise ValueError(
            f"{where}{key}: expected {_told(count)} of them, and there are {len(found)}"
        )
    return tuple(checked(each, most, f"{where}{key}") for each in found)


def named(data: object, where: str) -> str:
    """Give the id of an entry: a short name that rows and buttons can keep for good."""
    name = held(data, "id", str, where)
    if not _SLUG.fullmatch(name):
        raise ValueError(f"{where}id: “{name}” is not 2 to 32 small letters, digits or _")
    return name


def one_of(kind: type[Choice], found: object, where: str) -> Choice:
    """Give a member of an enumeration, or raise ValueError that lists them."""
    try:
        return kind(str(found))
    except ValueError:
        raise ValueError(f"{where}: expected one of {', '.join(kind)}") from None


def by_id(entries: Iterable[Entry], where: str) -> dict[str, Entry]:
    """Put entries under their ids, in their order; no two have the same."""
    found: dict[str, Entry] = {}
    for entry in entries:
        if entry.id in found:
            raise ValueError(f"{where}: {entry.id} is there twice")
        found[entry.id] = entry
    return found


def labels(data: object, key: str, most: int, where: str) -> Mapping[str, str]:
    """Give what can be chosen under `key`: values with their labels."""
    found = held(data, key, dict, where)
    return {
        str(value): checked(text, most, f"{where}{key}.{value}") for value, text in found.items()
    }


def check_mark(data: Mapping[str, Any], where: str = "") -> None:
    """Refuse what is neither our own nor seen in a source that it names."""
    mark = held(data, "mark", str, where)
    if mark not in {"V", "O"}:
        raise ValueError(f"{where}mark: see the claim in its source (V), or leave it out (O)")
    if mark == "V":
        held(data, "seen_in", str, where)


def _told(count: range) -> str:
    return str(count.start) if len(count) == 1 else f"{count.start} to {count.stop - 1}"
