"""What a member set in private, and what the guards remember of them: sealed, and of one length."""

import json
from collections.abc import Collection
from dataclasses import asdict, dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlmodel import Session, col, select

from bot.models import Private
from bot.store.vault import vault_of

#: The settings take some 300 bytes, and each of the last times that help was shown some 200.
EVEN, LAST = 1024, 3
#: As many wishes to be kept apart from somebody are remembered, the last ones.
APART = 10
#: How long it is remembered that help was shown. The cool-down needs three days of it.
REMEMBERED = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Helped:
    """Help was shown because of a member's words: when, at what level; and no words."""

    at: datetime
    level: str
    #: The version of the texts.
    version: str
    #: The pause as it was before; it comes back when the member was misunderstood.
    paused_at: datetime | None = None
    paused_until: datetime | None = None
    #: The end of the pause that came of it; None where none did.
    rests_until: datetime | None = None

    @property
    def key(self) -> int:
        """What a button names it by."""
        return int(self.at.timestamp())


@dataclass(slots=True, kw_only=True)
class Own:
    """A member's private settings. Whoever changes them keeps them again: see `keep`."""

    #: Agreed to be counted in the team's sums.
    counted: bool = False
    #: Whether the weekly pulse is offered beside the check-in.
    pulse: bool = True
    #: Whether the monthly look at what wears is offered.
    monthly: bool = True
    #: Whether the quarterly self-check (K6) is offered: only to those who asked for it.
    quarterly: bool = False
    #: Whether ideas may come unasked at all, and until when they may not.
    ideas: bool = True
    muted_until: datetime | None = None
    #: When the farewell to ideas was said.
    farewell_at: datetime | None = None
    #: When the member asked to be asked again after a hard answer.
    ask_back_at: datetime | None = None
    #: The last times when help was shown.
    helped: list[Helped] = field(default_factory=list)
    #: The platform's names of people not to be brought together with, from who has no mentor
    #: profile to keep that in. Only matching reads it, and tells nobody.
    apart: tuple[str, ...] = ()


_MOMENTS = ("muted_until", "farewell_at", "ask_back_at")


def of(db: Session, member_id: int) -> Own:
    """Open a member's private settings; whoever set nothing has the usual ones."""
    row = db.get(Private, member_id)
    if row is None:
        return Own()
    told: dict[str, Any] = vault_of(db).open(db, member_id, "private", row.sealed)
    helped = [
        Helped(
            **each
            | {
                name: _read(each[name])
                for name in ("at", "paused_at", "paused_until", "rests_until")
            }
        )
        for each in told.pop("helped")
    ]
    moments = {name: _read(told[name]) for name in _MOMENTS}
    apart = tuple(told.pop("apart", ()))  # rows from before have none
    return Own(**told | moments, helped=helped, apart=apart)


def keep(db: Session, member_id: int, own: Own) -> None:
    """Seal a member's private settings."""
    sealed = vault_of(db).seal(db, member_id, "private", _fitting(own), even=EVEN)
    row = db.get(Private, member_id)
    if row is None:
        db.add(Private(member_id=member_id, sealed=sealed))
    else:
        row.sealed = sealed


def keep_apart(db: Session, member_id: int, user: str) -> None:
    """Remember that a member is not to be brought together with somebody."""
    own = of(db, member_id)
    own.apart = tuple(dict.fromkeys((*(each for each in own.apart if each != user), user)))
    keep(db, member_id, own)


def hand_over(db: Session, member_id: int) -> tuple[str, ...]:
    """Give the names of whom a member is kept apart from, and keep them here no longer."""
    own = of(db, member_id)
    found = own.apart
    if found:
        own.apart = ()
        keep(db, member_id, own)
    return found


def apart(db: Session, member_ids: Collection[int]) -> dict[int, frozenset[str]]:
    """Tell with whom members are not to be brought together, where they said so here."""
    vault_of(db).load(db, member_ids)
    rows = db.exec(select(Private).where(col(Private.member_id).in_(member_ids))).all()
    return {each.member_id: frozenset(of(db, each.member_id).apart) for each in rows}


def _fitting(own: Own) -> dict[str, Any]:
    """Write private settings so that they take no more room than everybody's.

    Where all does not fit, what is forgotten first is that help was shown some time ago.
    """
    told: dict[str, Any] = _plain(asdict(own))
    told["apart"] = told["apart"][-APART:]
    for name, least in (("helped", 1), ("apart", 1)):
        while len(json.dumps(told)) > EVEN and len(told[name]) > least:
            del told[name][0]
    return told


def ensure(db: Session, member_id: int) -> None:
    """See to it that a member has private settings: that they are there must tell nothing."""
    if db.get(Private, member_id) is None:
        keep(db, member_id, Own())


def _read(value: Any) -> Any:
    return None if value is None else datetime.fromisoformat(value)


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, dict):
        return {key: _plain(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(each) for each in value]
    return value
