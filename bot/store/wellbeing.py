"""Pulses, self-checks, and the moments at which the coach might say something: all sealed."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import Integer, bindparam, delete
from sqlmodel import Session, col, select

from bot.domain.instruments import Driver
from bot.domain.nudging import Feedback, Sent
from bot.domain.pulse import Answer
from bot.models import Assessment, Moment, Pulse
from bot.models.base import table_of
from bot.store.vault import vault_of

#: Answers to pulses and longer self-checks are kept for this long: a year to look back on.
KEEP_ANSWERS = timedelta(days=400)
#: Moments are kept for this long: presses count for 180 days, and no idea comes twice in 90.
KEEP_MOMENTS = timedelta(days=190)


# Built once: building a statement costs more than running it.
_LATEST = (
    select(Pulse)
    .where(Pulse.member_id == bindparam("owner"))
    .order_by(col(Pulse.day).desc())
    .limit(bindparam("most", type_=Integer()))
)
_OFFER = table_of(Pulse).insert()


# Pulses


def offer_pulse(db: Session, member_id: int, day: date, now: datetime) -> None:
    """Begin the pulse of a day because a check-in offers it."""
    offered = {"member_id": member_id, "day": day, "asked_at": now, "sealed": None}
    db.connection().execute(_OFFER, offered)


def pulse_on(db: Session, member_id: int, day: date) -> Pulse | None:
    """Find the pulse of one of the member's own days."""
    return db.exec(select(Pulse).where(Pulse.member_id == member_id, Pulse.day == day)).first()


def owned_pulse(db: Session, member_id: int, pulse_id: int) -> Pulse | None:
    """Load a pulse if it is this member's."""
    found = db.get(Pulse, pulse_id)
    return found if found is not None and found.member_id == member_id else None


def latest_pulses(db: Session, member_id: int, limit: int) -> Sequence[Pulse]:
    """List the last pulses, answered or not, the latest first."""
    return db.exec(_LATEST, params={"owner": member_id, "most": limit}).all()


def begin_pulse(db: Session, member_id: int, day: date) -> Pulse:
    """Begin the pulse of a day because the member came."""
    pulse = Pulse(member_id=member_id, day=day)
    db.add(pulse)
    db.flush()
    return pulse


def drop_unanswered(db: Session, member_id: int) -> None:
    """Forget the pulses that were offered in vain: they are no reason to ask less any more."""
    rows = delete(Pulse).where(col(Pulse.member_id) == member_id, col(Pulse.sealed).is_(None))
    db.connection().execute(rows)


def keep_answer(db: Session, pulse: Pulse, answer: Answer) -> None:
    """Seal the answers of a pulse."""
    told = {"burnout": answer.burnout, "energy": answer.energy, "driver": answer.driver}
    pulse.sealed = vault_of(db).seal(db, pulse.member_id, f"pulse:{pulse.day}", told, even=128)
    db.flush()


def answer_of(db: Session, pulse: Pulse) -> Answer | None:
    """Open the answers of a pulse; None for one that was not answered."""
    if pulse.sealed is None:
        return None
    told: dict[str, Any] = vault_of(db).open(
        db, pulse.member_id, f"pulse:{pulse.day}", pulse.sealed
    )
    driver = told["driver"]
    return Answer(
        day=pulse.day,
        burnout=told["burnout"],
        energy=told["energy"],
        driver=None if driver is None else Driver(driver),
    )


def answers(db: Session, member_id: int, since: date) -> list[Answer]:
    """Open a member's answers from a day on, the oldest first."""
    rows = select(Pulse).where(
        Pulse.member_id == member_id, col(Pulse.day) >= since, col(Pulse.sealed).is_not(None)
    )
    found = (answer_of(db, pulse) for pulse in db.exec(rows.order_by(col(Pulse.day))))
    return [each for each in found if each is not None]


# Longer self-checks


@dataclass(frozen=True, slots=True)
class Taken:
    """One answered self-check: the answers by item, None for a skipped one."""

    at: datetime
    instrument: str
    answers: dict[str, int | None]


