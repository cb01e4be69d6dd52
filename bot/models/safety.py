"""What the patient guard keeps: how often details were found, and no words."""

from datetime import date

from sqlalchemy import UniqueConstraint
from sqlmodel import Field, SQLModel


class GuardCount(SQLModel, table=True):
    """How often details of patients were found on a day, by kind. No member, no text."""

    __tablename__ = "guard_count"
    __table_args__ = (UniqueConstraint("day", "kind"),)

    id: int | None = Field(default=None, primary_key=True)
    day: date
    kind: str = Field(max_length=40)
    count: int = 0
