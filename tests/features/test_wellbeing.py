"""The pulse, ideas and self-checks: what is said, what is kept, and what nobody else can see."""

from datetime import timedelta
from itertools import pairwise
from typing import Any

import pytest
from sqlmodel import SQLModel, select

from bot.models import Delivery, Member, Moment, Private, Pulse
from bot.models.base import table_of
from bot.store import wellbeing
from bot.store.wellbeing import Noted
from tests.pilot import Pilot, World, at

#: In a week in which the third question asks what took the most.
TOOK = at("2027-01-05 12:00")
STRAINED = {"burnout": "3", "energy": "2", "driver": "workload"}


async def rows(world: World, model: type[SQLModel]) -> Any:
    return await world.coach.database.run(lambda db: db.exec(select(model)).all())


async def moments(world: World, member_id: int = 1) -> list[Noted]:
    since = at("2026-01-01 00:00")
    return await world.coach.database.run(lambda db: wellbeing.moments(db, member_id, since))


async def taps(pilot: Pilot, **answers: str) -> Pilot:
    await pilot.says("/wellbeing")
    return await pilot.fills(answers)


async def test_three_taps_are_kept_and_not_repeated(world: World, amina: Pilot) -> None:
    world.clock.moment = TOOK
    await taps(amina, **STRAINED)
    assert "Would one small idea help, about the workload?" in amina.answer
    [pulse] = await rows(world, Pulse)
    assert b"burnout" not in pulse.sealed
    assert (await world.coach.database.run(lambda db: wellbeing.answer_of(db, pulse))).burnout == 3


async def test_a_second_answer_of_a_day_replaces_the_first(world: World, amina: Pilot) -> None:
    await taps(amina, burnout="2")
    await amina.says("/wellbeing")
    assert amina.form is not None
    assert amina.form.fields[0].value == "2"
    await amina.fills(burnout="3")
    assert amina.answer.startswith("Changed.")
    assert len(await rows(world, Pulse)) == 1


@pytest.mark.parametrize(
    ("answers", "says"),
    [
        ({"burnout": "6"}, "Choose one of the answers shown"),
        ({"burnout": "-1", "energy": "2"}, "Choose one of the answers shown"),
        ({"burnout": "２"}, "Choose one of the answers shown"),
        ({}, "Choose at least one answer"),
    ],
)
async def test_what_is_no_answer_is_refused_and_nothing_is_kept(
    world: World, amina: Pilot, answers: dict[str, str], says: str
) -> None:
    await taps(amina, **answers)
    assert amina.form is not None
    assert says in amina.form.errors["burnout"]
    assert await rows(world, Pulse) == []


async def test_a_night_belongs_to_its_evening(world: World, amina: Pilot) -> None:
    world.clock.moment = at("2027-01-05 03:00")
    await taps(amina, burnout="2")
    assert [str(each.day) for each in await rows(world, Pulse)] == ["2027-01-04"]


async def test_the_heaviest_answer_shows_people_and_rests_the_goals(
    world: World, amina: Pilot
) -> None:
    await amina.says("/goal add Learn echo by June 2027")
    await taps(amina, burnout="5")
    assert "I stay quiet until 9 January 2027" in amina.answer
    assert "People to talk to:" in amina.answer
    await world.until("2027-01-06 12:00")
    assert amina.news() == []
    await amina.presses("Keep the questions coming")
    await world.until("2027-01-12 12:00")
    assert [text for text in amina.news() if text.startswith("How does Learn echo stand?")]


async def test_asked_again_only_because_the_member_wants_it(world: World, amina: Pilot) -> None:
    await taps(amina, burnout="4")
    await amina.presses("Ask me again in some days")
    assert "I will ask again in three to six days" in amina.answer
    await world.until("2027-01-07 20:00")
    asked = [text for text in amina.news() if text.startswith("You asked me to ask again.")]
    assert len(asked) == 1


async def test_what_was_promised_comes_when_a_rest_is_over(world: World, amina: Pilot) -> None:
    await taps(amina, burnout="4")
    await amina.presses("Ask me again in some days")
    world.clock.moment = at("2027-01-02 12:00")
    await taps(amina, burnout="5")  # which brings a rest until 10 January
    await amina.presses("Ask me again in some days")
    assert "and not before 10 January 2027" in amina.answer
    await world.until("2027-01-13 20:00")
    assert [text.split(".")[0] for text in amina.news()] == ["You asked me to ask again"]
    await world.until("2027-01-20 20:00")
    assert not any("You asked me" in text for text in amina.news())


async def test_a_deadline_moves_from_where_it_was_offered(world: World, amina: Pilot) -> None:
    await amina.says("/goal add Learn echo by June 2027")
    await amina.says("/goal add Sleep more")
    await taps(amina, burnout="5")
    await amina.presses("Move: Learn echo")
    await amina.fills(due="September 2027")
    assert "30 September 2027" in amina.answer


async def test_the_country_is_known_before_it_is_needed(world: World, amina: Pilot) -> None:
    await amina.visits()
    await amina.presses("A few short questions")
    await amina.fills(country="GB")
    assert "Help numbers: United Kingdom" in amina.answer
    await taps(amina, burnout="5")
    assert "116 123" in amina.answer


