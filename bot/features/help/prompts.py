"""Home, help, and why."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from bot.chat.prompt import Press, Prompt, press
from bot.domain.moves import Move, Suggestion


@dataclass(frozen=True, slots=True)
class HomeGoal:
    """One active goal on the home page."""

    number: int
    title: str
    due: date | None
    overdue: bool
    measure: str
    bar: str


#: What each suggested move does when it is pressed, and whether it needs its row.
_MOVES = {
    Move.RESUME: ("coach.resume", False),
    Move.FIRST_GOAL: ("goal.add", False),
    Move.ANSWER: ("checkin.answer", True),
    Move.OVERDUE: ("goal.edit_form", True),
    Move.SHARPEN: ("goal.sharpen", True),
    Move.NEXT_STEP: ("goal.tick", True),
    Move.FIRST_STEP: ("goal.steps", True),
    Move.SETTLE: ("coach.first_questions", False),
    Move.ADD: ("goal.add", False),
}


@dataclass(frozen=True, kw_only=True)
class Home(Prompt):
    """Active goals, the next check-in, and the two most useful next moves."""

    words = "help/home.md"
    name: str
    goals: tuple[HomeGoal, ...]
    more: int
    next_checkin: datetime | None
    next_review: datetime | None
    paused: bool
    paused_until: date | None
    moves: tuple[Suggestion, ...]

    def buttons(self) -> Iterable[Press]:
        for place, move in enumerate(self.moves):
            action, needs_row = _MOVES[move.move]
            refs: tuple[int, ...] = (move.row,) if needs_row else ()
            if move.move is Move.NEXT_STEP:
                refs = (move.row, move.position)
            yield press(action, *refs, says=f"help.move.{move.move}", primary=place == 0)
        yield press("goal.list", says="help.press.goals")
        yield press("wellbeing.pulse", says="help.press.pulse")
        yield press("coach.settings", says="help.press.settings")
        yield press("coach.help", says="help.press.help")
        yield press("help-now.", says="safety.press.help_now")


@dataclass(frozen=True, slots=True)
class HelpLine:
    """One command in a list."""

    typed: str
    usage: str
    summary: str
    examples: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Help(Prompt):
    """All commands, or one of them with its examples."""

    words = "help/help.md"
    topic: str
    commands: tuple[HelpLine, ...]


@dataclass(frozen=True, slots=True)
class Sent:
    """What became of one message, and why."""

    due: datetime
    what: str
    state: str
    reason: str


@dataclass(frozen=True, kw_only=True)
class Why(Prompt):
    """The last messages sent, moved or withheld, each with its reason."""

    words = "help/why.md"
    deliveries: tuple[Sent, ...]
    next_checkin: datetime | None
    has_goals: bool

    def buttons(self) -> Iterable[Press]:
        yield press("wellbeing.why", says="help.press.why_ideas")
