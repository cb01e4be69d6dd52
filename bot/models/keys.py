"""Keys: each member's own, wrapped by the owner's, and the proof of which owner's key is right."""

from sqlalchemy import LargeBinary
from sqlmodel import Field, SQLModel


class MemberKey(SQLModel, table=True):
    """The data key of one member, wrapped by the master key that is named. Backups leave it out."""

    __tablename__ = "member_key"

    member_id: int = Field(primary_key=True, foreign_key="member.id", ondelete="CASCADE")
    wrapped: bytes = Field(sa_type=LargeBinary)
    master: str = Field(max_length=16)


class CommonKey(SQLModel, table=True):
    """The data key of what belongs to no single member, wrapped by each master key in use.

    A master key that cannot unwrap it is not this database's.
    """

    __tablename__ = "common_key"

    id: int | None = Field(default=None, primary_key=True)
    master: str = Field(max_length=16, unique=True)
    wrapped: bytes = Field(sa_type=LargeBinary)
