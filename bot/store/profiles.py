"""Mentor profiles: kept, found, and how much each mentor has taken on."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func
from sqlmodel import Session, col, select

from bot.domain.mentoring import Role
from bot.models import Member, MentorRequest, Mentorship, Profile, RequestState
from bot.store.vault import vault_of

#: What the confidential part is sealed for, and the multiple of bytes that it is padded to.
PLACE, EVEN = "mentor_profile", 2048


@dataclass(frozen=True, slots=True, kw_only=True)
class Confidential:
    """What is sealed of a profile. But for `about`, only matching reads it, and tells nobody."""

    #: A few words about oneself, for those to whom one is suggested.
    about: str = ""
    #: The platform's names of people not to be paired or seated with.
    not_with: tuple[str, ...] = ()
    #: The platform's names of people who lead or assess one, or whom one leads or assesses.
    conflicts: tuple[str, ...] = ()


def of(db: Session, member_id: int) -> Profile | None:
    """Find a member's profile."""
    return db.get(Profile, member_id)


def held(db: Session, member_id: int) -> Profile | None:
    """Find a profile and hold its row, so that two people at once do not take the same place."""
    return db.exec(
        select(Profile)
        .where(Profile.member_id == member_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).one_or_none()


def confidential(db: Session, profile: Profile) -> Confidential:
    """Open the confidential part of a profile."""
    told: dict[str, Any] = vault_of(db).open(db, profile.member_id, PLACE, profile.sealed)
    return Confidential(
        about=told["about"],
        not_with=tuple(told["not_with"]),
        conflicts=tuple(told["conflicts"]),
    )


def sealed(db: Session, member_id: int, part: Confidential) -> bytes:
    """Seal the confidential part of a profile, at one length for all."""
    told = {"about": part.about, "not_with": part.not_with, "conflicts": part.conflicts}
    return vault_of(db).seal(db, member_id, PLACE, told, even=EVEN)


def everyone(
    db: Session, platform: str, workspace: str, *, giving: bool = False
) -> Sequence[tuple[Member, Profile]]:
    """List who has a profile in a workspace and may be shown, in the order of coming.

    With `giving` only those who mentor.
    """
    roles = [each for each in Role if each.gives or not giving]
    return db.exec(
        select(Member, Profile)
        .join(Profile, col(Profile.member_id) == col(Member.id))
        .where(
            Member.platform == platform,
            Member.workspace == workspace,
            col(Profile.paused).is_(False),
            col(Profile.role).in_(roles),
            col(Member.unreachable_since).is_(None),
        )
        .order_by(col(Profile.created_at), col(Member.id))
    ).all()


def several(db: Session, member_ids: Collection[int]) -> dict[int, Profile]:
    """Find the profiles of several members."""
    rows = db.exec(select(Profile).where(col(Profile.member_id).in_(member_ids)))
    return {each.member_id: each for each in rows}


def loads(db: Session, member_ids: Collection[int], now: datetime) -> dict[int, int]:
    """Count the places that are taken: mentorships that go on, and requests that hold one."""
    found = dict.fromkeys(member_ids, 0)
    going_on = select(Mentorship.mentor_id, func.count()).where(
        col(Mentorship.mentor_id).in_(member_ids), col(Mentorship.ended_at).is_(None)
    )
    asked = select(MentorRequest.mentor_id, func.count()).where(
        col(MentorRequest.mentor_id).in_(member_ids),
        MentorRequest.state == RequestState.OPEN,
        col(MentorRequest.expires_at) > now,
    )
    for statement in (
        going_on.group_by(col(Mentorship.mentor_id)),
        asked.group_by(col(MentorRequest.mentor_id)),
    ):
        for mentor_id, count in db.exec(statement):
            found[mentor_id] += count
    return found
