"""Somebody leaves, a host goes, few are left, all are gone: nothing is left half done."""

from collections.abc import Iterator

import pytest

from bot.models import Delivery, Member
from bot.store import members, rights
from bot.store.circles import part
from tests.features.circle_ground import START, Town
from tests.pilot import Pilot, at

SIX = ("amina", "daniel", "milan", "teresa", "wanjiru", "linh")


@pytest.fixture
def town(url: str) -> Iterator[Town]:
    made = Town(url, START)
    yield made
    made.close()


@pytest.fixture
async def six(town: Town) -> dict[str, Pilot]:
    """Six people who meet on Tuesdays, from 12 January on."""
    people = await town.circle(*SIX, length="short")
    await people["amina"].says("/circle schedule")
    await people["amina"].presses("Another hour")
    await people["amina"].fills(day="1", at="18:00", first="12 January")
    await town.hour()
    return people


async def leaves(who: Pilot) -> None:
    await who.says("/circle leave")
    await who.presses("Leave")


async def test_who_leaves_is_let_out_and_another_looks_after_the_circle(
    town: Town, six: dict[str, Pilot]
) -> None:
    await six["amina"].says("/circle leave")
    assert "Whoever has been in it longest looks after it then" in six["amina"].answer
    await six["amina"].presses("Leave")
    assert "You have left Night Owls" in six["amina"].answer
    await six["amina"].presses_action("circle.leave_now:1")  # the same press twice
    assert "is over" in six["amina"].answer
    await town.until("2027-01-04 20:00")
    assert "amina" not in town.channel.people
    assert await town.host() == "daniel"
    assert "You look after Night Owls from now on" in six["daniel"].news()[-1]
    # What hung on her hangs on him, and her name is in no errand that is done.
    waiting = [each for each in await town.rows(Delivery) if each.state == "waiting"]
    hers = {each.occasion for each in waiting if each.member_id == 1}
    assert not [each for each in hers if each.startswith(("room.", "circles."))]
    assert not [each for each in await town.rows(Delivery) if "amina" in each.ref + each.key]
    await town.until("2027-01-12 18:00")
    assert "Session 1: Launch" in town.posts()[-1]
    assert "Amina" not in town.posts()[-1]


async def test_a_host_who_is_gone_from_the_platform_is_succeeded(
    town: Town, six: dict[str, Pilot]
) -> None:
    await town.coach.database.run(
        lambda db: members.mark_unreachable(db, member_id=1, now=town.clock())
    )
    await town.until("2027-01-12 12:00")
    assert await town.host() == "daniel"
    agenda = [each for each in town.posts() if "Session 1 of 6" in each]
    assert "Amina" not in agenda[0]
    assert len(await town.seated()) == 6  # the seat stays


async def test_who_is_forgotten_leaves_nothing_half_done(town: Town, six: dict[str, Pilot]) -> None:
    await town.until("2027-01-11 18:00")  # the agenda is out, with her as its host
    amina = (await town.rows(Member))[0]

    def forget(db):  # type: ignore[no-untyped-def]
        member = members.by_id(db, amina.key)
        part(db, member, town.clock())
        rights.forget(db, member)

    await town.coach.database.run(forget)
    await town.until("2027-01-12 18:00")
    assert await town.host() == "daniel"
    assert "amina" not in town.channel.people
    assert "Session 1: Launch" in town.posts()[-1]
    assert "opens" in town.posts()[-1]
    for name in SIX[1:]:
        await town.coach.database.run(
            lambda db, name=name: part(db, members.held(db, "test", "team", name), town.clock())
        )
    await town.hour()
    assert town.channel.archived


async def test_few_left_and_everyone_gone(town: Town, six: dict[str, Pilot]) -> None:
    await town.until("2027-01-05 12:00")
    for name in ("linh", "wanjiru"):
        await leaves(six[name])
    await town.until("2027-01-06 12:00")
    assert not [each for each in six["amina"].news() if "left in Night Owls" in each]
    await leaves(six["teresa"])
    await town.until("2027-01-07 12:00")
    [few] = [each for each in six["amina"].news() if "left in Night Owls" in each]
    assert "There are 3 people left" in few
    await six["amina"].presses("Ask people in")
    await six["amina"].fills(people="linh,amina")
    assert "in it already" in six["amina"].form.errors["people"]  # type: ignore[union-attr]
    await six["amina"].fills(people="linh,wanjiru,nobody")
    assert "Asked: Linh, Wanjiru" in six["amina"].answer
    assert "1 person has not met me yet" in six["amina"].answer
    for name in ("milan", "daniel"):
        await leaves(six[name])
    await six["amina"].says("/circle leave")
    assert "You are the last one in it" in six["amina"].answer
    await six["amina"].presses("Leave")
    await town.hour()
    assert town.channel.archived
    assert (await town.the_circle()).state == "closed"
    await six["linh"].presses_action("circle.accept:1")
    assert "is over" in six["linh"].answer
    before = len(town.posts())
    await town.until("2027-02-01 12:00")
    assert len(town.posts()) == before
    assert not [e for e in await town.rows(Delivery) if e.state == "waiting" and e.ref[:1] == "1"
                and e.occasion.startswith(("room.", "circles."))]  # fmt: skip


async def test_a_circle_is_ended_kindly_by_its_host_alone(
    town: Town, six: dict[str, Pilot]
) -> None:
    await six["daniel"].says("/circle close")
    assert "Amina looks after this circle" in six["daniel"].answer
    await six["daniel"].presses_action("circle.close_now:1:1")
    assert "Amina looks after this circle" in six["daniel"].answer
    await six["amina"].says("/circle close")
    await six["amina"].presses("End it, archive the channel")
    assert "Night Owls is over. Its channel is being archived" in six["amina"].answer
    await six["amina"].presses_action("circle.close_now:1:1")
    assert "is over" in six["amina"].answer
    await town.hour()
    assert "Night Owls ends here" in town.posts()[-1]
    assert town.channel.archived
    await six["daniel"].says("/circle join async short")
    assert "You are on the list" in six["daniel"].answer


async def test_the_channel_stays_where_that_is_wanted(town: Town, six: dict[str, Pilot]) -> None:
    await six["amina"].says("/circle close")
    await six["amina"].presses("End the circle")
    await town.hour()
    assert not town.channel.archived
    await six["daniel"].presses_action("circle.archive:1")
    assert "Whoever looked after the circle" in six["daniel"].answer
    await six["amina"].presses_action("circle.archive:1")
    await town.hour()
    assert town.channel.archived


async def test_a_founder_who_leaves_before_it_begins(town: Town) -> None:
    people = await town.meet(*SIX)
    await people["amina"].says("/circle start")
    await people["amina"].fills(name="Larks", people="daniel,milan,teresa,linh")
    await leaves(people["amina"])
    await town.until(at("2027-01-05 12:00"))
    assert people["daniel"].news() == []
    await people["daniel"].says("/circle")
    assert "You are in no circle now" in people["daniel"].answer
    assert not town.outbox.rooms.channels
