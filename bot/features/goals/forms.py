"""The forms of a goal: sharpen or edit it, add steps and plans, note progress and lessons."""

from bot.chat.answers import Answers
from bot.chat.message import Field, Form
from bot.chat.prompt import Prompt
from bot.domain.areas import Area
from bot.domain.dates import spoken
from bot.domain.measure import is_yes_no, number, read_measure
from bot.domain.text import one_line
from bot.engine.turn import Turn
from bot.errors import Misread
from bot.features.goals.group import goal_group
from bot.features.goals.prompts import Learned
from bot.features.goals.reading import owned, still_active
from bot.features.goals.writing import (
    MOST,
    add_plan,
    add_step,
    change_measure,
    changed,
    note_progress,
    tidy,
)
from bot.models import Goal
from bot.store import goals

_ALL = ("title", "due", "measure", "why", "confidence", "area")
_SHARPER = ("title", "due", "measure", "why", "confidence")


def _form(turn: Turn, name: str, goal: Goal, fields: tuple[Field, ...]) -> Form:
    say = turn.words.short
    return Form(
        address=f"goal.{name}:{goal.key}",
        title=say(f"goals.form.{name}.title"),
        submit=say(f"goals.form.{name}.submit"),
        fields=fields,
        intro=say(f"goals.form.{name}.intro", number=goal.number, title=goal.title),
    )


def _field(turn: Turn, goal: Goal, name: str) -> Field:
    say = turn.words.short
    values = {
        "title": goal.title,
        "due": spoken(goal.due) if goal.due else "",
        "measure": goal.measure,
        "why": goal.why,
        "confidence": "" if goal.confidence is None else str(goal.confidence),
        "area": goal.area or "",
    }
    choices = {
        "area": tuple((area.value, say(f"goals.area.{area.value}")) for area in Area),
    }
    return Field(
        name=name,
        label=say(f"goals.field.{name}"),
        value=values[name],
        hint=say(f"goals.hint.{name}"),
        required=name == "title",
        kind="choice" if name in choices else "long" if name == "why" else "text",
        choices=choices.get(name, ()),
        limit=2000 if name == "why" else 300,
    )


@goal_group.form("sharpen")
def sharpen_form(turn: Turn, goal_id: int) -> Form:
    """Offer a goal for rewriting, with the questions that would make it sharper."""
    goal = still_active(turn, goal_id)
    return _form(turn, "sharpen", goal, tuple(_field(turn, goal, name) for name in _SHARPER))


@goal_group.form("edit_form")
def edit_form(turn: Turn, goal_id: int) -> Form:
    """Offer everything about a goal for change."""
    goal = still_active(turn, goal_id)
    return _form(turn, "edit_form", goal, tuple(_field(turn, goal, name) for name in _ALL))


@sharpen_form.submitted
def sharpened(turn: Turn, answers: Answers, goal_id: int) -> Prompt:
    """Keep the rewritten goal."""
    return _rewrite(turn, answers, still_active(turn, goal_id))


@edit_form.submitted
def edited(turn: Turn, answers: Answers, goal_id: int) -> Prompt:
    """Keep the edited goal."""
    goal = still_active(turn, goal_id)
    area = answers.choice("area", Area)
    if not answers.errors:
        goal.area = area
    return _rewrite(turn, answers, goal)


def _rewrite(turn: Turn, answers: Answers, goal: Goal) -> Prompt:
    title = tidy(one_line(answers.text("title", required=True)))
    # A date that stands unchanged is no new promise: it may lie in the past.
    kept_due = goal.due is not None and answers.text("due") == spoken(goal.due)
    due = goal.due if kept_due else answers.day("due")
    why = answers.text("why", limit=2000)
    confidence = answers.number("confidence", low=0, high=10)
    typed_measure = answers.text("measure")
    if is_yes_no(typed_measure):
        typed_measure = ""
    measure = None
    if typed_measure and "measure" not in answers.errors:
        try:
            measure = read_measure(typed_measure)
        except Misread as error:
            answers.errors["measure"] = error
    answers.check()
    changes: list[str] = []
    if title != goal.title:
        goals.record(turn.db, goal, "renamed", turn.now, note=goal.title)
        goal.title = title
        changes.append("title")
    if due != goal.due:
        goal.due = due
        goals.record(turn.db, goal, "due", turn.now, day=due)
        changes.append("due")
    if typed_measure != goal.measure and change_measure(turn, goal, measure):
        changes.append("measure")
    if why != goal.why:
        goal.why = why
        changes.append("why")
    goal.confidence = None if confidence is None else round(confidence)
    turn.db.flush()
    return changed(goal, tuple(changes))


