"""Whose button it is, which of several is meant, goals that are closed, and an end in kindness."""

import pytest

from tests.features.pairs import about, invitations, paired, row, waiting
from tests.pilot import Pilot, World


@pytest.fixture
def daniel(world: World) -> Pilot:
    """A mentor in New York."""
    return world.member("daniel", "America/New_York")


async def test_strangers_and_old_buttons_are_told_one_sentence(
    world: World, amina: Pilot, daniel: Pilot
) -> None:
    key = await paired(world, amina, daniel)
    rosa = world.member("rosa")
    for action in (
        f"mentor.pair:{key}",
        f"mentor.pair_agree:{key}",
        f"mentor.pair_edit:{key}",
        f"mentor.end_one:{key}",
        f"mentor.pair_do:{key}:end_now",
        f"mentor.pair_propose:{key}:30000000",
        f"mentor.pair_share:{key}",
        f"mentor.pair_health:{key}:well",
        "mentor.pair_confirm:1:30000000",
        "mentor.pair_useful:1:5",
    ):
        await rosa.presses_action(action)
        assert "This button belongs to something that is no longer there" in rosa.answer, action
    await daniel.presses_action(f"mentor.pair_share:{key}")
    assert "Only Amina chooses which goals you see" in daniel.answer
    for action in (f"mentor.pair_do:{key}:explode", f"mentor.pair_health:{key}:fine"):
        await amina.presses_action(action)
        assert "no longer there" in amina.answer
    await amina.presses_action(f"mentor.pair_do:{key}:end_now")
    for action in (f"mentor.pair_agree:{key}", f"mentor.pair_edit:{key}", f"mentor.pair:{key}"):
        await daniel.presses_action(action)
        assert "Your mentorship with Amina ended on 1 January 2027" in daniel.answer
    held = await row(world, key)
    assert held["agreed_by_mentor_at"] is None


async def test_several_mentorships_are_told_apart(
    world: World, amina: Pilot, daniel: Pilot
) -> None:
    linh = world.member("linh", "America/Toronto")
    await paired(world, amina, daniel)
    await paired(world, linh, daniel)
    await paired(world, daniel, amina)
    await daniel.says("/mentor pairs")
    assert daniel.answer.count("your mentee until 1 July 2027") == 2
    assert daniel.answer.count("your mentor until 1 July 2027") == 1
    await daniel.says("/mentor goals Linh")
    assert "Linh shares no goal with you" in daniel.answer
    await daniel.says("/mentor goals amina")
    assert "Which mentorship?" in daniel.answer
    await daniel.presses("Amina, your mentee")
    assert "Amina shares no goal with you" in daniel.answer
    await daniel.says("/mentor end Rosa")
    assert "I found no mentorship for “Rosa”: yours are with Amina, Linh, Amina." in daniel.answer
    await daniel.says("/mentor meet")
    await daniel.presses("Linh, your mentee")
    assert "When Linh and you could both meet" in daniel.answer


async def test_a_closed_goal_is_not_shared(world: World, amina: Pilot, daniel: Pilot) -> None:
    key = await paired(world, amina, daniel)
    await amina.presses_action(f"mentor.pair_share:{key}")
    assert "You have no open goal to share" in amina.answer
    await amina.says("/goal add Pass the boards by June 2027")
    await amina.says("/goal add Learn Spanish")
    await amina.presses_action(f"mentor.pair_share:{key}")
    assert amina.form is not None
    values = [value for value, _ in amina.form.fields[0].choices]
    form = amina.form.address
    await amina.says("/goal done 2")
    await amina.submits(form, {"goals": ",".join(values)})
    assert amina.form is not None
    assert "is closed by now" in amina.form.errors["goals"]
    await daniel.says("/mentor goals")
    assert "shares no goal" in daniel.answer
    await amina.submits(form, {"goals": values[0]})
    await daniel.says("/mentor goals")
    assert "Pass the boards" in daniel.answer
    await amina.says("/goal done 1")
    await daniel.says("/mentor goals")
    assert "shares no goal" in daniel.answer


async def test_the_guide_is_there_for_everyone(amina: Pilot) -> None:
    await amina.says("/mentor guide")
    assert "Ask before telling" in amina.answer
    await amina.presses("Listen")
    assert "What else is there?" in amina.answer
    await amina.presses("Ask before telling")
    assert "an idea, a question or an ear" in amina.answer
    await amina.presses_action("mentor.pair_card:nothing")
    assert "no longer there" in amina.answer


async def test_an_end_is_kind_and_tells_no_reason(
    world: World, amina: Pilot, daniel: Pilot
) -> None:
    key = await paired(world, amina, daniel)
    await amina.says("/mentor end")
    assert "No reason is asked, and none is shown" in amina.answer
    await amina.presses("Keep it")
    assert "All stays as it is" in amina.answer
    await amina.says("/mentor meet 12 January 17:00")
    await world.until("2027-01-04 18:00")
    await daniel.presses("That suits me")
    await world.until("2027-01-04 18:05")
    await amina.says("/mentor end")
    await amina.presses("End it now")
    assert "It is over" in amina.answer
    assert await waiting(world, amina) == await waiting(world, daniel) == ["mentorship.ended"]
    await world.until("2027-01-05 18:00")
    [hers], [his] = about(amina, "has ended, on 4"), about(daniel, "has ended, on 4")
    assert hers.replace("Daniel", "Amina") == his
    assert [each["method"] for each in invitations(daniel)] == ["PUBLISH", "CANCEL"]
    cancelled = invitations(daniel)[-1]
    assert cancelled["STATUS"] == "CANCELLED"
    assert int(cancelled["SEQUENCE"]) == 1
    assert cancelled["UID"] == invitations(daniel)[0]["UID"]
    await amina.presses_action(f"mentor.pair_do:{key}:end_now")
    assert "ended on 4 January 2027" in amina.answer
    assert await waiting(world, amina) == await waiting(world, daniel) == []


async def test_what_a_meeting_needs_comes_before_it_also_at_a_weekend(
    world: World, amina: Pilot, daniel: Pilot
) -> None:
    await world.until("2027-01-07 12:30")
    await paired(world, amina, daniel)
    await amina.says("/mentor meet 9 January 14:00")
    await world.until("2027-01-08 22:30")
    await daniel.presses("That suits me")
    await world.until("2027-01-09 08:00")  # a Saturday, and she has slept
    assert len(about(amina, "The file is for your calendar")) == 1
    assert len(invitations(amina)) == 1
    await amina.presses_action("mentor.pair_agenda:1")
    await amina.fills(line1="where to begin with research")
    await world.until("2027-01-09 13:00")  # eight in the morning in New York
    assert len(about(daniel, "Amina wrote this")) == 1
