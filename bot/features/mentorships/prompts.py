"""What is said of two people: their agreement, the guide, where they stand, and shared goals."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from bot.chat.prompt import Press, Prompt, press
from bot.features.mentorships.reading import When


@dataclass(frozen=True, slots=True)
class AgreedLine:
    """One line of an agreement."""

    title: str
    text: str


@dataclass(frozen=True, kw_only=True)
class PairBegun(Prompt):
    """Two people are a pair from now on."""

    words = "mentorships/begun.md"
    mentorship_id: int
    name: str
    #: Whether the reader is the mentee.
    mentee: bool
    until: date
    #: Whether the reader mentors for the first time.
    first: bool

    def buttons(self) -> Iterable[Press]:
        key = self.mentorship_id
        yield press("mentor.pair_times", key, 0, says="mentorships.press.times", primary=True)
        yield press("mentor.pair_agreement", key, says="mentorships.press.agreement")
        if self.mentee:
            yield press("mentor.pair_share", key, says="mentorships.press.share")
        if self.first:
            yield press("mentor.guide", says="mentorships.press.guide")


@dataclass(frozen=True, kw_only=True)
class PairAgreement(Prompt):
    """The five lines as they stand, and who has agreed."""

    words = "mentorships/agreement.md"
    mentorship_id: int
    name: str
    lines: tuple[AgreedLine, ...]
    limits: tuple[str, ...]
    mine: bool
    theirs: bool
    #: Whether the other has changed it since the reader agreed.
    changed: bool = False

    def buttons(self) -> Iterable[Press]:
        key = self.mentorship_id
        if not self.mine:
            yield press("mentor.pair_agree", key, says="mentorships.press.agree", primary=True)
        yield press("mentor.pair_edit", key, says="mentorships.press.edit")
        if self.mine and self.theirs:
            yield press("mentor.pair_times", key, 0, says="mentorships.press.times")


@dataclass(frozen=True, slots=True)
class CardLine:
    """A card of the guide, by its title."""

    card: str
    title: str
    minutes: int
    idea: str


@dataclass(frozen=True, kw_only=True)
class MentorCards(Prompt):
    """The guide: some cards of a few minutes each."""

    words = "mentorships/guide.md"
    cards: tuple[CardLine, ...]

    def buttons(self) -> Iterable[Press]:
        for each in self.cards:
            yield press(
                "mentor.pair_card", each.card, says="mentorships.press.card", title=each.title
            )


@dataclass(frozen=True, kw_only=True)
class MentorCard(Prompt):
    """One card."""

    words = "mentorships/card.md"
    title: str
    idea: str
    tries: tuple[str, ...]
    say: str
    reflect: str
    #: The card after it; empty for none.
    then: str
    then_title: str

    def buttons(self) -> Iterable[Press]:
        if self.then:
            yield press(
                "mentor.pair_card", self.then, says="mentorships.press.card", title=self.then_title
            )
        yield press("mentor.guide", says="mentorships.press.guide")


@dataclass(frozen=True, slots=True)
class PairLine:
    """One mentorship in a list."""

    mentorship_id: int
    name: str
    mentee: bool
    until: date
    next: When | None
    paused: bool


@dataclass(frozen=True, kw_only=True)
class PairList(Prompt):
    """All mentorships of a member that go on."""

    words = "mentorships/pairs.md"
    pairs: tuple[PairLine, ...]

    def buttons(self) -> Iterable[Press]:
        for each in self.pairs:
            yield press(
                "mentor.pair", each.mentorship_id, says="mentorships.press.pair", name=each.name
            )


@dataclass(frozen=True, kw_only=True)
class PairShown(Prompt):
    """Where one mentorship stands."""

    words = "mentorships/pair.md"
    mentorship_id: int
    name: str
    mentee: bool
    began: date
    until: date
    next: When | None
    #: A time that one of the two has proposed.
    proposed: When | None
    by_me: bool
    agreed: bool
    #: Whether the reader is the one whose yes is missing.
    mine_missing: bool
    shared: int
    paused: bool

    def buttons(self) -> Iterable[Press]:
        key = self.mentorship_id
        if self.paused:
            yield press(
                "mentor.pair_do", key, "resume", says="mentorships.press.resume", primary=True
            )
        else:
            yield press("mentor.pair_times", key, 0, says="mentorships.press.times")
        yield press("mentor.pair_agreement", key, says="mentorships.press.agreement")
        yield press("mentor.pair_goals", key, says="mentorships.press.goals")
        if not self.paused:
            yield press("mentor.pair_do", key, "pause", says="mentorships.press.pause")
        yield press("mentor.pair_do", key, "end", says="mentorships.press.end")
        yield press("mentor.pair_do", key, "trouble", says="mentorships.press.trouble")


@dataclass(frozen=True, slots=True)
class GoalSeen:
    """As much of a goal as a mentor sees."""

    title: str
    due: date | None
    measure: str


@dataclass(frozen=True, kw_only=True)
class GoalsSeen(Prompt):
    """The goals that a mentee lets their mentor see."""

    words = "mentorships/goals.md"
    name: str
    goals: tuple[GoalSeen, ...]


@dataclass(frozen=True, kw_only=True)
class GoalsShared(Prompt):
    """What a mentee lets a mentor see, told to the mentee."""

    words = "mentorships/shared.md"
    mentorship_id: int
    name: str
    goals: tuple[GoalSeen, ...]

    def buttons(self) -> Iterable[Press]:
        yield press("mentor.pair_share", self.mentorship_id, says="mentorships.press.share")
