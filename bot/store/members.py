"""Members: who they are, and the first time we meet."""

from datetime import datetime

from sqlalchemy import bindparam
from sqlmodel import Session, select

from bot.models import Member

_FIND = (
    select(Member)
    .where(
        Member.platform == bindparam("platform"),
        Member.workspace == bindparam("workspace"),
        Member.user == bindparam("user"),
    )
    .with_for_update()
)


def find(db: Session, platform: str, workspace: str, user: str) -> Member | None:
    """Find a member and hold the row, so that one person's turns happen one after another."""
    who = {"platform": platform, "workspace": workspace, "user": user}
    return db.exec(_FIND, params=who).one_or_none()


def join(db: Session, member: Member) -> Member:
    """Keep a new member."""
    db.add(member)
    db.flush()
    return member


def by_id(db: Session, member_id: int) -> Member:
    """Load a member whose id is known to exist."""
    return db.get_one(Member, member_id)


def mark_unreachable(db: Session, member_id: int, now: datetime) -> None:
    """Remember that the platform cannot reach this member."""
    member = by_id(db, member_id)
    member.unreachable_since = member.unreachable_since or now
