"""The local workspace's own rows: it is a platform like Slack, with its server inside."""

from datetime import datetime

from sqlalchemy import Index, LargeBinary, UniqueConstraint
from sqlmodel import Field, SQLModel


class LocalPost(SQLModel, table=True):
    """One post in a place ("dm:amina", "channel:general").

    `seen_by` names the only reader of an ephemeral post; empty means everyone in the place.
    """

    __tablename__ = "local_post"
    __table_args__ = (Index("ix_local_post_place", "place", "id"),)

    id: int | None = Field(default=None, primary_key=True)
    place: str = Field(max_length=80)
    author: str = Field(max_length=64)
    seen_by: str = Field(default="", max_length=64)
    #: The message, sealed with the key of what belongs to no single member.
    sealed: bytes = Field(sa_type=LargeBinary, sa_column_kwargs={"server_default": ""})
    #: The delivery's key: the same delivery posts once.
    key: str | None = Field(default=None, max_length=120, unique=True)
    at: datetime


class LocalRead(SQLModel, table=True):
    """How far a person has read in a place."""

    __tablename__ = "local_read"
    __table_args__ = (UniqueConstraint("person", "place"),)

    id: int | None = Field(default=None, primary_key=True)
    person: str = Field(max_length=64)
    place: str = Field(max_length=80)
    last_id: int = 0


class LocalClock(SQLModel, table=True):
    """How far the workspace's clock was moved ahead of the real one, in seconds."""

    __tablename__ = "local_clock"

    id: int | None = Field(default=None, primary_key=True)
    ahead: float = 0
