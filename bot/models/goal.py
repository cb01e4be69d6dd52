"""A goal, its steps, its if-then plans, and its story; what the member wrote in them is sealed."""

from datetime import UTC, date, datetime

from sqlalchemy import CheckConstraint, Index, String, UniqueConstraint
from sqlmodel import Field

from bot.domain.areas import Area, GoalStatus
from bot.domain.measure import Measure, fraction
from bot.models.base import one_of
from bot.models.sealed import Sealed, Word


class Goal(Sealed, table=True):
    """Something a member wants to reach. `number` is theirs alone and never reused."""

    title = Word()
    why = Word()
    measure_unit = Word()

    __table_args__ = (
        UniqueConstraint("member_id", "number"),
        one_of("status", GoalStatus),
        CheckConstraint("confidence IS NULL OR confidence BETWEEN 0 AND 10", name="confidence"),
        CheckConstraint(
            "(measure_target IS NULL) = (measure_start IS NULL)", name="measure_is_whole"
        ),
        Index("ix_goal_active", "member_id", "status"),
    )

    id: int | None = Field(default=None, primary_key=True)
    number: int
    area: Area | None = Field(default=None, sa_type=String)
    due: date | None = None
    measure_start: float | None = None
    measure_target: float | None = None
    measure_now: float | None = None
    #: How sure the member is, 0 to 10.
    confidence: int | None = None
    shared: bool = False
    status: GoalStatus = Field(default=GoalStatus.ACTIVE, sa_type=String)
    created_at: datetime
    closed_at: datetime | None = None
    #: When a check-in last asked about it; the longest unmentioned is asked first.
    asked_at: datetime | None = None
    #: When its measure or a step last moved.
    moved_at: datetime | None = None
    reviewed_at: datetime | None = None

    @property
    def key(self) -> int:
        """The id of a stored goal."""
        assert self.id is not None  # noqa: S101 - goals are stored before they are used
        return self.id

    @property
    def place(self) -> str:
        """What its words are bound to."""
        return goal_place(self.number)

    @property
    def is_active(self) -> bool:
        """Tell whether the coach still asks about it."""
        return self.status == GoalStatus.ACTIVE

    @property
    def is_measured(self) -> bool:
        """Tell whether the goal has a number to move."""
        return self.measure_target is not None

    @property
    def measure(self) -> str:
        """Where the measure stands: "3 of 5 manuscripts"; empty without one."""
        if self.measure_target is None:
            return ""
        start = self.measure_start or 0.0
        now = start if self.measure_now is None else self.measure_now
        return str(Measure(start, now, self.measure_target, self.measure_unit))

    @property
    def percent(self) -> int | None:
        """How far the measure has come, 0 to 100; None without one."""
        if self.measure_target is None:
            return None
        start = self.measure_start or 0.0
        now = start if self.measure_now is None else self.measure_now
        return round(100 * fraction(start, now, self.measure_target))

    def is_overdue(self, today: date) -> bool:
        """Tell whether its day has passed while it is still open."""
        return self.is_active and self.due is not None and self.due < today


class Step(Sealed, table=True):
    """One step towards a goal; with a date of its own it is a milestone."""

    text = Word()

    __table_args__ = (UniqueConstraint("goal_id", "position"), Index("ix_step_member", "member_id"))

    id: int | None = Field(default=None, primary_key=True)
    goal_id: int = Field(foreign_key="goal.id", ondelete="CASCADE")
    position: int
    due: date | None = None
    done_at: datetime | None = None

    @property
    def place(self) -> str:
        """What its words are bound to."""
        return step_place(self.goal_id, self.position)


class IfThen(Sealed, table=True):
    """An if-then plan: the cue that will come, and the act that will answer it."""

    cue = Word()
    act = Word()

    __tablename__ = "if_then"
    __table_args__ = (Index("ix_if_then_member", "member_id"),)

    id: int | None = Field(default=None, primary_key=True)
    goal_id: int = Field(foreign_key="goal.id", ondelete="CASCADE", index=True)
    created_at: datetime

    @property
    def place(self) -> str:
        """What its words are bound to."""
        return plan_place(self.goal_id, self.created_at)


class GoalEvent(Sealed, table=True):
    """One moment in a goal's story; `kind` chooses its words, `note` is the member's reason."""

    note = Word()

    __tablename__ = "goal_event"
    __table_args__ = (
        Index("ix_goal_event_story", "goal_id", "at"),
        Index("ix_goal_event_member", "member_id"),
    )

    id: int | None = Field(default=None, primary_key=True)
    goal_id: int = Field(foreign_key="goal.id", ondelete="CASCADE")
    at: datetime
    kind: str = Field(max_length=40)
    value: float | None = None
    day: date | None = None

    @property
    def place(self) -> str:
        """What its words are bound to."""
        return event_place(self.goal_id, self.at, self.kind)


# A place names its row by what is known before the row is made, and never changes.


def goal_place(number: int) -> str:
    """Name the goal that has this number."""
    return f"goal:{number}"


def step_place(goal_id: int, position: int) -> str:
    """Name a step by its place in the list."""
    return f"step:{goal_id}:{position}"


def plan_place(goal_id: int, created_at: datetime) -> str:
    """Name an if-then plan by the moment it was made."""
    return f"plan:{goal_id}:{created_at.astimezone(UTC).isoformat()}"


def event_place(goal_id: int, at: datetime, kind: str) -> str:
    """Name an event by its moment and its kind."""
    return f"event:{goal_id}:{at.astimezone(UTC).isoformat()}:{kind}"
