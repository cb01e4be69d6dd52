"""Members tell when they work: the coach is silent then, and says what it will do."""

import pytest
from sqlmodel import select

from bot.models import ShiftRow
from tests.pilot import Pilot, World, at


async def rows(world: World) -> list[tuple[str, str, str]]:
    """List the shifts that are kept: start and end in UTC, and kind."""
    found = await world.coach.database.run(lambda db: db.exec(select(ShiftRow)).all())
    found = sorted(found, key=lambda row: (row.starts_at, row.kind))
    return [(f"{r.starts_at:%d.%m %H:%M}", f"{r.ends_at:%d.%m %H:%M}", r.kind) for r in found]


async def typed_before(amina: Pilot, text: str) -> None:
    await amina.says("/goal add Learn echo by June 2027")
    await amina.says(text)


# What is silent, and what is said about it


async def test_nights_move_a_check_in_and_nothing_is_called_late(
    world: World, amina: Pilot
) -> None:
    await typed_before(amina, "/shift nights tomorrow to Sunday")
    assert "2 nights, 20:00 to 08:00: the first on Saturday 2 January 2027" in amina.answer
    assert "I stay quiet while you work and until you have slept." in amina.answer
    assert "You named no hours" in amina.answer
    await world.until("2027-01-05 07:59")
    assert amina.news() == []
    await amina.says("/coach why")
    assert "Monday 4 January at 09:00, weekly check-in: still to come, because you" in amina.answer
    await world.until("2027-01-05 12:00")
    [(moment, *_)] = amina.delivered()
    assert moment == at("2027-01-05 08:00")  # a day after the last night ended
    [asked] = amina.news()
    assert asked.startswith("How does Learn echo stand?")
    assert "later than" not in asked


async def test_leave_drops_a_check_in_and_the_next_comes_as_usual(
    world: World, amina: Pilot
) -> None:
    await typed_before(amina, "/leave 3 to 13 Jan")
    assert "Leave from Sunday 3 January 2027 to Wednesday 13 January 2027" in amina.answer
    assert "one message, no pile" in amina.answer
    await world.until("2027-01-11 12:00")
    assert amina.news() == []
    await amina.says("/coach why")
    assert "4 January at 09:00, weekly check-in: withheld, because you were on leave" in (
        amina.answer
    )
    await world.until("2027-01-18 12:00")
    moments = [f"{moment:%d.%m %H:%M}" for moment, *_ in amina.delivered()]
    assert moments == ["18.01 09:00"]  # one message, no pile


async def test_a_night_of_a_clock_change_ends_by_the_wall(world: World, amina: Pilot) -> None:
    await amina.says("/shift night 27 March")
    await amina.says("/shift night 30 October")
    assert await rows(world) == [
        ("27.03 20:00", "28.03 07:00", "night"),  # eleven hours
        ("30.10 19:00", "31.10 08:00", "night"),  # thirteen
    ]
    await amina.says("/shift list")
    assert "Night on Saturday 27 March 2027, 20:00 to 08:00" in amina.answer
    assert "Night on Saturday 30 October 2027, 20:00 to 08:00" in amina.answer


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("days 7:00-19:00 Mon to Thu", "4 day shifts, 07:00 to 19:00: the first on Monday 4"),
        ("days 7:00-19:00 Mon to Thu", "I stay quiet while you work."),
        ("call Saturday", "Call in the house on Saturday 2 January 2027, 08:00 to 08:00 the next"),
        ("home call 9 to 12 Jan", "4 home calls, 08:00 to 08:00 the next day: the first on Sat"),
        ("home call 9 to 12 Jan", "On home call I stay quiet from 21:00 to 07:00."),
        ("evening Tuesday", "Evening shift on Tuesday 5 January 2027, 14:00 to 23:00"),
        ("off tomorrow", "Off on Saturday 2 January 2027"),
        ("off tomorrow", "A day off silences nothing"),
        ("leave next week", "Leave from Monday 4 January 2027 to Sunday 10 January 2027"),
    ],
)
async def test_what_was_understood_is_said_in_full(amina: Pilot, text: str, says: str) -> None:
    await amina.says(f"/shift {text}")
    assert says in amina.answer
    hours_are_assumed = text.split()[0] in {"call", "home", "evening"}
    assert ("You named no hours" in amina.answer) is hours_are_assumed


async def test_a_day_off_on_a_working_day_says_that_work_stays(amina: Pilot) -> None:
    await amina.says("/shift night Tuesday")
    await amina.says("/shift off Tuesday")
    assert "I also know of work on that day" in amina.answer


# Taking it back


async def test_undo_takes_back_one_command_alone(world: World, amina: Pilot) -> None:
    await amina.says("/shift night Tuesday")
    await amina.says("/shift nights Tue to Thu")  # one of them was known
    undo = amina.button("Undo")
    await amina.says("/shift call Saturday")
    ben = world.member("ben")
    await ben.says("/shift")
    await ben.presses_action(undo)
    assert ben.answer.startswith("That is already gone")
    assert len(await rows(world)) == 4
    await amina.presses_action(undo)
    assert amina.answer == "Undone. Nothing of it is kept."
    assert [kind for *_, kind in await rows(world)] == ["call24", "night"]
    await amina.presses_action(undo)
    assert amina.answer.startswith("That is already gone")


