"""Circles that a coordinator forms of those who wait."""

from collections.abc import Iterator

import pytest

from bot.models import CircleSeat, CircleWait
from tests.features.circle_ground import START, Town

NAMES = ("amina", "daniel", "milan", "teresa", "wanjiru", "linh", "omar", "ines", "sven")


@pytest.fixture
def town(url: str) -> Iterator[Town]:
    made = Town(url, START)
    yield made
    made.close()


async def test_a_coordinator_forms_circles_and_nobody_is_left_without_a_word(town: Town) -> None:
    people = await town.meet(*NAMES, "rosa")
    rosa = people["rosa"]
    await rosa.says("/circle form")
    assert "Nobody waits for a circle now" in rosa.answer
    for name in NAMES[:7]:
        await people[name].says("/circle join async short")
        assert "You are on the list: in a thread over two days, six sessions" in people[name].answer
    await people["ines"].says("/circle join")
    await people["ines"].fills(form="live", length="short")
    await people["ines"].says("/circle")
    assert (
        "You are on the list for a circle (an hour together, six sessions)" in people["ines"].answer
    )
    await people["sven"].says("/circle join async")
    await people["sven"].says("/circle leave")
    assert "You are off the list" in people["sven"].answer

    await rosa.says("/circle form")
    assert "1 circle for 8 people who wait" in rosa.answer
    assert "Ines: no circle in this draw was right at once" in rosa.answer
    assert await town.rows(CircleSeat) == []  # a draft is a draft
    await rosa.presses("Draw again")
    draft = rosa.button("Publish")
    await rosa.presses_action("circle.publish:0")
    assert "That draft is no longer there" in rosa.answer
    await people["omar"].says("/circle leave")  # gone between the draft and its publishing
    await rosa.presses_action(draft)
    assert "Formed: 1 circle of 6 people" in rosa.answer
    assert "1 person stays on the list and hears why" in rosa.answer
    await rosa.presses_action(draft)
    assert "That draft is no longer there" in rosa.answer

    await town.until("2027-01-05 20:00")
    assert sorted(await town.seated()) == sorted(NAMES[:6])
    assert await town.host() == "amina"  # she waited longest
    assert sorted(town.channel.people) == sorted(NAMES[:6])
    assert town.channel.name.startswith("circle-")
    assert "You waited longest, so you look after it" in people["amina"].news()[-1]
    assert "Amina looks after it" in people["daniel"].news()[-1]
    [held_back] = people["ines"].news()
    assert (
        "there was none for you this time: too few would like to meet in the same way" in held_back
    )
    assert [each.member_id for each in await town.rows(CircleWait)] == [8]


async def test_a_draft_that_has_grown_old_forms_nothing(town: Town) -> None:
    people = await town.meet(*NAMES[:5], "rosa")
    for name in NAMES[:5]:
        await people[name].says("/circle join text")
    await people["rosa"].says("/circle form")
    await people["teresa"].says("/circle leave")
    await people["rosa"].presses("Publish")
    assert "have changed since this draft" in people["rosa"].answer
    assert await town.rows(CircleSeat) == []
    await people["rosa"].says("/circle form")
    assert "0 circles for 4 people who wait" in people["rosa"].answer
    assert "fewer than five wait for circles of this length" in people["rosa"].answer
    assert "Publish" not in [each.label for each in people["rosa"].replies[-1].messages[0].buttons]


async def test_people_who_sat_together_lately_are_not_put_together_again(town: Town) -> None:
    people = await town.circle(*NAMES[:5], form="async", length="short")
    await people["amina"].says("/circle close")
    await people["amina"].presses("End the circle")
    await town.hour()
    people |= await town.meet("rosa")
    for name in NAMES[:5]:
        await people[name].says("/circle join async short")
    await people["rosa"].says("/circle form")
    assert "no circle in this draw was right at once" in people["rosa"].answer
