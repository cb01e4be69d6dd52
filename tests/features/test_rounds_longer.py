"""A round is kept open longer, and its coordinators hear what is true of it."""

import re

import pytest

from bot.domain.mentoring import Role
from tests.features.mentoring_ground import says_who
from tests.features.rounds_ground import all_join, crowd, draft_rows, lay
from tests.pilot import Pilot, World, at


async def leaves(pilot: Pilot) -> None:
    """Let somebody be forgotten."""
    await pilot.says("/coach forget")
    await pilot.presses_action(pilot.replies[-1].messages[-1].buttons[0].action)


@pytest.mark.parametrize("kind", ["sqlite", "postgres"])
async def test_an_open_round_is_kept_open_longer_and_only_the_others_are_asked(
    world: World,
) -> None:
    rosa, mentees, mentors = await crowd(world, mentees=3, mentors=1)
    await rosa.says("/mentor round open until 15 January")
    assert "I ask 4 people" in rosa.answer
    await all_join(mentees[:1])
    await world.until("2027-01-06 20:00")
    assert len([text for text in mentees[1].news() if "match round is open" in text]) == 1
    await world.coach.database.run(lambda db: lay(db, world, "late", Role.MENTEE, 1))
    late = world.member("late")

    await rosa.says("/mentor round open until 10 January")
    assert rosa.answer == (
        "A round is open until 15 January. "
        "“/mentor round open until 22 January” keeps it open longer."
    )
    await rosa.says("/mentor round open until 29 January")
    assert "The round stays open until Friday 29 January at 23:59" in rosa.answer
    assert "I ask 1 person with a profile" in rosa.answer
    await world.until("2027-01-11 20:00")
    assert len([text for text in late.news() if "match round is open" in text]) == 1
    assert not [text for text in mentees[1].news() if "match round is open" in text]

    await mentees[0].says("/mentor round")
    assert "You are in" in mentees[0].answer
    await world.until("2027-01-18 20:00")
    assert not [text for text in rosa.news() if "is closed" in text]
    await all_join(mentees[1:], mentors)
    assert not [text for text in mentees[0].news() if "named nobody" in text]
    await world.until("2027-02-02 12:00")
    assert len([text for text in mentees[0].news() if "named nobody" in text]) == 1
    [ready] = [text for text in rosa.news() if "is closed" in text]
    assert "3 mentees and 1 mentor came in" in ready
    assert await draft_rows(world)


@pytest.mark.parametrize("kind", ["sqlite", "postgres"])
async def test_who_was_not_reached_before_a_round_closed_is_asked_when_it_opens_again(
    world: World,
) -> None:
    world.clock.moment = at("2027-01-04 23:00")  # too late to ask anybody tonight
    rosa, mentees, _ = await crowd(world, mentees=2, mentors=0)
    await rosa.says("/mentor round open until 25 January")
    await all_join(mentees[:1])
    await rosa.says("/mentor round close")
    assert "no mentor" in rosa.answer
    await rosa.presses("Keep it open longer")
    await rosa.fills(until="29 January")
    assert "I ask 1 person with a profile" in rosa.answer
    await world.until("2027-01-08 20:00")
    assert len([text for text in mentees[1].news() if "match round is open" in text]) == 1
    await world.until("2027-02-01 20:00")
    assert len([text for text in mentees[0].news() if "named nobody" in text]) == 1


async def test_an_open_round_can_be_kept_open_by_the_form(world: World) -> None:
    rosa, _, _ = await crowd(world, mentees=1, mentors=1)
    await rosa.says("/mentor round open until 15 January")
    await rosa.says("/mentor round open")
    assert rosa.form is not None
    assert rosa.form.fields[0].value == "22 January 2027"
    await rosa.fills()
    assert "The round stays open until Friday 22 January at 23:59" in rosa.answer


