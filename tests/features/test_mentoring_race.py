"""Fifty people ask one mentor with three places at the same moment, and nobody is one too many."""

import asyncio
from datetime import timedelta
from uuid import uuid4

import pytest
from sqlmodel import Session, select

from bot.chat.incoming import Actor, Pressed, Said, Submitted
from bot.domain.mentoring import Role
from bot.models import MentorRequest, RequestState
from bot.store import profiles
from tests.features.mentoring_ground import lay_member, lay_profile
from tests.pilot import World

#: How many ask at once, and for how many places.
ASK, PLACES = 50, 3


def crowd(db: Session, world: World) -> int:
    """Lay a mentor with three places, and fifty mentees; give the mentor's number."""
    now = world.clock.moment
    mentor = lay_member(db, "star", now)
    lay_profile(db, mentor, Role.MENTOR, now, capacity=PLACES)
    for number in range(ASK):
        mentee = lay_member(db, f"mentee{number}", now)
        lay_profile(db, mentee, Role.MENTEE, now)
    return mentor.key


def actor(number: int) -> Actor:
    return Actor("test", "team", f"mentee{number}", f"Mentee{number}", "Europe/London")


@pytest.mark.parametrize("kind", ["sqlite", "postgres"])
async def test_fifty_at_once_hold_three_places_and_the_rest_are_told_well(world: World) -> None:
    mentor = await world.coach.database.run(lambda db: crowd(db, world))
    handle, form = world.coach.dispatch.handle, f"mentor.asking:{mentor}"
    values = {"note": "", "passes_on": "no"}
    replies = await asyncio.gather(
        *(handle(Submitted(actor(number), form, values, uuid4().hex)) for number in range(ASK))
    )
    said = ["\n".join(message.text for message in reply.messages) for reply in replies]
    held = [text for text in said if "A place is held for you" in text]
    told = [text for text in said if "Star has no place free at this time" in text]
    assert len(held) == PLACES
    assert len(told) == ASK - PLACES
    assert all("/mentor find" in text for text in told)

    def counted(db: Session) -> tuple[int, int]:
        rows = db.exec(select(MentorRequest)).all()
        now = world.clock.moment
        return len(rows), profiles.loads(db, [mentor], now)[mentor]

    assert await world.coach.database.run(counted) == (PLACES, PLACES)


@pytest.mark.parametrize("kind", ["sqlite", "postgres"])
async def test_two_presses_of_one_answer_begin_one_mentorship(world: World) -> None:
    mentor = await world.coach.database.run(lambda db: crowd(db, world))
    handle = world.coach.dispatch.handle
    await handle(
        Submitted(actor(0), f"mentor.asking:{mentor}", {"note": "", "passes_on": "no"}, "once")
    )
    star = Actor("test", "team", "star", "Star", "Europe/London")
    presses = (
        [Pressed(star, "mentor.accept:1", uuid4().hex) for _ in range(4)]
        + [Pressed(star, "mentor.decline:1", uuid4().hex) for _ in range(4)]
        + [Pressed(actor(0), "mentor.withdraw:1", uuid4().hex) for _ in range(4)]
    )
    replies = await asyncio.gather(*(handle(each) for each in presses))
    said = ["\n".join(message.text for message in reply.messages) for reply in replies]
    assert sum("This request is over" in text for text in said) == len(presses) - 1

    def state(db: Session) -> tuple[RequestState, int]:
        [row] = db.exec(select(MentorRequest)).all()
        load = profiles.loads(db, [mentor], world.clock.moment + timedelta(seconds=1))[mentor]
        return RequestState(row.state), load

    outcome, load = await world.coach.database.run(state)
    assert load == (1 if outcome is RequestState.ACCEPTED else 0)


async def test_of_hundreds_a_few_are_looked_at_closely(world: World) -> None:
    """The few who offer what is sought do not drown among many who do not."""

    def many(db: Session) -> None:
        now = world.clock.moment
        for number in range(150):
            mentor = lay_member(db, f"other{number}", now)
            lay_profile(db, mentor, Role.MENTOR, now, offers="exams", tone="challenge")
        for number in range(3):
            mentor = lay_member(db, f"right{number}", now)
            lay_profile(db, mentor, Role.MENTOR, now)
        lay_profile(db, lay_member(db, "mentee0", now), Role.MENTEE, now)

    await world.coach.database.run(many)
    said = await world.coach.dispatch.handle(Said(actor(0), "/mentor find", uuid4().hex))
    [found] = [message.text for message in said.messages]
    assert sum(f"Right{number}" in found for number in range(3)) >= 2