def keep_taken(db: Session, member_id: int, taken: Taken) -> None:
    """Seal a self-check."""
    told = {"instrument": taken.instrument, "answers": taken.answers}
    place = f"assessment:{taken.at.isoformat()}"
    sealed = vault_of(db).seal(db, member_id, place, told, even=512)
    db.add(Assessment(member_id=member_id, at=taken.at, sealed=sealed))
    db.flush()


def all_taken(db: Session, member_id: int) -> list[Taken]:
    """Open a member's self-checks, the oldest first."""
    rows = select(Assessment).where(Assessment.member_id == member_id)
    found = []
    for row in db.exec(rows.order_by(col(Assessment.at), col(Assessment.id))):
        place = f"assessment:{row.at.isoformat()}"
        told = vault_of(db).open(db, member_id, place, row.sealed)
        found.append(Taken(row.at, told["instrument"], told["answers"]))
    return found


# Moments


@dataclass(frozen=True, slots=True, kw_only=True)
class Noted:
    """What the coach did at a moment: `kind` is what was said, or "none", and `reason` why not."""

    at: datetime
    kind: str
    id: int = 0
    #: When it was said, where that was later than the moment.
    said_at: datetime | None = None
    action: str | None = None
    asked: bool = False
    reason: str = ""
    feedback: Feedback | None = None

    @property
    def as_sent(self) -> Sent | None:
        """The moment as the rules for ideas count it; None for one that does not count."""
        if self.kind != "idea" and self.reason != "holdout":
            return None
        at = self.said_at or self.at
        return Sent(at=at, action=self.action, asked=self.asked, feedback=self.feedback)


def note(db: Session, member_id: int, noted: Noted) -> Noted:
    """Keep what was done at a moment; a second look at the same moment replaces the first."""
    row = db.exec(
        select(Moment).where(Moment.member_id == member_id, Moment.at == noted.at)
    ).first()
    sealed = _sealed(db, member_id, noted)
    if row is None:
        row = Moment(member_id=member_id, at=noted.at, sealed=sealed)
        db.add(row)
    else:
        row.sealed = sealed
    db.flush()
    return replace(noted, id=row.key)


def noted_at(db: Session, member_id: int, at: datetime) -> Noted | None:
    """Open what was done at a moment."""
    row = db.exec(select(Moment).where(Moment.member_id == member_id, Moment.at == at)).first()
    return None if row is None else _noted(db, row)


def owned_moment(db: Session, member_id: int, moment_id: int) -> Noted | None:
    """Open a moment if it is this member's."""
    row = db.get(Moment, moment_id)
    return _noted(db, row) if row is not None and row.member_id == member_id else None


def moments(db: Session, member_id: int, since: datetime) -> list[Noted]:
    """Open a member's moments, the oldest first."""
    rows = select(Moment).where(Moment.member_id == member_id, col(Moment.at) >= since)
    return [_noted(db, row) for row in db.exec(rows.order_by(col(Moment.at)))]


def _sealed(db: Session, member_id: int, noted: Noted) -> bytes:
    told = {
        "kind": noted.kind,
        "said_at": None if noted.said_at is None else noted.said_at.isoformat(),
        "action": noted.action,
        "asked": noted.asked,
        "reason": noted.reason,
        "feedback": noted.feedback,
    }
    place = f"moment:{noted.at.isoformat()}"
    return vault_of(db).seal(db, member_id, place, told, even=256)


def _noted(db: Session, row: Moment) -> Noted:
    place = f"moment:{row.at.isoformat()}"
    told = vault_of(db).open(db, row.member_id, place, row.sealed)
    felt, said_at = told.pop("feedback"), told.pop("said_at")
    return Noted(
        at=row.at,
        id=row.key,
        said_at=None if said_at is None else datetime.fromisoformat(said_at),
        feedback=None if felt is None else Feedback(felt),
        **told,
    )


def sweep(db: Session, now: datetime) -> None:
    """Forget what is older than was promised."""
    connection = db.connection()
    day = (now - KEEP_ANSWERS).date()
    connection.execute(delete(Pulse).where(col(Pulse.day) < day))
    connection.execute(delete(Assessment).where(col(Assessment.at) < now - KEEP_ANSWERS))
    connection.execute(delete(Moment).where(col(Moment.at) < now - KEEP_MOMENTS))