async def test_where_nobody_is_asked_it_is_said_why(world: World) -> None:
    rosa, ella = world.member("rosa"), world.member("ella")
    await rosa.says("/mentor round open until 15 January")
    assert "Nobody else has a profile yet" in rosa.answer
    await says_who(ella, "mentee", "quality,hard_talks")
    await rosa.says("/mentor round open until 16 January")
    assert "I ask 1 person" in rosa.answer
    await rosa.says("/mentor round open until 17 January")
    assert "Everybody with a profile who is not paused was asked already or is in" in rosa.answer
    assert "Nobody else" not in rosa.answer


async def test_a_day_that_is_over_or_unreadable_is_what_is_named(world: World) -> None:
    rosa, amina = world.member("rosa"), world.member("amina")
    for day in ("yesterday", "2 days ago", "last Friday", "3 January 2020"):
        await rosa.says(f"/mentor round open until {day}")
        assert "has passed" in rosa.answer, day
    await rosa.says("/mentor round open until blurbday")
    assert "“blurbday”" in rosa.answer
    assert "A round does not know" not in rosa.answer
    await rosa.says("/mentor round open until 31 February")
    assert "There is no such day" in rosa.answer
    await rosa.says("/mentor round open 3/4")
    assert "can be two days" in rosa.answer
    await amina.says("/mentor round open until yesterday")
    assert "That is for who coordinates mentorship here" in amina.answer
    await rosa.says("/mentor round open 15 January")
    assert "The round is open until Friday 15 January at 23:59" in rosa.answer


async def test_of_a_closed_round_who_coordinates_hears_what_to_do(world: World) -> None:
    rosa, mentees, mentors = await crowd(world, mentees=1, mentors=1)
    await rosa.says("/mentor round open until 15 January")
    await rosa.says("/mentor round close")
    await rosa.says("/mentor round")
    assert "Closed, with nobody in it, so there is nothing to match" in rosa.answer
    await rosa.presses("Keep it open longer")
    await rosa.fills(until="20 January")
    await all_join(mentees, mentors)
    await rosa.says("/mentor round close")
    await rosa.says("/mentor round")
    assert "Closed. The draft waits for you: press “The draft”." in rosa.answer
    await mentees[0].says("/mentor round")
    assert "looked at by who coordinates" in mentees[0].answer


async def test_the_total_is_never_less_than_its_only_pair(world: World) -> None:
    rosa, ella, daniel = (world.member(name) for name in ("rosa", "ella", "daniel"))
    await says_who(ella, "mentee", "quality,hard_talks", rhythm="weekly")
    await says_who(daniel, "mentor", "quality,hard_talks")
    await rosa.says("/mentor round open until 15 January")
    await all_join([ella, daniel])
    await rosa.says("/mentor round close")
    found = re.search(r"total fit ([\d.]+) of 1, the weakest pair ([\d.]+)\. No", rosa.answer)
    assert found is not None, rosa.answer
    assert found[1] == found[2]
    assert len(found[1]) == len("0.94")


@pytest.mark.parametrize("kind", ["sqlite", "postgres"])
async def test_the_draft_goes_to_another_who_coordinates_when_one_has_left(url: str) -> None:
    world = World(url, at("2027-01-04 12:00"), frozenset({"rosa", "milan", "never_came"}))
    rosa, mentees, mentors = await crowd(world, mentees=2, mentors=1)
    milan = world.member("milan", "Europe/London")
    await milan.says("/mentor")
    await rosa.says("/mentor round open until 8 January")
    await all_join(mentees, mentors)
    await leaves(rosa)
    await world.until("2027-01-12 20:00")
    assert len([text for text in milan.news() if "The draft is ready" in text]) == 1
    world.close()


async def test_the_draft_comes_to_one_who_coordinates_only(url: str) -> None:
    world = World(url, at("2027-01-04 12:00"), frozenset({"rosa", "milan"}))
    rosa, mentees, mentors = await crowd(world, mentees=2, mentors=1)
    milan = world.member("milan", "Europe/London")
    await milan.says("/mentor")
    await rosa.says("/mentor round open until 8 January")
    await all_join(mentees, mentors)
    await world.until("2027-01-12 20:00")
    assert len([text for text in rosa.news() if "The draft is ready" in text]) == 1
    assert not [text for text in milan.news() if "The draft is ready" in text]
    world.close()
