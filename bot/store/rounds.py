"""Match rounds: who comes in, whom they would like, and the pairs of the draft."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import String, and_, bindparam, cast, delete, func, literal, or_, update
from sqlalchemy import select as plain_select
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Session, col, select
from sqlmodel.sql.sqltypes import UTCDateTime

from bot.models import (
    Delivery,
    DeliveryState,
    MatchRound,
    Member,
    Profile,
    RoundEntry,
    RoundPair,
    RoundState,
    Side,
)
from bot.models.base import table_of
from bot.models.match_round import entry_place
from bot.models.sealed import sealed_words
from bot.store.deliveries import WAITING
from bot.store.vault import vault_of

#: What people are told about a round: the names of its occasions.
OPENED, REMINDER, CLOSED = "round.opened", "round.reminder", "round.closed"
UNMATCHED, ALONE, CANCELLED = "round.unmatched", "round.alone", "round.cancelled"

_ROUNDS, _ENTRIES, _DELIVERIES = (table_of(each) for each in (MatchRound, RoundEntry, Delivery))
_GOING_ON = col(MatchRound.state).in_((RoundState.OPEN, RoundState.DRAFT))
# Asked by every tick, so it is written once.
_UNFINISHED = select(MatchRound).where(
    or_(
        and_(
            col(MatchRound.state) == RoundState.OPEN,
            col(MatchRound.closes_at) <= bindparam("now", type_=UTCDateTime()),
        ),
        and_(
            col(MatchRound.state) == RoundState.PUBLISHED,
            select(RoundPair.round_id).where(RoundPair.round_id == MatchRound.id).exists(),
        ),
    )
)
_KINDS = (("sqlite", sqlite.insert), ("postgresql", postgresql.insert))
_BEGIN = {
    kind: insert(_ROUNDS).on_conflict_do_nothing().returning(_ROUNDS.c.id)
    for kind, insert in _KINDS
}
_JOIN = {kind: insert(_ENTRIES).on_conflict_do_nothing() for kind, insert in _KINDS}


def going_on(db: Session, platform: str, workspace: str) -> MatchRound | None:
    """Find the round of a workspace that is not over."""
    return db.exec(
        select(MatchRound).where(
            MatchRound.platform == platform, MatchRound.workspace == workspace, _GOING_ON
        )
    ).one_or_none()


def held(db: Session, round_id: int) -> MatchRound | None:
    """Load a round and hold it: nobody comes in while it closes, and it is published once."""
    return db.exec(
        select(MatchRound)
        .where(MatchRound.id == round_id)
        .with_for_update(key_share=True)
        .execution_options(populate_existing=True)
    ).one_or_none()


def begin(
    db: Session, coordinator: Member, closes_at: datetime, now: datetime
) -> tuple[MatchRound, bool]:
    """Open a round, or give the one that goes on; the second tells whether it is new."""
    connection = db.connection()
    row = MatchRound(
        platform=coordinator.platform,
        workspace=coordinator.workspace,
        coordinator_id=coordinator.key,
        opened_at=now,
        closes_at=closes_at,
        seed=int(now.timestamp()) & 0x7FFFFFFF,
    )
    made = connection.execute(
        _BEGIN[connection.dialect.name], row.model_dump(exclude={"id"})
    ).first()
    if made is not None:
        return db.get_one(MatchRound, made.id), True
    there = going_on(db, coordinator.platform, coordinator.workspace)
    if there is None:
        raise LookupError("A round is neither new nor there.")
    return there, False


def announce(db: Session, match: MatchRound, now: datetime) -> int:
    """Promise everybody with a profile who is not paused a word on a round, in one statement.

    Gives how many were promised; whoever opened it, who is in already, and who was asked before,
    is not told.
    """
    inside = select(RoundEntry.member_id).where(RoundEntry.round_id == match.key)
    asked = plain_select(_DELIVERIES.c.member_id).where(
        _DELIVERIES.c.occasion == OPENED,
        _DELIVERIES.c.ref == str(match.key),
        or_(_DELIVERIES.c.state != DeliveryState.DROPPED, _DELIVERIES.c.reason == "answered"),
    )
    moment = literal(now, UTCDateTime())
    given = {
        "occasion": OPENED,
        "ref": str(match.key),
        "state": DeliveryState.WAITING.value,
        "reason": "",
        "claim": 0,
        "attempts": 0,
        "sent_ref": "",
    }
    receivers = (
        # The names of a delivery's columns, in the order of `columns` below.
        plain_select(
            literal(f"{OPENED}:{match.key}:{match.closes_at:%Y%m%d%H%M}:")
            + cast(col(Member.id), String),
            col(Member.id),
            col(Member.platform),
            col(Member.workspace),
            moment,
            moment,
            *map(literal, given.values()),
        )
        .join(Profile, col(Profile.member_id) == col(Member.id))
        .where(
            col(Member.platform) == match.platform,
            col(Member.workspace) == match.workspace,
            col(Member.id) != (match.coordinator_id or 0),
            col(Profile.paused).is_(False),
            col(Member.unreachable_since).is_(None),
            or_(col(Member.paused_at).is_(None), col(Member.paused_until) <= now),
            col(Member.id).not_in(inside),
            col(Member.id).not_in(asked),
        )
    )
    columns = ["key", "member_id", "platform", "workspace", "due_at", "available_at", *given]
    connection = db.connection()
    insert: Any = dict(_KINDS)[connection.dialect.name]
    statement = insert(_DELIVERIES).from_select(columns, receivers)
    made = connection.execute(
        statement.on_conflict_do_nothing(index_elements=["key"]).execution_options(
            preserve_rowcount=True
        )
    )
    return made.rowcount


def withdraw(db: Session, round_id: int, reason: str, *occasions: str, who: int = 0) -> None:
    """Take back what people were promised about a round: all of it, or one person's part."""
    statement = update(_DELIVERIES).where(
        WAITING, _DELIVERIES.c.occasion.in_(occasions), _DELIVERIES.c.ref == str(round_id)
    )
    if who:
        statement = statement.where(_DELIVERIES.c.member_id == who)
    db.connection().execute(statement.values(state=DeliveryState.DROPPED.value, reason=reason))


