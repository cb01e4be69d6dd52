"""Mentorship: what people say of themselves, who asks whom, rounds, and two people who meet."""

from datetime import UTC, date, datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, Index, LargeBinary, String, UniqueConstraint, text
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
from bot.models.base import one_of
from bot.models.sealed import Sealed, Word


class RequestState(StrEnum):
    """What became of a request. An open one whose day has passed has expired by itself."""

    OPEN = "open"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"


class RoundState(StrEnum):
    """How far a match round is."""

    OPEN = "open"
    DRAFT = "draft"
    PUBLISHED = "published"
    CANCELLED = "cancelled"


class Side(StrEnum):
    """On which side of a pair someone is."""

    MENTEE = "mentee"
    MENTOR = "mentor"


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


class MatchRound(SQLModel, table=True):
    """One round of a programme: people come in until a day, and are matched together."""

    __tablename__ = "match_round"
    __table_args__ = (
        one_of("state", RoundState),
        Index("ix_match_round_place", "platform", "workspace", "state"),
    )

    id: int | None = Field(default=None, primary_key=True)
    platform: str = Field(max_length=20)
    workspace: str = Field(max_length=64)
    coordinator_id: int | None = Field(
        default=None, foreign_key="member.id", ondelete="SET NULL", index=True
    )
    state: RoundState = Field(default=RoundState.OPEN, sa_type=String)
    opened_at: datetime
    #: The moment from which nobody comes in any more.
    closes_at: datetime
    published_at: datetime | None = None
    #: What draws lots where two people are alike.
    seed: int = 0

    @property
    def key(self) -> int:
        """The id of a stored round."""
        assert self.id is not None  # noqa: S101 - rounds are stored before they are used
        return self.id


def entry_place(round_id: int, side: str) -> str:
    """Say what an entry's words are bound to."""
    return f"round_entry:{round_id}:{side}"


class RoundEntry(Sealed, table=True):
    """One person in a round, on one side; whom they would like, in order, is sealed."""

    #: Members' numbers in the order of the wish, with commas between.
    ranks = Word()

    __tablename__ = "round_entry"
    __table_args__ = (
        UniqueConstraint("round_id", "member_id", "side"),
        one_of("side", Side),
        Index("ix_round_entry_member", "member_id"),
    )

    id: int | None = Field(default=None, primary_key=True)
    round_id: int = Field(foreign_key="match_round.id", ondelete="CASCADE")
    side: Side = Field(sa_type=String)
    joined_at: datetime

    @property
    def place(self) -> str:
        """What its words are bound to."""
        return entry_place(self.round_id, self.side)


class RoundPair(SQLModel, table=True):
    """A pair of a draft; the coordinator may change it until it is published."""

    __tablename__ = "round_pair"
    __table_args__ = (
        UniqueConstraint("round_id", "mentee_id"),
        Index("ix_round_pair_mentee", "mentee_id"),
        Index("ix_round_pair_mentor", "mentor_id"),
    )

    id: int | None = Field(default=None, primary_key=True)
    round_id: int = Field(foreign_key="match_round.id", ondelete="CASCADE")
    mentee_id: int = Field(foreign_key="member.id", ondelete="CASCADE")
    mentor_id: int = Field(foreign_key="member.id", ondelete="CASCADE")
    by_hand: bool = False


def mentorship_place(mentor_id: int, began_at: datetime) -> str:
    """Say what a mentorship's words are bound to."""
    return f"mentorship:{mentor_id}:{began_at.astimezone(UTC).isoformat()}"


class Mentorship(Sealed, table=True):
    """A mentee (`member_id`) and a mentor; their agreement is sealed with the mentee's key."""

    aims = Word()
    rhythm_words = Word()
    boundaries = Word()
    confidentiality = Word()
    ending = Word()

    __table_args__ = (
        Index("ix_mentorship_member", "member_id", "ended_at"),
        Index("ix_mentorship_mentor", "mentor_id", "ended_at"),
        Index(
            "uq_mentorship_open",
            "member_id",
            "mentor_id",
            unique=True,
            postgresql_where=text("ended_at IS NULL"),
            sqlite_where=text("ended_at IS NULL"),
        ),
    )

    id: int | None = Field(default=None, primary_key=True)
    mentor_id: int = Field(foreign_key="member.id", ondelete="CASCADE")
    round_id: int | None = Field(
        default=None, foreign_key="match_round.id", ondelete="SET NULL", index=True
    )
    began_at: datetime
    #: The day it is meant to end, half a year on unless they say otherwise.
    ends_on: date
    agreed_by_mentee_at: datetime | None = None
    agreed_by_mentor_at: datetime | None = None
    paused_at: datetime | None = None
    #: The end of the last pause: silence is counted from there.
    resumed_at: datetime | None = None
    #: The side that would like three months more, while the other has not said so.
    extension_by: str = Field(default="", max_length=10)
    #: When silence was asked about; it is asked about once.
    silence_asked_at: datetime | None = None
    #: Who ended it is not kept.
    ended_at: datetime | None = None

    @property
    def key(self) -> int:
        """The id of a stored mentorship."""
        assert self.id is not None  # noqa: S101 - mentorships are stored before they are used
        return self.id

    @property
    def place(self) -> str:
        """What its words are bound to."""
        return mentorship_place(self.mentor_id, self.began_at)


class Meeting(SQLModel, table=True):
    """One meeting of a mentorship, planned or held. What was said is nobody's business."""

    __tablename__ = "mentor_meeting"
    __table_args__ = (UniqueConstraint("mentorship_id", "number"),)

    id: int | None = Field(default=None, primary_key=True)
    mentorship_id: int = Field(foreign_key="mentorship.id", ondelete="CASCADE")
    number: int
    #: None while no time is chosen.
    starts_at: datetime | None = None
    #: A time that one side proposed, until the other confirms it.
    proposed_at: datetime | None = None
    proposed_by: str = Field(default="", max_length=10)
    #: How often its time has changed, as calendars count it.
    sequence: int = 0
    held_at: datetime | None = None
    missed_at: datetime | None = None

    @property
    def key(self) -> int:
        """The id of a stored meeting."""
        assert self.id is not None  # noqa: S101 - meetings are stored before they are used
        return self.id


def meeting_place(meeting_id: int, side: str) -> str:
    """Say what the words after a meeting are bound to."""
    return f"meeting_note:{meeting_id}:{side}"


class MeetingNote(Sealed, table=True):
    """What one of two people keeps of a meeting: the agenda they wish for, how useful it was."""

    agenda = Word()
    useful = Word()
    next_step = Word()

    __tablename__ = "meeting_note"
    __table_args__ = (
        UniqueConstraint("meeting_id", "member_id"),
        one_of("side", Side),
        Index("ix_meeting_note_member", "member_id"),
    )

    id: int | None = Field(default=None, primary_key=True)
    meeting_id: int = Field(foreign_key="mentor_meeting.id", ondelete="CASCADE")
    side: Side = Field(sa_type=String)

    @property
    def place(self) -> str:
        """What its words are bound to."""
        return meeting_place(self.meeting_id, self.side)


class SharedGoal(SQLModel, table=True):
    """A goal that the mentee lets their mentor see, for as long as the mentorship lasts."""

    __tablename__ = "shared_goal"

    mentorship_id: int = Field(primary_key=True, foreign_key="mentorship.id", ondelete="CASCADE")
    goal_id: int = Field(primary_key=True, foreign_key="goal.id", ondelete="CASCADE", index=True)
