"""Reviewed content: what the coach knows, as data with a source, read once."""

from functools import cache
from typing import Any

import yaml

from bot.chat.prompt import OWN_WORDS


@cache
def content(name: str) -> Any:
    """Read a content file: `content("goals/smart_rules")`."""
    file = OWN_WORDS / "content" / f"{name}.yaml"
    return yaml.load(file.read_text("utf-8"), Loader=_LOADER)  # noqa: S506 - a safe loader, in C


_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
