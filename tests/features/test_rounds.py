"""A match round from its opening to its pairs, seen by everybody in it."""

import pytest

from bot.domain.mentoring import Role
from tests.features.mentoring_ground import says_who
from tests.features.rounds_ground import all_join, begun, crowd, draft_rows, lay
from tests.pilot import World, at


@pytest.mark.parametrize("kind", ["sqlite", "postgres"])
async def test_a_round_from_its_opening_to_its_pairs(world: World) -> None:
    rosa, mentees, mentors = await crowd(world, mentees=10, mentors=5)
    await rosa.says("/mentor round open until 15 January")
    assert "open until Friday 15 January at 23:59" in rosa.answer
    assert "I ask 15 people" in rosa.answer

    await world.until("2027-01-04 13:00")
    [asked] = [text for text in mentees[0].news() if "match round is open" in text]
    assert "You can find a mentor in it" in asked
    await mentees[0].presses("Join")
    assert "You are in." in mentees[0].answer
    await mentees[1].presses("Not this time")
    assert "not this time" in mentees[1].answer
    await all_join(mentees[1:], mentors)

    await mentees[0].says("/mentor round rank")
    form = mentees[0].form
    assert form is not None
    assert form.fields[0].name == "first"
    assert "which you look for" in form.intro
    wanted = {label: value for value, label in form.fields[0].choices}
    assert 1 <= len(wanted) <= 5
    first = next(iter(wanted.values()))
    await mentees[0].fills(first=first, second=first)
    assert mentees[0].form is not None
    assert "You chose this person already" in mentees[0].form.errors["second"]
    await mentees[0].fills(first=first, second="")
    assert "Kept, in this order" in mentees[0].answer

    await world.until("2027-01-14 13:00")
    assert not [text for text in mentees[0].news() if "closes" in text]  # has ranked
    assert [text for text in mentees[2].news() if "you have named nobody yet" in text]
    await world.until("2027-01-18 13:00")
    assert not [text for text in mentees[2].news() if "named nobody" in text]  # once
    [ready] = [text for text in rosa.news() if "The draft is ready" in text]
    assert "10 mentees and 5 mentors came in" in ready
    await mentees[3].says("/mentor round join")
    assert "takes nobody in any more" in mentees[3].answer

    await rosa.presses("The draft")
    assert "No two would both rather be with each other" in rosa.answer
    assert "The stable one stands" in rosa.answer
    drafted = await draft_rows(world)
    assert drafted
    await rosa.presses("All pairs")
    assert "sought and offered" in rosa.answer
    assert not await begun(world)
    await rosa.says("/mentor round publish")
    assert f"{len(drafted)} pairs begin" in rosa.answer
    assert await begun(world) == [(mentee, mentor) for mentee, mentor, _ in drafted]

    await rosa.says("/mentor round publish")
    assert "No match round is open here" in rosa.answer
    await rosa.presses_action("mentor.round_publish:1")
    assert "This round is over" in rosa.answer
    assert len(await begun(world)) == len(drafted)

    await world.until("2027-01-19 18:00")
    paired = {mentee for mentee, _, _ in drafted}
    for each in mentees:
        told = [text for text in each.news() if "I found no mentor for you" in text]
        assert bool(told) == (each.actor.user not in paired), each.actor.user
        assert all("mentor" in text.split("for you.")[1] for text in told)


async def test_only_who_coordinates_opens_closes_and_looks(world: World) -> None:
    rosa, mentees, _ = await crowd(world, mentees=1, mentors=1)
    await rosa.says("/mentor")
    for words in ("open until 15 January", "close", "draft", "change", "publish", "cancel"):
        await mentees[0].says(f"/mentor round {words}")
        assert mentees[0].answer == "That is for who coordinates mentorship here: Rosa."
    await mentees[0].says("/mentor health")
    assert "That is for who coordinates mentorship here: Rosa." in mentees[0].answer


async def test_words_that_do_not_fit_get_one_sentence(world: World) -> None:
    rosa, mentees, _ = await crowd(world, mentees=1, mentors=1)
    amina = mentees[0]
    await amina.says("/mentor round")
    assert "No match round is open" in amina.answer
    await amina.says("/mentor round join")
    assert "No match round is open here" in amina.answer
    await amina.says("/mentor round joni")
    assert "Did you mean this?" in amina.answer
    await amina.says("/mentor round astrology")
    assert "It knows: open, join, rank" in amina.answer
    await rosa.says("/mentor round open until 3 January 2020")
    assert "has passed" in rosa.answer
    await rosa.says("/mentor round open until 1 December 2027")
    assert "more than half a year ahead" in rosa.answer
    await rosa.says("/mentor round open")
    assert rosa.form is not None
    await rosa.fills(until="yesterday")
    assert rosa.form is not None
    assert "until" in rosa.form.errors
    await rosa.fills(until="15 January")
    assert "I ask 2 people" in rosa.answer
    await rosa.says("/mentor round open until 12 January")
    assert "A round is open until 15 January" in rosa.answer
    await rosa.says("/mentor round draft")
    assert "there is no draft yet" in rosa.answer
    await amina.says("/mentor round rank")
    assert "Type “/mentor round join” first" in amina.answer
    await amina.says("/mentor round leave")
    assert "You are not in this round" in amina.answer
    visitor = world.member("visitor")
    await visitor.says("/mentor round join")
    assert "First say what you look for or offer" in visitor.answer


