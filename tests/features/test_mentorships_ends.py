"""How a mentorship ends by its day, goes on for longer, and ends with somebody who leaves."""

from datetime import UTC, date, datetime

import pytest
from sqlmodel import Session, select

from bot.models import Delivery, Meeting, Member, Mentorship
from bot.store import mentorships, rights
from bot.store.entries import entry_of
from tests.features.pairs import about, invitations, paired, row
from tests.pilot import Pilot, World


@pytest.fixture
def daniel(world: World) -> Pilot:
    """A mentor in New York."""
    return world.member("daniel", "America/New_York")


async def test_three_months_more_need_both(world: World, amina: Pilot, daniel: Pilot) -> None:
    await world.until("2027-01-04 12:00")
    key = await paired(world, amina, daniel)
    await world.until("2027-06-21 20:00")
    await amina.presses("Three months more")
    assert "I ask Daniel" in amina.answer
    button = amina.button("Three months more")
    await world.until("2027-06-22 20:00")
    assert about(daniel, "Amina would like to go on for three months, until 4 October 2027")
    assert str((await row(world, key))["ends_on"]) == "2027-07-04"
    await daniel.presses("Three months more")
    assert "now lasts until 4 October 2027" in daniel.answer
    await amina.presses_action(button)
    assert "now lasts until 4 October 2027" in amina.answer  # no six months by two presses
    await world.until("2027-07-20 20:00")
    for each in (amina, daniel):
        assert about(each, "has ended") == []
    assert len(about(amina, "You both want to go on")) == 1
    await world.until("2027-10-08 20:00")
    for each in (amina, daniel):
        assert len(about(each, "has ended, on 4 October 2027")) == 1


async def test_a_wish_and_the_question_are_one_message(
    world: World, amina: Pilot, daniel: Pilot
) -> None:
    await world.until("2027-01-04 12:00")
    key = await paired(world, amina, daniel)
    await world.until("2027-06-21 12:30")  # on Sunday the 20th nothing came; in New York it is dawn
    await amina.presses("Three months more")
    await world.until("2027-06-22 20:00")
    [asked] = about(daniel, "4 October 2027")
    assert "Amina would like to go on for three months" in asked
    await daniel.presses("Finish as planned")
    assert "ends with 4 July 2027" in daniel.answer
    await world.until("2027-06-24 20:00")
    assert about(amina, "You both want to go on") == []
    assert (await row(world, key))["extension_by"] == ""


async def test_a_wish_that_nobody_answers_ends_it_on_its_day(
    world: World, amina: Pilot, daniel: Pilot
) -> None:
    await world.until("2027-01-04 12:00")
    await paired(world, amina, daniel)
    await world.until("2027-06-21 20:00")
    await amina.presses("Three months more")
    await daniel.says("/coach pause")
    await world.until("2027-07-05 23:00")
    await amina.says("/mentor pairs")
    assert "You have no mentorship now" in amina.answer
    assert len(about(amina, "has ended, on 4 July 2027")) == 1


async def test_who_is_forgotten_leaves_nothing_half_done(
    world: World, amina: Pilot, daniel: Pilot
) -> None:
    linh = world.member("linh", "America/Toronto")
    await world.until("2027-01-04 12:00")
    await paired(world, amina, daniel)
    await paired(world, amina, linh)
    await amina.says("/goal add Pass the boards")
    await amina.presses_action("mentor.pair_share:1")
    assert amina.form is not None
    await amina.fills(goals=amina.form.fields[0].choices[0][0])

    def forget(db: Session) -> None:
        member = db.exec(select(Member).where(Member.user == "daniel")).one()
        mentorships.part(db, member, world.clock())
        rights.forget(db, member)

    await world.coach.database.run(forget)
    await world.until("2027-01-05 20:00")
    [told] = about(amina, "no longer uses this coach")
    assert "You still meet Linh" in told
    assert "Daniel" not in told
    await amina.says("/mentor pairs")
    assert "Linh" in amina.answer
    await world.until("2027-03-01 20:00")

    def broken(db: Session) -> list[str]:
        rows = db.exec(select(Delivery).where(Delivery.reason == "broken"))
        return [each.occasion for each in rows]

    assert await world.coach.database.run(broken) == []
    held = await world.coach.database.run(lambda db: rights.everything(db, 1))
    assert len(held["mentorship"]) <= 1


async def test_a_planned_meeting_leaves_the_calendar_with_who_is_forgotten_and_no_name_stays(
    world: World, amina: Pilot, daniel: Pilot
) -> None:
    await world.until("2027-01-04 12:00")
    await paired(world, amina, daniel)
    await amina.says("/mentor meet 14 January 17:00")
    await daniel.says("/mentor meet 14 January 12:00")
    await world.until("2027-01-05 20:00")
    [planned] = invitations(daniel)

    def forget(db: Session) -> None:
        member = db.exec(select(Member).where(Member.user == "amina")).one()
        mentorships.part(db, member, world.clock())
        rights.forget(db, member)

    await world.coach.database.run(forget)
    await world.until("2027-01-06 20:00")
    [told] = about(daniel, "no longer uses this coach")
    assert "the file takes it out of your calendar" in told
    off = invitations(daniel)[-1]
    assert (off["METHOD"], off["STATUS"]) == ("CANCEL", "CANCELLED")
    assert off["UID"] == planned["UID"]
    assert int(off["SEQUENCE"]) == int(planned["SEQUENCE"]) + 1
    assert off.decoded("dtstart") == planned.decoded("dtstart")
    assert "SUMMARY" not in off
    assert b"Amina" not in off.to_ical()


def test_two_mentorships_of_one_number_are_two_in_calendars() -> None:
    meeting = Meeting(mentorship_id=1, number=1, starts_at=datetime(2027, 2, 1, 12, tzinfo=UTC))
    began = [datetime(2027, 1, day, 12, tzinfo=UTC) for day in (1, 2)]
    rows = [
        Mentorship(id=1, member_id=1, mentor_id=2, began_at=each, ends_on=date(2027, 7, 1))
        for each in began
    ]
    found = {entry.uid for each in rows if (entry := entry_of(each, meeting)) is not None}
    assert len(found) == 2
