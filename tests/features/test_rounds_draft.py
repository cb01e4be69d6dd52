"""A draft: the same for the same people, changed by hand, and what happens when somebody goes."""

import asyncio
from dataclasses import replace
from uuid import uuid4

import pytest
from sqlmodel import Session, select

from bot.chat.incoming import Pressed
from bot.engine import rounds as engine
from bot.models import MatchRound, Member, Profile, RoundDraft
from bot.store import profiles, round_pairs
from tests.features.rounds_ground import all_join, begun, crowd, draft_rows
from tests.pilot import Pilot, World


async def closed(
    world: World, mentees: int = 8, mentors: int = 4
) -> tuple[Pilot, list[Pilot], list[Pilot]]:
    """A round that has closed, with its draft."""
    rosa, some, others = await crowd(world, mentees, mentors)
    await rosa.says("/mentor round open until 8 January")
    await all_join(some, others)
    await world.until("2027-01-12 12:00")
    rosa.news()
    await rosa.says("/mentor round draft")
    assert "Draft of the round" in rosa.answer, rosa.answer
    return rosa, some, others


def key_of(pilot: Pilot, name: str) -> str:
    """Give the number by which the open form names somebody."""
    assert pilot.form is not None, pilot.answer
    choices = [each for field in pilot.form.fields for each in field.choices]
    return next(value for value, label in choices if label == name.capitalize())


async def change(rosa: Pilot, mentee: str, mentor: str) -> str:
    await rosa.says("/mentor round change")
    to = "none" if mentor == "none" else key_of(rosa, mentor)
    await rosa.fills(mentee=key_of(rosa, mentee), mentor=to)
    return rosa.answer if rosa.form is None else rosa.form.errors["mentor"]


async def confide(world: World, name: str, **lists: tuple[str, ...]) -> None:
    """Let somebody name people in confidence."""

    def work(db: Session) -> None:
        [member] = db.exec(select(Member).where(Member.user == name)).all()
        row = db.get_one(Profile, member.key)
        part = replace(profiles.confidential(db, row), **lists)  # type: ignore[arg-type]
        row.sealed = profiles.sealed(db, row.member_id, part)

    await world.coach.database.run(work)


async def test_the_draft_is_the_same_again_from_the_same_people(world: World) -> None:
    await closed(world)
    rows = await draft_rows(world)

    def again(db: Session) -> list[tuple[str, str, bool]]:
        [match] = db.exec(select(MatchRound)).all()
        first = round_pairs.draft(db, match)
        round_pairs.drop_draft(db, match)
        match.state = "open"  # type: ignore[assignment]
        db.flush()
        assert engine.draft_of(db, match, world.clock.moment) == first
        return []

    await world.coach.database.run(again)
    assert await draft_rows(world) == rows


async def test_a_change_by_hand_shows_who_would_rather_have_whom(world: World) -> None:
    rosa, _, _ = await closed(world)
    before = {mentee: mentor for mentee, mentor, _ in await draft_rows(world)}
    mentee, mentor = next(iter(before.items()))
    said = await change(rosa, mentee, "none")
    assert "What stands is another" in said
    assert "Would both rather be with each other" in said
    assert f"{mentee.capitalize()} and {mentor.capitalize()}" in said
    said = await change(rosa, mentee, mentor)
    assert "1 pair chosen by hand" in said
    assert "Would both rather" not in said
    assert (mentee, mentor, True) in await draft_rows(world)
    await rosa.presses("All pairs")
    assert "(by hand)" in rosa.answer
    full = next(each for each in set(before.values()) if list(before.values()).count(each) == 2)
    other = next(each for each in before if before[each] != full)
    said = await change(rosa, other, full)
    assert f"{full.capitalize()} has no place left in this draft" in said
    assert {a: b for a, b, _ in await draft_rows(world)} == before


async def test_both_ways_stand_side_by_side_and_either_can_be_taken(world: World) -> None:
    rosa, mentees, mentors = await crowd(world, mentees=3, mentors=2, capacity=1)
    await rosa.says("/mentor round open until 8 January")
    await all_join(mentees, mentors)
    # Whoever fits least with the first mentor is wanted by them, and wants them most.
    for pilot, name in ((mentees[2], "mentor0"), (mentors[0], "mentee2")):
        await pilot.says("/mentor round rank")
        if any(label == name.capitalize() for _, label in pilot.form.fields[0].choices):  # type: ignore[union-attr]
            await pilot.fills(first=key_of(pilot, name))
    await world.until("2027-01-12 12:00")
    await rosa.says("/mentor round draft")
    assert "There are two ways of matching" in rosa.answer
    assert "Stable: 2 have a mentor" in rosa.answer
    assert "Most fit: 2 have a mentor" in rosa.answer
    assert "1 pair would both rather be with each other" in rosa.answer
    stable = await draft_rows(world)
    assert ("mentee2", "mentor0", False) in stable
    await rosa.presses("Take the most fit")
    assert "The one with the most fit stands" in rosa.answer
    assert "Mentee2 and Mentor0" in rosa.answer
    assert await draft_rows(world) != stable
    await rosa.presses("Take the stable one")
    assert await draft_rows(world) == stable


