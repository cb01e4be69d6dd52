"""What the coach says about a draft to who coordinates."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from bot.chat.prompt import Press, Prompt, press


@dataclass(frozen=True, slots=True)
class Way:
    """One way of matching everybody, in numbers."""

    matched: int
    first: int
    first_three: int
    fit: float
    least_fit: float
    open_places: int
    #: Pairs who would rather be with each other.
    blocking: int


@dataclass(frozen=True, slots=True)
class TwoWho:
    """A mentee and a mentor by name."""

    mentee: str
    mentor: str


@dataclass(frozen=True, kw_only=True)
class RoundClosed(Prompt):
    """A round is closed, and its draft is there to be looked at."""

    words = "rounds/closed.md"
    round_id: int
    mentees: int
    mentors: int
    matched: int

    def buttons(self) -> Iterable[Press]:
        yield press("mentor.round_draft", self.round_id, says="rounds.press.draft", primary=True)


@dataclass(frozen=True, kw_only=True)
class RoundOneSided(Prompt):
    """A round is closed, and one side of it is empty, or both."""

    words = "rounds/one_sided.md"
    round_id: int
    mentees: int
    mentors: int

    def buttons(self) -> Iterable[Press]:
        yield press("mentor.round_open", says="rounds.press.longer", primary=True)
        yield press("mentor.round_cancel", self.round_id, says="rounds.press.cancel")


@dataclass(frozen=True, kw_only=True)
class RoundWorking(Prompt):
    """A large round is being worked out."""

    words = "rounds/working.md"
    round_id: int
    mentees: int
    mentors: int

    def buttons(self) -> Iterable[Press]:
        yield press("mentor.round_draft", self.round_id, says="rounds.press.look_again")


@dataclass(frozen=True, kw_only=True)
class DraftShown(Prompt):
    """A draft: both ways side by side, and which stands."""

    words = "rounds/draft.md"
    round_id: int
    mentees: int
    mentors: int
    stable: Way
    most_fit: Way
    now: Way
    #: "stable", "most_fit", or "changed".
    stands: str
    #: The two ways give the same pairs.
    alike: bool
    by_hand: int
    fell_away: int
    #: Who would rather be with each other now, a few of them.
    blocking: tuple[TwoWho, ...]
    more: int

    def buttons(self) -> Iterable[Press]:
        yield press(
            "mentor.round_publish", self.round_id, says="rounds.press.publish", primary=True
        )
        yield press("mentor.round_pairs", self.round_id, 0, says="rounds.press.pairs")
        yield press("mentor.round_change", self.round_id, says="rounds.press.change")
        if not self.alike and self.stands != "most_fit":
            yield press("mentor.round_most_fit", self.round_id, says="rounds.press.most_fit")
        if self.stands != "stable":
            yield press("mentor.round_stable", self.round_id, says="rounds.press.stable")
        yield press("mentor.round_cancel", self.round_id, says="rounds.press.cancel")


@dataclass(frozen=True, slots=True)
class PairLine:
    """A pair of a draft, and what speaks for it."""

    mentee: str
    mentor: str
    because: tuple[str, ...]
    by_hand: bool


@dataclass(frozen=True, kw_only=True)
class DraftPairs(Prompt):
    """Some pairs of a draft, and on the last page who has no mentor."""

    words = "rounds/pairs.md"
    round_id: int
    page: int
    pages: int
    pairs: tuple[PairLine, ...]
    without: tuple[str, ...]
    more_without: int

    def buttons(self) -> Iterable[Press]:
        if self.page + 1 < self.pages:
            following = self.page + 1
            yield press("mentor.round_pairs", self.round_id, following, says="rounds.press.next")
        yield press("mentor.round_change", self.round_id, says="rounds.press.change")
        yield press("mentor.round_draft", self.round_id, says="rounds.press.draft")


@dataclass(frozen=True, kw_only=True)
class RoundPublished(Prompt):
    """A round is published."""

    words = "rounds/published.md"
    replaces = True
    pairs: int
    fell_away: int
    unmatched: int

    def buttons(self) -> Iterable[Press]:
        yield press("mentor.health", says="rounds.press.health")


@dataclass(frozen=True, kw_only=True)
class RoundCancelled(Prompt):
    """A round was called off by who coordinates."""

    words = "rounds/cancelled.md"
    replaces = True
    told: int


@dataclass(frozen=True, kw_only=True)
class RoundCancelAsked(Prompt):
    """Is this round to be called off?"""

    words = "rounds/cancel_asked.md"
    round_id: int
    people: int
    until: datetime | None

    def buttons(self) -> Iterable[Press]:
        yield press("mentor.round_cancel_now", self.round_id, says="rounds.press.cancel_now")
        yield press("mentor.round", says="rounds.press.keep")
