"""/circle: where somebody stands with circles."""

from bot.chat.prompt import Prompt
from bot.engine import circles as engine
from bot.engine.turn import Turn
from bot.features.circles.group import circle_group
from bot.features.circles.prompts import Asking, Channel, CircleStanding, Where
from bot.features.circles.reading import (
    duty_title,
    host_of,
    is_host,
    meets,
    mine_or_none,
    names_of,
)
from bot.models import Circle, CircleState, SeatState
from bot.store import circles, invitations, seats, sessions

#: Invitations that are shown at once.
_ASKED = 2


@circle_group.command()
def home(turn: Turn) -> Prompt:
    """See where you stand: your circle, its next session, and your role."""
    return standing(turn)


def standing(turn: Turn) -> CircleStanding:
    """Say where the member stands."""
    circle = mine_or_none(turn)
    return _without(turn) if circle is None else _within(turn, circle)


def _asked(turn: Turn) -> tuple[Asking, ...]:
    found = invitations.open_to(turn.db, turn.member)[:_ASKED]
    return tuple(
        Asking(circle_id=each.key, name=each.name, host=host_of(turn, each)) for each in found
    )


def _without(turn: Turn) -> CircleStanding:
    wait = seats.wait_of(turn.db, turn.member.key)
    return CircleStanding(
        where=Where.NONE if wait is None else Where.WAITING,
        circle_id=0,
        name="",
        meets="" if wait is None else meets(turn, wait.form, wait.length),
        people=(),
        more=0,
        host="",
        is_host=False,
        channel=Channel.COMING,
        number=0,
        total=0,
        title="",
        at=None,
        duty="",
        asked=_asked(turn),
    )


def _within(turn: Turn, circle: Circle) -> CircleStanding:
    there = sessions.all_of(turn.db, circle.key)
    session = engine.next_session(there, turn.now)
    people = seats.people(turn.db, circle.key)
    invited = seats.seats(turn.db, circle.key, SeatState.INVITED)
    return CircleStanding(
        where=Where.RUNNING if circle.state == CircleState.RUNNING else Where.GATHERING,
        circle_id=circle.key,
        name=circle.name,
        meets=meets(turn, circle.form, circle.length),
        people=names_of(people),
        more=len(invited),
        host=host_of(turn, circle),
        is_host=is_host(turn, circle),
        channel=channel_of(turn, circle),
        number=0 if session is None else session.number,
        total=len(engine.track_of(circle)),
        title="" if session is None else engine.plan_of(circle, session).title,
        at=None if session is None else turn.at(session.starts_at),
        duty="" if session is None else duty_title(turn, circle, session)[0],
        asked=(),
    )


def channel_of(turn: Turn, circle: Circle) -> Channel:
    """Say how it stands with a circle's channel, for the member."""
    seat = seats.seat(turn.db, circle.key, turn.member.key)
    if circle.lost_at is None and circle.room:
        return Channel.KEPT_OUT if seat is not None and seat.kept_out else Channel.THERE
    is_coming = circles.is_promised(turn.db, circle, circles.OPEN)
    return Channel.COMING if is_coming else Channel.LOST
