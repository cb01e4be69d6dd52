"""Rhythms: when each member is asked next."""

from collections.abc import Collection, Sequence
from datetime import UTC, date, datetime, timedelta

from sqlalchemy import bindparam
from sqlmodel import Session, col, select

from bot.domain.rhythm import Rule, next_after
from bot.domain.zones import local, zone_info
from bot.models import Member, Rhythm

SECOND = timedelta(seconds=1)


# Built once: building a statement costs more than running it.
_OF = select(Rhythm).where(
    Rhythm.member_id == bindparam("owner"), Rhythm.occasion == bindparam("what")
)
_NEXT = (
    select(Rhythm.next_at)
    .where(
        col(Rhythm.stopped_at).is_(None),
        col(Rhythm.platform).in_(bindparam("platforms", expanding=True)),
    )
    .order_by(col(Rhythm.next_at))
    .limit(1)
)


def of(db: Session, member: Member, occasion: str) -> Rhythm | None:
    """Find a member's rhythm of one occasion."""
    return db.exec(_OF, params={"owner": member.key, "what": occasion}).one_or_none()


def rule_of(db: Session, member: Member, occasion: str, default: Rule) -> Rule:
    """Give the rule of a member's rhythm."""
    rhythm = of(db, member, occasion)
    return default if rhythm is None else Rule.parse(rhythm.rule)


def begin(
    db: Session,
    member: Member,
    occasion: str,
    rule: Rule,
    now: datetime,
    anchor: date | None = None,
) -> Rhythm:
    """Set when an occasion happens from now on: it also restarts one that had stopped."""
    rhythm = of(db, member, occasion)
    if rhythm is None:
        rhythm = Rhythm(
            member_id=member.key,
            platform=member.platform,
            occasion=occasion,
            rule=str(rule),
            zone=member.zone,
            next_at=now,
        )
        db.add(rhythm)
    rhythm.rule, rhythm.zone, rhythm.anchor, rhythm.stopped_at = (
        str(rule),
        member.zone,
        anchor,
        None,
    )
    rhythm.next_at = next_after(rule, now, member.zone, anchor)
    db.flush()
    return rhythm


def move_zone(db: Session, member: Member, now: datetime) -> None:
    """Follow a member to another zone: the same day and wall-clock time, there."""
    for rhythm in db.exec(select(Rhythm).where(Rhythm.member_id == member.key)):
        day = local(rhythm.next_at, rhythm.zone).date()
        rule, midnight = Rule.parse(rhythm.rule), datetime.min.time()
        evening_before = datetime.combine(day, midnight, zone_info(member.zone)) - SECOND
        rhythm.zone = member.zone
        rhythm.next_at = next_after(
            rule, max(now, evening_before.astimezone(UTC)), member.zone, rhythm.anchor
        )


def platforms(db: Session) -> Sequence[str]:
    """List the platforms on which anybody has a rhythm."""
    return db.exec(select(Rhythm.platform).distinct().order_by(Rhythm.platform)).all()


def next_moment(db: Session, platforms: Collection[str]) -> datetime | None:
    """Tell when the earliest rhythm is due."""
    return db.exec(_NEXT, params={"platforms": list(platforms)}).first()
