"""A member's rights over what is kept: all of it in one reading, and all of it deleted.

What belongs to a member is found from the tables themselves: a row with a `member_id`, or one that
refers to such a row. So a new table is exported and deleted without anybody thinking of it.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, RowMapping, Table, and_, delete, func, or_, select, true
from sqlmodel import Session, SQLModel, col

from bot.models import (
    Assessment,
    CheckIn,
    CircleSeat,
    Delivery,
    Draft,
    Feed,
    Goal,
    LocalPost,
    LocalRead,
    LocalSeat,
    Member,
    MentorRequest,
    Mentorship,
    Moment,
    Profile,
    Pulse,
    Review,
    SeatState,
    ShiftRow,
)
from bot.models.base import table_of
from bot.models.circle import note_place
from bot.models.goal import event_place, goal_place, plan_place, step_place
from bot.models.match_round import entry_place
from bot.models.mentoring import request_place
from bot.models.mentorship import meeting_place, mentorship_place
from bot.store import members, teams
from bot.store.embedded import clear_log
from bot.store.local import PLATFORM as LOCAL
from bot.store.local import ROOM
from bot.store.profiles import PLACE as MENTOR_PROFILE
from bot.store.vault import vault_of

Row = dict[str, Any]

_MEMBERS = table_of(Member)
#: Where each table's sealed values were sealed for.
PLACES: Mapping[str, Callable[[Row], str]] = {
    "assessment": lambda row: f"assessment:{row['at'].isoformat()}",
    "circle_note": lambda row: note_place(row["session_id"]),
    "checkin": lambda row: f"checkin:{row['day']}",
    "draft": lambda row: f"draft:{row['name']}",
    "goal": lambda row: goal_place(row["number"]),
    "goal_event": lambda row: event_place(row["goal_id"], row["at"], row["kind"]),
    "if_then": lambda row: plan_place(row["goal_id"], row["created_at"]),
    "meeting_note": lambda row: meeting_place(row["meeting_id"], row["side"]),
    "mentor_profile": lambda _: MENTOR_PROFILE,
    "mentor_request": lambda row: request_place(row["mentor_id"], row["asked_at"]),
    "mentorship": lambda row: mentorship_place(row["mentor_id"], row["began_at"]),
    "moment": lambda row: f"moment:{row['at'].isoformat()}",
    "private": lambda _: "private",
    "pulse": lambda row: f"pulse:{row['day']}",
    "review": lambda row: f"review:{row['day']}",
    "round_entry": lambda row: entry_place(row["round_id"], row["side"]),
    "step": lambda row: step_place(row["goal_id"], row["position"]),
}
#: What is no reading matter: a rota's address lets whoever has it read the rota, and a key of no
#: use without the owner's tells nothing.
LEFT_OUT = frozenset({"member_key", "feed.sealed", "feed.labels"})


def belonging(table: Table, member_id: int) -> ColumnElement[bool] | None:
    """Tell which rows of a table are a member's; None for a table that holds none of anybody's."""
    if table is _MEMBERS:
        return table.c.id == member_id
    if "member_id" in table.c:
        return table.c.member_id == member_id
    for key in sorted(table.foreign_keys, key=lambda key: key.parent.name):
        parent = key.column.table
        if key.ondelete == "CASCADE" and (theirs := belonging(parent, member_id)) is not None:
            return key.parent.in_(select(key.column).where(theirs))
    return None


def everything(db: Session, member_id: int) -> dict[str, list[Row]]:
    """Read all that belongs to a member, by table, in the order of ids, with what was sealed.

    A sealed value is opened under the name `told`. Left out are the member's key, and the address
    of their rota.
    """
    db.flush()
    connection, found = db.connection(), dict[str, list[Row]]()
    for table in sorted(SQLModel.metadata.sorted_tables, key=lambda table: table.name):
        theirs = belonging(table, member_id)
        if theirs is None or table.name in LEFT_OUT:
            continue
        columns = [each for each in table.columns if str(each) not in LEFT_OUT]
        rows = connection.execute(select(*columns).where(theirs).order_by(*table.primary_key))
        found[table.name] = [
            _opened(db, member_id, table.name, dict(row))
            for row in rows.mappings()
            if not _is_silent(table.name, row)
        ]
    return found


def _is_silent(table: str, row: RowMapping) -> bool:
    """Tell whether a row would say what nobody is told: that one was asked, and kept apart."""
    return table == "circle_seat" and row["state"] == SeatState.INVITED


def _opened(db: Session, member_id: int, table: str, row: Row) -> Row:
    if "sealed" in row:
        sealed, place = row.pop("sealed"), PLACES[table](row)
        vault = vault_of(db)
        row["told"] = None if sealed is None else vault.open(db, member_id, place, sealed)
    return row


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """How much is kept of a member, by kind, as they would count it."""

    goals: int
    checkins: int
    reviews: int
    #: Answered pulses and longer self-checks.
    answers: int
    moments: int
    shifts: int
    feed: bool
    profile: bool
    #: Requests, mentorships on either side, and places in circles.
    together: int
    drafts: int
    deliveries: int
    #: Posts of the local workspace, where that is where they are.
    posts: int
    #: What they wrote there in private channels.
    said: int


def kept(db: Session, member: Member) -> Kept:
    """Count what is kept of a member."""

    def count(model: type[SQLModel], which: ColumnElement[bool] | None = None) -> int:
        table = table_of(model)
        rows = select(func.count()).select_from(table).where(table.c.member_id == member.key)
        return db.connection().execute(rows.where(true() if which is None else which)).scalar_one()

    def posts(which: ColumnElement[bool]) -> int:
        rows = select(func.count()).select_from(table_of(LocalPost)).where(which)
        return db.connection().execute(rows).scalar_one() if member.platform == LOCAL else 0

    def mentored() -> int:
        rows = select(func.count()).where(col(Mentorship.mentor_id) == member.key)
        return db.connection().execute(rows).scalar_one()

    db.flush()
    return Kept(
        goals=count(Goal),
        checkins=count(CheckIn),
        reviews=count(Review),
        answers=count(Pulse, col(Pulse.sealed).is_not(None)) + count(Assessment),
        moments=count(Moment),
        shifts=count(ShiftRow),
        feed=count(Feed) > 0,
        profile=count(Profile) > 0,
        together=sum(count(each) for each in (MentorRequest, Mentorship))
        + count(CircleSeat, col(CircleSeat.state) != SeatState.INVITED)
        + mentored(),
        drafts=count(Draft),
        deliveries=count(Delivery),
        posts=posts(_posts(member)),
        said=posts(_said(member)),
    )


def forget(db: Session, member: Member) -> Kept:
    """Delete a member with all that belongs to them, and their key; give what there was.

    The member's object can still be read afterwards, but nothing of it is written any more.
    """
    gone = kept(db, member)
    teams.forget(db, member)
    members.spend(db, member)
    connection = db.connection()
    if member.platform == LOCAL:
        connection.execute(delete(LocalPost).where(or_(_posts(member), _said(member))))
        for table in (LocalRead, LocalSeat):
            connection.execute(delete(table).where(col(table.person) == member.user))
    # Both databases take along whatever refers to the row.
    connection.execute(_MEMBERS.delete().where(_MEMBERS.c.id == member.key))
    db.expunge_all()
    db.info.get("member_keys", {}).pop(member.key, None)
    clear_log(db)
    return gone


def _posts(member: Member) -> ColumnElement[bool]:
    """Tell which posts of the local workspace nobody but this member reads."""
    return or_(
        col(LocalPost.place) == f"dm:{member.user}",
        col(LocalPost.seen_by) == member.user,
    )


def _said(member: Member) -> ColumnElement[bool]:
    """Tell which posts a member wrote for the others of a private channel."""
    return and_(
        col(LocalPost.author) == member.user,
        col(LocalPost.place).startswith(ROOM),
        col(LocalPost.seen_by) == "",
    )
