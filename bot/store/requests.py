"""Requests for mentoring: each holds a place of the mentor's while it is open."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import or_
from sqlmodel import Session, col, select

from bot.models import Member, MentorRequest, RequestState
from bot.models.mentoring import request_place
from bot.models.sealed import sealed_words
from bot.store import deliveries

#: So long the same mentor is not suggested again to whom they could not take.
AGAIN = timedelta(days=90)


def make(
    db: Session,
    mentee: Member,
    mentor: Member,
    note: str,
    expires_at: datetime,
    now: datetime,
    *,
    passes_on: bool,
) -> MentorRequest:
    """Keep a new request; who calls holds the mentor's profile, and has counted their places."""
    sealed = sealed_words(db, mentee.key, request_place(mentor.key, now), {"note": note})
    made = MentorRequest(
        member_id=mentee.key,
        mentor_id=mentor.key,
        asked_at=now,
        expires_at=expires_at,
        passes_on=passes_on,
        sealed=sealed,
    )
    db.add(made)
    db.flush()
    return made


def between(db: Session, mentee_id: int, mentor_id: int) -> MentorRequest | None:
    """Find the request that is marked as open between two people, though its day may be past."""
    return db.exec(
        select(MentorRequest).where(
            MentorRequest.member_id == mentee_id,
            MentorRequest.mentor_id == mentor_id,
            MentorRequest.state == RequestState.OPEN,
        )
    ).one_or_none()


def by_id(db: Session, request_id: int) -> MentorRequest | None:
    """Load a request, held against others who would answer it at the same moment."""
    return db.exec(
        select(MentorRequest)
        .where(MentorRequest.id == request_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).one_or_none()


def sent(db: Session, mentee_id: int, now: datetime) -> list[tuple[MentorRequest, Member]]:
    """List the open requests of a mentee with whom they asked, the oldest first."""
    return _open(db, col(MentorRequest.member_id) == mentee_id, MentorRequest.mentor_id, now)


def received(db: Session, mentor_id: int, now: datetime) -> list[tuple[MentorRequest, Member]]:
    """List the open requests to a mentor with who asks, the oldest first."""
    return _open(db, col(MentorRequest.mentor_id) == mentor_id, MentorRequest.member_id, now)


def _open(
    db: Session, whose: object, other: object, now: datetime
) -> list[tuple[MentorRequest, Member]]:
    rows = db.exec(
        select(MentorRequest, Member)
        .join(Member, col(Member.id) == other)
        .where(
            whose,  # type: ignore[arg-type]
            MentorRequest.state == RequestState.OPEN,
            col(MentorRequest.expires_at) > now,
        )
        .order_by(col(MentorRequest.asked_at), col(MentorRequest.id))
    )
    return list(rows.all())


#: What is told to who asked somebody that is forgotten then.
LEFT = "mentor.left"


def part(db: Session, member: Member, now: datetime) -> None:
    """Tell those who wait for a member's answer that none will come, before they are forgotten."""
    for request, mentee in received(db, member.key, now):
        deliveries.promise(db, mentee, LEFT, f"{LEFT}:{request.key}", now)


def asked_lately(db: Session, mentee_id: int, now: datetime) -> set[int]:
    """Name the mentors whom a mentee asks now, or who could not take them not long ago."""
    rows = db.exec(
        select(MentorRequest.mentor_id).where(
            MentorRequest.member_id == mentee_id,
            or_(
                (col(MentorRequest.state) == RequestState.OPEN)
                & (col(MentorRequest.expires_at) > now),
                col(MentorRequest.asked_at) > now - AGAIN,
            ),
        )
    )
    return set(rows)


def waiting(db: Session, platform: str, workspace: str, now: datetime) -> Sequence[MentorRequest]:
    """List the open requests of a workspace, the oldest first; their words stay sealed."""
    return db.exec(
        select(MentorRequest)
        .join(Member, col(Member.id) == col(MentorRequest.member_id))
        .where(
            Member.platform == platform,
            Member.workspace == workspace,
            MentorRequest.state == RequestState.OPEN,
            col(MentorRequest.expires_at) > now,
        )
        .order_by(col(MentorRequest.asked_at))
    ).all()


def answered(
    db: Session, platform: str, workspace: str, since: datetime
) -> Sequence[tuple[datetime, datetime]]:
    """Give when requests of a workspace were asked and answered, for those answered lately."""
    rows = db.exec(
        select(MentorRequest.asked_at, MentorRequest.answered_at)
        .join(Member, col(Member.id) == col(MentorRequest.member_id))
        .where(
            Member.platform == platform,
            Member.workspace == workspace,
            col(MentorRequest.answered_at) > since,
        )
    )
    return [(asked, done) for asked, done in rows if done is not None]
