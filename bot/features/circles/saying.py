"""What is said in a circle's channel: its words from the programme, its facts from the rows."""

from datetime import datetime

from bot.domain.circle_agenda import Step
from bot.domain.circles import Duty
from bot.domain.rhythm import Rule
from bot.domain.zones import zone_name
from bot.engine import circles as engine
from bot.engine.turn import Turn
from bot.features.circles.posts import (
    AgendaPost,
    AgreementPost,
    EndedPost,
    FarewellPost,
    FinishPost,
    HalfwayPost,
    Holder,
    HourPost,
    OpeningPost,
    Outcome,
    Part,
    StepPost,
    ThemesPost,
)
from bot.features.circles.reading import host_of, name_of, names_of, unticked, wall, zones_of
from bot.models import Circle, CircleForm, CircleSession
from bot.store import seats, sessions

#: Counts are told when so many answered: with fewer they would tell of somebody.
TOLD = 5


def agreement(turn: Turn, circle: Circle) -> AgreementPost:
    """Say what the circle agrees on."""
    found = engine.programme().agreement
    return AgreementPost(
        name=circle.name,
        title=found.title,
        lines=tuple(unticked(each.text) for each in found.lines),
        people=names_of(seats.people(turn.db, circle.key)),
        host=host_of(turn, circle),
        scheduled=bool(circle.rule),
    )


def hour(turn: Turn, circle: Circle) -> HourPost | None:
    """Say when the circle meets; None where no session is to come."""
    ahead = [each for each in sessions.all_of(turn.db, circle.key) if each.starts_at > turn.now]
    if not ahead:
        return None
    return HourPost(
        at=Rule.parse(circle.rule).spoken,
        zone=zone_name(circle.zone),
        walls=_others(turn, circle, ahead[0].starts_at),
        first=wall(circle, ahead[0].starts_at),
        last=wall(circle, ahead[-1].starts_at),
        count=len(ahead),
        by_thread=circle.form == CircleForm.ASYNC,
    )


def _others(turn: Turn, circle: Circle, moment: datetime) -> tuple[str, ...]:
    return engine.walls(moment, zones_of(turn, circle), circle.zone)


def agenda(turn: Turn, circle: Circle, session: CircleSession) -> AgendaPost:
    """Say the day before what the session is about, and who does what."""
    plan = engine.plan_of(circle, session)
    return AgendaPost(
        session_id=session.key,
        number=session.number,
        total=len(engine.track_of(circle)),
        title=plan.title,
        why=plan.why,
        care=unticked(plan.care),
        at=wall(circle, session.starts_at),
        zone=zone_name(circle.zone),
        walls=_others(turn, circle, session.starts_at),
        roles=tuple(
            Holder(duty=engine.programme().role(duty).title, name=name_of(holder))
            for duty, holder in engine.roles_of(turn.db, circle, session).items()
        ),
        by_thread=circle.form == CircleForm.ASYNC,
    )


def opening(turn: Turn, circle: Circle, session: CircleSession, *, late: bool) -> OpeningPost:
    """Open an hour of talk, with all its parts."""
    plan, outline = engine.plan_of(circle, session), engine.agenda_of(circle, session)
    holders = engine.roles_of(turn.db, circle, session)
    return OpeningPost(
        number=session.number,
        title=plan.title,
        care=unticked(plan.care),
        light=session.light,
        host=name_of(holders[Duty.HOST]) if Duty.HOST in holders else "",
        timekeeper=name_of(holders[Duty.TIMEKEEPER]) if Duty.TIMEKEEPER in holders else "",
        zone=zone_name(circle.zone) if _others(turn, circle, session.starts_at) else "",
        parts=tuple(
            Part(
                clock=f"{wall(circle, session.starts_at + each.at):%H:%M}",
                title=each.title,
            )
            for each in outline.steps
        ),
        questions=tuple(question for each in outline.steps for question in each.questions),
        action=plan.action,
        late=late,
    )


def step(circle: Circle, session: CircleSession, step_id: str) -> StepPost | None:
    """Say what is asked at one moment; None where the agenda has no such step."""
    steps = engine.agenda_of(circle, session).steps
    found = next((each for each in steps if each.id == step_id), None)
    return None if found is None else _step(session, found, opens=found is steps[0])


def first_step(circle: Circle, session: CircleSession) -> StepPost:
    """Open a session that is typed."""
    return _step(session, engine.agenda_of(circle, session).steps[0], opens=True)


def _step(session: CircleSession, found: Step, *, opens: bool) -> StepPost:
    card = found.card
    return StepPost(
        number=session.number if opens else 0,
        light=session.light,
        title=found.title,
        text=unticked(found.text),
        card="" if card is None else card.title,
        why="" if card is None else card.why,
        care="" if card is None else unticked(card.care),
        questions=found.questions,
        action=found.action,
    )


def ended(turn: Turn, circle: Circle, session: CircleSession) -> EndedPost:
    """Say that a session is over, and what comes next."""
    following = engine.next_session(sessions.all_of(turn.db, circle.key), turn.now)
    holders = engine.roles_of(turn.db, circle, session)
    later = {} if following is None else engine.roles_of(turn.db, circle, following)
    return EndedPost(
        session_id=session.key,
        number=session.number,
        title=engine.plan_of(circle, session).title,
        scribe=name_of(holders[Duty.SCRIBE]) if Duty.SCRIBE in holders else "",
        next_at=None if following is None else wall(circle, following.starts_at),
        zone=zone_name(circle.zone),
        next_host=name_of(later[Duty.HOST]) if Duty.HOST in later else "",
    )


def themes(turn: Turn, circle: Circle, session: CircleSession, member_id: int) -> ThemesPost | None:
    """Say what a session was about; None where the note is gone."""
    note = sessions.note_of(turn.db, session.key, member_id)
    if note is None:
        return None
    return ThemesPost(
        number=session.number,
        title=engine.plan_of(circle, session).title,
        themes=tuple(note.themes.split("\n")),
    )


def halfway(turn: Turn, circle: Circle) -> HalfwayPost:
    """Say what came of the check halfway; with few answers no count is told."""
    votes = sessions.halfway(turn.db, circle.key)
    order = votes.most_common()
    clear = order and (len(order) == 1 or order[0][1] > order[1][1])
    told = votes.total() >= TOLD
    return HalfwayPost(
        outcome=Outcome(order[0][0]) if clear else Outcome.KEEP if order else Outcome.NONE,
        answered=votes.total() if told else 0,
        keep=votes["keep"] if told else 0,
        change=votes["change"] if told else 0,
        stop=votes["stop"] if told else 0,
        host=host_of(turn, circle),
    )


def finish(turn: Turn, circle: Circle) -> FinishPost:
    """Say that the series is over, and what comes next."""
    return FinishPost(
        circle_id=circle.key,
        name=circle.name,
        months=tuple(each.months for each in engine.programme().boosters),
        host=host_of(turn, circle),
    )


def farewell(circle: Circle) -> FarewellPost:
    """Say goodbye."""
    return FarewellPost(name=circle.name)
