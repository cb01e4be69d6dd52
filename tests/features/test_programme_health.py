"""The coordinator's view: sums, none of which tells of one person."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlmodel import Session, select

from bot.domain.aggregates import FEW, Count, median_days, together
from bot.domain.mentoring import Role
from bot.engine import mentorships
from bot.models import Meeting, Member, Mentorship
from tests.features.rounds_ground import crowd, lay
from tests.pilot import World, at


async def test_an_empty_programme_has_nothing_to_hide(world: World) -> None:
    rosa = world.member("rosa", "Europe/London")
    await rosa.says("/mentor health")
    assert "Requests that wait: 0" in rosa.answer
    assert "Places: 0 of 0 taken" in rosa.answer
    assert "Circles: 0 running" in rosa.answer


@pytest.mark.parametrize("kind", ["sqlite", "postgres"])
async def test_a_programme_is_told_in_sums(world: World) -> None:
    rosa, _, _ = await crowd(world, mentees=20, mentors=16)
    began = world.clock.moment

    def live(db: Session) -> None:
        people = {each.user: each for each in db.exec(select(Member))}
        for number in range(14):
            mentee, mentor = people[f"mentee{number}"], people[f"mentor{number // 2}"]
            pair = mentorships.begin(db, mentee, mentor, began)
            if number < 8:
                held = began + timedelta(days=number)
                db.add(Meeting(mentorship_id=pair.key, number=1, starts_at=held, held_at=held))

    await world.coach.database.run(live)
    world.clock.moment = began + timedelta(days=20)
    await rosa.says("/mentor health")
    assert "Places: 14 of 32 taken" in rosa.answer
    assert "Mentors with no mentee: 9" in rosa.answer
    assert "Mentors with 2 mentees: 7" in rosa.answer
    assert "Pairs that have met: 8; not within 14 days: 6; younger than that: 0" in rosa.answer
    assert "People who look for a mentor and have none: 6" in rosa.answer
    assert "Meetings held: 8 in 30 days, 8 in 90" in rosa.answer

    def change(db: Session) -> None:
        pairs = db.exec(select(Mentorship).order_by(Mentorship.id)).all()  # type: ignore[arg-type]
        for pair in pairs[8:10]:
            mentorships.end(db, pair, world.clock.moment)
        lay(db, world, "late", Role.MENTOR, 0, paused=True)

    await world.coach.database.run(change)
    await rosa.says("/mentor health")
    assert "Pairs that ended within a year: fewer than 5" in rosa.answer
    assert "Mentors who are paused: fewer than 5" in rosa.answer
    # Six who have not met became four: met is hidden as well, else the rest would tell them.
    assert "Pairs that have met: fewer than 5; not within 14 days: fewer than 5" in rosa.answer
    names = [f"mentee{number}" for number in range(20)] + ["mentor0", "late"]
    assert not any(name.capitalize() in rosa.answer for name in names)


async def test_waits_are_told_from_five_on(world: World) -> None:
    rosa, mentees, _ = await crowd(world, mentees=6, mentors=6)
    for number, each in enumerate(mentees):
        await each.says(f"/mentor ask mentor{number}")
        await each.fills(note="", passes_on="no")
        if number == 3:
            world.clock.moment += timedelta(days=2)
            await rosa.says("/mentor health")
            assert "Requests that wait: 4\n" in rosa.answer
    await rosa.says("/mentor health")
    assert "Requests that wait: 6, for 2 days in the middle" in rosa.answer


@given(st.dictionaries(st.sampled_from("abcd"), st.integers(0, 12)))
def test_what_is_few_is_not_told_by_the_rest(counts: dict[str, int]) -> None:
    told = together(counts)
    hidden = {name for name, count in told.items() if count.is_few}
    assert all(told[name] == Count.of(counts[name]) for name in counts.keys() - hidden)
    assert all(name in hidden for name, number in counts.items() if 0 < number < FEW)
    others = [name for name, number in counts.items() if number >= FEW]
    if len(hidden) == 1:
        assert not others  # all there is, and no more is told than that it is few


def test_a_median_needs_five() -> None:
    now = at("2027-01-10 00:00")
    spans = [(now - timedelta(days=each), now) for each in range(1, 5)]
    assert median_days(spans) is None
    assert median_days([*spans, (now - timedelta(days=9), now)]) == 3
