"""A workspace in which a round can be held: mentors, mentees, and rosa who coordinates."""

from collections.abc import Sequence
from typing import Any

from sqlmodel import Session, select

from bot.domain.mentoring import Aim, CareerStage, Plan, Role, Tone
from bot.models import Member, Mentorship, RoundPair
from tests.features.mentoring_ground import lay_member, lay_profile
from tests.pilot import Pilot, World

#: Topics that people differ in, so that each has somebody of their own.
TOPICS = ("quality", "hard_talks", "exams", "statistics", "nights")


def lay(db: Session, world: World, name: str, role: Role, place: int, **facts: Any) -> None:
    """Lay one person who fits some others better than the rest."""
    two = f"{TOPICS[place % 5]},{TOPICS[(place + 1) % 5]}"
    given: dict[str, Any] = {
        "offers": two,
        "seeks": two,
        "first": two,
        "tone": list(Tone)[place % 2],
        "plan": list(Plan)[place // 2 % 2],
        "aim": list(Aim)[place // 4 % 2],
        "stage": CareerStage.SENIOR if role is Role.MENTOR else CareerStage.LATE_TRAINING,
    }
    now = world.clock.moment
    lay_profile(db, lay_member(db, name, now), role, now, **given | facts)


async def crowd(
    world: World, mentees: int, mentors: int, **facts: Any
) -> tuple[Pilot, list[Pilot], list[Pilot]]:
    """Lay mentees and mentors; give who coordinates, and all of them."""

    def work(db: Session) -> None:
        for number in range(mentees):
            lay(db, world, f"mentee{number}", Role.MENTEE, number, **facts)
        for number in range(mentors):
            lay(db, world, f"mentor{number}", Role.MENTOR, number, **facts)

    await world.coach.database.run(work)
    rosa = world.member("rosa", "Europe/London")
    return (
        rosa,
        [world.member(f"mentee{number}") for number in range(mentees)],
        [world.member(f"mentor{number}") for number in range(mentors)],
    )


async def all_join(*people: Sequence[Pilot]) -> None:
    """Let everybody come in."""
    for pilot in (each for some in people for each in some):
        await pilot.says("/mentor round join")
        assert "You are in" in pilot.answer, pilot.answer


async def draft_rows(world: World) -> list[tuple[str, str, bool]]:
    """Give the pairs of the draft by name."""

    def read(db: Session) -> list[tuple[str, str, bool]]:
        names = {each.key: each.user for each in db.exec(select(Member))}
        return sorted(
            (names[row.mentee_id], names[row.mentor_id], row.by_hand)
            for row in db.exec(select(RoundPair))
        )

    return await world.coach.database.run(read)


async def begun(world: World) -> list[tuple[str, str]]:
    """Give the mentorships that go on by name."""

    def read(db: Session) -> list[tuple[str, str]]:
        names = {each.key: each.user for each in db.exec(select(Member))}
        return sorted(
            (names[row.member_id], names[row.mentor_id]) for row in db.exec(select(Mentorship))
        )

    return await world.coach.database.run(read)
