"""The operator's pages: health, readiness, and what Prometheus reads."""

import asyncio
import json
import threading
from datetime import timedelta
from typing import Any

import pytest
from prometheus_client import CONTENT_TYPE_LATEST
from sqlmodel import Session, select

from bot import serving_pages
from bot.models import Delivery, DeliveryState, Member
from bot.serving_pages import Pages
from tests.pilot import World, at
from tests.platforms.asgi import Answer, Client
from tests.postgres import Postgres


class Stand:
    """The pages of a world, with a platform whose connection a test cuts."""

    def __init__(self, world: World) -> None:
        self.connected = True
        self.pages = Pages(world.coach, {"test": self._is_connected})
        self._client = Client(self.pages.application)

    async def _is_connected(self) -> bool:
        return self.connected

    async def get(self, page: str) -> Answer:
        return await self._client.get(page)

    async def ready(self) -> tuple[int, dict[str, Any]]:
        answer = await self.get("/ready")
        return answer.status, json.loads(answer.text)


@pytest.fixture
def stand(world: World) -> Stand:
    return Stand(world)


@pytest.fixture
async def a_due_one(world: World) -> None:
    """Let one delivery of Amina's wait that was due 90 seconds ago."""
    await world.member("amina").says("/goal add Pass the boards")

    def work(db: Session) -> None:
        member = db.exec(select(Member)).one()
        due = world.clock.moment - timedelta(seconds=90)
        db.add(
            Delivery(
                key="k", member_id=member.key, platform="test", occasion="o",
                due_at=due, available_at=due, state=DeliveryState.WAITING,
            )
        )  # fmt: skip

    world.coach.database.call(work)


READY = {"database": True, "test": True, "stopping": False, "oldest_due_seconds": 0.0}


async def test_all_is_well(stand: Stand) -> None:
    assert await stand.ready() == (200, READY)
    assert (await stand.get("/health")).status == 200


async def test_a_lag_is_shown_but_makes_nobody_unready(stand: Stand, a_due_one: None) -> None:
    assert await stand.ready() == (200, READY | {"oldest_due_seconds": 90.0})
    told = await stand.get("/metrics")
    assert (told.status, told.headers["content-type"]) == (200, CONTENT_TYPE_LATEST)
    lines = told.text.splitlines()
    assert "preceptor_database_up 1.0" in lines
    assert "preceptor_due_lag_seconds 90.0" in lines
    assert 'preceptor_deliveries_waiting{platform="test"} 1.0' in lines
    assert 'preceptor_turn_seconds_count{command="goal.add"} 1.0' in lines


async def test_no_page_names_a_member(stand: Stand, a_due_one: None) -> None:
    for page in ("/health", "/ready", "/metrics"):
        told = (await stand.get(page)).text.lower()
        assert "amina" not in told
        assert "boards" not in told


async def test_a_cut_platform_makes_unready(stand: Stand) -> None:
    stand.connected = False
    assert await stand.ready() == (503, READY | {"test": False})


async def test_who_is_stopping_is_not_ready_but_alive(stand: Stand) -> None:
    stand.pages.stopping = True
    assert await stand.ready() == (503, READY | {"stopping": True})
    assert (await stand.get("/health")).status == 200


async def without_database(stand: Stand) -> None:
    """See that the pages answer all the same."""
    gone = READY | {"database": False, "oldest_due_seconds": None}
    assert await stand.ready() == (503, gone)
    told = await stand.get("/metrics")
    assert told.status == 200
    assert "preceptor_database_up 0.0" in told.text.splitlines()
    assert "preceptor_turn_failures_total 0.0" in told.text.splitlines()
    assert "lag" not in told.text
    assert (await stand.get("/health")).status == 200


async def test_a_database_that_is_gone(postgres: Postgres) -> None:
    world = World(postgres.create("gone", "template"), at("2027-01-01 12:00"))
    postgres.drop("gone")
    await without_database(Stand(world))
    world.close()


async def test_a_database_that_does_not_answer(
    world: World, stand: Stand, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(serving_pages, "PATIENCE", 0.05)
    let_go = threading.Event()
    stuck = asyncio.create_task(world.coach.database.run(lambda _: let_go.wait(30)))
    try:
        await without_database(stand)
    finally:
        let_go.set()
        await stuck
    assert await stand.ready() == (200, READY)
