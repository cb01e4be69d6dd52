"""Events that were handled already."""

from datetime import datetime, timedelta

from sqlalchemy import delete
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Session, col

from bot.models import Draft, Inbound
from bot.models.base import table_of

#: Platforms redeliver for an hour at most; drafts and choices are kept for a season.
KEEP_EVENTS = timedelta(days=3)
KEEP_DRAFTS = timedelta(days=90)


# Built once: building a statement costs more than running it.
_TABLE = table_of(Inbound)
_CLAIM = {
    kind: insert(_TABLE).on_conflict_do_nothing().execution_options(preserve_rowcount=True)
    for kind, insert in (("sqlite", sqlite.insert), ("postgresql", postgresql.insert))
}


def is_first(db: Session, key: str, now: datetime) -> bool:
    """Claim an event's key; False when it was handled before."""
    connection = db.connection()
    claimed = connection.execute(_CLAIM[connection.dialect.name], {"key": key, "seen_at": now})
    return claimed.rowcount == 1


def sweep(db: Session, now: datetime) -> None:
    """Forget event keys and drafts that nobody can need any more."""
    db.connection().execute(delete(Inbound).where(col(Inbound.seen_at) < now - KEEP_EVENTS))
    db.connection().execute(delete(Draft).where(col(Draft.updated_at) < now - KEEP_DRAFTS))
