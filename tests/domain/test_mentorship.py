"""The calendar of a mentorship, and when a silence has grown long."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.mentorship import at_noon, gives_little, months_on, quiet_for

MONDAY = datetime(2027, 1, 4, 12, tzinfo=UTC)
DAY = timedelta(days=1)


@pytest.mark.parametrize(
    ("day", "months", "found"),
    [
        (date(2027, 1, 4), 6, date(2027, 7, 4)),
        (date(2027, 8, 31), 6, date(2028, 2, 29)),
        (date(2026, 8, 31), 6, date(2027, 2, 28)),
        (date(2027, 12, 31), 3, date(2028, 3, 31)),
        (date(2027, 11, 30), 3, date(2028, 2, 29)),
    ],
)
def test_half_a_year_ends_on_a_day_that_there_is(day: date, months: int, found: date) -> None:
    assert months_on(day, months) == found


def test_noon_is_that_of_the_wall_in_summer_and_winter() -> None:
    assert at_noon(date(2027, 3, 27), "Europe/London").hour == 12
    assert at_noon(date(2027, 3, 28), "Europe/London").hour == 11


def test_time_away_does_not_count_and_counts_once() -> None:
    now = MONDAY + 50 * DAY
    leave = (MONDAY + 10 * DAY, MONDAY + 20 * DAY)
    also = (MONDAY + 15 * DAY, MONDAY + 25 * DAY)
    before = (MONDAY - 9 * DAY, MONDAY + 1 * DAY)
    ahead = (MONDAY + 48 * DAY, MONDAY + 90 * DAY)
    assert quiet_for(MONDAY, now, []) == 50 * DAY
    assert quiet_for(MONDAY, now, [also, leave]) == 35 * DAY
    assert quiet_for(MONDAY, now, [ahead, before, leave]) == 37 * DAY


@given(st.lists(st.tuples(st.integers(-30, 90), st.integers(1, 60)), max_size=8))
def test_silence_is_what_no_time_away_covers(away: list[tuple[int, int]]) -> None:
    spans = [(MONDAY + first * DAY, MONDAY + (first + long) * DAY) for first, long in away]
    free = [n for n in range(60) if not any(first <= n < first + long for first, long in away)]
    assert quiet_for(MONDAY, MONDAY + 60 * DAY, spans) == len(free) * DAY


@pytest.mark.parametrize(
    ("marks", "little"),
    [
        ([], False),
        ([1], False),
        ([2, 2], True),
        ([5, 1, 2], True),
        ([1, 3], False),
        ([1, 1, 4], False),
    ],
)
def test_twice_in_a_row_is_little(marks: list[int], little: bool) -> None:
    assert gives_little(marks) is little
