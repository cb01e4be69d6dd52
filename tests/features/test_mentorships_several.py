"""Who has several pairs is asked about one of them a day, and not twice about the same."""

from collections import Counter

import pytest

from bot.domain.mentorship import About
from tests.features.pairs import about, paired
from tests.pilot import Pilot, World

QUESTIONS = {About.SLOTS, About.UNMET, About.HEALTH, About.SILENCE}
MENTEES = ("amina", "linh", "milan", "omar", "teresa")


@pytest.fixture
def daniel(world: World) -> Pilot:
    """A mentor in New York."""
    return world.member("daniel", "America/New_York")


async def test_a_mentor_of_five_is_asked_about_one_of_them_a_day(
    world: World, daniel: Pilot
) -> None:
    await world.until("2027-01-04 12:00")
    for name in MENTEES:
        await paired(world, world.member(name), daniel)
    await world.until("2027-03-15 12:00")
    asked = [(at, key) for at, _, key in daniel.delivered() if key.split(":")[0] in QUESTIONS]
    days = Counter(at.astimezone(daniel.zone).date() for at, _ in asked)
    assert set(days.values()) == {1}
    # Put off is not left out: each pair is asked about all the same.
    for what in (About.UNMET, About.SILENCE):
        pairs = [key.split(":")[1] for _, key in asked if key.startswith(what)]
        assert sorted(pairs) == sorted(set(pairs))
        assert len(pairs) == len(MENTEES)


async def test_how_it_goes_is_not_asked_while_a_question_about_the_same_is_open(
    world: World, amina: Pilot, daniel: Pilot
) -> None:
    await world.until("2027-01-04 12:00")
    await paired(world, amina, daniel)
    await world.until("2027-02-10 12:00")  # unmet at three weeks; how it goes would be at thirty
    for each in (amina, daniel):
        assert len(about(each, "have not met yet")) == 1
        assert about(each, "How is this mentorship going") == []
    await world.until("2027-04-10 12:00")
    for each in (amina, daniel):
        assert len(about(each, "How is this mentorship going")) == 1


async def test_how_it_goes_is_asked_once_something_came_of_the_question(
    world: World, amina: Pilot, daniel: Pilot
) -> None:
    await world.until("2027-01-04 12:00")
    await paired(world, amina, daniel)
    await world.until("2027-01-26 12:00")
    await amina.says("/mentor meet 28 January 17:00")
    await daniel.says("/mentor meet 28 January 12:00")
    await world.until("2027-02-10 12:00")
    assert len(about(amina, "How is this mentorship going")) == 1
