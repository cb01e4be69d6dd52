"""What a conversation needs to remember between two turns."""

from datetime import datetime

from sqlalchemy import LargeBinary, UniqueConstraint
from sqlmodel import Field, SQLModel


class Draft(SQLModel, table=True):
    """An open form with what was typed so far, or a choice that waits for a press.

    `name` is the form's address ("goal.edit:12") or "choice".
    """

    __table_args__ = (UniqueConstraint("member_id", "name"),)

    id: int | None = Field(default=None, primary_key=True)
    member_id: int = Field(foreign_key="member.id", ondelete="CASCADE")
    name: str = Field(max_length=100)
    #: What was typed, sealed with the member's key.
    sealed: bytes = Field(sa_type=LargeBinary, sa_column_kwargs={"server_default": ""})
    updated_at: datetime = Field(index=True)


class Inbound(SQLModel, table=True):
    """The key of an event that was handled, so that a redelivery does no work."""

    key: str = Field(primary_key=True, max_length=160)
    seen_at: datetime = Field(index=True)
