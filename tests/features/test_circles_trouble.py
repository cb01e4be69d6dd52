"""Lost channels, guests, and what cannot be: one clear sentence each, and nothing half done."""

from collections.abc import Iterator

import pytest

from bot.errors import RoomLost, TryLater
from bot.models import Circle, CircleSeat
from tests.features.circle_ground import START, Town
from tests.pilot import Pilot

SIX = ("amina", "daniel", "milan", "teresa", "wanjiru", "linh")


@pytest.fixture
def town(url: str) -> Iterator[Town]:
    made = Town(url, START)
    yield made
    made.close()


async def meets_on_tuesdays(people: dict[str, Pilot]) -> None:
    await people["amina"].says("/circle schedule")
    await people["amina"].presses("Another hour")
    await people["amina"].fills(day="1", at="18:00", first="12 January")


async def test_a_lost_channel_is_told_once_and_made_anew(town: Town) -> None:
    people = await town.circle(*SIX, length="short")
    await meets_on_tuesdays(people)
    await town.until("2027-01-10 12:00")
    people["amina"].news()
    town.outbox.rooms.lose("C1", "is_archived")
    await town.until("2027-01-12 13:00")  # the agenda found it gone, a day before the session
    [told] = [each for each in people["amina"].news() if "is gone" in each]
    assert "The channel of Night Owls is gone" in told
    await people["daniel"].presses_action("circle.reopen:1")
    assert "Amina looks after this circle" in people["daniel"].answer
    await people["amina"].presses("Make a new channel")
    await people["amina"].presses("Make a new channel")  # twice makes one
    assert "I am making a new channel" in people["amina"].answer
    await town.hour()
    assert len(town.outbox.rooms.channels) == 2
    assert town.channel.name == "circle-night-owls-2"
    assert sorted(town.channel.people) == sorted(SIX)
    assert "What we agree" in town.posts()[0]
    assert any("Session 1 of 6" in each for each in town.posts())  # the agenda, once more
    await people["amina"].presses_action("circle.reopen:1")
    assert "nothing to mend" in people["amina"].answer
    await town.until("2027-01-12 18:00")
    assert "Session 1: Launch" in town.posts()[-1]
    await town.until("2027-01-20 12:00")
    assert not [each for each in people["amina"].news() if "is gone" in each]


async def test_a_channel_that_cannot_be_made_is_told(town: Town) -> None:
    town.outbox.rooms.refuse["open"] = [RoomLost("restricted_action")]
    people = await town.circle(*SIX)
    await town.until("2027-01-05 12:00")
    assert any("I could not make a channel for Night Owls" in e for e in people["amina"].news())
    await people["amina"].presses("Make a new channel")
    await town.hour()
    assert sorted(town.channel.people) == sorted(SIX)


async def test_a_platform_that_is_out_for_long_leaves_a_way_back(town: Town) -> None:
    town.outbox.rooms.refuse["open"] = [TryLater("fatal_error")] * 6
    people = await town.circle(*SIX)
    await people["amina"].says("/circle")
    assert "Its channel is on its way" in people["amina"].answer
    await town.hour(6)
    await people["amina"].says("/circle")
    assert "Its channel is not there now" in people["amina"].answer
    await people["amina"].presses("Make a new channel")
    await town.hour()
    assert sorted(town.channel.people) == sorted(SIX)
    await people["amina"].says("/circle")
    assert "Its channel" not in people["amina"].answer


async def test_a_guest_who_cannot_come_in_keeps_the_seat(town: Town) -> None:
    town.outbox.rooms.guests = {"linh"}
    people = await town.circle(*SIX)
    await meets_on_tuesdays(people)
    await town.until("2027-01-05 20:00")
    assert sorted(town.channel.people) == sorted(SIX[:5])
    [hers] = [each for each in people["linh"].news() if "could not let you" in each]
    assert "guests often cannot join private channels" in hers
    [host] = [each for each in people["amina"].news() if "could not be let" in each]
    assert host.startswith("Linh could not be let into the channel of Night Owls")
    assert len(await town.seated()) == 6
    await people["linh"].presses("Try again")
    await town.until("2027-01-06 20:00")
    assert any("could not let you" in each for each in people["linh"].news())
    town.outbox.rooms.guests = set()
    await people["linh"].presses("Try again")
    await town.hour()
    assert sorted(town.channel.people) == sorted(SIX)
    await people["linh"].presses_action("circle.let_me_in:1")
    assert "nothing to mend" in people["linh"].answer


async def test_a_host_who_cannot_come_in_is_succeeded(town: Town) -> None:
    town.outbox.rooms.guests = {"amina"}
    await town.circle(*SIX)
    assert await town.host() == "daniel"
    assert sorted(town.channel.people) == sorted(SIX[1:])


