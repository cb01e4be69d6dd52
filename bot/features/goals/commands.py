"""/goal: set a goal, look at it, move it, finish it, or let it go."""

import re
from datetime import date
from typing import Annotated

from bot.chat.command import Arg
from bot.chat.message import Form
from bot.chat.prompt import Prompt
from bot.domain.dates import spoken
from bot.domain.measure import find_measure
from bot.domain.measure import number as format_number
from bot.engine.turn import Turn
from bot.errors import Refused
from bot.features.goals import forms
from bot.features.goals.group import Which, goal_group
from bot.features.goals.prompts import (
    Fine,
    GoalAdded,
    GoalList,
)
from bot.features.goals.reading import (
    guess_area,
    line,
    meant,
    owned,
    shown,
    smart,
    still_active,
)
from bot.features.goals.writing import add_step, change_due, note_progress, progress_of
from bot.store import goals

#: What opens a reason, as people type it.
BECAUSE = ("because", "so that", "so I can", "in order to", "bc", "b/c", "cuz")
#: "3 of 5": the target that came with a value.
_OF = re.compile(r"(?:out )?of (\d{1,7})\b")
#: More active goals than this is a list, not a direction; nobody is asked about fifty.
MOST_ACTIVE = 50


@goal_group.command(
    "add",
    examples=[
        "Pass the boards by June 2027",
        "Submit 2 abstracts before the end of Q3 because I want a poster",
    ],
)
def add(
    turn: Turn,
    title: Annotated[str, Arg("what you want to reach")],
    due: Annotated[date | None, Arg("when, for example `June 2027`", lead="by")] = None,
    why: Annotated[str | None, Arg("why it matters to you", lead=BECAUSE, limit=2000)] = None,
) -> Prompt:
    """Set a goal your coach will hold you to."""
    active, twin = goals.crowd(turn.db, turn.member.key, title)
    if active >= MOST_ACTIVE:
        raise Refused("goals.refused.too_many", most=MOST_ACTIVE)
    if twin is not None:
        raise Refused("goals.refused.twice", number=twin)
    measure = find_measure(title)
    goal_id, number = goals.add(
        turn.db,
        turn.member.key,
        turn.now,
        title=title,
        due=due,
        why=why or "",
        area=guess_area(title),
        measure_unit=measure.unit if measure else "",
        measure_start=measure.start if measure else None,
        measure_target=measure.target if measure else None,
        measure_now=measure.now if measure else None,
    )
    found = smart(title, due=due, measured=measure is not None, why=why or "")
    return GoalAdded(
        goal_id=goal_id,
        number=number,
        title=title,
        due=due,
        measure=str(measure) if measure else "",
        accepted=found.accepted,
        present=found.present,
        missing=found.missing,
        questions=found.questions,
        outside_control=found.outside_control,
        active=active + 1,
    )


@goal_group.command("list")
def list_goals(turn: Turn) -> Prompt:
    """See your goals and how far they have come."""
    closed = goals.closed(turn.db, turn.member.key, limit=5)
    return GoalList(
        goals=tuple(line(goal, turn.today) for goal in goals.active(turn.db, turn.member.key)),
        done=tuple(line(goal, turn.today) for goal in closed if goal.status == "done"),
        let_go=tuple(line(goal, turn.today) for goal in closed if goal.status == "dropped"),
    )


@goal_group.command("show", examples=["1"])
def show(turn: Turn, number: Which = None) -> Prompt | Form:
    """See one goal with its steps, its plans and its story."""
    return meant(turn, number, "show", lambda goal: shown(turn, goal))


@goal_group.action("look")
def look(turn: Turn, goal_id: int) -> Prompt:
    """Show a goal from a button."""
    return shown(turn, owned(turn, goal_id))


@goal_group.command("edit", examples=["1", "1 by 3 September 2027"])
def edit(
    turn: Turn,
    number: Which = None,
    due: Annotated[date | None, Arg("a new date", lead="by")] = None,
) -> Prompt | Form:
    """Change a goal's words, date, measure, or area."""
    if due is not None:
        return meant(
            turn,
            number,
            "edit",
            lambda goal: change_due(turn, still_active(turn, goal.key), due),
            rest=f"by {spoken(due)}",
        )
    return meant(turn, number, "edit", lambda goal: forms.edit_form.opens(turn, goal.key))


@goal_group.command("step", examples=["1 Book the exam date by 3 February"])
def step(
    turn: Turn,
    number: Which = None,
    text: Annotated[str | None, Arg("the step")] = None,
    due: Annotated[date | None, Arg("when; a step with a date is a milestone", lead="by")] = None,
) -> Prompt | Form:
    """Add a step or a milestone to a goal."""
    if text is None:
        return meant(turn, number, "step", lambda goal: forms.steps_form.opens(turn, goal.key))
    return meant(
        turn,
        number,
        "step",
        lambda goal: add_step(turn, still_active(turn, goal.key), text, due),
        rest=text if due is None else f"{text} by {spoken(due)}",
    )


@goal_group.action("tick")
def tick(turn: Turn, goal_id: int, position: int) -> Prompt:
    """Mark a step as done."""
    goal = still_active(turn, goal_id)
    found = goals.step_at(turn.db, goal, position)
    if found is None:
        raise Refused("goals.refused.no_step", position=position)
    if found.done_at is None:
        found.done_at = goal.moved_at = turn.now
        goals.record(turn.db, goal, "step_done", turn.now, note=found.text)
        turn.db.flush()
    return progress_of(turn, goal, found.text)


@goal_group.command("progress", examples=["1 3", "1 3 of 5", "2 drafted the introduction"])
def progress(
    turn: Turn,
    number: Which = None,
    value: Annotated[float | None, Arg("where the measure stands now")] = None,
    note: Annotated[str | None, Arg("what moved, in your words")] = None,
) -> Prompt | Form:
    """Record how far a goal has come."""
    if number is not None and value is None and note is None:
        number, value = _only_value(turn, number)
    if value is None and note is None:
        return meant(
            turn,
            number,
            "progress",
            lambda goal: forms.note_form.opens(turn, goal.key),
        )
    target = _OF.match(note or "")
    words = "" if target is not None else note or ""
    return meant(
        turn,
        number,
        "progress",
        lambda goal: note_progress(
            turn,
            still_active(turn, goal.key),
            value,
            words,
            target=float(target[1]) if target else None,
        ),
        rest=f"{'' if value is None else format_number(value)} {note or ''}".strip(),
    )


def _only_value(turn: Turn, typed: int) -> tuple[int | None, float | None]:
    """Read "/goal progress 3" as a value where there is one goal and none is number 3."""
    if goals.numbered(turn.db, turn.member.key, typed) is not None:
        return typed, None
    active = goals.active(turn.db, turn.member.key)
    if len(active) == 1 and active[0].is_measured:
        return None, float(typed)
    return typed, None


@goal_group.action("fine")
def fine(turn: Turn, goal_id: int) -> Prompt:
    """Leave the goal as it is."""
    goal = still_active(turn, goal_id)
    return Fine(number=goal.number, title=goal.title)
