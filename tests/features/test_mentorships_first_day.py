"""The first days of a pair: one message at a time about the same thing."""

import pytest

from bot.domain.mentorship import About
from tests.features.pairs import paired
from tests.pilot import Pilot, World, at


@pytest.fixture
def daniel(world: World) -> Pilot:
    """A mentor in Prague."""
    return world.member("daniel", "Europe/Prague")


async def test_times_are_not_offered_within_hours_of_the_news_that_offers_them(
    world: World, amina: Pilot, daniel: Pilot
) -> None:
    """The pair begins in the evening, so that both hear of it at noon on the next day."""
    await world.until(at("2027-01-04 21:30"))
    await paired(world, amina, daniel)
    await world.until(at("2027-01-05 20:00"))
    came = [key.split(":")[0] for _, _, key in amina.delivered() + daniel.delivered()]
    assert [each for each in came if each.startswith("mentorship.")] == [About.BEGUN, About.BEGUN]
    await world.until(at("2027-01-06 13:00"))
    for each in (amina, daniel):
        keys = [key.split(":")[0] for _, _, key in each.delivered()]
        assert keys.count(About.SLOTS) == 1
