"""A weekly check-in with its answers, and a goal review."""

from datetime import date, datetime

from sqlalchemy import LargeBinary, String, UniqueConstraint
from sqlmodel import Field, SQLModel

from bot.domain.areas import Standing
from bot.models.base import one_of


class CheckIn(SQLModel, table=True):
    """One week's question to one member; `day` is the local day it belongs to."""

    __tablename__ = "checkin"
    __table_args__ = (UniqueConstraint("member_id", "day"),)

    id: int | None = Field(default=None, primary_key=True)
    member_id: int = Field(foreign_key="member.id", ondelete="CASCADE")
    day: date
    #: None when the member answered before being asked.
    asked_at: datetime | None = None
    answered_at: datetime | None = None
    #: An unanswered check-in that a pause overlapped is no miss.
    excused: bool = False
    #: The member's words, sealed: see `bot.store.checkins.words_of`.
    sealed: bytes | None = Field(default=None, sa_type=LargeBinary)
    #: The delivery that asked, so that its message can be replaced by the answer.
    delivery_id: int | None = Field(
        default=None, foreign_key="delivery.id", ondelete="SET NULL", index=True
    )

    @property
    def key(self) -> int:
        """The id of a stored check-in."""
        assert self.id is not None  # noqa: S101 - check-ins are stored before they are used
        return self.id


class CheckInGoal(SQLModel, table=True):
    """One goal asked about in a check-in, and the answer when there is one."""

    __tablename__ = "checkin_goal"
    __table_args__ = (
        UniqueConstraint("checkin_id", "goal_id"),
        one_of("standing", Standing),
    )

    id: int | None = Field(default=None, primary_key=True)
    checkin_id: int = Field(foreign_key="checkin.id", ondelete="CASCADE")
    goal_id: int = Field(foreign_key="goal.id", ondelete="CASCADE", index=True)
    position: int
    standing: Standing | None = Field(default=None, sa_type=String)


class Review(SQLModel, table=True):
    """One goal review: when it was offered, when it was done, and the question it asked."""

    __table_args__ = (UniqueConstraint("member_id", "day"),)

    id: int | None = Field(default=None, primary_key=True)
    member_id: int = Field(foreign_key="member.id", ondelete="CASCADE")
    day: date
    asked_at: datetime | None = None
    answered_at: datetime | None = None
    #: Which question of the GROW kind was asked.
    question: str = Field(default="", max_length=60)
    #: The member's answer, sealed: see `bot.store.checkins.answer_of`.
    sealed: bytes | None = Field(default=None, sa_type=LargeBinary)
    delivery_id: int | None = Field(
        default=None, foreign_key="delivery.id", ondelete="SET NULL", index=True
    )

    @property
    def key(self) -> int:
        """The id of a stored review."""
        assert self.id is not None  # noqa: S101 - reviews are stored before they are used
        return self.id