@pytest.mark.parametrize(
    ("mentees", "mentors", "says"),
    [
        (0, 0, "nobody came in, so there is nothing to match"),
        (2, 0, "2 mentees came in and no mentor"),
        (0, 2, "2 mentors came in and no mentee"),
    ],
)
async def test_a_round_with_an_empty_side_says_so_and_can_stay_open(
    world: World, mentees: int, mentors: int, says: str
) -> None:
    rosa, some, others = await crowd(world, mentees, mentors)
    await rosa.says("/mentor round open until 8 January")
    await all_join(some, others)
    await world.until("2027-01-12 12:00")
    assert any(says in text for text in rosa.news())
    for words in ("draft", "publish", "change"):
        await rosa.says(f"/mentor round {words}")
        assert says in rosa.answer
    assert not await begun(world)
    await rosa.presses("Keep it open longer")
    await rosa.fills(until="20 January")
    assert "The round stays open until Wednesday 20 January at 23:59" in rosa.answer
    for each in (*some, *others):
        await each.says("/mentor round")
        assert "You are in" in each.answer
    await rosa.says("/mentor round cancel")
    await rosa.presses("Yes, call it off")
    assert "Called off" in rosa.answer
    await world.until("2027-01-22 12:00")
    for each in (*some, *others):
        assert any("was called off" in text for text in each.news())
    assert not any("closed" in text for text in rosa.news())
    await rosa.says("/mentor round open until 8 February")
    assert "The round is open until" in rosa.answer


async def test_a_day_ends_at_midnight_of_who_opened_it_also_when_the_clock_changes(
    world: World,
) -> None:
    world.clock.moment = at("2027-03-24 12:00")
    rosa, mentees, mentors = await crowd(world, mentees=2, mentors=1)
    await rosa.says("/mentor round open until 28 March")
    assert "Sunday 28 March at 23:59" in rosa.answer
    await all_join(mentees[:1], mentors)
    far = world.member("far", "America/New_York")
    await says_who(far, "mentee", "quality,hard_talks")
    await far.says("/mentor round")
    assert "Open until Sunday 28 March at 18:59" in far.answer
    world.clock.moment = at("2027-03-28 23:59", "Europe/London")
    await mentees[1].says("/mentor round join")
    assert "You are in" in mentees[1].answer
    world.clock.moment = at("2027-03-29 00:00", "Europe/London")
    await far.says("/mentor round join")
    assert "takes nobody in any more" in far.answer
    await rosa.says("/mentor round")
    assert "2 mentees and 1 mentor" in rosa.answer
    assert "Closed" in rosa.answer


async def test_both_sides_are_joined_at_once_and_mentors_rank_too(world: World) -> None:
    rosa, _, mentors = await crowd(world, mentees=3, mentors=1)

    await world.coach.database.run(lambda db: lay(db, world, "both", Role.BOTH, 0))
    both = world.member("both")
    await rosa.says("/mentor round open until 15 January")
    await all_join([both], mentors, [world.member(f"mentee{each}") for each in range(3)])
    await both.says("/mentor round")
    assert "You are in, as a mentor and looking for one" in both.answer
    await both.presses("Mentees I would like")
    assert both.form is not None
    assert all("Both" not in label for _, label in both.form.fields[0].choices)
    await both.fills(first=both.form.fields[0].choices[0][0])
    assert "Kept, in this order" in both.answer
    await both.presses("Where it stands")
    assert "Mentees you would like: Mentee" in both.answer


async def test_whom_one_ranked_may_leave_and_that_is_said(world: World) -> None:
    rosa, mentees, mentors = await crowd(world, mentees=1, mentors=3)
    await rosa.says("/mentor round open until 15 January")
    await all_join(mentees, mentors)
    await mentees[0].says("/mentor round rank")
    assert mentees[0].form is not None
    by_name = {label: value for value, label in mentees[0].form.fields[0].choices}
    names = list(by_name)
    assert len(names) >= 2
    form = mentees[0].form
    leaver = next(each for each in mentors if each.actor.name == names[0])
    await leaver.says("/mentor round leave")
    assert "You are out of the round" in leaver.answer
    await mentees[0].submits(
        form.address, {"first": by_name[names[0]], "second": by_name[names[1]]}
    )
    assert "1 person you chose left the round meanwhile" in mentees[0].answer
    assert names[1] in mentees[0].answer
    other = next(each for each in mentors if each.actor.name == names[1])
    await other.says("/mentor round leave")
    await mentees[0].says("/mentor round")
    assert "1 person of your order left the round" in mentees[0].answer
    await rosa.says("/mentor round close")
    assert all(mentor != other.actor.user for _, mentor, _ in await draft_rows(world))
