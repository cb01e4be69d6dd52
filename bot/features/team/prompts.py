"""What everyone may read of the team."""

from dataclasses import dataclass
from datetime import date

from bot.chat.prompt import Prompt


@dataclass(frozen=True, kw_only=True)
class TeamLine:
    """One team of eight people or more, by the name that they gave it."""

    team: str
    people: int
    burnout: float | None
    energy: float | None


@dataclass(frozen=True, kw_only=True)
class TeamShown(Prompt):
    """The page of a quarter; None where too little can be shown."""

    words = "team/shown.md"
    first: date
    last: date
    people: int
    burnout: float | None
    energy: float | None
    teams: tuple[TeamLine, ...]
    more: int
    after_idea: float | None
    after_none: float | None


@dataclass(frozen=True, kw_only=True)
class NothingShown(Prompt):
    """No number can be shown."""

    words = "team/nothing.md"
