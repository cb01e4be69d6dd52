"""Match rounds: who comes in, whom they would like, and the pairs of the draft."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import Index, LargeBinary, String, UniqueConstraint, text
from sqlmodel import Field, SQLModel

from bot.models.base import NEVER_AGAIN, one_of
from bot.models.sealed import Sealed, Word


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


class MatchRound(SQLModel, table=True):
    """One round of a programme: people come in until a day, and are matched together."""

    __tablename__ = "match_round"
    __table_args__ = (
        one_of("state", RoundState),
        Index("ix_match_round_place", "platform", "workspace", "state"),
        # One round at a time in a workspace, whoever opens one at the same moment.
        Index(
            "uq_match_round_going_on",
            "platform",
            "workspace",
            unique=True,
            postgresql_where=text("state IN ('open', 'draft')"),
            sqlite_where=text("state IN ('open', 'draft')"),
        ),
        NEVER_AGAIN,
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


class RoundDraft(SQLModel, table=True):
    """What a round is matched from, as it was when it closed; gone when the round is over.

    Who would have whom is nobody's business: both parts are sealed, with no single member's key.
    """

    __tablename__ = "round_draft"

    round_id: int = Field(primary_key=True, foreign_key="match_round.id", ondelete="CASCADE")
    sealed: bytes = Field(sa_type=LargeBinary)
    #: The pairs as they were chosen last: so it shows which of them fell away.
    chosen: bytes = Field(sa_type=LargeBinary)
