"""What the coach says about requests."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from bot.chat.prompt import Press, Prompt, press


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
            return  # their agreement comes next, and times to meet with it
        if not self.outcome.following:
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


@dataclass(frozen=True, kw_only=True)
class MentorLeft(Prompt):
    """Whom one asked is not here any more."""

    words = "mentoring/left.md"

    def buttons(self) -> Iterable[Press]:
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
