"""The heartbeat: it wakes rounds, survives a failing one, and never doubles a slow one."""

import asyncio
from datetime import timedelta

import pytest
from sqlalchemy import event

from bot.engine.ticker import Ticker
from bot.store import deliveries
from tests.pilot import Pilot, World, at


async def beats(ticker: Ticker, enough: asyncio.Event) -> None:
    ticker.start()
    try:
        await asyncio.wait_for(enough.wait(), 5)
    finally:
        await ticker.stop()


async def test_it_delivers_what_is_due(world: World, amina: Pilot) -> None:
    await amina.says("/goal add Pass the boards by June 2027")
    world.clock.moment = at("2027-01-04 09:00")
    enough, real = asyncio.Event(), world.outbox.send

    async def send(*args):
        ref = await real(*args)
        enough.set()
        return ref

    world.outbox.send = send  # type: ignore[method-assign]
    await beats(Ticker(world.coach.rounds, world.clock, 0.02), enough)
    assert len(amina.delivered()) == 1
    rows = await world.coach.database.run(
        lambda db: list(deliveries.recent(db, 1, 9, world.clock()))
    )
    [weekly] = [each for each in rows if each.occasion == "checkin.weekly"]
    assert weekly.state == "sent"  # stop() waited for the tick to mark it


async def test_a_failing_tick_is_logged_and_the_next_one_comes(
    world: World, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    enough, calls = asyncio.Event(), []

    async def tick(now, *, settle):
        calls.append(now)
        if len(calls) == 1:
            raise RuntimeError("words of a member")
        enough.set()
        return {}

    monkeypatch.setattr(world.coach.rounds, "tick", tick)
    await beats(Ticker(world.coach.rounds, world.clock, 0.02), enough)
    [record] = [each for each in caplog.records if getattr(each, "action", "") == "tick_failed"]
    assert "RuntimeError at" in record.cause
    assert "words of a member" not in str(record.__dict__)


async def test_a_slow_tick_is_not_doubled(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    at_once, most, enough = 0, [], asyncio.Event()

    async def tick(_, *, settle):
        nonlocal at_once
        at_once += 1
        most.append(at_once)
        await asyncio.sleep(0.1)
        at_once -= 1
        if len(most) == 2:
            enough.set()
        return {}

    monkeypatch.setattr(world.coach.rounds, "tick", tick)
    await beats(Ticker(world.coach.rounds, world.clock, 0.02), enough)
    assert set(most) == {1}


async def test_live_until_delivers_each_at_its_own_hour(world: World, amina: Pilot) -> None:
    await amina.says("/goal add Pass the boards by June 2027")
    start = world.clock.moment
    counts = await world.coach.rounds.live_until(start, start + timedelta(days=14))
    assert counts["sent"] == 4  # two check-ins, two reminders; a first review so soon is held


@pytest.mark.parametrize("kind", ["sqlite"])
async def test_a_tick_that_finds_nothing_does_not_go_through_the_members(
    world: World, amina: Pilot
) -> None:
    """Else a tick would take longer with each member, though nothing is due."""
    await amina.visits()
    await world.coach.rounds.tick(world.clock())  # with the upkeep of the day
    steps: list[str] = []

    def explain(connection, cursor, statement, parameters, context, many):
        plan = cursor.connection.execute(f"EXPLAIN QUERY PLAN {statement}", parameters)
        steps.extend(step for *_, step in plan)

    event.listen(world.coach.database.engine, "before_cursor_execute", explain)
    await world.coach.rounds.tick(world.clock())
    ways = [each for each in steps if each.split()[1] in {"member", "rhythm", "delivery", "feed"}]
    assert {each.split()[1] for each in ways} == {"member", "rhythm", "delivery", "feed"}
    assert all("USING INTEGER PRIMARY KEY" in each or "_at<" in each for each in ways), ways
