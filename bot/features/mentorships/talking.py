"""Around a meeting: the mentee's three lines before it, and two questions to each after it."""

from bot.chat.answers import Answers
from bot.chat.message import Field, Form
from bot.chat.prompt import Prompt
from bot.domain.mentor_guide import Question
from bot.domain.mentorship import LENGTH, About, gives_little
from bot.domain.text import one_line
from bot.engine.mentorships import guide, minute_of, tell
from bot.engine.overlap import next_good
from bot.engine.turn import Turn
from bot.errors import Refused
from bot.features.mentorships.ending import end_look, pause
from bot.features.mentorships.ending_prompts import MissedTwice
from bot.features.mentorships.group import mentor_group
from bot.features.mentorships.meeting import propose, read_when, times, when_fields
from bot.features.mentorships.meeting_prompts import (
    Mark,
    MeetingAgendaKept,
    MeetingNotHeld,
    MeetingStepKept,
    WhatNext,
)
from bot.features.mentorships.reading import Pair, missed_twice, owned_meeting
from bot.models import Meeting, Side
from bot.store import deliveries, mentorships

#: What a line of an agenda, and a next step, may hold in characters.
LINE = 300


def question(name: str) -> Question:
    """Give one of the two questions after a meeting."""
    return next(each for each in guide().after_meeting if each.id == name)


def marks(name: str) -> tuple[Mark, ...]:
    """Give the answers of a question that can be pressed."""
    return tuple(Mark(value, label) for value, label in question(name).options.items())


def agenda_lines(turn: Turn, pair: Pair, meeting: Meeting) -> tuple[tuple[str, str], ...]:
    """Give the lines that the mentee wrote, each behind its beginning."""
    note = mentorships.note_of(turn.db, meeting.key, pair.row.member_id)
    written = note.agenda.split("\n") if note is not None and note.agenda else []
    found = zip(guide().agenda.lines, written, strict=False)
    return tuple((begins.removesuffix(" …"), text) for begins, text in found if text)


def last_step(turn: Turn, pair: Pair) -> str:
    """Give the next step that somebody noted last; it is shown to them alone."""
    notes = mentorships.notes_of(turn.db, pair.key, pair.me.key)
    return next((each.next_step for each in reversed(notes) if each.next_step), "")


def _still_ahead(turn: Turn, meeting_id: int) -> tuple[Pair, Meeting]:
    pair, meeting = owned_meeting(turn, meeting_id)
    if not pair.is_mentee:
        raise Refused("help.old_button")
    if meeting.starts_at is None or meeting.starts_at + LENGTH <= turn.now:
        raise Refused("mentorships.refused.met_already")
    return pair, meeting


@mentor_group.form("pair_agenda")
def agenda(turn: Turn, meeting_id: int) -> Form:
    """Offer the mentee three lines for the next meeting."""
    pair, meeting = _still_ahead(turn, meeting_id)
    note, say = mentorships.note_of(turn.db, meeting.key, pair.me.key), turn.words.short
    written = note.agenda.split("\n") if note is not None and note.agenda else []
    step = last_step(turn, pair)
    return Form(
        address=f"mentor.pair_agenda:{meeting.key}",
        title=guide().agenda.title,
        submit=say("mentorships.form.keep"),
        fields=tuple(
            Field(f"line{n}", begins, value=written[n] if n < len(written) else "", limit=LINE)
            for n, begins in enumerate(guide().agenda.lines)
        ),
        intro=say("mentorships.form.agenda_intro", name=pair.name, step=step),
    )


@agenda.submitted
def agenda_written(turn: Turn, answers: Answers, meeting_id: int) -> Prompt:
    """Keep the lines, and let the mentor see them."""
    pair, meeting = _still_ahead(turn, meeting_id)
    lines = [
        one_line(answers.text(f"line{n}", limit=LINE)) for n in range(len(guide().agenda.lines))
    ]
    if not any(lines) and not answers.errors:
        answers.refuse("line0", "mentorships.refused.no_line")
    answers.check()
    words = {"agenda": "\n".join(lines)}
    mentorships.keep_note(turn.db, meeting.key, pair.me.key, Side.MENTEE, words)
    mentorships.withdraw(turn.db, pair.row, "replaced", About.AGENDA_KEPT)
    tell(turn.db, pair.row, About.AGENDA_KEPT, pair.other, turn.now, meeting.key)
    return MeetingAgendaKept(
        meeting_id=meeting.key, name=pair.name, lines=agenda_lines(turn, pair, meeting)
    )


