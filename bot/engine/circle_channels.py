"""What comes of an errand in a circle's channel: kept in the transaction that marks it."""

from datetime import datetime

from sqlmodel import Session

from bot.engine.circles import agenda_again
from bot.engine.errands import Result
from bot.models import Circle, CircleState, Delivery, Member
from bot.store import circles, seats, sessions


def opened(db: Session, delivery: Delivery, result: Result, now: datetime) -> None:
    """Keep the channel, and let people in; one that nobody needs any more is archived."""
    circle = seats.held(db, int(delivery.ref))
    if circle is None:
        return
    again, circle.room, circle.lost_at = circle.lost_at is not None, result.ref, None
    db.flush()
    if circle.state == CircleState.CLOSED:
        circles.in_room(db, circle, circles.ARCHIVE, now)
        return
    circles.in_room(db, circle, circles.INVITE, now)
    circles.in_room(db, circle, circles.AGREEMENT, now)
    if again:
        agenda_again(db, circle, now)


def lost(db: Session, delivery: Delivery, reason: str, now: datetime) -> None:  # noqa: ARG001 - the one signature of all occasions
    """Remember that the channel is gone, and tell whoever looks after the circle, once."""
    circle = seats.held(db, int(delivery.ref.partition(":")[0]))
    if delivery.occasion == circles.DISMISS:
        circles.dismissed(db, delivery)
    if circle is None or circle.state == CircleState.CLOSED:
        return
    tries_anew = delivery.occasion == circles.OPEN
    if circle.lost_at is None or tries_anew:
        circle.lost_at = circle.lost_at or now
        db.flush()
        circles.to_host(db, circle, circles.LOST, now)


def let_in(db: Session, delivery: Delivery, result: Result, now: datetime) -> None:
    """Tell those whom the platform did not let in, and whoever looks after the circle."""
    circle = seats.held(db, int(delivery.ref))
    if circle is None or circle.state == CircleState.CLOSED:
        return
    refused = [each for each in seats.people(db, circle.key) if each.user in result.refused]
    for member in refused:
        _keep_out(db, circle, member, result.refused[member.user], now)
    if circle.host_id in {each.key for each in refused}:
        circles.hand_over(db, circle, now)
    if refused:
        circles.to_host(db, circle, circles.GUEST, now)


def _keep_out(db: Session, circle: Circle, member: Member, reason: str, now: datetime) -> None:
    seat = seats.seat(db, circle.key, member.key)
    if seat is not None:
        seat.kept_out = reason[:60]
        db.flush()
        circles.promise(db, member, circles.KEPT_OUT, str(circle.key), now, now)


def let_out(db: Session, delivery: Delivery, result: Result, now: datetime) -> None:  # noqa: ARG001 - the one signature of all occasions
    """Forget who it was."""
    circles.dismissed(db, delivery)


def begun(db: Session, delivery: Delivery, result: Result, now: datetime) -> None:
    """Keep the post that opened a session: a thread hangs on it."""
    circle_id, _, number = delivery.ref.partition(":")
    session = sessions.numbered(db, int(circle_id), int(number))
    if session is not None:
        session.opened_at, session.thread = now, result.ref
        db.flush()
