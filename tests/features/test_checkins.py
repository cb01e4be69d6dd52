"""The weekly question: early, late, edited, coached by rule, and less when nobody answers."""

from itertools import pairwise
from zoneinfo import ZoneInfo

from bot.domain.silence import weeks_between
from tests.pilot import Pilot, World, at


async def test_answers_before_they_are_asked(world: World, amina: Pilot) -> None:
    await amina.says("/goal add Pass the boards by June 2027")
    world.clock.moment = at("2027-01-03 20:00")
    await amina.says("/checkin")
    await amina.fills(goal1="on_track", win="two mock exams")
    assert "Win: two mock exams" in amina.answer
    await world.until("2027-01-05 12:00")
    assert amina.news() == []
    await amina.says("/coach why")
    assert "weekly check-in: withheld, because you had answered already" in amina.answer
    await world.until("2027-01-11 12:00")
    assert len(amina.news()) == 1  # this Monday's question


async def test_an_answer_can_be_changed_and_done_can_be_undone(world: World, amina: Pilot) -> None:
    await amina.says("/goal add Pass the boards by June 2027")
    await world.until("2027-01-04 09:00")
    await amina.presses("Done")
    assert "What did it teach you?" in amina.answer
    await amina.presses("Change the answer")
    assert amina.form is not None
    assert amina.form.fields[0].value == "done"
    await amina.fills(goal1="stuck", obstacle="the exam moved")
    assert "Changed." in amina.answer
    assert "0" in world.outbox.replaced  # the question was replaced by its answer
    await amina.says("/goal show 1")
    assert "taken up again" in amina.answer
    assert "stuck: the exam moved" in amina.answer


async def test_one_reminder_at_most_and_never_after_an_answer(world: World, amina: Pilot) -> None:
    await amina.says("/goal add Pass the boards by June 2027")
    await world.until("2027-01-04 09:00")
    await amina.presses("On track")
    await world.until("2027-01-10 23:00")
    assert [key.split(":")[0] for _, _, key in amina.delivered()] == ["checkin.weekly"]
    await world.until("2027-01-17 23:00")
    assert [key.split(":")[0] for _, _, key in amina.delivered()][1:] == [
        "checkin.weekly",
        "checkin.reminder",
    ]


async def test_silence_is_met_by_asking_less_and_then_not(world: World, amina: Pilot) -> None:
    await amina.says("/goal add Pass the boards by June 2028")
    await world.until("2027-08-01 12:00")
    weekly = [moment for moment, _, key in amina.delivered() if key.startswith("checkin.weekly")]
    days = [moment.astimezone(ZoneInfo("Europe/London")).date() for moment in weekly]
    gaps = [(after - before).days / 7 for before, after in pairwise(days)]
    assert gaps == [1, 2, 2, 4, 4, 4]
    assert [weeks_between(misses) for misses in range(8)] == [1, 1, 2, 2, 4, 4, None, None]
    goodbye = [
        text for _, message, _ in amina.delivered() if "I stop asking" in (text := message.text)
    ]
    assert len(goodbye) == 1
    await amina.presses("Ask me again")
    assert "I ask again on Monday 2 August at 09:00" in amina.answer
    await world.until("2027-08-02 12:00")
    assert "Pass the boards" in amina.news()[-1]


async def test_three_goals_at_most_longest_unmentioned_first(world: World, amina: Pilot) -> None:
    for name in ("one", "two", "three", "four", "five"):
        await amina.says(f"/goal add Read paper {name} by June 2027")
    await world.until("2027-01-04 09:00")
    first = amina.delivered()[0][1].text
    assert [name for name in ("one", "two", "three", "four", "five") if name in first] == [
        "one",
        "two",
        "three",
    ]
    await amina.presses("All on track")
    await world.until("2027-01-11 09:00")
    second = amina.delivered()[-1][1].text
    assert [
        name for name in ("one", "two", "three", "four", "five") if f"paper {name}" in second
    ] == ["one", "four", "five"]


async def test_nothing_moving_for_a_month_asks_if_it_is_still_right(
    world: World, amina: Pilot
) -> None:
    await amina.says("/goal add Submit 5 manuscripts by December 2027")
    for monday in ("04", "11", "18", "25"):
        await world.until(f"2027-01-{monday} 09:00")
        await amina.presses("On track")
        assert "still the right goal" not in amina.answer
    await world.until("2027-02-01 09:00")
    await amina.presses("On track")
    assert "Is it still the right goal?" in amina.answer
    await amina.presses("Note progress")
    await amina.fills(value="2")
    assert "2 of 5 manuscripts" in amina.answer


async def test_no_goal_no_question(world: World, amina: Pilot) -> None:
    await amina.says("/goal list")
    await world.until("2027-02-01 12:00")
    assert amina.news() == []
    await amina.says("/coach why")
    assert "withheld, because no goal was open" in amina.answer


async def test_a_second_zone_keeps_its_own_monday(world: World) -> None:
    rosa = world.member("rosa", "Asia/Kolkata")
    await rosa.says("/goal add Pass the boards by June 2027")
    await world.until("2027-01-04 12:00")
    assert [f"{moment:%d %b %H:%M}" for moment, _, _ in rosa.delivered()] == ["04 Jan 03:30"]
    await rosa.says("/coach settings")
    await rosa.presses("Change these")
    await rosa.fills(zone="new york", day="2", hour="7 pm")
    assert "New York" in rosa.answer
    await world.until("2027-01-15 12:00")  # not twice in one week; the reminder keeps its wall time
    assert [f"{moment:%d %b %H:%M}" for moment, _, _ in rosa.delivered()] == [
        "04 Jan 03:30",
        "06 Jan 14:00",
        "14 Jan 00:00",
    ]


async def test_choosing_an_hour_after_the_questions_stopped_begins_anew(
    world: World, amina: Pilot
) -> None:
    await amina.says("/goal add Pass the boards by June 2027")
    await world.until("2027-05-04 12:00")
    assert "I stop asking" in amina.news()[-1]  # nobody answered for so long
    await amina.says("/coach settings")
    await amina.presses("Change these")
    await amina.fills(day="2")
    await world.until("2027-05-14 12:00")
    assert "How does Pass the boards stand?" in amina.news()[0]
