"""What is done and said in a circle's channel: made from rows and the time, when its hour comes."""

import re
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from bot.chat.prompt import Prompt
from bot.engine import circle_channels
from bot.engine import circles as engine
from bot.engine.errands import CloseRoom, Dismiss, Errand, Invite, OpenRoom, Post, Result
from bot.engine.ports import Room
from bot.engine.turn import Occasion, Turn, Withhold
from bot.features.circles import saying
from bot.features.circles.occasions import circle_of, session_of
from bot.models import Circle, CircleForm, CircleSession, CircleState, Delivery
from bot.store import circles, members, seats

_OVER, _WAITS = "circle_over", "circle_room"
_DAY, _HOUR, _MINUTE = timedelta(days=1), timedelta(hours=1), timedelta(minutes=1)
#: How long a post waits before it looks again for a channel.
_LOOK = 30 * _MINUTE
#: A thread is opened up to so much later than promised; an hour of talk is not.
_OPENS = 6 * _HOUR
#: What no channel's name holds.
_UNFIT = re.compile(r"\W+")
Answer = Prompt | Errand | Withhold
Compose = Callable[[Turn, Delivery, bool], Answer]
Done = Callable[[Any, Delivery, Result, datetime], None]


def _room(circle: Circle) -> Room:
    return Room(circle.workspace, circle.room)


def _in_channel(
    say: Callable[[Turn, Delivery, Circle], Answer], *, after_end: bool = False
) -> Compose:
    """Do something in a circle's channel: while the circle goes on, once the channel is there."""

    def compose(turn: Turn, delivery: Delivery, late: bool) -> Answer:  # noqa: ARG001 - the one signature of all occasions
        circle = circle_of(turn, delivery)
        if circle is None or (circle.state == CircleState.CLOSED) is not after_end:
            return Withhold(_OVER)
        if circle.lost_at is not None or not circle.room:
            # The host was told; what is not too late comes in the new channel.
            return Withhold(_WAITS) if after_end else Withhold(_WAITS, turn.now + _LOOK)
        return say(turn, delivery, circle)

    return compose


def _in_session(say: Callable[[Turn, Circle, CircleSession], Answer]) -> Compose:
    """Do something in the channel about one session."""

    def with_session(turn: Turn, delivery: Delivery, circle: Circle) -> Answer:
        session = session_of(turn, delivery)
        return Withhold(_OVER) if session is None else say(turn, circle, session)

    return _in_channel(with_session)


# Errands


def open_room(turn: Turn, delivery: Delivery, late: bool) -> Answer:  # noqa: ARG001 - the one signature of all occasions
    """Make the channel."""
    circle = circle_of(turn, delivery)
    if circle is None or circle.state != CircleState.RUNNING:
        return Withhold(_OVER)
    if circle.room and circle.lost_at is None:
        return Withhold("answered")
    say = turn.words.short
    return OpenRoom(
        name=say("circles.room.name", name=_UNFIT.sub("-", circle.name.lower()).strip("-")),
        purpose=say("circles.room.purpose", name=circle.name),
    )


def invite(turn: Turn, delivery: Delivery, circle: Circle) -> Answer:  # noqa: ARG001 - the one signature of these
    """Let everybody of the circle into the channel at once."""
    out = {each.member_id for each in seats.seats(turn.db, circle.key) if each.kept_out}
    people = [each for each in seats.people(turn.db, circle.key) if each.key not in out]
    if not people:
        return Withhold("answered")
    return Invite(room=_room(circle), users=tuple(each.user for each in people))


def dismiss(turn: Turn, delivery: Delivery, late: bool) -> Answer:  # noqa: ARG001 - the one signature of all occasions
    """Let somebody out of the channel, unless they have come back meanwhile."""
    circle, user = circle_of(turn, delivery), delivery.ref.partition(":")[2]
    there = () if circle is None else seats.people(turn.db, circle.key)
    if circle is None or circle.lost_at is not None or user in {each.user for each in there}:
        circles.dismissed(turn.db, delivery)
        return Withhold(_OVER)
    return Dismiss(room=_room(circle), user=user)


def archive(turn: Turn, delivery: Delivery, circle: Circle) -> Answer:  # noqa: ARG001 - the one signature of these
    """Archive the channel of a circle that is over."""
    return CloseRoom(room=_room(circle))


# Posts


def agree(turn: Turn, delivery: Delivery, circle: Circle) -> Answer:  # noqa: ARG001 - the one signature of these
    """Post the agreement, so that it stays in sight."""
    return Post(room=_room(circle), prompt=saying.agreement(turn, circle), pin=True)


def hour(turn: Turn, delivery: Delivery, circle: Circle) -> Answer:  # noqa: ARG001 - the one signature of these
    """Say when the circle meets."""
    told = saying.hour(turn, circle)
    return Withhold(_OVER) if told is None else Post(room=_room(circle), prompt=told)


def agenda(turn: Turn, circle: Circle, session: CircleSession) -> Answer:
    """Post the agenda, a day ahead."""
    if session.starts_at <= turn.now:
        return Withhold(_OVER)
    return Post(room=_room(circle), prompt=saying.agenda(turn, circle, session))


