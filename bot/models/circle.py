"""Circles: five to eight people who meet every two weeks, their sessions, and who takes part."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import Index, String, UniqueConstraint, text
from sqlmodel import Field, SQLModel

from bot.models.base import NEVER_AGAIN, one_of
from bot.models.sealed import Sealed, Word


class CircleForm(StrEnum):
    """How a circle meets."""

    LIVE = "live"  # together, in a room or a call
    TEXT = "text"  # together in its channel, within an hour
    ASYNC = "async"  # in a thread over two days


class CircleLength(StrEnum):
    """How many sessions a circle has."""

    FULL = "full"
    SHORT = "short"


class CircleState(StrEnum):
    """How far a circle is."""

    GATHERING = "gathering"
    RUNNING = "running"
    CLOSED = "closed"


class SeatState(StrEnum):
    """Whether someone is in a circle."""

    INVITED = "invited"
    IN = "in"
    DECLINED = "declined"
    LEFT = "left"


class Presence(StrEnum):
    """What someone said of a session, to nobody but the coach."""

    COMING = "coming"
    NOT_COMING = "not_coming"
    THERE = "there"
    MISSED = "missed"


class Circle(SQLModel, table=True):
    """One circle and its channel."""

    __table_args__ = (
        one_of("form", CircleForm),
        one_of("length", CircleLength),
        one_of("state", CircleState),
        Index("ix_circle_place", "platform", "workspace", "state"),
        NEVER_AGAIN,
    )

    id: int | None = Field(default=None, primary_key=True)
    platform: str = Field(max_length=20)
    workspace: str = Field(max_length=64)
    #: What its channel is called.
    name: str = Field(max_length=60)
    form: CircleForm = Field(default=CircleForm.LIVE, sa_type=String)
    length: CircleLength = Field(default=CircleLength.FULL, sa_type=String)
    state: CircleState = Field(default=CircleState.GATHERING, sa_type=String)
    #: Who looks after it: hears what goes wrong.
    host_id: int | None = Field(
        default=None, foreign_key="member.id", ondelete="SET NULL", index=True
    )
    #: The wall on which its hour stands.
    zone: str = Field(default="UTC", max_length=64)
    #: "weekly tue 18:00/2" as rhythms write it; empty while no hour is chosen.
    rule: str = Field(default="", max_length=60)
    created_at: datetime
    #: The platform's name of the channel; empty until it is there.
    room: str = Field(default="", max_length=120)
    lost_at: datetime | None = None
    closed_at: datetime | None = None

    @property
    def key(self) -> int:
        """The id of a stored circle."""
        assert self.id is not None  # noqa: S101 - circles are stored before they are used
        return self.id


class CircleSeat(SQLModel, table=True):
    """One person's place in a circle."""

    __tablename__ = "circle_seat"
    __table_args__ = (
        UniqueConstraint("circle_id", "member_id"),
        one_of("state", SeatState),
        # Nobody sits in two circles at once: it is much to ask of a week.
        Index(
            "uq_circle_seat_in",
            "member_id",
            unique=True,
            postgresql_where=text("state = 'in'"),
            sqlite_where=text("state = 'in'"),
        ),
    )

    id: int | None = Field(default=None, primary_key=True)
    circle_id: int = Field(foreign_key="circle.id", ondelete="CASCADE")
    member_id: int = Field(foreign_key="member.id", ondelete="CASCADE", index=True)
    state: SeatState = Field(default=SeatState.IN, sa_type=String)
    since: datetime
    #: Why the platform did not let them into the channel; empty where it did.
    kept_out: str = Field(default="", max_length=60)
    #: When two absences in a row were met with a friendly word.
    asked_at: datetime | None = None


