"""What somebody is answered about their circle; nobody else sees it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bot.chat.prompt import Press, Prompt, press


class Where(StrEnum):
    """Where somebody stands."""

    NONE = "none"
    WAITING = "waiting"
    GATHERING = "gathering"
    RUNNING = "running"


class Channel(StrEnum):
    """How it stands with a circle's channel, for one of it."""

    THERE = "there"
    COMING = "coming"
    LOST = "lost"
    KEPT_OUT = "kept_out"


class Said(StrEnum):
    """What somebody said of a session."""

    COMING = "coming"
    NOT_COMING = "not_coming"
    THERE = "there"


@dataclass(frozen=True, kw_only=True)
class Asking:
    """A circle that asks for somebody."""

    circle_id: int
    name: str
    host: str


@dataclass(frozen=True, kw_only=True)
class CircleStanding(Prompt):
    """Where somebody stands with circles."""

    words = "circles/standing.md"
    where: Where
    circle_id: int
    name: str
    meets: str
    people: tuple[str, ...]
    more: int
    host: str
    is_host: bool
    channel: Channel
    number: int
    total: int
    title: str
    at: datetime | None
    duty: str
    asked: tuple[Asking, ...]

    def buttons(self) -> Iterable[Press]:
        for each in self.asked:
            yield press(
                "circle.accept", each.circle_id, says="circles.press.join_this", name=each.name
            )
            yield press(
                "circle.decline", each.circle_id, says="circles.press.not_this", name=each.name
            )
        if self.where in {Where.NONE, Where.WAITING}:
            yield press("circle.wish", says="circles.press.wish", primary=not self.asked)
            yield press("circle.found", says="circles.press.start")
            return
        if self.channel == Channel.KEPT_OUT:
            yield press("circle.let_me_in", self.circle_id, says="circles.press.let_me_in")
        is_lost = self.channel == Channel.LOST and self.where == Where.RUNNING
        if self.is_host and is_lost:
            yield press("circle.reopen", self.circle_id, says="circles.press.reopen")
        if self.is_host:
            yield press("circle.more", self.circle_id, says="circles.press.invite")
        if self.where == Where.RUNNING:
            yield press("circle.agenda" if self.at else "circle.schedule", says=self._next)
        yield press("circle.leave", says="circles.press.leave")

    @property
    def _next(self) -> str:
        return "circles.press.agenda" if self.at else "circles.press.schedule"


@dataclass(frozen=True, kw_only=True)
class CircleInvites(Prompt):
    """People were asked into a circle, at its start or later."""

    words = "circles/invites.md"
    circle_id: int
    name: str
    new: bool
    asked: tuple[str, ...]
    #: How many were asked into it before, and are not asked again.
    before: int
    #: How many sit in a circle already, or cannot be reached.
    not_now: int
    #: How many have never written to the coach.
    strangers: int
    needed: int


@dataclass(frozen=True, kw_only=True)
class CircleJoined(Prompt):
    """Somebody took a seat."""

    words = "circles/joined.md"
    name: str
    host: str
    people: int
    needed: int
    room: bool

    def buttons(self) -> Iterable[Press]:
        yield press("circle.", says="circles.press.mine")


@dataclass(frozen=True, kw_only=True)
class CircleDeclined(Prompt):
    """Somebody would rather not now."""

    words = "circles/declined.md"
    name: str

    def buttons(self) -> Iterable[Press]:
        yield press("circle.wish", says="circles.press.wish")


@dataclass(frozen=True, kw_only=True)
class CircleAwaited(Prompt):
    """Somebody waits for a circle to be formed."""

    words = "circles/waiting.md"
    meets: str
    new: bool

    def buttons(self) -> Iterable[Press]:
        yield press("circle.wish", says="circles.press.change_wish")
        yield press("circle.leave", says="circles.press.stop_waiting")


@dataclass(frozen=True, kw_only=True)
class CircleLeaveAsked(Prompt):
    """Whether somebody means to leave, asked once."""

    words = "circles/leave_asked.md"
    circle_id: int
    name: str
    is_host: bool
    last: bool

    def buttons(self) -> Iterable[Press]:
        yield press("circle.leave_now", self.circle_id, says="circles.press.leave")
        yield press("circle.", says="circles.press.stay")


@dataclass(frozen=True, kw_only=True)
class CircleLeft(Prompt):
    """Somebody left a circle, or the list of those who wait."""

    words = "circles/left.md"
    #: Empty where they only waited.
    name: str
    closed: bool

    def buttons(self) -> Iterable[Press]:
        yield press("circle.wish", says="circles.press.wish")


@dataclass(frozen=True, kw_only=True)
class PresenceKept(Prompt):
    """What somebody said of a session is kept; nobody else sees it."""

    words = "circles/presence.md"
    said: Said
    number: int
    title: str
    #: Who takes over the role of somebody who will not come; empty where they had none.
    heir: str


@dataclass(frozen=True, kw_only=True)
class NotesKept(Prompt):
    """The themes of a session are kept, and go to the channel."""

    words = "circles/notes_kept.md"
    number: int
    count: int
    again: bool


@dataclass(frozen=True, kw_only=True)
class CircleCloseAsked(Prompt):
    """Whether a circle is to be closed, asked once."""

    words = "circles/close_asked.md"
    circle_id: int
    name: str
    people: int
    room: bool

    def buttons(self) -> Iterable[Press]:
        yield press("circle.close_now", self.circle_id, 0, says="circles.press.close")
        if self.room:
            yield press("circle.close_now", self.circle_id, 1, says="circles.press.close_archive")
        yield press("circle.", says="circles.press.go_on")


@dataclass(frozen=True, kw_only=True)
class CircleClosed(Prompt):
    """A circle is closed, or its channel is."""

    words = "circles/closed.md"
    name: str
    archive: bool


@dataclass(frozen=True, kw_only=True)
class ChannelOnItsWay(Prompt):
    """A channel is made anew, or somebody is let into it."""

    words = "circles/on_its_way.md"
    name: str
    anew: bool


@dataclass(frozen=True, kw_only=True)
class WishKept(Prompt):
    """An answer halfway is kept."""

    words = "circles/wish_kept.md"
    label: str
