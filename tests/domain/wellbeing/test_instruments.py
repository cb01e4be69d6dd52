"""Self-checks: scored as their sources say, in words that diagnose nobody."""

import re
from collections.abc import Callable
from copy import deepcopy
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.chat.content import content
from bot.domain.instruments import (
    FAMILIES,
    Cadence,
    Driver,
    Instrument,
    Result,
    Usual,
    compare,
    leading,
)

NAMES = ["drivers", "k6", "phq2", "gad2"]
DATA = {name: content(f"wellbeing/instruments/{name}") for name in NAMES}
ALL = {name: Instrument.from_data(DATA[name]) for name in NAMES}


def answered(name: str, *values: int | None) -> Result:
    items = [item.id for item in ALL[name].items]
    return ALL[name].score(dict(zip(items, values, strict=True)))


@pytest.mark.parametrize(
    ("name", "values", "total", "band"),
    [
        ("phq2", (0, 0), 0, 0),
        ("phq2", (1, 1), 2, 0),
        ("phq2", (1, 2), 3, 1),
        ("phq2", (3, 3), 6, 1),
        ("k6", (0,) * 6, 0, 0),
        ("k6", (2,) * 6, 12, 0),
        ("k6", (3, 2, 2, 2, 2, 2), 13, 1),
        ("k6", (4,) * 6, 24, 1),
    ],
)
def test_sums_and_bands(name: str, values: tuple[int, ...], total: int, band: int) -> None:
    result = answered(name, *values)
    assert result.total == total
    assert result.band == ALL[name].bands[band].label


def test_what_is_from_memory_is_no_band() -> None:
    assert ALL["gad2"].bands == ()
    assert answered("gad2", 3, 3) == Result(answered=2, total=6)
    assert [(band.low, band.high) for band in ALL["k6"].bands] == [(0, 12), (13, 24)]


@pytest.mark.parametrize("name", ["k6", "phq2", "gad2"])
def test_a_skipped_item_gives_no_total(name: str) -> None:
    values = [1] * (len(ALL[name].items) - 1)
    assert answered(name, *values, None) == Result(answered=len(values))


@pytest.mark.parametrize("value", [7, 4, -1, True, "2", 1.0])
def test_an_answer_that_is_no_option_is_refused(value: Any) -> None:
    with pytest.raises(ValueError, match="is no answer"):
        ALL["phq2"].score({"mood": value})


def test_an_item_that_does_not_exist_is_refused() -> None:
    with pytest.raises(ValueError, match="no item 'sleep'"):
        ALL["phq2"].score({"sleep": 1})


def test_the_drivers_check_has_strains_and_no_total() -> None:
    result = answered("drivers", 0, 4, 3, 4, 4, 4, 1, None)
    assert result.total is None
    assert result.strains[Driver.WORKLOAD] == 4
    assert result.strains[Driver.SLEEP] == 3
    assert Driver.EHR not in result.strains
    assert result.leading == (Driver.WORKLOAD, Driver.SLEEP)


@pytest.mark.parametrize(
    ("strains", "first"),
    [
        ({}, ()),
        ({Driver.EHR: 1, Driver.SLEEP: 0}, ()),
        ({Driver.EHR: 2, Driver.SLEEP: 1}, (Driver.EHR,)),
        ({Driver.EHR: 2, Driver.SLEEP: 4, Driver.VALUES: 3}, (Driver.SLEEP, Driver.VALUES)),
        ({Driver.EHR: 3, Driver.SLEEP: 3, Driver.VALUES: 3}, (Driver.EHR, Driver.SLEEP)),
    ],
)
def test_the_one_or_two_highest_strains_lead(
    strains: dict[Driver, int], first: tuple[Driver, ...]
) -> None:
    assert leading(strains) == first


def test_each_driver_is_asked_about_once() -> None:
    assert [item.driver for item in ALL["drivers"].items if item.driver] != []
    assert {item.driver for item in ALL["drivers"].items} == set(FAMILIES)
    assert len(ALL["drivers"].items) == len(FAMILIES)


def test_a_result_is_compared_with_ones_own() -> None:
    assert compare(9, [3, 4]) is Usual.EARLY
    assert compare(9, [3, 4, 4]) is Usual.HIGHER
    assert compare(4, [3, 4, 4]) is Usual.ABOUT
    assert compare(2, [3, 4, 4]) is Usual.LOWER


def test_only_what_is_open_is_shipped_with_its_attribution() -> None:
    assert "Spitzer" in ALL["phq2"].attribution
    assert "Spitzer" in ALL["gad2"].attribution
    assert "Kessler" in ALL["k6"].attribution
    assert "World Health Organization" in ALL["k6"].attribution
    assert "not a validated test" in ALL["drivers"].note
    for name in ("k6", "phq2", "gad2"):
        assert ALL[name].opt_in
    assert ALL["k6"].cadence is Cadence.QUARTERLY
    assert ALL["phq2"].cadence is ALL["gad2"].cadence is Cadence.ON_REQUEST


@pytest.mark.parametrize("name", NAMES)
def test_no_word_about_a_result_diagnoses(name: str) -> None:
    words = " ".join([ALL[name].note, *(band.label for band in ALL[name].bands)]).lower()
    assert not re.search(r"you (?:have|are|suffer)|depress|anxi|disorder|burnout|illness", words)
    assert "not a diagnosis" in words


@pytest.mark.parametrize(
    ("spoil", "named"),
    [
        (lambda data: data.pop("licence"), "licence"),
        (lambda data: data.update(licence=""), "licence"),
        (lambda data: data.pop("attribution"), "attribution"),
        (lambda data: data.pop("verified_on"), "verified_on"),
        (lambda data: data.pop("source"), "source"),
        (lambda data: data.update(cadence="hourly"), "hourly"),
        (lambda data: data.update(opt_in=False), "opt_in"),
        (lambda data: data["items"].append(data["items"][0]), "items: two"),
        (lambda data: data["score"].update(min_answered=1), "min_answered"),
        (lambda data: data["score"].update(range=[0, 27]), "score.range"),
        (lambda data: data["score"].update(method="mean"), "mean"),
        (lambda data: data["score"]["bands"].pop(), "score.bands"),
        (lambda data: data["score"]["bands"][1].update(min=2), "score.bands"),
        (lambda data: data.update(options={0: "No"}), "options"),
    ],
)
def test_broken_content_is_refused_by_name(
    spoil: Callable[[dict[str, Any]], object], named: str
) -> None:
    data = deepcopy(DATA["phq2"])
    spoil(data)
    with pytest.raises(ValueError, match=named):
        Instrument.from_data(data)


@given(st.sampled_from(NAMES), st.data())
def test_every_possible_answer_scores_within_reach(name: str, data: st.DataObject) -> None:
    instrument = ALL[name]
    choices = st.none() | st.sampled_from(sorted(instrument.options))
    result = instrument.score({item.id: data.draw(choices) for item in instrument.items})
    low, high = instrument.reach
    assert result.total is None or low <= result.total <= high
    assert (result.band != "") is (result.total is not None and instrument.bands != ())
    assert len(result.leading) <= 2
