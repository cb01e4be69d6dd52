"""Profiles, a few who would fit, and asking one of them: from both sides."""

from datetime import timedelta

from tests.features.mentoring_ground import ABOUT, says_who
from tests.pilot import Pilot, World, at


async def pair(world: World, **daniels: str) -> tuple[Pilot, Pilot]:
    amina = world.member("amina", "Europe/London")
    daniel = world.member("daniel", "Europe/London")
    await says_who(daniel, "mentor", "quality,hard_talks", stage="mid_career", **daniels)
    await says_who(amina, "mentee", "quality,hard_talks")
    return amina, daniel


async def test_a_profile_is_made_in_three_short_forms_and_shown(amina: Pilot) -> None:
    await amina.says("/mentor")
    assert "Say in two minutes" in amina.answer
    await amina.says("/mentor profile")
    await amina.fills({**ABOUT, "role": "both", "about": "Two years in the ICU."})
    assert amina.form is not None
    assert [each.name for each in amina.form.fields] == ["seeks", "offers"]
    await amina.fills(seeks="quality,exams,statistics", offers="nights")
    assert amina.form is not None
    assert [label for _, label in amina.form.fields[0].choices] == [
        "Quality improvement", "Preparing for exams and boards", "Statistics and data",
    ]  # fmt: skip
    await amina.fills(first="exams,statistics")
    assert "Mentor, and looking for one" in amina.answer
    assert "most of all Preparing for exams and boards and Statistics and data" in amina.answer
    assert "Offering: Living with nights and shifts" in amina.answer
    assert "Two years in the ICU." in amina.answer
    await amina.says("/mentor pause")
    await amina.says("/mentor profile")
    assert "Paused" in amina.answer
    assert "Quality improvement" in amina.answer


async def test_wrong_answers_come_back_beside_their_fields(amina: Pilot) -> None:
    await amina.says("/mentor profile")
    for capacity in ("0", "1000", "many"):
        await amina.fills({**ABOUT, "role": "mentor", "capacity": capacity, "languages": "Germn"})
        assert amina.form is not None
        assert set(amina.form.errors) == {"capacity", "languages"}
        assert "“German”" in amina.form.errors["languages"]
    assert "Choose one to 5" in amina.form.errors["capacity"] or "number" in str(amina.form.errors)
    await amina.fills({**ABOUT, "role": "mentor"})
    assert amina.form is not None
    await amina.fills(offers="")
    assert amina.form is not None
    assert "offers" in amina.form.errors
    await amina.fills(offers="quality,astrology")
    assert amina.form is not None
    assert "offers" in amina.form.errors
    everything = ",".join(value for value, _ in amina.form.fields[0].choices)
    await amina.fills(offers=everything)
    assert "Choose 8 at most" in amina.form.errors["offers"]


async def test_somebody_is_found_asked_and_says_yes(world: World) -> None:
    amina, daniel = await pair(world)
    await amina.says("/mentor find")
    assert "Daniel" in amina.answer
    assert "offers Quality improvement and Difficult conversations" in amina.answer
    await amina.presses("Ask Daniel")
    await amina.fills(note="Someone who has led a QI project.")
    assert "A place is held for you until 8 January 2027" in amina.answer
    await world.until("2027-01-04 12:00")
    [request] = [text for text in daniel.news() if "asks whether" in text]
    assert "Someone who has led a QI project." in request
    await daniel.says("/mentor requests")
    assert "Amina, until 8 January 2027" in daniel.answer
    await amina.says("/mentor requests")
    assert "Daniel: a place is held until 8 January 2027" in amina.answer
    await daniel.presses("Yes, let us meet")
    assert "Amina hears it from me" in daniel.answer
    await world.until("2027-01-05 12:00")
    assert any("Daniel said yes" in text for text in amina.news())
    await amina.says("/mentor")
    assert "Your mentor: Daniel" in amina.answer
    await daniel.presses_action("mentor.accept:1")
    assert "This request is over" in daniel.answer


async def test_a_not_now_goes_on_to_the_next_and_blames_nobody(world: World) -> None:
    amina, daniel = await pair(world)
    rosa = world.member("rosa", "Europe/London")
    await amina.says("/mentor ask Daniel")
    await amina.fills(note="Leading a team.", passes_on="yes")
    await says_who(rosa, "mentor", "quality,hard_talks", stage="senior")
    await world.until("2027-01-04 12:00")
    await daniel.presses("Not now")
    assert "hears only that it does not fit now" in daniel.answer
    await world.until("2027-01-05 12:00")
    [told] = [text for text in amina.news() if "cannot take" in text]
    assert "that says nothing about you" in told
    assert "I have asked Rosa with the same words" in told
    assert any("Leading a team." in text for text in rosa.news())
    await amina.says("/mentor find")
    assert "Daniel" not in amina.answer  # not again so soon


async def test_no_answer_ends_kindly_after_a_reminder(world: World) -> None:
    amina, daniel = await pair(world)
    await amina.says("/mentor ask daniel")
    await amina.fills(passes_on="no")
    await world.until("2027-01-09 12:00")
    texts = [text for text in daniel.news() if "asks whether" in text]
    assert [text.startswith("Still open") for text in texts] == [False, True]
    await world.until("2027-01-12 12:00")
    [ended] = [text for text in amina.news() if "No answer came" in text]
    assert "says nothing about you" in ended
    await daniel.presses_action("mentor.accept:1")
    assert "This request is over" in daniel.answer
    await amina.says("/mentor requests")
    assert "No request waits" in amina.answer


