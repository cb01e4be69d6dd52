"""Nobody hears the same twice, nor is asked what the other has just done, nor misses the news."""

from datetime import timedelta

import pytest
from sqlmodel import Session, select

from bot.engine import mentorships as engine
from bot.models import Member, Mentorship
from bot.store import mentorships, rights
from tests.features.pairs import about, paired
from tests.pilot import Pilot, World

SILENT, UNMET = "I know of no meeting", "have not met yet"


@pytest.fixture
def daniel(world: World) -> Pilot:
    """A mentor in New York."""
    return world.member("daniel", "America/New_York")


async def test_who_was_asked_for_a_time_is_not_asked_about_silence_until_it_has_passed(
    world: World, amina: Pilot, daniel: Pilot
) -> None:
    await world.until("2027-01-04 12:00")
    await paired(world, amina, daniel)
    await world.until("2027-01-25 07:00")  # three weeks: the day on which it is asked
    await amina.says("/mentor meet 28 January 17:00")
    await world.until("2027-01-28 12:00")
    assert len(about(amina, UNMET)) == 1  # who gets no answer may say so
    assert about(daniel, UNMET) == []
    await world.until("2027-02-15 07:00")
    await amina.says("/mentor meet 26 February 17:00")
    await world.until("2027-02-26 12:00")
    assert about(amina, SILENT) == about(daniel, SILENT) == []
    assert len(about(daniel, "26 February")) == 1
    await world.until("2027-03-06 12:00")
    assert len(about(amina, SILENT)) == len(about(daniel, SILENT)) == 1


async def test_silence_that_was_to_be_asked_about_on_two_days_is_asked_about_on_one(
    world: World, amina: Pilot, daniel: Pilot
) -> None:
    await world.until("2027-01-04 12:00")
    key = await paired(world, amina, daniel)
    for days in (42, 43, 44, 46):
        moment = world.clock() + timedelta(days=days)
        await world.coach.database.run(
            lambda db, moment=moment: engine.ask_about_silence(
                db, db.get_one(Mentorship, key), moment
            )
        )
    await world.until("2027-03-06 12:00")
    assert len(about(amina, SILENT)) == len(about(daniel, SILENT)) == 1


async def test_who_is_away_for_weeks_hears_that_it_began_and_ended_when_they_are_back(
    world: World, amina: Pilot, daniel: Pilot
) -> None:
    linh = world.member("linh", "America/Toronto")
    await daniel.says("/leave 4 Jan to 31 Jan")
    await world.until("2027-01-04 12:00")
    await paired(world, amina, daniel)
    await paired(world, linh, daniel)
    await linh.says("/mentor end")
    await linh.presses("End it now")
    await world.until("2027-01-31 20:00")
    assert daniel.news() == []
    await world.until("2027-02-02 12:00")
    assert len(about(daniel, "Amina is your mentee")) == 1
    assert len(about(daniel, "The mentorship of Linh and you has ended")) == 1
    assert about(daniel, "Linh is your mentee") == []


@pytest.mark.parametrize("away", ["/leave 5 Jan to 19 Jan", ""])
async def test_who_is_away_or_cut_off_hears_that_the_other_has_left_the_coach(
    world: World, amina: Pilot, daniel: Pilot, away: str
) -> None:
    await world.until("2027-01-04 12:00")
    await paired(world, amina, daniel)
    await world.until("2027-01-05 20:00")
    if away:
        await daniel.says(away)

    def forget(db: Session) -> None:
        member = db.exec(select(Member).where(Member.user == "amina")).one()
        mentorships.part(db, member, world.clock())
        rights.forget(db, member)

    await world.coach.database.run(forget)
    if not away:  # nothing runs for six days
        world.clock.moment += timedelta(days=6)
    await world.until("2027-01-19 12:00")
    assert len(about(daniel, "no longer uses this coach")) == (0 if away else 1)
    await world.until("2027-01-21 20:00")
    assert len(about(daniel, "no longer uses this coach")) == 1


async def test_what_begins_and_ends_on_leave_is_promised_for_the_day_of_the_return(
    world: World, amina: Pilot, daniel: Pilot
) -> None:
    await daniel.says("/leave 4 Jan to 20 Jan")
    await world.until("2027-01-04 12:00")
    await paired(world, amina, daniel)
    await world.until("2027-01-10 12:00")
    await daniel.says("/coach why")
    assert "the beginning of a mentorship" not in daniel.answer  # neither sent nor withheld
    await world.until("2027-01-21 20:00")
    assert len(about(daniel, "Amina is your mentee")) == 1


async def test_a_time_that_is_near_reaches_the_other_over_a_weekend_and_on_leave(
    world: World, amina: Pilot, daniel: Pilot
) -> None:
    await world.until("2027-01-04 12:00")
    await paired(world, amina, daniel)
    await world.until("2027-01-08 20:30")  # Friday
    await amina.says("/mentor meet 11 January 9:00")
    await world.until("2027-01-09 20:00")  # Saturday
    assert len(about(daniel, "Amina proposes to meet")) == 1
    await amina.says("/mentor meet 22 January 17:00")
    await world.until("2027-01-10 20:00")  # Sunday: that time is far off
    assert about(daniel, "22 January") == []
    await world.until("2027-01-11 20:00")
    assert len(about(daniel, "22 January")) == 1
    await daniel.says("/leave 12 Jan to 31 Jan")
    await world.until("2027-01-12 15:00")
    await amina.says("/mentor meet 25 January 17:00")
    await world.until("2027-01-13 15:00")
    assert len(about(daniel, "25 January")) == 1  # it would pass before he is back
    await amina.says("/mentor meet 5 February 17:00")
    await world.until("2027-01-31 15:00")
    assert about(daniel, "5 February") == []
    await world.until("2027-02-01 20:00")
    assert len(about(daniel, "5 February")) == 1
