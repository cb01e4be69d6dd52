"""Check-ins and reviews: what was asked, and what was answered."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from sqlalchemy import update
from sqlmodel import Session, col, select

from bot.models import CheckIn, CheckInGoal, Goal, Review


def on_day(db: Session, member_id: int, day: date) -> CheckIn | None:
    """Find the check-in of one local day."""
    return db.exec(
        select(CheckIn).where(CheckIn.member_id == member_id, CheckIn.day == day)
    ).one_or_none()


#: How long an unanswered question is still the one that is open.
OPEN = timedelta(days=6)


def still_open(db: Session, member_id: int, today: date) -> CheckIn | None:
    """Find the question that waits for an answer now."""
    last = last_of(db, member_id)
    if last is None or last.asked_at is None or last.answered_at is not None:
        return None
    return None if last.excused or today - last.day > OPEN else last


def owned(db: Session, member_id: int, checkin_id: int) -> CheckIn | None:
    """Load a check-in if it is this member's."""
    return db.exec(
        select(CheckIn).where(CheckIn.id == checkin_id, CheckIn.member_id == member_id)
    ).one_or_none()


def latest(db: Session, member_id: int, limit: int) -> Sequence[CheckIn]:
    """List the member's last check-ins, the latest first."""
    return db.exec(
        select(CheckIn)
        .where(CheckIn.member_id == member_id)
        .order_by(col(CheckIn.day).desc())
        .limit(limit)
    ).all()


def last_of(db: Session, member_id: int) -> CheckIn | None:
    """Find the member's latest check-in."""
    return next(iter(latest(db, member_id, 1)), None)


def begin(db: Session, member_id: int, day: date, goals: Sequence[Goal]) -> CheckIn:
    """Start a check-in about these goals."""
    checkin = CheckIn(member_id=member_id, day=day)
    db.add(checkin)
    db.flush()
    for position, goal in enumerate(goals, 1):
        db.add(CheckInGoal(checkin_id=checkin.key, goal_id=goal.key, position=position))
    db.flush()
    return checkin


def asked_about(db: Session, checkin: CheckIn) -> Sequence[tuple[CheckInGoal, Goal]]:
    """List the goals of a check-in with the answers so far."""
    return db.exec(
        select(CheckInGoal, Goal)
        .join(Goal, col(Goal.id) == col(CheckInGoal.goal_id))
        .where(CheckInGoal.checkin_id == checkin.key)
        .order_by(col(CheckInGoal.position))
    ).all()


def reviewed_since(db: Session, member_id: int, moment: datetime) -> bool:
    """Tell whether the member did a review after a moment."""
    found = select(Review.id).where(
        Review.member_id == member_id, col(Review.answered_at) >= moment
    )
    return db.exec(found.limit(1)).first() is not None


def standings(db: Session, goal_id: int, limit: int) -> list[str]:
    """List a goal's last answers, the latest first."""
    found = db.exec(
        select(CheckInGoal.standing)
        .join(CheckIn, col(CheckIn.id) == col(CheckInGoal.checkin_id))
        .where(CheckInGoal.goal_id == goal_id, col(CheckInGoal.standing).is_not(None))
        .order_by(col(CheckIn.day).desc())
        .limit(limit)
    ).all()
    return [str(each) for each in found]


def excuse_open(db: Session, member_id: int) -> None:
    """Count nothing that was asked before a pause against anyone."""
    db.connection().execute(
        update(CheckIn)
        .where(col(CheckIn.member_id) == member_id, col(CheckIn.answered_at).is_(None))
        .values(excused=True)
    )


def review_on(db: Session, member_id: int, day: date) -> Review | None:
    """Find the review of one local day."""
    return db.exec(
        select(Review).where(Review.member_id == member_id, Review.day == day)
    ).one_or_none()


def owned_review(db: Session, member_id: int, review_id: int) -> Review | None:
    """Load a review if it is this member's."""
    return db.exec(
        select(Review).where(Review.id == review_id, Review.member_id == member_id)
    ).one_or_none()


def reviews(db: Session, member_id: int) -> int:
    """Count the reviews a member was offered."""
    return len(db.exec(select(Review.id).where(Review.member_id == member_id)).all())


def begin_review(db: Session, member_id: int, day: date, question: str) -> Review:
    """Start a review with its question."""
    review = Review(member_id=member_id, day=day, question=question)
    db.add(review)
    db.flush()
    return review


def moment_asked(db: Session, checkin: CheckIn, now: datetime, delivery_id: int | None) -> None:
    """Remember when a check-in was asked, and by which delivery."""
    checkin.asked_at, checkin.delivery_id = now, delivery_id
    db.flush()
