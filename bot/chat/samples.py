"""Samples of every prompt, made from its types: full ones and bare ones.

With them `preceptor check` and the tests render every template both ways, so that an owner's own
words fail at their desk and not in a member's evening.
"""

from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from datetime import UTC, date, datetime
from enum import Enum
from types import UnionType
from typing import Any, Union, get_args, get_origin, get_type_hints

from bot.chat.prompt import Prompt

_NEVER_EMPTY = frozenset({"sentence", "title", "question", "step_text"})
_DAY = date(2027, 6, 30)
_MOMENT = datetime(2027, 1, 4, 9, tzinfo=UTC)
_PLAIN: dict[type, tuple[Any, Any]] = {
    str: ("Pass the boards <!channel> *now*", ""),
    int: (3, 0),
    float: (2.5, 0.0),
    bool: (True, False),
    bytes: (b"something", b""),
    date: (_DAY, _DAY),
    datetime: (_MOMENT, _MOMENT),
}


def kinds(root: type[Prompt] = Prompt) -> list[type[Prompt]]:
    """List every prompt that has words, once its feature has been imported."""
    found: dict[str, type[Prompt]] = {}
    for kind in root.__subclasses__():
        found |= {each.__qualname__: each for each in kinds(kind)}
        if "words" in kind.__dict__ and kind.__module__.startswith("bot."):
            found[kind.__qualname__] = kind
    return [found[name] for name in sorted(found)]


def samples(kind: type[Prompt]) -> Iterator[Prompt]:
    """Make a prompt with everything there, one with nothing there, and one of each enumeration."""
    yield kind(**_values(kind, full=True))
    yield kind(**_values(kind, full=False))
    for name, hint in get_type_hints(kind).items():
        if isinstance(hint, type) and issubclass(hint, Enum):
            for value in hint:
                yield kind(**{**_values(kind, full=True), name: value})


def _values(kind: type, *, full: bool) -> dict[str, Any]:
    hints = get_type_hints(kind)
    return {
        # A sentence, a title, a question are never empty.
        each.name: "…"
        if not full and each.name in _NEVER_EMPTY
        else _value(hints[each.name], full=full)
        for each in fields(kind)
    }


def _value(hint: Any, *, full: bool) -> Any:
    origin, args = get_origin(hint), get_args(hint)
    if origin in (Union, UnionType):
        inner = next(each for each in args if each is not type(None))
        return _value(inner, full=full) if full else None
    if origin is tuple:
        if len(args) == 2 and args[1] is Ellipsis:
            return (_value(args[0], full=True),) * 2 if full else ()
        return tuple(_value(each, full=full) for each in args)
    if is_dataclass(hint):
        return hint(**_values(hint, full=full))  # type: ignore[operator,arg-type]
    if issubclass(hint, Enum):
        return next(iter(hint))
    return _PLAIN[hint][0 if full else 1]
