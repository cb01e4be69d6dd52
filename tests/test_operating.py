"""The command `deliveries`: what an operator reads, and another try."""

import json
from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
from sqlmodel import Session, select

from bot import operating
from bot.clock import utc_now
from bot.errors import Misconfigured
from bot.models import Delivery, DeliveryState, Member
from bot.settings import Settings
from bot.store import deliveries, members
from bot.store import operating as store
from bot.store.database import Database, connect
from tests.pilot import Pilot, World

#: What is older than a few hours is stale, and no test may depend on the day.
DUE = (utc_now() - timedelta(hours=3)).replace(microsecond=0)


@pytest.fixture
def settings(url: str) -> Settings:
    return Settings(DATABASE_URL=url)


@pytest.fixture
def database(url: str) -> Iterator[Database]:
    """Hold one waiting delivery of Amina's and one that failed."""
    opened = connect(url)

    def work(db: Session) -> None:
        amina = Member(
            platform="slack", workspace="T1", user="U0SECRET", name="Secret", joined_at=DUE
        )
        db.add(amina)
        db.flush()
        for number, (state, reason) in enumerate(
            [(DeliveryState.FAILED, "error"), (DeliveryState.WAITING, "ratelimited")], start=1
        ):
            db.add(
                Delivery(
                    id=number, key=f"secret{number}", member_id=amina.key, platform="slack",
                    occasion="checkin.weekly", ref="1", due_at=DUE, available_at=DUE,
                    state=state, reason=reason, attempts=number,
                )
            )  # fmt: skip

    opened.call(work)
    yield opened
    opened.close()


def listing(settings: Settings, *, only_failed: bool = False, as_json: bool = False) -> str:
    return operating.listing(settings, 5, only_failed=only_failed, as_json=as_json)


@pytest.mark.usefixtures("database")
def test_a_table_for_people(settings: Settings) -> None:
    day, hour = f"{DUE:%Y-%m-%d %H:%M}".split()
    told = listing(settings)
    assert [line.split() for line in told.splitlines()] == [
        ["id", "occasion", "platform", "member", "state", "due", "tries", "reason"],
        ["2", "checkin.weekly", "slack", "1", "waiting", day, hour, "2", "ratelimited"],
        ["1", "checkin.weekly", "slack", "1", "failed", day, hour, "1", "error"],
    ]
    starts = {line.index(word) for line, word in zip(
        told.splitlines(), ("reason", "ratelimited", "error"), strict=True)}  # fmt: skip
    assert len(starts) == 1
    assert "secret" not in told.lower()


@pytest.mark.usefixtures("database")
def test_a_list_for_programs(settings: Settings) -> None:
    (failed,) = json.loads(listing(settings, only_failed=True, as_json=True))
    assert datetime.fromisoformat(failed.pop("due")) == DUE
    assert failed == {
        "id": 1, "occasion": "checkin.weekly", "platform": "slack", "member": 1,
        "state": "failed", "tries": 1, "reason": "error",
    }  # fmt: skip


def test_nothing_is_said_to_be_nothing(settings: Settings) -> None:
    assert listing(settings) == "Nothing waits, and nothing failed lately."
    assert listing(settings, only_failed=True) == "Nothing failed."
    assert listing(settings, as_json=True) == "[]"


@pytest.mark.usefixtures("database")
def test_another_try_says_what_may_come_of_it(settings: Settings) -> None:
    told = operating.retry(settings, 1)
    assert f"what was due on {DUE:%Y-%m-%d %H:%M} UTC is stale" in told
    assert listing(settings, only_failed=True) == "Nothing failed."
    with pytest.raises(Misconfigured, match="Delivery 1 is waiting, and only a failed one"):
        operating.retry(settings, 1)


def test_another_try_for_someone_out_of_reach_says_so(
    settings: Settings, database: Database
) -> None:
    database.call(lambda db: members.mark_unreachable(db, 1, DUE))
    assert "cannot be reached" in operating.retry(settings, 1)


async def test_another_try_sends_nothing_twice(world: World, amina: Pilot) -> None:
    """The platform had it, though its last answer was not heard and the delivery failed."""
    await amina.says("/goal add Pass the boards by June 2027")
    await world.sleeps_until("2027-01-04 09:00")
    assert len(amina.news()) == 1

    def again(db: Session) -> int:
        sent = db.exec(select(Delivery).where(Delivery.state == DeliveryState.SENT)).one()
        sent.state = DeliveryState.FAILED
        db.flush()
        assert sent.id is not None
        store.retry(db, sent.id, world.clock.moment)
        return sent.id

    number = world.coach.database.call(again)
    await world.sleeps_until("2027-01-04 09:01")
    assert amina.news() == []
    found = world.coach.database.call(lambda db: deliveries.by_id(db, number))
    assert found is not None
    assert (found.state, found.attempts) == (DeliveryState.SENT, 1)