def opening(turn: Turn, circle: Circle, session: CircleSession) -> Answer:
    """Open a session: for half an hour, where few come."""
    if circle.form != CircleForm.ASYNC and turn.now - session.starts_at > _HOUR / 2:
        return Withhold("stale")
    few = engine.expected(turn.db, circle, session) < engine.ENOUGH
    if few and not session.light and circle.form != CircleForm.ASYNC:
        engine.make_light(turn.db, circle, session, turn.now)
    if circle.form != CircleForm.LIVE:
        return Post(room=_room(circle), prompt=saying.first_step(circle, session))
    late = turn.now - session.starts_at > 5 * _MINUTE
    return Post(room=_room(circle), prompt=saying.opening(turn, circle, session, late=late))


def step(turn: Turn, delivery: Delivery, circle: Circle) -> Answer:
    """Ask what belongs to this moment of a session."""
    session = session_of(turn, delivery)
    told = None if session is None else saying.step(circle, session, delivery.ref.split(":")[2])
    if session is None or told is None:
        return Withhold(_OVER)
    thread = session.thread if circle.form == CircleForm.ASYNC else ""
    if (
        delivery.occasion == circles.THREAD
        and session.opened_at is None
        and _may_open(turn, session)
    ):
        return Withhold(_WAITS, turn.now + 5 * _MINUTE)
    return Post(room=_room(circle), prompt=told, thread=thread)


def _may_open(turn: Turn, session: CircleSession) -> bool:
    """Tell whether the post that opens a thread may still come."""
    return turn.now - session.starts_at <= _OPENS


def ended(turn: Turn, circle: Circle, session: CircleSession) -> Answer:
    """Say that a session is over, and promise what is asked of its people afterwards."""
    told = saying.ended(turn, circle, session)
    ref = f"{circle.key}:{session.number}"
    if session.scribe_id is not None:
        scribe = members.by_id(turn.db, session.scribe_id)
        soon = turn.now + 5 * _MINUTE
        circles.promise(turn.db, scribe, circles.SCRIBE, ref, soon, turn.now, once=True)
    for member in engine.missed_before(turn.db, circle, session):
        later = turn.now + 20 * _HOUR
        circles.promise(turn.db, member, circles.ABSENT, ref, later, turn.now, once=True)
    return Post(room=_room(circle), prompt=told)


def themes(turn: Turn, delivery: Delivery, circle: Circle) -> Answer:
    """Post what a session was about."""
    session = session_of(turn, delivery)
    told = None
    if session is not None:
        told = saying.themes(turn, circle, session, delivery.member_id)
    return Withhold(_OVER) if told is None else Post(room=_room(circle), prompt=told)


def halfway(turn: Turn, circle: Circle, session: CircleSession) -> Answer:  # noqa: ARG001 - the one signature of these
    """Say what came of the check halfway."""
    return Post(room=_room(circle), prompt=saying.halfway(turn, circle))


def finish(turn: Turn, delivery: Delivery, circle: Circle) -> Answer:  # noqa: ARG001 - the one signature of these
    """Say that the series is over."""
    return Post(room=_room(circle), prompt=saying.finish(turn, circle))


def farewell(turn: Turn, delivery: Delivery, circle: Circle) -> Answer:  # noqa: ARG001 - the one signature of these
    """Say goodbye."""
    return Post(room=_room(circle), prompt=saying.farewell(circle))


def _occasion(
    name: str,
    compose: Compose,
    stale_after: timedelta = 7 * _DAY,
    done: Done | None = None,
) -> Occasion:
    return Occasion(
        name=name,
        compose=compose,
        stale_after=stale_after,
        late_after=stale_after,
        weight=None,
        for_room=True,
        done=done,
        lost=circle_channels.lost,
    )


OCCASIONS = (
    _occasion(circles.OPEN, open_room, done=circle_channels.opened),
    _occasion(circles.INVITE, _in_channel(invite), done=circle_channels.let_in),
    _occasion(circles.AGREEMENT, _in_channel(agree)),
    _occasion(circles.DISMISS, dismiss, done=circle_channels.let_out),
    _occasion(circles.ARCHIVE, _in_channel(archive, after_end=True)),
    _occasion(circles.FAREWELL, _in_channel(farewell, after_end=True)),
    _occasion(circles.FINISH, _in_channel(finish, after_end=True)),
    _occasion(circles.HOUR, _in_channel(hour)),
    _occasion(circles.AGENDA, _in_session(agenda), 20 * _HOUR),
    _occasion(circles.OPENING, _in_session(opening), _OPENS, circle_channels.begun),
    _occasion(circles.STEP, _in_channel(step), 20 * _MINUTE),
    _occasion(circles.THREAD, _in_channel(step), 8 * _HOUR),
    _occasion(circles.ENDED, _in_session(ended), _DAY),
    _occasion(circles.THEMES, _in_channel(themes)),
    _occasion(circles.HALFWAY_TOLD, _in_session(halfway)),
)
