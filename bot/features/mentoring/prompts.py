"""What the coach says about profiles and requests."""

from collections.abc import Iterable
from dataclasses import dataclass

from bot.chat.prompt import Press, Prompt, press


@dataclass(frozen=True, kw_only=True)
class ProfileShown(Prompt):
    """A member's own profile."""

    words = "mentoring/profile.md"
    role: str
    stage: str
    about: str
    seeks: tuple[str, ...]
    first: tuple[str, ...]
    offers: tuple[str, ...]
    cards: tuple[str, ...]
    languages: str
    rhythm: str
    channel: str
    #: Places, 0 for who mentors nobody, and how many of them are taken.
    capacity: int
    taken: int
    #: People named in confidence.
    named: int
    paused: bool
    may_seek: bool

    def buttons(self) -> Iterable[Press]:
        if self.may_seek and not self.paused:
            yield press("mentor.find", says="mentoring.press.find", primary=True)
        yield press("mentor.about", says="mentoring.press.about")
        yield press("mentor.topics", says="mentoring.press.topics")
        yield press("mentor.confidence", says="mentoring.press.confidence")
        if self.paused:
            yield press("mentor.resume", says="mentoring.press.resume")
        else:
            yield press("mentor.pause", says="mentoring.press.pause")


@dataclass(frozen=True, slots=True)
class PlaceTaken:
    """A mentorship that holds a place."""

    mentorship_id: int
    name: str


@dataclass(frozen=True, kw_only=True)
class TooFewPlaces(Prompt):
    """More places are taken than a mentor wants to have: they stay until one is free."""

    words = "mentoring/too_few_places.md"
    wanted: int
    kept: int
    taken: int
    #: Requests among the taken.
    asked: int
    pairs: tuple[PlaceTaken, ...]

    def buttons(self) -> Iterable[Press]:
        for each in self.pairs:
            yield press(
                "mentor.end_one", each.mentorship_id, says="mentoring.press.end", name=each.name
            )
        if self.asked:
            yield press("mentor.requests", says="mentoring.press.requests")
        yield press("mentor.profile", says="mentoring.press.profile")


@dataclass(frozen=True, kw_only=True)
class Hidden(Prompt):
    """Shown to nobody for now, or shown again."""

    words = "mentoring/hidden.md"
    on: bool

    def buttons(self) -> Iterable[Press]:
        if self.on:
            yield press("mentor.resume", says="mentoring.press.resume")
        else:
            yield press("mentor.profile", says="mentoring.press.profile")


@dataclass(frozen=True, slots=True)
class Suggestion:
    """One person who would fit, and why."""

    member_id: int
    name: str
    stage: str
    about: str
    topics: tuple[str, ...]
    because: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Found(Prompt):
    """A few people who would fit."""

    words = "mentoring/found.md"
    people: tuple[Suggestion, ...]
    #: Which draw the next one would be.
    again: int

    def buttons(self) -> Iterable[Press]:
        for each in self.people:
            yield press("mentor.asking", each.member_id, says="mentoring.press.ask", name=each.name)
        yield press("mentor.others", self.again, says="mentoring.press.others")


@dataclass(frozen=True, kw_only=True)
class NobodyFound(Prompt):
    """Nobody fits at this moment."""

    words = "mentoring/nobody.md"
    has_topics: bool

    def buttons(self) -> Iterable[Press]:
        yield press("mentor.topics", says="mentoring.press.topics")
        yield press("circle.", says="mentoring.press.circle")


@dataclass(frozen=True, kw_only=True)
class MentoringHome(Prompt):
    """Where a member stands."""

    words = "mentoring/home.md"
    has_profile: bool
    seeks: bool
    gives: bool
    paused: bool
    mentors: tuple[str, ...]
    mentees: tuple[str, ...]
    sent: int
    received: int
    open_places: int

    def buttons(self) -> Iterable[Press]:
        if not self.has_profile:
            yield press("mentor.about", says="mentoring.press.begin", primary=True)
            return
        if self.received or self.sent:
            yield press("mentor.requests", says="mentoring.press.requests", primary=True)
        if self.mentors or self.mentees:
            yield press("mentor.pairs", says="mentoring.press.pairs")
        if self.seeks and not self.paused:
            yield press("mentor.find", says="mentoring.press.find")
        yield press("mentor.profile", says="mentoring.press.profile")
        if self.paused:
            yield press("mentor.resume", says="mentoring.press.resume")
