"""A member: one person on one platform, with the clock on their wall."""

from datetime import datetime

from sqlalchemy import UniqueConstraint
from sqlmodel import Field, SQLModel


class Member(SQLModel, table=True):
    """Someone the coach talks with. Rows live in UTC; `zone` is where the person lives."""

    __table_args__ = (UniqueConstraint("platform", "workspace", "user"),)

    id: int | None = Field(default=None, primary_key=True)
    platform: str = Field(max_length=20)
    workspace: str = Field(max_length=64)
    user: str = Field(max_length=64)
    name: str = Field(default="", max_length=200)
    stage: str = Field(default="", max_length=100)
    zone: str = Field(default="UTC", max_length=64)
    #: Whether "1/3" is the first of March; None until the member has told us once.
    dayfirst: bool | None = None
    joined_at: datetime
    #: When the member answered or skipped the first three questions.
    settled_at: datetime | None = None
    paused_at: datetime | None = None
    #: The first moment after the pause; None while paused means "until I say resume".
    paused_until: datetime | None = None
    #: Two capital letters (ISO 3166), as the member chose; empty while unknown, "--" for elsewhere.
    country: str = Field(default="", max_length=2, sa_column_kwargs={"server_default": ""})
    #: The team that the member names, for sums of the team's answers; empty for none.
    team: str = Field(default="", max_length=60, sa_column_kwargs={"server_default": ""})
    #: The member's own quiet hours, "21:00-08:00"; empty for the usual ones.
    quiet_hours: str = Field(default="", max_length=11, sa_column_kwargs={"server_default": ""})
    #: When the member last did anything here, to within half a day.
    seen_at: datetime | None = None
    #: Since when the platform cannot reach this member; said at the next contact.
    unreachable_since: datetime | None = None

    @property
    def key(self) -> int:
        """The id of a stored member."""
        assert self.id is not None  # noqa: S101 - members are stored before they are used
        return self.id

    def is_paused(self, now: datetime) -> bool:
        """Tell whether the member asked for silence at this moment."""
        return self.paused_at is not None and (self.paused_until is None or now < self.paused_until)


class LastNumber(SQLModel, table=True):
    """The highest number that a forgotten row had, so that it is given to nobody else."""

    __tablename__ = "last_number"

    name: str = Field(primary_key=True, max_length=40)
    last: int
