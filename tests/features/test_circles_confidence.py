"""Who is kept apart is asked like everyone as far as anybody can see, and never hears of it."""

from collections.abc import Iterator

import pytest

from bot.models import Circle, CircleSeat, Delivery, Member, Profile
from bot.store import circles, profiles
from bot.store.profiles import Confidential
from tests.features.circle_ground import START, Town

SIX = ("amina", "daniel", "milan", "teresa", "wanjiru", "linh")


@pytest.fixture
def town(url: str) -> Iterator[Town]:
    made = Town(url, START)
    yield made
    made.close()


async def avoids(town: Town, name: str, user: str) -> None:
    """Let somebody's profile say whom they would not be with."""
    member_id = next(each.key for each in await town.rows(Member) if each.user == name)

    def keep(db):  # type: ignore[no-untyped-def]
        part = Confidential(not_with=(user,))
        db.add(
            Profile(
                member_id=member_id,
                role="mentee",
                stage="early_career",
                tone="challenge",
                plan="structured",
                aim="move",
                created_at=START,
                updated_at=START,
                sealed=profiles.sealed(db, member_id, part),
            )
        )

    await town.coach.database.run(keep)


async def invited(town: Town) -> list[str]:
    """Name to whom an invitation was ever promised."""
    names = {each.key: each.user for each in await town.rows(Member)}
    found = await town.rows(Delivery)
    return [names[each.member_id] for each in found if each.occasion == circles.INVITED]


async def test_who_is_kept_apart_is_listed_as_asked_and_hears_nothing(town: Town) -> None:
    people = await town.meet(*SIX, "omar")
    amina, daniel = people["amina"], people["daniel"]
    await avoids(town, "daniel", "amina")
    await amina.says("/circle start")
    await amina.fills(name="Larks", people="daniel,milan,teresa,wanjiru")  # four, and he is one
    assert "Asked: Daniel, Milan, Teresa, Wanjiru" in amina.answer
    assert "cannot" not in amina.answer
    await amina.says("/circle")
    assert "Asked and not yet answered: 4" in amina.answer
    assert sorted(await invited(town)) == ["milan", "teresa", "wanjiru"]
    await town.until("2027-01-06 18:00")
    assert daniel.news() == []
    for words in ("/circle", "/coach why"):
        await daniel.says(words)
        assert "Larks" not in daniel.answer
        assert "asks you into" not in daniel.answer
    await daniel.says("/circle join")
    assert daniel.form is not None  # no invitation to show, so he is asked how he would meet
    # Asked once more, he is like all who were asked before.
    await amina.presses_action("circle.more:1")
    await amina.fills(people="daniel,milan")
    assert "2 people were asked before" in amina.answer
    await town.until("2027-01-13 12:00")
    assert any("Larks" in each and "4" in each for each in amina.news())  # a week later, all four


async def test_an_invitation_is_withdrawn_when_somebody_comes_who_is_apart(town: Town) -> None:
    people = await town.meet(*SIX, "omar", "ines", "sven")
    amina, daniel = people["amina"], people["daniel"]
    await avoids(town, "milan", "daniel")
    await amina.says("/circle start")
    await amina.fills(name="Larks", people="daniel,milan,teresa,wanjiru,linh")
    await daniel.says("/circle")
    assert "Amina would like to have you in Larks" in daniel.answer
    await people["milan"].presses_action("circle.accept:1")
    await daniel.says("/circle")
    assert "Larks" not in daniel.answer
    await daniel.presses_action("circle.accept:1")
    refused = daniel.answer
    assert refused == "Larks takes nobody more at this time. “/circle join” finds you another."
    await town.until("2027-01-06 18:00")
    assert daniel.news() == []
    await amina.says("/circle")
    assert "Asked and not yet answered: 4" in amina.answer
    # Word for word what a full circle says.
    guests = await town.meet("grace")
    await amina.presses_action("circle.more:1")
    await amina.fills(people="omar,ines,sven,grace")
    for name in ("teresa", "wanjiru", "linh", "omar", "ines", "sven"):
        await people[name].presses_action("circle.accept:1")
    assert len(await town.seated()) == 8
    await guests["grace"].presses_action("circle.accept:1")
    assert guests["grace"].answer == refused


async def test_a_circle_is_not_founded_with_too_few_to_ask(town: Town) -> None:
    people = await town.meet("amina", "daniel")
    await people["amina"].says("/circle start")
    await people["amina"].fills(name="Larks", people="daniel,ghost1,ghost2,ghost3")
    assert people["amina"].form is not None
    assert "Fewer than four of these" in people["amina"].form.errors["people"]
    assert await town.rows(Circle) == []
    assert await town.rows(CircleSeat) == []
    await people["amina"].says("/circle join async short")
    assert "You are on the list" in people["amina"].answer


async def test_nobody_is_asked_twice_into_one_circle(town: Town) -> None:
    people = await town.meet(*SIX)
    amina, daniel = people["amina"], people["daniel"]
    await amina.says("/circle start")
    await amina.fills(name="Larks", people="daniel,milan,teresa,wanjiru")
    await daniel.presses_action("circle.decline:1")
    for _ in range(3):
        await amina.presses_action("circle.more:1")
        await amina.fills(people="daniel,milan,linh")
    assert "Nobody new was asked" in amina.answer
    assert "3 people were asked before" in amina.answer
    assert sorted(await invited(town)) == ["daniel", "linh", "milan", "teresa", "wanjiru"]
    await daniel.presses_action("circle.accept:1")  # who thought again is welcome
    assert "You are in Larks" in daniel.answer


async def test_who_forms_circles_sees_no_reason_that_only_a_wish_could_give(town: Town) -> None:
    names = SIX[:5]
    people = await town.meet(*names, "ines", "rosa")
    rosa = people["rosa"]
    for name in names:
        await people[name].says("/circle join async short")
    await people["ines"].says("/circle join live short")
    await rosa.says("/circle form")
    [told] = [each for each in rosa.answer.splitlines() if "Ines: " in each]
    said = told.partition(": ")[2]
    await avoids(town, "daniel", "teresa")
    await rosa.says("/circle form")
    assert "0 circles for 6" in rosa.answer
    [told] = [each for each in rosa.answer.splitlines() if "Daniel" in each]
    assert "Ines" in told  # all in one line
    assert told.rpartition(": ")[2] == said


async def test_who_is_left_over_for_a_wish_hears_what_others_hear(town: Town) -> None:
    people = await town.meet(*SIX, "rosa")
    rosa = people["rosa"]
    for name in SIX:
        await people[name].says("/circle join async short")
    await avoids(town, "daniel", "teresa")
    await rosa.says("/circle form")
    await rosa.presses("Publish")
    assert "Formed: 1 circle of 5 people" in rosa.answer
    await town.until("2027-01-06 18:00")
    [left] = {"daniel", "teresa"} - set(await town.seated())
    [letter] = people[left].news()
    assert "no circle was right at once in way of meeting, language, hours and company" in letter
