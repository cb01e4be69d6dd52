"""What a goal review shows and asks."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from bot.chat.prompt import Press, Prompt, press


@dataclass(frozen=True, slots=True)
class ReviewedGoal:
    """One goal with its history in words and a small trend."""

    goal_id: int
    number: int
    title: str
    due: date | None
    overdue: bool
    measure: str
    trend: str
    since: date
    on_track: int
    stuck: int
    steps_done: int
    steps: int


@dataclass(frozen=True, kw_only=True)
class ReviewOffered(Prompt):
    """Each active goal with its history; keep, change, finish, or let go."""

    words = "reviews/offered.md"
    review_id: int
    late: bool
    asked_for: bool
    goals: tuple[ReviewedGoal, ...]
    more: int
    question: str
    next_review: datetime | None

    def buttons(self) -> Iterable[Press]:
        yield press("goal.review_form", self.review_id, says="reviews.press.answer", primary=True)
        yield press("goal.keep_all", self.review_id, says="reviews.press.keep_all")


@dataclass(frozen=True, slots=True)
class Decided:
    """What a review decided about one goal."""

    goal_id: int
    title: str
    verdict: str


@dataclass(frozen=True, kw_only=True)
class ReviewDone(Prompt):
    """What was decided, what was said, and when the next review comes."""

    words = "reviews/done.md"
    replaces = True
    decided: tuple[Decided, ...]
    question: str
    answer: str
    next_review: datetime | None

    def buttons(self) -> Iterable[Press]:
        for goal in self.decided:
            if goal.verdict == "change":
                yield press(
                    "goal.edit_form",
                    goal.goal_id,
                    says="reviews.press.change",
                    title=goal.title[:50],
                )
            if goal.verdict == "finish":
                yield press(
                    "goal.learned",
                    goal.goal_id,
                    says="reviews.press.learned",
                    title=goal.title[:40],
                )
        yield press("goal.list", says="reviews.press.list")


@dataclass(frozen=True, kw_only=True)
class ReviewKept(Prompt):
    """What takes the offer's place once a form has answered it."""

    words = "reviews/kept.md"
    on: date
