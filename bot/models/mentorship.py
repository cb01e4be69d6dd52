"""A mentorship: two people, their agreement, their meetings, and what each keeps of these."""

from datetime import UTC, date, datetime

from sqlalchemy import Index, String, UniqueConstraint, text
from sqlmodel import Field, SQLModel

from bot.models.base import NEVER_AGAIN, one_of
from bot.models.match_round import Side
from bot.models.sealed import Sealed, Word


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
        NEVER_AGAIN,
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
    __table_args__ = (UniqueConstraint("mentorship_id", "number"), NEVER_AGAIN)

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
