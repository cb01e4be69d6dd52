"""The SMART check against the field notes, against our own goals, and against any text at all."""

from collections.abc import Callable
from copy import deepcopy
from pathlib import Path
from time import perf_counter

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.smart import SmartCheck, SmartRules, check

HERE = Path(__file__).parent
CONTENT = HERE.parents[1] / "prompts" / "content" / "goals" / "smart_rules.yaml"
DATA = yaml.safe_load(CONTENT.read_text(encoding="utf-8"))
RULES = SmartRules.from_data(DATA)
CRITERIA = ("specific", "measurable", "achievable", "relevant", "timely")

# What was measured on 2026-11-23: good goals accepted and poor ones caught, of 36 each. The held
# set was scored once, after the rules were frozen. Its author also wrote the rules, so expect less
# of goals written by strangers. Never change a label, or a rule because of a held goal.
FLOORS = {"tune": (36, 36), "held": (31, 35)}


def rows(name: str) -> list[dict[str, str]]:
    head, *lines = (HERE / name).read_text(encoding="utf-8").splitlines()
    return [dict(zip(head.split("\t"), line.split("\t"), strict=True)) for line in lines]


REFERENCE = rows("smart_reference.tsv")
VECTORS = rows("smart_vectors.tsv")


def scores(found: SmartCheck) -> tuple[int, ...]:
    return tuple(getattr(found, name) for name in CRITERIA)


@pytest.mark.parametrize("row", REFERENCE, ids=lambda row: row["text"][:40])
def test_the_examples_of_the_field_notes(row: dict[str, str]) -> None:
    assert check(row["text"], RULES).accepted is (row["good"] == "yes")


@pytest.mark.parametrize(
    "row", [row for row in REFERENCE if row["good"] == "yes"], ids=lambda row: row["text"][:40]
)
def test_a_good_example_told_with_confidence_has_everything(row: dict[str, str]) -> None:
    assert "".join(map(str, scores(check(row["text"], RULES)))) == row["scores"]
    told = check(row["text"], RULES, confidence=8)
    assert told.present == CRITERIA
    assert told.questions == ()


@pytest.mark.parametrize("part", ["tune", "held"])
def test_our_own_goals_reach_what_was_measured(
    part: str,
    capsys: pytest.CaptureFixture[str],
    record_property: Callable[[str, object], None],
) -> None:
    verdicts = [(r["good"], check(r["text"], RULES).accepted) for r in VECTORS if r["set"] == part]
    good = [accepted for label, accepted in verdicts if label == "yes"]
    poor = [not accepted for label, accepted in verdicts if label == "no"]
    figure = f"{sum(good)}/{len(good)} good accepted, {sum(poor)}/{len(poor)} poor caught"
    record_property(f"smart_{part}", figure)
    with capsys.disabled():
        print(f"\nSMART {part}: {figure}")
    assert sum(good) >= FLOORS[part][0]
    assert sum(poor) >= FLOORS[part][1]


def test_the_goals_are_spread_and_told_apart() -> None:
    texts = [row["text"].lower() for row in VECTORS]
    assert len(texts) == len(set(texts)) >= 130
    assert not set(texts) & {row["text"].lower() for row in REFERENCE}
    cells = [(row["set"], row["area"], row["good"]) for row in VECTORS]
    assert len(set(cells)) == 2 * 9 * 2
    assert {cells.count(cell) for cell in cells} == {4}


def test_what_hangs_on_others_is_asked_about_first() -> None:
    found = check("Match into dermatology at Hopkins", RULES)
    assert found.outside_control
    assert found.achievable == 0
    assert found.questions[0] == "achievable"


def test_an_impossible_pace_is_not_blamed_on_others() -> None:
    found = check("Publish 12 papers by Friday", RULES)
    assert not found.outside_control
    assert found.achievable == 0


@pytest.mark.parametrize(
    "text",
    [
        "Submit 30 applications by 24 September so that I match into dermatology",
        "Because I want to match into dermatology, submit 30 applications by 24 September",
        "Do 4 mock interviews by 1 October to match into dermatology",
    ],
)
def test_the_reason_may_be_a_dream(text: str) -> None:
    found = check(text, RULES)
    assert found.accepted
    assert found.relevant == 2
    assert not found.outside_control


