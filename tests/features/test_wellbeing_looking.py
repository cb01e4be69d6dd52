"""Longer self-checks, the trend, and the farewell: what a member looks at, and what stops."""

import pytest

from bot.errors import TryLater
from bot.models import Assessment, Delivery, Moment
from tests.features.test_wellbeing import STRAINED, moments, rows, taps
from tests.pilot import Pilot, World, at


async def test_a_look_at_what_wears(world: World, amina: Pilot) -> None:
    await amina.says("/wellbeing check")
    await amina.presses("What wears on you")
    await amina.fills(workload="0", sleep="1", ehr="4")
    assert "What wears most now: the workload, and sleep." in amina.answer
    assert "People to talk to:" in amina.answer
    [row] = await rows(world, Assessment)
    assert b"drivers" not in row.sealed


@pytest.mark.parametrize(
    ("value", "says"),
    [
        ("4", "in the range where serious distress is likely"),
        ("0", "Below the range that studies mark"),
    ],
)
async def test_six_questions(amina: Pilot, value: str, says: str) -> None:
    await amina.presses_action("wellbeing.take:k6")
    assert amina.form is not None
    assert "World Health Organization" in amina.form.intro
    await amina.fills(dict.fromkeys([each.name for each in amina.form.fields], value))
    assert says in amina.answer
    assert "People to talk to:" in amina.answer
    assert "24" not in amina.answer.split("©")[0]  # no score is shown


async def test_a_sum_of_some_answers_is_none(amina: Pilot) -> None:
    await amina.presses_action("wellbeing.take:phq2")
    await amina.fills(mood="3")
    assert "You answered 1 of 2. A sum over some of them would mislead" in amina.answer


async def test_six_questions_are_offered_to_those_who_asked(world: World, amina: Pilot) -> None:
    await amina.says("/wellbeing settings")
    await amina.presses("Change these")
    await amina.fills(quarterly="yes", monthly="no")
    for month in (1, 2, 3, 4):
        await world.until(f"2027-{month:02}-20 12:00")
        await taps(amina, burnout="1")
    news = amina.news()
    assert len([text for text in news if "Six questions about the past month" in text]) == 1
    assert not any("What wears on you" in text for text in news)


async def test_the_trend_is_beside_ones_own_usual(world: World, amina: Pilot) -> None:
    await amina.says("/wellbeing trend")
    assert "Three taps are enough to begin" in amina.answer
    for week, value in enumerate("22224"):
        await world.until(f"2027-{1 + week // 4:02}-{1 + 7 * (week % 4):02} 12:00")
        await taps(amina, burnout=value)
    assert "well above your own usual" not in amina.answer  # 4 has a row of its own
    await amina.says("/wellbeing trend")
    assert "higher than your own usual" in amina.answer
    assert "▃▃▃▃▆" in amina.answer
    await amina.presses("As a picture")
    await world.until("2027-02-01 12:01")
    [*_, (_, message, _)] = amina.delivered()
    assert message.files[0].content.startswith(b"\x89PNG")
    assert "higher than your own usual" in message.files[0].says


async def test_farewell_after_two_silent_months_is_said_once(world: World, amina: Pilot) -> None:
    await taps(amina, **STRAINED)
    await world.until("2027-04-15 12:00")
    news = amina.news()
    assert len([text for text in news if "We have not spoken for two months" in text]) == 1
    kinds = [each.kind for each in await moments(world)]
    assert kinds.count("farewell") == 1
    assert kinds[-1] == "none"  # moments go on, for their end would tell
    await amina.presses("Let ideas come again")
    assert "now and then" in amina.answer


async def test_an_outage_does_not_show_who_was_to_get_something(world: World, amina: Pilot) -> None:
    ben = world.member("ben")
    await taps(amina, burnout="4")
    await taps(ben, burnout="1")
    world.outbox.refuse = [TryLater("server_503") for _ in range(9)]
    for day in range(2, 22):
        await world.until(f"2027-01-{day:02} 20:00")
        waiting = [each for each in await rows(world, Delivery) if each.state == "waiting"]
        assert {each.attempts for each in waiting} == {0}
        assert {each.reason for each in waiting} <= {"", "unknown_rota"}
    assert amina.news() == []  # it was tried once, and let go


async def test_moments_end_alike_whatever_was_answered(world: World, amina: Pilot) -> None:
    people = {"well": "1", "strained": "3", "spent": "5"}
    for name, burnout in people.items():
        await taps(world.member(name), burnout=burnout)
    await taps(world.member("silent"), energy="2")
    asks = world.member("asks")
    await taps(asks, burnout="4")
    await asks.presses("Ask me again in some days")
    await world.until(at("2027-06-01 12:00"))
    days = {
        number: [each.at for each in await rows(world, Moment) if each.member_id == number]
        for number in range(1, 6)
    }
    assert len(days[1]) > 25
    assert all(days[number] == days[1] for number in days)
