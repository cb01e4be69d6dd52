"""Check-ins and reviews: what was asked, and what was answered."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta

from sqlalchemy import Integer, bindparam, func
from sqlmodel import Session, col, select
from sqlmodel.sql.sqltypes import UTCDateTime

from bot.models import CheckIn, CheckInGoal, Goal, Review
from bot.models.base import table_of
from bot.store.vault import vault_of

_CHECKINS, _ASKED = table_of(CheckIn), table_of(CheckInGoal)
_MOST = bindparam("most", type_=Integer())
# Built once: building a statement costs more than running it.
_LATEST = (
    select(CheckIn)
    .where(CheckIn.member_id == bindparam("owner"))
    .order_by(col(CheckIn.day).desc())
    .limit(_MOST)
)
_OWNED = select(CheckIn).where(
    CheckIn.id == bindparam("checkin"), CheckIn.member_id == bindparam("owner")
)
_ASKED_ABOUT = (
    select(CheckInGoal, Goal)
    .join(Goal, col(Goal.id) == col(CheckInGoal.goal_id))
    .where(CheckInGoal.checkin_id == bindparam("checkin"))
    .order_by(col(CheckInGoal.position))
)
_STANDINGS = (
    select(CheckInGoal.standing)
    .join(CheckIn, col(CheckIn.id) == col(CheckInGoal.checkin_id))
    .where(CheckInGoal.goal_id == bindparam("goal"), col(CheckInGoal.standing).is_not(None))
    .order_by(col(CheckIn.day).desc())
    .limit(_MOST)
)
_BEGIN = _CHECKINS.insert().returning(_CHECKINS.c.id)
_BEGIN_ABOUT = _ASKED.insert()
_NEW = {"excused": False, "sealed": None}
_EXCUSE = (
    _CHECKINS.update()
    .where(
        _CHECKINS.c.member_id == bindparam("owner"),
        _CHECKINS.c.answered_at.is_(None),
        _CHECKINS.c.excused.is_(False),
    )
    .values(excused=True)
)
_REVIEWED = (
    select(Review.id)
    .where(
        Review.member_id == bindparam("owner"),
        col(Review.answered_at) >= bindparam("moment", type_=UTCDateTime()),
    )
    .limit(1)
)
_REVIEW_ON = select(Review).where(
    Review.member_id == bindparam("owner"), Review.day == bindparam("day")
)
_OWNED_REVIEW = select(Review).where(
    Review.id == bindparam("review"), Review.member_id == bindparam("owner")
)
_REVIEWS = select(func.count()).where(Review.member_id == bindparam("owner"))


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
    return db.exec(_OWNED, params={"checkin": checkin_id, "owner": member_id}).one_or_none()


def latest(db: Session, member_id: int, limit: int) -> Sequence[CheckIn]:
    """List the member's last check-ins, the latest first."""
    return db.exec(_LATEST, params={"owner": member_id, "most": limit}).all()


def last_of(db: Session, member_id: int) -> CheckIn | None:
    """Find the member's latest check-in."""
    return next(iter(latest(db, member_id, 1)), None)


def begin(
    db: Session,
    member_id: int,
    day: date,
    goals: Sequence[Goal],
    *,
    asked_at: datetime | None = None,
    delivery_id: int | None = None,
) -> int:
    """Start a check-in about these goals; give its row. A delivery says when it asks."""
    connection = db.connection()
    facts = {"member_id": member_id, "day": day, "asked_at": asked_at, "delivery_id": delivery_id}
    checkin_id: int = connection.execute(_BEGIN, {**_NEW, **facts}).scalar_one()
    connection.execute(
        _BEGIN_ABOUT,
        [
            {"checkin_id": checkin_id, "goal_id": goal.key, "position": position}
            for position, goal in enumerate(goals, 1)
        ],
    )
    return checkin_id


def asked_about(db: Session, checkin_id: int) -> Sequence[tuple[CheckInGoal, Goal]]:
    """List the goals of a check-in with the answers so far."""
    return db.exec(_ASKED_ABOUT, params={"checkin": checkin_id}).all()


def reviewed_since(db: Session, member_id: int, moment: datetime) -> bool:
    """Tell whether the member did a review after a moment."""
    return db.exec(_REVIEWED, params={"owner": member_id, "moment": moment}).first() is not None


def standings(db: Session, goal_id: int, limit: int) -> list[str]:
    """List a goal's last answers, the latest first."""
    return [str(each) for each in db.exec(_STANDINGS, params={"goal": goal_id, "most": limit})]


def excuse_open(db: Session, member_id: int) -> None:
    """Count nothing that was asked before a pause against anyone."""
    db.connection().execute(_EXCUSE, {"owner": member_id})


def review_on(db: Session, member_id: int, day: date) -> Review | None:
    """Find the review of one local day."""
    return db.exec(_REVIEW_ON, params={"owner": member_id, "day": day}).one_or_none()


def owned_review(db: Session, member_id: int, review_id: int) -> Review | None:
    """Load a review if it is this member's."""
    return db.exec(_OWNED_REVIEW, params={"review": review_id, "owner": member_id}).one_or_none()


def reviews(db: Session, member_id: int) -> int:
    """Count the reviews a member was offered."""
    return db.exec(_REVIEWS, params={"owner": member_id}).one()


def begin_review(db: Session, member_id: int, day: date, question: str) -> Review:
    """Start a review with its question."""
    review = Review(member_id=member_id, day=day, question=question)
    db.add(review)
    db.flush()
    return review


#: What a member may write in a check-in.
WORDS = ("win", "obstacle", "next_step")


def words_of(db: Session, checkin: CheckIn) -> dict[str, str]:
    """Open what the member wrote in a check-in, by name; what they left out is empty."""
    empty = dict.fromkeys(WORDS, "")
    if checkin.sealed is None:
        return empty
    told: dict[str, str] = vault_of(db).open(
        db, checkin.member_id, f"checkin:{checkin.day}", checkin.sealed
    )
    return empty | told


def keep_words(db: Session, checkin: CheckIn, words: Mapping[str, str]) -> None:
    """Seal what the member wrote in a check-in."""
    told = {name: words[name] for name in WORDS if words.get(name)}
    place = f"checkin:{checkin.day}"
    checkin.sealed = vault_of(db).seal(db, checkin.member_id, place, told) if told else None


def answer_of(db: Session, review: Review) -> str:
    """Open what the member answered in a review."""
    if review.sealed is None:
        return ""
    return str(vault_of(db).open(db, review.member_id, f"review:{review.day}", review.sealed))


def keep_answer(db: Session, review: Review, answer: str) -> None:
    """Seal what the member answered in a review."""
    review.sealed = vault_of(db).seal(db, review.member_id, f"review:{review.day}", answer)