def test_a_wish_is_no_reason() -> None:
    found = check("I want to get promoted by June", RULES)
    assert found.outside_control
    assert found.relevant == 1


@pytest.mark.parametrize(
    ("confidence", "achievable", "first"),
    [(None, 1, "measurable"), (3, 1, "achievable"), (4, 1, "measurable"), (6, 1, "measurable"),
     (7, 2, "measurable"), (10, 2, "measurable")],
)  # fmt: skip
def test_confidence(confidence: int | None, achievable: int, first: str) -> None:
    found = check("Read all the guidelines", RULES, confidence=confidence)
    assert (found.achievable, found.questions[0]) == (achievable, first)


def test_confidence_does_not_make_the_impossible_possible() -> None:
    assert check("Publish 12 papers by Friday", RULES, confidence=10).achievable == 0


def test_a_low_confidence_is_asked_about_even_in_a_good_goal() -> None:
    found = check("Log 10 lumbar punctures by the end of this block", RULES, confidence=2)
    assert found.accepted
    assert found.questions[0] == "achievable"


def test_nothing_said_is_asked_what_first() -> None:
    assert check("", RULES).questions == ("specific", "measurable")


def test_facts_from_elsewhere_complete_a_terse_goal() -> None:
    facts = {"has_due": True, "has_measure": True, "has_why": True}
    found = check("central lines", RULES, confidence=9, **facts)
    assert found.accepted
    assert found.missing == ("specific",)


texts = st.one_of(
    st.text(max_size=300),
    st.lists(
        st.sampled_from(
            [word for row in VECTORS + REFERENCE for word in row["text"].split()]
            + ["100%", "by", "the", "12", "1.1.1", "٣", "²", "million", "because", "to get", "|"]
        ),
        max_size=40,
    ).map(" ".join),
)
confidences = st.one_of(st.none(), st.integers(0, 10))


@given(texts, st.booleans(), st.booleans(), st.booleans(), confidences)
def test_any_text_is_read(
    text: str, due: bool, measure: bool, why: bool, confidence: int | None
) -> None:
    bare = check(text, RULES)
    told = check(text, RULES, has_due=due, has_measure=measure, has_why=why, confidence=confidence)
    assert all(0 <= low <= high <= 2 for low, high in zip(scores(bare), scores(told), strict=True))
    assert not (bare.accepted and not told.accepted)
    assert len(told.questions) <= 2
    assert not set(told.questions) & set(told.present)
    assert sorted(told.missing + told.present) == sorted(CRITERIA)
    if told.outside_control:
        assert told.achievable == 0
        assert told.questions[0] == "achievable"


@pytest.mark.parametrize(
    "piece",
    ["a ", "1 ", "1.1.", "by 1 ", "by the ", "to get ", "because ", "x", "9", " ", "-", "1:11 ",
     "for the next 3 ", "publish 5 papers ", "get all ", "the next following ", ",1", "é", "|",
     "before ", "one of ", "every "],
)  # fmt: skip
def test_ten_kilobytes_are_read_at_once(piece: str) -> None:
    text = (piece * 10_000)[:10_000]
    start = perf_counter()
    check(text, RULES)
    assert perf_counter() - start < 0.5  # measured: under 10 ms; the rest is for busy machines


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("acts", None),
        ("acts", []),
        ("bounded", "by friday"),
        ("outside", [3]),
        ("outside", ["(the)"]),
        ("rhythms", ["every <moon>"]),
        ("numbers", {"one": "1"}),
        ("classes", {"month": []}),
        ("limits", [{"phrase": "<amount> hours"}]),
        ("wishes", {"want": 1}),
    ],
)
def test_a_faulty_key_is_named(key: str, value: object) -> None:
    data = deepcopy(DATA)
    data[key] = value
    with pytest.raises(ValueError, match=key):
        SmartRules.from_data(data)


def test_an_absent_key_is_named() -> None:
    with pytest.raises(ValueError, match="numbers"):
        SmartRules.from_data({})
