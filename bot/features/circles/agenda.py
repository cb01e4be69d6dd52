"""/circle topic and agenda: what comes next, what could come in its place, and who does what."""

from typing import Annotated

from bot.chat.answers import Answers
from bot.chat.command import Arg
from bot.chat.message import Field, Form
from bot.chat.prompt import Prompt
from bot.domain.programme import Topic, Track
from bot.domain.text import one_line
from bot.engine import circles as engine
from bot.engine.turn import Turn
from bot.errors import Refused
from bot.features.circles.group import circle_group
from bot.features.circles.reading import duty_title, running, session_of, unticked
from bot.features.circles.showing import (
    AgendaShown,
    AgendaStep,
    TopicLine,
    TopicsShown,
    Voted,
)
from bot.models import Circle, CircleForm, CircleSession
from bot.store import sessions

#: The wish for what the programme has.
AS_PLANNED = "as_planned"


@circle_group.command("topic", examples=["teaching others"])
def topic(
    turn: Turn,
    wish: Annotated[str | None, Arg("a topic you would like in the place of the next one")] = None,
) -> Prompt:
    """See the programme, and wish for another topic in the place of the next."""
    circle = running(turn)
    there = _scheduled(turn, circle)
    session = engine.open_for_votes(circle, there, turn.now)
    if wish is not None:
        if session is None:
            raise Refused("circles.refused.no_vote")
        return _vote(turn, circle, session, _named(turn, circle, wish))
    wanted = (
        ""
        if session is None
        else sessions.vote_of(turn.db, circle.key, turn.member.key, session.number)
    )
    others = () if session is None else _others(circle, there)
    return TopicsShown(
        session_id=0 if session is None else session.key,
        number=0 if session is None else session.number,
        at=None if session is None else turn.at(session.starts_at),
        programme=tuple(_planned(turn, circle, each, session) for each in there),
        others=tuple(TopicLine(id=each.id, title=each.title, why=each.why) for each in others),
        mine=_title(circle, session, wanted) if session is not None and wanted else "",
    )


def _scheduled(turn: Turn, circle: Circle) -> list[CircleSession]:
    there = sessions.all_of(turn.db, circle.key)
    if not there:
        raise Refused("circles.refused.unscheduled")
    return there


def _planned(
    turn: Turn, circle: Circle, session: CircleSession, open_one: CircleSession | None
) -> TopicLine:
    plan = engine.plan_of(circle, session)
    return TopicLine(
        id=session.topic,
        title=plan.title,
        why=plan.why,
        done=session.starts_at <= turn.now,
        next=session is open_one,
    )


def _others(circle: Circle, there: list[CircleSession]) -> list[Topic]:
    """List what can be wished for: what is in no session of this circle."""
    taken = {each.topic for each in there}
    every = engine.programme().candidates(Track(circle.length))
    return [each for each in every if each.id not in taken]


def _named(turn: Turn, circle: Circle, text: str) -> str:
    """Find a topic by what was typed: its title, its id, or the beginning of it."""
    wanted = one_line(text).casefold()
    there, book = _scheduled(turn, circle), engine.programme()
    every = [*book.topics.values(), *book.alternatives.values()]
    fits = [each for each in every if wanted in {each.title.casefold(), each.id}] or [
        each for each in every if each.title.casefold().startswith(wanted)
    ]
    if len(fits) != 1:
        others = ", ".join(each.title for each in _others(circle, there))
        raise Refused("circles.refused.no_topic", text=text, known=others)
    return fits[0].id


def _title(circle: Circle, session: CircleSession, topic_id: str) -> str:
    if topic_id == AS_PLANNED:
        return engine.plan_of(circle, session).title
    return engine.programme().topic(topic_id).title


def _vote(turn: Turn, circle: Circle, session: CircleSession, wanted: str) -> Prompt:
    there = _scheduled(turn, circle)
    for each in there:
        if wanted in each.topic.split("+"):
            if each.starts_at <= turn.now:
                raise Refused("circles.refused.done", title=_title(circle, each, wanted))
            if each.key != session.key:
                at = turn.at(each.starts_at)
                day = f"{at.day} {at:%B}"
                raise Refused("circles.refused.comes", title=_title(circle, each, wanted), day=day)
            wanted = AS_PLANNED
    if wanted != AS_PLANNED and wanted not in {each.id for each in _others(circle, there)}:
        raise Refused("circles.refused.cannot_vote")
    sessions.vote(turn.db, circle.key, turn.member.key, session.number, wanted)
    return Voted(
        title=_title(circle, session, wanted),
        number=session.number,
        until=turn.at(engine.day_before(circle, session.starts_at)),
    )


@circle_group.form("vote")
def vote(turn: Turn, session_id: int) -> Form:
    """Ask which topic somebody would like."""
    circle, session = _open(turn, session_id)
    say, there = turn.words.short, _scheduled(turn, circle)
    planned = engine.plan_of(circle, session).title
    others = tuple((each.id, each.title) for each in _others(circle, there))
    wanted = sessions.vote_of(turn.db, circle.key, turn.member.key, session.number)
    return Form(
        address=f"circle.vote:{session.key}",
        title=say("circles.form.vote"),
        submit=say("circles.form.vote_submit"),
        intro=say("circles.form.vote_intro", number=session.number),
        fields=(
            Field(
                "topic",
                say("circles.field.topic"),
                kind="choice",
                choices=((AS_PLANNED, say("circles.field.planned", title=planned)), *others),
                value=wanted or AS_PLANNED,
                required=True,
            ),
        ),
    )


@vote.submitted
def voted(turn: Turn, answers: Answers, session_id: int) -> Prompt:
    """Keep the wish."""
    circle, session = _open(turn, session_id)
    wanted = answers.text("topic", required=True)
    answers.check()
    return _vote(turn, circle, session, wanted)


def _open(turn: Turn, session_id: int) -> tuple[Circle, CircleSession]:
    circle, session = session_of(turn, session_id)
    there = sessions.all_of(turn.db, circle.key)
    if engine.open_for_votes(circle, there, turn.now) is not session:
        raise Refused("circles.refused.vote_over")
    return circle, session


@circle_group.command("agenda")
def agenda(turn: Turn) -> Prompt:
    """See the next session: when, what happens, and your role."""
    circle = running(turn)
    there = _scheduled(turn, circle)
    now = engine.last_session(there, turn.now)
    if now is not None and turn.now < engine.ends_at(circle, now):
        session = now
    else:
        found = engine.next_session(there, turn.now)
        if found is None:
            raise Refused("circles.refused.all_over")
        session = found
    plan, outline = engine.plan_of(circle, session), engine.agenda_of(circle, session)
    by_thread = circle.form == CircleForm.ASYNC
    title, does = duty_title(turn, circle, session)
    shape = "%a %H:%M" if by_thread else "%H:%M"
    return AgendaShown(
        session_id=session.key,
        number=session.number,
        total=len(engine.track_of(circle)),
        title=plan.title,
        why=plan.why,
        care=unticked(plan.care),
        at=turn.at(session.starts_at),
        by_thread=by_thread,
        steps=tuple(
            AgendaStep(
                clock=f"{turn.at(session.starts_at + each.at):{shape}}",
                title=each.title,
                # Where it is typed, each part says so itself when it comes.
                text=unticked(each.text) if circle.form == CircleForm.LIVE else "",
            )
            for each in outline.steps
        ),
        duty=title,
        does=tuple(map(unticked, does)),
    )
