"""What is over in mentorship is forgotten: requests, mentorships, rounds, circles."""

from datetime import datetime, timedelta

from sqlalchemy import delete
from sqlmodel import Session, col

from bot.models import Circle, MatchRound, MentorRequest, Mentorship

#: How long a request is kept: somebody who could not is not suggested again for some time.
KEEP_REQUESTS = timedelta(days=190)
#: How long it is kept who was together with whom: for the next round, and for mixed circles.
KEEP_TOGETHER = timedelta(days=400)


def sweep(db: Session, now: datetime) -> None:
    """Forget what has been over for long enough; all that hangs on it goes along."""
    long_ago = now - KEEP_TOGETHER
    for what in (
        delete(MentorRequest).where(col(MentorRequest.asked_at) < now - KEEP_REQUESTS),
        delete(Mentorship).where(col(Mentorship.ended_at) < long_ago),
        delete(MatchRound).where(col(MatchRound.closes_at) < long_ago),
        delete(Circle).where(col(Circle.closed_at) < long_ago),
    ):
        db.connection().execute(what)
