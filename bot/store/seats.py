"""Circles and who sits in them, who was asked, and who waits for one to be formed."""

from collections.abc import Collection, Iterable
from datetime import datetime
from itertools import combinations

from sqlmodel import Session, col, select

from bot.models import (
    Circle,
    CircleForm,
    CircleLength,
    CircleSeat,
    CircleState,
    CircleWait,
    Member,
    SeatState,
)
from bot.store import private, profiles


def circle(db: Session, circle_id: int) -> Circle | None:
    """Load a circle."""
    return db.get(Circle, circle_id)


def held(db: Session, circle_id: int) -> Circle | None:
    """Load a circle and hold its row, so that two presses at once do not take one seat."""
    return db.exec(
        select(Circle)
        .where(Circle.id == circle_id)
        .with_for_update(key_share=True)
        .execution_options(populate_existing=True)
    ).one_or_none()


def found(
    db: Session,
    host: Member,
    name: str,
    form: CircleForm,
    length: CircleLength,
    now: datetime,
) -> Circle:
    """Found a circle on its host's wall; nobody sits in it yet."""
    made = Circle(
        platform=host.platform,
        workspace=host.workspace,
        name=name,
        form=form,
        length=length,
        host_id=host.key,
        zone=host.zone,
        created_at=now,
    )
    db.add(made)
    db.flush()
    return made


def of(db: Session, member_id: int) -> Circle | None:
    """Find the circle that a member sits in, and hold its row."""
    found_id = db.exec(
        select(CircleSeat.circle_id).where(
            CircleSeat.member_id == member_id, CircleSeat.state == SeatState.IN
        )
    ).first()
    return None if found_id is None else held(db, found_id)


def seat(db: Session, circle_id: int, member_id: int) -> CircleSeat | None:
    """Find what a member is to a circle."""
    return db.exec(
        select(CircleSeat).where(
            CircleSeat.circle_id == circle_id, CircleSeat.member_id == member_id
        )
    ).one_or_none()


def is_in(db: Session, circle_id: int, member_id: int) -> bool:
    """Tell whether a member sits in a circle."""
    there = seat(db, circle_id, member_id)
    return there is not None and there.state == SeatState.IN


def seats(db: Session, circle_id: int, state: SeatState = SeatState.IN) -> list[CircleSeat]:
    """List a circle's seats of one kind, the longest first."""
    rows = select(CircleSeat).where(CircleSeat.circle_id == circle_id, CircleSeat.state == state)
    return list(db.exec(rows.order_by(col(CircleSeat.since), col(CircleSeat.id))))


def people(db: Session, circle_id: int, state: SeatState = SeatState.IN) -> list[Member]:
    """List who sits in a circle, the longest first."""
    rows = (
        select(Member)
        .join(CircleSeat, col(CircleSeat.member_id) == col(Member.id))
        .where(CircleSeat.circle_id == circle_id, CircleSeat.state == state)
    )
    return list(db.exec(rows.order_by(col(CircleSeat.since), col(CircleSeat.id))))


def everyone(db: Session, circle_id: int) -> list[Member]:
    """List everybody who was ever asked into a circle."""
    rows = (
        select(Member)
        .join(CircleSeat, col(CircleSeat.member_id) == col(Member.id))
        .where(CircleSeat.circle_id == circle_id)
    )
    return list(db.exec(rows.order_by(col(CircleSeat.since), col(CircleSeat.id))))


def neighbour(db: Session, member: Member) -> Member | None:
    """Find anybody else of a member's workspace."""
    rows = select(Member).where(
        Member.platform == member.platform,
        Member.workspace == member.workspace,
        Member.id != member.key,
    )
    return db.exec(rows.order_by(col(Member.id)).limit(1)).first()


def place(
    db: Session, circle_id: int, member_id: int, state: SeatState, now: datetime
) -> CircleSeat:
    """Give somebody a seat of a kind; what they were to the circle before is over."""
    there = seat(db, circle_id, member_id)
    if there is None:
        there = CircleSeat(circle_id=circle_id, member_id=member_id, state=state, since=now)
        db.add(there)
    elif there.state != state:
        there.state, there.since = state, now
        there.kept_out, there.asked_at = "", None
    db.flush()
    return there


