"""One resident's half-year, January to July, told through the real engine.

She lives through the change of 28 March in London, her colleague through that of 14 March in New
York; the other change of the year is told last.
"""

from datetime import date
from zoneinfo import ZoneInfo

from tests.pilot import World, at

LONDON = ZoneInfo("Europe/London")
NEW_YORK = ZoneInfo("America/New_York")


def wall(world: World, amina: object) -> list[str]:
    """Everything she was sent, at her own wall-clock time, with the occasion."""
    return [
        f"{moment.astimezone(LONDON):%a %d %b %H:%M} {key.split(':')[0]}"
        for moment, _, key in amina.delivered()
    ]  # type: ignore[attr-defined]


async def test_half_a_year_of_one_resident(world: World) -> None:
    amina = world.member("amina", "Europe/London")

    # ── January: she arrives, and sets three goals ────────────────────────────────────────────
    await amina.says("/goal add Pass the boards by June 2027")
    assert "I am software" in amina.answer
    assert "30 June 2027" in amina.answer
    await amina.says("/goal add Submit 5 manuscripts by 31 May because I want a research year")
    assert "0 of 5 manuscripts" in amina.answer
    await amina.says("/goal add Learn Spanish by the end of the year")
    daniel = world.member("daniel", "America/New_York")  # his clock changes two weeks before hers
    await daniel.says("/goal add Lead a team of five by March 2028")
    await amina.presses("A few short questions")
    await amina.fills(stage="second-year resident", hour="8:30")
    assert "Monday at 08:30" in amina.answer

    await world.until(at("2027-01-04 08:29", "Europe/London"))
    assert amina.news() == []
    await world.until(at("2027-01-04 08:30", "Europe/London"))
    [question] = amina.news()
    assert "Pass the boards" in question
    assert "Submit 5 manuscripts" in question
    assert "Learn Spanish" in question
    await amina.presses("Answer")
    await amina.fills(
        goal1="on_track",
        goal2="stuck",
        goal3="stuck",
        obstacle="nights",
        next_step="book the exam date",
    )
    assert "stuck twice" not in amina.answer
    await world.until("2027-01-07 12:00")  # answered: no reminder; too early for a review
    assert amina.news() == []
    await amina.says("/coach")
    assert "Next goal review: Thursday 4 February at 08:30" in amina.answer

    # ── stuck a second time: the rule speaks ──────────────────────────────────────────────────
    await world.until("2027-01-11 12:00")
    assert len(amina.news()) == 1
    await amina.presses("Answer")
    await amina.fills(goal1="on_track", goal2="stuck", goal3="not_this_week")
    assert "Submit 5 manuscripts was stuck twice" in amina.answer
    await amina.presses("An if-then plan")
    await amina.fills(cue="I finish sign-out", act="open the draft for ten minutes")
    assert "If" not in amina.answer.split(":")[0]
    await amina.says("/goal progress 2 1")
    assert "1 of 5 manuscripts" in amina.answer

    # ── two weeks of leave: silence, and nothing is held against her ──────────────────────────
    await world.until("2027-01-16 12:00")
    await amina.says("/coach pause until 1 February")
    await world.until("2027-01-31 12:00")
    assert amina.news() == []
    await amina.says("/coach why")
    assert "withheld, because the coach was paused" in amina.answer
    await world.until("2027-02-01 12:00")
    assert "I ask every second week" not in amina.news()[0]
    await amina.presses("All on track")

    # ── February: two missed weeks, then less ─────────────────────────────────────────────────
    await world.until("2027-02-05 12:00")
    [review] = amina.news()
    assert "Time for your goal review" in review
    assert "Stuck 2 times" in review
    await amina.presses("Keep them all")
    assert "Thursday 4 March at 08:30" in amina.answer
    await world.until("2027-02-25 23:00")
    kinds = [line.split()[-1] for line in wall(world, amina) if " Feb " in line]
    assert kinds == [
        "checkin.weekly",
        "review.monthly",  # 1 and 4 February
        "checkin.weekly",
        "checkin.reminder",  # 8, 10: missed
        "checkin.weekly",
        "checkin.reminder",  # 15, 17: missed
    ]  # 22: asked less
    await amina.says("/coach why")
    assert "so I ask less often" in amina.answer
    amina.news()
    await world.until("2027-03-01 12:00")
    assert "I ask every second week for now" in amina.news()[0]
    await amina.presses("All on track")

    # ── across the clock change of 28 March: 08:30 stays 08:30 ────────────────────────────────
    await amina.says("/goal drop 3 because my rota changed")
    assert "Let go: Learn Spanish" in amina.answer
    await world.until("2027-03-30 12:00")
    mondays = [
        line
        for line in wall(world, amina)
        if line.endswith("checkin.weekly") and line.startswith("Mon") and " Mar " in line
    ]
    assert mondays == [
        f"Mon {day} 08:30 checkin.weekly" for day in ("01 Mar", "08 Mar", "15 Mar", "29 Mar")
    ]
    await amina.presses("All on track")

    # ── May: overdue, then finished ───────────────────────────────────────────────────────────
    await amina.says("/goal progress 2 4 of 5 two in one week")
    await world.until("2027-06-07 12:00")
    await amina.says("/checkin")
    await amina.fills(goal1="on_track", goal2="stuck")
    assert "The day for Submit 5 manuscripts has passed" in amina.answer
    await amina.presses("New date or smaller")
    await amina.fills(due="31 July 2027")
    assert "31 July 2027" in amina.answer
    await world.until("2027-06-22 12:00")
    await amina.says("/goal done 1 because steady hours beat long ones")
    assert "Well done" in amina.answer

    # ── July: the story is whole ──────────────────────────────────────────────────────────────
    await world.until("2027-07-05 12:00")
    await amina.says("/goal show 1")
    for moment in (
        "1 January 2027: you set it",
        "4 January 2027: on track",
        "reviewed and kept",
        "22 June 2027: reached",
        "what it taught: steady hours beat long ones",
    ):
        assert moment in amina.answer
    await amina.says("/goal show 2")
    assert "new date, 31 July 2027" in amina.answer
    assert "an if-then plan: I finish sign-out → open the draft for ten minutes" in amina.answer
    await amina.says("/goal show 3")
    assert "let go: my rota changed" in amina.answer
    assert all(
        moment.astimezone(LONDON).strftime("%H:%M") == "08:30" for moment, _, _ in amina.delivered()
    )
    assert len({key for _, _, key in amina.delivered()}) == len(amina.delivered())
    assert amina.delivered()[-1][0].date() <= date(2027, 7, 5)
    his = [moment for moment, _, _ in daniel.delivered()]
    assert {f"{moment.astimezone(NEW_YORK):%H:%M}" for moment in his} == {"09:00"}
    assert {f"{moment:%H:%M}" for moment in his} == {"14:00", "13:00"}


async def test_autumn_change_keeps_the_hour(world: World) -> None:
    """The year's other clock change, 31 October, in London."""
    world.clock.moment = at("2027-10-20 12:00")
    amina = world.member("amina", "Europe/London")
    await amina.says("/goal add Lead a team of five by March 2028")
    await world.until("2027-11-02 12:00")
    weekly = [moment for moment, _, key in amina.delivered() if key.startswith("checkin.weekly")]
    assert [f"{each:%d %b %H:%M}" for each in weekly] == ["25 Oct 08:00", "01 Nov 09:00"]
