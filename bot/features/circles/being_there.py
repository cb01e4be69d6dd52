"""/circle here and notes: who comes, who was there, and what a session was about."""

import re

from bot.chat.answers import Answers
from bot.chat.message import Field, Form
from bot.chat.prompt import Prompt
from bot.domain.text import has_words, one_line
from bot.engine import circles as engine
from bot.engine.turn import Turn
from bot.errors import Refused
from bot.features.circles.group import circle_group
from bot.features.circles.prompts import NotesKept, PresenceKept, Said
from bot.features.circles.reading import name_of, running, session_of
from bot.models import Circle, CircleSession, Member, Presence
from bot.store import circles, seats, sessions

#: What a scribe may hand in: so many themes of so many characters, and so much in all.
THEMES, THEME, WHOLE = 6, 120, 700
#: A name of fewer letters than this is likely a word, too.
_SHORTEST = 3
#: A title and the word after it.
_TITLED = re.compile(
    r"\b(?:dr|mr|mrs|ms|mx|miss|prof|professor|doctor|sister|nurse|matron)\b\.? ([^\W\d_]+)",
    re.IGNORECASE,
)


@circle_group.command("here")
def here(turn: Turn) -> Prompt:
    """Say that you were at the last session; nobody else sees it."""
    circle = running(turn)
    session = engine.last_session(sessions.all_of(turn.db, circle.key), turn.now)
    if session is None:
        raise Refused("circles.refused.not_begun")
    return _kept(turn, circle, session, Presence.THERE)


@circle_group.action("was_there")
def was_there(turn: Turn, session_id: int) -> Prompt:
    """Keep that somebody was there."""
    circle, session = session_of(turn, session_id)
    if session.starts_at > turn.now:
        raise Refused("circles.refused.not_begun")
    return _kept(turn, circle, session, Presence.THERE)


@circle_group.action("coming")
def coming(turn: Turn, session_id: int) -> Prompt:
    """Keep that somebody comes."""
    circle, session = _ahead(turn, session_id)
    return _kept(turn, circle, session, Presence.COMING)


@circle_group.action("not_coming")
def not_coming(turn: Turn, session_id: int) -> Prompt:
    """Keep that somebody does not come this time, and pass on their role."""
    circle, session = _ahead(turn, session_id)
    before = engine.roles_of(turn.db, circle, session)
    sessions.mark(turn.db, session.key, turn.member.key, Presence.NOT_COMING)
    after = engine.roles_of(turn.db, circle, session)
    mine = [duty for duty, holder in before.items() if holder.key == turn.member.key]
    # Before the agenda is out nobody has heard of their role.
    is_out = engine.day_before(circle, session.starts_at) <= turn.now
    heirs = [after[duty] for duty in mine if duty in after] if is_out else []
    _tell(turn, circle, session, heirs)
    return PresenceKept(
        said=Said.NOT_COMING,
        number=session.number,
        title=engine.plan_of(circle, session).title,
        heir=name_of(heirs[0]) if heirs else "",
    )


def _tell(turn: Turn, circle: Circle, session: CircleSession, heirs: list[Member]) -> None:
    for heir in {each.key: each for each in heirs}.values():
        ref = f"{circle.key}:{session.number}"
        circles.promise(turn.db, heir, circles.ROLE, ref, turn.now, turn.now)


def _ahead(turn: Turn, session_id: int) -> tuple[Circle, CircleSession]:
    circle, session = session_of(turn, session_id)
    if engine.ends_at(circle, session) <= turn.now:
        raise Refused("circles.refused.session_over")
    return circle, session


def _kept(turn: Turn, circle: Circle, session: CircleSession, presence: Presence) -> Prompt:
    sessions.mark(turn.db, session.key, turn.member.key, presence)
    return PresenceKept(
        said=Said(presence.value),
        number=session.number,
        title=engine.plan_of(circle, session).title,
        heir="",
    )


# What it was about


@circle_group.command("notes")
def notes(turn: Turn) -> Form:
    """Note the themes of the last session: no names, no stories."""
    circle = running(turn)
    session = engine.last_session(sessions.all_of(turn.db, circle.key), turn.now)
    if session is None:
        raise Refused("circles.refused.not_begun")
    return _form(turn, circle, session)


@circle_group.form("themes")
def themes(turn: Turn, session_id: int) -> Form:
    """Ask for the themes of a session."""
    return _form(turn, *_begun(turn, session_id))


def _begun(turn: Turn, session_id: int) -> tuple[Circle, CircleSession]:
    circle, session = session_of(turn, session_id)
    if session.starts_at > turn.now:
        raise Refused("circles.refused.not_begun")
    return circle, session


def _form(turn: Turn, circle: Circle, session: CircleSession) -> Form:
    say = turn.words.short
    note = sessions.note_of(turn.db, session.key, turn.member.key)
    scribe = session.scribe_id == turn.member.key
    intro = "circles.form.notes_intro" if scribe else "circles.form.notes_intro_other"
    return Form(
        address=f"circle.themes:{session.key}",
        title=say("circles.form.notes"),
        submit=say("circles.form.notes_submit"),
        intro=say(intro, number=session.number, title=engine.plan_of(circle, session).title),
        fields=(
            Field(
                "themes",
                say("circles.field.themes"),
                kind="long",
                value="" if note is None else note.themes,
                hint=say("circles.hint.themes"),
                required=True,
                limit=WHOLE,
            ),
        ),
    )


@themes.submitted
def noted(turn: Turn, answers: Answers, session_id: int) -> Prompt:
    """Keep the themes, and let them go to the channel."""
    circle, session = _begun(turn, session_id)
    text = answers.text("themes", limit=WHOLE, required=True)
    lines = lines_of(text)
    if text and (len(lines) > THEMES or any(len(each) > THEME for each in lines)):
        answers.refuse("themes", "circles.refused.long_themes", most=THEMES)
    if named := _named(turn, circle, text):
        answers.refuse("themes", "circles.refused.a_name", named=named)
    answers.check()
    new = sessions.keep_note(turn.db, session.key, turn.member.key, "\n".join(lines))
    ref = f"{circle.key}:{session.number}"
    if not new:
        circles.withdraw(turn.db, circle.key, (circles.THEMES,), (session.number,))
    circles.promise(turn.db, turn.member, circles.THEMES, ref, turn.now, turn.now)
    return NotesKept(number=session.number, count=len(lines), again=not new)


def lines_of(text: str) -> list[str]:
    """Give the themes, one a line, without the marks of a list."""
    found = [one_line(each).lstrip("-•*–· ").strip() for each in text.split("\n")]
    return [each for each in found if has_words(each)]


def _named(turn: Turn, circle: Circle, text: str) -> str:
    """Find somebody who is named in a text: one of the circle, or anybody with their title.

    A small letter makes another word: “may” is none of May's.
    """
    plain = one_line(text)
    words = {
        "".join(char for char in each if char.isalpha())
        for each in plain.replace("’s", " ").replace("'s", " ").split()
    }
    for member in seats.people(turn.db, circle.key):
        for part in member.name.split():
            written = {part, part.upper(), part[:1].upper() + part[1:]}
            if len(part) >= _SHORTEST and written & words:
                return part
    titled = next((each for each in _TITLED.finditer(plain) if each[1][0].isupper()), None)
    return "" if titled is None else titled[0]
