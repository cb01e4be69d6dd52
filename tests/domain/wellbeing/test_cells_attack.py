"""An owner who keeps every report and has three friends learns nobody's answer from them."""

import random
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date
from fractions import Fraction
from itertools import combinations, product
from statistics import fmean

import pytest

from bot.domain import cells
from bot.domain.cells import ALLIES, FEWEST, Cell, Latest, Ledger, Report, report

SCALE = (1, 5)
LATER = date(2040, 1, 1)
QUARTERS = [date(2027 + n // 4, n % 4 * 3 + 1, 1) for n in range(30)]
Sets = list[frozenset[int]]


class Town:
    """A workplace over thirty quarters, and all that its reports give away, unrounded."""

    def __init__(self, seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
        self.rng = random.Random(seed)
        self.teams: dict[int, str] = {}
        self.next = 0
        self.answer: dict[int, float] = {}
        self.sets: Sets = []
        self.naive: Sets = []
        self.reports: list[Report] = []
        self.shown = cells._cell
        monkeypatch.setattr(cells, "_cell", self.spy)

    def spy(self, values: list[float]) -> Cell:
        """Learn exactly who is behind a number: each answer has an ending of its own."""
        people = {value: person for person, value in self.answer.items()}
        self.sets.append(frozenset(people[value] for value in values))
        assert len(self.sets[-1]) == len(values)
        return self.shown(values)

    def arrives(self) -> None:
        self.teams[self.next] = self.rng.choice("abc")
        # Nobody ever changes an answer: the worst case for those who answer.
        self.answer[self.next] = self.rng.randint(2, 4) + self.next / 10_000
        self.next += 1

    def lives(self, people: int, *, turnover: float, keen: float) -> None:
        ledger, latest = Ledger(), dict[int, Latest]()
        for _ in range(people):
            self.arrives()
        for quarter in QUARTERS:
            for person in list(self.teams):
                if self.rng.random() < turnover:
                    del self.teams[person]
                elif self.rng.random() < turnover:
                    self.teams[person] = self.rng.choice("abc")
            while len(self.teams) < people or self.rng.random() < 0.3:
                self.arrives()
            answered = [p for p in self.teams if self.rng.random() < keen]
            groups = {
                name: frozenset(p for p, team in self.teams.items() if team == name)
                for name in "abc"
            } | {"odd": frozenset(p for p in self.teams if p % 2)}
            latest |= {person: Latest(quarter, self.answer[person]) for person in answered}
            # Now and then somebody asks not to be counted this time.
            answers = {person: latest[person] for person in latest if self.rng.random() < 0.999}
            self.naive += [
                found
                for inside in (frozenset(answered), *groups.values())
                if len(found := inside & set(answered)) >= FEWEST
            ]
            told, ledger = report(quarter, LATER, answers, groups, SCALE, ledger, self.rng)
            self.reports.append(told)
        assert all(cohort.size >= FEWEST for cohort in ledger.cohorts.values())


def pinned(sets: Sets, allies: frozenset[int]) -> set[int]:
    """Solve for single answers by exact elimination: whose follows from the sums of the sets?"""
    people = sorted(frozenset().union(*sets) - allies)
    solved: dict[int, list[Fraction]] = {}  # by the column that a row begins with
    for each in set(sets):
        row = [Fraction(person in each) for person in people]
        for column, other in solved.items():
            if row[column]:
                row = [a - row[column] * b if b else a for a, b in zip(row, other, strict=True)]
        begin = next((column for column, value in enumerate(row) if value), None)
        if begin is None:
            continue
        row = [value / row[begin] for value in row]
        for column, other in solved.items():
            if other[begin]:
                solved[column] = [
                    a - other[begin] * b if b else a for a, b in zip(other, row, strict=True)
                ]
        solved[begin] = row
    return {
        people[column] for column, row in solved.items() if sum(value != 0 for value in row) == 1
    }


def alliances(town: Town, cohorts: Sets) -> Iterator[frozenset[int]]:
    """Give nobody, strangers by chance, and friends who sit where they hurt most."""
    yield frozenset()
    for _ in range(6):
        yield frozenset(town.rng.sample(range(town.next), ALLIES))
    for cohort in cohorts:
        yield frozenset(town.rng.sample(sorted(cohort), ALLIES))


def alike(sets: Sets) -> Sets:
    """Sort people by the published sets they are in."""
    found: dict[tuple[bool, ...], set[int]] = {}
    for person in frozenset().union(*sets):
        found.setdefault(tuple(person in each for each in sets), set()).add(person)
    return [frozenset(each) for each in found.values()]


@pytest.mark.parametrize("seed", range(6))
def test_thirty_reports_pin_down_nobody(seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    town = Town(seed, monkeypatch)
    town.lives(24 + 12 * seed, turnover=0.03, keen=0.85 + seed / 50)
    cohorts = alike(town.sets)
    assert cohorts
    assert min(map(len, cohorts)) >= FEWEST
    for one, other in combinations(set(town.sets), 2):
        assert min(len(one - other) or FEWEST, len(other - one) or FEWEST) >= FEWEST
    for allies in alliances(town, cohorts):
        assert not pinned(town.sets, allies)


def test_the_same_attack_breaks_a_limit_of_eight_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    town = Town(1, monkeypatch)
    town.lives(30, turnover=0.03, keen=0.9)
    assert len(pinned(town.naive, frozenset())) > 20
    assert not pinned(town.sets, frozenset())


def test_a_steady_workplace_still_learns_something(monkeypatch: pytest.MonkeyPatch) -> None:
    town = Town(2, monkeypatch)
    town.lives(120, turnover=0.02, keen=0.95)
    people = [told.whole.people if told.whole else 0 for told in town.reports]
    assert min(people[:8]) >= 50
    assert sum(len(told.groups) for told in town.reports[:8]) >= 16


@pytest.mark.parametrize("seed", range(8))
def test_trying_all_answers_leaves_each_in_doubt(seed: int) -> None:
    """What is shown, rounded, fits several answers of each, even of people who never change."""
    rng = random.Random(seed)
    people = range(9)
    answers = {person: float(rng.choice((1, 1, 2, 3, 5, 5))) for person in people}
    latest = {person: Latest(QUARTERS[0], mean) for person, mean in answers.items()}
    told, _ = report(QUARTERS[0], LATER, latest, {}, SCALE, Ledger(), rng)
    for allies in rng.sample(list(combinations(people, ALLIES)), 12):
        others = [person for person in people if person not in allies]
        known = [answers[person] for person in allies]
        fitting = [
            guess
            for guess in product(range(1, 6), repeat=len(others))
            if told.whole and told.whole.mean == round(fmean([*known, *guess]) * 2) / 2
        ]
        for place in range(len(others)):
            assert told.whole is None or len({guess[place] for guess in fitting}) > 1


@pytest.mark.parametrize("seed", range(4))
def test_two_of_a_cohort_exchange_their_answers_and_no_number_changes(seed: int) -> None:
    """The proof itself, with answers that change each quarter."""
    rng = random.Random(seed)
    people = range(40)
    asked = [
        {
            person: Latest(quarter, float(rng.randint(1, 5)))
            for person in people
            if rng.random() < 0.97
        }
        for quarter in QUARTERS[:12]
    ]
    groups = {"a": frozenset(range(20)), "b": frozenset(range(12, 40))}

    def reports(swap: Mapping[int, int]) -> tuple[list[Report], Ledger]:
        ledger, found = Ledger(), []
        for answers, quarter in zip(asked, QUARTERS, strict=False):
            lot = random.Random(seed)
            given = {
                person: replace(latest, mean=answers.get(swap.get(person, person), latest).mean)
                for person, latest in answers.items()
            }
            told, ledger = report(quarter, LATER, given, groups, SCALE, ledger, lot)
            found.append(told)
        return found, ledger

    before, ledger = reports({})
    assert any(told.whole for told in before)
    pairs = [
        (one, other)
        for one, other in combinations(people, 2)
        if ledger.member.get(one, -1) == ledger.member.get(other, -2)
    ]
    for one, other in rng.sample(pairs, 12):
        assert reports({one: other, other: one})[0] == before
