"""What an operator asks of the database."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from sqlalchemy import text
from sqlmodel import Session

from bot.errors import Misconfigured
from bot.models import Delivery, DeliveryState, Member
from bot.store import deliveries, operating
from bot.store.database import Database, connect
from tests.pilot import at

NOW = at("2027-01-04 09:00")


@pytest.fixture
def database(url: str) -> Iterator[Database]:
    opened = connect(url)
    yield opened
    opened.close()


def put(database: Database, *rows: dict[str, object]) -> list[int]:
    """Store deliveries of one member; each is due, waiting and on Slack unless it says."""

    def work(db: Session) -> list[int]:
        member = Member(platform="slack", workspace="team", user="amina", joined_at=NOW)
        db.add(member)
        db.flush()
        made = []
        for number, changes in enumerate(rows):
            given = {"platform": "slack", "due_at": NOW, "state": DeliveryState.WAITING} | changes
            given.setdefault("available_at", given["due_at"])
            row = Delivery(key=f"k{number}", member_id=member.key, occasion="o", **given)
            db.add(row)
            db.flush()
            assert row.id is not None
            made.append(row.id)
        return made

    return database.call(work)


def ago(**span: float) -> dict[str, object]:
    return {"due_at": NOW - timedelta(**span)}


def test_what_may_be_tried_now_is_counted_for_each_platform(database: Database) -> None:
    put(
        database,
        ago(minutes=4),
        ago(minutes=1),
        ago(minutes=9) | {"platform": "elsewhere"},
        ago(hours=1) | {"available_at": NOW + timedelta(seconds=1)},
        ago(hours=2) | {"claimed_until": NOW + timedelta(seconds=1)},
        ago(hours=3) | {"state": DeliveryState.FAILED},
        ago(minutes=3) | {"claimed_until": NOW},  # whoever claimed it was not heard of again
    )
    stands = database.call(lambda db: operating.standing(db, NOW, ["slack", "local"]))
    assert (stands.current, stands.due) == (True, {"slack": 3, "local": 0})
    assert stands.oldest == NOW - timedelta(minutes=4)


def test_nothing_waits(database: Database) -> None:
    stands = database.call(lambda db: operating.standing(db, NOW, ["slack"]))
    assert (stands.current, stands.due, stands.oldest) == (True, {"slack": 0}, None)


@pytest.mark.parametrize(
    "change",
    ["UPDATE alembic_version SET version_num = '0000'", "DROP TABLE alembic_version"],
)
def test_a_database_at_another_version_is_not_current(database: Database, change: str) -> None:
    put(database, ago(minutes=1))
    database.call(lambda db: db.connection().execute(text(change)))
    stands = database.call(lambda db: operating.standing(db, NOW, ["slack"]))
    assert (stands.current, stands.due, stands.oldest) == (False, {"slack": 0}, None)


def test_an_operator_sees_what_waits_and_what_failed_lately(database: Database) -> None:
    waits, postponed, failed, old, *_ = put(
        database,
        ago(days=1),
        ago(hours=1) | {"available_at": NOW + timedelta(hours=1)},
        ago(days=2) | {"state": DeliveryState.FAILED},
        ago(days=30) | {"state": DeliveryState.FAILED},
        ago(days=1) | {"state": DeliveryState.SENT},
        ago(days=1) | {"state": DeliveryState.DROPPED},
        {"due_at": NOW + timedelta(days=1)},
    )

    def listed(limit: int, *, only_failed: bool) -> list[int | None]:
        return database.call(
            lambda db: [
                each.id for each in operating.troubled(db, NOW, limit, only_failed=only_failed)
            ]
        )

    assert listed(9, only_failed=False) == [postponed, waits, failed]
    assert listed(9, only_failed=True) == [failed, old]
    assert listed(1, only_failed=True) == [failed]


def test_a_failed_delivery_waits_again_with_all_its_tries(database: Database) -> None:
    spent = {"state": DeliveryState.FAILED, "attempts": 5, "reason": "error"}
    (failed,) = put(database, ago(hours=1) | spent)
    database.call(lambda db: operating.retry(db, failed, NOW))
    again = database.call(lambda db: deliveries.by_id(db, failed))
    assert again is not None
    assert (again.state, again.attempts) == (DeliveryState.WAITING, 0)
    assert again.reason == deliveries.UNHEARD
    assert (again.due_at, again.available_at) == (NOW - timedelta(hours=1), NOW)
    stands = database.call(lambda db: operating.standing(db, NOW, ["slack"]))
    assert (stands.due, stands.oldest) == ({"slack": 1}, NOW)


def test_only_a_failed_delivery_is_tried_again(database: Database) -> None:
    sent, waiting = put(database, {"state": DeliveryState.SENT}, {"attempts": 2})
    for which, state in ((sent, "is sent"), (waiting, "is waiting"), (waiting + 1, "no delivery")):
        with pytest.raises(Misconfigured, match=state):
            database.call(lambda db, which=which: operating.retry(db, which, NOW))
    left = database.call(lambda db: deliveries.by_id(db, waiting))
    assert left is not None
    assert left.attempts == 2
