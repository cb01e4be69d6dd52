"""Help now, and the two guards: in danger first, patients second, and nothing is kept."""

import pytest
from sqlalchemy import text
from sqlmodel import Session, select

from bot.models import Goal, GuardCount, Member, Private
from bot.store import private
from tests.pilot import Pilot, World, at

DANGER = "I have a plan and enough pills to end it"
THOUGHTS = "honestly I'd be better off dead"
UNSURE = "I can't do this anymore"
PATIENT = "MRN 4482913 still waiting on my note"


def kept(db: Session) -> list[str]:
    """Give all that the database holds, as text."""
    tables = db.connection().dialect.get_table_names(db.connection())
    return [
        str(tuple(row))
        for table in tables
        for row in db.connection().execute(text(f'SELECT * FROM "{table}"'))  # noqa: S608
    ]


async def holds(world: World, words: str) -> bool:
    return any(words in row for row in await world.coach.database.run(kept))


async def test_help_is_one_press_away_and_the_country_is_asked_for(
    world: World, amina: Pilot
) -> None:
    await amina.visits()
    await amina.presses("Help now")
    assert "Your local emergency number" in amina.answer
    assert "988" not in amina.answer  # nobody's country is guessed
    assert "Nobody is told" in amina.answer
    await amina.presses("Numbers where I am")
    await amina.presses("United Kingdom")
    assert "999" in amina.answer
    assert "116 123" in amina.answer
    await amina.says("/help-now")
    assert "116 123" in amina.answer
    assert "Numbers where I am" not in [
        button.label for message in amina.replies[-1].messages for button in message.buttons
    ]


async def test_another_country_has_no_numbers_of_ours(world: World, amina: Pilot) -> None:
    await amina.says("/help-now")
    await amina.presses("Numbers where I am")
    await amina.presses("Another country")
    assert "Your local emergency number" in amina.answer
    await amina.presses_action("help-now.country:XX")
    assert "emergency number" not in amina.answer  # a forged button changes nothing


@pytest.mark.parametrize(
    ("words", "answer"),
    [
        (DANGER, "If you might act on this"),
        (THOUGHTS, "That sounds heavy, and it matters"),
        (UNSURE, "Are you having thoughts of suicide"),
        ("my co-resident told me she wants to end her life", "advice about someone else"),
        ("My patient wants to kill himself, how do I fill in this form?", "For a patient"),
    ],
)
@pytest.mark.parametrize("command", ["{}", "/goal add {}", "/goal drop 1 because {}"])
async def test_danger_is_answered_before_anything_else_and_no_word_is_kept(
    world: World, amina: Pilot, words: str, answer: str, command: str
) -> None:
    await amina.says("/goal add Learn echo by June 2027")
    await amina.says(command.format(words))
    assert answer in amina.answer
    assert not await holds(world, words[:20])
    goals = await world.coach.database.run(lambda db: db.exec(select(Goal.status)).all())
    assert goals == ["active"]  # neither added nor dropped
    [own] = await world.coach.database.run(lambda db: db.exec(select(Private)).all())
    assert not any(word in own.sealed for word in (b"level", b'"l1"', b'"l2"', b'"l3"', b"third"))
    assert len(own.sealed) == 1024 + 28  # padded: its length tells nothing


async def test_danger_inside_a_form_closes_it_and_keeps_nothing(world: World, amina: Pilot) -> None:
    await amina.says("/goal add")
    await amina.fills(title=DANGER)
    assert "If you might act on this" in amina.answer
    assert not await holds(world, "enough pills")


async def test_three_days_of_quiet_and_then_as_before(world: World, amina: Pilot) -> None:
    await amina.says("/goal add Learn echo by June 2027")
    await world.until("2027-01-03 12:00")
    await amina.says(THOUGHTS)
    await world.until("2027-01-06 11:00")
    assert amina.news() == []
    await amina.says("/coach why")
    assert "because the coach was paused" in amina.answer
    await world.until("2027-01-12 12:00")
    assert len(amina.news()) == 1


