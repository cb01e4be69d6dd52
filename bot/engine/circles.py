"""A circle's programme on its own wall clock: which session comes when, about what, and who does
what in it. What is true at a moment is read from rows and the time, whatever was sent."""

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, time, timedelta
from functools import cache

from sqlmodel import Session

from bot.chat.content import content
from bot.domain.circles import Duty, roles
from bot.domain.programme import Agenda, Programme, SessionPlan, Track, Way
from bot.domain.rhythm import Rule, next_after
from bot.domain.zones import city, local, zone_info
from bot.models import Circle, CircleForm, CircleSession, CircleState, Member, Presence
from bot.store import circles, seats, sessions

#: Weeks from one session to the next.
EVERY = 2
#: The agenda comes a day before; for a session that is nearer than this it is left out.
AT_LEAST = timedelta(hours=2)
#: What came of the check halfway is told after this; a circle ends so long after its last session.
TOLD_AFTER, ENDS_AFTER = timedelta(days=5), timedelta(days=7)
#: Fewer than these, and a session is half an hour.
ENOUGH = 4
#: When a thread over two days opens: its questions then meet people on days and on nights.
THREAD_OPENS = (0, time(8))
_JOINT = "+"


@cache
def programme() -> Programme:
    """Read the programme once."""
    return Programme.from_data(content("circles/programme"))


def track_of(circle: Circle) -> tuple[SessionPlan, ...]:
    """Give the sessions of a circle's form as the programme has them."""
    return programme().tracks[Track(circle.length)]


def plan_of(circle: Circle, session: CircleSession) -> SessionPlan:
    """Give what a session is about: the programme's topic, or the one that was voted for."""
    plan = track_of(circle)[session.number - 1]
    if session.topic == _joined(plan):
        return plan
    try:
        return programme().substituted(plan, session.topic)
    except ValueError:  # a topic that is no longer in the programme
        return plan


def _joined(plan: SessionPlan) -> str:
    return _JOINT.join(topic.id for topic in plan.topics)


def agenda_of(circle: Circle, session: CircleSession) -> Agenda:
    """Say what happens when in a session."""
    way = Way(circle.form)
    if session.light and way is not Way.ASYNC:
        way = Way.LIGHT
    return programme().agenda(plan_of(circle, session), way)


def ends_at(circle: Circle, session: CircleSession) -> datetime:
    """Say when a session is over."""
    return session.starts_at + agenda_of(circle, session).lasts


def day_before(circle: Circle, moment: datetime) -> datetime:
    """Give the same wall-clock time a day before."""
    wall = local(moment, circle.zone)
    day = wall.date() - timedelta(days=1)
    return datetime.combine(day, wall.time(), zone_info(circle.zone)).astimezone(UTC)


def walls(moment: datetime, zones: Iterable[str], but: str = "") -> tuple[str, ...]:
    """Say what the clocks of some people show: "13:00 New York", the earliest clock first.

    The day is told where it is another one than in the zone `but`.
    """
    clocks: dict[datetime, str] = {}
    for zone in sorted(set(zones) - {but}):
        clocks.setdefault(local(moment, zone).replace(tzinfo=None), zone)
    today = local(moment, but).date() if but else None
    return tuple(
        f"{wall:{'%H:%M' if wall.date() == today else '%a %H:%M'}} {city(zone)}"
        for wall, zone in sorted(clocks.items())
    )


# The hour


def schedule(db: Session, circle: Circle, rule: Rule, first: date | None, now: datetime) -> None:
    """Put all sessions that have not begun on the wall clock, and promise what belongs to them."""
    there = sessions.all_of(db, circle.key)
    begun = len(sessions.over(there, now))
    plans = track_of(circle)[begun:]
    circle.rule = str(rule)
    circles.withdraw(db, circle.key, circles.OF_SESSION, [plan.place for plan in plans])
    moment, anchor = _not_before(circle, first, now), None
    for plan in plans:
        moment = next_after(rule, moment, circle.zone, anchor)
        anchor = local(moment, circle.zone).date()
        session = sessions.put(db, circle.key, plan.place, _joined(plan), moment)
        _promise(db, circle, session, now)
    circles.in_room(db, circle, circles.HOUR, now)


