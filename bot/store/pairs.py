"""Who is whose mentor, and who was not long ago."""

from datetime import datetime, timedelta

from sqlalchemy import or_
from sqlmodel import Session, col, select

from bot.models import Member, Mentorship

#: Two who were a pair are not proposed to each other again for so long: about one round.
APART = timedelta(days=365)


def of_mentor(db: Session, mentor_id: int) -> list[tuple[Mentorship, Member]]:
    """List the mentorships that a mentor gives now, with the mentees, the oldest first."""
    rows = db.exec(
        select(Mentorship, Member)
        .join(Member, col(Member.id) == col(Mentorship.member_id))
        .where(Mentorship.mentor_id == mentor_id, col(Mentorship.ended_at).is_(None))
        .order_by(col(Mentorship.began_at), col(Mentorship.id))
    )
    return list(rows.all())


def mentors_of(db: Session, mentee_id: int) -> list[tuple[Mentorship, Member]]:
    """List the mentorships that a mentee has now, with the mentors, the oldest first."""
    rows = db.exec(
        select(Mentorship, Member)
        .join(Member, col(Member.id) == col(Mentorship.mentor_id))
        .where(Mentorship.member_id == mentee_id, col(Mentorship.ended_at).is_(None))
        .order_by(col(Mentorship.began_at), col(Mentorship.id))
    )
    return list(rows.all())


def met_lately(
    db: Session, platform: str, workspace: str, now: datetime
) -> frozenset[frozenset[int]]:
    """Name the pairs of a workspace that go on, or ended within a year, by their members."""
    rows = db.exec(
        select(Mentorship.member_id, Mentorship.mentor_id)
        .join(Member, col(Member.id) == col(Mentorship.member_id))
        .where(
            Member.platform == platform,
            Member.workspace == workspace,
            or_(col(Mentorship.ended_at).is_(None), col(Mentorship.ended_at) > now - APART),
        )
    )
    return frozenset(frozenset(pair) for pair in rows)
