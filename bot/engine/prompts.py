"""What the house itself says, whichever feature was asked."""

from collections.abc import Iterable
from dataclasses import dataclass

from bot.chat.prompt import Press, Prompt, press


@dataclass(frozen=True, kw_only=True)
class Told(Prompt):
    """One clear sentence about what could not be done, and what to do next."""

    words = "house/told.md"
    sentence: str
    #: What was typed, given back so that nobody types it twice.
    typed: str = ""
    #: A direct message that was no command may still be a goal: the name of that choice.
    as_goal: str = ""

    def buttons(self) -> Iterable[Press]:
        if self.as_goal:
            yield press("house.choose", self.as_goal, 0, says="house.press.as_goal")
            yield press("coach.help", says="house.press.help")


@dataclass(frozen=True, kw_only=True)
class WhichOne(Prompt):
    """The words have several readings: ask which."""

    words = "house/which_one.md"
    sentence: str
    choice: str
    options: tuple[str, ...]

    def buttons(self) -> Iterable[Press]:
        for place, option in enumerate(self.options):
            label = option if len(option) <= LABEL else f"{option[: LABEL - 1]}…"
            yield press("house.choose", self.choice, place, says="house.press.option", option=label)


#: What a button's label may hold on the narrowest platform.
LABEL = 72


@dataclass(frozen=True, kw_only=True)
class Heavy(Prompt):
    """Someone says that it is too much: no list of commands, and no goal."""

    words = "house/heavy.md"

    def buttons(self) -> Iterable[Press]:
        yield press("help-now.", says="safety.press.help_now", primary=True)
        yield press("coach.pause", says="house.press.silence")


@dataclass(frozen=True, kw_only=True)
class PatientDetails(Prompt):
    """What was written seems to hold details of a patient: nothing of it was kept."""

    words = "house/patient_details.md"
    what: str


@dataclass(frozen=True, kw_only=True)
class PerhapsPatient(Prompt):
    """What was kept may hold details of a patient."""

    words = "house/perhaps_patient.md"
    what: str


@dataclass(frozen=True, kw_only=True)
class NotSaved(Prompt):
    """A form came too late; what was typed is given back."""

    words = "house/not_saved.md"
    sentence: str
    typed: tuple[tuple[str, str], ...]


@dataclass(frozen=True, kw_only=True)
class Broken(Prompt):
    """Something failed on our side; the code finds the cause in the log."""

    words = "house/broken.md"
    reference: str


@dataclass(frozen=True, kw_only=True)
class ReachableAgain(Prompt):
    """We could not reach the member for a while; say so at the next contact."""

    words = "house/reachable_again.md"
    since: str
