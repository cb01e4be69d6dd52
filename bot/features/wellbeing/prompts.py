"""What is said around how a member is. No message repeats an answer; each has Help now."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from bot.chat.prompt import Press, Prompt, press
from bot.domain.nudging import Feedback

#: In a button, in the place of a driver: whatever fits.
ANY = "any"


@dataclass(frozen=True, kw_only=True)
class Caring(Prompt):
    """A message with the way to people at its end."""

    def buttons(self) -> Iterable[Press]:
        yield from self.offers()
        yield press("help-now.", says="safety.press.help_now")

    def offers(self) -> Iterable[Press]:
        """Give the buttons that belong to this message."""
        return ()


@dataclass(frozen=True, slots=True)
class Deadline:
    """A goal whose date could move."""

    goal_id: int
    title: str


@dataclass(frozen=True, kw_only=True)
class PulseKept(Caring):
    """The taps are kept; what the decision table makes of them."""

    words = "wellbeing/kept.md"
    edited: bool
    #: The first row of the table that spoke; empty for none.
    row: str
    drained: bool
    paused_until: date | None
    driver: str
    #: The driver as a part of a sentence.
    about: str
    idea: bool
    monthly: bool
    people: bool
    ask_back: bool
    deadlines: tuple[Deadline, ...]

    def offers(self) -> Iterable[Press]:
        if self.idea:
            yield press(
                "wellbeing.idea_for",
                self.driver or ANY,
                says="wellbeing.press.one_idea",
                primary=True,
            )
            yield press("wellbeing.mute", says="wellbeing.press.mute")
        if self.people:
            yield press("wellbeing.people", says="wellbeing.press.people")
        if self.paused_until is not None:
            yield press("coach.resume", says="wellbeing.press.keep_reminders")
        for each in self.deadlines:
            yield press(
                "goal.edit_form", each.goal_id, says="wellbeing.press.deadline", title=each.title
            )
        if self.monthly:
            yield press("wellbeing.take", "drivers", says="wellbeing.press.drivers")
        if self.ask_back:
            yield press("wellbeing.ask_back", says="wellbeing.press.ask_back")
        if self.drained:
            yield press("wellbeing.idea_for", "sleep", says="wellbeing.press.recovery")
        if not self.people and self.row != "spent":
            yield press("wellbeing.trend", says="wellbeing.press.trend")


@dataclass(frozen=True, kw_only=True)
class AskingBack(Caring):
    """The coach will ask again, because the member wants that."""

    words = "wellbeing/asking_back.md"
    quiet_until: date | None


@dataclass(frozen=True, kw_only=True)
class AskedBack(Caring):
    """The coach asks again, as it was asked to."""

    words = "wellbeing/asked_back.md"

    def offers(self) -> Iterable[Press]:
        yield press("wellbeing.pulse", says="wellbeing.press.pulse", primary=True)
        yield press("wellbeing.people", says="wellbeing.press.people")


@dataclass(frozen=True, kw_only=True)
class Idea(Caring):
    """One small idea, with what it rests on."""

    words = "wellbeing/idea.md"
    moment_id: int
    text: str
    minutes: int
    about: str
    grade: str
    citation: str
    unasked: bool

    def offers(self) -> Iterable[Press]:
        for feedback in Feedback:
            yield press(
                "wellbeing.felt",
                self.moment_id,
                feedback.value,
                says=f"wellbeing.press.{feedback}",
                primary=feedback is Feedback.DID_IT,
            )


@dataclass(frozen=True, kw_only=True)
class NoIdea(Caring):
    """There is none to give now."""

    words = "wellbeing/no_idea.md"
    cooling: bool

    def offers(self) -> Iterable[Press]:
        if self.cooling:
            yield press("wellbeing.people", says="wellbeing.press.people", primary=True)


@dataclass(frozen=True, kw_only=True)
class Felt(Caring):
    """What came of an idea was heard."""

    words = "wellbeing/felt.md"
    replaces = True
    text: str
    feedback: str
    about: str

    def offers(self) -> Iterable[Press]:
        if self.feedback == Feedback.LESS_OF_THESE:
            yield press("wellbeing.mute", says="wellbeing.press.mute")


@dataclass(frozen=True, kw_only=True)
class Muted(Caring):
    """No idea comes unasked for a while."""

    words = "wellbeing/muted.md"
    until: date

    def offers(self) -> Iterable[Press]:
        yield press("wellbeing.ideas_again", says="wellbeing.press.ideas_again")


@dataclass(frozen=True, kw_only=True)
class NoMoreIdeas(Caring):
    """The farewell: said once, after a long silence."""

    words = "wellbeing/farewell.md"

    def offers(self) -> Iterable[Press]:
        yield press("wellbeing.ideas_again", says="wellbeing.press.ideas_again")
