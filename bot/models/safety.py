"""What the guards keep: that help was shown, how often patient details were found; no words."""

from datetime import date, datetime

from sqlalchemy import Index, LargeBinary, UniqueConstraint
from sqlmodel import Field, SQLModel


class SafetyEvent(SQLModel, table=True):
    """Help was shown because of a member's words: the level and the texts' version, sealed."""

    __tablename__ = "safety_event"
    __table_args__ = (Index("ix_safety_event_member", "member_id", "at"),)

    id: int | None = Field(default=None, primary_key=True)
    member_id: int = Field(foreign_key="member.id", ondelete="CASCADE")
    at: datetime
    sealed: bytes = Field(sa_type=LargeBinary)


class GuardCount(SQLModel, table=True):
    """How often details of patients were found on a day, by kind. No member, no text."""

    __tablename__ = "guard_count"
    __table_args__ = (UniqueConstraint("day", "kind"),)

    id: int | None = Field(default=None, primary_key=True)
    day: date
    kind: str = Field(max_length=40)
    count: int = 0
