"""Who was named in confidence learns of it from nothing that a round says."""

from collections.abc import Mapping

import pytest

from tests.features.mentoring_ground import says_who
from tests.pilot import Pilot, World

#: What may be said to somebody who had a choice before a confidence took it away.
NOT_ALL_RIGHT = "No pair came about for you in which all was right."
#: What would be false: the mentor offers all that is looked for, and has a place.
FALSE = ("enough of what you look for", "Nobody who fits", "Few mentors fit", "had no place left")


async def one_of_each(world: World, **facts: str) -> tuple[Pilot, Pilot, Pilot]:
    """A round with a mentor and a mentee who fit in everything."""
    rosa, daniel, ella = (world.member(name) for name in ("rosa", "daniel", "ella"))
    await says_who(daniel, "mentor", "quality,hard_talks", **facts)
    await says_who(ella, "mentee", "quality,hard_talks")
    await rosa.says("/mentor round open until 8 January")
    for each in (daniel, ella):
        await each.says("/mentor round join")
    return rosa, daniel, ella


async def names(pilot: Pilot, other: str) -> None:
    await pilot.says("/mentor profile")
    await pilot.presses("In confidence")
    await pilot.fills(not_with=other)


async def told_after(world: World, rosa: Pilot, ella: Pilot) -> str:
    """Publish the round, and give what the mentee without a mentor hears."""
    await rosa.says("/mentor round close")
    await rosa.says("/mentor round publish")
    await world.until("2027-01-12 20:00")
    [told] = [text for text in ella.news() if "I found no mentor for you" in text]
    return told


async def test_whom_one_ranked_stays_listed_and_no_reason_is_false(world: World) -> None:
    rosa, daniel, ella = await one_of_each(world)
    await ella.says("/mentor round rank")
    assert ella.form is not None
    [(value, label)] = ella.form.fields[0].choices
    card = ella.form.intro
    await ella.fills(first=value)
    await names(daniel, "ella")

    await ella.says("/mentor round")
    assert "Mentors you would like: Daniel" in ella.answer
    await ella.says("/mentor round rank")
    assert ella.form is not None
    assert ella.form.intro == card
    assert ella.form.fields[0].choices == ((value, label),)
    assert ella.form.fields[0].value == value

    told = await told_after(world, rosa, ella)
    assert NOT_ALL_RIGHT in told
    assert not any(each in told for each in FALSE)


async def test_who_ranked_nobody_is_not_told_that_nobody_fits(world: World) -> None:
    _, daniel, ella = await one_of_each(world)
    await names(daniel, "ella")
    await ella.says("/mentor round rank")
    assert "I have nobody in the round to show you so far" in ella.answer
    assert not any(each in ella.answer for each in FALSE)


@pytest.mark.parametrize("facts", [{}, {"languages": "Swedish"}])
async def test_where_a_mentor_with_a_place_was_kept_away_no_place_is_not_the_reason(
    world: World, facts: Mapping[str, str]
) -> None:
    rosa, daniel, ella = await one_of_each(world, **facts)
    linh, finn = world.member("linh"), world.member("finn")
    await says_who(linh, "mentor", "quality,hard_talks", capacity="1")
    await says_who(finn, "mentee", "quality,hard_talks")
    for each in (linh, finn):
        await each.says("/mentor round join")
    await linh.says("/mentor round rank")
    assert linh.form is not None
    mine = next(value for value, label in linh.form.fields[0].choices if label == "Finn")
    await linh.fills(first=mine)
    await finn.says("/mentor round rank")
    assert finn.form is not None
    theirs = next(value for value, label in finn.form.fields[0].choices if label == "Linh")
    await finn.fills(first=theirs)
    if not facts:
        await names(daniel, "ella")
    told = await told_after(world, rosa, ella)
    assert "whom I could bring you together with, and their places were taken" in told
    assert not any(each in told for each in FALSE)
