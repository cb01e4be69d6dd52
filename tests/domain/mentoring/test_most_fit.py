"""The greatest total fit: the same total as scipy finds, and proved by prices."""

import random
from collections import Counter

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linear_sum_assignment

from bot.domain.matching import Matching, Scores, blocking_pairs, deferred_acceptance, describe
from bot.domain.most_fit import UNIT, Assignment, most_fit, settle
from tests.domain.mentoring.markets import Market, possible


def random_scores(
    chance: random.Random, mentees: int, mentors: int, each: int, *, fine: int = UNIT
) -> Scores:
    return {
        (mentee, mentor): chance.randint(0, fine) / fine
        for mentee in range(mentees)
        for mentor in chance.sample(range(mentors), min(each, mentors))
    }


def total(scores: Scores, matching: Matching) -> int:
    """The sum of fits in millionths, of pairs that may be."""
    return sum(round(scores[pair] * UNIT) for pair in matching.items())


def by_scipy(scores: Scores, places: dict[int, int]) -> int:
    """The greatest total, with one column for each place; a pair that may not be is worth none."""
    columns = [mentor for mentor, count in places.items() for _ in range(count)]
    table = np.zeros(
        (1 + max((mentee for mentee, _ in scores), default=0), len(columns)), dtype=int
    )
    for row, column in np.ndindex(table.shape):
        table[row, column] = round(scores.get((row, columns[column]), 0) * UNIT)
    return int(table[linear_sum_assignment(table, maximize=True)].sum())


def assert_proved(whole: Assignment, scores: Scores, places: dict[int, int]) -> None:
    """By duality: no total can be above what mentees gain and places cost, and this one is it."""
    taken = Counter(whole.mentor.values())
    assert all(count <= places[mentor] for mentor, count in taken.items())
    assert min(whole.gain.values(), default=0) >= 0
    assert min(whole.price.values(), default=0) >= 0
    worth = {(one, other): each for one, edges in whole.edges.items() for other, each in edges}
    assert worth.keys() == {pair for pair in scores if places[pair[1]] and scores[pair] > 0}
    for (mentee, mentor), each in worth.items():
        assert whole.gain[mentee] + whole.price.get(mentor, 0) >= each
    bound = sum(whole.gain.values()) + sum(
        places[mentor] * price for mentor, price in whole.price.items()
    )
    assert sum(worth[pair] for pair in whole.mentor.items()) == bound


@settings(max_examples=300)
@given(
    st.integers(0, 2**32).map(random.Random),
    st.integers(0, 14),
    st.integers(1, 8),
    st.integers(1, 8),
    st.sampled_from([1, 3, UNIT]),  # few values make many ties
)
def test_the_total_is_what_scipy_finds(
    chance: random.Random, mentees: int, mentors: int, each: int, fine: int
) -> None:
    scores = random_scores(chance, mentees, mentors, each, fine=fine)
    places = {mentor: chance.randint(0, 3) for mentor in range(mentors)}
    whole = settle(scores, places)
    assert_proved(whole, scores, places)
    assert total(scores, whole.mentor) == by_scipy(scores, places)
    mixed = dict(chance.sample(sorted(scores.items()), len(scores)))
    again = most_fit(mixed, dict(reversed(places.items())))
    assert list(again.items()) == sorted(whole.mentor.items())


@pytest.mark.parametrize(("mentors", "each"), [(150, 15), (90, 15), (60, 60)])
def test_of_hundreds_it_is_what_scipy_finds(mentors: int, each: int) -> None:
    scores = random_scores(random.Random(mentors), 300, mentors, each)
    places = dict.fromkeys(range(mentors), 2)
    whole = settle(scores, places)
    assert_proved(whole, scores, places)
    assert total(scores, whole.mentor) == by_scipy(scores, places)


def test_a_programme_of_a_thousand_is_proved() -> None:
    scores = random_scores(random.Random(4), 1_000, 400, 15)
    places = dict.fromkeys(range(400), 2)
    assert_proved(settle(scores, places), scores, places)


@settings(max_examples=100)
@given(st.integers(0, 2**32).map(random.Random), st.sampled_from([3, 5, UNIT]))
def test_no_possible_matching_adds_up_to_more(chance: random.Random, fine: int) -> None:
    scores = random_scores(chance, 5, 3, 3, fine=fine)
    market = as_market(scores, {mentor: chance.randint(0, 2) for mentor in range(3)})
    found = most_fit(scores, market.places)
    real = [each for each in possible(market) if all(scores[pair] > 0 for pair in each.items())]
    # Nor has one of the same total more pairs.
    assert (total(scores, found), len(found)) == max((total(scores, e), len(e)) for e in real)


def as_market(scores: Scores, places: dict[int, int]) -> Market:
    """The market in which everybody goes by fit."""
    mentees = {mentee for mentee, _ in scores}
    return Market(
        mentees={
            one: sorted((m for n, m in scores if n == one), key=lambda m: -scores[one, m])
            for one in mentees
        },
        mentors={
            one: sorted((n for n, m in scores if m == one), key=lambda n: -scores[n, one])
            for one in places
        },
        places=places,
    )


def test_what_adds_up_best_may_not_hold() -> None:
    """Two want each other most, but apart they leave more for the other two."""
    scores = {(1, 11): 0.9, (1, 12): 0.8, (2, 11): 0.8, (2, 12): 0.5}
    market = as_market(scores, {11: 1, 12: 1})
    stable, most = deferred_acceptance(market), most_fit(scores, market.places)
    assert stable == {1: 11, 2: 12}
    assert most == {1: 12, 2: 11}
    assert blocking_pairs(market, most) == [(1, 11)]
    beside = describe(market, stable, scores), describe(market, most, scores)
    assert [(each.fit, each.first, each.blocking) for each in beside] == [(1.4, 1, 0), (1.6, 1, 1)]


def test_nobody_is_paired_where_nothing_fits() -> None:
    assert most_fit({}, {}) == {}
    assert most_fit({(1, 11): 0.0, (2, 12): -1.0}, {11: 1, 12: 1}) == {}
    assert most_fit({(1, 11): 0.5}, {}) == {}
    assert most_fit({(1, 11): 0.5}, {11: 0}) == {}
