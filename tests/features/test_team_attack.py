"""An owner who asks every week and keeps every page learns nobody's answer, on the real engine."""

import random
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta
from itertools import combinations

import pytest
from sqlmodel import Session

from bot.chat.incoming import Actor
from bot.domain import cells
from bot.domain.cells import FEWEST, Cell, Latest, Ledger, Report
from bot.domain.nudging import Reason
from bot.domain.pulse import Answer
from bot.engine import teams as engine
from bot.engine.teams import Question
from bot.models import Member
from bot.store import members, private, teams, wellbeing
from bot.store.private import Own
from bot.store.teams import Place
from bot.store.wellbeing import Noted
from tests.pilot import Pilot, World

QUARTERS = [date(2027 + n // 4, n % 4 * 3 + 1, 1) for n in range(6)]
PEOPLE = 35
ICU = 24  # the first ones; the others are on a ward, where nobody ever changes
#: Comes in the second quarter, alone, and waits for seven others.
LATE = 34
#: In each other town two people exchange what they answer: how high it is, or how it changed.
EXCHANGES = [("level", 8, 10), ("level", 11, 15), ("change", 8, 28), ("level", 6, 30)]
#: Where those are counted.
COUNTS = {
    "level": (Question.BURNOUT, Question.ENERGY),
    "change": (Question.AFTER_IDEA, Question.AFTER_NONE),
}


class Marked(float):
    """A number that remembers whose it is."""

    person: int


@dataclass
class Town:
    """A workspace; the people of all towns live alike, but for two who exchange their answers."""

    place: Place
    exchange: tuple[str, int, int] | None
    owner: Pilot
    ids: list[int] = field(default_factory=list)
    pages: list[str] = field(default_factory=list)
    #: For each number made: quarter, scale, whose answers, and their exact sum.
    shown: list[tuple[date, tuple[int, int], frozenset[int], float]] = field(default_factory=list)

    def told(self, what: str, n: int) -> int:
        """Tell whose answers somebody gives: their own, or those they exchanged."""
        if self.exchange is None or self.exchange[0] != what or n not in self.exchange[1:]:
            return n
        return sum(self.exchange[1:]) - n


@pytest.fixture
def towns(world: World, monkeypatch: pytest.MonkeyPatch) -> list[Town]:
    """Build the towns, and spy on what the engine counts."""
    found = []
    for n, exchange in enumerate([None, *EXCHANGES]):
        owner = world.member("owner", "UTC")
        owner.actor = Actor("test", f"town{n}", "owner", "Owner", "UTC")
        found.append(Town(Place("test", f"town{n}"), exchange, owner))
    show, report = cells._cell, cells.report
    values: list[list[Marked]] = []

    def spy(given: list[Marked]) -> Cell:
        values.append(given)
        return show(list(given))

    def spied(
        quarter: date,
        today: date,
        answers: Mapping[int, Latest],
        groups: Mapping[str, frozenset[int]],
        scale: tuple[int, int],
        ledger: Ledger,
        lot: random.Random,
    ) -> tuple[Report, Ledger]:
        marked = {}
        for person, each in answers.items():
            mean = Marked(each.mean)
            mean.person = person
            marked[person] = replace(each, mean=mean)
        values.clear()
        made = report(quarter, today, marked, groups, scale, ledger, lot)
        for town in found:
            for some in values:
                who = frozenset(town.ids.index(v.person) for v in some if v.person in town.ids)
                if who:
                    town.shown.append((quarter, scale, who, round(sum(some), 6)))
        return made

    monkeypatch.setattr(cells, "_cell", spy)
    monkeypatch.setattr(engine, "report", spied)
    monkeypatch.setattr(engine, "new_lot", lambda: random.Random(11))
    return found


def people_come(db: Session, towns: list[Town], count: int) -> None:
    for town in towns:
        while len(town.ids) < count:
            n = len(town.ids)
            name = ("ICU", " icu")[n % 2] if n < ICU else "Ward 4"
            made = members.join(
                db,
                Member(
                    **town.place._asdict(),
                    user=f"p{n}",
                    team=name,
                    joined_at=datetime.combine(QUARTERS[0], time(), UTC),
                ),
            )
            assert made is not None
            private.keep(db, made.key, Own(counted=True))
            town.ids.append(made.key)


def people_answer(db: Session, towns: list[Town], quarter: date, away: set[int]) -> None:
    """Everyone answers twice, around an idea or none: a level, and a change that keeps its mean."""
    chance = random.Random(quarter.toordinal())
    level = [chance.randint(2, 4) for _ in range(PEOPLE)]
    energy = [chance.randint(0, 4) for _ in range(PEOPLE)]
    change = [chance.choice((-1, 0, 1)) for _ in range(PEOPLE)]
    first, later = quarter + timedelta(days=10), quarter + timedelta(days=17)
    between = datetime.combine(first, time(18), UTC)
    for town in towns:
        for n, person in enumerate(town.ids):
            if n in away or db.get(Member, person) is None:
                continue
            high, up = town.told("level", n), change[town.told("change", n)]
            for day, burnout in ((first, level[high] - up), (later, level[high] + up)):
                answer = Answer(day=day, burnout=burnout, energy=energy[high])
                pulse = wellbeing.begin_pulse(db, person, day)
                wellbeing.keep_answer(db, pulse, answer)
            idea = Noted(at=between, kind="idea", action="walk")
            none = Noted(at=between, kind="none", reason=Reason.HOLDOUT)
            wellbeing.note(db, person, none if n % 2 else idea)


def withdraws(db: Session, towns: list[Town], n: int) -> None:
    for town in towns:
        private.keep(db, town.ids[n], Own(counted=False))


def is_forgotten(db: Session, towns: list[Town], n: int) -> None:
    for town in towns:
        member = members.by_id(db, town.ids[n])
        teams.forget(db, member)
        db.delete(member)


def moves(db: Session, towns: list[Town], n: int) -> None:
    for town in towns:
        members.by_id(db, town.ids[n]).team = "Ward 4"


async def live(world: World, towns: list[Town]) -> None:
    """Live six quarters; the owner asks each week, and something happens in between."""
    run = world.coach.database.run
    happens = {1: (withdraws, 3), 2: (is_forgotten, 5), 3: (moves, 7)}
    for n, quarter in enumerate(QUARTERS):
        world.clock.moment = datetime.combine(quarter, time(12), UTC) + timedelta(days=2)
        await world.coach.rounds.tick(world.clock())
        for town in towns:
            await town.owner.says("/coach team")
            town.pages.append(town.owner.replies[-1].messages[-1].text)
        await run(lambda db, n=n: people_come(db, towns, PEOPLE if n else LATE))
        away = {2} if n == 4 else set()
        await run(lambda db, q=quarter, away=away: people_answer(db, towns, q, away))
        for week in range(1, 13):
            if week == 6 and n in happens:
                event, person = happens[n]
                await run(lambda db, event=event, person=person: event(db, towns, person))
            world.clock.moment += timedelta(weeks=1)
            if week % 4 == 0:
                await world.coach.rounds.tick(world.clock())
            await towns[0].owner.says("/coach team")
            # Whatever happened, nothing to subtract: a page stays what it was for its quarter.
            assert towns[0].owner.replies[-1].messages[-1].text == towns[0].pages[-1]


def cohort(world: World, town: Town, question: Question, n: int) -> int | None:
    book = world.coach.database.call(lambda db: teams.book(db, town.place, question))
    return book.ledger.member.get(town.ids[n])


@pytest.mark.long
async def test_six_quarters_tell_nobodys_answer(world: World, towns: list[Town]) -> None:
    await live(world, towns)
    base, *others = towns

    # Enough was shown for an attack to be worth trying.
    numbers = [page for page in base.pages if "counted here" in page]
    assert len(numbers) >= 4
    assert any("icu, at least" in page for page in numbers)
    assert any("Weeks after an idea" in page for page in numbers)
    assert len(set(base.pages)) > 3

    # Whose answers are behind two numbers of one question differs by nobody or by eight or more.
    for scale in {each[1] for each in base.shown}:
        sets = {each[2] for each in base.shown if each[1] == scale}
        for one, other in combinations(sets, 2):
            if scale == (-4, 4) and min(one) % 2 != min(other) % 2:
                continue  # after ideas, and after none: two questions with one scale
            assert min(len(one - other) or FEWEST, len(other - one) or FEWEST) >= FEWEST
    for page in numbers:
        for told in re.findall(r"at least (\d+)", page, re.IGNORECASE):
            assert int(told) >= FEWEST

    # Two who are counted together exchange what is counted, and no page or exact sum is another.
    # So nobody who sees them all can tell the two apart.
    together = []
    for town, (what, one, other) in zip(others, EXCHANGES, strict=True):
        mates = all(
            cohort(world, base, each, one) == cohort(world, base, each, other)
            for each in COUNTS[what]
        )
        together.append(mates)
        assert (town.shown == base.shown) is mates
        assert town.pages == base.pages or not mates
    assert together == [True, True, True, False]  # of the last the same look does see it

    # Who was forgotten is in no ledger; their cohort is as large as before.
    for question in Question:
        book = world.coach.database.call(lambda db, q=question: teams.book(db, base.place, q))
        assert base.ids[5] not in book.ledger.member
        assert base.ids[LATE] not in book.ledger.member  # one alone was never counted
        assert all(each.size >= FEWEST for each in book.ledger.cohorts.values())
        assert len(book.reports) == len({each.quarter for each in book.reports})
