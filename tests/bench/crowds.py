"""Fills a database with many members, in SQL: what is loaded is not what is measured."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple

from sqlalchemy import Column, Connection, Integer, MetaData, String, Table, insert, text
from sqlmodel import col, select
from sqlmodel.sql.sqltypes import UTCDateTime

from bot.domain.rhythm import Rule
from bot.domain.zones import local
from bot.models import CHECKIN, Goal, Member
from bot.models.base import table_of
from bot.models.goal import goal_place
from bot.models.sealed import sealed_words
from bot.store.database import connect
from bot.store.turns import session_on
from bot.store.vault import Vault
from tests.pilot import at

PLATFORM = "slack"
#: The same in all processes of a benchmark.
VAULT = Vault.parse("A" * 43 + "=")
TITLES = ("Pass the boards", "Submit an abstract on early mobilisation")
#: A Friday: nothing is due, and nobody is late.
NOW = at("2027-01-01 12:00")
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
ZONES = (
    "Europe/London", "Europe/Paris", "Europe/Helsinki", "Africa/Lagos", "Africa/Nairobi",
    "Asia/Dubai", "Asia/Kolkata", "Asia/Kathmandu", "Asia/Tokyo", "Australia/Sydney",
    "America/New_York", "America/Los_Angeles",
)  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Crowd:
    """Members of many workspaces and zones, each with a weekly rhythm."""

    members: int
    workspaces: int
    occasion: str = CHECKIN
    #: So many are due at `spike(0)`, as many others at `spike(1)`, and so on; the rest come later.
    due: int
    spikes: int = 1
    #: Every tenth has a reminder that waits for another day.
    reminders: bool = False
    #: Each has two goals, so that there is something to ask about.
    goals: bool = False


class _Slot(NamedTuple):
    zone: str
    rule: str
    next_at: datetime


def spike(number: int) -> datetime:
    """Give the moment at which a group of members is due."""
    return NOW + (number + 1) * HOUR


def load(url: str, crowd: Crowd) -> None:
    """Fill a migrated, empty database, and let it settle."""
    database = connect(url)
    with database.engine.begin() as connection:
        _fill(connection, crowd)
    if database.engine.name == "postgresql":
        settle(url)
    database.close()


def settle(url: str) -> None:
    """Let PostgreSQL do now what it would do at a moment of its own."""
    database = connect(url)
    with database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.exec_driver_sql("VACUUM ANALYZE")
        connection.exec_driver_sql("CHECKPOINT")
    database.close()


def promise(url: str, occasion: str, number: int, due_at: datetime, every: int = 1) -> None:
    """Put one waiting delivery for every so many members in the place of all there were."""
    database = connect(url)
    with database.engine.begin() as connection:
        for table in ("checkin_goal", "checkin", "delivery", "lane"):
            connection.exec_driver_sql(f"DELETE FROM {table}")  # noqa: S608 - our own tables
        _deliver(connection, occasion, _typed(connection, ":due"), f"id % {every} = 0", due_at)
        made = connection.exec_driver_sql("SELECT count(*) FROM delivery").scalar_one()
    assert made == number, f"{made} deliveries, not {number}"
    if database.engine.name == "postgresql":
        settle(url)
    database.close()


def _fill(connection: Connection, crowd: Crowd) -> None:
    groups = max(1, crowd.members // crowd.due)
    slots = _slots(groups, crowd.spikes)
    table = Table(
        "slot",
        MetaData(),
        Column("id", Integer, primary_key=True),
        Column("zone", String),
        Column("rule", String),
        Column("next_at", UTCDateTime),
        prefixes=["TEMPORARY"],
    )
    table.create(connection)
    connection.execute(
        insert(table), [{"id": place} | slot._asdict() for place, slot in enumerate(slots)]
    )
    # i % groups says when, the rest of i in which zone and at which minute.
    joined = (
        f"FROM {_numbers(connection, crowd.members)} JOIN slot ON slot.id = "
        f"(i % {groups}) * {len(slots) // groups} + (i / {groups}) % {len(slots) // groups}"
    )
    workspace = f"'W' || CAST(i % {crowd.workspaces} AS TEXT)"
    connection.execute(
        text(
            'INSERT INTO member (id, platform, workspace, "user", name, stage, zone, joined_at)'
            f" SELECT i, '{PLATFORM}', {workspace}, 'U' || CAST(i AS TEXT), '', '', slot.zone,"
            f" {_typed(connection, ':now')} {joined}"
        ),
        {"now": _moment(connection, NOW - 300 * DAY)},
    )
    connection.execute(
        text(
            "INSERT INTO rhythm (member_id, platform, occasion, rule, zone, next_at)"
            f" SELECT i, '{PLATFORM}', '{crowd.occasion}', slot.rule, slot.zone, slot.next_at"
            f" {joined}"
        )
    )
    if crowd.reminders:
        later = (
            ":due + (id % 2880) * interval '1 minute'"
            if connection.dialect.name == "postgresql"
            else "strftime('%Y-%m-%d %H:%M:%f000', :due, (id % 2880) || ' minutes')"
        )
        later = later.replace(":due", _typed(connection, ":due"))
        _deliver(connection, "checkin.reminder", later, "id % 10 = 0", NOW + DAY)
    if crowd.goals:
        _give_goals(connection)
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql(
            "SELECT setval(pg_get_serial_sequence('member', 'id'), (SELECT max(id) FROM member))"
        )


def _slots(groups: int, spikes: int) -> Sequence[_Slot]:
    """Give when and where each group's members are due: in 12 zones, none late."""
    slots = []
    for group in range(groups):
        moment = spike(group) if group < spikes else NOW + DAY + group * (6 * DAY / groups)
        moment = moment.replace(second=0, microsecond=0)
        for minutes in range(0, 30, 5):
            first = moment - timedelta(minutes=minutes)
            for zone in ZONES:
                wall = local(first, zone)
                rule = Rule("weekly", wall.weekday(), wall.time())
                slots.append(_Slot(zone, str(rule), first))
    return slots


