"""Members: who they are, and the first time we meet."""

from collections.abc import Collection, Iterable
from datetime import UTC, datetime, time, timedelta

from sqlalchemy import bindparam, func, update
from sqlalchemy import select as core_select
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Session, col, select

from bot.domain.zones import local, zone_info
from bot.models import LastNumber, Member
from bot.models.base import table_of

_FIND = (
    select(Member)
    .where(
        Member.platform == bindparam("platform"),
        Member.workspace == bindparam("workspace"),
        Member.user == bindparam("user"),
    )
    .with_for_update(key_share=True)  # rows that refer to the member may still be written
)
_HOLD = (
    select(Member)
    .where(col(Member.id).in_(bindparam("ids", expanding=True)))
    .order_by(col(Member.id))
    .with_for_update(key_share=True)
)
_TABLE = table_of(Member)
_JOIN = {
    "sqlite": sqlite.insert(_TABLE).on_conflict_do_nothing().returning(_TABLE.c.id),
    "postgresql": postgresql.insert(_TABLE).on_conflict_do_nothing().returning(_TABLE.c.id),
}

_LAST = table_of(LastNumber)
# SQLite would give a forgotten member's number to the next one, and old buttons would find them.
_NUMBER = core_select(
    func.max(
        func.coalesce(core_select(func.max(_TABLE.c.id)).scalar_subquery(), 0),
        func.coalesce(
            core_select(_LAST.c.last).where(_LAST.c.name == _TABLE.name).scalar_subquery(), 0
        ),
    )
    + 1
)


def find(db: Session, platform: str, workspace: str, user: str) -> Member | None:
    """Find a member and hold the row, so that one person's turns happen one after another."""
    who = {"platform": platform, "workspace": workspace, "user": user}
    return db.exec(_FIND, params=who).one_or_none()


def held(db: Session, platform: str, workspace: str, user: str) -> Member:
    """Hold the row of a member who is known to exist."""
    who = {"platform": platform, "workspace": workspace, "user": user}
    return db.exec(_FIND, params=who).one()


def hold(db: Session, ids: Iterable[int]) -> dict[int, Member]:
    """Load members and hold their rows, always in one order, so that nobody waits in a circle."""
    found = db.exec(_HOLD, params={"ids": sorted(set(ids))})
    return {member.key: member for member in found}


def join(db: Session, member: Member) -> Member | None:
    """Keep a new member; None when another turn has just kept the same person."""
    connection = db.connection()
    values = member.model_dump(exclude={"id"})
    if connection.dialect.name == "sqlite":
        values["id"] = connection.execute(_NUMBER).scalar_one()
    made = connection.execute(_JOIN[connection.dialect.name], values).first()
    return None if made is None else by_id(db, made.id)


def by_id(db: Session, member_id: int) -> Member:
    """Load a member whose id is known to exist."""
    return db.get_one(Member, member_id)


def by_users(
    db: Session, platform: str, workspace: str, users: Collection[str]
) -> dict[str, Member]:
    """Find members of a workspace by the platform's names for them; who never came is left out."""
    found = db.exec(
        select(Member).where(
            Member.platform == platform,
            Member.workspace == workspace,
            col(Member.user).in_(users),
        )
    )
    return {member.user: member for member in found}


def named(db: Session, platform: str, workspace: str, text: str) -> list[Member]:
    """Find members of a workspace by what somebody typed: a whole name, a first name, a handle.

    A whole name or a handle wins over first names, so that “Sam Lee” finds one of two Sams.
    """
    wanted = text.strip().removeprefix("@").casefold()
    there = db.exec(
        select(Member).where(Member.platform == platform, Member.workspace == workspace)
    ).all()
    whole = [each for each in there if wanted in {each.name.casefold(), each.user.casefold()}]
    if whole:
        return whole
    return [each for each in there if each.name.casefold().split(" ")[0] == wanted]


def rest(member: Member, now: datetime, length: timedelta) -> datetime | None:
    """Pause a member for some days, until midnight on their wall; give the end, None for none.

    It is a pause like any that a member asks for, so that no row tells why; a longer one stays.
    """
    day = local(now + length, member.zone).date() + timedelta(days=1)
    until = datetime.combine(day, time(), zone_info(member.zone)).astimezone(UTC)
    if member.is_paused(now) and (member.paused_until is None or member.paused_until >= until):
        return member.paused_until
    member.paused_at, member.paused_until = now, until
    return until


def spend(db: Session, member: Member) -> None:
    """Remember the number of a member who is to be forgotten: nobody else gets it."""
    there = db.get(LastNumber, _TABLE.name)
    if there is None:
        db.add(LastNumber(name=_TABLE.name, last=member.key))
    else:
        there.last = max(there.last, member.key)
    db.flush()


def mark_unreachable(db: Session, member_id: int, now: datetime) -> None:
    """Remember since when the platform cannot reach this member."""
    db.connection().execute(
        update(_TABLE)
        .where(_TABLE.c.id == member_id, _TABLE.c.unreachable_since.is_(None))
        .values(unreachable_since=now)
    )
