"""Open forms with what was typed, and choices that wait for a press."""

from datetime import datetime
from typing import Any

from sqlalchemy import delete
from sqlmodel import Session, col, select

from bot.models import Draft
from bot.store.vault import vault_of


def keep(db: Session, member_id: int, name: str, values: dict[str, Any], now: datetime) -> None:
    """Keep what was typed under the form's address."""
    sealed = vault_of(db).seal(db, member_id, f"draft:{name}", values)
    draft = _find(db, member_id, name)
    if draft is None:
        db.add(Draft(member_id=member_id, name=name, sealed=sealed, updated_at=now))
    else:
        draft.sealed, draft.updated_at = sealed, now


def kept(
    db: Session, member_id: int, name: str, since: datetime | None = None
) -> dict[str, Any] | None:
    """Give what was kept, or None; `since` leaves out what is older."""
    draft = _find(db, member_id, name)
    if draft is None or (since is not None and draft.updated_at < since):
        return None
    values: dict[str, Any] = vault_of(db).open(db, member_id, f"draft:{name}", draft.sealed)
    return values


def drop(db: Session, member_id: int, name: str) -> None:
    """Forget what was kept: it has been used."""
    db.connection().execute(
        delete(Draft).where(col(Draft.member_id) == member_id, col(Draft.name) == name)
    )


def _find(db: Session, member_id: int, name: str) -> Draft | None:
    return db.exec(
        select(Draft).where(Draft.member_id == member_id, Draft.name == name)
    ).one_or_none()
