"""The draft of a match round: what it is matched from, and the pairs that are chosen."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import ColumnElement, delete
from sqlmodel import Session, col, select

from bot.domain.matching import Matching
from bot.domain.round_draft import Draft
from bot.models import MatchRound, RoundDraft, RoundPair
from bot.models.base import table_of
from bot.store.vault import vault_of


def keep_draft(db: Session, match: MatchRound, draft: Draft) -> None:
    """Keep what a round is matched from."""
    sealed = vault_of(db).seal_common(db, _place(match), draft.to_data())
    db.add(RoundDraft(round_id=match.key, sealed=sealed, chosen=b""))
    db.flush()


def draft(db: Session, match: MatchRound) -> Draft | None:
    """Open what a round is matched from; None while that is not worked out."""
    row = db.get(RoundDraft, match.key)
    if row is None:
        return None
    return Draft.from_data(vault_of(db).open_common(db, _place(match), row.sealed))


def chosen(db: Session, match: MatchRound) -> dict[int, int]:
    """Give the pairs as they were chosen last, also those that fell away since."""
    row = db.get_one(RoundDraft, match.key)
    return dict(vault_of(db).open_common(db, f"{_place(match)}:chosen", row.chosen))


def _place(match: MatchRound) -> str:
    return f"round_draft:{match.key}"


def pairs(db: Session, round_id: int) -> Sequence[RoundPair]:
    """List the pairs of a draft in the order of the mentees' numbers."""
    rows = select(RoundPair).where(RoundPair.round_id == round_id)
    return db.exec(rows.order_by(col(RoundPair.mentee_id))).all()


def choose(db: Session, match: MatchRound, matching: Matching, by_hand: Iterable[int] = ()) -> None:
    """Make these the pairs of a draft; some mentees' were chosen by hand."""
    hands = set(by_hand)
    connection = db.connection()
    connection.execute(delete(RoundPair).where(col(RoundPair.round_id) == match.key))
    rows: list[Mapping[str, Any]] = [
        {
            "round_id": match.key,
            "mentee_id": mentee,
            "mentor_id": mentor,
            "by_hand": mentee in hands,
        }
        for mentee, mentor in sorted(matching.items())
    ]
    if rows:
        connection.execute(table_of(RoundPair).insert(), rows)
    _keep_chosen(db, match, matching)
    db.expire_all()


def change(db: Session, match: MatchRound, mentee: int, mentor: int | None) -> None:
    """Give a mentee another mentor by hand, or none."""
    now = {row.mentee_id: row.mentor_id for row in pairs(db, match.key)}
    hands = {row.mentee_id for row in pairs(db, match.key) if row.by_hand}
    before = chosen(db, match)
    for matching in (now, before):
        matching.pop(mentee, None)
        if mentor is not None:
            matching[mentee] = mentor
    choose(db, match, now, {*hands, mentee} & now.keys())
    _keep_chosen(db, match, before)


def _keep_chosen(db: Session, match: MatchRound, matching: Matching) -> None:
    row = db.get_one(RoundDraft, match.key)
    place = f"{_place(match)}:chosen"
    row.chosen = vault_of(db).seal_common(db, place, sorted(matching.items()))
    db.flush()


def drop_draft(db: Session, match: MatchRound) -> None:
    """Forget what a round was matched from: it is over."""
    db.flush()
    db.connection().execute(delete(RoundDraft).where(col(RoundDraft.round_id) == match.key))
    db.expire_all()


def drop_pairs(db: Session, round_id: int, mentees: Iterable[int]) -> None:
    """Take some mentees' pairs out of a round: they have begun, or cannot begin."""
    ids = list(mentees)
    which: ColumnElement[bool] = col(RoundPair.round_id) == round_id
    db.connection().execute(delete(RoundPair).where(which, col(RoundPair.mentee_id).in_(ids)))
