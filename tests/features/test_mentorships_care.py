"""When it does not go well: silence, a match that does not fit, trouble, pauses, and who leaves."""

from datetime import UTC, datetime

import pytest
from sqlmodel import Session, select

from bot.domain.mentoring import Aim, CareerStage, Plan, Role, Tone
from bot.models import MatchRound, Member, Profile, RoundState
from bot.store import members, mentorships, profiles
from bot.store.profiles import Confidential
from tests.features.pairs import about, paired, row, waiting
from tests.pilot import Pilot, World, at


@pytest.fixture
def daniel(world: World) -> Pilot:
    """A mentor in New York."""
    return world.member("daniel", "America/New_York")


async def meet(world: World, one: Pilot, other: Pilot, day: str) -> None:
    """Let two people choose an hour of a day, and live until two days after it."""
    await one.says(f"/mentor meet {day} 17:00")
    await world.until(world.clock() + (at("2027-01-02 12:00") - at("2027-01-01 12:00")))
    other.read = 0
    await other.presses("That suits me")
    assert "You meet" in other.answer


async def member_of(world: World, pilot: Pilot) -> Member:
    def read(db: Session) -> Member:
        found = db.exec(select(Member).where(Member.user == pilot.actor.user)).one()
        db.expunge(found)
        return found

    return await world.coach.database.run(read)


async def test_twice_of_little_use_offers_a_way_out_to_that_person_alone(
    world: World, amina: Pilot, daniel: Pilot
) -> None:
    await world.until("2027-01-04 12:00")
    await paired(world, amina, daniel)
    await meet(world, amina, daniel, "8 January")
    await world.until("2027-01-11 20:00")
    await amina.presses("A little")
    assert "Twice now" not in amina.answer
    await daniel.presses("Very much")
    await meet(world, amina, daniel, "15 January")
    await world.until("2027-01-18 20:00")
    await amina.presses("Not at all")
    assert "Twice now the time gave you little" in amina.answer
    assert "no reason is asked, and none is shown" in amina.answer
    await daniel.presses("Yes")
    assert "Twice" not in daniel.answer
    assert all("little" not in each for each in daniel.news())
    await amina.presses("End it")
    await amina.presses("End it now")
    assert "It is over" in amina.answer


async def test_who_says_that_they_met_is_believed(
    world: World, amina: Pilot, daniel: Pilot
) -> None:
    await world.until("2027-01-04 12:00")
    await paired(world, amina, daniel)
    await meet(world, amina, daniel, "8 January")
    await amina.presses_action("mentor.pair_useful:1:5")
    assert "That meeting is still to come" in amina.answer
    await world.until("2027-01-11 20:00")
    await amina.presses("We did not meet")
    assert "It happens" in amina.answer
    await daniel.presses("Yes")
    await daniel.presses("That was our last")
    assert "This ends your mentorship with Amina" in daniel.answer
    await amina.presses_action("mentor.pair_useful:1:0")
    held = await world.coach.database.run(
        lambda db: mentorships.meetings(db, 1)[0].model_dump(include={"held_at", "missed_at"})
    )
    assert held["held_at"] is not None
    assert held["missed_at"] is None


async def begin_round(world: World, coordinator: Pilot) -> int:
    await coordinator.says("/coach help")
    who = (await member_of(world, coordinator)).key

    def add(db: Session) -> int:
        made = MatchRound(
            platform="test",
            workspace="team",
            coordinator_id=who,
            state=RoundState.PUBLISHED,
            opened_at=world.clock(),
            closes_at=world.clock(),
            published_at=world.clock(),
        )
        db.add(made)
        db.flush()
        return made.key

    return await world.coach.database.run(add)


async def test_a_pair_that_never_meets_is_helped_and_its_round_hears_no_name(
    world: World, amina: Pilot, daniel: Pilot
) -> None:
    rosa = world.member("rosa", "Europe/Stockholm")
    await world.until("2027-01-04 12:00")
    await paired(world, amina, daniel, round_id=await begin_round(world, rosa))
    await world.until("2027-01-20 12:00")
    for each in (amina, daniel):
        assert len(about(each, "both meet for the first time")) == 2
    await world.until("2027-01-26 12:00")
    [asked] = about(amina, "have not met yet")
    assert "by 1 February 2027, Rosa, who coordinates this round" in asked
    assert "No name goes with it" in asked
    await world.until("2027-02-02 12:00")
    [told] = about(rosa, "has not met in its first four weeks")
    assert "the round of 4 January 2027" in told
    assert "Amina" not in told
    assert "Daniel" not in told


async def test_a_pair_that_has_a_time_is_left_alone(
    world: World, amina: Pilot, daniel: Pilot
) -> None:
    rosa = world.member("rosa", "Europe/Stockholm")
    await world.until("2027-01-04 12:00")
    await paired(world, amina, daniel, round_id=await begin_round(world, rosa))
    await meet(world, amina, daniel, "12 February")
    await world.until("2027-02-10 12:00")
    assert about(rosa, "has not met") == []
    for each in (amina, daniel):
        assert about(each, "have not met yet") == []
        assert about(each, "both meet for the first time") == []


