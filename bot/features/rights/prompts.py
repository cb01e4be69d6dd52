"""What is said of what is kept."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from bot.chat.message import File
from bot.chat.prompt import Press, Prompt, press
from bot.store.rights import Kept


@dataclass(frozen=True, kw_only=True)
class Privacy(Prompt):
    """What is kept, who can read it, and for how many days."""

    words = "rights/privacy.md"
    fewest: int
    answers: int
    moments: int
    shifts: int
    messages: int
    drafts: int
    requests: int
    together: int

    def buttons(self) -> Iterable[Press]:
        yield press("coach.export", says="rights.press.export")
        yield press("coach.forget", says="rights.press.forget")
        yield press("help-now.", says="safety.press.help_now")
        yield press("coach.", says="rights.press.home")


@dataclass(frozen=True, kw_only=True)
class ExportComes(Prompt):
    """The files are on their way."""

    words = "rights/export_comes.md"


@dataclass(frozen=True, kw_only=True)
class Exported(Prompt):
    """All that is kept, as files in one."""

    words = "rights/exported.md"
    name: str
    content: bytes
    on: date

    def files(self) -> tuple[File, ...]:
        return (File(self.name, "application/zip", self.content, self.name),)

    def buttons(self) -> Iterable[Press]:
        yield press("coach.privacy", says="rights.press.privacy")


@dataclass(frozen=True, kw_only=True)
class ForgetAsked(Prompt):
    """What goes, asked about once."""

    words = "rights/forget_asked.md"
    kept: Kept
    asked: int

    def buttons(self) -> Iterable[Press]:
        yield press("coach.forget_me", self.asked, says="rights.press.forget")
        yield press("coach.keep_everything", says="rights.press.keep")
        yield press("coach.export", says="rights.press.export")


@dataclass(frozen=True, kw_only=True)
class Forgotten(Prompt):
    """The receipt."""

    words = "rights/forgotten.md"
    gone: Kept
    #: Whether the conversation itself was ours to delete.
    local: bool


@dataclass(frozen=True, kw_only=True)
class KeptOn(Prompt):
    """Nothing was deleted."""

    words = "rights/kept_on.md"

    def buttons(self) -> Iterable[Press]:
        yield press("coach.", says="rights.press.home")


@dataclass(frozen=True, slots=True)
class StepTold:
    """One step of a goal."""

    text: str
    due: date | None
    done: bool


@dataclass(frozen=True, slots=True)
class EventTold:
    """One moment of a goal's story, and its kind in words."""

    on: date
    what: str
    note: str
    value: float | None
    day: date | None


@dataclass(frozen=True, slots=True)
class GoalTold:
    """One goal with all that belongs to it."""

    number: int
    title: str
    status: str
    due: date | None
    why: str
    measure: str
    steps: tuple[StepTold, ...]
    plans: tuple[tuple[str, str], ...]
    story: tuple[EventTold, ...]


@dataclass(frozen=True, kw_only=True)
class GoalsFile(Prompt):
    """The goals, to be read."""

    words = "rights/goals_file.md"
    goals: tuple[GoalTold, ...]


@dataclass(frozen=True, kw_only=True)
class ReadMe(Prompt):
    """What each file is, and what is in none of them."""

    words = "rights/readme_file.md"
    on: date
    messages: int