def remind_later(db: Session, round_id: int, moment: datetime) -> None:
    """Move the reminders that wait, or that fell away when the round closed, to a later moment."""
    closed = (_DELIVERIES.c.state == DeliveryState.DROPPED) & (_DELIVERIES.c.reason == "round_over")
    statement = update(_DELIVERIES).where(
        or_(WAITING, closed), _DELIVERIES.c.occasion == REMINDER, _DELIVERIES.c.ref == str(round_id)
    )
    again = {"state": DeliveryState.WAITING.value, "reason": "", "attempts": 0}
    db.connection().execute(statement.values(due_at=moment, available_at=moment, **again))


def looked_after_by(db: Session, match: MatchRound, now: datetime) -> int | None:
    """Say who is told that a draft is there: who opened the round, or the next while they are away.

    Everybody who is promised the word is one who coordinates; who was forgotten is promised none.
    """
    theirs = _DELIVERIES.c.occasion == CLOSED, _DELIVERIES.c.ref == str(match.key)
    there = plain_select(_DELIVERIES.c.member_id).where(*theirs)
    rows = db.exec(select(Member).where(col(Member.id).in_(there))).all()
    here = [each.key for each in rows if each.unreachable_since is None and not each.is_paused(now)]
    return min(here, key=lambda who: (who != match.coordinator_id, who), default=None)


# Who is in


@dataclass(frozen=True, slots=True)
class Entrant:
    """Somebody in a round, on one side."""

    entry: RoundEntry
    member: Member
    profile: Profile

    @property
    def ranks(self) -> tuple[int, ...]:
        """Whom they would like, in the order of the wish."""
        return ranks_of(self.entry)