async def test_a_misunderstanding_ends_the_quiet(world: World, amina: Pilot) -> None:
    await amina.says("/goal add Learn echo by June 2027")
    await amina.says(THOUGHTS)
    await amina.presses("You misunderstood")
    assert "I sometimes read them wrong" in amina.answer
    await world.until("2027-01-04 12:00")
    assert len(amina.news()) == 1


async def test_the_plain_question_takes_every_answer(world: World, amina: Pilot) -> None:
    for label, answer in (
        ("Yes", "That sounds heavy"),
        ("No, a hard day", "People to talk to"),
        ("I meant somebody else", "advice about someone else"),
        ("A figure of speech", "I sometimes read them wrong"),
    ):
        await amina.says(UNSURE)
        await amina.presses(label)
        assert answer in amina.answer
    member = await world.coach.database.run(lambda db: db.exec(select(Member)).one())
    assert member.paused_until == at("2027-01-05 00:00")  # the figure of speech, not the yes


async def test_a_stranger_in_danger_is_answered_too(world: World) -> None:
    new = world.member("nadia", "Europe/Paris")
    await new.says(DANGER)
    assert new.answer.startswith("If you might act on this")  # before any welcome


@pytest.mark.parametrize("command", ["{}", "/goal add {}", "/goal progress 1 3 {}"])
async def test_patient_details_are_refused_not_echoed_and_not_kept(
    world: World, amina: Pilot, command: str
) -> None:
    await amina.says("/goal add Learn echo by June 2027")
    await amina.says(command.format(PATIENT))
    assert "details about a patient (a record number)" in amina.answer
    assert "4482913" not in amina.answer
    assert not await holds(world, "4482913")
    [count] = await world.coach.database.run(lambda db: db.exec(select(GuardCount)).all())
    assert (count.kind, count.count) == ("mrn", 1)


async def test_a_form_with_patient_details_is_refused(world: World, amina: Pilot) -> None:
    await amina.says("/goal add")
    await amina.fills(title="Follow up MRN 4482913", why="because")
    assert "I have not kept it" in amina.answer
    assert not await holds(world, "4482913")


async def test_what_may_be_a_patient_is_kept_with_a_soft_word(world: World, amina: Pilot) -> None:
    await amina.says("/goal add Debrief room 408 pt with DKA signed out AMA")
    assert "Debrief room 408" in amina.answer
    assert 'change it to "a patient this week"' in amina.answer.replace("“", '"').replace("”", '"')


async def test_talk_of_work_passes_both_guards(world: World, amina: Pilot) -> None:
    for number, title in enumerate(
        (
            "Lead the suicide prevention QI project by June",
            "See 10 patients a day with EPIC smart phrases by March",
            "Shadow Mr Patel, the consultant surgeon, twice by May",
        ),
        1,
    ):
        await amina.says(f"/goal add {title}")
        await amina.says("/goal list")
        assert f"{number}. " in amina.answer
    own = await world.coach.database.run(lambda db: private.of(db, 1))
    assert own.helped == []


async def test_a_press_takes_back_its_own_event_and_no_other(world: World, amina: Pilot) -> None:
    await amina.says("/goal add Learn echo by June 2027")
    await world.until("2027-01-03 12:00")
    await amina.says(UNSURE)
    figure = amina.button("A figure of speech")
    world.clock.moment = at("2027-01-03 12:05")
    await amina.says(DANGER)
    await amina.presses_action(figure)
    await world.until("2027-01-06 11:00")
    assert amina.news() == []  # the figure of speech ends no quiet of another

    wrong = amina.button("You misunderstood")
    await amina.says("/coach pause until 1 March")
    await amina.presses_action(wrong)
    await world.until("2027-02-20 12:00")
    assert amina.news() == []  # nor the silence that the member asked for


async def test_no_press_cuts_the_quiet_short(world: World, amina: Pilot) -> None:
    await amina.says("/goal add Learn echo by June 2027")
    await world.until("2027-01-03 12:00")
    await amina.says(THOUGHTS)
    await amina.says("/coach pause until 4 January")
    await amina.says("/coach resume")
    assert "I stay quiet until 7 January 2027, as I said." in amina.answer
    await world.until("2027-01-06 23:00")
    assert amina.news() == []
    await world.until("2027-01-08 12:00")
    await amina.says("/coach resume")
    assert "You were not paused." in amina.answer