async def test_silence_is_asked_about_once_and_leave_does_not_count(
    world: World, amina: Pilot, daniel: Pilot
) -> None:
    await world.until("2027-01-04 12:00")
    await paired(world, amina, daniel)
    await daniel.says("/leave 1 Feb to 14 Feb")
    await world.until("2027-02-26 12:00")
    assert about(amina, "I know of no meeting") == []
    await world.until("2027-03-06 12:00")
    for each in (amina, daniel):
        assert len(about(each, "I know of no meeting")) == 1
    await world.until("2027-05-01 12:00")
    assert len(about(amina, "I know of no meeting")) == 1
    await amina.presses_action("mentor.pair_times:1:0")
    assert "both meet for the first time" in amina.answer


async def test_a_mentorship_rests_and_goes_on(world: World, amina: Pilot, daniel: Pilot) -> None:
    await world.until("2027-01-04 12:00")
    key = await paired(world, amina, daniel)
    await amina.says("/mentor pairs")
    await amina.presses("Let it rest")
    assert "rests. Daniel is told. Nothing is lost" in amina.answer
    await world.until("2027-01-05 12:00")
    assert about(daniel, "Amina lets your mentorship rest for now.")
    await amina.says("/mentor meet 12 January 17:00")
    assert "take it up again with “/mentor pairs” first" in amina.answer
    before = len(daniel.delivered())
    await world.until("2027-03-05 12:00")
    mentor_news = [text for _, message, _ in daniel.delivered()[before:] if (text := message.text)]
    assert not [each for each in mentor_news if "Amina" in each]
    await daniel.presses_action(f"mentor.pair_do:{key}:resume")
    await world.until("2027-03-08 20:00")
    assert about(amina, "Daniel takes your mentorship up again")
    await world.until("2027-04-10 12:00")
    assert about(amina, "I know of no meeting") == []  # counted from the end of the rest
    await world.until("2027-04-20 20:00")
    assert len(about(amina, "Since 5 March 2027 I know of no meeting")) == 1


async def with_profile(world: World, pilot: Pilot) -> None:
    member = await member_of(world, pilot)

    def add(db: Session) -> None:
        db.add(
            Profile(
                member_id=member.key,
                role=Role.MENTEE,
                stage=CareerStage.STUDENT,
                tone=Tone.CHALLENGE,
                plan=Plan.OPEN,
                aim=Aim.CRAFT,
                created_at=world.clock(),
                updated_at=world.clock(),
                sealed=profiles.sealed(db, member.key, Confidential(about="me", not_with=("bo",))),
            )
        )

    await world.coach.database.run(add)


async def test_trouble_goes_to_people_and_ends_at_once_in_confidence(
    world: World, amina: Pilot, daniel: Pilot
) -> None:
    key = await paired(world, amina, daniel)
    await with_profile(world, amina)
    await amina.says("/mentor pairs")
    await amina.presses("Something is not right")
    assert "I am software and cannot judge this" in amina.answer
    assert "Danger to anybody" in amina.answer
    assert len(amina.replies[-1].messages) == 2  # and people to talk to
    await amina.presses("End it, and keep us apart")
    assert "I will not bring you two together again" in amina.answer
    member = await member_of(world, amina)

    def confidential(db: Session) -> Confidential:
        profile = profiles.of(db, member.key)
        assert profile is not None
        return profiles.confidential(db, profile)

    kept = await world.coach.database.run(confidential)
    assert kept == Confidential(about="me", not_with=("bo", "daniel"))
    await world.until("2027-01-05 12:00")
    [told] = about(daniel, "has ended")
    assert "apart" not in told
    assert await waiting(world, daniel) == []
    assert (await row(world, key))["ended_at"] == datetime(2027, 1, 1, 12, tzinfo=UTC)


async def test_the_other_of_somebody_who_is_gone_is_told_once(
    world: World, amina: Pilot, daniel: Pilot
) -> None:
    await world.until("2027-01-04 12:00")
    key = await paired(world, amina, daniel)
    await world.until("2027-01-06 20:00")
    amina.read = len(amina.delivered())
    await world.coach.database.run(
        lambda db: members.mark_unreachable(db, member_id=2, now=world.clock())
    )
    await world.until("2027-04-01 12:00")
    [told] = [each for each in amina.news() if "Daniel" in each]
    assert "I can no longer reach Daniel here" in told
    await daniel.says("/coach help")  # they are back
    await world.until("2027-05-15 12:00")
    assert [each for each in amina.news() if "Daniel" in each]
    await amina.presses_action(f"mentor.pair_do:{key}:end")
    await amina.presses("End it now")
    assert "It is over" in amina.answer


async def test_after_two_meetings_that_did_not_take_place_both_are_asked_how_to_go_on(
    world: World, amina: Pilot, daniel: Pilot
) -> None:
    await world.until("2027-01-04 12:00")
    await paired(world, amina, daniel)
    await meet(world, amina, daniel, "8 January")
    await world.until("2027-01-11 20:00")
    await amina.presses("We did not meet")
    assert "It happens" in amina.answer
    await meet(world, amina, daniel, "15 January")
    await world.until("2027-01-18 20:00")
    daniel.read = len(daniel.delivered())
    await amina.presses("We did not meet")
    assert "Your last two meetings with Daniel did not take place" in amina.answer
    await amina.presses("We did not meet")  # the same press twice tells nothing twice
    await world.until("2027-01-25 12:00")
    [asked] = [each for each in daniel.news() if "did not take place" in each]
    assert "I ask Amina the same" in asked
    assert about(amina, "did not take place") == []
    await daniel.presses("Let it rest")
    assert "rests" in daniel.answer
