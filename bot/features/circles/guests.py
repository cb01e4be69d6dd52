"""Who of those that somebody names can be asked into a circle."""

from dataclasses import dataclass

from bot.engine.turn import Turn
from bot.features.circles.prompts import CircleInvites
from bot.features.circles.reading import names_of
from bot.models import Circle, Member
from bot.store import circles, invitations, members, seats


@dataclass(frozen=True, slots=True, kw_only=True)
class Guests:
    """People somebody names for a circle, and how many cannot be asked."""

    can: tuple[Member, ...]
    #: How many were asked into it before, whatever they said.
    before: int
    #: How many cannot join any circle now: they sit in one, or cannot be reached.
    not_now: int
    #: How many have never written to the coach.
    strangers: int


def guests_of(turn: Turn, users: tuple[str, ...], circle: Circle | None = None) -> Guests:
    """Sort people for a new circle, or one that is there.

    Who must not sit with whom is no part of it, so that nothing shown here can tell of it.
    """
    db, member = turn.db, turn.member
    met = members.by_users(db, member.platform, member.workspace, users)
    known = [met[user] for user in dict.fromkeys(users) if user in met]
    taken = seats.seated(db, [each.key for each in known])
    inside = {each.key for each in seats.people(db, circle.key)} if circle else set()
    before = invitations.asked(db, circle.key) if circle else set()
    free = [each for each in known if each.key not in taken and each.unreachable_since is None]
    can = [each for each in free if each.key not in before]
    return Guests(
        can=tuple(can),
        before=len(free) - len(can),
        not_now=len([each for each in known if each not in free and each.key not in inside]),
        strangers=len(set(users) - met.keys()),
    )


def ask(turn: Turn, circle: Circle, guests: Guests, *, new: bool) -> CircleInvites:
    """Ask those who can come."""
    invitations.send(turn.db, circle, guests.can, turn.now)
    return CircleInvites(
        circle_id=circle.key,
        name=circle.name,
        new=new,
        asked=names_of(guests.can),
        before=guests.before,
        not_now=guests.not_now,
        strangers=guests.strangers,
        needed=max(0, circles.FEWEST - len(seats.seats(turn.db, circle.key))),
    )
