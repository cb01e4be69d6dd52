"""What a member tells of how they are. All of it is sealed with the member's own key.

A row tells that something was asked or looked at, and when; never what came of it.
"""

from datetime import date, datetime

from sqlalchemy import Index, LargeBinary, UniqueConstraint
from sqlmodel import Field, SQLModel


class Pulse(SQLModel, table=True):
    """One weekly pulse; `day` is the member's own. It is offered once, and may stay unanswered."""

    __table_args__ = (UniqueConstraint("member_id", "day"),)

    id: int | None = Field(default=None, primary_key=True)
    member_id: int = Field(foreign_key="member.id", ondelete="CASCADE")
    day: date
    #: None when the member came by themself.
    asked_at: datetime | None = None
    #: The answers, sealed: see `bot.store.wellbeing.pulses`.
    sealed: bytes | None = Field(default=None, sa_type=LargeBinary)

    @property
    def key(self) -> int:
        """The id of a stored pulse."""
        assert self.id is not None  # noqa: S101 - pulses are stored before they are used
        return self.id


class Assessment(SQLModel, table=True):
    """One longer self-check. Which one it was is sealed too."""

    __table_args__ = (Index("ix_assessment_member", "member_id", "at"),)

    id: int | None = Field(default=None, primary_key=True)
    member_id: int = Field(foreign_key="member.id", ondelete="CASCADE")
    at: datetime
    sealed: bytes = Field(sa_type=LargeBinary)


class Moment(SQLModel, table=True):
    """A moment at which the coach might have said something; whether and what is sealed.

    Whoever answers a pulse has such moments, whatever the answer, so that a row tells nothing.
    """

    __table_args__ = (UniqueConstraint("member_id", "at"),)

    id: int | None = Field(default=None, primary_key=True)
    member_id: int = Field(foreign_key="member.id", ondelete="CASCADE")
    at: datetime
    sealed: bytes = Field(sa_type=LargeBinary)

    @property
    def key(self) -> int:
        """The id of a stored moment."""
        assert self.id is not None  # noqa: S101 - moments are stored before they are used
        return self.id


class Private(SQLModel, table=True):
    """A member's private settings and what the guards remember, sealed as one."""

    member_id: int = Field(primary_key=True, foreign_key="member.id", ondelete="CASCADE")
    sealed: bytes = Field(sa_type=LargeBinary)


class TeamBook(SQLModel, table=True):
    """One question's reports of a workspace, and what later ones must know of earlier ones.

    The ledger names members, so all is sealed with the key of what belongs to no single member.
    """

    __tablename__ = "team_book"
    __table_args__ = (UniqueConstraint("platform", "workspace", "question"),)

    id: int | None = Field(default=None, primary_key=True)
    platform: str = Field(max_length=20)
    workspace: str = Field(max_length=64)
    question: str = Field(max_length=40)
    sealed: bytes = Field(sa_type=LargeBinary)
