"""Roles go around: everybody has each about equally often."""

import random
from collections import Counter
from itertools import product

import pytest

from bot.domain.circles import Duty, roles

PEOPLE = [31, 12, 55, 8, 77, 40, 23, 64]


@pytest.mark.parametrize("size", [4, 5, 6, 7, 8])
def test_in_as_many_sessions_as_people_everybody_has_every_role_once(size):
    for first in range(3 * size):
        held = Counter(
            pair for n in range(first, first + size) for pair in roles(PEOPLE[:size], n).items()
        )
        assert held == Counter(product(Duty, PEOPLE[:size]))


@pytest.mark.parametrize("size", [6, 7, 8])
def test_nobody_has_a_role_in_every_session(size):
    series = [set(roles(PEOPLE[:size], n).values()) for n in range(size)]
    for who in PEOPLE[:size]:
        assert sum(who in each for each in series) == 4


def test_who_is_absent_has_none_and_nobody_has_two_while_four_are_there():
    chance = random.Random(5)
    for number in range(300):
        members = PEOPLE[: chance.randint(4, 8)]
        absent = chance.sample(members, chance.randint(0, len(members) - 4))
        found = roles(members, number, absent)
        assert set(found) == set(Duty)
        assert len(set(found.values())) == 4
        assert not set(found.values()) & set(absent)
        assert found == roles(members, number, set(absent))


@pytest.mark.parametrize(("there", "most"), [(3, 2), (2, 2), (1, 4)])
def test_few_people_share_the_roles_evenly(there, most):
    for number in range(24):
        found = roles(PEOPLE[:6], number, PEOPLE[there:6])
        assert set(found) == set(Duty)
        assert max(Counter(found.values()).values()) == most


def test_with_nobody_there_is_no_role():
    assert roles([], 3) == {}
    assert roles(PEOPLE, 3, PEOPLE) == {}


def test_a_circle_of_three_works_too():
    held = Counter(who for n in range(12) for who in roles(PEOPLE[:3], n).values())
    assert max(held.values()) - min(held.values()) <= 4


def test_somebody_who_is_never_there_burdens_no_single_other():
    held = Counter(pair for n in range(8 * 7) for pair in roles(PEOPLE, n, [PEOPLE[0]]).items())
    for duty in Duty:
        counts = [held[duty, who] for who in PEOPLE[1:]]
        assert max(counts) - min(counts) <= 2
    assert not any(held[duty, PEOPLE[0]] for duty in Duty)


def test_absences_by_chance_leave_the_roles_even():
    chance, held = random.Random(2), Counter[int]()
    for number in range(24 * 8):
        absent = [who for who in PEOPLE if chance.random() < 0.15]
        held.update(roles(PEOPLE, number, absent).values())
    assert max(held.values()) <= 1.25 * min(held.values())