async def test_a_circle_of_two_of_nine_and_of_oneself(town: Town) -> None:
    people = await town.meet(*SIX, "omar", "ines", "sven")
    amina = people["amina"]
    for asked, sentence in (
        ("daniel", "choose four at least"),
        ("daniel,milan,teresa,amina", "choose the others"),
        ("daniel,milan,teresa,wanjiru,linh,omar,ines,sven", "Choose 7 at most; you chose 8"),
        ("", "needed"),
    ):
        await amina.says("/circle start")
        await amina.fills(name="Larks", people=asked)
        assert amina.form is not None
        assert sentence in amina.form.errors["people"]
    assert await town.rows(Circle) == []
    await amina.fills(name="Larks", people="daniel,milan,teresa,omar,ines,sven,linh")
    for name in ("daniel", "milan", "teresa", "omar", "ines", "sven"):
        await people[name].presses_action("circle.accept:1")
    await people["linh"].presses_action("circle.accept:1")  # the eighth
    assert "You are in Larks" in people["linh"].answer
    await amina.presses_action("circle.more:1")
    assert "as many as can be heard" in amina.answer
    await people["wanjiru"].presses_action("circle.accept:1")
    assert "is over" in people["wanjiru"].answer  # she was not asked


async def test_one_seat_at_a_time(town: Town) -> None:
    people = await town.circle(*SIX)
    for words in ("/circle start", "/circle join", "/circle join text"):
        await people["daniel"].says(words)
        assert "You have a seat in Night Owls" in people["daniel"].answer
    await people["daniel"].presses_action("circle.accept:1")  # pressed again
    assert "Amina looks after it" in people["daniel"].answer
    assert len(await town.rows(CircleSeat)) == 6
    omar = (await town.meet("omar"))["omar"]
    await omar.says("/circle start")
    await omar.fills(name="Larks", people="daniel,milan,teresa,linh")
    assert omar.form is not None
    assert "Fewer than four of these can be asked now" in omar.form.errors["people"]
    assert len(await town.rows(Circle)) == 1  # nothing half done


async def test_what_somebody_who_is_in_no_circle_is_told(town: Town) -> None:
    await town.circle(*SIX)
    omar = (await town.meet("omar"))["omar"]
    for words in ("schedule", "topic", "agenda", "notes", "here", "close", "leave"):
        await omar.says(f"/circle {words}")
        assert "You are in no circle" in omar.answer, words
    for action in ("coming:1", "take:1:60", "leave_now:1", "close_now:1:1", "archive:1",
                   "halfway:1:keep", "vote:1", "themes:7", "let_me_in:1", "more:1"):  # fmt: skip
        await omar.presses_action(f"circle.{action}")
        assert omar.form is None
        assert any(each in omar.answer for each in ("in no circle", "is over", "not in")), action
    await omar.says("/circle form")
    assert "formed by a coordinator" in omar.answer
    await omar.presses_action("circle.publish:0")
    assert "formed by a coordinator" in omar.answer


async def test_hours_that_cannot_be(town: Town) -> None:
    people = await town.meet(*SIX)
    amina = people["amina"]
    await amina.says("/circle start")
    await amina.fills(name="Larks", people=",".join(SIX[1:]))
    await amina.says("/circle schedule")
    assert "Larks has not begun yet" in amina.answer
    for name in SIX[1:5]:
        await people[name].presses_action("circle.accept:1")
    await amina.says("/circle agenda")
    assert "has no hour yet" in amina.answer
    await amina.presses_action("circle.hour")
    for field, value, sentence in (
        ("first", "3 January 2027", "has passed"),
        ("first", "1 June 2027", "more than three months ahead"),
        ("at", "25:00", "I could not read that as a time"),
        ("at", "noonish", "I could not read that as a time"),
        ("day", "9", "is not one of: Monday"),
    ):
        good = {"day": "1", "at": "18:00", "first": "12 January 2027"}
        await amina.fills({**good, field: value})
        assert amina.form is not None
        assert sentence in amina.form.errors[field], value
    assert await town.starts() == []
    await people["daniel"].presses_action("circle.hour")
    assert "Amina sets the hour" in people["daniel"].answer
    await amina.presses_action("circle.take:9:60")
    assert "no longer there" in amina.answer
    # Set twice, and set anew: twelve sessions, each promised once.
    for weekday in (1, 1, 2):
        await amina.presses_action(f"circle.take:{weekday}:1080")
    assert len(await town.starts()) == 12
    assert len(await town.promised("room.agenda")) == 12
    assert {f"{each:%a}" for each in await town.starts()} == {"Wed"}
