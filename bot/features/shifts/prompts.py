"""What the coach says about when members work."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from bot.chat.prompt import Press, Prompt, press


class Quiet(StrEnum):
    """What the coach does about what was typed."""

    WORK = "work"
    SLEEP = "sleep"
    HOMECALL = "homecall"
    OFF = "off"


@dataclass(frozen=True, kw_only=True)
class ShiftsKept(Prompt):
    """Shifts were kept, and what that changes."""

    words = "shifts/kept.md"
    #: The first and the last of the rows that are new; 0 where there is none.
    first: int
    last: int
    lines: tuple[str, ...]
    #: How hours are named, where usual ones were assumed.
    example: str
    quiet: Quiet
    #: The hours of a night on home call, as quiet.yaml has them.
    homecall: tuple[str, str]
    #: Whether a day off falls on work that is known.
    clash: bool

    def buttons(self) -> Iterable[Press]:
        if self.last:
            yield press("shift.undo", self.first, self.last, says="shifts.press.undo")
        yield press("shift.list", says="shifts.press.all")


@dataclass(frozen=True, kw_only=True)
class LeaveKept(Prompt):
    """Leave was kept: what stays quiet, and what comes."""

    words = "shifts/leave_kept.md"
    first: int
    last: int
    lines: tuple[str, ...]

    def buttons(self) -> Iterable[Press]:
        if self.last:
            yield press("shift.undo", self.first, self.last, says="shifts.press.undo")
        yield press("shift.list", says="shifts.press.all")


@dataclass(frozen=True, kw_only=True)
class Undone(Prompt):
    """What was kept a moment ago is gone again."""

    words = "shifts/undone.md"
    replaces = True


class FeedState(StrEnum):
    """How it stands with a rota feed."""

    NONE = "none"
    NEW = "new"
    READ = "read"
    FAILING = "failing"


@dataclass(frozen=True, kw_only=True)
class ShiftsShown(Prompt):
    """What is known of the days ahead, and where it comes from."""

    words = "shifts/shown.md"
    #: Whether it is all that is ahead, or two weeks of it.
    everything: bool
    lines: tuple[str, ...]
    more: int
    feed: FeedState
    #: Whether some of it came from the feed.
    from_feed: bool
    read_at: datetime | None
    #: Whether the member typed shifts that are still kept.
    typed: bool
    #: How many labels of the feed wait for an answer.
    labels: int

    def buttons(self) -> Iterable[Press]:
        if self.labels:
            yield press("shift.labels", says="shifts.press.labels", primary=True)
        yield press("shift.add", says="shifts.press.add")
        yield press("shift.address", says="shifts.press.feed")
        if self.typed:
            yield press("shift.clear", says="shifts.press.clear")
        if self.feed != FeedState.NONE:
            yield press("shift.forget", says="shifts.press.forget")


@dataclass(frozen=True, kw_only=True)
class ClearAsked(Prompt):
    """Which typed shifts would go, asked once."""

    words = "shifts/clear_asked.md"
    mark: str
    lines: tuple[str, ...]
    more: int

    def buttons(self) -> Iterable[Press]:
        yield press("shift.cleared", self.mark, says="shifts.press.cleared")
        yield press("shift.list", says="shifts.press.keep")


@dataclass(frozen=True, kw_only=True)
class Cleared(Prompt):
    """Typed shifts are forgotten."""

    words = "shifts/cleared.md"
    replaces = True
    count: int
    feed: bool


@dataclass(frozen=True, kw_only=True)
class FeedKept(Prompt):
    """A rota feed's address was kept; it is never said again."""

    words = "shifts/feed_kept.md"
    again: bool

    def buttons(self) -> Iterable[Press]:
        yield press("shift.forget", says="shifts.press.forget")


@dataclass(frozen=True, kw_only=True)
class FeedForgotten(Prompt):
    """A rota feed and its shifts are gone."""

    words = "shifts/feed_forgotten.md"


@dataclass(frozen=True, kw_only=True)
class FeedRead(Prompt):
    """A rota feed was read, or has labels to be asked about."""

    words = "shifts/feed_read.md"
    count: int
    first: datetime | None
    until: date
    labels: int

    def buttons(self) -> Iterable[Press]:
        if self.labels:
            yield press("shift.labels", says="shifts.press.labels", primary=True)
        yield press("shift.list", says="shifts.press.all")


@dataclass(frozen=True, kw_only=True)
class FeedTrouble(Prompt):
    """A rota feed could not be read for long."""

    words = "shifts/feed_trouble.md"
    read_at: datetime | None

    def buttons(self) -> Iterable[Press]:
        yield press("shift.address", says="shifts.press.new_address", primary=True)
        yield press("shift.forget", says="shifts.press.forget")


@dataclass(frozen=True, kw_only=True)
class LabelsKept(Prompt):
    """What labels mean was kept."""

    words = "shifts/labels_kept.md"
    count: int
    #: How many labels are still unclear.
    more: int

    def buttons(self) -> Iterable[Press]:
        if self.more:
            yield press("shift.labels", says="shifts.press.labels", primary=True)
