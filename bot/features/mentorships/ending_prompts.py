"""What is said of how it goes, of a pause, of trouble, and of the end."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from bot.chat.message import File
from bot.chat.prompt import Press, Prompt, press
from bot.features.mentorships.meeting_prompts import Mark


@dataclass(frozen=True, kw_only=True)
class HowGoesIt(Prompt):
    """How a mentorship goes: asked of each alone."""

    words = "mentorships/health.md"
    mentorship_id: int
    name: str
    question: str
    marks: tuple[Mark, ...]

    def buttons(self) -> Iterable[Press]:
        for each in self.marks:
            yield press(
                "mentor.pair_health",
                self.mentorship_id,
                each.value,
                says="mentorships.press.mark",
                label=each.label,
            )


@dataclass(frozen=True, kw_only=True)
class GoesWell(Prompt):
    """It goes well."""

    words = "mentorships/well.md"
    replaces = True


@dataclass(frozen=True, kw_only=True)
class GoesUneven(Prompt):
    """It goes up and down: what may help."""

    words = "mentorships/uneven.md"
    replaces = True
    mentorship_id: int

    def buttons(self) -> Iterable[Press]:
        key = self.mentorship_id
        yield press("mentor.pair_times", key, 0, says="mentorships.press.times")
        yield press("mentor.pair_agreement", key, says="mentorships.press.agreement")
        yield press("mentor.pair_do", key, "pause", says="mentorships.press.pause")
        yield press("mentor.pair_do", key, "trouble", says="mentorships.press.trouble")


@dataclass(frozen=True, kw_only=True)
class _Choices(Prompt):
    """The three ways on from a silence."""

    mentorship_id: int
    name: str

    def buttons(self) -> Iterable[Press]:
        key = self.mentorship_id
        yield press("mentor.pair_times", key, 0, says="mentorships.press.times", primary=True)
        yield press("mentor.pair_do", key, "pause", says="mentorships.press.pause")
        yield press("mentor.pair_do", key, "end", says="mentorships.press.finish")


@dataclass(frozen=True, kw_only=True)
class SilenceAsked(_Choices):
    """They have not met for long: asked gently, once."""

    words = "mentorships/silence.md"
    since: date


@dataclass(frozen=True, kw_only=True)
class UnmetAsked(_Choices):
    """They have not met yet: asked of each alone."""

    words = "mentorships/unmet.md"
    #: Who coordinates the round that the pair comes from, and the day from which they know that a
    #: pair has not met; empty and None for none.
    coordinator: str
    told_on: date | None


@dataclass(frozen=True, kw_only=True)
class MissedTwice(_Choices):
    """Two meetings in a row did not take place: asked of each alone."""

    words = "mentorships/missed_twice.md"


@dataclass(frozen=True, kw_only=True)
class Unreached(Prompt):
    """The other cannot be written to any more: told once."""

    words = "mentorships/unreached.md"
    mentorship_id: int
    name: str

    def buttons(self) -> Iterable[Press]:
        yield press("mentor.pair_do", self.mentorship_id, "end", says="mentorships.press.end")


@dataclass(frozen=True, kw_only=True)
class UnmetPair(Prompt):
    """A pair of a round has not met: told to its coordinator, without a name."""

    words = "mentorships/unmet_pair.md"
    published: date


@dataclass(frozen=True, kw_only=True)
class PairPaused(Prompt):
    """A mentorship rests."""

    words = "mentorships/paused.md"
    replaces = True
    mentorship_id: int
    name: str
    #: Whether the other did it.
    by_other: bool
    #: Whether a meeting stays planned.
    planned: bool

    def buttons(self) -> Iterable[Press]:
        yield press("mentor.pair_do", self.mentorship_id, "resume", says="mentorships.press.resume")


@dataclass(frozen=True, kw_only=True)
class PairResumed(Prompt):
    """A mentorship goes on."""

    words = "mentorships/resumed.md"
    replaces = True
    mentorship_id: int
    name: str
    by_other: bool

    def buttons(self) -> Iterable[Press]:
        yield press("mentor.pair_times", self.mentorship_id, 0, says="mentorships.press.times")


@dataclass(frozen=True, kw_only=True)
class EndLook(Prompt):
    """One look before the end."""

    words = "mentorships/end_look.md"
    mentorship_id: int
    name: str

    def buttons(self) -> Iterable[Press]:
        key = self.mentorship_id
        yield press("mentor.pair_do", key, "end_now", says="mentorships.press.end_now")
        yield press("mentor.pair_do", key, "keep", says="mentorships.press.keep")
        yield press("mentor.pair_do", key, "pause", says="mentorships.press.pause")


@dataclass(frozen=True, kw_only=True)
class EndKept(Prompt):
    """It goes on as it is."""

    words = "mentorships/end_kept.md"
    replaces = True
    name: str


@dataclass(frozen=True, kw_only=True)
class EndDone(Prompt):
    """It is over, told to who ended it."""

    words = "mentorships/end_done.md"
    replaces = True
    name: str


@dataclass(frozen=True, kw_only=True)
class PairOver(Prompt):
    """It is over, told to both alike: thanks, and what may come next."""

    words = "mentorships/over.md"
    name: str
    on: date
    mentee: bool
    thanks: str
    asks: tuple[str, ...]
    #: A planned meeting for calendars to take out; empty for none.
    file: str = ""
    #: What the file is, in words.
    event: str = ""
    content: bytes = b""

    def files(self) -> tuple[File, ...]:
        if not self.content:
            return ()
        return (File(self.file, "text/calendar", self.content, self.event),)

    def buttons(self) -> Iterable[Press]:
        if self.mentee:
            yield press("mentor.find", says="mentorships.press.find")
        yield press("mentor.pairs", says="mentorships.press.pairs")


@dataclass(frozen=True, kw_only=True)
class PairGone(Prompt):
    """The other is no longer here."""

    words = "mentorships/parted.md"
    left: tuple[str, ...]
    #: A planned meeting for calendars to take out; empty for none.
    file: str = ""
    #: What the file is, in words.
    event: str = ""
    content: bytes = b""

    def files(self) -> tuple[File, ...]:
        if not self.content:
            return ()
        return (File(self.file, "text/calendar", self.content, self.event),)

    def buttons(self) -> Iterable[Press]:
        yield press("mentor.pairs", says="mentorships.press.pairs")


@dataclass(frozen=True, kw_only=True)
class NotRight(Prompt):
    """Something is not right: people to turn to, and the way out at once."""

    words = "mentorships/trouble.md"
    mentorship_id: int
    name: str
    local: str

    def buttons(self) -> Iterable[Press]:
        key = self.mentorship_id
        yield press("mentor.pair_do", key, "separate", says="mentorships.press.separate")
        yield press("help-now.", says="safety.press.help_now")


@dataclass(frozen=True, kw_only=True)
class Separated(Prompt):
    """It is over at once, and the two are not brought together again."""

    words = "mentorships/separated.md"
    replaces = True
    name: str
    local: str

    def buttons(self) -> Iterable[Press]:
        yield press("help-now.", says="safety.press.help_now")


@dataclass(frozen=True, kw_only=True)
class EndingNear(Prompt):
    """The last day is near: go on, or finish."""

    words = "mentorships/ending.md"
    mentorship_id: int
    name: str
    until: date
    longer: date
    ordinal: int
    #: Whether the other would like to go on.
    wanted: bool

    def buttons(self) -> Iterable[Press]:
        key = self.mentorship_id
        yield press("mentor.pair_longer", key, self.ordinal, says="mentorships.press.longer")
        yield press("mentor.pair_finish", key, self.ordinal, says="mentorships.press.finish_on")


@dataclass(frozen=True, kw_only=True)
class LongerAsked(Prompt):
    """One of the two would like to go on; the other is asked."""

    words = "mentorships/longer_asked.md"
    replaces = True
    name: str
    until: date


@dataclass(frozen=True, kw_only=True)
class Longer(Prompt):
    """It lasts longer: both wanted that."""

    words = "mentorships/longer.md"
    replaces = True
    name: str
    until: date


@dataclass(frozen=True, kw_only=True)
class Finishing(Prompt):
    """It ends on its day."""

    words = "mentorships/finishing.md"
    replaces = True
    mentorship_id: int
    name: str
    until: date

    def buttons(self) -> Iterable[Press]:
        yield press("mentor.pair_times", self.mentorship_id, 0, says="mentorships.press.last_time")
