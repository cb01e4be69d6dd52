"""What the coach says about goals: facts here, words in prompts/goals."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from bot.chat.prompt import Press, Prompt, press


@dataclass(frozen=True, slots=True)
class GoalLine:
    """One goal in a list."""

    number: int
    title: str
    due: date | None
    overdue: bool
    measure: str
    percent: int | None


@dataclass(frozen=True, slots=True)
class StepLine:
    """One step of a goal."""

    position: int
    text: str
    due: date | None
    done: bool


@dataclass(frozen=True, slots=True)
class Moment:
    """One moment of a goal's story."""

    on: date
    kind: str
    note: str
    value: float | None
    day: date | None


@dataclass(frozen=True, kw_only=True)
class GoalAdded(Prompt):
    """A goal was kept; say what is there, what is missing, and ask two things at most."""

    words = "goals/added.md"
    goal_id: int
    number: int
    title: str
    due: date | None
    measure: str
    accepted: bool
    present: tuple[str, ...]
    missing: tuple[str, ...]
    questions: tuple[str, ...]
    outside_control: bool
    active: int

    def buttons(self) -> Iterable[Press]:
        if self.questions:
            yield press(
                "goal.sharpen", self.goal_id, says="goals.press.sharpen", primary=not self.accepted
            )
        yield press("goal.plan", self.goal_id, says="goals.press.plan")
        yield press("goal.steps", self.goal_id, says="goals.press.steps")
        if not self.accepted:
            yield press("goal.fine", self.goal_id, says="goals.press.fine")


@dataclass(frozen=True, kw_only=True)
class Fine(Prompt):
    """The member likes the goal as it is: that is enough."""

    words = "goals/fine.md"
    replaces = True
    number: int
    title: str


@dataclass(frozen=True, kw_only=True)
class GoalList(Prompt):
    """All active goals, and the last ones closed."""

    words = "goals/list.md"
    goals: tuple[GoalLine, ...]
    done: tuple[GoalLine, ...]
    let_go: tuple[GoalLine, ...]

    def buttons(self) -> Iterable[Press]:
        yield press("goal.add", says="goals.press.add", primary=not self.goals)


@dataclass(frozen=True, kw_only=True)
class GoalShown(Prompt):
    """One goal with everything about it, its story last."""

    words = "goals/shown.md"
    goal_id: int
    number: int
    title: str
    status: str
    due: date | None
    overdue: bool
    horizon: str
    area: str
    why: str
    measure: str
    percent: int | None
    trend: str
    confidence: int | None
    steps: tuple[StepLine, ...]
    plans: tuple[tuple[str, str], ...]
    story: tuple[Moment, ...]

    def buttons(self) -> Iterable[Press]:
        if self.status != "active":
            yield press("goal.reopen", self.goal_id, says="goals.press.reopen")
            return
        for step in [each for each in self.steps if not each.done][:2]:
            yield press(
                "goal.tick",
                self.goal_id,
                step.position,
                says="goals.press.tick",
                position=step.position,
            )
        yield press("goal.note", self.goal_id, says="goals.press.progress", primary=True)
        yield press("goal.edit_form", self.goal_id, says="goals.press.edit")
        yield press("goal.steps", self.goal_id, says="goals.press.steps")
        yield press("goal.plan", self.goal_id, says="goals.press.plan")
        yield press("goal.finish", self.goal_id, says="goals.press.done")
        yield press("goal.let_go", self.goal_id, says="goals.press.drop")


@dataclass(frozen=True, kw_only=True)
class GoalChanged(Prompt):
    """A goal was edited, sharpened, or given a step or a plan; say what it looks like now."""

    words = "goals/changed.md"
    goal_id: int
    number: int
    title: str
    due: date | None
    measure: str
    changes: tuple[str, ...]
    step: str = ""
    step_due: date | None = None
    plan: tuple[str, str] | None = None

    def buttons(self) -> Iterable[Press]:
        if self.step:
            yield press("goal.steps", self.goal_id, says="goals.press.another_step")
        yield press("goal.look", self.goal_id, says="goals.press.show")


@dataclass(frozen=True, kw_only=True)
class Progress(Prompt):
    """Progress was recorded."""

    words = "goals/progress.md"
    goal_id: int
    number: int
    title: str
    measure: str
    percent: int | None
    trend: str
    step: str
    steps_left: int
    reached: bool

    def buttons(self) -> Iterable[Press]:
        if self.reached:
            yield press("goal.finish", self.goal_id, says="goals.press.done", primary=True)
        yield press("goal.look", self.goal_id, says="goals.press.show")


@dataclass(frozen=True, kw_only=True)
class GoalDone(Prompt):
    """A sincere word in private, and the question what it taught."""

    words = "goals/done.md"
    goal_id: int
    number: int
    title: str
    weeks: int
    steps_done: int
    on_time: bool
    why: str
    taught: str

    def buttons(self) -> Iterable[Press]:
        if not self.taught:
            yield press("goal.learned", self.goal_id, says="goals.press.learned", primary=True)
        yield press("goal.add", says="goals.press.next_goal")
        yield press("goal.reopen", self.goal_id, says="goals.press.undo")


@dataclass(frozen=True, kw_only=True)
class GoalDropped(Prompt):
    """A goal was let go, without guilt."""

    words = "goals/dropped.md"
    goal_id: int
    number: int
    title: str

    def buttons(self) -> Iterable[Press]:
        yield press("goal.reopen", self.goal_id, says="goals.press.undo")


@dataclass(frozen=True, kw_only=True)
class Learned(Prompt):
    """What a finished goal taught was kept."""

    words = "goals/learned.md"
    number: int
    title: str
    taught: str


@dataclass(frozen=True, kw_only=True)
class Already(Prompt):
    """The goal is already closed: nothing changed."""

    words = "goals/already.md"
    goal_id: int
    number: int
    title: str
    status: str
    on: date

    def buttons(self) -> Iterable[Press]:
        yield press("goal.reopen", self.goal_id, says="goals.press.reopen")


@dataclass(frozen=True, kw_only=True)
class Reopened(Prompt):
    """A closed goal is active again."""

    words = "goals/reopened.md"
    goal_id: int
    number: int
    title: str

    def buttons(self) -> Iterable[Press]:
        yield press("goal.look", self.goal_id, says="goals.press.show")
