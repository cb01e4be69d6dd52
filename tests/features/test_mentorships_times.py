"""Two people find a time: on two walls, over the change of clocks, around nights, and at once."""

from datetime import UTC, timedelta

import pytest
from sqlmodel import Session, select

from bot.models import Delivery, Meeting
from tests.features.pairs import about, invitations, paired
from tests.pilot import Pilot, World, at


@pytest.fixture
def daniel(world: World) -> Pilot:
    """A mentor in New York."""
    return world.member("daniel", "America/New_York")


async def meetings(world: World) -> list[Meeting]:
    """Read all meetings, apart from any session."""

    def read(db: Session) -> list[Meeting]:
        found = list(db.exec(select(Meeting).order_by(Meeting.number)))
        for each in found:
            db.expunge(each)
        return found

    return await world.coach.database.run(read)


async def test_both_walls_are_shown_while_one_clock_has_changed(
    world: World, amina: Pilot, daniel: Pilot
) -> None:
    await world.until("2027-03-01 12:10")
    await paired(world, amina, daniel)
    # America changes its clocks on 14 March, Britain on the 28th.
    await amina.says("/mentor meet 16 March 17:00")
    assert "Tuesday 16 March at 17:00 (13:00 for Daniel)" in amina.answer
    await world.until("2027-03-01 18:00")
    assert "Tuesday 16 March at 13:00 (17:00 for Amina)" in daniel.news()[-1]
    await daniel.presses("That suits me")
    await world.until("2027-03-02 18:00")
    [event] = invitations(amina)
    assert event.decoded("dtstart").astimezone(UTC) == at("2027-03-16 17:00")
    await amina.says("/mentor meet 28 March 1:30")
    assert "On 28 March 2027 the clocks change, and 01:30 does not exist there" in amina.answer
    await amina.says("/mentor meet Tuesday 30 March at 5 pm")
    assert "Tuesday 30 March at 17:00 (12:00 for Daniel)" in amina.answer


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ("4 January 9:00", "That time has passed"),
        ("12 August 17:00", "Your mentorship lasts until 4 July 2027"),
        ("Blursday 17:00", "“Blursday”"),
        ("Rosa 12 March 17:00", "“Rosa 12 March”"),
    ],
)
async def test_a_time_that_cannot_be_is_one_sentence(
    world: World, amina: Pilot, daniel: Pilot, typed: str, says: str
) -> None:
    await world.until("2027-01-04 12:10")
    await paired(world, amina, daniel)
    await amina.says(f"/mentor meet {typed}")
    assert says in amina.answer
    assert await meetings(world) == []


async def test_a_doubtful_date_is_asked_about_and_goes_on(
    world: World, amina: Pilot, daniel: Pilot
) -> None:
    await paired(world, amina, daniel)
    await amina.says("/mentor meet 1/3/27 17:00")
    await amina.presses_action(amina.replies[-1].messages[0].buttons[0].action)
    assert "You propose" in amina.answer
    assert "17:00" in amina.answer
    assert len(await meetings(world)) == 1


async def test_a_day_without_an_hour_opens_the_form(
    world: World, amina: Pilot, daniel: Pilot
) -> None:
    await paired(world, amina, daniel)
    await amina.says("/mentor meet with Daniel 12 March")
    assert amina.form is not None
    await amina.fills(at="25:00")
    assert "at" in amina.form.errors
    await amina.fills(at="5 pm")
    assert "Friday 12 March at 17:00" in amina.answer
    await amina.presses("Find a time")
    await amina.presses("I name a time")
    await amina.fills(day="yesterday", at="")
    assert amina.form is not None
    assert set(amina.form.errors) == {"day", "at"}


