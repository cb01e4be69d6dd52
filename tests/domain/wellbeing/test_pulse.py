"""The weekly pulse: the decision table row by row, what is never inferred, and the trend."""

from collections.abc import Callable
from copy import deepcopy
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.chat.content import content
from bot.domain.instruments import Driver, Usual
from bot.domain.pulse import (
    SCALES,
    Answer,
    Part,
    PulseRules,
    Side,
    Step,
    decide,
    side,
    strain,
    trend,
)

DATA = content("wellbeing/pulse")
RULES = PulseRules.from_data(DATA)
TODAY = date(2027, 1, 4)  # a Monday on which is asked what took the most
MONTHLY = {Step.OFFER_MONTHLY, Step.RESOURCES_COLLAPSED, Step.OFFER_HUMAN}


def weekly(*burnout: int | None, energy: tuple[int | None, ...] = ()) -> list[Answer]:
    """Build one answer a week, the last one today."""
    energy = energy or (None,) * len(burnout)
    weeks = range(len(burnout) - 1, -1, -1)
    return [
        Answer(day=TODAY - timedelta(weeks=back), burnout=value, energy=left)
        for back, value, left in zip(weeks, burnout, energy, strict=True)
    ]


def steps(*burnout: int | None, energy: tuple[int | None, ...] = ()) -> set[Step]:
    return set(decide(weekly(*burnout, energy=energy), TODAY, RULES).steps)


@pytest.mark.parametrize(
    ("burnout", "row", "expected"),
    [
        ((1,), "well", {Step.THANK_ONLY}),
        ((5, 4, 2), "well", {Step.THANK_ONLY}),
        ((3,), "strained", {Step.OFFER_IDEA}),
        ((2, 3), "strained", {Step.OFFER_IDEA}),
        ((3, 2, 3), "strained", {Step.OFFER_IDEA}),
        ((3, 3), "lasting", MONTHLY | {Step.OFFER_IDEA}),
        ((5, 3), "lasting", MONTHLY | {Step.OFFER_IDEA}),
        ((1, 1, 1, 3), "risen", MONTHLY | {Step.OFFER_IDEA}),
        ((4,), "burned_out", MONTHLY | {Step.OFFER_CHECK_BACK}),
        ((4, 4), "burned_out", MONTHLY | {Step.OFFER_CHECK_BACK}),
        (
            (5,),
            "spent",
            {
                Step.RESOURCES_OPEN,
                Step.PAUSE_GOALS_7D,
                Step.OFFER_MOVE_DEADLINES,
                Step.OFFER_CHECK_BACK,
            },
        ),
        (
            (5, 5),
            "spent",
            {
                Step.RESOURCES_OPEN,
                Step.PAUSE_GOALS_7D,
                Step.OFFER_MOVE_DEADLINES,
                Step.OFFER_CHECK_BACK,
            },
        ),
    ],
)
def test_each_row_of_burnout(burnout: tuple[int, ...], row: str, expected: set[Step]) -> None:
    decision = decide(weekly(*burnout), TODAY, RULES)
    assert decision.rows == (row,)
    assert decision.steps == expected
    assert decision.weeks == 1


def test_every_row_of_the_table_is_reached() -> None:
    spoken = {
        row
        for values in [(1,), (3,), (3, 3), (1, 1, 1, 3), (4,), (5,)]
        for row in decide(weekly(*values), TODAY, RULES).rows
    } | set(decide(weekly(None, None, energy=(0, 0)), TODAY, RULES).rows)
    assert spoken == {row.id for row in RULES.rows}


@pytest.mark.parametrize(
    ("before", "offered"),
    [((1, 1), False), ((1, 1, 1), True), ((1, 1, 2, 2), False), ((1, 1, 2), True)],
)
def test_a_usual_is_a_median_of_three_or_more(before: tuple[int, ...], offered: bool) -> None:
    assert (Step.OFFER_MONTHLY in steps(*before, 3)) is offered


