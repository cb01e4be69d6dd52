"""What is shown of a circle's hour, its programme, its agenda, and of circles that could be."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bot.chat.prompt import Press, Prompt, press


class Mine(StrEnum):
    """What an hour asks of the one who looks at it."""

    FREE = "free"
    STRAINED = "strained"
    CANNOT = "cannot"


@dataclass(frozen=True, kw_only=True)
class BestHour(Prompt):
    """The least bad hour for all of a circle, said openly, and without naming anybody."""

    words = "circles/best_hour.md"
    name: str
    by_thread: bool
    #: The hour that is kept to now; empty before one was chosen.
    now_at: str
    best: str
    zone: str
    walls: tuple[str, ...]
    free: int
    strained: int
    cannot: int
    mine: Mine
    is_host: bool
    host: str
    weekday: int
    minute: int

    def buttons(self) -> Iterable[Press]:
        if self.is_host:
            yield press(
                "circle.take", self.weekday, self.minute, says="circles.press.take", primary=True
            )
            yield press("circle.hour", says="circles.press.other_hour")


@dataclass(frozen=True, kw_only=True)
class CircleScheduled(Prompt):
    """A circle has its hour."""

    words = "circles/scheduled.md"
    at: str
    zone: str
    first: datetime
    last: datetime
    count: int


@dataclass(frozen=True, kw_only=True)
class TopicLine:
    """One topic of the programme, or one that can be wished for."""

    id: str
    title: str
    why: str
    done: bool = False
    next: bool = False


@dataclass(frozen=True, kw_only=True)
class TopicsShown(Prompt):
    """The programme, and what can be wished for in the place of its next topic."""

    words = "circles/topics.md"
    session_id: int
    number: int
    at: datetime | None
    programme: tuple[TopicLine, ...]
    others: tuple[TopicLine, ...]
    mine: str

    def buttons(self) -> Iterable[Press]:
        if self.at is not None:
            yield press("circle.vote", self.session_id, says="circles.press.vote")


@dataclass(frozen=True, kw_only=True)
class Voted(Prompt):
    """A wish for a topic is kept."""

    words = "circles/voted.md"
    title: str
    number: int
    until: datetime


@dataclass(frozen=True, kw_only=True)
class AgendaStep:
    """One part of a session."""

    clock: str
    title: str
    #: What is done in it; empty where the channel says that in its time.
    text: str


@dataclass(frozen=True, kw_only=True)
class AgendaShown(Prompt):
    """The next session with its agenda, and the role of the one who asks."""

    words = "circles/agenda.md"
    session_id: int
    number: int
    total: int
    title: str
    why: str
    care: str
    at: datetime
    by_thread: bool
    steps: tuple[AgendaStep, ...]
    duty: str
    does: tuple[str, ...]

    def buttons(self) -> Iterable[Press]:
        yield press("circle.coming", self.session_id, says="circles.press.coming")
        yield press("circle.not_coming", self.session_id, says="circles.press.not_coming")


@dataclass(frozen=True, kw_only=True)
class DraftCircle:
    """One circle that could be."""

    people: tuple[str, ...]
    meets: str
    stages: int
    hours: int


@dataclass(frozen=True, kw_only=True)
class LeftOver:
    """Who has no circle for one reason, in words."""

    people: tuple[str, ...]
    reason: str


@dataclass(frozen=True, kw_only=True)
class CircleDraft(Prompt):
    """Circles that could be formed of those who wait, for a coordinator."""

    words = "circles/draft.md"
    pool: int
    #: Who wait beside these, for the next draft.
    more: int
    circles: tuple[DraftCircle, ...]
    left: tuple[LeftOver, ...]
    draft: int

    def buttons(self) -> Iterable[Press]:
        if self.circles:
            yield press("circle.publish", self.draft, says="circles.press.publish", primary=True)
            yield press("circle.redraw", self.draft, says="circles.press.redraw")


@dataclass(frozen=True, kw_only=True)
class CirclesFormed(Prompt):
    """Circles were formed."""

    words = "circles/published.md"
    circles: int
    people: int
    left: int
