"""What a fresh pair of eyes found: each of these was wrong once."""

import pytest

from tests.pilot import Pilot, World, at


async def test_an_answer_to_an_old_question_ends_the_silence_too(
    world: World, amina: Pilot
) -> None:
    await amina.says("/goal add Learn echo by June 2027")
    await world.until("2027-02-03 09:00")
    await amina.presses_action("checkin.mark:1:1:on_track")
    await world.until("2027-02-08 12:00")
    assert amina.delivered()[-1][2].endswith("2027-02-08")


async def test_a_late_question_brings_its_reminder_two_days_later(
    world: World, amina: Pilot
) -> None:
    await amina.says("/goal add Learn echo by June 2027")
    await world.sleeps_until("2027-01-06 10:00")
    assert len(amina.news()) == 1
    await world.until("2027-01-08 08:59")
    assert amina.news() == []
    await world.until("2027-01-08 09:00")
    assert "still open" in amina.news()[0]


async def test_no_reminder_about_a_goal_that_was_let_go(world: World, amina: Pilot) -> None:
    await amina.says("/goal add Learn echo by June 2027")
    await world.until("2027-01-05 09:00")
    await amina.says("/goal drop 1")
    await world.until("2027-01-07 09:00")
    assert len(amina.news()) == 1
    await amina.says("/coach why")
    assert "reminder: withheld, because no goal was open" in amina.answer
    await amina.presses_action("checkin.mark:1:1:done")
    assert "let go meanwhile, nothing changed" in amina.answer
    assert "Well done" not in amina.answer
    await amina.says("/goal show 1")
    assert "Let go." in amina.answer
    assert "reached" not in amina.answer


async def test_after_stopping_nothing_comes(world: World, amina: Pilot) -> None:
    await amina.says("/goal add Learn echo by June 2028")
    await world.until("2027-05-04 12:00")
    assert "I stop asking" in amina.delivered()[-1][1].text
    count = len(amina.delivered())
    await world.until("2027-12-01 12:00")
    assert len(amina.delivered()) == count
    await amina.says("/coach why")
    assert "goal review: withheld, because no answer came" in amina.answer


async def test_a_new_zone_moves_the_reminder_and_loses_no_question(
    world: World, amina: Pilot
) -> None:
    await amina.says("/goal add Learn echo by June 2027")
    await world.until("2027-01-04 10:00")
    await amina.says("/coach settings")
    await amina.presses("Change these")
    await amina.fills(zone="New York")
    assert "the next is Monday 11 January at 09:00" in amina.answer
    await world.until("2027-01-11 15:00")
    assert [f"{moment:%d %H:%M}" for moment, _, _ in amina.delivered()] == [
        "04 09:00", "06 14:00", "11 14:00"]  # fmt: skip


async def test_a_new_hour_does_not_ask_twice_in_a_week(world: World, amina: Pilot) -> None:
    await amina.says("/goal add Learn echo by June 2027")
    await world.until("2027-01-04 10:00")
    await amina.says("/coach settings")
    await amina.presses("Change these")
    await amina.fills(day="1", hour="8 am")
    await world.until("2027-01-12 09:00")
    weekly = [moment for moment, _, key in amina.delivered() if key.startswith("checkin.weekly")]
    assert [f"{each:%d %H:%M}" for each in weekly] == ["04 09:00", "12 08:00"]
    await amina.says("/coach why")
    assert "paused" not in amina.answer


async def test_a_pause_names_a_day_ahead_and_settings_say_so(amina: Pilot) -> None:
    await amina.says("/coach pause until today")
    assert "Name a day after today" in amina.answer
    await amina.says("stop")
    assert "I am silent until you say" in amina.answer
    await amina.says("/coach pause until 1 March")
    await amina.says("/coach settings")
    assert "silent until 1 March 2027" in amina.answer


async def test_what_was_typed_comes_along_when_the_goal_is_asked_about(amina: Pilot) -> None:
    await amina.says("/goal add Learn echo by June 2027")
    await amina.says("/goal add Pass the boards by June 2027")
    await amina.says("/goal step Book the exam by 3 March")
    assert "Which goal?" in amina.answer
    await amina.presses("2. Pass the boards")
    assert "Step added to goal 2, Pass the boards: Book the exam, by 3 March 2027." in amina.answer
    await amina.says("/goal drop because my rotation changed")
    await amina.presses("1. Learn echo")
    await amina.says("/goal show 1")
    assert "let go: my rotation changed" in amina.answer


async def test_an_ambiguous_date_keeps_the_reason(amina: Pilot) -> None:
    await amina.says("/goal add Learn echo by 2/3/27 because I cover the unit")
    await amina.presses_action(amina.replies[-1].messages[-1].buttons[0].action)
    await amina.says("/goal show 1")
    assert "I cover the unit" in amina.answer
    assert "2 March 2027" in amina.answer


async def test_a_date_in_a_forms_title_counts(amina: Pilot) -> None:
    await amina.says("/goal add")
    await amina.fills(title="Pass the boards by June 2027")
    assert "Pass the boards, by 30 June 2027" in amina.answer


async def test_a_goal_without_a_date_is_told_so(amina: Pilot) -> None:
    await amina.says("/goal add Finish the audit by end of residency")
    assert "date" in amina.answer.split("Kept as goal 1")[1]


async def test_an_old_draft_does_not_come_back(world: World, amina: Pilot) -> None:
    await amina.says("/goal add")
    await amina.fills(title="Learn echo", due="31 February")
    await amina.says("/goal add")
    assert amina.form is not None
    assert amina.form.fields[0].value == "Learn echo"
    world.clock.moment = at("2027-02-20 12:00")
    await amina.says("/goal add")
    assert amina.form is not None
    assert amina.form.fields[0].value == ""


