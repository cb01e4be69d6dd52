"""What the coach asks each week, and how it answers."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from bot.chat.prompt import Press, Prompt, press
from bot.domain.areas import Standing
from bot.domain.coaching import Advice, Rule
from bot.engine.pulses import Offer


@dataclass(frozen=True, slots=True)
class AskedGoal:
    """One goal asked about, with its answer when there is one."""

    goal_id: int
    number: int
    title: str
    due: date | None
    measure: str
    standing: str
    #: How it was closed meanwhile ("done", "dropped"); empty while it is open.
    closed: str


@dataclass(frozen=True, kw_only=True)
class CheckInAsked(Prompt):
    """The weekly question about at most three goals."""

    words = "checkins/asked.md"
    checkin_id: int
    late: bool
    cadence: str
    goals: tuple[AskedGoal, ...]
    #: What is said of the weekly pulse.
    pulse: Offer = Offer.NONE

    def buttons(self) -> Iterable[Press]:
        if len(self.goals) == 1:
            for standing in Standing:
                yield press(
                    "checkin.mark",
                    self.checkin_id,
                    self.goals[0].goal_id,
                    standing.value,
                    says=f"checkins.standing.{standing}",
                )
            yield press("checkin.answer", self.checkin_id, says="checkins.press.more")
        else:
            yield from self._for_several()
        if self.pulse is Offer.ASK:
            yield press("wellbeing.pulse", says="checkins.press.pulse")

    def _for_several(self) -> Iterable[Press]:
        yield press("checkin.answer", self.checkin_id, says="checkins.press.answer", primary=True)
        yield press(
            "checkin.all",
            self.checkin_id,
            Standing.ON_TRACK.value,
            says="checkins.press.all_on_track",
        )
        yield press(
            "checkin.all",
            self.checkin_id,
            Standing.NOT_THIS_WEEK.value,
            says="checkins.press.not_this_week",
        )


@dataclass(frozen=True, kw_only=True)
class Reminder(Prompt):
    """One reminder, the only one."""

    words = "checkins/reminder.md"
    checkin_id: int
    goals: tuple[AskedGoal, ...]

    def buttons(self) -> Iterable[Press]:
        yield press("checkin.answer", self.checkin_id, says="checkins.press.answer", primary=True)
        yield press(
            "checkin.all",
            self.checkin_id,
            Standing.NOT_THIS_WEEK.value,
            says="checkins.press.not_this_week",
        )


@dataclass(frozen=True, kw_only=True)
class CheckInAnswered(Prompt):
    """The answer given back, and what the coach makes of it."""

    words = "checkins/answered.md"
    replaces = True
    checkin_id: int
    goals: tuple[AskedGoal, ...]
    win: str
    obstacle: str
    next_step: str
    advice: tuple[Advice, ...]
    edited: bool
    #: Whether this week's pulse is still unanswered.
    pulse: bool = False

    def buttons(self) -> Iterable[Press]:
        if self.pulse:
            yield press("wellbeing.pulse", says="checkins.press.pulse")
        for advice in self.advice:
            yield from _offers(advice)
        yield press("checkin.answer", self.checkin_id, says="checkins.press.edit")


def _offers(advice: Advice) -> Iterable[Press]:
    row = advice.goal_id
    if advice.rule is Rule.LEARNED:
        yield press("goal.learned", row, says="checkins.press.learned")
    elif advice.rule is Rule.OVERDUE:
        yield press("goal.edit_form", row, says="checkins.press.new_date")
        yield press("goal.let_go", row, says="checkins.press.let_go")
    elif advice.rule is Rule.STUCK_TWICE:
        yield press("goal.steps", row, says="checkins.press.smaller")
        yield press("goal.plan", row, says="checkins.press.if_then")
    else:
        yield press("goal.note", row, says="checkins.press.progress")
        yield press("goal.edit_form", row, says="checkins.press.change")
        yield press("goal.let_go", row, says="checkins.press.let_go")


@dataclass(frozen=True, kw_only=True)
class AnswerKept(Prompt):
    """What takes the question's place in the conversation once a form has answered it."""

    words = "checkins/kept.md"
    on: date


@dataclass(frozen=True, kw_only=True)
class StoppedAsking(Prompt):
    """Nobody answered for a long while: say once that we stop, and how to come back."""

    words = "checkins/stopped.md"

    def buttons(self) -> Iterable[Press]:
        yield press("checkin.again", says="checkins.press.again", primary=True)


@dataclass(frozen=True, kw_only=True)
class AskingAgain(Prompt):
    """The weekly question comes back."""

    words = "checkins/again.md"
    replaces = True
    when: datetime | None
