"""A round at its edges: two who open at once, who is away, many names, and rest."""

import asyncio
from uuid import uuid4

import pytest

from bot.chat.incoming import Said
from tests.features.mentoring_ground import says_who
from tests.features.rounds_ground import all_join, begun, crowd, draft_rows
from tests.pilot import World, at


@pytest.mark.parametrize("kind", ["sqlite", "postgres"])
async def test_two_who_open_at_once_open_one_round(url: str) -> None:
    world = World(url, at("2027-01-01 12:00"), frozenset({"rosa", "milan"}))
    rosa, _, _ = await crowd(world, mentees=2, mentors=1)
    milan = world.member("milan", "Europe/Prague")
    for each in (rosa, milan):
        await each.visits()
    handle, words = world.coach.dispatch.handle, "/mentor round open until 15 January"
    replies = await asyncio.gather(
        *(handle(Said(each.actor, words, uuid4().hex)) for each in (rosa, milan, rosa, milan))
    )
    said = ["\n".join(message.text for message in reply.messages) for reply in replies]
    assert sum("The round is open until" in text for text in said) == 1
    assert sum("A round is open until 1" in text for text in said) == 3
    await milan.says("/mentor round close")
    assert "nobody came in" in milan.answer
    amina = world.member("amina")
    await amina.says("/mentor round close")
    assert "That is for who coordinates mentorship here: Milan or Rosa." in amina.answer
    world.close()


async def test_without_anybody_who_coordinates_that_is_said(url: str) -> None:
    world = World(url, at("2027-01-01 12:00"), frozenset())
    amina = world.member("amina")
    await amina.says("/mentor round open until 15 January")
    assert "PRECEPTOR_COORDINATORS" in amina.answer
    world.close()


async def test_who_is_away_hears_when_they_are_back(world: World) -> None:
    rosa, mentees, mentors = await crowd(world, mentees=3, mentors=1, capacity=1)
    await mentees[0].says("/leave 1 Jan to 12 Jan")
    await rosa.says("/mentor round open until 30 January")
    await world.until("2027-01-12 20:00")
    assert not [text for text in mentees[0].news() if "match round" in text]
    await world.until("2027-01-15 20:00")
    assert len([text for text in mentees[0].news() if "match round is open" in text]) == 1
    await all_join(mentees, mentors)
    await world.until("2027-02-02 12:00")
    matched = {mentee for mentee, _, _ in await draft_rows(world)}
    lost = next(each for each in mentees if each.actor.user not in matched)
    await lost.says("/leave 2 Feb to 12 Feb")
    await rosa.says("/mentor round publish")
    await world.until("2027-02-12 20:00")
    assert not [text for text in lost.news() if "The round is over" in text]
    await world.until("2027-02-16 20:00")
    assert len([text for text in lost.news() if "The round is over" in text]) == 1


async def test_among_many_a_name_is_typed(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.features.rounds.changing._OFFERED", 2)
    rosa, mentees, mentors = await crowd(world, mentees=4, mentors=3)
    await rosa.says("/mentor round open until 8 January")
    await all_join(mentees, mentors)
    await rosa.says("/mentor round close")
    [(mentee, mentor, _), *_] = await draft_rows(world)
    await rosa.says("/mentor round change")
    assert rosa.form is not None
    assert [each.kind for each in rosa.form.fields] == ["text", "text"]
    await rosa.fills(mentee="Somebody Else", mentor="none")
    assert rosa.form is not None
    assert "Nobody of that name" in rosa.form.errors["mentee"]
    await rosa.fills(mentee=mentee.capitalize(), mentor="None")
    assert "What stands is another" in rosa.answer
    await rosa.says("/mentor round change")
    await rosa.fills(mentee=f"@{mentee}", mentor=mentor)
    assert (mentee, mentor, True) in await draft_rows(world)


async def test_who_rests_when_it_closes_is_matched_with_nobody(world: World) -> None:
    rosa, mentees, mentors = await crowd(world, mentees=2, mentors=2)
    await rosa.says("/mentor round open until 8 January")
    await mentees[0].says("/mentor pause")
    await mentees[0].says("/mentor round join")
    assert "Your profile is paused, and I match nobody who rests" in mentees[0].answer
    await all_join(mentees[1:], mentors)
    await rosa.says("/mentor round close")
    assert [mentee for mentee, _, _ in await draft_rows(world)] == ["mentee1"]


async def test_a_place_that_was_promised_elsewhere_is_not_given_twice(world: World) -> None:
    rosa, mentees, mentors = await crowd(world, mentees=3, mentors=1, capacity=1)
    await rosa.says("/mentor round open until 8 January")
    await all_join(mentees, mentors)
    await rosa.says("/mentor round close")
    [(taken, mentor, _)] = await draft_rows(world)
    other = next(each for each in mentees if each.actor.user != taken)
    await other.says(f"/mentor ask {mentor}")
    await other.fills(note="")
    await mentors[0].presses_action("mentor.accept:1")
    await rosa.says("/mentor round publish")
    assert "No pair begins" in rosa.answer
    assert "1 pair of the draft could not begin" in rosa.answer
    assert await begun(world) == [(other.actor.user, mentor)]


async def test_not_this_time_after_all_leaves_the_round(world: World) -> None:
    rosa, amina = world.member("rosa"), world.member("amina")
    await says_who(amina, "mentee", "quality,hard_talks")
    await rosa.says("/mentor round open until 15 January 2027")
    await amina.says("/mentor round join")
    await amina.presses_action("mentor.round_not_now:1")
    assert "You are out of the round" in amina.answer
    await amina.says("/mentor round")
    assert "You are not in it" in amina.answer