class CircleSession(SQLModel, table=True):
    """One session with its topic, its hour, and who has which role."""

    __tablename__ = "circle_session"
    __table_args__ = (
        UniqueConstraint("circle_id", "number"),
        Index("ix_circle_session_starts", "circle_id", "starts_at"),
        NEVER_AGAIN,
    )

    id: int | None = Field(default=None, primary_key=True)
    circle_id: int = Field(foreign_key="circle.id", ondelete="CASCADE")
    #: From 1.
    number: int
    #: Slugs of the programme's topics with a plus between: the short form joins two.
    topic: str = Field(max_length=80)
    starts_at: datetime
    host_id: int | None = Field(
        default=None, foreign_key="member.id", ondelete="SET NULL", index=True
    )
    timekeeper_id: int | None = Field(
        default=None, foreign_key="member.id", ondelete="SET NULL", index=True
    )
    scribe_id: int | None = Field(
        default=None, foreign_key="member.id", ondelete="SET NULL", index=True
    )
    care_id: int | None = Field(
        default=None, foreign_key="member.id", ondelete="SET NULL", index=True
    )
    #: Whether fewer than four were coming, so that it was half an hour.
    light: bool = False
    opened_at: datetime | None = None
    #: The post that opens its thread.
    thread: str = Field(default="", max_length=120)

    @property
    def key(self) -> int:
        """The id of a stored session."""
        assert self.id is not None  # noqa: S101 - sessions are stored before they are used
        return self.id


class Attendance(SQLModel, table=True):
    """What one person said of one session: shown to nobody else, only counted."""

    __table_args__ = (UniqueConstraint("session_id", "member_id"), one_of("presence", Presence))

    id: int | None = Field(default=None, primary_key=True)
    session_id: int = Field(foreign_key="circle_session.id", ondelete="CASCADE")
    member_id: int = Field(foreign_key="member.id", ondelete="CASCADE", index=True)
    presence: Presence = Field(sa_type=String)


class TopicVote(SQLModel, table=True):
    """One person's wish for the next topic that a circle may choose."""

    __tablename__ = "topic_vote"
    __table_args__ = (UniqueConstraint("circle_id", "member_id"),)

    id: int | None = Field(default=None, primary_key=True)
    circle_id: int = Field(foreign_key="circle.id", ondelete="CASCADE")
    member_id: int = Field(foreign_key="member.id", ondelete="CASCADE", index=True)
    topic: str = Field(max_length=40)


class HalfwayVote(SQLModel, table=True):
    """One person's answer halfway: keep, change, or stop."""

    __tablename__ = "halfway_vote"
    __table_args__ = (UniqueConstraint("circle_id", "member_id"),)

    id: int | None = Field(default=None, primary_key=True)
    circle_id: int = Field(foreign_key="circle.id", ondelete="CASCADE")
    member_id: int = Field(foreign_key="member.id", ondelete="CASCADE", index=True)
    wish: str = Field(max_length=10)


def note_place(session_id: int) -> str:
    """Say what a scribe's words are bound to."""
    return f"circle_note:{session_id}"


class CircleNote(Sealed, table=True):
    """The themes of a session in the scribe's words (`member_id`): no names, no stories."""

    themes = Word()

    __tablename__ = "circle_note"
    __table_args__ = (
        UniqueConstraint("session_id", "member_id"),
        Index("ix_circle_note_member", "member_id"),
    )

    id: int | None = Field(default=None, primary_key=True)
    session_id: int = Field(foreign_key="circle_session.id", ondelete="CASCADE")

    @property
    def place(self) -> str:
        """What its words are bound to."""
        return note_place(self.session_id)


class CircleWait(SQLModel, table=True):
    """Someone who waits for a circle to be formed, and what they would like."""

    __tablename__ = "circle_wait"
    __table_args__ = (one_of("form", CircleForm), one_of("length", CircleLength))

    member_id: int = Field(primary_key=True, foreign_key="member.id", ondelete="CASCADE")
    form: CircleForm = Field(default=CircleForm.LIVE, sa_type=String)
    length: CircleLength = Field(default=CircleLength.FULL, sa_type=String)
    since: datetime
