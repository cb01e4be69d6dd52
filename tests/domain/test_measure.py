"""Measures: stated in a title, typed on purpose, and drawn."""

import pytest

from bot.domain.measure import (
    Measure,
    find_measure,
    fraction,
    is_yes_no,
    read_measure,
    sparkline,
)
from bot.errors import Misread


@pytest.mark.parametrize(
    ("title", "measure"),
    [
        ("Publish 3 of 5 manuscripts", Measure(0, 3, 5, "manuscripts")),
        ("40 of 50 credits logged", Measure(0, 40, 50, "credits logged")),
        (
            "Log 10 supervised lumbar punctures by May",
            Measure(0, 0, 10, "supervised lumbar punctures"),
        ),
        ("Submit 2 abstracts before the deadline", Measure(0, 0, 2, "abstracts")),
        ("Do 40 questions on three weekdays each week", None),
        ("Write 1 paper", None),
        ("Sleep 7 hours on 5 nights", None),
        ("Pass step 2", None),
        ("Finish 24/7 cover", None),
        ("Read 9 of 3 papers", None),
        ("Run a 1/2 marathon", None),
        ("Run 1/2 marathon", None),
        ("Pass step 2/3", None),
        ("Finish by 6/2027", None),
        ("Finish 6/2027 papers", None),
        ("Finish by 1/3/27", None),
        ("Do 3/5 of the modules", Measure(0, 3, 5, "modules")),
        ("3/5 modules", Measure(0, 3, 5, "modules")),
        ("Complete 3/5", Measure(0, 3, 5, "")),
        ("Publish 3 papers on 24/7 cover", Measure(0, 0, 3, "papers")),
        ("Read 3 of the 10 papers b/c fellowship", Measure(0, 3, 10, "papers")),
        ("Read 3 of 10 papers by end of Q3 b/c fellowship", Measure(0, 3, 10, "papers")),
        ("Log 50 procedures bc logbook due", Measure(0, 0, 50, "procedures")),
        ("Do 20 central lines b4 june", Measure(0, 0, 20, "central lines")),
        ("Earn 1,000 points", Measure(0, 0, 1000, "points")),
    ],
)
def test_a_measure_in_a_title(title: str, measure: Measure | None) -> None:
    assert find_measure(title) == measure


@pytest.mark.parametrize(
    ("text", "measure"),
    [
        ("3 of 5 manuscripts", Measure(0, 3, 5, "manuscripts")),
        ("40 credits", Measure(0, 0, 40, "credits")),
        ("5", Measure(0, 0, 5, "")),
        ("2.5 of 10 kg", Measure(0, 2.5, 10, "kg")),
        ("100%", Measure(0, 0, 100, "%")),
        ("3/5", Measure(0, 3, 5, "")),
        ("1,000 of 2,000 points", Measure(0, 1000, 2000, "points")),
        ("2,5 of 10 kg", Measure(0, 2.5, 10, "kg")),
    ],
)
def test_a_measure_typed_on_purpose(text: str, measure: Measure) -> None:
    assert read_measure(text) == measure


@pytest.mark.parametrize(
    "text", ["many", "0 credits", "5 of 3 papers", "-4", "yes or no", "6/2027", "1.000 points"]
)
def test_what_is_no_measure_is_said(text: str) -> None:
    with pytest.raises(Misread):
        read_measure(text)


@pytest.mark.parametrize(
    ("text", "plain"),
    [("yes", True), ("No.", True), ("yes/no", True), ("Yes or no", True), ("y/n", True),
     ("none", True), ("n/a", True), ("now", False), ("5", False), ("no papers", False),
     ("", False)],
)  # fmt: skip
def test_yes_or_no_has_no_number(text: str, plain: bool) -> None:
    assert is_yes_no(text) is plain


def test_fraction_and_trend() -> None:
    assert fraction(0, 3, 5) == pytest.approx(0.6)
    assert fraction(60, 45, 30) == pytest.approx(0.5)  # a measure may go down
    assert (fraction(0, 9, 5), fraction(0, -1, 5), fraction(2, 2, 2)) == (1, 0, 1)
    assert sparkline([0, 1, 2, 3]) == "▁▃▆█"
    assert (sparkline([1]), sparkline([2, 2])) == ("", "▄▄")
