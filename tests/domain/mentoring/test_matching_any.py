"""Whatever the market: stable, best for every mentee, and the same however it is told."""

import random
from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.matching import (
    Unmatched,
    blocking_pairs,
    deferred_acceptance,
    overfull,
    unwanted_pairs,
    why_unmatched,
)
from tests.domain.mentoring.markets import (
    is_stable,
    possible,
    random_market,
    shuffled,
    stable_matchings,
)

seeds = st.integers(0, 2**32).map(random.Random)


def test_no_pair_blocks_in_thousands_of_markets() -> None:
    chance = random.Random(1)
    unmatched = Counter[Unmatched]()
    for _ in range(3_000):
        mentees, mentors = chance.randint(0, 30), chance.randint(0, 12)
        market = random_market(chance, mentees, mentors, longest=8, places=3)
        matching = deferred_acceptance(market)
        assert blocking_pairs(market, matching) == []
        assert overfull(market, matching) == []
        assert unwanted_pairs(market, matching) == []
        again = deferred_acceptance(shuffled(market, chance))
        assert list(again.items()) == list(matching.items())
        for mentee in market.mentees.keys() - matching.keys():
            unmatched[why_unmatched(market, matching, mentee)] += 1
    # Nobody in a stable matching was left out by a hand; every other reason comes up.
    assert set(unmatched) == set(Unmatched) - {Unmatched.BY_HAND}


def test_a_large_market_is_stable_too() -> None:
    market = random_market(random.Random(2), 2_000, 900, longest=15, places=3)
    matching = deferred_acceptance(market)
    assert blocking_pairs(market, matching) == overfull(market, matching) == []
    assert len(matching) > 1_000


@settings(max_examples=300)
@given(seeds, st.integers(1, 5), st.integers(1, 4))
def test_no_stable_matching_is_better_for_any_mentee(
    chance: random.Random, mentees: int, mentors: int
) -> None:
    market = random_market(chance, mentees, mentors, longest=4, places=2)
    best = deferred_acceptance(market)
    stable = stable_matchings(market)
    assert best in stable
    for other in stable:
        for mentee, order in market.mentees.items():
            if mentee in other:
                assert order.index(best[mentee]) <= order.index(other[mentee])
        # Roth, 1984 and 1986: the same people are matched in each, and who has an open place
        # has the same mentees in each.
        assert other.keys() == best.keys()
        for mentor in market.mentors:
            mine, theirs = ({m for m, who in one.items() if who == mentor} for one in (best, other))
            assert len(mine) == len(theirs)
            assert mine == theirs or len(mine) == market.places[mentor]


@settings(max_examples=150)
@given(seeds, st.integers(1, 4), st.integers(1, 4))
def test_the_checker_and_the_definition_agree_on_every_matching(
    chance: random.Random, mentees: int, mentors: int
) -> None:
    market = random_market(chance, mentees, mentors, longest=4, places=2)
    for matching in possible(market):
        assert (blocking_pairs(market, matching) == []) is is_stable(market, matching)


@settings(max_examples=150)
@given(seeds, st.data())
def test_a_mentee_gains_nothing_by_ranking_otherwise_than_they_would_have_it(
    chance: random.Random, data: st.DataObject
) -> None:
    market = random_market(chance, 6, 4, longest=4, places=2)
    mentee = data.draw(st.sampled_from(sorted(market.mentees)))
    order = list(market.mentees[mentee])
    told = data.draw(st.permutations(order).map(lambda all_: all_[: chance.randint(0, len(all_))]))
    honest = deferred_acceptance(market)
    other = deferred_acceptance(
        type(market)(
            mentees={**market.mentees, mentee: told}, mentors=market.mentors, places=market.places
        )
    )
    if mentee in other:
        assert order.index(honest[mentee]) <= order.index(other[mentee])


@pytest.mark.parametrize("seed", range(60))
def test_swapping_two_by_hand_is_seen(seed: int) -> None:
    chance = random.Random(seed)
    market = random_market(chance, 30, 12, longest=8, places=2)
    matching = deferred_acceptance(market)
    one, other = chance.sample(sorted(matching), 2)
    by_hand = {**matching, one: matching[other], other: matching[one]}
    # With somebody they do not list is what the definition for all others does not speak of.
    if not unwanted_pairs(market, by_hand):
        assert (blocking_pairs(market, by_hand) == []) is is_stable(market, by_hand)
    assert overfull(market, by_hand) == []