def test_an_answer_older_than_eight_weeks_makes_no_usual() -> None:
    old = [Answer(day=TODAY - timedelta(weeks=8, days=n), burnout=1) for n in (0, 7, 14)]
    assert decide([*old, *weekly(3)], TODAY, RULES).rows == ("strained",)


@pytest.mark.parametrize(
    ("energy", "offered"),
    [((0,), False), ((0, 0), True), ((0, 1), False), ((1, 0), False), ((0, 1, 0), False)],
)
def test_energy_gone_twice_offers_the_recovery_pack(energy: tuple[int, ...], offered: bool) -> None:
    assert (Step.OFFER_RECOVERY_PACK in steps(*[None] * len(energy), energy=energy)) is offered


def test_the_parts_do_not_silence_each_other() -> None:
    assert steps(2, 2, energy=(0, 0)) == {Step.THANK_ONLY, Step.OFFER_RECOVERY_PACK}
    assert Step.OFFER_RECOVERY_PACK in steps(5, 5, energy=(0, 0))


def test_nothing_is_inferred_from_what_was_skipped() -> None:
    assert steps(None) == set()
    assert steps(4, None) == set()  # last week's four does not speak for this week
    assert steps(3, None, 3) == MONTHLY | {
        Step.OFFER_IDEA
    }  # two answers in a row, with a skipped one between
    assert decide([], TODAY, RULES).steps == set()


def test_an_answer_speaks_for_seven_days() -> None:
    answer = Answer(day=TODAY, burnout=4)
    assert decide([answer], TODAY + timedelta(days=6), RULES).rows == ("burned_out",)
    assert decide([answer], TODAY + timedelta(days=7), RULES).rows == ()
    assert decide([answer], TODAY - timedelta(days=1), RULES).rows == ()


def test_a_pulse_answered_twice_in_a_week_is_one_answer() -> None:
    first = Answer(day=TODAY, burnout=5, energy=0, driver=Driver.SLEEP)
    later = Answer(day=TODAY + timedelta(days=2), burnout=3)
    decision = decide([first, later], TODAY + timedelta(days=2), RULES)
    assert decision.rows == ("strained",)
    assert decision.driver is Driver.SLEEP  # what was not said again still stands
    again = Answer(day=TODAY, burnout=3)
    assert decide([first, again], TODAY, RULES).rows == ("strained",)


@pytest.mark.parametrize(
    ("misses", "expected", "weeks"),
    [
        (1, set(), 1),
        (2, {Step.ASK_FORTNIGHTLY}, 2),
        (3, set(), 2),
        (4, {Step.ASK_MONTHLY}, 4),
        (5, set(), 4),
        (6, {Step.STOP_ASKING}, None),
        (7, set(), None),
    ],
)
def test_silence_is_met_by_asking_less_and_said_once(
    misses: int, expected: set[Step], weeks: int | None
) -> None:
    decision = decide(weekly(5, 5), TODAY, RULES, misses=misses)
    assert decision.steps == expected
    assert decision.weeks == weeks


def test_the_third_question_turns_each_week_even_at_new_year() -> None:
    mondays = [date(2026, 12, 14) + timedelta(weeks=n) for n in range(6)]
    sides = [side(day) for day in mondays]
    assert sides == [Side.GAVE, Side.TOOK] * 3
    assert all(side(day + timedelta(days=6)) is side(day) for day in mondays)


def test_the_driver_is_what_last_took_not_what_gave() -> None:
    took = Answer(day=TODAY - timedelta(weeks=2), driver=Driver.EHR)
    gave = Answer(day=TODAY - timedelta(weeks=1), driver=Driver.COMMUNITY)
    assert strain([took, gave, *weekly(3)], TODAY) is Driver.EHR
    assert strain([took, gave, Answer(day=TODAY, driver=Driver.NOTHING)], TODAY) is None
    assert strain([gave], TODAY) is None
    assert strain([took], TODAY + timedelta(weeks=2)) is None


@pytest.mark.parametrize(
    "wrong",
    [{"burnout": 0}, {"burnout": 6}, {"energy": -1}, {"energy": 5}, {"energy": True}],
)
def test_a_value_out_of_range_is_refused(wrong: dict[str, int]) -> None:
    with pytest.raises(ValueError, match="whole number"):
        Answer(day=TODAY, **wrong)


