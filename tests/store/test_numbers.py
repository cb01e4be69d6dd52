"""A number that stood in a button or a key is never given to another row."""

import pytest
from sqlmodel import Session, SQLModel, select

from bot.models import Circle, CircleSession, MatchRound, Meeting, Member, MentorRequest, Mentorship
from bot.models.base import table_of
from bot.store import members, rights
from tests.pilot import World, at

NUMBERED = (MentorRequest, Mentorship, Meeting, MatchRound, Circle, CircleSession)


@pytest.mark.parametrize("model", NUMBERED, ids=lambda model: model.__name__)
def test_tables_whose_numbers_are_shown_never_give_one_twice(model: type[SQLModel]) -> None:
    assert table_of(model).dialect_options["sqlite"]["autoincrement"] is True


async def test_a_forgotten_members_number_is_nobody_elses(world: World) -> None:
    def come(db: Session, name: str) -> int:
        stranger = Member(
            platform="test", workspace="team", user=name, joined_at=at("2027-01-01 12:00")
        )
        new = members.join(db, stranger)
        assert new is not None
        return new.key

    run = world.coach.database.run
    first = await run(lambda db: come(db, "amina"))
    second = await run(lambda db: come(db, "bea"))

    def forget(db: Session) -> None:
        rights.forget(db, db.exec(select(Member).where(Member.user == "bea")).one())

    await run(forget)
    third = await run(lambda db: come(db, "carla"))
    assert first < second < third
