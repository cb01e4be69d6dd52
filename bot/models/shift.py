"""When a member works, is on leave, and where their rota is read from."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Column, Index, LargeBinary, String
from sqlmodel import Field, SQLModel

from bot.domain.shifts import ShiftKind
from bot.models.base import one_of


class ShiftRow(SQLModel, table=True):
    """One shift, day off or leave. Of a rota's entries only this much is kept."""

    __tablename__ = "shift"
    __table_args__ = (
        one_of("kind", ShiftKind),
        Index("ix_shift_member", "member_id", "ends_at"),
    )

    id: int | None = Field(default=None, primary_key=True)
    member_id: int = Field(foreign_key="member.id", ondelete="CASCADE")
    starts_at: datetime
    ends_at: datetime
    kind: ShiftKind = Field(sa_type=String)
    #: Whether it came from the feed, which replaces what it brought before.
    from_feed: bool = False


class Feed(SQLModel, table=True):
    """A rota's address. It is a credential: sealed, and never shown again."""

    member_id: int = Field(primary_key=True, foreign_key="member.id", ondelete="CASCADE")
    sealed: bytes = Field(sa_type=LargeBinary)
    #: When it is read next; whoever reads it moves this ahead first, so that nobody else does.
    next_at: datetime = Field(index=True)
    #: When it was last read well.
    read_at: datetime | None = None
    failures: int = 0
    #: Whether the member was told that it cannot be read.
    told: bool = False
    #: What the member said that labels mean, sealed: see `bot.store.feeds`.
    labels: dict[str, Any] = Field(default_factory=dict, sa_column=Column(JSON, nullable=False))
