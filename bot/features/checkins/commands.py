"""/checkin: answer this week's question, late, early, or again."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from bot.chat.answers import Answers
from bot.chat.command import Group
from bot.chat.message import Field, Form
from bot.chat.prompt import Prompt
from bot.domain.areas import GoalStatus, Standing
from bot.domain.coaching import Facts, advise
from bot.domain.rhythm import Rule
from bot.engine import pulses
from bot.engine.turn import Turn
from bot.errors import Refused
from bot.features.checkins.prompts import (
    AnswerKept,
    AskedGoal,
    AskingAgain,
    CheckInAnswered,
)
from bot.models import CHECKIN, CheckIn, CheckInGoal, Goal
from bot.store import checkins, closing, deliveries, goals, rhythms

checkin_group = Group("checkin", "Answer this week's check-in, before or after it is asked.")

REMINDER = "checkin.reminder"
#: The goals of a check-in, each with its answer.
Rows = Sequence[tuple[CheckInGoal, Goal]]
#: Goals asked about in one week: more would be a form, not a question.
ASKED = 3


@checkin_group.command()
def check_in(turn: Turn) -> Prompt | Form:
    """Answer this week's check-in now, asked or not."""
    latest = checkins.last_of(turn.db, turn.member.key)
    if latest is not None and turn.today - latest.day <= checkins.OPEN:
        return answer_form(turn, latest)
    chosen = goals.longest_unasked(turn.db, turn.member.key, ASKED)
    if not chosen:
        raise Refused("checkins.refused.no_goals")
    goals.mark_asked(turn.db, chosen, turn.now)
    return answer_form(
        turn, owned(turn, checkins.begin(turn.db, turn.member.key, turn.today, chosen))
    )


@checkin_group.form("answer")
def answer(turn: Turn, checkin_id: int) -> Form:
    """Open a check-in for its answer, or for a change of mind."""
    return answer_form(turn, owned(turn, checkin_id))


def answer_form(turn: Turn, checkin: CheckIn) -> Form:
    """Ask where each goal stands, then three optional things."""
    say = turn.words.short
    choices = tuple((each.value, say(f"checkins.standing.{each}")) for each in Standing)
    asked = tuple(
        Field(
            f"goal{goal.key}", goal.title, kind="choice", choices=choices, value=row.standing or ""
        )
        for row, goal in checkins.asked_about(turn.db, checkin.key)
    )
    rest = tuple(
        Field(
            name,
            say(f"checkins.field.{name}"),
            kind="long",
            limit=2000,
            value=value,
            hint=say(f"checkins.hint.{name}"),
        )
        for name, value in checkins.words_of(turn.db, checkin).items()
    )
    return Form(
        address=f"checkin.answer:{checkin.key}",
        title=say("checkins.form.title"),
        submit=say("checkins.form.submit"),
        fields=(*asked, *rest),
        intro=say("checkins.form.intro"),
    )


@answer.submitted
def answered(turn: Turn, answers: Answers, checkin_id: int) -> Prompt:
    """Keep the answer and say what the coach makes of it."""
    checkin = owned(turn, checkin_id)
    rows = checkins.asked_about(turn.db, checkin.key)
    chosen = {goal.key: answers.choice(f"goal{goal.key}", Standing) for _, goal in rows}
    texts = {name: answers.text(name, limit=2000) for name in ("win", "obstacle", "next_step")}
    if not answers.errors and not any(chosen.values()) and not any(texts.values()):
        first = f"goal{rows[0][1].key}" if rows else "win"
        answers.refuse(first, "checkins.refused.empty")
    answers.check()
    checkins.keep_words(turn.db, checkin, texts)
    turn.update(checkin.delivery_id, AnswerKept(on=checkin.day))
    return keep(turn, checkin, rows, chosen, notes=texts)


@checkin_group.action("mark")
def mark(turn: Turn, checkin_id: int, goal_id: int, standing: str) -> Prompt:
    """Answer for the only goal asked about, by one press."""
    checkin = owned(turn, checkin_id)
    rows = checkins.asked_about(turn.db, checkin.key)
    return keep(turn, checkin, rows, {goal_id: _standing(standing)}, notes={})


@checkin_group.action("all")
def mark_all(turn: Turn, checkin_id: int, standing: str) -> Prompt:
    """Answer the same for every goal, by one press."""
    checkin = owned(turn, checkin_id)
    known = _standing(standing)
    rows = checkins.asked_about(turn.db, checkin.key)
    return keep(turn, checkin, rows, dict.fromkeys((goal.key for _, goal in rows), known), notes={})


