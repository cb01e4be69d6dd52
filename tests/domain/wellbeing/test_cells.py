"""What an owner sees of many answers: who is counted, with whom, and when."""

import random
from collections.abc import Mapping
from dataclasses import replace
from datetime import date

import pytest

from bot.domain.cells import ALLIES, Cell, Latest, Ledger, Report, quarter_over, report

SCALE = (1, 5)
LATER = date(2040, 1, 1)
QUARTERS = [date(2027 + n // 4, n % 4 * 3 + 1, 1) for n in range(30)]


def made(
    answers: Mapping[int, float],
    groups: Mapping[str, frozenset[int]] | None = None,
    ledger: Ledger | None = None,
    quarter: date = QUARTERS[0],
    late: Mapping[int, Latest] | None = None,
) -> tuple[Report, Ledger]:
    """Report on answers of this quarter, and on `late` ones of earlier quarters."""
    latest = {person: Latest(quarter, mean) for person, mean in answers.items()} | dict(late or {})
    ledger = ledger or Ledger()
    return report(quarter, LATER, latest, groups or {}, SCALE, ledger, random.Random(4))


def several(people: range, value: float = 3) -> dict[int, float]:
    return dict.fromkeys(people, value)


def test_seven_are_too_few_and_eight_are_enough() -> None:
    assert made(several(range(7)))[0].whole is None
    assert made(several(range(8)))[0].whole == Cell(8, 3)


@pytest.mark.parametrize(("people", "told"), [(8, 8), (9, 8), (10, 10), (14, 10), (43, 40)])
def test_a_number_of_people_is_rounded_down(people: int, told: int) -> None:
    whole = made(several(range(people)))[0].whole
    assert whole is not None
    assert whole.people == told


def test_a_mean_is_rounded_to_the_half() -> None:
    assert made({n: 2 if n < 5 else 3 for n in range(8)})[0].whole == Cell(8, 2.5)
    assert made({n: 2 if n < 7 else 3 for n in range(8)})[0].whole == Cell(8, 2)


def test_a_group_needs_eight_and_eight_beside_it() -> None:
    ten = {"icu": frozenset(range(10))}
    assert made(several(range(17)), ten)[0].groups == {}
    assert made(several(range(18)), ten)[0].groups == {"icu": Cell(10, 3)}


def test_groups_may_overlap_and_small_overlaps_are_left_out() -> None:
    groups = {"icu": frozenset(range(20)), "nurses": frozenset(range(3, 40))}
    told = made(several(range(40)), groups)[0]
    # Three of the ICU are no nurses. With whom they are counted, only the ICU is in common.
    assert told.groups == {"icu": Cell(20, 3), "nurses": Cell(20, 3)}


def test_a_quarter_is_reported_once_and_only_when_it_is_over() -> None:
    _, ledger = made(several(range(9)))
    with pytest.raises(ValueError, match="was reported"):
        made(several(range(12)), ledger=ledger)
    for quarter, today in [
        (date(2027, 4, 1), date(2027, 6, 30)),
        (date(2027, 2, 1), LATER),
        (date(2027, 4, 8), LATER),
    ]:
        with pytest.raises(ValueError, match="that is over"):
            report(quarter, today, {}, {}, SCALE, Ledger(), random.Random(0))


@pytest.mark.parametrize(
    ("today", "quarter"),
    [
        (date(2027, 1, 1), date(2026, 10, 1)),
        (date(2027, 5, 4), date(2027, 1, 1)),
        (date(2027, 12, 31), date(2027, 7, 1)),
    ],
)
def test_the_last_quarter_that_is_over(today: date, quarter: date) -> None:
    assert quarter_over(today) == quarter


def test_an_answer_off_the_scale_is_refused() -> None:
    with pytest.raises(ValueError, match="off the scale"):
        made(several(range(9)) | {3: 7})
    with pytest.raises(ValueError, match="later"):
        made(several(range(9)), late={3: Latest(QUARTERS[1], 3)})


def test_an_answer_counts_to_the_end_of_its_year_and_a_late_one_through_the_next() -> None:
    early, late = Latest(QUARTERS[2], 4), Latest(QUARTERS[3], 4)
    assert made(several(range(8), 2), quarter=QUARTERS[3], late={8: early, 9: early})[0].whole == (
        Cell(10, 2.5)
    )
    for quarter, latest, people in [(4, early, 8), (4, late, 10), (7, late, 10), (8, late, 8)]:
        told, _ = made(several(range(8), 2), quarter=QUARTERS[quarter], late={8: latest, 9: latest})
        assert told.whole is not None
        assert told.whole.people == people


def test_a_cohort_rests_while_fewer_than_eight_of_it_answer() -> None:
    late = {person: Latest(QUARTERS[0], 3) for person in range(7, 20)}
    _, ledger = made(several(range(20)))
    told, ledger = made(several(range(7)), ledger=ledger, quarter=QUARTERS[1], late=late)
    assert told.whole is None
    del late[7]
    told, _ = made(several(range(8)), ledger=ledger, quarter=QUARTERS[2], late=late)
    assert told.whole == Cell(20, 3)


def test_one_person_who_is_missing_takes_seven_along() -> None:
    _, ledger = made(several(range(40)))
    told, ledger = made(several(range(39)), ledger=ledger, quarter=QUARTERS[1])
    assert told.whole == Cell(30, 3)
    assert sorted(cohort.size for cohort in ledger.cohorts.values()) == [8, 32]


def test_a_small_workspace_is_silent_while_somebody_is_missing() -> None:
    _, ledger = made(several(range(12)))
    told, ledger = made(several(range(11)), ledger=ledger, quarter=QUARTERS[1])
    assert told.whole is None
    told, _ = made(several(range(12)), ledger=ledger, quarter=QUARTERS[2])
    assert told.whole == Cell(10, 3)


def test_a_newcomer_waits_for_seven_others() -> None:
    _, ledger = made(several(range(10), 2))
    told, ledger = made(several(range(10), 2) | {10: 5.0}, ledger=ledger, quarter=QUARTERS[1])
    assert told.whole == Cell(10, 2)
    told, _ = made(
        several(range(10), 2) | several(range(10, 18), 4), ledger=ledger, quarter=QUARTERS[2]
    )
    assert told.whole == Cell(15, 3)


def test_a_move_counts_when_eight_moved_alike() -> None:
    first = {"icu": frozenset(range(20)), "ward": frozenset(range(20, 40))}
    answers = several(range(20), 2) | several(range(20, 40), 4)
    _, ledger = made(answers, first)
    one = {"icu": frozenset(range(19)), "ward": frozenset(range(19, 40))}
    told, ledger = made(answers, one, ledger, QUARTERS[1])
    assert told.groups == {"icu": Cell(20, 2), "ward": Cell(20, 4)}
    eight = {"icu": frozenset(range(12)), "ward": frozenset(range(12, 40))}
    told, _ = made(answers, eight, ledger, QUARTERS[2])
    assert told.groups == {"icu": Cell(10, 2), "ward": Cell(25, 3.5)}


def test_a_cohort_is_told_apart_by_groups_once_both_are_large_enough() -> None:
    answers = several(range(10), 2) | several(range(10, 20), 4)
    _, ledger = made(answers)
    groups = {"icu": frozenset(range(10)), "ward": frozenset(range(10, 20))}
    told, ledger = made(answers, groups, ledger, QUARTERS[1])
    assert told.groups == {"icu": Cell(10, 2), "ward": Cell(10, 4)}
    assert told.whole == Cell(20, 3)


def test_who_is_forgotten_leaves_no_gap_to_look_through() -> None:
    _, ledger = made(several(range(12)))
    known = {person: key for person, key in ledger.member.items() if person != 5}
    ledger = replace(ledger, member=known)
    told, _ = made(several(range(5)) | several(range(6, 12)), ledger=ledger, quarter=QUARTERS[1])
    assert told.whole is None


@pytest.mark.parametrize("end", SCALE)
@pytest.mark.parametrize(("others", "seen"), [(ALLIES, False), (ALLIES + 1, True)])
def test_where_nearly_all_say_the_same_extreme_nothing_is_told(
    end: int, others: int, seen: bool
) -> None:
    told, _ = made(several(range(20), end) | several(range(others), 3))
    assert (told.whole is not None) is seen
