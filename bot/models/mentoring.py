"""What people say of themselves as mentors and mentees, and who asks whom."""

from datetime import UTC, datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, Index, LargeBinary, String, text
from sqlmodel import Field, SQLModel

from bot.domain.mentoring import (
    CAPACITY,
    USUAL_CAPACITY,
    Aim,
    CareerStage,
    Gap,
    MeetingChannel,
    MeetingRhythm,
    Plan,
    Role,
    Tone,
)
from bot.models.base import NEVER_AGAIN, one_of
from bot.models.sealed import Sealed, Word


class RequestState(StrEnum):
    """What became of a request. An open one whose day has passed has expired by itself."""

    OPEN = "open"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"


class Profile(SQLModel, table=True):
    """What a member offers and looks for. Topics, stage and hours are there to be found by.

    What is confidential (the words about oneself, whom one would not be paired with, who leads or
    assesses one) is sealed as one value of one length: see `bot.store.profiles`.
    """

    __tablename__ = "mentor_profile"
    __table_args__ = (
        one_of("role", Role),
        one_of("stage", CareerStage),
        one_of("gap", Gap),
        one_of("tone", Tone),
        one_of("plan", Plan),
        one_of("aim", Aim),
        one_of("rhythm", MeetingRhythm),
        one_of("channel", MeetingChannel),
        CheckConstraint(
            f"capacity BETWEEN {CAPACITY[0]} AND {CAPACITY[-1]}", name="capacity_in_range"
        ),
    )

    member_id: int = Field(primary_key=True, foreign_key="member.id", ondelete="CASCADE")
    role: Role = Field(sa_type=String)
    stage: CareerStage = Field(sa_type=String)
    #: Slugs of topics with commas between.
    offers: str = Field(default="", max_length=400)
    seeks: str = Field(default="", max_length=400)
    #: The two sought topics that matter most.
    first: str = Field(default="", max_length=80)
    gap: Gap = Field(default=Gap.ANY, sa_type=String)
    tone: Tone = Field(sa_type=String)
    plan: Plan = Field(sa_type=String)
    aim: Aim = Field(sa_type=String)
    languages: str = Field(default="en", max_length=60)
    rhythm: MeetingRhythm = Field(default=MeetingRhythm.MONTHLY, sa_type=String)
    channel: MeetingChannel = Field(default=MeetingChannel.ANY, sa_type=String)
    capacity: int = USUAL_CAPACITY
    #: Whether nobody is shown this profile for now; nothing of it is lost.
    paused: bool = False
    #: Requests declined one after another; two of them pause new ones.
    declined: int = 0
    #: When it was last shown to somebody: so that nobody is shown to all.
    shown_at: datetime | None = None
    shown: int = 0
    created_at: datetime
    updated_at: datetime
    sealed: bytes = Field(sa_type=LargeBinary)

    def topics(self, name: str) -> tuple[str, ...]:
        """Give the topics of a column: `offers`, `seeks`, `first`."""
        return tuple(each for each in getattr(self, name).split(",") if each)


def request_place(mentor_id: int, asked_at: datetime) -> str:
    """Say what a request's words are bound to."""
    return f"mentor_request:{mentor_id}:{asked_at.astimezone(UTC).isoformat()}"


class MentorRequest(Sealed, table=True):
    """A mentee (`member_id`) asks one mentor; while it is open it holds a place of theirs."""

    note = Word()

    __tablename__ = "mentor_request"
    __table_args__ = (
        one_of("state", RequestState),
        Index("ix_mentor_request_mentor", "mentor_id", "state"),
        Index("ix_mentor_request_member", "member_id", "state"),
        # One open request between two people, whatever presses at once.
        Index(
            "uq_mentor_request_open",
            "member_id",
            "mentor_id",
            unique=True,
            postgresql_where=text("state = 'open'"),
            sqlite_where=text("state = 'open'"),
        ),
        NEVER_AGAIN,
    )

    id: int | None = Field(default=None, primary_key=True)
    mentor_id: int = Field(foreign_key="member.id", ondelete="CASCADE")
    state: RequestState = Field(default=RequestState.OPEN, sa_type=String)
    asked_at: datetime
    #: Until then the place is held; later than seven days where nights or leave stretch it.
    expires_at: datetime
    answered_at: datetime | None = None
    #: Whether the mentee wants the next one to be asked if this one cannot.
    passes_on: bool = False

    @property
    def key(self) -> int:
        """The id of a stored request."""
        assert self.id is not None  # noqa: S101 - requests are stored before they are used
        return self.id

    @property
    def place(self) -> str:
        """What its words are bound to."""
        return request_place(self.mentor_id, self.asked_at)

    def is_open(self, now: datetime) -> bool:
        """Tell whether it still waits for an answer."""
        return self.state == RequestState.OPEN and now < self.expires_at