async def test_leave_stretches_the_days_and_is_not_disturbed(world: World) -> None:
    amina, daniel = await pair(world)
    await daniel.says("/leave 1 Jan to 14 Jan")
    await amina.says("/mentor ask Daniel")
    await amina.fills(note="")
    assert "until 21 January 2027" in amina.answer
    await world.until("2027-01-14 22:00")
    assert not [text for text in daniel.news() if "asks whether" in text]
    await world.until("2027-01-18 22:00")
    assert [text for text in daniel.news() if "asks whether" in text]


async def test_leave_told_later_stretches_too(world: World) -> None:
    amina, daniel = await pair(world)
    await amina.says("/mentor ask Daniel")
    await amina.fills(note="")
    await world.until("2027-01-04 18:00")
    await daniel.says("/leave 5 Jan to 20 Jan")
    await world.until("2027-01-10 12:00")
    assert not [text for text in amina.news() if "No answer came" in text]
    await amina.says("/mentor requests")
    assert "Daniel: a place is held until 24 January 2027" in amina.answer


async def test_who_asked_somebody_that_leaves_is_told(world: World) -> None:
    amina, daniel = await pair(world)
    await amina.says("/mentor ask Daniel")
    await amina.fills(note="")
    await daniel.says("/coach forget")
    await daniel.presses("Forget me")
    await world.until("2027-01-12 12:00")
    [told] = [text for text in amina.news() if "not here any more" in text]
    assert "Daniel" not in told
    await amina.says("/mentor requests")
    assert "No request waits" in amina.answer


async def test_each_wrong_ask_gets_one_sentence(world: World) -> None:
    amina, _ = await pair(world, capacity="1")
    await amina.says("/mentor ask Amina")
    assert "You cannot be your own mentor" in amina.answer
    await amina.says("/mentor ask Nobody Here")
    assert "I know nobody here called “Nobody Here”" in amina.answer
    rosa = world.member("rosa")
    await rosa.says("/mentor ask Daniel")
    assert "/mentor profile" in rosa.answer
    await says_who(rosa, "mentee", "quality,hard_talks")
    await rosa.says("/mentor ask Amina")
    assert "Amina does not mentor at this time" in rosa.answer
    await amina.says("/mentor ask Daniel")
    await amina.fills(note="")
    await rosa.says("/mentor ask Daniel")
    assert "Daniel has no place free" in rosa.answer
    await amina.says("/mentor ask Daniel")
    assert "You have asked Daniel already" in amina.answer
    await amina.says("/mentor requests")
    await amina.presses("Take back: Daniel")
    assert "Taken back" in amina.answer
    await amina.presses_action("mentor.withdraw:1")
    assert "This request is over" in amina.answer
    await rosa.says("/mentor ask Daniel")
    assert rosa.form is not None
    await rosa.presses_action("mentor.accept:1")
    assert "earlier version" in rosa.answer or "button" in rosa.answer


async def test_two_declined_in_a_row_bring_rest(world: World) -> None:
    amina, daniel = await pair(world)
    rosa = world.member("rosa")
    await says_who(rosa, "mentee", "quality,hard_talks")
    for who, number in ((amina, 1), (rosa, 2)):
        await who.says("/mentor ask Daniel")
        await who.fills(note="", passes_on="no")
        await daniel.presses_action(f"mentor.decline:{number}")
    assert "I bring you no new requests" in daniel.answer
    await daniel.presses("Be shown again")
    await daniel.says("/mentor")
    assert "Free places: 2" in daniel.answer


async def test_fewer_places_than_are_taken_are_asked_about(world: World) -> None:
    amina, daniel = await pair(world)
    rosa = world.member("rosa")
    await says_who(rosa, "mentee", "quality,hard_talks")
    await amina.says("/mentor ask Daniel")
    await amina.fills(note="")
    await daniel.presses_action("mentor.accept:1")
    await rosa.says("/mentor ask Daniel")
    await rosa.fills(note="")
    await daniel.says("/mentor profile")
    await daniel.presses("Change who I am")
    await daniel.fills(capacity="1", about="In emergency medicine.")
    assert "All else is kept" in daniel.answer
    assert "1 of them by requests" in daniel.answer
    assert daniel.button("End with Amina").startswith("mentor.end_one:")
    await daniel.says("/mentor profile")
    assert "Places: 2" in daniel.answer
    assert "In emergency medicine." in daniel.answer


async def test_no_star_is_shown_to_all(world: World) -> None:
    """Of six who fit alike, twelve mentees see each about as often."""
    seen: dict[str, int] = {}
    for number in range(6):
        mentor = world.member(f"mentor{number}")
        await says_who(mentor, "mentor", "quality,hard_talks", stage="mid_career")
    for number in range(12):
        mentee = world.member(f"mentee{number}")
        await says_who(mentee, "mentee", "quality,hard_talks")
        await mentee.says("/mentor find")
        for button in mentee.replies[-1].messages[0].buttons:
            if button.action.startswith("mentor.asking"):
                seen[button.label] = seen.get(button.label, 0) + 1
    assert sum(seen.values()) == 36
    assert len(seen) == 6
    assert max(seen.values()) <= 10


async def test_a_week_is_a_week_across_the_clock_change(world: World) -> None:
    world.clock.moment = at("2027-03-24 12:00")
    amina, daniel = await pair(world)
    await amina.says("/mentor ask Daniel")
    await amina.fills(note="")
    await world.until(at("2027-03-31 11:59", "Europe/London"))
    await daniel.says("/mentor requests")
    assert "Amina" in daniel.answer
    world.clock.moment += timedelta(minutes=2)
    await daniel.says("/mentor requests")
    assert "No request waits" in daniel.answer