@pytest.mark.parametrize(
    ("values", "usual", "line"),
    [
        ((3,), Usual.EARLY, ""),
        ((2, 2, 3), Usual.EARLY, "▃▃▅"),
        ((2, 2, 2, 3), Usual.HIGHER, "▃▃▃▅"),
        ((4, 4, 4, 2), Usual.LOWER, "▆▆▆▃"),
        ((2, 2, 3, 3, 3), Usual.ABOUT, "▃▃▅▅▅"),
        ((1, 5), Usual.EARLY, "▁█"),
    ],
)
def test_the_trend_compares_a_member_with_themself(
    values: tuple[int, ...], usual: Usual, line: str
) -> None:
    found = trend(weekly(*values), TODAY, Part.BURNOUT, RULES)
    assert found.usual is usual
    assert found.line == line
    assert found.values == values


def test_the_trend_has_words_and_none_of_them_is_a_diagnosis() -> None:
    assert "higher than your own usual" in RULES.trend[Part.BURNOUT][Usual.HIGHER]
    for part in Part:
        for words in RULES.trend[part].values():
            assert "burned out" not in words.lower()
            assert "depress" not in words.lower()


def test_the_questions_have_the_values_that_are_stored() -> None:
    for part, (low, high) in SCALES.items():
        assert [value for value, _ in RULES.questions[part].options] == list(range(low, high + 1))
    assert "Not a validated test" in RULES.label
    assert RULES.questions["took"].text != RULES.questions["gave"].text


@pytest.mark.parametrize(
    ("spoil", "named"),
    [
        (lambda data: data.pop("source"), "source"),
        (lambda data: data.pop("label"), "label"),
        (lambda data: data["questions"]["burnout"]["options"].pop(5), "questions.burnout.options"),
        (lambda data: data["questions"]["took"]["options"].pop("ehr"), "questions.took.options"),
        (lambda data: data["rows"][0]["steps"].append("call_the_boss"), "spent: 'call_the_boss'"),
        (lambda data: data["rows"][1].update(when={"about": 3}), "burned_out: when"),
        (lambda data: data["rows"][1].update(when={"at_least": "4"}), "burned_out: at_least"),
        (lambda data: data["rows"][1].update(part="mood"), "burned_out: 'mood'"),
        (lambda data: data["trend"]["energy"].pop("early"), "trend.early"),
    ],
)
def test_broken_content_is_refused_by_name(
    spoil: Callable[[dict[str, Any]], object], named: str
) -> None:
    data = deepcopy(DATA)
    spoil(data)
    with pytest.raises(ValueError, match=named):
        PulseRules.from_data(data)


histories = st.lists(
    st.builds(
        Answer,
        day=st.dates(TODAY - timedelta(weeks=12), TODAY + timedelta(weeks=1)),
        burnout=st.none() | st.integers(1, 5),
        energy=st.none() | st.integers(0, 4),
        driver=st.none() | st.sampled_from(Driver),
    ),
    max_size=12,
)


@given(histories)
def test_whatever_was_answered_the_promises_hold(history: list[Answer]) -> None:
    found = decide(history, TODAY, RULES).steps
    assert not {Step.RESOURCES_OPEN, Step.RESOURCES_COLLAPSED} <= found
    assert not (Step.THANK_ONLY in found and Step.OFFER_IDEA in found)
    # What was said earlier in a calendar week counts with what is said later in it.
    weeks = {a.day.isocalendar()[:2] for a in history if TODAY - timedelta(days=7) < a.day <= TODAY}
    given_now = [a.burnout for a in history if a.day <= TODAY and a.day.isocalendar()[:2] in weeks]
    if 5 not in given_now:
        assert Step.PAUSE_GOALS_7D not in found
    if all(value is None or value < 3 for value in given_now):
        assert found <= {Step.THANK_ONLY, Step.OFFER_RECOVERY_PACK}
