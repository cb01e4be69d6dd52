"""What a channel of ours is called, and the mark by which it is known again: pure."""

import re
import unicodedata
from collections.abc import Collection, Iterator
from hashlib import blake2s
from itertools import count

from bot.platforms.slack.blocks import short, utf16

#: Characters of a channel's name and of its purpose.
NAME, PURPOSE = 80, 250
#: Names with a number that are tried before the one that nobody else can have.
TRIES = 8
#: The name of what has no letter that Slack takes.
NAMELESS = "room"
_STRANGE = re.compile(r"[^a-z0-9_]+")


def mark_of(key: str) -> str:
    """Make the short mark of a key."""
    return blake2s(key.encode(), digest_size=4).hexdigest()


def stem_of(name: str) -> str:
    """Write a name as Slack takes it: small plain letters, digits, hyphens and underscores."""
    plain = unicodedata.normalize("NFKD", name.casefold()).encode("ascii", "ignore").decode()
    stem = _STRANGE.sub("-", plain)[:NAME].strip("-_")
    return stem or NAMELESS


def names(stem: str, taken: Collection[str], mark: str) -> Iterator[str]:
    """Give the names to try: the plain one, some with a number, and one that is free for sure."""
    numbered = (stem if number == 1 else _ending(stem, f"-{number}") for number in count(1))
    free = (name for name in numbered if name not in taken)
    for _ in range(TRIES):
        yield next(free)
    yield _ending(stem, f"-{mark}")


def is_named(name: str, stem: str, mark: str) -> bool:
    """Tell whether a channel has a name that `names` may give."""
    if name in (stem, _ending(stem, f"-{mark}")):
        return True
    number = name.rpartition("-")[2]
    return number.isdecimal() and name == _ending(stem, f"-{number}")


def marked(purpose: str, mark: str) -> str:
    """Put the mark behind a purpose, in which Slack is to see no markup."""
    plain = " ".join(purpose.replace("<", "‹").replace(">", "›").split())
    end = f" [{mark}]"
    return f"{short(plain, PURPOSE - utf16(end))}{end}".strip()


def is_marked(purpose: str, mark: str) -> bool:
    """Tell whether a purpose has this mark."""
    return f"[{mark}]" in purpose


def _ending(stem: str, end: str) -> str:
    return stem[: NAME - len(end)] + end
