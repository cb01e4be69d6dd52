"""What the coach says of a programme in numbers."""

from collections.abc import Iterable
from dataclasses import dataclass

from bot.chat.prompt import Press, Prompt, press
from bot.store.programme import Circles


@dataclass(frozen=True, slots=True)
class Load:
    """How many mentors have so many mentees; the last group has that many and more."""

    mentees: int
    mentors: str


@dataclass(frozen=True, kw_only=True)
class ProgrammeHealth(Prompt):
    """How a programme goes."""

    words = "rounds/health.md"
    requests: int
    #: Median days that open requests have waited, and that answers took; None where few.
    waits: float | None
    answers: float | None
    places: int
    taken: int
    loads: tuple[Load, ...]
    #: Counts of people and pairs in words: a small one says no more than that it is small.
    paused: str
    without: str
    #: Mentorships that go on: have met, have not in 14 days, and are younger than that.
    met: str
    unmet: str
    young: str
    ended: str
    #: Meetings held in the last 30 and 90 days.
    month: int
    quarter: int
    circles: Circles

    def buttons(self) -> Iterable[Press]:
        yield press("mentor.round", says="rounds.press.round")