def invitations(db: Session, member_id: int) -> list[Circle]:
    """List the circles that ask for somebody, the latest first."""
    rows = (
        select(Circle)
        .join(CircleSeat, col(CircleSeat.circle_id) == col(Circle.id))
        .where(
            CircleSeat.member_id == member_id,
            CircleSeat.state == SeatState.INVITED,
            Circle.state != CircleState.CLOSED,
        )
    )
    return list(db.exec(rows.order_by(col(CircleSeat.since).desc())))


def seated(db: Session, member_ids: Collection[int]) -> set[int]:
    """Tell which of some members sit in a circle."""
    rows = select(CircleSeat.member_id).where(
        col(CircleSeat.member_id).in_(member_ids), CircleSeat.state == SeatState.IN
    )
    return set(db.exec(rows))


# Who waits


def wait_of(db: Session, member_id: int) -> CircleWait | None:
    """Find what somebody who waits would like."""
    return db.get(CircleWait, member_id)


def wait(
    db: Session, member_id: int, form: CircleForm, length: CircleLength, now: datetime
) -> bool:
    """Let somebody wait for a circle; False when they waited already, and only the wish is new."""
    there = db.get(CircleWait, member_id)
    if there is None:
        db.add(CircleWait(member_id=member_id, form=form, length=length, since=now))
    else:
        there.form, there.length = form, length
    db.flush()
    return there is None


def stop_waiting(db: Session, member_id: int) -> bool:
    """Take somebody off the list; False when they were not on it."""
    there = db.get(CircleWait, member_id)
    if there is None:
        return False
    db.delete(there)
    db.flush()
    return True


def waiting(db: Session, platform: str, workspace: str) -> list[tuple[Member, CircleWait]]:
    """List who waits in a workspace and can be reached, the longest first."""
    rows = (
        select(Member, CircleWait)
        .join(CircleWait, col(CircleWait.member_id) == col(Member.id))
        .where(
            Member.platform == platform,
            Member.workspace == workspace,
            col(Member.unreachable_since).is_(None),
        )
    )
    return list(db.exec(rows.order_by(col(CircleWait.since), col(Member.id))))


# Who must not, or should not, sit together


def met(db: Session, member_ids: Collection[int], since: datetime) -> set[tuple[int, int]]:
    """List the pairs who sat in one circle since a moment, the lower id first."""
    rows = (
        select(CircleSeat.circle_id, CircleSeat.member_id)
        .join(Circle, col(Circle.id) == col(CircleSeat.circle_id))
        .where(
            col(CircleSeat.member_id).in_(member_ids),
            col(CircleSeat.state).in_((SeatState.IN, SeatState.LEFT)),
            Circle.room != "",
            (col(Circle.closed_at).is_(None)) | (col(Circle.closed_at) >= since),
        )
    )
    together: dict[int, list[int]] = {}
    for circle_id, member_id in db.exec(rows):
        together.setdefault(circle_id, []).append(member_id)
    return {pair for each in together.values() for pair in combinations(sorted(each), 2)}


def clashes(db: Session, newcomer: Member, others: Iterable[Member]) -> bool:
    """Tell whether somebody must not sit with some others, whoever asked for that.

    Which of them, and why, is never told.
    """
    around = {each.key: each for each in others if each.key != newcomer.key}
    known = private.apart(db, [newcomer.key, *around])
    for member_id, profile in profiles.several(db, [newcomer.key, *around]).items():
        part = profiles.confidential(db, profile)
        known[member_id] = frozenset({*known.get(member_id, ()), *part.not_with, *part.conflicts})
    for member_id, avoided in known.items():
        if member_id == newcomer.key:
            if avoided & {each.user for each in around.values()}:
                return True
        elif newcomer.user in avoided:
            return True
    return False