def _is_over(turn: Turn, meeting_id: int) -> tuple[Pair, Meeting]:
    pair, meeting = owned_meeting(turn, meeting_id)
    if meeting.starts_at is None or meeting.starts_at > turn.now:
        raise Refused("mentorships.refused.not_yet")
    return pair, meeting


@mentor_group.action("pair_useful")
def useful(turn: Turn, meeting_id: int, mark: str) -> Prompt:
    """Keep whether they met and how useful it was, for this side alone."""
    pair, meeting = _is_over(turn, meeting_id)
    if mark == "0":
        return _not_held(turn, pair, meeting)
    if mark not in question("useful").options:
        raise Refused("help.old_button")
    # Who says that they met is believed before who says that they did not.
    meeting.held_at, meeting.missed_at = meeting.held_at or turn.now, None
    mentorships.keep_note(turn.db, meeting.key, pair.me.key, pair.side, {"useful": mark})
    return WhatNext(
        meeting_id=meeting.key,
        mentorship_id=pair.key,
        name=pair.name,
        question=question("next").text,
        marks=marks("next"),
        little=gives_little(mentorships.marks(turn.db, pair.key, pair.me.key)),
    )


def _not_held(turn: Turn, pair: Pair, meeting: Meeting) -> Prompt:
    """Keep that they did not meet; after the second time in a row both are asked how to go on."""
    news = meeting.held_at is None and meeting.missed_at is None
    if news:
        meeting.missed_at = turn.now
        turn.db.flush()
    if not missed_twice(turn, pair):
        return MeetingNotHeld(mentorship_id=pair.key)
    deliveries.withdraw(turn.db, pair.me.key, About.MISSED, str(pair.key), "answered")
    if news:
        hears = next_good(turn.db, pair.other, turn.now)
        tell(turn.db, pair.row, About.MISSED, pair.other, hears)
    return MissedTwice(mentorship_id=pair.key, name=pair.name)


@mentor_group.action("pair_next")
def what_next(turn: Turn, meeting_id: int, answer: str) -> Prompt | Form:
    """Go where the answer leads."""
    pair, _ = _is_over(turn, meeting_id)
    if answer == "date":
        return _step_form(turn, pair, meeting_id)
    if answer == "to_find":
        return times(turn, pair)
    if answer == "pause":
        return pause(turn, pair)
    if answer == "last":
        return end_look(pair)
    raise Refused("help.old_button")


@mentor_group.form("pair_step")
def step(turn: Turn, meeting_id: int) -> Form:
    """Ask for the next step, and for the next date if there is one."""
    pair, _ = _is_over(turn, meeting_id)
    return _step_form(turn, pair, meeting_id)


def _step_form(turn: Turn, pair: Pair, meeting_id: int) -> Form:
    say = turn.words.short
    note = mentorships.note_of(turn.db, meeting_id, pair.me.key)
    text = Field(
        "step",
        say("mentorships.field.step"),
        value="" if note is None else note.next_step,
        hint=say("mentorships.hint.step"),
        limit=LINE,
    )
    return Form(
        address=f"mentor.pair_step:{meeting_id}",
        title=say("mentorships.form.step"),
        submit=say("mentorships.form.keep"),
        fields=(text, *when_fields(turn, "", "", required=False)),
        intro=say("mentorships.form.step_intro", name=pair.name),
    )


@step.submitted
def stepped(turn: Turn, answers: Answers, meeting_id: int) -> list[Prompt]:
    """Keep the next step for this side alone; a date becomes a proposal."""
    pair, meeting = _is_over(turn, meeting_id)
    text = one_line(answers.text("step", limit=LINE))
    moment = read_when(turn, answers, required=False)
    if not text and moment is None and not answers.errors:
        answers.refuse("step", "mentorships.refused.no_step")
    answers.check()
    said: list[Prompt] = []
    if text:
        words = {"next_step": text}
        mentorships.keep_note(turn.db, meeting.key, pair.me.key, pair.side, words)
        said.append(MeetingStepKept(step=text, mentorship_id=pair.key))
    if moment is not None:
        # They speak of the next meeting, whatever was answered of this one.
        meeting.held_at = meeting.held_at or turn.now
        turn.db.flush()
        said.append(propose(turn, pair, moment))
    return said


def is_current(meeting: Meeting | None, minute: str) -> bool:
    """Tell whether a meeting still begins at the minute that was promised."""
    if meeting is None or meeting.starts_at is None:
        return False
    return minute_of(meeting.starts_at) == int(minute)