def first_of(circle: Circle, rule: Rule, now: datetime) -> datetime:
    """Say when a circle would meet first at an hour: a day ahead, for the agenda comes before."""
    return next_after(rule, _not_before(circle, None, now), circle.zone)


def _not_before(circle: Circle, first: date | None, now: datetime) -> datetime:
    if first is None:
        return now + timedelta(days=1)
    midnight = datetime.combine(first, time(), zone_info(circle.zone)).astimezone(UTC)
    return max(now, midnight - timedelta(microseconds=1))


def _promise(db: Session, circle: Circle, session: CircleSession, now: datetime) -> None:
    who = circles.bearer(db, circle)
    if who is None:
        return
    ref, start = f"{circle.key}:{session.number}", session.starts_at
    agenda = agenda_of(circle, session)
    if start - now >= AT_LEAST:
        due = max(now, day_before(circle, start))
        circles.promise(db, who, circles.AGENDA, ref, due, now)
    circles.promise(db, who, circles.OPENING, ref, start, now)
    promise_steps(db, circle, session, now)
    over = start + agenda.lasts
    if session.number == halfway(circle):
        circles.promise(db, who, circles.HALFWAY_TOLD, ref, over + TOLD_AFTER, now)
        for member in seats.people(db, circle.key):
            circles.promise(db, member, circles.HALFWAY, ref, over + timedelta(hours=1), now)
    if session.number == len(track_of(circle)):
        circles.promise(db, who, circles.FINISH, ref, over + ENDS_AFTER, now)


def promise_steps(db: Session, circle: Circle, session: CircleSession, now: datetime) -> None:
    """Promise what is asked in a session that is typed, and the word at its end."""
    who, agenda = circles.bearer(db, circle), agenda_of(circle, session)
    if who is None:
        return
    ref, start = f"{circle.key}:{session.number}", session.starts_at
    occasion = circles.THREAD if circle.form == CircleForm.ASYNC else circles.STEP
    for step in agenda.steps[1:] if circle.form != CircleForm.LIVE else ():
        circles.promise(db, who, occasion, f"{ref}:{step.id}", start + step.at, now)
    circles.promise(db, who, circles.ENDED, ref, start + agenda.lasts, now)


def make_light(db: Session, circle: Circle, session: CircleSession, now: datetime) -> None:
    """Let a session be half an hour, since few come."""
    session.light = True
    circles.withdraw(db, circle.key, (circles.STEP, circles.ENDED), [session.number])
    promise_steps(db, circle, session, now)


def halfway(circle: Circle) -> int:
    """Give the number of the session after which a circle looks at itself."""
    return programme().halfway_after(Track(circle.length))


def welcome(db: Session, circle: Circle, member: Member, now: datetime) -> None:
    """Promise to somebody who comes later what each of a circle is promised."""
    middle = sessions.numbered(db, circle.key, halfway(circle))
    if middle is not None and middle.starts_at > now:
        ref = f"{circle.key}:{middle.number}"
        due = ends_at(circle, middle) + timedelta(hours=1)
        circles.promise(db, member, circles.HALFWAY, ref, due, now)


# What is so by now


def settle(db: Session, circle: Circle, now: datetime) -> None:
    """Bring a circle to what the time has made of it: topics are chosen, and it may be over."""
    there = sessions.all_of(db, circle.key)
    circles.look_after(db, circle, now)
    if circle.state != CircleState.RUNNING or not there:
        return
    votes = sessions.votes(db, circle.key)
    for session in there:
        if session.number in votes and now >= day_before(circle, session.starts_at):
            _choose(db, circle, session, there, votes[session.number])
    if is_over(circle, there, now):
        ended = ends_at(circle, there[-1])
        boosters = [_months_after(ended, each.months) for each in programme().boosters]
        circles.finish(db, circle, boosters, now)


