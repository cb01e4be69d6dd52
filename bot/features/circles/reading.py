"""Finding the circle, the session and the people that somebody means; refusals in one sentence."""

from collections.abc import Iterable
from datetime import datetime

from bot.domain.zones import local
from bot.engine import circles as engine
from bot.engine.turn import Turn
from bot.errors import Refused
from bot.models import Circle, CircleForm, CircleLength, CircleSession, CircleState, Member
from bot.store import members, seats, sessions

#: Names that one line holds.
NAMED = 8


def name_of(member: Member) -> str:
    """Call somebody by the name that others know."""
    return member.name or member.user


def names_of(people: Iterable[Member]) -> tuple[str, ...]:
    """Call some people by their names."""
    return tuple(name_of(each) for each in people)


def host_of(turn: Turn, circle: Circle) -> str:
    """Name who looks after a circle."""
    if circle.host_id is None:
        return ""
    return name_of(members.by_id(turn.db, circle.host_id))


def is_host(turn: Turn, circle: Circle) -> bool:
    """Tell whether the member looks after a circle."""
    return circle.host_id == turn.member.key


def meets(turn: Turn, form: CircleForm, length: CircleLength) -> str:
    """Say how a circle meets and for how long, in a few words."""
    say = turn.words.short
    return f"{say(f'circles.form_is.{form}')}, {say(f'circles.length_is.{length}')}"


def mine_or_none(turn: Turn) -> Circle | None:
    """Find the circle that the member sits in, as the time has left it."""
    circle = seats.of(turn.db, turn.member.key)
    if circle is None:
        return None
    engine.settle(turn.db, circle, turn.now)
    return None if circle.state == CircleState.CLOSED else circle


def mine(turn: Turn) -> Circle:
    """Find the circle that the member sits in, or say how to find one."""
    circle = mine_or_none(turn)
    if circle is None:
        raise Refused("circles.refused.none")
    return circle


def running(turn: Turn) -> Circle:
    """Find the member's circle once it has begun."""
    circle = mine(turn)
    if circle.state != CircleState.RUNNING:
        raise Refused("circles.refused.gathering", name=circle.name)
    return circle


def mine_named(turn: Turn, circle_id: int) -> Circle:
    """Find the member's circle if it is the one that a button names."""
    circle = mine_or_none(turn)
    if circle is None or circle.key != circle_id:
        raise Refused("circles.refused.over")
    return circle


def only_host(turn: Turn, circle: Circle, key: str) -> None:
    """Refuse what only whoever looks after a circle may do, and say who that is."""
    if not is_host(turn, circle):
        raise Refused(key, host=host_of(turn, circle))


def session_of(turn: Turn, session_id: int) -> tuple[Circle, CircleSession]:
    """Find a session of the member's circle that a button names."""
    circle, session = mine_or_none(turn), sessions.by_id(turn.db, session_id)
    if session is not None and circle is not None and session.circle_id == circle.key:
        return circle, session
    if session is not None and seats.seat(turn.db, session.circle_id, turn.member.key) is None:
        raise Refused("circles.refused.not_in")
    raise Refused("circles.refused.over")


def wall(circle: Circle, moment: datetime) -> datetime:
    """Put a moment on a circle's wall clock."""
    return local(moment, circle.zone)


def zones_of(turn: Turn, circle: Circle) -> list[str]:
    """List the zones that a circle's people live in."""
    return [each.zone for each in seats.people(turn.db, circle.key)]


def duty_title(turn: Turn, circle: Circle, session: CircleSession) -> tuple[str, tuple[str, ...]]:
    """Name the member's role in a session and what it does; empty where they have none."""
    for duty, holder in engine.roles_of(turn.db, circle, session).items():
        if holder.key == turn.member.key:
            role = engine.programme().role(duty)
            return role.title, role.does
    return "", ()


def unticked(text: str) -> str:
    """Write what reviewed content marks as something to type with quotation marks."""
    first, *rest = text.split("`")
    return first + "".join(("“" if n % 2 == 0 else "”") + part for n, part in enumerate(rest))
