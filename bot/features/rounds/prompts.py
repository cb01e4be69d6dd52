"""What the coach says about a match round to those who are in it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from bot.chat.prompt import Press, Prompt, press


@dataclass(frozen=True, slots=True)
class Order:
    """Whom somebody would like, in order, and how many of those have left the round."""

    names: tuple[str, ...]
    left: int


@dataclass(frozen=True, kw_only=True)
class RoundHome(Prompt):
    """Where a round stands for a member; without a round nothing is open."""

    words = "rounds/home.md"
    round_id: int
    going: bool
    closed: bool
    until: datetime | None
    as_mentee: bool
    as_mentor: bool
    #: Whom they would like as a mentor, and as mentees.
    mentors: Order
    mentees: Order
    coordinates: bool
    #: How many are in, for who coordinates.
    in_mentees: int
    in_mentors: int
    #: It is closed, and a side of it is empty, or both: there is no draft.
    one_sided: bool = False

    def buttons(self) -> Iterable[Press]:
        if not self.going:
            if self.coordinates:
                yield press("mentor.round_open", says="rounds.press.open", primary=True)
            yield press("mentor.find", says="rounds.press.find")
            return
        if not self.closed:
            yield from self._of_member()
        elif self.as_mentee or self.as_mentor:
            yield press("mentor.round_leave", self.round_id, says="rounds.press.leave")
        if self.coordinates and self.one_sided:
            yield press("mentor.round_open", says="rounds.press.longer", primary=True)
            yield press("mentor.round_cancel", self.round_id, says="rounds.press.cancel")
        elif self.coordinates and self.closed:
            yield press("mentor.round_draft", self.round_id, says="rounds.press.draft")
        elif self.coordinates:
            yield press("mentor.round_close", self.round_id, says="rounds.press.close")
            yield press("mentor.round_cancel", self.round_id, says="rounds.press.cancel")

    def _of_member(self) -> Iterable[Press]:
        if self.as_mentee:
            yield press("mentor.round_rank", self.round_id, says="rounds.press.rank", primary=True)
        if self.as_mentor:
            yield press(
                "mentor.round_rank_mentees", self.round_id, says="rounds.press.rank_mentees"
            )
        if self.as_mentee or self.as_mentor:
            yield press("mentor.round_leave", self.round_id, says="rounds.press.leave")
        else:
            yield press("mentor.round_join", self.round_id, says="rounds.press.join", primary=True)


@dataclass(frozen=True, kw_only=True)
class RoundOpened(Prompt):
    """A round is open, or open for longer."""

    words = "rounds/opened.md"
    round_id: int
    until: datetime
    told: int
    longer: bool
    #: Whether anybody else has a profile at all.
    others: bool

    def buttons(self) -> Iterable[Press]:
        yield press("mentor.round_close", self.round_id, says="rounds.press.close")
        yield press("mentor.round_cancel", self.round_id, says="rounds.press.cancel")


@dataclass(frozen=True, kw_only=True)
class RoundComes(Prompt):
    """A round is open: somebody is asked in."""

    words = "rounds/comes.md"
    round_id: int
    until: datetime
    seeks: bool
    gives: bool

    def buttons(self) -> Iterable[Press]:
        yield press("mentor.round_join", self.round_id, says="rounds.press.join", primary=True)
        yield press("mentor.round_not_now", self.round_id, says="rounds.press.not_now")


@dataclass(frozen=True, kw_only=True)
class RoundNotNow(Prompt):
    """Somebody stays out of this round."""

    words = "rounds/not_now.md"
    replaces = True
    round_id: int
    until: datetime

    def buttons(self) -> Iterable[Press]:
        yield press("mentor.round_join", self.round_id, says="rounds.press.join")


@dataclass(frozen=True, kw_only=True)
class RoundJoined(Prompt):
    """Somebody is in."""

    words = "rounds/joined.md"
    replaces = True
    round_id: int
    until: datetime
    as_mentee: bool
    as_mentor: bool
    #: Whether their profile is paused, so that they would be matched with nobody.
    paused: bool

    def buttons(self) -> Iterable[Press]:
        if self.paused:
            yield press("mentor.resume", says="rounds.press.resume", primary=True)
        if self.as_mentee:
            yield press("mentor.round_rank", self.round_id, says="rounds.press.rank", primary=True)
        if self.as_mentor:
            yield press(
                "mentor.round_rank_mentees", self.round_id, says="rounds.press.rank_mentees"
            )
        yield press("mentor.round_leave", self.round_id, says="rounds.press.leave")


@dataclass(frozen=True, kw_only=True)
class RoundLeft(Prompt):
    """Somebody is out again."""

    words = "rounds/left.md"
    round_id: int
    still_open: bool

    def buttons(self) -> Iterable[Press]:
        if self.still_open:
            yield press("mentor.round_join", self.round_id, says="rounds.press.join_again")


@dataclass(frozen=True, kw_only=True)
class RoundRanked(Prompt):
    """An order is kept."""

    words = "rounds/ranked.md"
    names: tuple[str, ...]
    #: Who was chosen and has left meanwhile.
    left: int
    until: datetime

    def buttons(self) -> Iterable[Press]:
        yield press("mentor.round", says="rounds.press.round")


@dataclass(frozen=True, kw_only=True)
class RoundNobodyYet(Prompt):
    """Nobody who fits is in the round so far."""

    words = "rounds/nobody_yet.md"
    until: datetime

    def buttons(self) -> Iterable[Press]:
        yield press("mentor.topics", says="rounds.press.topics")


@dataclass(frozen=True, kw_only=True)
class RoundReminder(Prompt):
    """A round closes soon, and somebody who is in has ranked nobody."""

    words = "rounds/reminder.md"
    round_id: int
    until: datetime
    as_mentee: bool

    def buttons(self) -> Iterable[Press]:
        action = "mentor.round_rank" if self.as_mentee else "mentor.round_rank_mentees"
        says = "rounds.press.rank" if self.as_mentee else "rounds.press.rank_mentees"
        yield press(action, self.round_id, says=says, primary=True)


@dataclass(frozen=True, kw_only=True)
class RoundUnmatched(Prompt):
    """No mentor was found for somebody: what held them back, and what would help."""

    words = "rounds/unmatched.md"
    #: A sentence each.
    why: str
    helps: str

    def buttons(self) -> Iterable[Press]:
        yield press("mentor.find", says="rounds.press.find", primary=True)
        yield press("mentor.topics", says="rounds.press.topics")
        yield press("mentor.about", says="rounds.press.about")
        yield press("circle.join", says="rounds.press.circle")


@dataclass(frozen=True, kw_only=True)
class RoundAlone(Prompt):
    """No mentee was found for a mentor."""

    words = "rounds/alone.md"
    fell_away: bool

    def buttons(self) -> Iterable[Press]:
        yield press("mentor.topics", says="rounds.press.offers")
        yield press("mentor.", says="rounds.press.home")


@dataclass(frozen=True, kw_only=True)
class RoundCalledOff(Prompt):
    """A round will not be matched."""

    words = "rounds/called_off.md"

    def buttons(self) -> Iterable[Press]:
        yield press("mentor.find", says="rounds.press.find")
        yield press("circle.join", says="rounds.press.circle")
