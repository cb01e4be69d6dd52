"""Circles that write, circles that meet in a thread, clocks that change, people on nights."""

from collections.abc import Iterator
from datetime import timedelta

import pytest

from tests.features.circle_ground import START, Town
from tests.pilot import at

SIX = ("amina", "daniel", "milan", "teresa", "wanjiru", "linh")


@pytest.fixture
def town(url: str) -> Iterator[Town]:
    made = Town(url, START)
    yield made
    made.close()


async def test_a_circle_that_writes_is_asked_within_its_hour(town: Town) -> None:
    people = await town.circle(*SIX, form="text", length="short")
    await people["amina"].says("/circle schedule")
    await people["amina"].presses("Another hour")
    await people["amina"].fills(day="3", at="6 pm", first="14 January")
    await town.until("2027-01-14 19:00")
    start = at("2027-01-14 18:00")
    hour = [each for each in town.channel.posts if each.at >= start]
    assert [(each.at - start) // timedelta(minutes=1) for each in hour] == [
        0, 5, 15, 20, 45, 55, 60,
    ]  # fmt: skip
    assert "What made you say yes to this circle?" in hour[2].message.text
    assert "Were you there?" in hour[-1].message.text
    assert not any(each.thread for each in hour)


async def test_a_circle_without_a_common_hour_meets_in_a_thread(town: Town) -> None:
    people = await town.circle(*SIX, form="async", length="short")
    await people["amina"].says("/circle schedule")
    assert "no hour in common to look for" in people["amina"].answer
    await people["amina"].presses("Take this hour")
    assert "every second Monday at 08:00" in people["amina"].answer
    await town.until("2027-01-13 09:00")
    opened, *asked, over = [e for e in town.channel.posts if e.at >= at("2027-01-11 08:00")]
    assert "Session 1: Two days, in this thread" in opened.message.text
    assert {each.thread for each in asked} == {opened.ref}
    hours = [(each.at - opened.at) // timedelta(hours=1) for each in asked]
    assert hours == [1, 12, 25, 36, 47]
    assert over.at - opened.at == timedelta(hours=48)
    # The program slept: the thread opens first, and is asked in after that.
    await town.until("2027-01-24 12:00")
    await town.sleeps_until("2027-01-25 09:30")
    await town.hour()
    opened, first = town.channel.posts[-2:]
    assert "Session 2: Two days" in opened.message.text
    assert "First question" in first.message.text
    assert first.thread == opened.ref
    # It slept for longer: what is left is asked in the channel.
    await town.until("2027-02-07 12:00")
    await town.sleeps_until("2027-02-08 18:00")
    await town.until("2027-02-08 20:30")
    assert "Second question" in town.posts()[-1]
    assert not town.channel.posts[-1].thread


async def test_few_who_come_make_half_an_hour(town: Town) -> None:
    people = await town.circle(*SIX, form="text", length="short")
    await people["amina"].says("/circle schedule")
    await people["amina"].presses("Another hour")
    await people["amina"].fills(day="3", at="18", first="14 January")
    await town.until("2027-01-13 18:00")
    for name in ("daniel", "milan", "teresa"):
        await people[name].presses_in_room("Not this time")
    await town.until("2027-01-14 19:00")
    start = at("2027-01-14 18:00")
    hour = [each for each in town.channel.posts if each.at >= start]
    assert "Fewer than four are coming, so it is half an hour today" in hour[0].message.text
    minutes = [(each.at - start) // timedelta(minutes=1) for each in hour]
    assert minutes == [0, 3, 8, 10, 22, 27, 30]


async def test_an_hour_stays_on_the_wall_when_clocks_change(town: Town) -> None:
    people = await town.circle(*SIX)
    await people["amina"].says("/circle schedule")
    await people["amina"].presses("Another hour")
    await people["amina"].fills(day="1", at="18:00", first="2 March")
    starts = await town.starts()
    # London puts its clocks forward on 28 March, New York on 14 March.
    assert starts[:4] == [
        at("2027-03-02 18:00"),
        at("2027-03-16 18:00"),
        at("2027-03-30 17:00"),
        at("2027-04-13 17:00"),
    ]
    await town.until("2027-03-30 17:00")
    agendas = [each for each in town.channel.posts if " of 12: " in each.message.text]
    assert [f"{each.at:%d %H:%M}" for each in agendas] == ["01 18:00", "15 18:00", "29 17:00"]
    for agenda, wall in zip(agendas, ("13:00", "14:00", "13:00"), strict=True):
        assert "at 18:00, London time" in agenda.message.text
        assert f"({wall} New York" in agenda.message.text
    # Her moving to another place moves nothing of the circle's.
    await people["amina"].says("/coach settings")
    await people["amina"].presses("Change these")
    await people["amina"].fills(place="Tokyo")
    await town.until("2027-04-13 17:00")
    assert "Session 4: Learning" in town.posts()[-1]
    assert town.channel.posts[-1].at == at("2027-04-13 17:00")


async def test_nobody_on_nights_is_woken_and_nobody_is_named_for_them(town: Town) -> None:
    people = await town.meet(*SIX)
    amina, wanjiru = people["amina"], people["wanjiru"]
    await wanjiru.says("/shift nights until Friday 8 January 20:00-08:00")
    await town.until("2027-01-05 12:00")
    await amina.says("/circle start")
    await amina.fills(name="Night Owls", people=",".join(SIX[1:]))
    assert people["milan"].news() == []
    await town.until("2027-01-08 12:00")
    assert "Amina would like to have you" in people["milan"].news()[-1]
    assert wanjiru.news() == []  # between nights, and asleep after them
    await town.until("2027-01-12 12:00")  # moved by days, but not lost
    assert "Amina would like to have you" in wanjiru.news()[-1]
    await wanjiru.says("/circle")
    assert "Amina would like to have you in Night Owls" in wanjiru.answer
    await wanjiru.presses("Join Night Owls")
    for name in ("daniel", "milan", "teresa"):
        await people[name].says("/circle join")
        await people[name].presses("Join Night Owls")
    await wanjiru.says("/shift nights Mon to Sun 20:00-08:00")
    await amina.says("/circle schedule")
    assert "Wanjiru" not in amina.answer
    assert "For you it is a good hour" in amina.answer
    await wanjiru.says("/circle schedule")
    shown = wanjiru.answer
    assert "cannot come each time" in shown or "For you it is a good hour" in shown
