"""What the coach says about profiles and requests."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

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
class Asked(Prompt):
    """A request is on its way."""

    words = "mentoring/asked.md"
    replaces = True
    request_id: int
    name: str
    until: date
    passes_on: bool

    def buttons(self) -> Iterable[Press]:
        yield press("mentor.withdraw", self.request_id, says="mentoring.press.withdraw")


@dataclass(frozen=True, kw_only=True)
class Withdrawn(Prompt):
    """A request was taken back."""

    words = "mentoring/withdrawn.md"
    replaces = True
    name: str

    def buttons(self) -> Iterable[Press]:
        yield press("mentor.find", says="mentoring.press.find")


@dataclass(frozen=True, kw_only=True)
class RequestCame(Prompt):
    """Somebody asks a mentor."""

    words = "mentoring/request.md"
    request_id: int
    name: str
    stage: str
    topics: tuple[str, ...]
    note: str
    until: date
    #: Whether it was told before.
    again: bool

    def buttons(self) -> Iterable[Press]:
        yield press("mentor.accept", self.request_id, says="mentoring.press.accept", primary=True)
        yield press("mentor.decline", self.request_id, says="mentoring.press.decline")


@dataclass(frozen=True, kw_only=True)
class Accepted(Prompt):
    """A mentor took somebody on."""

    words = "mentoring/accepted.md"
    replaces = True
    name: str

    def buttons(self) -> Iterable[Press]:
        yield press("mentor.pairs", says="mentoring.press.pairs")


@dataclass(frozen=True, kw_only=True)
class Declined(Prompt):
    """A mentor could not; with `rests` no new request comes for now."""

    words = "mentoring/declined.md"
    replaces = True
    name: str
    rests: bool

    def buttons(self) -> Iterable[Press]:
        if self.rests:
            yield press("mentor.resume", says="mentoring.press.resume")


@dataclass(frozen=True, slots=True)
class RequestTold:
    """Who was asked, and who is asked now; empty for nobody."""

    name: str
    following: str


@dataclass(frozen=True, kw_only=True)
class Outcome(Prompt):
    """What a mentor answered."""

    words = "mentoring/outcome.md"
    accepted: bool
    outcome: RequestTold

    def buttons(self) -> Iterable[Press]:
        if self.accepted:
            yield press("mentor.pairs", says="mentoring.press.pairs")
        elif not self.outcome.following:
            yield press("mentor.find", says="mentoring.press.find")
        else:
            yield press("mentor.requests", says="mentoring.press.requests")


@dataclass(frozen=True, kw_only=True)
class RequestLapsed(Prompt):
    """No answer came in time."""

    words = "mentoring/lapsed.md"
    outcome: RequestTold

    def buttons(self) -> Iterable[Press]:
        if self.outcome.following:
            yield press("mentor.requests", says="mentoring.press.requests")
        else:
            yield press("mentor.find", says="mentoring.press.find")


@dataclass(frozen=True, slots=True)
class OpenRequest:
    """A request that waits."""

    request_id: int
    name: str
    until: date


@dataclass(frozen=True, kw_only=True)
class Requests(Prompt):
    """All requests that wait, sent and received."""

    words = "mentoring/requests.md"
    sent: tuple[OpenRequest, ...]
    received: tuple[OpenRequest, ...]

    def buttons(self) -> Iterable[Press]:
        for each in self.received:
            yield press(
                "mentor.request", each.request_id, says="mentoring.press.look", name=each.name
            )
        for each in self.sent:
            yield press(
                "mentor.withdraw",
                each.request_id,
                says="mentoring.press.withdraw_one",
                name=each.name,
            )
        if not self.sent and not self.received:
            yield press("mentor.find", says="mentoring.press.find")


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