def _standing(text: str) -> Standing:
    if text not in {each.value for each in Standing}:
        raise Refused("help.old_button")
    return Standing(text)


def keep(
    turn: Turn,
    checkin: CheckIn,
    rows: Rows,
    chosen: Mapping[int, Standing | None],
    notes: Mapping[str, str],
) -> CheckInAnswered:
    """Keep where goals stand, each change in its goal's story, and choose what to suggest."""
    for row, goal in rows:
        standing = chosen.get(goal.key)
        if standing is None or standing == row.standing or _was_closed(row, goal):
            continue
        _record(turn, goal, row.standing, standing, notes, alone=len(rows) == 1)
        row.standing = standing
    edited = checkin.answered_at is not None
    checkin.answered_at = checkin.answered_at or turn.now
    turn.db.flush()
    checkins.excuse_open(turn.db, turn.member.key)  # an answer ends the silence, also an old one
    deliveries.withdraw(turn.db, turn.member.key, REMINDER, str(checkin.key), "answered")
    _ask_weekly_again(turn)
    answered = [
        _facts(turn, goal) for row, goal in rows if row.standing and not _was_closed(row, goal)
    ]
    advice = advise(answered, turn.today)
    return CheckInAnswered(
        checkin_id=checkin.key,
        goals=asked_goals(rows),
        **checkins.words_of(turn.db, checkin),
        advice=tuple(advice),
        edited=edited,
        pulse=pulses.is_open(turn),
    )


def _was_closed(row: CheckInGoal, goal: Goal) -> bool:
    """Tell whether a goal was closed by something else than this check-in."""
    done_here = row.standing == Standing.DONE and goal.status == GoalStatus.DONE
    return not goal.is_active and not done_here


def _record(
    turn: Turn,
    goal: Goal,
    before: str | None,
    standing: Standing,
    notes: Mapping[str, str],
    *,
    alone: bool,
) -> None:
    """Write an answer into the goal's story; words of the form belong to the goal they fit."""
    if standing is Standing.DONE:
        if goal.is_active:
            closing.finish(turn.db, goal, turn.now, notes.get("win", "") if alone else "")
        return
    if before == Standing.DONE and goal.status == GoalStatus.DONE:
        closing.reopen(turn.db, goal, turn.now)
    note = notes.get("obstacle" if standing is Standing.STUCK else "win", "") if alone else ""
    goals.record(turn.db, goal, standing.value, turn.now, note=note)


def _facts(turn: Turn, goal: Goal) -> Facts:
    moved = goal.moved_at or goal.created_at
    return Facts(
        goal.key,
        goal.title,
        checkins.standings(turn.db, goal.key, 2),
        goal.due if goal.is_active else None,
        turn.at(moved).date() if goal.is_measured and goal.is_active else None,
    )


def _ask_weekly_again(turn: Turn) -> None:
    """An answer ends the slower rhythm that silence had brought."""
    rhythm = rhythms.of(turn.db, turn.member, CHECKIN)
    if rhythm is None:
        return
    rule = Rule.parse(rhythm.rule)
    if rule.every > 1 or rhythm.stopped_at is not None:
        rhythms.begin(turn.db, turn.member, CHECKIN, replace(rule, every=1), turn.now)


@checkin_group.action("again")
def again(turn: Turn) -> Prompt:
    """Ask each week again."""
    _ask_weekly_again(turn)
    checkins.excuse_open(turn.db, turn.member.key)
    return AskingAgain(when=turn.next(CHECKIN))


def owned(turn: Turn, checkin_id: int) -> CheckIn:
    """Load a check-in through its member: nobody answers for another."""
    checkin = checkins.owned(turn.db, turn.member.key, checkin_id)
    if checkin is None:
        raise Refused("help.old_button")
    return checkin


def asked_goals(rows: Rows) -> tuple[AskedGoal, ...]:
    """List the goals of a check-in as the prompts show them."""
    return tuple(
        asked_goal(goal, row.standing or "", str(goal.status) if _was_closed(row, goal) else "")
        for row, goal in rows
    )


def asked_goal(goal: Goal, standing: str = "", closed: str = "") -> AskedGoal:
    """Show one goal in a check-in; without more it has just been asked about."""
    return AskedGoal(goal.key, goal.number, goal.title, goal.due, goal.measure, standing, closed)
