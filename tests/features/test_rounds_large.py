"""A large round: thousands are asked at once, and it is worked out beside, in short turns."""

import time

import pytest
from sqlalchemy import func
from sqlmodel import Session, select

from bot.domain.mentoring import Role
from bot.engine import round_work
from bot.engine import rounds as engine
from bot.models import Delivery, MatchRound, Member, RoundPair, Side
from bot.models.base import table_of
from bot.store import rounds
from tests.features.rounds_ground import all_join, begun, crowd, draft_rows, lay
from tests.pilot import World, at

#: So many have a profile and are asked in one turn.
ASKED = 10_000


@pytest.mark.parametrize("kind", ["sqlite", "postgres"])
async def test_ten_thousand_are_asked_in_one_turn(world: World, record_property: object) -> None:
    rosa, _, _ = await crowd(world, mentees=1, mentors=1)

    def copy(db: Session) -> None:
        for table, change in (("member", "'m' || n"), ("mentor_profile", "")):
            names = [each.name for each in MatchRound.metadata.tables[table].columns]
            key = "id" if table == "member" else "member_id"
            given = {key: "1000 + n", "user": change, "name": change}
            columns = ", ".join(f'"{each}"' for each in names)
            values = ", ".join(given.get(each) or f'one."{each}"' for each in names)
            db.connection().exec_driver_sql(
                f"INSERT INTO {table} ({columns}) "  # noqa: S608 - names of our own tables
                f"WITH RECURSIVE count(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM count "
                f"WHERE n < {ASKED}) SELECT {values} FROM count, {table} AS one "
                f"WHERE one.{key} = (SELECT min({key}) FROM {table})"
            )

    await world.coach.database.run(copy)
    start = time.perf_counter()
    await rosa.says("/mentor round open until 15 January")
    took = time.perf_counter() - start
    assert f"I ask {ASKED + 2} people" in rosa.answer

    def count(db: Session) -> int:
        table = table_of(Delivery)
        rows = select(func.count()).select_from(table).where(table.c.occasion == rounds.OPENED)
        return db.exec(rows).one()

    assert await world.coach.database.run(count) == ASKED + 2
    kind = world.coach.database.engine.name
    record_property("measured", f"asking {ASKED:,} into a round, {kind}: {took * 1e3:.0f} ms")  # type: ignore[operator]
    await rosa.says("/mentor round open until 15 January")
    assert await world.coach.database.run(count) == ASKED + 2


async def test_a_large_round_is_worked_out_beside_and_begins_in_parts(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(engine, "WITHIN", 20)
    monkeypatch.setattr(round_work, "WITHIN", 20)
    monkeypatch.setattr(round_work, "READ", 4)
    monkeypatch.setattr("bot.engine.round_publishing.BEGUN", 2)
    rosa, mentees, mentors = await crowd(world, mentees=8, mentors=4)
    await rosa.says("/mentor round open until 8 January")
    await all_join(mentees, mentors)
    world.clock.moment = at("2027-01-09 12:00")
    await rosa.says("/mentor round draft")
    assert "take a minute or two to weigh" in rosa.answer
    await rosa.says("/mentor round publish")
    assert "take a minute or two to weigh" in rosa.answer
    await world.until("2027-01-12 12:00")
    assert any("The draft is ready" in text for text in rosa.news())
    await rosa.says("/mentor round draft")
    rows = await draft_rows(world)
    assert len(rows) > 4

    monkeypatch.setattr(engine, "WITHIN", 10_000)  # and it is what one turn would have found

    def at_once(db: Session) -> None:
        [match] = db.exec(select(MatchRound)).all()
        whole = engine.Gathered.of(db, match, rounds.entrants(db, match.key))
        found = engine.finished(whole.steps(db, match)).stable
        pairs = {row.mentee_id: row.mentor_id for row in db.exec(select(RoundPair))}
        assert found == pairs

    await world.coach.database.run(at_once)
    await rosa.says("/mentor round publish")
    assert f"{len(rows)} pairs begin" in rosa.answer
    assert len(await begun(world)) == 2
    await world.until("2027-01-12 12:05")
    assert await begun(world) == [(mentee, mentor) for mentee, mentor, _ in rows]


async def test_no_turn_of_a_large_round_takes_long(world: World, record_property: object) -> None:
    """Four hundred people: the longest turn is told, and is far from what anybody would notice."""

    def fill(db: Session) -> None:
        for number in range(260):
            lay(db, world, f"mentee{number}", Role.MENTEE, number)
        for number in range(140):
            lay(db, world, f"mentor{number}", Role.MENTOR, number)
        now = world.clock.moment
        everyone = db.exec(select(Member).order_by(Member.id)).all()  # type: ignore[arg-type]
        match, _ = rounds.begin(db, everyone[0], at("2027-01-02 00:00"), now)
        for each in everyone:
            side = Side.MENTEE if each.user.startswith("mentee") else Side.MENTOR
            rounds.join(db, match, each, side, now)

    await world.coach.database.run(fill)
    turns = []
    for work in round_work.works(at("2027-01-03 00:00")):
        start = time.process_time()
        await world.coach.database.run(work)
        turns.append(time.process_time() - start)
    rows = await draft_rows(world)
    assert len(rows) == 260
    longest, whole = max(turns), sum(turns)
    record_property(  # type: ignore[operator]
        "measured",
        f"a round of 400: {len(turns)} turns, {whole:.1f} s in all, "
        f"the longest {longest * 1e3:.0f} ms",
    )
    assert len(turns) > 10
