"""Any text as a date, a deadline, a time or a weekday: read or told, and quickly."""

from datetime import date, time, timedelta
from time import perf_counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.dates import Found, find_deadline, read_date, read_time, read_weekday, spoken
from bot.errors import Ambiguous, Misread

TODAY = date(2026, 9, 10)  # a Thursday


def attempt(read, *args, **kwargs):
    """Give what was read, or the Misread or Ambiguous that was raised."""
    try:
        return read(*args, **kwargs)
    except (Misread, Ambiguous) as told:
        return told


@pytest.mark.parametrize(
    "piece",
    ["by ", "in 3 weeks next ", "by junee ", "x", "by 1/2/27 ", "next the end of ", "\x00 "],
)
def test_a_page_of_text_is_scanned_quickly(piece):
    text = (piece * 10_000)[:10_000]
    began = perf_counter()
    attempt(find_deadline, text, today=TODAY)
    assert (
        perf_counter() - began < 2
    )  # measured: below 5 ms; a catastrophic pattern would take hours


@given(st.dates(date(2000, 1, 1), date(2100, 1, 1)), st.integers(0, 365 * 59))
def test_a_spoken_day_reads_back(today, ahead):
    day = today + timedelta(ahead)

    assert read_date(spoken(day), today=today) == day
    assert read_date(day.isoformat(), today=today) == day
    found = find_deadline(f"Pass it by {spoken(day)}, somehow", today=today)
    assert found is not None
    assert (found.day, found.phrase) == (day, f"by {spoken(day)}")


WORDS = (
    "by before in on within for over next this coming the end of mid late start junne june may 31 "
    "30 0 00 99 1/3/27 31/2 2027 1999 9999 '27 q1 q5 friday fryday week weeks months year a couple "
    "- from now time spring 3rd 2027-02-30 at 10am jan dec. sept , . 29 february 000 ' ١"
)
words = st.sampled_from(WORDS.split())
phrases = st.one_of(st.text(max_size=120), st.lists(words, max_size=9).map(" ".join))
todays = st.dates(date(1990, 1, 1), date(2150, 1, 1))
orders = st.sampled_from([None, True, False])


@given(phrases, todays, orders)
def test_any_text_is_a_coming_day_or_told(text, today, dayfirst):
    read = attempt(read_date, text, today=today, dayfirst=dayfirst)

    if isinstance(read, Ambiguous):
        assert all(read_date(option, today=today, dayfirst=dayfirst) for option in read.options)
    elif isinstance(read, Misread):
        assert "\x00" not in str(read.facts["text"])
    else:
        assert today <= read <= date(2211, 1, 1)


@given(phrases, todays, orders)
def test_any_sentence_has_a_deadline_or_none_or_is_told(text, today, dayfirst):
    found = attempt(find_deadline, text, today=today, dayfirst=dayfirst)

    if isinstance(found, Found):
        assert found.day >= today
        assert len(found.phrase) == found.end - found.start
    elif found is not None:
        assert {"start", "end", "phrase", "lead", "text"} <= found.facts.keys()


@given(phrases)
def test_any_text_is_a_time_and_a_weekday_or_told(text):
    assert isinstance(attempt(read_time, text), time | Misread)
    assert isinstance(attempt(read_weekday, text), int | Misread)