@pytest.mark.parametrize("kind", ["sqlite", "postgres"])
async def test_who_coordinates_publishes_once_however_often_they_press(world: World) -> None:
    rosa, _, _ = await closed(world)
    rows = await draft_rows(world)
    action = rosa.button("Publish")
    handle = world.coach.dispatch.handle
    replies = await asyncio.gather(
        *(handle(Pressed(rosa.actor, action, uuid4().hex)) for _ in range(5))
    )
    said = ["\n".join(message.text for message in reply.messages) for reply in replies]
    assert sum("Published." in text for text in said) == 1
    assert sum("This round is over" in text for text in said) == 4
    assert await begun(world) == [(mentee, mentor) for mentee, mentor, _ in rows]


async def test_a_confidence_shows_in_no_draft_no_reason_and_no_refusal(world: World) -> None:
    rosa, mentees, mentors = await crowd(world, mentees=4, mentors=4, capacity=1)
    await confide(world, "mentor0", not_with=("mentee0",))
    await confide(world, "mentee1", conflicts=("mentor1",))
    await rosa.says("/mentor round open until 8 January")
    await all_join(mentees, mentors)
    await mentees[0].says("/mentor round rank")
    assert mentees[0].form is not None
    assert "Mentor0" not in str(mentees[0].form)
    await world.until("2027-01-12 12:00")
    seen = []
    await rosa.says("/mentor round draft")
    seen.append(rosa.answer)
    await rosa.presses("All pairs")
    seen.append(rosa.answer)
    rows = {(mentee, mentor) for mentee, mentor, _ in await draft_rows(world)}
    assert not rows & {("mentee0", "mentor0"), ("mentee1", "mentor1")}
    for mentee, _ in rows:
        await change(rosa, mentee, "none")
    refusals = {
        (await change(rosa, mentee, mentor))
        .replace(mentee.capitalize(), "A")
        .replace(mentor.capitalize(), "B")
        for mentee, mentor in (("mentee0", "mentor0"), ("mentee1", "mentor1"))
    }
    assert len(refusals) == 1  # and the same for hours, which are nobody's secret
    await confide(world, "mentor0", not_with=())
    await mentors[0].says("/leave 1 Jan to 28 Feb")
    said = await change(rosa, "mentee0", "mentor0")
    assert said.replace("Mentee0", "A").replace("Mentor0", "B") in refusals
    assert not any(word in text for text in seen for word in ("confid", "conflict", "not with"))


async def test_named_in_confidence_after_the_draft_still_keeps_two_apart(world: World) -> None:
    rosa, mentees, mentors = await closed(world, mentees=4, mentors=4)
    rows = await draft_rows(world)
    mentee, mentor, _ = rows[0]
    await rosa.presses("All pairs")
    before = rosa.answer
    await confide(world, mentor, not_with=(mentee,))
    await rosa.says("/mentor round draft")
    await rosa.presses("All pairs")
    assert rosa.answer == before
    await rosa.says("/mentor round publish")
    assert "1 pair of the draft could not begin" in rosa.answer
    assert mentee.capitalize() not in rosa.answer
    assert (mentee, mentor) not in await begun(world)
    await world.until("2027-01-14 12:00")
    both = [each for each in (*mentees, *mentors) if each.actor.user in {mentee, mentor}]
    told = [text for each in both for text in each.news() if "The round is over" in text]
    assert told
    assert all("it says nothing about you" in text for text in told)


@pytest.mark.parametrize("kind", ["sqlite", "postgres"])
async def test_who_leaves_rests_or_is_forgotten_takes_their_pair_along(world: World) -> None:
    rosa, mentees, mentors = await closed(world)
    rows = await draft_rows(world)
    people = {each.actor.user: each for each in (*mentees, *mentors)}
    taken = [mentor for _, mentor, _ in rows]
    left, rests, forgotten = rows[0][0], rows[1][0], rows[2][0]
    await people[left].says("/mentor round leave")
    assert "that pair will not begin" in people[left].answer
    await people[rests].says("/mentor pause")
    await people[forgotten].says("/coach forget")
    assert people[forgotten].form is not None or people[forgotten].replies[-1].messages
    if people[forgotten].form is not None:
        await people[forgotten].fills(
            {each.name: "forget me" for each in people[forgotten].form.fields}
        )
    else:
        button = people[forgotten].replies[-1].messages[-1].buttons[0]
        await people[forgotten].presses_action(button.action)
    await rosa.says("/mentor round draft")
    assert "2 pairs of the draft fell away" in rosa.answer
    await rosa.says("/mentor round publish")
    assert f"{len(rows) - 3} pairs begin" in rosa.answer
    assert "3 pairs of the draft could not begin" in rosa.answer
    assert not any(name.capitalize() in rosa.answer for name in (left, rests, forgotten))
    assert len(await begun(world)) == len(rows) - 3
    await world.until("2027-01-14 12:00")
    kept = {mentor for _, mentor in await begun(world)}
    for name in set(taken):
        told = [text for text in people[name].news() if "could not go on" in text]
        assert bool(told) == (name not in kept), name
    assert not [text for text in people[rests].news() if "The round is over" in text]

    def drafts(db: Session) -> int:
        return len(db.exec(select(RoundDraft)).all())

    assert await world.coach.database.run(drafts) == 0


async def test_nobody_is_paired_with_whom_they_had_last_time(world: World) -> None:
    rosa, mentees, mentors = await closed(world, mentees=4, mentors=4)
    await rosa.says("/mentor round publish")
    first = set(await begun(world))
    await rosa.says("/mentor round open until 30 January")
    await all_join(mentees, mentors)
    await rosa.says("/mentor round close")
    again = {(mentee, mentor) for mentee, mentor, _ in await draft_rows(world)}
    assert again
    assert not again & first