async def test_old_slots_and_old_times_change_nothing(
    world: World, amina: Pilot, daniel: Pilot
) -> None:
    key = await paired(world, amina, daniel)
    await amina.says("/mentor meet")
    slot = amina.replies[-1].messages[0].buttons[0].action
    await amina.presses_action(slot)
    await world.until("2027-01-04 18:00")
    assert len(about(daniel, "Amina proposes to meet")) == 1
    confirm = daniel.button("That suits me")
    await amina.presses_action(confirm)
    assert "You proposed this time yourself" in amina.answer
    await amina.says("/mentor meet 20 January 17:00")
    await daniel.presses_action(confirm)
    assert "no longer the one that is proposed" in daniel.answer
    await world.until("2027-01-05 18:00")
    await daniel.presses("That suits me")
    assert "You meet Amina on" in daniel.answer
    await daniel.presses_action(daniel.button("That suits me"))
    assert "You meet Amina on" in daniel.answer  # pressed twice, planned once
    [only] = await meetings(world)
    assert only.starts_at == at("2027-01-20 17:00")
    assert only.sequence == 0
    await world.until("2027-01-21 18:00")
    for action in (slot, confirm):
        await daniel.presses_action(action)
        assert "That time" in daniel.answer
    await daniel.presses_action(f"mentor.pair_agenda:{only.key}")
    assert "no longer there" in daniel.answer  # the lines are the mentee's
    await amina.presses_action(f"mentor.pair_agenda:{only.key}")
    assert "That meeting has passed" in amina.answer
    assert len(await meetings(world)) == 1
    assert key


async def test_who_chooses_the_same_hour_confirms_it(
    world: World, amina: Pilot, daniel: Pilot
) -> None:
    await paired(world, amina, daniel)
    await amina.says("/mentor meet 12 January 17:00")
    await daniel.says("/mentor meet 12 January 12:00")
    assert "You meet Amina on Tuesday 12 January at 12:00" in daniel.answer
    await amina.presses("Find a time")
    assert "That stands until another time is confirmed" in amina.answer


async def test_a_moved_meeting_replaces_itself_in_calendars(
    world: World, amina: Pilot, daniel: Pilot
) -> None:
    await paired(world, amina, daniel)
    await amina.says("/mentor meet 12 January 17:00")
    await daniel.says("/mentor meet 12 January 12:00")
    await world.until("2027-01-05 18:00")
    await daniel.says("/mentor meet 14 January 12:00")
    await world.until("2027-01-06 18:00")
    [asked] = about(amina, "Daniel proposes")
    assert "instead of Tuesday 12 January at 17:00" in asked
    await amina.presses("That suits me")
    await world.until("2027-01-07 18:00")
    for each in (amina, daniel):
        first, then = invitations(each)
        assert first["UID"] == then["UID"]
        assert [int(x["SEQUENCE"]) for x in (first, then)] == [0, 1]
        assert then.decoded("dtstart") == at("2027-01-14 17:00")
    await world.until("2027-01-18 18:00")
    assert len(about(amina, "Three lines help Daniel")) == 1
    for each in (amina, daniel):
        assert len(about(each, "You were to meet")) == 1
        assert "14 January" in about(each, "You were to meet")[0]


async def test_the_lines_for_a_monday_morning_come_before_the_weekend(
    world: World, amina: Pilot, daniel: Pilot
) -> None:
    await paired(world, amina, daniel)
    await amina.says("/mentor meet Monday 11 January 9:00")
    await daniel.says("/mentor meet Monday 11 January 4:00")
    assert "You meet Amina on Monday 11 January at 04:00" in daniel.answer
    await world.until("2027-01-08 20:00")
    assert len(about(amina, "Three lines help Daniel to prepare")) == 1
    await world.until("2027-01-11 20:00")
    assert len(about(amina, "Three lines help Daniel to prepare")) == 1


async def test_a_meeting_that_was_to_be_moved_still_can_be(
    world: World, amina: Pilot, daniel: Pilot
) -> None:
    await paired(world, amina, daniel)
    await amina.says("/mentor meet 6 January 17:00")
    await daniel.says("/mentor meet 6 January 12:00")
    await world.until("2027-01-06 09:00")
    await amina.says("/mentor meet 8 January 17:00")
    await world.until("2027-01-06 17:50")  # the first time has passed
    await daniel.presses("That suits me")
    assert "You meet Amina on Friday 8 January at 12:00" in daniel.answer
    [only] = await meetings(world)
    assert only.starts_at == at("2027-01-08 17:00")
    await world.until("2027-01-07 20:00")
    assert about(amina, "You were to meet") == []


