"""What is said around meetings: times, the invitation, the three lines, and how it was."""

from collections.abc import Iterable
from dataclasses import dataclass

from bot.chat.message import File
from bot.chat.prompt import Press, Prompt, press
from bot.features.mentorships.reading import When


@dataclass(frozen=True, slots=True)
class Slot:
    """A time at which both are free, and the minute that its button names it by."""

    when: When
    minute: int


@dataclass(frozen=True, kw_only=True)
class TimesOffered(Prompt):
    """Times at which both are free."""

    words = "mentorships/times.md"
    mentorship_id: int
    name: str
    slots: tuple[Slot, ...]
    #: Whether they have met before.
    met: bool
    #: The time that stands now, where they look for another.
    instead_of: When | None = None

    def buttons(self) -> Iterable[Press]:
        key = self.mentorship_id
        for each in self.slots:
            yield press(
                "mentor.pair_propose",
                key,
                each.minute,
                says="mentorships.press.slot",
                at=each.when.mine,
            )
        if self.slots:
            last = self.slots[-1].minute
            yield press("mentor.pair_times", key, last, says="mentorships.press.other_times")
        yield press("mentor.pair_when", key, says="mentorships.press.when")


@dataclass(frozen=True, kw_only=True)
class NoTimes(Prompt):
    """There is no hour that both have."""

    words = "mentorships/no_times.md"
    mentorship_id: int
    name: str
    #: Who helps with another way to meet; empty where nobody is known.
    ask: str

    def buttons(self) -> Iterable[Press]:
        yield press("mentor.pair_when", self.mentorship_id, says="mentorships.press.when")


@dataclass(frozen=True, kw_only=True)
class TimeProposed(Prompt):
    """A time was proposed, told to who proposed it."""

    words = "mentorships/proposed.md"
    replaces = True
    mentorship_id: int
    name: str
    when: When

    def buttons(self) -> Iterable[Press]:
        yield press("mentor.pair_times", self.mentorship_id, 0, says="mentorships.press.times")


@dataclass(frozen=True, kw_only=True)
class TimeAsked(Prompt):
    """The other proposes a time."""

    words = "mentorships/asked.md"
    mentorship_id: int
    meeting_id: int
    minute: int
    name: str
    when: When
    #: The time that stands until then.
    instead_of: When | None

    def buttons(self) -> Iterable[Press]:
        yield press(
            "mentor.pair_confirm",
            self.meeting_id,
            self.minute,
            says="mentorships.press.confirm",
            primary=True,
        )
        key = self.mentorship_id
        yield press("mentor.pair_times", key, 0, says="mentorships.press.other_times")
        yield press("mentor.pair_when", key, says="mentorships.press.when")


@dataclass(frozen=True, kw_only=True)
class MeetingPlanned(Prompt):
    """A meeting has its time."""

    words = "mentorships/planned.md"
    replaces = True
    mentorship_id: int
    name: str
    when: When

    def buttons(self) -> Iterable[Press]:
        yield press("mentor.pair_times", self.mentorship_id, 0, says="mentorships.press.move")


@dataclass(frozen=True, kw_only=True)
class MeetingInvitation(Prompt):
    """A meeting as a file for a calendar."""

    words = "mentorships/invitation.md"
    mentorship_id: int
    name: str
    when: When
    #: Whether it takes the place of an earlier time.
    moved: bool
    file: str
    #: What the file is, in words.
    event: str
    content: bytes

    def files(self) -> tuple[File, ...]:
        return (File(self.file, "text/calendar", self.content, self.event),)

    def buttons(self) -> Iterable[Press]:
        yield press("mentor.pair_times", self.mentorship_id, 0, says="mentorships.press.move")


@dataclass(frozen=True, kw_only=True)
class MeetingAgendaAsked(Prompt):
    """The mentee is offered three lines ahead of a meeting."""

    words = "mentorships/agenda_asked.md"
    meeting_id: int
    mentorship_id: int
    name: str
    when: When
    lines: tuple[str, ...]
    step: str

    def buttons(self) -> Iterable[Press]:
        yield press(
            "mentor.pair_agenda", self.meeting_id, says="mentorships.press.agenda", primary=True
        )
        yield press("mentor.pair_times", self.mentorship_id, 0, says="mentorships.press.move")


@dataclass(frozen=True, kw_only=True)
class MeetingAgendaKept(Prompt):
    """The lines are kept; the mentor gets them."""

    words = "mentorships/agenda_kept.md"
    meeting_id: int
    name: str
    lines: tuple[tuple[str, str], ...]

    def buttons(self) -> Iterable[Press]:
        yield press("mentor.pair_agenda", self.meeting_id, says="mentorships.press.agenda_change")


@dataclass(frozen=True, kw_only=True)
class MeetingAgendaShown(Prompt):
    """The mentee's lines, shown to the mentor."""

    words = "mentorships/agenda.md"
    mentorship_id: int
    name: str
    when: When
    lines: tuple[tuple[str, str], ...]

    def buttons(self) -> Iterable[Press]:
        yield press("mentor.pair_goals", self.mentorship_id, says="mentorships.press.goals")


@dataclass(frozen=True, slots=True)
class Mark:
    """An answer that can be pressed."""

    value: str
    label: str


@dataclass(frozen=True, kw_only=True)
class MeetingAsked(Prompt):
    """Whether they met, and how useful it was: asked of each alone."""

    words = "mentorships/after.md"
    meeting_id: int
    name: str
    when: When
    question: str
    marks: tuple[Mark, ...]

    def buttons(self) -> Iterable[Press]:
        for each in self.marks:
            yield press(
                "mentor.pair_useful",
                self.meeting_id,
                each.value,
                says="mentorships.press.mark",
                label=each.label,
            )
        yield press("mentor.pair_useful", self.meeting_id, "0", says="mentorships.press.not_met")


@dataclass(frozen=True, kw_only=True)
class WhatNext(Prompt):
    """The mark is kept; what comes next."""

    words = "mentorships/what_next.md"
    replaces = True
    meeting_id: int
    mentorship_id: int
    name: str
    question: str
    marks: tuple[Mark, ...]
    #: Whether a way out is offered, to this reader alone.
    little: bool

    def buttons(self) -> Iterable[Press]:
        for each in self.marks:
            yield press(
                "mentor.pair_next",
                self.meeting_id,
                each.value,
                says="mentorships.press.mark",
                label=each.label,
            )
        yield press("mentor.pair_step", self.meeting_id, says="mentorships.press.step")
        if self.little:
            key = self.mentorship_id
            yield press("mentor.pair_do", key, "end", says="mentorships.press.end")


@dataclass(frozen=True, kw_only=True)
class MeetingNotHeld(Prompt):
    """They did not meet."""

    words = "mentorships/not_met.md"
    replaces = True
    mentorship_id: int

    def buttons(self) -> Iterable[Press]:
        key = self.mentorship_id
        yield press("mentor.pair_times", key, 0, says="mentorships.press.times", primary=True)
        yield press("mentor.pair_do", key, "pause", says="mentorships.press.pause")


@dataclass(frozen=True, kw_only=True)
class MeetingStepKept(Prompt):
    """The next step is kept."""

    words = "mentorships/step_kept.md"
    step: str
    mentorship_id: int

    def buttons(self) -> Iterable[Press]:
        yield press("mentor.pair_times", self.mentorship_id, 0, says="mentorships.press.times")
