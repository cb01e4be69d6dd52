"""Who is to be kept apart is, with a mentor profile or without one, and nothing shows it."""

import pytest
from sqlmodel import Session, col, select

from bot.domain.mentoring import Aim, CareerStage, Plan, Role, Tone
from bot.engine import mentoring
from bot.models import Member, Private, Profile
from bot.store import private, profiles, seats
from bot.store.private import APART, EVEN, Helped, Own
from bot.store.profiles import Confidential
from tests.features.mentoring_ground import says_who
from tests.features.pairs import paired
from tests.pilot import Pilot, World


@pytest.fixture
def daniel(world: World) -> Pilot:
    """A mentor in New York."""
    return world.member("daniel", "America/New_York")


async def separated(world: World, amina: Pilot, daniel: Pilot) -> None:
    await paired(world, amina, daniel)
    await amina.says("/mentor pairs")
    await amina.presses("Something is not right")
    assert "I do not bring you two together again" in amina.answer
    await amina.presses("End it, and keep us apart")
    assert "I will not bring you two together again" in amina.answer


def both(db: Session) -> list[Member]:
    users = col(Member.user).in_(("amina", "daniel"))
    return list(db.exec(select(Member).where(users).order_by(Member.user)))


async def test_two_without_a_profile_are_kept_apart_in_circles_and_later_in_matching(
    world: World, amina: Pilot, daniel: Pilot
) -> None:
    await separated(world, amina, daniel)

    def look(db: Session) -> list[bool]:
        hers, his = both(db)
        for each in (hers, his):
            profile = Profile(
                member_id=each.key,
                role=Role.BOTH,
                stage=CareerStage.STUDENT,
                tone=Tone.CHALLENGE,
                plan=Plan.OPEN,
                aim=Aim.CRAFT,
                created_at=world.clock(),
                updated_at=world.clock(),
                sealed=profiles.sealed(db, each.key, Confidential()),
            )
            clashes = seats.clashes(db, hers, [his]), seats.clashes(db, his, [hers])
            db.add(profile)
            db.flush()
        people = [(each, db.get_one(Profile, each.key)) for each in (hers, his)]
        sides = mentoring.sides(db, people, world.clock())
        return [*clashes, "daniel" in sides[hers.key].not_with, mentoring.kept_apart(db, his, hers)]

    assert await world.coach.database.run(look) == [True] * 4


async def test_a_circle_is_not_formed_of_two_who_are_kept_apart(
    world: World, amina: Pilot, daniel: Pilot
) -> None:
    await separated(world, amina, daniel)
    some = [amina, daniel, *(world.member(each) for each in ("linh", "milan", "omar"))]
    for each in some:
        await each.says("/circle join async short")
    rosa = world.member("rosa")
    await rosa.says("/circle form")
    assert "0 circles for 5 people" in rosa.answer


async def test_who_makes_a_profile_later_finds_the_name_in_it_and_can_take_it_back(
    world: World, amina: Pilot, daniel: Pilot
) -> None:
    await separated(world, amina, daniel)

    def kept(db: Session) -> tuple[tuple[str, ...], bool]:
        hers, his = both(db)
        return private.of(db, hers.key).apart, mentoring.kept_apart(db, hers, his)

    await says_who(amina, "mentee", "quality")
    assert "In confidence: 1 person named" in amina.answer
    assert await world.coach.database.run(kept) == ((), True)
    await amina.presses("In confidence")
    assert amina.form is not None
    fields = {each.name: each for each in amina.form.fields}
    assert fields["not_with"].value == "daniel"
    await amina.fills(not_with="")
    assert "In confidence: nobody named" in amina.answer
    assert await world.coach.database.run(kept) == ((), False)


async def test_that_somebody_is_kept_apart_shows_in_no_length(
    world: World, amina: Pilot, daniel: Pilot
) -> None:
    await separated(world, amina, daniel)
    helped = [
        Helped(world.clock(), "l3", "2026-11-23", *[world.clock()] * 2, rests_until=world.clock())
    ] * 3

    def fill(db: Session) -> tuple[set[int], Own]:
        hers, _ = both(db)
        rows = db.exec(select(Private)).all()
        lengths = {len(each.sealed) for each in rows}
        own = private.of(db, hers.key)
        assert own.apart == ("daniel",)
        own.helped = helped
        private.keep(db, hers.key, own)
        for n in range(APART + 2):
            private.keep_apart(db, hers.key, f"U0123456{n:03}")
        lengths |= {len(db.get_one(Private, hers.key).sealed)}
        return lengths, private.of(db, hers.key)

    lengths, own = await world.coach.database.run(fill)
    assert lengths == {EVEN + 28}
    assert own.apart == tuple(f"U0123456{n:03}" for n in range(2, APART + 2))
    assert own.helped
