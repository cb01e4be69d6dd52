"""What several commands of the command line share: options, settings, and moments."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from bot.settings import Settings

#: The years that a moment may lie in: what is planned around them still has a date.
FIRST, LAST = 1970, 9000

Now = Annotated[str, typer.Option(help="the moment it is, in ISO form; UTC unless it says")]
Json = Annotated[bool, typer.Option("--json", help="print a list for programs")]


def read_settings() -> "Settings":
    """Read the environment and set up the logs; what is not usable is one sentence."""
    from pydantic import ValidationError

    from bot import logs
    from bot.errors import Misconfigured
    from bot.settings import Settings

    try:
        settings = Settings()
    except ValidationError as wrong:
        first = wrong.errors()[0]
        name = "_".join(str(part) for part in first["loc"])
        problem = first["msg"].removeprefix("Value error, ").rstrip(".")
        raise Misconfigured(f"{name} is not usable: {problem}.") from None
    logs.set_up(settings.log)
    return settings


def moment(text: str) -> Callable[[], datetime] | None:
    """Read a moment as a clock that stands still there; None where none was given."""
    from bot.errors import Misconfigured

    if not text:
        return None
    try:
        read = datetime.fromisoformat(text)
        still = (read if read.tzinfo else read.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError):
        raise Misconfigured(
            f"“{text}” is not a moment: write it like 2027-01-04T09:00 or 2027-01-04T09:00+01:00."
        ) from None
    if not FIRST <= still.year <= LAST:
        raise Misconfigured(f"“{text}” is out of reach: choose a year from {FIRST} to {LAST}.")
    return lambda: still
