"""Who is asked into a circle, and whom it would take.

Somebody who must not sit with one of a circle is asked like all others as far as anybody can see:
the place stays open for them, and no word of it reaches them. So nobody learns who is kept apart.
"""

from collections.abc import Iterable
from datetime import datetime

from sqlmodel import Session

from bot.models import Circle, Member, SeatState
from bot.store import circles, seats


def takes(db: Session, circle: Circle, guest: Member) -> bool:
    """Tell whether a circle would take somebody; why it would not is told to nobody."""
    there = seats.people(db, circle.key)
    return len(there) < circles.MOST and not seats.clashes(db, guest, there)


def send(db: Session, circle: Circle, guests: Iterable[Member], now: datetime) -> None:
    """Ask some people into a circle; only whom it would take hears of it."""
    for guest in guests:
        seats.place(db, circle.key, guest.key, SeatState.INVITED, now)
        if takes(db, circle, guest):
            circles.promise(db, guest, circles.INVITED, str(circle.key), now, now)


def open_to(db: Session, member: Member) -> list[Circle]:
    """List the circles that ask for somebody and would still take them, the latest first."""
    return [each for each in seats.invitations(db, member.key) if takes(db, each, member)]


def is_open(db: Session, circle: Circle, member: Member) -> bool:
    """Tell whether a circle still asks for somebody."""
    seat = seats.seat(db, circle.key, member.key)
    return seat is not None and seat.state == SeatState.INVITED


def asked(db: Session, circle_id: int) -> set[int]:
    """Tell who was asked into a circle and has not joined: no answer, or not now."""
    states = (SeatState.INVITED, SeatState.DECLINED)
    return {each.member_id for state in states for each in seats.seats(db, circle_id, state)}
