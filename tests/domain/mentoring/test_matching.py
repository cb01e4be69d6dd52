"""Published examples give their published results; reasons and numbers say what is so."""

import pytest

from bot.domain.matching import (
    Market,
    Summary,
    Unmatched,
    blocking_pairs,
    deferred_acceptance,
    describe,
    moved,
    overfull,
    unwanted_pairs,
    why_unmatched,
)
from tests.domain.mentoring.markets import stable_matchings


def ranked(rows: list[list[tuple[int, int]]]) -> Market:
    """Read a ranking matrix as Gale and Shapley print it: his rank of her, her rank of him."""
    size = range(len(rows))
    return Market(
        mentees={one: sorted(size, key=lambda other: rows[one][other][0]) for one in size},
        mentors={other: sorted(size, key=lambda one: rows[one][other][1]) for other in size},
        places=dict.fromkeys(size, 1),
    )


GALE_SHAPLEY_1 = ranked(
    [[(1, 3), (2, 2), (3, 1)], [(3, 1), (1, 3), (2, 2)], [(2, 2), (3, 1), (1, 3)]]
)
GALE_SHAPLEY_2 = ranked(
    [
        [(1, 3), (2, 3), (3, 2), (4, 3)],
        [(1, 4), (4, 1), (3, 3), (2, 2)],
        [(2, 2), (1, 4), (3, 4), (4, 1)],
        [(4, 1), (2, 2), (3, 1), (1, 4)],
    ]
)
# Knuth, Mariages stables, 1976: of four and four, none has more stable matchings.
KNUTH = Market(
    mentees={1: [1, 2, 3, 4], 2: [2, 1, 4, 3], 3: [3, 4, 1, 2], 4: [4, 3, 2, 1]},
    mentors={1: [4, 3, 2, 1], 2: [3, 4, 1, 2], 3: [2, 1, 4, 3], 4: [1, 2, 3, 4]},
    places=dict.fromkeys(range(1, 5), 1),
)
# Roth and Sotomayor, The College Admissions Problem Revisited, 1989: students 1 to 7.
ROTH_SOTOMAYOR = Market(
    mentees={1: [5, 1], 2: [2, 5, 1], 3: [3, 1], 4: [4, 1], 5: [1, 2], 6: [1, 3], 7: [1, 3, 4]},
    mentors={1: [1, 2, 3, 4, 5, 6, 7], 2: [5, 2], 3: [6, 7, 3], 4: [7, 4], 5: [2, 1]},
    places={1: 3, 2: 1, 3: 1, 4: 1, 5: 1},
)
# The National Resident Matching Program's leaflet Run a Match, two positions in each programme.
ANDERSON, CHEN, DAVIS, EASTMAN, FORD = range(1, 6)
MERCY, CITY, GENERAL = range(11, 14)
RUN_A_MATCH = Market(
    mentees={
        ANDERSON: [CITY],
        CHEN: [CITY, MERCY],
        FORD: [CITY, GENERAL, MERCY],
        DAVIS: [MERCY, CITY, GENERAL],
        EASTMAN: [CITY, MERCY, GENERAL],
    },
    mentors={
        MERCY: [CHEN, FORD],
        CITY: [EASTMAN, ANDERSON, CHEN, DAVIS, FORD],
        GENERAL: [EASTMAN, ANDERSON, FORD, DAVIS],
    },
    places={MERCY: 2, CITY: 2, GENERAL: 2},
)
EXAMPLES = [GALE_SHAPLEY_1, GALE_SHAPLEY_2, KNUTH, ROTH_SOTOMAYOR, RUN_A_MATCH]


def test_gale_and_shapley_three_by_three() -> None:
    assert deferred_acceptance(GALE_SHAPLEY_1) == {0: 0, 1: 1, 2: 2}
    assert stable_matchings(GALE_SHAPLEY_1) == [
        {0: 0, 1: 1, 2: 2},
        {0: 1, 1: 2, 2: 0},
        {0: 2, 1: 0, 2: 1},
    ]


def test_gale_and_shapley_four_by_four_where_nobody_gets_their_first_choice() -> None:
    only = {0: 2, 1: 3, 2: 0, 3: 1}
    assert stable_matchings(GALE_SHAPLEY_2) == [only]
    assert deferred_acceptance(GALE_SHAPLEY_2) == only


def test_knuth_ten_stable_matchings_and_everybodys_first_choice() -> None:
    assert len(stable_matchings(KNUTH)) == 10
    assert deferred_acceptance(KNUTH) == {1: 1, 2: 2, 3: 3, 4: 4}


def test_roth_and_sotomayor_a_college_of_three_places() -> None:
    best = deferred_acceptance(ROTH_SOTOMAYOR)
    assert best == {1: 5, 2: 2, 3: 3, 4: 4, 5: 1, 6: 1, 7: 1}
    classes = {
        tuple(student for student, college in each.items() if college == 1)
        for each in stable_matchings(ROTH_SOTOMAYOR)
    }
    assert classes == {(5, 6, 7), (3, 5, 6), (3, 4, 5), (1, 3, 4)}


