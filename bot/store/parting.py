"""Before a member is forgotten: those who were with them hear what they must know."""

from datetime import datetime

from sqlmodel import Session

from bot.models import Member
from bot.store import circles, mentorships, requests


def part(db: Session, member: Member, now: datetime) -> None:
    """End what a member had with others: requests, mentorships, and a place in a circle."""
    requests.part(db, member, now)
    mentorships.part(db, member, now)
    circles.part(db, member, now)
