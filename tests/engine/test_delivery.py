"""Promised once, sent once, withheld with a reason, tried again as told."""

import asyncio
from datetime import timedelta

import pytest

from bot.errors import TryLater, Unreachable
from bot.models import Delivery
from bot.store import deliveries
from tests.pilot import Pilot, World, at


@pytest.fixture
async def asked(world: World, amina: Pilot) -> Pilot:
    """Amina has a goal; her first check-in is due on Monday 4 January at 09:00."""
    await amina.says("/goal add Pass the boards by June 2027")
    return amina


async def rows(world: World) -> list[Delivery]:
    return list(
        await world.coach.database.run(lambda db: list(deliveries.recent(db, 1, 50, world.clock())))
    )


async def test_one_check_in_and_a_second_tick_none(world: World, asked: Pilot) -> None:
    monday = at("2027-01-04 09:00")
    await world.sleeps_until(monday)
    assert len(asked.news()) == 1
    await world.sleeps_until(monday)
    await world.sleeps_until(monday + timedelta(minutes=5))
    assert asked.news() == []


async def test_two_ticks_at_the_same_instant_send_one(world: World, asked: Pilot) -> None:
    world.clock.moment = at("2027-01-04 09:00")
    await asyncio.gather(*(world.coach.rounds.tick(world.clock.moment) for _ in range(8)))
    assert len(asked.news()) == 1


async def test_a_late_check_in_says_so_and_a_stale_one_is_withheld(
    world: World, asked: Pilot
) -> None:
    await world.sleeps_until("2027-01-05 16:00")
    [late] = asked.news()
    assert "later than I promised" in late
    await asked.presses("On track")
    await world.sleeps_until("2027-01-29 12:00")  # three Mondays were slept through
    weekly = [each for each in await rows(world) if each.occasion == "checkin.weekly"]
    assert [(each.state, each.reason) for each in weekly] == [
        ("dropped", "stale"),
        ("sent", "late"),
    ]
    assert not any("boards stand" in text for text in asked.news())


async def test_wait_as_told(world: World, asked: Pilot) -> None:
    world.outbox.refuse = [TryLater("ratelimited", after=90)]
    await world.sleeps_until("2027-01-04 09:00")
    assert asked.news() == []
    await world.sleeps_until(at("2027-01-04 09:01"))
    assert asked.news() == []
    await world.sleeps_until(at("2027-01-04 09:00") + timedelta(seconds=92))
    assert len(asked.news()) == 1


async def test_refusals_for_two_hours_are_a_visible_failure(world: World, asked: Pilot) -> None:
    world.outbox.refuse = [TryLater("error")] * 6
    await world.until("2027-01-04 10:00")
    [weekly] = [each for each in await rows(world) if each.occasion == "checkin.weekly"]
    assert (weekly.state, weekly.attempts) == ("waiting", 5)
    await world.until("2027-01-04 12:00")
    [weekly] = [each for each in await rows(world) if each.occasion == "checkin.weekly"]
    assert (weekly.state, weekly.attempts) == ("failed", 6)
    await asked.says("/coach why")
    assert "could not be delivered" in asked.answer


async def test_an_unreachable_member_is_left_alone_and_told_at_the_next_contact(
    world: World, asked: Pilot
) -> None:
    daniel = world.member("daniel", "Europe/London")
    await daniel.says("/goal add Lead a team of five by March 2028")
    world.outbox.refuse = [Unreachable("closed")]
    await world.until("2027-01-11 10:00")
    assert {len(asked.delivered()), len(daniel.delivered())} == {0, 3}
    away = asked if not asked.delivered() else daniel
    await away.says("/goal list")
    assert "I could not reach you since 4 January" in away.answer
    await world.until("2027-01-18 10:00")
    assert len(away.delivered()) == 1


async def test_a_crash_between_the_platforms_yes_and_our_mark(world: World, asked: Pilot) -> None:
    """The platform has the message, our mark was lost: the platform is asked, nothing doubles."""

    async def dies(*_):
        raise asyncio.CancelledError

    world.coach.courier._marker.write = dies  # type: ignore[method-assign]
    await world.sleeps_until("2027-01-04 09:00")
    assert len(asked.news()) == 1
    world.restart()
    await world.sleeps_until("2027-01-04 09:00")
    assert asked.news() == []  # still under the dead worker's lease
    await world.sleeps_until("2027-01-04 09:02")
    assert asked.news() == []
    [weekly] = [each for each in await rows(world) if each.occasion == "checkin.weekly"]
    assert (weekly.state, weekly.attempts) == ("sent", 2)


async def test_a_message_that_cannot_be_composed_holds_up_nobody(
    world: World, asked: Pilot, monkeypatch: pytest.MonkeyPatch
) -> None:
    daniel = world.member("daniel", "Europe/London")
    await daniel.says("/goal add Lead a team of five by March 2028")
    real = world.coach.courier._composer._occasions["checkin.weekly"].compose

    def breaks_for_amina(turn, delivery, late):
        if turn.member.user == "amina":
            raise ZeroDivisionError
        return real(turn, delivery, late)

    occasion = world.coach.courier._composer._occasions["checkin.weekly"]
    monkeypatch.setitem(
        world.coach.courier._composer._occasions,
        "checkin.weekly",
        type(occasion)(
            name=occasion.name, compose=breaks_for_amina, stale_after=occasion.stale_after
        ),
    )
    await world.until("2027-01-04 12:00")
    assert len(daniel.news()) == 1
    assert asked.news() == []


async def test_a_pause_silences_at_once_even_what_was_promised(world: World, asked: Pilot) -> None:
    world.outbox.refuse = [TryLater("ratelimited", after=600)]
    await world.sleeps_until("2027-01-04 09:00")
    await asked.says("/coach pause until 1 February")
    await world.until("2027-01-31 23:00")
    assert asked.news() == []
    assert {each.reason for each in await rows(world)} == {"paused"}