async def test_people_who_are_well_get_nothing(world: World, amina: Pilot) -> None:
    for day in ("2027-01-01", "2027-01-08", "2027-01-15"):
        await world.until(f"{day} 12:00")
        await taps(amina, burnout="1", energy="4")
    await world.until("2027-01-22 12:00")
    assert amina.news() == []
    assert {each.reason for each in await moments(world)} == {"well"}


async def test_no_row_tells_who_is_strained(world: World, amina: Pilot) -> None:
    """One member is well and one is not: the rows of both look alike."""
    ben = world.member("ben")
    await taps(amina, burnout="4", energy="0", driver="workload")
    await taps(ben, burnout="1", energy="4", driver="nothing")
    await world.until("2027-01-20 12:00")
    assert amina.news() != []
    assert ben.news() == []
    secret = {"id", "key", "member_id", "sealed", "user", "name", "ref"}

    async def seen(member_id: int) -> list[object]:
        found: list[object] = []
        for model in (Member, Pulse, Moment, Private, Delivery):
            table = table_of(model)
            whose = table.c.id if model is Member else table.c.member_id
            query = select(*(each for each in table.c if each.name not in secret)).where(
                whose == member_id
            )
            if query.selected_columns:
                found.append(await world.coach.database.run(lambda db, q=query: db.exec(q).all()))
            if "sealed" in table.c:
                lengths = select(table.c.sealed).where(whose == member_id)
                found.append(
                    await world.coach.database.run(
                        lambda db, q=lengths: [len(each) for (each,) in db.execute(q)]
                    )
                )
        return found

    assert await seen(1) == await seen(2)
    told = world.coach.metrics.render(None).decode()
    assert 'occasion="wellbeing.moment",outcome="ended"' in told.replace(", ", ",")
    assert 'occasion="wellbeing.moment",outcome="sent"' not in told.replace(", ", ",")


async def test_ideas_keep_their_distance(world: World, amina: Pilot) -> None:
    for week in range(6):
        await world.until(f"2027-{1 + week // 4:02}-{1 + 7 * (week % 4):02} 12:00")
        await taps(amina, **STRAINED)
    await world.until("2027-02-12 12:00")
    ideas = [each for each in await moments(world) if each.kind == "idea"]
    held = [each for each in await moments(world) if each.reason == "holdout"]
    assert len(ideas) >= 5
    assert held, "some moments stay silent by lot"
    assert len({each.action for each in ideas}) == len(ideas)
    when = sorted(each.said_at for each in [*ideas, *held] if each.said_at)
    assert all(then - first >= timedelta(hours=72) for first, then in pairwise(when))
    assert all(when[n + 2] - when[n] >= timedelta(days=7) for n in range(len(when) - 2))
    for each in when:  # the rota is unknown: only at usual hours, on weekdays
        assert each.weekday() < 5
        assert each.hour in {12, 13, 17, 18, 19}


async def test_a_press_is_heard_once_and_by_its_owner(world: World, amina: Pilot) -> None:
    await taps(amina, **STRAINED)
    await amina.presses("Yes, one idea")
    action = amina.button("Less of these")
    stranger = world.member("ben")
    await stranger.presses_action(action)
    assert "no longer there" in stranger.answer
    await amina.presses_action(action)
    assert "Fewer about" in amina.answer
    [noted] = await moments(world)
    assert (noted.feedback, noted.asked) == ("less_of_these", True)


async def test_less_of_these_changes_what_comes_next(world: World, amina: Pilot) -> None:
    """Four members ask six times each; two of them press, and get less about the workload."""
    world.clock.moment = TOOK
    about: dict[str, int] = {}
    for name in ("kai", "lea", "mia", "noa"):
        pilot = world.member(name)
        await taps(pilot, **STRAINED)
        for hour in range(6):
            world.clock.moment = TOOK + timedelta(hours=hour)
            await pilot.says("/wellbeing idea")
            if hour:  # the first came before any press
                about[name] = about.get(name, 0) + ("about the workload" in pilot.answer)
            if name in {"mia", "noa"}:
                await pilot.presses("Less of these")
    assert about["mia"] + about["noa"] < about["kai"] + about["lea"] - 2, about


async def test_muted_means_muted(world: World, amina: Pilot) -> None:
    await taps(amina, **STRAINED)
    await amina.presses("No ideas for a month")
    await world.until("2027-01-30 12:00")
    assert amina.news() == []
    assert {each.reason for each in await moments(world)} == {"muted"}


async def test_nothing_after_hard_words_even_when_asked(world: World, amina: Pilot) -> None:
    await taps(amina, **STRAINED)
    await amina.says("I've been having suicidal thoughts since July")
    await amina.says("/wellbeing idea")
    assert amina.answer == (
        "I keep tips back for these days. People to talk to are one press away."
    )
    await world.until("2027-01-05 12:00")
    assert amina.news() == []


async def test_the_pulse_is_offered_less_and_then_not(world: World, amina: Pilot) -> None:
    await amina.says("/goal add Learn echo by June 2027")
    offered = []
    for week in range(30):
        day = at("2027-01-04 12:00") + week * (at("2027-01-08 00:00") - at("2027-01-01 00:00"))
        await world.until(day)
        asked = [text for text in amina.news() if "How does Learn echo stand" in text]
        offered += [week for text in asked if "Three taps" in text]
        if asked and "leave the three taps out" in asked[-1]:
            break
        if asked:
            await amina.presses("On track")
    assert offered == [0, 1, 3, 5, 9, 13]
    assert week == 14