async def test_a_review_counts_weeks_not_changes_of_mind(world: World, amina: Pilot) -> None:
    await amina.says("/goal add Learn echo by June 2028")
    await world.until("2027-01-04 09:00")
    for standing in ("on_track", "stuck", "on_track"):
        await amina.presses_action(f"checkin.mark:1:1:{standing}")
    await amina.says("/goal review")
    assert "On track 1 time." in amina.answer
    assert "Stuck" not in amina.answer


async def test_a_review_is_kept_once(world: World, amina: Pilot) -> None:
    await amina.says("/goal add Learn echo by June 2028")
    await amina.says("/goal review")
    await amina.presses("Keep them all")
    await amina.presses_action("goal.keep_all:1")
    assert "You reviewed these goals on 1 January 2027" in amina.answer
    await amina.presses_action("goal.review_form:1")
    await amina.fills(answer="a quiet month")
    await amina.submits("goal.review_form:1", {"goal1": "", "answer": ""})
    assert "a quiet month" in amina.answer


async def test_a_review_on_request_stands_for_the_one_that_follows(
    world: World, amina: Pilot
) -> None:
    await amina.says("/goal add Learn echo by June 2028")
    await world.until("2027-01-26 12:00")
    await amina.says("/goal review")
    await amina.presses("Keep them all")
    await world.until("2027-02-04 12:00")
    await amina.says("/coach why")
    assert "goal review: withheld, because you had reviewed" in amina.answer


async def test_progress_takes_no_nonsense(amina: Pilot) -> None:
    await amina.says("/goal add Submit 5 manuscripts by June 2028")
    await amina.says("/goal progress 1 -5")
    assert "Choose a number from 0 to 10000000." in amina.answer
    await amina.says("/goal progress 1 2 of 8")
    assert "2 of 8 manuscripts" in amina.answer
    await amina.says("/goal progress 1 half of them drafted")
    assert "2 of 8 manuscripts" in amina.answer
    await amina.presses_action("goal.note:1")
    await amina.fills(value="-5")
    assert amina.form is not None
    assert "from 0 to 10000000" in amina.form.errors["value"]


async def test_a_plan_reads_as_one_sentence(amina: Pilot) -> None:
    await amina.says("/goal add Learn echo by June 2028")
    await amina.presses_action("goal.plan:1")
    await amina.fills(cue="If I log off,", act="then I open the bank.")
    assert "Kept for goal 1, Learn echo: if I log off, then I open the bank." in amina.answer
    await amina.says("/goal step 1 Book the exam.")
    assert "Learn echo: Book the exam." in amina.answer
    assert ".." not in amina.answer


async def test_a_yes_or_no_is_a_fine_measure(amina: Pilot) -> None:
    await amina.says("/goal add Learn echo by June 2028")
    await amina.presses_action("goal.sharpen:1")
    await amina.fills(measure="yes/no", why="I cover the unit")
    assert "Goal 1 is now" in amina.answer


@pytest.mark.parametrize(
    ("said", "heard"),
    [
        ("/checkin please", "Write it like this: /checkin"),
        ("/goals", "You have no active goal"),
        ("/goal remove 1", "You have no goal number 1"),
        ("/goal help", "Set a goal your coach will hold you to."),
        ("help", "What you can say"),
    ],
)
async def test_other_words_for_things(amina: Pilot, said: str, heard: str) -> None:
    await amina.says(said)
    assert heard in amina.answer


async def test_after_a_reached_goal_the_next_is_not_the_first(amina: Pilot) -> None:
    await amina.says("/coach")
    assert amina.button("Set a first goal")
    await amina.says("/goal add Learn echo by June 2028")
    await amina.says("/goal done 1")
    await amina.says("/coach")
    assert "Set a first goal" not in [each.label for each in amina.replies[-1].messages[0].buttons]


@pytest.mark.parametrize(
    "action",
    ["goal.edit_form:²", "house.choose:x:²", "goal.edit_form:99999999999999999999999"],
)
async def test_numbers_that_are_none(amina: Pilot, action: str) -> None:
    await amina.presses_action(action)
    assert "no longer there" in amina.answer


async def test_forged_form_fields_are_ignored(amina: Pilot) -> None:
    await amina.says("/goal add Learn echo by June 2028")
    await amina.says("/goal review")
    await amina.submits(
        "goal.review_form:1", {"goal²": "keep", "goal99999999999999999999999": "drop"}
    )
    assert "Something failed" not in amina.answer


async def test_distress_gets_no_list_of_commands_and_no_goal(amina: Pilot) -> None:
    said = "I’m so burned out I want to quit medicine"
    await amina.says(said)
    last = amina.replies[-1].messages[-1]
    assert "your local emergency number" in last.text
    assert [button.label for button in last.buttons] == ["Help now", "Be silent for now"]
    assert said not in last.text
    await amina.says("/goal add")
    assert amina.form is not None
    assert amina.form.fields[0].value == ""


async def test_what_is_late_through_our_fault_lets_people_sleep(world: World, amina: Pilot) -> None:
    await amina.says("/goal add Pass the boards by June 2027")
    await world.sleeps_until("2027-01-05 03:00")  # down since Monday morning
    assert amina.news() == []
    await world.until("2027-01-05 13:00")
    assert [f"{moment:%d %b %H:%M}" for moment, _, _ in amina.delivered()] == ["05 Jan 12:00"]
    assert amina.news()[0].startswith("This comes later than I promised; I was down.")
    await amina.says("/coach why")
    assert "weekly check-in: sent, later than promised" in amina.answer