def _deliver(
    connection: Connection, occasion: str, due: str, condition: str, moment: datetime
) -> None:
    connection.execute(
        text(
            "INSERT INTO delivery (key, member_id, platform, workspace, occasion, ref, due_at,"  # noqa: S608 - our own values, here and below
            " available_at, state, reason, claim, attempts, sent_ref)"
            f" SELECT '{occasion}:' || CAST(id AS TEXT), id, platform, workspace, '{occasion}',"
            f" CAST(id AS TEXT), {due}, {due}, 'waiting', '', 0, 0, '' FROM member"
            f" WHERE {condition} ORDER BY member.id"
        ),
        {"due": _moment(connection, moment)},
    )


def _give_goals(connection: Connection) -> None:
    """Let each member have two goals, sealed as the coach does it."""
    db = session_on(connection, VAULT)
    rows = []
    for member_id in db.exec(select(Member.id).order_by(col(Member.id))).all():
        assert member_id is not None
        for number, title in enumerate(TITLES, 1):
            sealed = sealed_words(db, member_id, goal_place(number), {"title": title})
            facts = {"number": number, "shared": False, "status": "active"}
            whose = {"member_id": member_id, "sealed": sealed, "created_at": NOW - 30 * DAY}
            rows.append(facts | whose)
    connection.execute(table_of(Goal).insert(), rows)


def _numbers(connection: Connection, count: int) -> str:
    if connection.dialect.name == "postgresql":
        return f"generate_series(1, {count}) AS numbers(i)"
    return (
        "(WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n"  # noqa: S608
        f" WHERE i < {count}) SELECT i FROM n) AS numbers"
    )


def _typed(connection: Connection, name: str) -> str:
    return f"CAST({name} AS timestamptz)" if connection.dialect.name == "postgresql" else name


def _moment(connection: Connection, moment: datetime) -> object:
    """Give a moment as the tables keep it."""
    if connection.dialect.name == "postgresql":
        return moment
    return moment.replace(tzinfo=None).isoformat(" ", "microseconds")
