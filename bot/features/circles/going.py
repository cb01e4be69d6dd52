"""/circle leave and close: somebody goes, or all do; and what is done about a lost channel."""

from bot.chat.prompt import Prompt
from bot.engine import circles as engine
from bot.engine.turn import Turn
from bot.errors import Refused
from bot.features.circles.group import circle_group
from bot.features.circles.prompts import (
    ChannelOnItsWay,
    CircleCloseAsked,
    CircleClosed,
    CircleLeaveAsked,
    CircleLeft,
    WishKept,
)
from bot.features.circles.reading import is_host, mine, mine_named, mine_or_none, only_host
from bot.models import Circle, CircleState
from bot.store import circles, seats, sessions


@circle_group.command("leave")
def leave(turn: Turn) -> Prompt:
    """Leave your circle, or the list of those who wait; nobody is told why."""
    circle = mine_or_none(turn)
    if circle is None:
        if not seats.stop_waiting(turn.db, turn.member.key):
            raise Refused("circles.refused.none")
        return CircleLeft(name="", closed=False)
    return CircleLeaveAsked(
        circle_id=circle.key,
        name=circle.name,
        is_host=is_host(turn, circle),
        last=len(seats.seats(turn.db, circle.key)) == 1,
    )


@circle_group.action("leave_now")
def leave_now(turn: Turn, circle_id: int) -> Prompt:
    """Let the member go."""
    circle = mine_named(turn, circle_id)
    circles.leave(turn.db, circle, turn.member, turn.now)
    return CircleLeft(name=circle.name, closed=circle.state == CircleState.CLOSED)


@circle_group.command("close")
def close(turn: Turn) -> Prompt:
    """End your circle kindly, if you look after it."""
    circle = mine(turn)
    only_host(turn, circle, "circles.refused.host_closes")
    return CircleCloseAsked(
        circle_id=circle.key,
        name=circle.name,
        people=len(seats.seats(turn.db, circle.key)),
        room=_has_room(circle),
    )


@circle_group.action("close_now")
def close_now(turn: Turn, circle_id: int, archive: int) -> Prompt:
    """End the circle, and archive its channel if that is wanted."""
    circle = mine_named(turn, circle_id)
    only_host(turn, circle, "circles.refused.host_closes")
    room = _has_room(circle)
    circles.close(turn.db, circle, turn.now, archive=bool(archive), farewell=True)
    return CircleClosed(name=circle.name, archive=room and bool(archive))


def _has_room(circle: Circle) -> bool:
    return bool(circle.room) and circle.lost_at is None


@circle_group.action("archive")
def archive(turn: Turn, circle_id: int) -> Prompt:
    """Archive the channel of a circle that is over."""
    circle = seats.held(turn.db, circle_id)
    if circle is None or seats.seat(turn.db, circle_id, turn.member.key) is None:
        raise Refused("circles.refused.not_in")
    if circle.state != CircleState.CLOSED or not _has_room(circle):
        raise Refused("circles.refused.over")
    if not is_host(turn, circle):
        raise Refused("circles.refused.host_archives")
    circles.withdraw(turn.db, circle.key, (circles.ARCHIVE,))
    circles.promise(turn.db, turn.member, circles.ARCHIVE, str(circle.key), turn.now, turn.now)
    return CircleClosed(name=circle.name, archive=True)


@circle_group.action("reopen")
def reopen(turn: Turn, circle_id: int) -> Prompt:
    """Make a new channel in the place of one that is gone."""
    circle = mine_named(turn, circle_id)
    only_host(turn, circle, "circles.refused.host_reopens")
    if circle.state != CircleState.RUNNING or _has_room(circle):
        raise Refused("circles.refused.room_there")
    if not circles.is_promised(turn.db, circle, circles.OPEN):
        circles.in_room(turn.db, circle, circles.OPEN, turn.now)
    return ChannelOnItsWay(name=circle.name, anew=True)


@circle_group.action("let_me_in")
def let_me_in(turn: Turn, circle_id: int) -> Prompt:
    """Try once more to let somebody into the channel."""
    circle = mine_named(turn, circle_id)
    seat = seats.seat(turn.db, circle_id, turn.member.key)
    if seat is None or not seat.kept_out or not _has_room(circle):
        raise Refused("circles.refused.room_there")
    seat.kept_out = ""
    circles.in_room(turn.db, circle, circles.INVITE, turn.now)
    return ChannelOnItsWay(name=circle.name, anew=False)


@circle_group.action("halfway")
def halfway(turn: Turn, circle_id: int, said: str) -> Prompt:
    """Keep an answer halfway; it is only counted."""
    circle = mine_named(turn, circle_id)
    asks = {each.id: each.label for each in engine.programme().halfway.asks}
    middle = sessions.numbered(turn.db, circle.key, engine.halfway(circle))
    if said not in asks or middle is None:
        raise Refused("help.old_button")
    over = engine.ends_at(circle, middle)
    if not over <= turn.now < over + engine.TOLD_AFTER:
        raise Refused("circles.refused.halfway_over")
    sessions.wish(turn.db, circle.key, turn.member.key, said)
    return WishKept(label=asks[said])
