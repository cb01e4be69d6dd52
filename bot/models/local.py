"""The local workspace's own rows: it is a platform like Slack, with its server inside."""

from datetime import datetime

from sqlalchemy import Index, LargeBinary, UniqueConstraint, false
from sqlmodel import Field, SQLModel


class LocalPost(SQLModel, table=True):
    """One post in a place ("dm:amina", "channel:general", "room:1").

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
    #: The post that this one answers; 0 for none.
    thread: int = Field(default=0, sa_column_kwargs={"server_default": "0"})
    #: Whether it is to stay in sight.
    pinned: bool = Field(default=False, sa_column_kwargs={"server_default": false()})


class LocalRoom(SQLModel, table=True):
    """A private channel that the coach made; its posts are in the place "room:<id>"."""

    __tablename__ = "local_room"

    id: int | None = Field(default=None, primary_key=True)
    name: str = Field(max_length=80, unique=True)
    purpose: str = Field(max_length=250)
    #: The delivery's key: the same delivery makes one channel.
    key: str = Field(max_length=120, unique=True)
    archived_at: datetime | None = None


class LocalSeat(SQLModel, table=True):
    """Someone who is in a private channel."""

    __tablename__ = "local_seat"
    __table_args__ = (UniqueConstraint("room_id", "person"),)

    id: int | None = Field(default=None, primary_key=True)
    room_id: int = Field(foreign_key="local_room.id", ondelete="CASCADE")
    person: str = Field(max_length=64, index=True)


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
