"""The first words of one person, several at once."""

import asyncio

from sqlmodel import select

from bot.chat.incoming import Said
from bot.models import Goal, Member
from tests.pilot import Pilot, World


async def test_someone_who_says_several_things_at_first_is_one_member(
    world: World, amina: Pilot
) -> None:
    words = [f"/goal add Read chapter {n} of Harrison" for n in range(8)]
    goals = [Said(amina.actor, text, text) for text in words]
    replies = await asyncio.gather(*(world.coach.dispatch.handle(each) for each in goals))
    assert all("Read chapter" in reply.messages[-1].text for reply in replies)
    known = await world.coach.database.run(lambda db: db.exec(select(Member)).all())
    assert [each.user for each in known] == ["amina"]
    assert sum("I am Preceptor" in each.text for reply in replies for each in reply.messages) == 1
    kept = await world.coach.database.run(
        lambda db: {each.number: each.title for each in db.exec(select(Goal))}
    )
    assert sorted(kept) == list(range(1, 9))
    assert set(kept.values()) == {f"Read chapter {n} of Harrison" for n in range(8)}
