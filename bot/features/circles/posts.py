"""What the coach says in a circle's channel. What is pressed there is answered in private."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bot.chat.prompt import Press, Prompt, press


class Outcome(StrEnum):
    """What came of the check halfway."""

    NONE = "none"
    KEEP = "keep"
    CHANGE = "change"
    STOP = "stop"


@dataclass(frozen=True, kw_only=True)
class AgreementPost(Prompt):
    """What the circle agrees on; it stays pinned."""

    words = "circles/post_agreement.md"
    name: str
    title: str
    lines: tuple[str, ...]
    people: tuple[str, ...]
    host: str
    scheduled: bool


@dataclass(frozen=True, kw_only=True)
class HourPost(Prompt):
    """When the circle meets from now on."""

    words = "circles/post_hour.md"
    at: str
    zone: str
    walls: tuple[str, ...]
    first: datetime
    last: datetime
    count: int
    by_thread: bool


@dataclass(frozen=True, kw_only=True)
class Holder:
    """Who does what."""

    duty: str
    name: str


@dataclass(frozen=True, kw_only=True)
class AgendaPost(Prompt):
    """The day before: what the session is about, and who does what."""

    words = "circles/post_agenda.md"
    session_id: int
    number: int
    total: int
    title: str
    why: str
    care: str
    at: datetime
    zone: str
    walls: tuple[str, ...]
    roles: tuple[Holder, ...]
    by_thread: bool

    def buttons(self) -> Iterable[Press]:
        yield press("circle.coming", self.session_id, says="circles.press.coming")
        yield press("circle.not_coming", self.session_id, says="circles.press.not_coming")


@dataclass(frozen=True, kw_only=True)
class Part:
    """One part of an hour, with its moment."""

    clock: str
    title: str


@dataclass(frozen=True, kw_only=True)
class OpeningPost(Prompt):
    """It is time: the hour of a circle that speaks."""

    words = "circles/post_opening.md"
    number: int
    title: str
    care: str
    light: bool
    host: str
    timekeeper: str
    #: Whose clock the parts follow; empty where all live by the same.
    zone: str
    parts: tuple[Part, ...]
    questions: tuple[str, ...]
    action: str
    late: bool


@dataclass(frozen=True, kw_only=True)
class StepPost(Prompt):
    """What is asked at one moment of a session that is typed."""

    words = "circles/post_step.md"
    #: The session's number where this opens it, else 0.
    number: int
    light: bool
    title: str
    text: str
    card: str
    why: str
    care: str
    questions: tuple[str, ...]
    action: str


@dataclass(frozen=True, kw_only=True)
class EndedPost(Prompt):
    """A session is over."""

    words = "circles/post_ended.md"
    session_id: int
    number: int
    title: str
    scribe: str
    next_at: datetime | None
    zone: str
    next_host: str

    def buttons(self) -> Iterable[Press]:
        yield press("circle.was_there", self.session_id, says="circles.press.was_there")
        yield press("circle.themes", self.session_id, says="circles.press.notes")


@dataclass(frozen=True, kw_only=True)
class ThemesPost(Prompt):
    """What a session was about, without names or stories."""

    words = "circles/post_themes.md"
    number: int
    title: str
    themes: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class HalfwayPost(Prompt):
    """What came of the check halfway; counts only where they tell of nobody."""

    words = "circles/post_halfway.md"
    outcome: Outcome
    #: How many answered; 0 where it is too few to be told.
    answered: int
    keep: int
    change: int
    stop: int
    host: str


@dataclass(frozen=True, kw_only=True)
class FinishPost(Prompt):
    """The series is over, and what comes next."""

    words = "circles/post_finish.md"
    circle_id: int
    name: str
    months: tuple[int, ...]
    host: str

    def buttons(self) -> Iterable[Press]:
        yield press("circle.archive", self.circle_id, says="circles.press.archive")


@dataclass(frozen=True, kw_only=True)
class FarewellPost(Prompt):
    """A circle ends before its programme does."""

    words = "circles/post_farewell.md"
    name: str