def is_over(circle: Circle, there: Sequence[CircleSession], now: datetime) -> bool:
    """Tell whether a circle's sessions are all over, and its last days with them."""
    last = there[-1]
    whole = last.number == len(track_of(circle))
    return whole and now >= ends_at(circle, last) + ENDS_AFTER


def _choose(
    db: Session,
    circle: Circle,
    session: CircleSession,
    there: Sequence[CircleSession],
    votes: Counter[str],
) -> None:
    """Take the topic with most wishes; where there is none with more than all others, keep it."""
    if track_of(circle)[session.number - 1].fixed:
        return
    sessions.drop_votes(db, circle.key, session.number)
    taken = {each.topic for each in there if each is not session}
    order = [(topic, n) for topic, n in votes.most_common() if topic not in taken]
    if order and (len(order) == 1 or order[0][1] > order[1][1]):
        session.topic = order[0][0]
        db.flush()


def _months_after(moment: datetime, months: int) -> datetime:
    return moment + timedelta(days=7 * round(months * 365.25 / 12 / 7))


def next_session(there: Iterable[CircleSession], now: datetime) -> CircleSession | None:
    """Find the session that comes next."""
    return next((each for each in there if each.starts_at > now), None)


def last_session(there: Sequence[CircleSession], now: datetime) -> CircleSession | None:
    """Find the session that began last."""
    return next((each for each in reversed(there) if each.starts_at <= now), None)


def open_for_votes(
    circle: Circle, there: Iterable[CircleSession], now: datetime
) -> CircleSession | None:
    """Find the next session whose topic can still be chosen."""
    return next(
        (
            each
            for each in there
            if day_before(circle, each.starts_at) > now
            and not track_of(circle)[each.number - 1].fixed
        ),
        None,
    )


# Who does what


def away(db: Session, circle: Circle, session: CircleSession) -> set[int]:
    """Tell who is known not to come, or cannot."""
    said = sessions.presences(db, session.key)
    kept_out = {each.member_id for each in seats.seats(db, circle.key) if each.kept_out}
    return kept_out | {who for who, each in said.items() if each == Presence.NOT_COMING}


def roles_of(db: Session, circle: Circle, session: CircleSession) -> dict[Duty, Member]:
    """Say who does what in a session; who is not coming is passed over."""
    people = seats.people(db, circle.key)
    gone = away(db, circle, session) | {each.key for each in people if each.unreachable_since}
    there = {each.key: each for each in people if each.key not in gone}
    stored = sessions.roles(session)
    if not all(each in there for each in stored):
        found = roles([each.key for each in people], session.number - 1, gone)
        stored = tuple(found.get(duty) for duty in Duty)  # type: ignore[assignment]
        sessions.give_roles(session, stored)
        db.flush()
    return {duty: there[who] for duty, who in zip(Duty, stored, strict=True) if who is not None}


def expected(db: Session, circle: Circle, session: CircleSession) -> int:
    """Count who may come: all who have not said otherwise."""
    return len({each.key for each in seats.people(db, circle.key)} - away(db, circle, session))


def missed_before(db: Session, circle: Circle, session: CircleSession) -> list[Member]:
    """List who seems to have missed the session before."""
    before = sessions.numbered(db, circle.key, session.number - 1)
    if before is None:
        return []
    people = seats.people(db, circle.key)
    return [each for each in people if sessions.seems_missed(db, before, each.key)]


def agenda_again(db: Session, circle: Circle, now: datetime) -> None:
    """Promise the agenda once more whose hour passed while there was no channel."""
    session = next_session(sessions.all_of(db, circle.key), now)
    who = circles.bearer(db, circle)
    if session is None or who is None or day_before(circle, session.starts_at) > now:
        return
    ref = f"{circle.key}:{session.number}"
    circles.withdraw(db, circle.key, (circles.AGENDA,), [session.number])
    circles.promise(db, who, circles.AGENDA, ref, now, now)