def test_the_residents_match() -> None:
    expected = {ANDERSON: CITY, CHEN: MERCY, DAVIS: GENERAL, EASTMAN: CITY, FORD: GENERAL}
    assert deferred_acceptance(RUN_A_MATCH) == expected


@pytest.mark.parametrize("market", EXAMPLES)
def test_the_checker_finds_nothing_where_all_is_stable(market: Market) -> None:
    for each in stable_matchings(market):
        assert blocking_pairs(market, each) == []


def test_a_change_by_hand_shows_who_would_rather() -> None:
    by_hand = {**deferred_acceptance(RUN_A_MATCH), EASTMAN: MERCY, CHEN: CITY}
    # Mercy does not list Eastman: it would have anybody it lists, and Eastman anything they list.
    assert unwanted_pairs(RUN_A_MATCH, by_hand) == [(EASTMAN, MERCY)]
    assert blocking_pairs(RUN_A_MATCH, by_hand) == [(EASTMAN, CITY)]
    three = {ANDERSON: CITY, CHEN: CITY, EASTMAN: CITY}
    assert overfull(RUN_A_MATCH, three) == [CITY]
    assert overfull(RUN_A_MATCH, by_hand) == []


def test_who_is_with_somebody_unlisted_would_rather_have_anybody_listed() -> None:
    market = Market(mentees={1: [11], 2: [12]}, mentors={11: [1], 12: [2]}, places={11: 1, 12: 1})
    assert blocking_pairs(market, {1: 12, 2: 11}) == [(1, 11), (2, 12)]


def reason(mentee: int, *, places: dict[int, int], matching: dict[int, int]) -> Unmatched:
    market = Market(
        mentees={1: [11, 12, 13], 2: [11, 12, 13], 3: [11], 4: [11, 12, 13], 5: [], 6: [99]},
        mentors={11: [1, 2, 3, 4], 12: [2, 1, 4], 13: [1, 2, 4], 14: []},
        places=places,
    )
    return why_unmatched(market, matching, mentee)


@pytest.mark.parametrize(
    ("mentee", "places", "matching", "expected"),
    [
        (5, {11: 1, 14: 1}, {}, Unmatched.NO_CHOICE),
        (6, {11: 1, 14: 1}, {}, Unmatched.NO_CHOICE),  # who they listed has left
        (3, {11: 1, 14: 1}, {1: 11}, Unmatched.SHORT_LIST),
        (4, {11: 1, 12: 1, 13: 0, 14: 1}, {1: 11, 2: 12}, Unmatched.CHOICES_FULL),
        (4, {11: 1, 12: 1}, {1: 11, 2: 12}, Unmatched.NO_PLACES),
        (4, {}, {}, Unmatched.NO_PLACES),
        (1, {11: 1}, {2: 11}, Unmatched.BY_HAND),
        (3, {11: 1}, {}, Unmatched.BY_HAND),
    ],
)
def test_what_held_somebody_back(
    mentee: int, places: dict[int, int], matching: dict[int, int], expected: Unmatched
) -> None:
    assert reason(mentee, places=places, matching=matching) is expected


def test_only_who_has_nobody_was_held_back() -> None:
    with pytest.raises(ValueError, match="has a mentor"):
        reason(1, places={11: 1}, matching={1: 11})


def test_one_matching_in_numbers() -> None:
    scores = {(CHEN, MERCY): 0.5, (ANDERSON, CITY): 0.9, (EASTMAN, CITY): 0.7}
    assert describe(RUN_A_MATCH, {CHEN: MERCY, ANDERSON: CITY, EASTMAN: CITY}, scores) == Summary(
        mentees=5,
        matched=3,
        first=2,
        first_three=3,
        mentors=2,
        open_places=3,
        fit=2.1,
        least_fit=0.5,
        blocking=3,  # Ford would rather go to General or Mercy, Davis to General
    )
    nothing = describe(Market(mentees={}, mentors={}, places={}), {}, {})
    assert (nothing.matched, nothing.fit, nothing.least_fit) == (0, 0, 0)


def test_who_moves_between_two_matchings() -> None:
    assert moved({1: 11, 2: 12, 3: 13}, {1: 11, 2: 13, 4: 12}) == [2, 3, 4]


def test_a_market_that_cannot_be_is_refused() -> None:
    with pytest.raises(ValueError, match="1 ranks somebody twice"):
        Market(mentees={1: [11, 11]}, mentors={}, places={})
    with pytest.raises(ValueError, match="11 has -1 places"):
        Market(mentees={}, mentors={}, places={11: -1})
    assert deferred_acceptance(Market(mentees={}, mentors={}, places={})) == {}
