"""Profiles for tests: typed as people do, or laid at once for a crowd."""

from datetime import datetime
from typing import Any

from sqlmodel import Session

from bot.domain.mentoring import Aim, CareerStage, Plan, Role, Tone
from bot.models import Member, Profile
from bot.store import profiles
from bot.store.profiles import Confidential
from tests.pilot import Pilot

#: Answers to the first form, as far as a test says nothing else.
ABOUT = {
    "stage": "late_training",
    "tone": "encourage",
    "plan": "structured",
    "aim": "move",
    "gap": "any",
    "rhythm": "monthly",
    "channel": "any",
    "languages": "English",
    "capacity": "2",
    "about": "",
}


async def says_who(pilot: Pilot, role: str, topics: str, **other: str) -> Pilot:
    """Fill in a whole profile: who one is, the topics, and which of them matter most."""
    await pilot.says("/mentor profile")
    await pilot.fills({**ABOUT, "role": role, **other})
    assert pilot.form is not None, pilot.answer
    names = [each.name for each in pilot.form.fields]
    await pilot.fills(dict.fromkeys(names, topics))
    if pilot.form is not None:
        await pilot.fills(first=",".join(topics.split(",")[:2]))
    return pilot


def lay_member(db: Session, name: str, at: datetime, zone: str = "Europe/London") -> Member:
    """Lay the row of somebody who has come."""
    member = Member(
        platform="test", workspace="team", user=name, name=name.capitalize(), zone=zone,
        joined_at=at,
    )  # fmt: skip
    db.add(member)
    db.flush()
    return member


def lay_profile(db: Session, member: Member, role: Role, at: datetime, **facts: Any) -> Profile:
    """Lay a profile, as far as a test says nothing else that of a mentor in mid-career."""
    given: dict[str, Any] = {
        "stage": CareerStage.MID_CAREER if role is Role.MENTOR else CareerStage.LATE_TRAINING,
        "offers": "quality,hard_talks",
        "seeks": "quality,hard_talks",
        "first": "quality,hard_talks",
        "tone": Tone.ENCOURAGE,
        "plan": Plan.STRUCTURED,
        "aim": Aim.MOVE,
    }
    part = facts.pop("part", Confidential())
    profile = Profile(
        member_id=member.key,
        role=role,
        created_at=at,
        updated_at=at,
        sealed=profiles.sealed(db, member.key, part),
        **given | facts,
    )
    db.add(profile)
    db.flush()
    return profile
