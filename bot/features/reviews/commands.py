"""Goal reviews: monthly by DM, quarterly on request, and any time by /goal review."""

import re
from collections.abc import Mapping
from datetime import timedelta

from bot.chat.answers import Answers
from bot.chat.command import Group
from bot.chat.content import content
from bot.chat.message import Field, Form
from bot.chat.prompt import Prompt
from bot.domain.areas import Verdict
from bot.domain.measure import sparkline
from bot.engine.turn import Occasion, Turn, Withhold
from bot.errors import Refused
from bot.features.reviews.prompts import (
    Decided,
    ReviewDone,
    ReviewedGoal,
    ReviewKept,
    ReviewOffered,
)
from bot.models import CHECKIN, REVIEW, Delivery, Goal, Review
from bot.store import checkins, closing, goals

goal_group = Group("goal", "Set and follow the goals your coach holds you to.")

_GOAL = re.compile(r"goal[0-9]{1,15}")
#: A review so soon after another asks nothing new.
RECENT = timedelta(days=14)
#: Goals in one review; the rest are first next time.
AT_ONCE = 8


@goal_group.command("review")
def review_now(turn: Turn) -> Prompt:
    """Review your goals now: keep, change, finish, or let go."""
    review = checkins.review_on(turn.db, turn.member.key, turn.today) or _begin(turn)
    offered = _offer(turn, review, late=False, asked_for=True)
    if offered is None:
        raise Refused("reviews.refused.no_goals")
    return offered


def monthly(turn: Turn, delivery: Delivery, late: bool) -> Prompt | Withhold:
    """Offer the review, unless nothing is open, it was just done, or nobody answers any more."""
    if checkins.reviewed_since(turn.db, turn.member.key, turn.now - RECENT):
        return Withhold("recent")
    if turn.next(CHECKIN) is None:
        return Withhold("asking_less")
    review = checkins.review_on(turn.db, turn.member.key, turn.today) or _begin(turn)
    offered = _offer(turn, review, late=late, asked_for=False)
    if offered is None:
        return Withhold("no_goals")
    review.asked_at, review.delivery_id = turn.now, delivery.id
    return offered


OCCASIONS = (Occasion(name=REVIEW, compose=monthly, stale_after=timedelta(days=10), chosen=True),)


def _begin(turn: Turn) -> Review:
    questions = content("goals/grow")["questions"]
    chosen = questions[checkins.reviews(turn.db, turn.member.key) % len(questions)]
    return checkins.begin_review(turn.db, turn.member.key, turn.today, chosen["id"])


def _offer(turn: Turn, review: Review, *, late: bool, asked_for: bool) -> ReviewOffered | None:
    active = goals.active(turn.db, turn.member.key)
    if not active:
        return None
    chosen = goals.longest_unreviewed(turn.db, turn.member.key, AT_ONCE)
    return ReviewOffered(
        review_id=review.key,
        late=late,
        asked_for=asked_for,
        goals=tuple(_history(turn, goal) for goal in chosen),
        more=max(0, len(active) - AT_ONCE),
        question=_question(review),
        next_review=turn.next(REVIEW),
    )


def _question(review: Review) -> str:
    return str(
        next(
            (
                each["text"]
                for each in content("goals/grow")["questions"]
                if each["id"] == review.question
            ),
            "",
        )
    )


def _history(turn: Turn, goal: Goal) -> ReviewedGoal:
    steps = goals.steps(turn.db, goal)
    answers = checkins.standings(turn.db, goal.key, 30)
    return ReviewedGoal(
        goal_id=goal.key,
        number=goal.number,
        title=goal.title,
        due=goal.due,
        overdue=goal.is_overdue(turn.today),
        measure=goal.measure,
        trend=sparkline(goals.values(turn.db, goal)),
        since=turn.at(goal.created_at).date(),
        on_track=answers.count("on_track"),
        stuck=answers.count("stuck"),
        steps_done=sum(1 for step in steps if step.done_at is not None),
        steps=len(steps),
    )


@goal_group.form("review_form")
def answer(turn: Turn, review_id: int) -> Form:
    """Ask for a decision about each goal, a reason, and one question."""
    review = _owned(turn, review_id)
    say = turn.words.short
    choices = tuple((each.value, say(f"reviews.verdict.{each}")) for each in Verdict)
    asked = tuple(
        Field(f"goal{goal.key}", goal.title, kind="choice", choices=choices)
        for goal in goals.longest_unreviewed(turn.db, turn.member.key, AT_ONCE)
    )
    return Form(
        address=f"goal.review_form:{review.key}",
        title=say("reviews.form.title"),
        submit=say("reviews.form.submit"),
        intro=say("reviews.form.intro"),
        fields=(
            *asked,
            Field("reason", say("reviews.field.reason"), kind="long", limit=2000),
            Field(
                "answer",
                _question(review),
                kind="long",
                limit=2000,
                value=checkins.answer_of(turn.db, review),
            ),
        ),
    )


@answer.submitted
def answered(turn: Turn, answers: Answers, review_id: int) -> Prompt:
    """Carry the decisions out, each with its date and reason in its goal's story."""
    review = _owned(turn, review_id)
    chosen = {
        int(name.removeprefix("goal")): answers.choice(name, Verdict)
        for name in answers.values
        if _GOAL.fullmatch(name)
    }
    reason = answers.text("reason", limit=2000)
    said = answers.text("answer", limit=2000)
    answers.check()
    if said:
        checkins.keep_answer(turn.db, review, said)
    turn.update(review.delivery_id, ReviewKept(on=review.day))
    return _decide(turn, review, chosen, reason)


@goal_group.action("keep_all")
def keep_all(turn: Turn, review_id: int) -> Prompt:
    """Keep every goal as it is, by one press."""
    review = _owned(turn, review_id)
    if review.answered_at is not None:
        raise Refused("reviews.refused.done", on=turn.at(review.answered_at).date())
    chosen = {
        goal.key: Verdict.KEEP
        for goal in goals.longest_unreviewed(turn.db, turn.member.key, AT_ONCE)
    }
    return _decide(turn, review, chosen, "")


def _decide(
    turn: Turn, review: Review, chosen: Mapping[int, Verdict | None], reason: str
) -> ReviewDone:
    decided = []
    for goal_id, verdict in chosen.items():
        goal = goals.owned(turn.db, turn.member.key, goal_id)
        if goal is None or verdict is None:
            continue
        if not goal.is_active:
            decided.append(Decided(goal.key, goal.title, "closed"))
            continue
        goal.reviewed_at = turn.now
        _carry_out(turn, goal, verdict, reason)
        decided.append(Decided(goal.key, goal.title, verdict.value))
    review.answered_at = review.answered_at or turn.now
    turn.db.flush()
    return ReviewDone(
        decided=tuple(decided),
        question=_question(review),
        answer=checkins.answer_of(turn.db, review),
        next_review=turn.next(REVIEW),
    )


def _carry_out(turn: Turn, goal: Goal, verdict: Verdict, reason: str) -> None:
    if verdict is Verdict.FINISH:
        closing.finish(turn.db, goal, turn.now, reason)
    elif verdict is Verdict.LET_GO:
        closing.let_go(turn.db, goal, turn.now, reason)
    else:
        kind = "kept" if verdict is Verdict.KEEP else "to_change"
        goals.record(turn.db, goal, kind, turn.now, note=reason)


def _owned(turn: Turn, review_id: int) -> Review:
    review = checkins.owned_review(turn.db, turn.member.key, review_id)
    if review is None:
        raise Refused("help.old_button")
    return review
