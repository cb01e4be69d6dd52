"""Rhythms, which say when; deliveries, which say what must still go out and what became of it."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import Index, String, UniqueConstraint, text
from sqlmodel import Field, SQLModel

from bot.models.base import one_of


class DeliveryState(StrEnum):
    """What became of a delivery."""

    WAITING = "waiting"
    SENT = "sent"
    DROPPED = "dropped"
    FAILED = "failed"


class Rhythm(SQLModel, table=True):
    """A member's wall-clock recurrence of one occasion; `next_at` is when it is due next."""

    __table_args__ = (
        UniqueConstraint("member_id", "occasion"),
        # The tick looks only at what is due, however many members there are.
        Index(
            "ix_rhythm_due",
            "next_at",
            postgresql_where=text("stopped_at IS NULL"),
            sqlite_where=text("stopped_at IS NULL"),
        ),
    )

    id: int | None = Field(default=None, primary_key=True)
    member_id: int = Field(foreign_key="member.id", ondelete="CASCADE")
    platform: str = Field(max_length=20)
    occasion: str = Field(max_length=40)
    rule: str = Field(max_length=60)
    zone: str = Field(max_length=64)
    #: A local day of an earlier occurrence: it keeps the phase of "every two weeks".
    anchor: date | None = None
    next_at: datetime
    stopped_at: datetime | None = None


class Delivery(SQLModel, table=True):
    """Something that must happen outside. `key` makes it happen once."""

    __table_args__ = (
        one_of("state", DeliveryState),
        # The first finds the earliest of all, the second the earliest of each workspace.
        Index(
            "ix_delivery_waiting",
            "available_at",
            postgresql_where=text("state = 'waiting'"),
            sqlite_where=text("state = 'waiting'"),
        ),
        Index(
            "ix_delivery_lane",
            "platform",
            "workspace",
            "available_at",
            "id",
            postgresql_where=text("state = 'waiting'"),
            sqlite_where=text("state = 'waiting'"),
        ),
        Index("ix_delivery_member", "member_id", "due_at"),
    )

    id: int | None = Field(default=None, primary_key=True)
    key: str = Field(max_length=120, unique=True)
    member_id: int = Field(foreign_key="member.id", ondelete="CASCADE")
    platform: str = Field(max_length=20)
    workspace: str = Field(max_length=64, sa_column_kwargs={"server_default": ""})
    occasion: str = Field(max_length=40)
    #: What the occasion is about, for example a check-in's id; empty when the key says it all.
    ref: str = Field(default="", max_length=60)
    #: The moment the member was promised.
    due_at: datetime
    #: The moment from which it may be tried: later than due after a refusal or a move.
    available_at: datetime
    state: DeliveryState = Field(default=DeliveryState.WAITING, sa_type=String)
    reason: str = Field(default="", max_length=120)
    claimed_until: datetime | None = None
    #: The fence: only the holder of the latest claim may mark the outcome.
    claim: int = 0
    attempts: int = 0
    sent_at: datetime | None = None
    sent_ref: str = Field(default="", max_length=120)


class Lane(SQLModel, table=True):
    """One workspace's way out, shared by all couriers: it keeps turns fair and the pace allowed."""

    __table_args__ = (UniqueConstraint("platform", "workspace"),)

    id: int | None = Field(default=None, primary_key=True)
    platform: str = Field(max_length=20)
    workspace: str = Field(max_length=64)
    #: The moment from which the platform may be sent to again for this workspace.
    open_at: datetime


#: The two occasions that every member's rhythms begin with.
CHECKIN = "checkin.weekly"
REVIEW = "review.monthly"
