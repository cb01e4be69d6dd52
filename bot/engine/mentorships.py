"""A mentorship begins: its row, and all that is promised for it."""

from datetime import datetime

from sqlmodel import Session

from bot.models import Member, Mentorship


def begin(
    db: Session, mentee: Member, mentor: Member, now: datetime, *, round_id: int | None = None
) -> Mentorship:
    """Let two people begin; the same open pair begins once."""
    raise NotImplementedError
