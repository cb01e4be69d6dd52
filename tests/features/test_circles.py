"""A circle from its first idea to its second session, on both databases."""

import asyncio
from collections.abc import Iterator

import pytest

from bot.models import Attendance, CircleSession, Member
from tests.features.circle_ground import START, Town
from tests.pilot import at

FIVE = ("amina", "daniel", "milan", "teresa", "wanjiru")


@pytest.fixture
def town(url: str) -> Iterator[Town]:
    made = Town(url, START)
    yield made
    made.close()


async def test_from_an_idea_to_the_second_session(town: Town) -> None:
    people = await town.meet(*FIVE, "linh")
    amina, daniel, milan = people["amina"], people["daniel"], people["milan"]

    # ── she starts one, and asks five people ──────────────────────────────────────────────────
    await amina.says("/circle")
    assert "You are in no circle now" in amina.answer
    await amina.presses("Start one")
    await amina.fills(name="Night Owls", people="daniel,milan,teresa,wanjiru,linh")
    assert "Asked: Daniel, Milan, Teresa, Wanjiru, Linh" in amina.answer
    assert "4 more people have said yes" in amina.answer
    await town.until("2027-01-04 18:00")  # noon in New York: an hour at which one may be written to
    for name in ("daniel", "milan", "teresa"):
        assert (
            "Amina would like to have you in a circle called Night Owls" in people[name].news()[-1]
        )
        await people[name].presses("Join")
        assert "You are in Night Owls" in people[name].answer
    await people["linh"].presses("Not now")
    assert not town.outbox.rooms.channels
    await people["wanjiru"].presses("Join")

    # ── the fifth seat: a channel, five people in it, the agreement pinned ────────────────────
    await town.hour()
    assert town.channel.name == "circle-night-owls"
    assert sorted(town.channel.people) == sorted(FIVE)
    [agreement] = [each for each in town.channel.posts if each.pinned]
    assert "What is said here stays here" in agreement.message.text
    assert "Amina looks after it, and sets the hour" in agreement.message.text
    await amina.says("/circle")
    assert "Its channel" not in amina.answer
    assert "Night Owls begins: 5 of you have said yes" in amina.news()[-1]

    # ── the least bad hour, said openly and without names ─────────────────────────────────────
    await daniel.says("/circle schedule")
    assert "The least bad hour I find for Night Owls" in daniel.answer
    assert "Amina sets the hour" in daniel.answer
    assert not [name for name in FIVE[2:] if name.capitalize() in daniel.answer]
    await amina.says("/circle schedule")
    await amina.presses("Another hour")
    await amina.fills(day="1", at="18:00", first="12 January")
    assert "every second Tuesday at 18:00, London time, 12 sessions" in amina.answer
    await town.hour()
    assert "13:00 New York" in town.posts()[-1]
    assert "21:00 Nairobi" in town.posts()[-1]
    starts = await town.starts()
    assert starts[0] == at("2027-01-12 18:00")
    assert len(starts) == 12

    # ── the day before: agenda and roles; who comes is told to nobody ─────────────────────────
    await town.until("2027-01-11 17:59")
    before = len(town.posts())
    await town.until("2027-01-11 18:00")
    [agenda] = town.posts()[before:]
    assert "Session 1 of 12: Launch" in agenda
    assert "Host: Amina" in agenda
    await daniel.says("/circle agenda")
    assert "18:00" not in daniel.answer  # on his own wall
    assert "13:00 Arrive" in daniel.answer
    await milan.presses_in_room("Not this time")
    assert "Not this time, then." in milan.answer
    await daniel.presses_in_room("Coming")
    await daniel.presses_in_room("Coming")
    assert "I expect you at session 1" in daniel.answer
    assert len(await town.rows(Attendance)) == 2

    # ── the hour, and after it ────────────────────────────────────────────────────────────────
    await town.until("2027-01-12 18:00")
    assert "Session 1: Launch" in town.posts()[-1]
    assert "half an hour today" not in town.posts()[-1]
    assert "18:05 Round" in town.posts()[-1]
    assert "18:55 Close, London time" in town.posts()[-1]
    await town.until("2027-01-12 19:00")
    assert "Were you there?" in town.posts()[-1]
    await amina.presses_in_room("I was there")
    assert "Kept: you were at session 1 (Launch)" in amina.answer
    [first, *_] = sorted(await town.rows(CircleSession), key=lambda each: each.number)
    names = {each.id: each.user for each in await town.rows(Member)}
    scribe = people[names[first.scribe_id]]
    await town.until("2027-01-14 12:00")
    assert "its themes are yours" in scribe.news()[-1]
    await scribe.presses("Note the themes")
    await scribe.fills(themes="- saying no to extra shifts\n- what Amina said")
    assert scribe.form is not None
    assert "somebody's name in it: “Amina”" in scribe.form.errors["themes"]
    await scribe.fills(themes="- saying no to extra shifts\n- who we are at work")
    assert "2 themes of session 1" in scribe.answer
    await town.hour()
    assert "saying no to extra shifts" in town.posts()[-1]

    # ── the second session: the roles have gone round ─────────────────────────────────────────
    await town.until("2027-01-26 18:00")
    told = [each for each in town.posts() if "Session 2" in each]
    assert "Session 2 of 12: Knowing yourself" in told[0]
    assert "Host: Amina" not in told[0]
    [first, second, *_] = sorted(await town.rows(CircleSession), key=lambda each: each.number)
    assert {first.host_id, first.scribe_id} != {second.host_id, second.scribe_id}
    assert "Session 2: Knowing yourself" in told[-1]

    # ── nobody was written to twice under one key, and nothing is left half done ──────────────
    keys = [key for _, _, _, key in town.outbox.sent]
    assert len(set(keys)) == len(keys)
    assert not [each for each in await town.promised("room.open") if each]


async def test_ten_who_press_at_once_take_eight_seats_and_one_channel(town: Town) -> None:
    names = [f"guest{n}" for n in range(10)]
    people = await town.meet("amina", *names)
    amina = people["amina"]
    await amina.says("/circle start")
    await amina.fills(name="Larks", people=",".join(names[:7]))
    await amina.presses_action("circle.more:1")
    await amina.fills(people=",".join(names[7:]))
    await asyncio.gather(*(people[name].presses_action("circle.accept:1") for name in names))
    answers = [people[name].answer for name in names]
    assert len([each for each in answers if "You are in Larks" in each]) == 7
    assert len([each for each in answers if "Larks takes nobody more" in each]) == 3
    assert len(await town.seated()) == 8
    await town.hour()
    assert len(town.outbox.rooms.channels) == 1
    assert sorted(town.channel.people) == sorted(await town.seated())
