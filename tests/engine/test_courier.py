"""Fair turns, an allowed pace, waits that the platform asks for, and a stop that loses nothing."""

import asyncio
from datetime import timedelta

import pytest
from sqlmodel import select

from bot.chat.incoming import Actor, Said
from bot.errors import TryLater
from bot.models import Delivery, DeliveryState, Lane
from tests.pilot import World, at

MONDAY = at("2027-01-04 09:00")


async def team(world: World, workspace: str, size: int) -> None:
    """Let people of a workspace join; their first check-ins are due on Monday."""
    for number in range(size):
        actor = Actor("test", workspace, f"{workspace}{number}", "", "Europe/London")
        said = Said(actor, "/goal add Pass the boards by June 2027", f"{workspace}{number}")
        await world.coach.dispatch.handle(said)


async def rows(world: World) -> list[Delivery]:
    weekly = select(Delivery).where(Delivery.occasion == "checkin.weekly")
    return await world.coach.database.run(lambda db: list(db.exec(weekly)))


def sent(world: World, workspace: str) -> int:
    return sum(to.workspace == workspace for _, to, _, _ in world.outbox.sent)


async def test_a_small_workspace_does_not_wait_for_a_large_one(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    await team(world, "large", 30)
    await team(world, "small", 3)
    monkeypatch.setattr("bot.engine.courier.BATCH", 10)
    world.clock.moment = MONDAY
    order: list[str] = []
    real = world.outbox.send

    async def send(to, message, key):
        order.append(to.workspace)
        return await real(to, message, key)

    world.outbox.send = send  # type: ignore[method-assign]
    await world.coach.rounds.tick(MONDAY)
    assert len(order) == 33
    assert max(place for place, each in enumerate(order) if each == "small") < 10


async def test_a_workspace_is_sent_to_at_the_platforms_pace(world: World) -> None:
    await team(world, "one", 10)
    await team(world, "two", 2)
    world.outbox.pace = 4.0
    for second, expected in enumerate([4, 8, 10, 10]):
        await world.sleeps_until(MONDAY + timedelta(seconds=second))
        assert (sent(world, "one"), sent(world, "two")) == (expected, 2)


async def test_finish_waits_for_the_pace(world: World) -> None:
    await team(world, "one", 6)
    world.outbox.pace = 20.0
    world.clock.moment = MONDAY
    counts = await world.coach.rounds.finish(MONDAY)
    assert counts["sent"] == sent(world, "one") == 6


async def test_a_platform_that_asks_to_wait_is_left_alone_by_all_of_the_workspace(
    world: World,
) -> None:
    await team(world, "one", 9)
    await team(world, "two", 2)
    world.outbox.pace = 4.0
    world.outbox.refuse = [TryLater("ratelimited", 30, blameless=True, everyone=True)]
    await world.sleeps_until(MONDAY)
    first = {name: sent(world, name) for name in ("one", "two")}
    assert sum(first.values()) == 5  # one of six was refused
    refused = "one" if first["one"] == 3 else "two"
    for second in range(1, 30):
        await world.sleeps_until(MONDAY + timedelta(seconds=second))
        assert sent(world, refused) == first[refused]
    for second in range(31, 36):
        await world.sleeps_until(MONDAY + timedelta(seconds=second))
    assert (sent(world, "one"), sent(world, "two")) == (9, 2)
    assert {each.attempts for each in await rows(world)} == {1}  # nobody is to blame


async def test_an_unheard_outcome_stays_unheard_until_the_platform_has_told(world: World) -> None:
    await team(world, "one", 1)
    world.outbox.refuse = [TryLater("timeout", 1, unheard=True)]
    await world.sleeps_until(MONDAY)
    # What was unheard had arrived; asking is refused twice, and nothing may be sent meanwhile.
    key = (await rows(world))[0].key
    asked: list[int] = []

    async def find(to, wanted):
        asked.append(1)
        if len(asked) < 3:
            raise TryLater("ratelimited", 60, blameless=True)
        return "there" if wanted == key else None

    world.outbox.find = find  # type: ignore[method-assign]
    for minute in range(1, 5):
        await world.sleeps_until(MONDAY + timedelta(minutes=minute, seconds=minute))
    [row] = await rows(world)
    assert (row.state, row.sent_ref, len(asked)) == (DeliveryState.SENT, "there", 3)
    assert world.outbox.sent == []


async def test_a_slow_send_holds_up_nobody_else(world: World) -> None:
    await team(world, "one", 5)
    world.clock.moment = MONDAY
    slow, real = asyncio.Event(), world.outbox.send

    async def send(to, message, key):
        if to.user == "one0":
            await slow.wait()
        return await real(to, message, key)

    world.outbox.send = send  # type: ignore[method-assign]
    await world.coach.rounds.tick(MONDAY, settle=False)
    while sent(world, "one") < 4:
        await asyncio.sleep(0.01)
    await world.coach.rounds.tick(MONDAY + timedelta(minutes=5), settle=False)  # and not twice
    slow.set()
    await world.coach.courier.settle()
    assert sent(world, "one") == 5


async def test_a_stop_gives_back_what_is_under_way(world: World) -> None:
    await team(world, "one", 3)
    world.clock.moment = MONDAY
    real = world.outbox.send

    async def send(to, message, key):
        ref = await real(to, message, key)
        if to.user == "one0":
            await asyncio.Event().wait()  # it has arrived, and we do not hear of it
        return ref

    world.outbox.send = send  # type: ignore[method-assign]
    await world.coach.rounds.tick(MONDAY, settle=False)
    while sent(world, "one") < 3:
        await asyncio.sleep(0.01)
    await world.coach.rounds.stop(0.1)
    given_back = [each for each in await rows(world) if each.state == DeliveryState.WAITING]
    assert [(each.reason, each.claimed_until) for each in given_back] == [("unheard", None)]
    world.outbox.send = real  # type: ignore[method-assign]
    world.restart()
    await world.sleeps_until(MONDAY + timedelta(seconds=1))  # at once: no lease is in the way
    assert sent(world, "one") == 3
    assert {each.state for each in await rows(world)} == {DeliveryState.SENT}


async def test_lanes_are_made_once(world: World) -> None:
    await team(world, "one", 2)
    await world.until(MONDAY + timedelta(days=14))
    lanes = await world.coach.database.run(lambda db: db.exec(select(Lane)).all())
    assert [(each.platform, each.workspace) for each in lanes] == [("test", "one")]