async def test_nights_are_kept_free_and_hold_messages_back(world: World, daniel: Pilot) -> None:
    wanjiru = world.member("wanjiru", "Africa/Nairobi")
    await wanjiru.says("/shift nights 21:00-07:30 4 Jan to 8 Jan")
    await world.until("2027-01-03 12:00")
    await paired(world, wanjiru, daniel)
    await wanjiru.says("/mentor meet")
    moments = [
        int(each.action.split(":")[-1]) * 60
        for each in wanjiru.replies[-1].messages[0].buttons
        if "propose" in each.action
    ]
    for n in range(4, 9):
        begins, wakes = at(f"2027-01-{n:02} 18:00"), at(f"2027-01-{n + 1:02} 13:00")
        assert not [each for each in moments if begins.timestamp() <= each < wakes.timestamp()]
    await world.until("2027-01-20 12:00")
    for moment, message, key in wanjiru.delivered():
        local = moment.astimezone(wanjiru.zone)
        if key.startswith("mentorship"):
            assert 8 <= local.hour < 21, message.text
            assert not at("2027-01-04 17:30") <= moment < at("2027-01-09 13:00"), message.text


async def test_without_a_common_hour_somebody_is_named(
    world: World, amina: Pilot, daniel: Pilot
) -> None:
    kiri = world.member("kiri", "Pacific/Auckland")
    await paired(world, amina, kiri)
    for pilot, quiet in ((amina, "22:00-14:00"), (kiri, "03:00-19:00")):
        await pilot.says("/coach settings")
        await pilot.presses("Change these")
        await pilot.fills(quiet=quiet)
    await amina.says("/mentor meet")
    assert "I find no hour at which Kiri and you are both awake" in amina.answer
    assert "one question and one answer a week" in amina.answer
    await amina.presses("I name a time")
    await amina.fills(day="12 January", at="21:00")
    assert "Kiri is asked" in amina.answer
    assert daniel.replies == []


async def test_other_times_come_after_those_shown(
    world: World, amina: Pilot, daniel: Pilot
) -> None:
    await paired(world, amina, daniel)
    await amina.says("/mentor meet")
    seen: list[str] = []
    for _ in range(3):
        offered = [x.action for x in amina.replies[-1].messages[0].buttons if "propose" in x.action]
        assert len(offered) == 3
        assert not set(offered) & set(seen)
        seen += offered
        await amina.presses("Other times")
    assert seen == sorted(seen)


async def test_every_promise_is_kept_or_left_out_with_a_reason(
    world: World, amina: Pilot, daniel: Pilot
) -> None:
    await paired(world, amina, daniel)
    await world.until(at("2027-01-01 12:00") + timedelta(days=190))

    def states(db: Session) -> set[tuple[str, str]]:
        rows = db.exec(select(Delivery)).all()
        return {(x.state, x.reason) for x in rows if x.occasion.startswith("mentorship.")}

    found = await world.coach.database.run(states)
    assert {state for state, _ in found} <= {"sent", "dropped"}
    words = world.coach.words
    assert all(f"help.why.{reason}" in words for _, reason in found if reason)


async def test_meet_shows_the_time_that_waits_for_a_yes(world: World) -> None:
    amina, daniel = world.member("amina"), world.member("daniel")
    await paired(world, amina, daniel)
    await amina.says("/mentor meet 15 January 2027 17:00")
    await amina.says("/mentor meet")
    assert "You propose Friday 15 January at 17:00" in amina.answer
    await daniel.says("/mentor meet")
    assert "Friday 15 January at 17:00" in daniel.answer
    await daniel.presses("That suits me")
    await amina.says("/mentor pairs")
    assert "15 January" in amina.answer
