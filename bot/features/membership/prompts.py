"""What the coach says about itself, and about how a member wants to be asked."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from bot.chat.prompt import Press, Prompt, press


@dataclass(frozen=True, kw_only=True)
class Welcome(Prompt):
    """First contact: who it is, that it is software, what it keeps, how to leave."""

    words = "membership/welcome.md"
    name: str
    zone: str
    checkin: str

    def buttons(self) -> Iterable[Press]:
        yield press("coach.first_questions", says="membership.press.questions", primary=True)
        yield press("coach.skip", says="membership.press.skip")


@dataclass(frozen=True, kw_only=True)
class Settled(Prompt):
    """The settings as they are now, after the first questions or a change."""

    words = "membership/settled.md"
    stage: str
    zone: str
    here: datetime
    checkin: str
    next_checkin: datetime | None
    paused: bool
    paused_until: date | None
    reviews: str
    #: Where help numbers are to be right; empty while unknown.
    country: str
    team: str
    quiet_hours: str
    has_goals: bool

    def buttons(self) -> Iterable[Press]:
        if not self.has_goals:
            yield press("goal.add", says="membership.press.first_goal", primary=True)
        yield press("coach.change", says="membership.press.change")


@dataclass(frozen=True, kw_only=True)
class Paused(Prompt):
    """Everything is silent."""

    words = "membership/paused.md"
    until: date | None

    def buttons(self) -> Iterable[Press]:
        yield press("coach.resume", says="membership.press.resume")


@dataclass(frozen=True, kw_only=True)
class Resumed(Prompt):
    """The coach asks again."""

    words = "membership/resumed.md"
    was_paused: bool
    next_checkin: datetime | None
    #: The end of the quiet after hard words; None where there is none.
    quiet_until: date | None
