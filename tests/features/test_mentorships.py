"""Two people from the first word to the last: agreement, meetings, goals, questions, a good end."""

import asyncio
from datetime import timedelta
from typing import Any

import pytest
from sqlmodel import Session

from bot.store import mentorships
from tests.features.pairs import about, invitations, paired, row, waiting
from tests.pilot import Pilot, World


@pytest.fixture
def daniel(world: World) -> Pilot:
    """A mentor in New York."""
    return world.member("daniel", "America/New_York")


def dumped(db: Session, key: int) -> list[dict[str, Any]]:
    """Read the meetings of a mentorship."""
    return [each.model_dump() for each in mentorships.meetings(db, key)]


async def test_half_a_year_of_two_people(world: World, amina: Pilot, daniel: Pilot) -> None:
    await world.until("2027-01-04 12:30")
    await amina.says("/goal add Pass the boards by June 2027")
    await amina.says("/goal add Learn to say no by May 2027")
    key = await paired(world, amina, daniel)
    await world.until("2027-01-04 18:00")
    [hello] = about(amina, "your mentor until 4 July 2027")
    assert len(hello) < 240  # a phone shows it whole; what they agree on is one press away
    [hello] = about(daniel, "Amina is your mentee")
    assert "You mentor for the first time" in hello

    # The agreement: one changes it, the other is asked, both say yes.
    await amina.presses("What we agree on")
    assert "Confidentiality: What we say stays between us" in amina.answer
    await amina.presses("I say yes")
    assert "Daniel is asked" in amina.answer
    await daniel.presses("What we agree on")
    await daniel.presses("Change the lines")
    await daniel.fills(aims="Amina finds her way into research.")
    assert "You have said yes. Amina is asked." in daniel.answer
    await world.until("2027-01-05 14:00")
    assert len(about(amina, "Daniel has changed what you agree on")) == 1
    await amina.presses("I say yes")
    assert "Amina finds her way into research." in amina.answer
    assert "You have both said yes" in amina.answer
    held = await row(world, key)
    assert held["agreed_by_mentee_at"] is not None
    assert held["agreed_by_mentor_at"] is not None

    # A first meeting, proposed by one and confirmed by the other, in both calendars.
    [offer] = about(amina, "both meet for the first time")
    assert "for Daniel)" in offer
    await amina.says("/mentor meet")
    slot = next(each for each in amina.replies[-1].messages[0].buttons if "propose" in each.action)
    await amina.presses_action(slot.action)
    assert "Daniel is asked to confirm it" in amina.answer
    await world.until("2027-01-06 23:00")
    await daniel.presses("That suits me")
    assert "You meet Amina on" in daniel.answer
    await world.until("2027-01-07 14:00")
    [hers], [his] = invitations(amina), invitations(daniel)
    assert hers["UID"] == his["UID"]
    assert hers.decoded("dtstart") == his.decoded("dtstart")
    assert int(slot.action.split(":")[-1]) * 60 == hers.decoded("dtstart").timestamp()
    assert hers.decoded("duration") == timedelta(minutes=45)
    start = hers.decoded("dtstart")

    # Three lines before it; the mentor sees them.
    await world.until(start - timedelta(hours=12))
    assert about(amina, "Three lines help Daniel to prepare")
    await amina.presses("Write three lines")
    await amina.fills(line1="where to begin with research")
    await world.until(start + timedelta(minutes=10))
    [shown] = about(daniel, "Amina wrote this")
    assert "Today I want to talk about: where to begin with research" in shown

    # Goals that she chooses, and no others.
    await amina.says("/mentor goals")
    assert "sees none of your goals" in amina.answer
    await amina.presses("Choose goals to share")
    assert amina.form is not None
    [field] = amina.form.fields
    assert [label for _, label in field.choices] == ["1. Pass the boards", "2. Learn to say no"]
    await amina.fills(goals=field.choices[0][0])
    await daniel.says("/mentor goals")
    assert "Pass the boards, by 30 June 2027" in daniel.answer
    assert "say no" not in daniel.answer

    # After it, each is asked alone, and nothing of the answers passes between them.
    await world.until(start + timedelta(days=3))
    await amina.presses("Very much")
    await amina.presses("Note a next step")
    await amina.fills(step="read two papers")
    assert "Kept, for you alone: read two papers" in amina.answer
    await daniel.presses("Yes")
    assert "read two papers" not in daniel.answer
    await daniel.says("/mentor pairs")
    assert "No time is chosen for the next meeting" in daniel.answer

    # How it goes, at thirty days; silence, once; the end, on its day.
    await world.until("2027-02-04 18:00")
    for each in (amina, daniel):
        assert len(about(each, "How is this mentorship going for you?")) == 1
    await amina.presses("Well")
    assert "I keep no note of it" in amina.answer
    await world.until("2027-06-18 12:00")
    for each in (amina, daniel):
        assert len(about(each, "here are three ways on")) == 1
        assert len(about(each, "How is this mentorship going for you?")) == 3
    await world.until("2027-06-22 18:00")
    for each in (amina, daniel):
        assert len(about(each, "ends on 4 July 2027")) == 1
    await amina.presses("Finish as planned")
    await world.until("2027-07-06 18:00")
    for each in (amina, daniel):
        assert len(about(each, "Thank you both for the time you gave.")) == 1
        assert await waiting(world, each) == []
    assert (await row(world, key))["ended_at"] is not None
    await daniel.says("/mentor goals")
    assert "You have no mentorship now" in daniel.answer


async def test_the_same_pair_begins_once(world: World, amina: Pilot, daniel: Pilot) -> None:
    first = await paired(world, amina, daniel)
    promised = await waiting(world, amina)
    assert await paired(world, amina, daniel) == first
    assert await waiting(world, amina) == promised
    await amina.says("/mentor end")
    await amina.presses("End it now")
    assert await paired(world, amina, daniel) != first


async def test_both_press_at_once(world: World, amina: Pilot, daniel: Pilot) -> None:
    key = await paired(world, amina, daniel)
    await amina.says("/mentor meet")
    slots = [x.action for x in amina.replies[-1].messages[0].buttons if "propose" in x.action]
    # The same hour: one proposes it, and the other's press is the yes to it.
    await asyncio.gather(*(each.presses_action(slots[0]) for each in (amina, daniel)))
    answers = sorted(each.answer.split(" ")[1] for each in (amina, daniel))
    assert answers == ["meet", "propose"]
    [meeting] = await world.coach.database.run(lambda db: dumped(db, key))
    assert meeting["starts_at"] is not None
    # Two other hours: one of them is open, and nothing else has changed.
    await asyncio.gather(amina.presses_action(slots[1]), daniel.presses_action(slots[2]))
    [moved] = await world.coach.database.run(lambda db: dumped(db, key))
    assert moved["starts_at"] == meeting["starts_at"]
    minute = int(moved["proposed_at"].timestamp()) // 60
    assert f":{minute}" in (slots[1] if moved["proposed_by"] == "mentee" else slots[2])
    await asyncio.gather(
        *(x.presses_action(f"mentor.pair_do:{key}:end_now") for x in (amina, daniel))
    )
    told = sorted(each.answer.split(" ")[0] for each in (amina, daniel))
    assert told == ["It", "Your"]
    assert await waiting(world, amina) == await waiting(world, daniel) == ["mentorship.ended"]