@goal_group.form("plan")
def plan_form(turn: Turn, goal_id: int) -> Form:
    """Ask for the cue that will come and the act that will answer it."""
    goal = still_active(turn, goal_id)
    say = turn.words.short
    return _form(
        turn,
        "plan",
        goal,
        (
            Field("cue", say("goals.field.cue"), required=True, hint=say("goals.hint.cue")),
            Field("act", say("goals.field.act"), required=True, hint=say("goals.hint.act")),
        ),
    )


@plan_form.submitted
def planned(turn: Turn, answers: Answers, goal_id: int) -> Prompt:
    """Keep the if-then plan."""
    goal = still_active(turn, goal_id)
    cue = one_line(answers.text("cue", required=True))
    act = one_line(answers.text("act", required=True))
    answers.check()
    return add_plan(turn, goal, cue, act)


@goal_group.form("steps")
def steps_form(turn: Turn, goal_id: int) -> Form:
    """Ask for one step and, if it has one, its date."""
    goal = still_active(turn, goal_id)
    say = turn.words.short
    return _form(
        turn,
        "steps",
        goal,
        (
            Field("text", say("goals.field.step"), required=True, hint=say("goals.hint.step")),
            Field("due", say("goals.field.step_due"), hint=say("goals.hint.due")),
        ),
    )


@steps_form.submitted
def stepped(turn: Turn, answers: Answers, goal_id: int) -> Prompt:
    """Keep the step."""
    goal = still_active(turn, goal_id)
    text = one_line(answers.text("text", required=True))
    due = answers.day("due")
    answers.check()
    return add_step(turn, goal, text, due)


@goal_group.form("note")
def note_form(turn: Turn, goal_id: int) -> Form:
    """Ask where a goal stands."""
    goal = still_active(turn, goal_id)
    say = turn.words.short
    value = Field(
        "value",
        say("goals.field.value", unit=goal.measure_unit or "…"),
        value=number(goal.measure_now),
        hint=say("goals.hint.value"),
    )
    note = Field("note", say("goals.field.note"), kind="long", limit=2000)
    return _form(turn, "note", goal, (value, note) if goal.is_measured else (note,))


@note_form.submitted
def noted(turn: Turn, answers: Answers, goal_id: int) -> Prompt:
    """Keep the progress."""
    goal = still_active(turn, goal_id)
    value = answers.number("value", low=0, high=MOST) if goal.is_measured else None
    note = answers.text("note", limit=2000)
    if value is None and not note and not answers.errors:
        answers.refuse("note", "goals.refused.empty_note")
    answers.check()
    return note_progress(turn, goal, value, note)


@goal_group.form("learned")
def learned_form(turn: Turn, goal_id: int) -> Form:
    """Ask what a finished goal taught."""
    goal = owned(turn, goal_id)
    say = turn.words.short
    return _form(
        turn,
        "learned",
        goal,
        (Field("taught", say("goals.field.taught"), kind="long", required=True, limit=2000),),
    )


@learned_form.submitted
def taught(turn: Turn, answers: Answers, goal_id: int) -> Prompt:
    """Keep what it taught in the goal's story."""
    goal = owned(turn, goal_id)
    text = answers.text("taught", limit=2000, required=True)
    answers.check()
    goals.record(turn.db, goal, "learned", turn.now, note=text)
    return Learned(number=goal.number, title=goal.title, taught=text)
