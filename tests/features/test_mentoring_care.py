"""What is said in confidence, and days away: nobody is told too much, and nobody forgotten."""

from bot.store import members
from tests.features.mentoring_ground import says_who
from tests.features.test_mentoring import pair
from tests.pilot import World, at


async def test_who_is_kept_apart_meets_what_others_meet_too(world: World) -> None:
    """Neither a refusal nor a list tells who was named: a request is taken, and not answered."""
    amina, daniel = await pair(world)
    for named in ({"not_with": "amina", "conflicts": ""}, {"not_with": "", "conflicts": "Amina"}):
        await daniel.says("/mentor profile")
        await daniel.presses("In confidence")
        await daniel.fills(named)
        assert "1 person named" in daniel.answer
        await amina.says("/mentor find")
        assert "Nobody with a free place fits well" in amina.answer
    await amina.says("/mentor ask Daniel")
    await amina.fills(note="Someone on leadership.", passes_on="no")
    assert "A place is held for you until 8 January 2027" in amina.answer
    await daniel.says("/mentor requests")
    assert "No request waits" in daniel.answer
    for press in ("accept", "decline", "request"):
        await daniel.presses_action(f"mentor.{press}:1")
        assert "This request is over" in daniel.answer
    await amina.says("/mentor requests")
    assert "Daniel: a place is held" in amina.answer
    await world.until("2027-01-12 12:00")
    assert not [text for text in daniel.news() if "asks whether" in text]
    assert [text for text in amina.news() if "No answer came from Daniel in time" in text]


async def test_a_pause_is_told_and_a_name_that_is_nobody_is_refused(world: World) -> None:
    amina, daniel = await pair(world)
    await daniel.says("/mentor profile")
    await daniel.presses("In confidence")
    await daniel.fills(not_with="Amina Yusuf", conflicts="")
    assert daniel.form is not None
    assert "I know nobody here called “Amina Yusuf”" in daniel.form.errors["not_with"]
    await daniel.says("/mentor pause")
    await amina.says("/mentor ask Daniel")
    assert "Daniel takes no new request at this time" in amina.answer
    await amina.says("/mentor pause")
    await amina.says("/mentor find")
    assert "Your profile is paused" in amina.answer


async def test_no_stretch_takes_a_place_that_was_given_away(world: World) -> None:
    amina, daniel = await pair(world, capacity="1")
    rosa = world.member("rosa", "Europe/London")
    await says_who(rosa, "mentee", "quality,hard_talks")
    world.clock.moment = at("2027-01-04 22:00")
    await amina.says("/mentor ask Daniel")
    await amina.fills(note="", passes_on="no")
    await world.until("2027-01-06 12:00")
    await daniel.says("/leave 7 Jan to 9 Jan")
    world.clock.moment = at("2027-01-11 22:30")  # her day has passed; nobody was told of it yet
    await rosa.says("/mentor ask Daniel")
    await rosa.fills(note="", passes_on="no")
    assert "A place is held for you" in rosa.answer
    await world.until("2027-01-13 12:00")
    await daniel.presses_action("mentor.accept:1")
    assert "This request is over" in daniel.answer
    await daniel.presses_action("mentor.accept:2")
    await daniel.says("/mentor profile")
    assert "Places: 1, of which 1 is taken" in daniel.answer


async def test_leave_that_was_told_later_gives_time_for_a_yes(world: World) -> None:
    amina, daniel = await pair(world)
    world.clock.moment = at("2027-01-04 22:00")
    await amina.says("/mentor ask Daniel")
    await amina.fills(note="")
    await daniel.says("/leave 7 Jan to 9 Jan")
    world.clock.moment = at("2027-01-12 09:00")
    await daniel.presses_action("mentor.accept:1")
    assert "Amina hears it from me" in daniel.answer


async def test_who_is_on_leave_hears_the_answer_when_back(world: World) -> None:
    amina, daniel = await pair(world)
    await amina.says("/mentor ask Daniel")
    await amina.fills(note="")
    await amina.says("/leave 4 Jan to 19 Jan")
    world.clock.moment = at("2027-01-05 10:00")
    await daniel.presses_action("mentor.accept:1")
    await world.until("2027-01-19 22:00")
    assert not [text for text in amina.news() if "said yes" in text]
    await world.until("2027-01-21 22:00")
    assert [text for text in amina.news() if "Daniel said yes" in text]


async def test_nobody_stops_being_a_mentor_while_somebody_counts_on_them(world: World) -> None:
    amina, daniel = await pair(world)
    await amina.says("/mentor ask Daniel")
    await amina.fills(note="")
    await daniel.says("/mentor profile")
    await daniel.presses("Change who I am")
    await daniel.fills(role="mentee")
    assert daniel.form is not None
    assert "1 place is taken" in daniel.form.errors["role"]


async def test_nobody_waits_for_a_mentor_who_will_not_see_the_request(world: World) -> None:
    """Who pauses the coach before a request reaches them is not waited for, nor is who is gone."""
    amina, daniel = await pair(world)
    world.clock.moment = at("2027-01-04 22:00")
    await amina.says("/mentor ask Daniel")
    await amina.fills(note="", passes_on="no")
    await daniel.says("/coach pause")
    await world.until("2027-01-06 12:00")
    assert daniel.news() == []
    [told] = amina.news()
    assert "Daniel cannot take somebody on now" in told
    await daniel.says("/coach resume")
    await daniel.says("/mentor requests")
    assert "No request waits" in daniel.answer

    await amina.says("/mentor ask Daniel")
    await amina.fills(note="", passes_on="no")
    await world.until("2027-01-06 14:00")
    [asked] = daniel.news()
    assert "asks whether" in asked
    await world.coach.database.run(
        lambda db: members.mark_unreachable(db, member_id=1, now=world.clock())
    )
    await world.until("2027-01-11 20:00")
    assert daniel.news() == []
    assert [text for text in amina.news() if "Daniel cannot take somebody on now" in text]