def ranks_of(entry: RoundEntry) -> tuple[int, ...]:
    """Read whom somebody would like, in the order of the wish."""
    return tuple(int(each) for each in entry.ranks.split(",") if each)


def entrants(
    db: Session, round_id: int, side: Side | None = None, *, of: Collection[int] | None = None
) -> list[Entrant]:
    """List who is in a round, on one side or both, in the order of coming; or some of them."""
    rows = (
        select(RoundEntry, Member, Profile)
        .join(Member, col(Member.id) == col(RoundEntry.member_id))
        .join(Profile, col(Profile.member_id) == col(RoundEntry.member_id))
        .where(RoundEntry.round_id == round_id)
        .order_by(col(RoundEntry.joined_at), col(RoundEntry.id))
    )
    if side is not None:
        rows = rows.where(RoundEntry.side == side)
    if of is not None:
        rows = rows.where(col(RoundEntry.member_id).in_(of))
    found = [Entrant(*row) for row in db.exec(rows)]
    vault_of(db).load(db, {each.member.key for each in found})
    return found


def people(db: Session, round_id: int) -> list[int]:
    """List who is in a round by their numbers, each once, in order."""
    rows = select(RoundEntry.member_id).where(RoundEntry.round_id == round_id).distinct()
    return list(db.exec(rows.order_by(col(RoundEntry.member_id))))


def mine(db: Session, round_id: int, member_id: int) -> dict[Side, RoundEntry]:
    """Find a member's entries in a round, by their side."""
    rows = db.exec(
        select(RoundEntry).where(RoundEntry.round_id == round_id, RoundEntry.member_id == member_id)
    )
    return {Side(each.side): each for each in rows}


def others_have_profiles(db: Session, member: Member) -> bool:
    """Tell whether anybody else of a workspace has a profile."""
    rows = select(Profile.member_id).join(Member, col(Member.id) == col(Profile.member_id))
    here = Member.platform == member.platform, Member.workspace == member.workspace
    return db.exec(rows.where(*here, Member.id != member.key).limit(1)).first() is not None


def sizes(db: Session, round_id: int) -> dict[Side, int]:
    """Count who is in a round, by side."""
    rows = db.exec(
        select(RoundEntry.side, func.count())
        .where(RoundEntry.round_id == round_id)
        .group_by(col(RoundEntry.side))
    )
    return dict.fromkeys(Side, 0) | {Side(side): count for side, count in rows}


def join(db: Session, match: MatchRound, member: Member, side: Side, now: datetime) -> None:
    """Let somebody in on one side; who is in already stays as they are."""
    connection = db.connection()
    sealed = sealed_words(db, member.key, entry_place(match.key, side), {"ranks": ""})
    connection.execute(
        _JOIN[connection.dialect.name],
        {
            "member_id": member.key,
            "sealed": sealed,
            "round_id": match.key,
            "side": side.value,
            "joined_at": now,
        },
    )


def leave(db: Session, round_id: int, member_id: int) -> bool:
    """Let somebody go, with the pairs of the draft that they were in; False if they were not in."""
    connection = db.connection()
    theirs = col(RoundPair.mentee_id) == member_id
    theirs |= col(RoundPair.mentor_id) == member_id
    connection.execute(delete(RoundPair).where(col(RoundPair.round_id) == round_id, theirs))
    gone = connection.execute(
        delete(RoundEntry).where(
            col(RoundEntry.round_id) == round_id, col(RoundEntry.member_id) == member_id
        )
    )
    db.expire_all()
    return gone.rowcount > 0


# What waits to be done


def unfinished(db: Session, now: datetime) -> Sequence[MatchRound]:
    """List the rounds with work left: closed with nothing worked out, or some pairs to begin."""
    return db.exec(_UNFINISHED, params={"now": now}).all()
