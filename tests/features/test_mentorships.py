"""Two people from the first word to the last: agreement, meetings, goals, questions, a good end."""

from datetime import timedelta

import pytest

from tests.features.pairs import about, invitations, paired, row, waiting
from tests.pilot import Pilot, World


@pytest.fixture
def daniel(world: World) -> Pilot:
    """A mentor in New York."""
    return world.member("daniel", "America/New_York")


async def test_half_a_year_of_two_people(world: World, amina: Pilot, daniel: Pilot) -> None:
    await world.until("2027-01-04 12:30")
    await amina.says("/goal add Pass the boards by June 2027")
    await amina.says("/goal add Learn to say no by May 2027")
    key = await paired(world, amina, daniel)
    await world.until("2027-01-04 18:00")
    [hello] = about(amina, "your mentor until 4 July 2027")
    assert "Confidentiality: What we say stays between us" in hello
    [hello] = about(daniel, "Amina is your mentee")
    assert "You mentor for the first time" in hello

    # The agreement: one changes it, the other is asked, both say yes.
    await amina.presses("I say yes")
    assert "Daniel is asked" in amina.answer
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


async def test_strangers_and_old_buttons_are_told_one_sentence(
    world: World, amina: Pilot, daniel: Pilot
) -> None:
    key = await paired(world, amina, daniel)
    rosa = world.member("rosa")
    for action in (
        f"mentor.pair:{key}",
        f"mentor.pair_agree:{key}",
        f"mentor.pair_edit:{key}",
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
    before = len(about(daniel, "mentor"))
    await world.until("2027-08-01 12:00")
    assert len(about(daniel, "mentor")) == before