async def test_the_same_again_is_kept_once(world: World, amina: Pilot) -> None:
    await amina.says("/shift nights until Friday")
    await amina.says("/shift nights until Friday")
    assert amina.answer.startswith("I had that already:")
    assert len(await rows(world)) == 8


@pytest.mark.parametrize(
    ("which", "left"),
    [
        ("", []),
        (" night Tuesday", ["call24", "leave", "night"]),
        (" nights", None),
        (" Saturday", ["leave", "night", "night"]),
        (" leave 8 Feb", ["call24", "night", "night"]),
        (" night Friday", None),
    ],
)
async def test_clear_asks_once_and_forgets_what_it_showed(
    world: World, amina: Pilot, which: str, left: list[str] | None
) -> None:
    for text in ("nights Tue to Wed", "call Saturday", "leave 8 Feb"):
        await amina.says(f"/shift {text}")
    await amina.says(f"/shift clear{which}")
    assert len(await rows(world)) == 4
    if left is None:
        assert "would go" not in amina.answer
        return
    assert amina.answer.startswith("These would go:")
    press = amina.button("Clear them")
    await amina.says("/shift night 20 Jan")  # came after the question
    await amina.presses_action(press)
    kinds = sorted(kind for *_, kind in await rows(world))
    assert kinds == sorted([*left, "night"])
    await amina.presses_action(press)
    assert amina.answer.startswith("That is already gone")


async def test_an_older_question_clears_nothing(world: World, amina: Pilot) -> None:
    await amina.says("/shift nights Tue to Wed")
    await amina.says("/shift clear night Tuesday")
    old = amina.button("Clear them")
    await amina.says("/shift clear")
    await amina.presses_action(old)
    assert amina.answer.startswith("That is already gone")
    assert len(await rows(world)) == 2


# What is refused


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("/shift call Saturday 8:00 to Monday", "is not a day I can place"),
        ("/shift nights 8 Dec to 3 Dec", "ends before it begins"),
        ("/shift nights 30 Feb", "There is no such day"),
        ("/shift nights in June", "is not a day I can place"),
        ("/shift off 1 Feb to 1 June", "longer than the 42 days"),
        ("/leave 1 Feb 2027 to 1 June 2028", "longer than the 400 days"),
        ("/shift off 9:00-17:00 tomorrow", "leave out the hours"),
        ("/shift nights", "names no days"),
        ("/shift foo bar", "as shifts: write a kind and its days"),
        ("/shift clear", "You have not typed any shifts"),
        ("/shift feed off", "I have no rota feed of yours"),
    ],
)
async def test_what_cannot_be_is_one_sentence_and_nothing_is_kept(
    world: World, amina: Pilot, text: str, says: str
) -> None:
    await amina.visits()
    await amina.says(text)
    sentence = amina.answer.split("\n\n")[0]
    assert says in sentence
    assert sentence.count(". ") <= 1
    assert await rows(world) == []


async def test_a_doubt_offers_whole_commands(world: World, amina: Pilot) -> None:
    await amina.says("/shift on call Saturday")
    assert await rows(world) == []
    await amina.presses("home call 2 January 2027")
    assert [kind for *_, kind in await rows(world)] == ["homecall"]
    await amina.says("/shift nihgts Tuesday")
    await amina.presses("nights 5 January 2027")
    assert len(await rows(world)) == 2


async def test_a_goal_said_in_words_is_no_leave(amina: Pilot) -> None:
    await amina.says("Learn Spanish by June 2027")
    await amina.presses("Keep it as a goal")
    assert "Learn Spanish, by 30 June 2027" in amina.answer


async def test_the_forms_read_as_commands_do(world: World, amina: Pilot) -> None:
    await amina.says("/leave")
    await amina.fills(days="3 Jan to 1 Jan")
    assert amina.form is not None
    assert "ends before it begins" in amina.form.errors["days"]
    assert amina.form.fields[0].value == "3 Jan to 1 Jan"
    await amina.fills(days="3 Feb to 4 Feb")
    await amina.says("/shift")
    await amina.presses("Add shifts")
    await amina.fills(text="on call Saturday")
    assert amina.form is not None
    assert "write call 2 January 2027 or home call" in amina.form.errors["text"]
    await amina.fills(text="call Saturday")
    assert [kind for *_, kind in await rows(world)] == ["call24", "leave"]


async def test_there_is_an_end_to_what_one_member_types(world: World, amina: Pilot) -> None:
    for month in range(1, 13):
        name = f"{at(f'2027-{month:02}-02'):%b} 2027"
        for kind in ("nights", "days"):
            await amina.says(f"/shift {kind} 2 {name} to 28 {name}")
    assert amina.answer.startswith("I keep 500 typed shifts at most")
    assert len(await rows(world)) <= 500
