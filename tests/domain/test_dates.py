"""Dates, times and weekdays as people type them, and what is asked when they do not read."""

import subprocess
import sys
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
    ("text", "day"),
    [
        ("June 2027", "2027-06-30"),
        ("by June", "2027-06-30"),
        ("in September", "2026-09-30"),
        ("Sept. 2027", "2027-09-30"),
        ("june '27", "2027-06-30"),
        ("mid-March", "2027-03-15"),
        ("mid February", "2027-02-15"),
        ("late march", "2027-03-31"),
        ("the start of June", "2027-06-01"),
        ("next September", "2027-09-30"),
        ("this September", "2026-09-30"),
        ("before June", "2027-05-31"),
        ("before June 2027", "2027-05-31"),
        ("before 2028", "2027-12-31"),
        ("before January", "2026-12-31"),
        ("Q3 2027", "2027-09-30"),
        ("end of Q3", "2026-09-30"),
        ("before the end of Q3", "2026-09-30"),
        ("q2", "2027-06-30"),
        ("2027", "2027-12-31"),
        ("by the end of 2027", "2027-12-31"),
        ("end of the week", "2026-09-13"),
        ("end of the month", "2026-09-30"),
        ("the end of year", "2026-12-31"),
        ("next week", "2026-09-20"),
        ("the start of next week", "2026-09-14"),
        ("before next week", "2026-09-13"),
        ("next month", "2026-10-31"),
        ("the end of next quarter", "2026-12-31"),
        ("next year", "2027-12-31"),
        ("in 6 weeks", "2026-10-22"),
        ("within three months", "2026-12-10"),
        ("in a year", "2027-09-10"),
        ("six weeks from now", "2026-10-22"),
        ("in a couple of weeks", "2026-09-24"),
        ("in eighteen months' time", "2028-03-10"),
        ("in 3-6 months", "2027-03-10"),
        ("for the next 6 weeks", "2026-10-22"),
        ("over the next year", "2027-09-10"),
        ("today", "2026-09-10"),
        ("by the end of the day", "2026-09-10"),
        ("tomorrow", "2026-09-11"),
        ("the day after tomorrow", "2026-09-12"),
        ("Friday", "2026-09-11"),
        ("Thursday", "2026-09-17"),
        ("this Thursday", "2026-09-10"),
        ("this Friday", "2026-09-11"),
        ("next Friday", "2026-09-18"),
        ("Friday next week", "2026-09-18"),
        ("next Mon", "2026-09-14"),
        ("3 January", "2027-01-03"),
        ("10 September", "2026-09-10"),
        ("9 September", "2027-09-09"),
        ("Jan 3rd", "2027-01-03"),
        ("January 3, 2027", "2027-01-03"),
        ("the 3rd of Jan 2027", "2027-01-03"),
        ("3-Jan-27", "2027-01-03"),
        ("Sunday, 3 January 2027", "2027-01-03"),
        ("29 February", "2028-02-29"),
        ("2027-01-03", "2027-01-03"),
        ("31/1/27", "2027-01-31"),
        ("1/31/27", "2027-01-31"),
        ("5/5/27", "2027-05-05"),
        ("31/12", "2026-12-31"),
        ("1/8/26", "2026-08-01"),
        ("before Friday", "2026-09-11"),
        ("  By  JUNE\t2027. ", "2027-06-30"),
        ("no later than 3 May", "2027-05-03"),
        ("3 January 2027 at 10am", "2027-01-03"),
    ],
)
def test_a_phrase_is_read(text, day):
    today = date(2026, 7, 1) if text == "1/8/26" else TODAY
    assert read_date(text, today=today) == date.fromisoformat(day)


@pytest.mark.parametrize(
    ("today", "text", "day"),
    [
        ("2027-01-31", "in a month", "2027-02-28"),
        ("2028-01-31", "in one month", "2028-02-29"),
        ("2028-02-29", "in a year", "2029-02-28"),
        ("2026-12-31", "next month", "2027-01-31"),
        ("2026-12-31", "next quarter", "2027-03-31"),
        ("2026-12-31", "tomorrow", "2027-01-01"),
        ("2026-09-13", "end of the week", "2026-09-13"),
        ("2026-09-13", "next Friday", "2026-09-18"),
        ("2026-09-14", "Monday", "2026-09-21"),
        ("2027-06-30", "by June", "2027-06-30"),
        ("2027-07-01", "by June", "2028-06-30"),
        ("2027-03-16", "mid-March", "2028-03-15"),
        ("2097-01-01", "29 February", "2104-02-29"),
    ],
)
def test_the_day_depends_on_today(today, text, day):
    assert read_date(text, today=date.fromisoformat(today)) == date.fromisoformat(day)


@pytest.mark.parametrize("text", ["1/3/27", "01/03/2027", "1-3-27", "1.3.2027", "1/3"])
def test_day_and_month_that_could_be_swapped_are_asked_about(text):
    with pytest.raises(Ambiguous) as asked:
        read_date(text, today=TODAY)

    assert asked.value.key == "dates.ambiguous"
    assert asked.value.options == ("1 March 2027", "3 January 2027")
    assert asked.value.facts == {"text": text}
    assert read_date(text, today=TODAY, dayfirst=True) == date(2027, 3, 1)
    assert read_date(text, today=TODAY, dayfirst=False) == date(2027, 1, 3)


def test_a_past_reading_leaves_no_doubt():
    assert read_date("1/3/27", today=date(2027, 2, 1)) == date(2027, 3, 1)


@pytest.mark.parametrize(
    ("text", "options"),
    [
        ("Junne 2027", ("June 2027",)),
        ("by Junne 2027", ("June 2027",)),
        ("before Junne 2027", ("31 May 2027",)),
        ("Febuary", ("February",)),
        ("fryday", ("Friday",)),
        ("nxt friday", ("next Friday",)),
        ("juny", ("June", "July")),
        ("wensday", ("Wednesday",)),
        ("in 3 moths", ("3 months",)),
        ("tomorow", ("tomorrow",)),
        ("Monday 3 January 2027", ("3 January 2027",)),
    ],
)
def test_a_near_miss_is_asked_about(text, options):
    with pytest.raises(Ambiguous) as asked:
        read_date(text, today=TODAY)

    assert (asked.value.key, asked.value.options) == ("dates.near_miss", options)
    assert asked.value.facts == {"text": text}
    assert all(read_date(option, today=TODAY) for option in options)


@pytest.mark.parametrize(
    ("text", "key", "facts"),
    [
        ("31 February", "no_such_day", {"last": "28 February 2027"}),
        ("31 February 2028", "no_such_day", {"last": "29 February 2028"}),
        ("2027-02-31", "no_such_day", {"last": "28 February 2027"}),
        ("31/6/27", "no_such_day", {"last": "30 June 2027"}),
        ("June 35", "no_such_day", {"last": "30 June 2027"}),
        ("3 May 2020", "past", {"read": "3 May 2020"}),
        ("June 2020", "past", {"read": "30 June 2020"}),
        ("30 February 2020", "past", {"read": "29 February 2020"}),
        ("this Monday", "past", {"read": "7 September 2026"}),
        ("Junne 2020", "past", {"read": "30 June 2020"}),
        ("11 September 2086", "too_far", {}),
        ("2100", "too_far", {}),
        ("in 9999 years", "too_far", {}),
        ("3 May 9999", "too_far", {}),
        ("spring", "unread", {}),
        ("summer 2027", "unread", {}),
        ("in 3 languages", "unread", {}),
        ("soon", "unread", {}),
        ("", "unread", {}),
        ("12", "unread", {}),
        ("31/31/27", "unread", {}),
        ("00/00/00", "unread", {}),
    ],
)
def test_what_cannot_be_a_deadline_says_why(text, key, facts):
    with pytest.raises(Misread) as misread:
        read_date(text, today=TODAY)

    assert misread.value.key == f"dates.{key}"
    assert misread.value.facts == {"text": text, **facts}


def test_sixty_years_are_the_farthest():
    assert read_date("10 September 2086", today=TODAY) == date(2086, 9, 10)


def test_long_and_unclean_text_is_quoted_safely():
    with pytest.raises(Misread) as misread:
        read_date("June 2027" + " " * 100, today=TODAY)
    assert misread.value.key == "dates.unread"

    with pytest.raises(Misread) as misread:
        read_date("a\x00b\nc", today=TODAY)
    assert misread.value.facts == {"text": "ab c"}


@pytest.mark.parametrize(
    ("text", "phrase", "day"),
    [
        ("Pass the boards by June 2027", "by June 2027", "2027-06-30"),
        (
            "Submit one abstract to the ACP meeting by 15 October so that I have a poster",
            "by 15 October",
            "2026-10-15",
        ),
        ("By June 2027, lead a team of five", "By June 2027", "2027-06-30"),
        ("PASS BY JUNE 2027!", "BY JUNE 2027", "2027-06-30"),
        ("Pass it (by June).", "by June", "2027-06-30"),
        ("Read it by the end of the month.", "by the end of the month", "2026-09-30"),
        ("Finish by end of Q1 2027 at latest", "by end of Q1 2027", "2027-03-31"),
        ("Finish the audit end of June", "end of June", "2027-06-30"),
        ("Pass before June 2027", "before June 2027", "2027-05-31"),
        ("Apply no later than 3 May", "no later than 3 May", "2027-05-03"),
        ("Publish within three months", "within three months", "2026-12-10"),
        ("Finish in 3-6 months", "in 3-6 months", "2027-03-10"),
        ("Write daily for the next 6 weeks", "for the next 6 weeks", "2026-10-22"),
        ("Write for six months", "for six months", "2027-03-10"),
        ("Meet every week until 3 May", "until 3 May", "2027-05-03"),
        ("Call the dean next Friday", "next Friday", "2026-09-18"),
        ("Call the dean on Friday, please", "on Friday", "2026-09-11"),
        ("Finish this month", "this month", "2026-09-30"),
        ("Finish by Dec. 3", "by Dec. 3", "2026-12-03"),
        ("Finish by June, 3 papers at least", "by June", "2027-06-30"),
        ("Finish by June, 2027 at last", "by June, 2027", "2027-06-30"),
        ("Begin by March, finish by June", "by June", "2027-06-30"),
        ("Teach in 3 wards by Friday", "by Friday", "2026-09-11"),
        ("Publish the cohort we closed in 2019 by 2027", "by 2027", "2027-12-31"),
        ("Mend by 31 February, or in 6 weeks", "in 6 weeks", "2026-10-22"),
    ],
)
def test_a_deadline_is_found(text, phrase, day):
    start = text.index(phrase)
    end = start + len(phrase)

    found = find_deadline(text, today=TODAY)
    assert found == Found(start, end, phrase, date.fromisoformat(day))


@pytest.mark.parametrize(
    "text",
    [
        "", "Stand by me", "Work in the OR", "Teach in 3 languages", "Write by hand",
        "İn 3 weeks", "By phone",
        "Stay within the team", "Prepare before rounds", "Lead a team of five", "Every week",
        "Reflect each month", "Shorten the stay by 2 days", "See 20 patients in a day",
        "Meet twice in a week", "Sit in on Fridays", "Teach on Friday mornings",
        "Shine in the June exam", "Score well in Match 2027", "Get feedback by Jane",
        "Be supervised by Marc", "Chart in MAR", "Learn in 5 ways", "Examine in 2 ears",
        "Learn end of life care", "Validate in 2500 patients", "Validate in 2028 patients",
        "Publish the cohort we closed in 2019", "Sign notes within 24 hours",
        "Publish within a month of graduation", "Reduce falls by 50%", "In the year ahead", "by",
    ],
)  # fmt: skip
def test_other_words_are_no_deadline(text):
    assert find_deadline(text, today=TODAY) is None


@pytest.mark.parametrize(
    ("text", "phrase", "lead", "key", "options"),
    [
        ("Pass by Junne 2027 please", "by Junne 2027", "by", "near_miss", ("June 2027",)),
        ("Pass by nxt friday", "by nxt friday", "by", "near_miss", ("next Friday",)),
        ("Call next fryday", "next fryday", "", "near_miss", ("next Friday",)),
        ("Pass in 2 moths", "in 2 moths", "in", "near_miss", ("2 months",)),
        ("Pass by 1/3/27", "by 1/3/27", "by", "ambiguous", ("1 March 2027", "3 January 2027")),
        ("Pass by 31 February", "by 31 February", "by", "no_such_day", ()),
        ("Pass by June 35 or so", "by June 35", "by", "no_such_day", ()),
        ("Pass by 3 May 2020", "by 3 May 2020", "by", "past", ()),
        ("Pass by spring 2027", "by spring 2027", "by", "unread", ()),
        ("Pass by 2100", "by 2100", "by", "too_far", ()),
    ],
)
def test_a_doubtful_deadline_is_told_with_its_place(text, phrase, lead, key, options):
    with pytest.raises((Ambiguous, Misread)) as told:
        find_deadline(text, today=TODAY)

    start = text.index(phrase)
    assert told.value.key == f"dates.{key}"
    assert getattr(told.value, "options", ()) == options
    place = {"start": start, "end": start + len(phrase), "phrase": phrase, "lead": lead}
    assert told.value.facts.items() >= place.items()
    assert told.value.facts["text"] == phrase.removeprefix(lead).strip()
    for option in options:
        rebuilt = f"{text[:start]}{lead} {option}{text[start + len(phrase) :]}"
        assert find_deadline(rebuilt, today=TODAY)


def test_a_sentence_may_hold_control_characters():
    found = find_deadline("İ\x00Pass\x00by\x1fJune 2027", today=TODAY)

    assert found == Found(7, 19, "by June 2027", date(2027, 6, 30))


@pytest.mark.parametrize(
    "piece",
    ["by ", "in 3 weeks next ", "by junee ", "x", "by 1/2/27 ", "next the end of ", "\x00 "],
)
def test_a_page_of_text_is_scanned_quickly(piece):
    text = (piece * 10_000)[:10_000]
    began = perf_counter()
    attempt(find_deadline, text, today=TODAY)
    assert perf_counter() - began < 0.1  # measured: below 5 ms; the rest is for slow machines


@pytest.mark.parametrize(
    ("text", "clock"),
    [
        ("9", time(9)), ("09", time(9)), ("9am", time(9)), ("9:30 pm", time(21, 30)),
        ("0730", time(7, 30)), ("930", time(9, 30)), ("21:00", time(21)), ("noon", time(12)),
        ("midnight", time(0)), ("12am", time(0)), ("12 PM", time(12)), ("7:30 a.m.", time(7, 30)),
        ("9.30", time(9, 30)), ("9h30", time(9, 30)), ("at 9 o'clock", time(9)), ("15h", time(15)),
        ("0", time(0)), (" 23:59 ", time(23, 59)),
    ],
)  # fmt: skip
def test_a_time_is_read(text, clock):
    assert read_time(text) == clock


@pytest.mark.parametrize(
    "text", ["", "24:00", "25", "9:60", "13pm", "0am", "soon", "9:3", "12345", "9 " + " " * 100]
)
def test_no_time_is_guessed(text):
    with pytest.raises(Misread) as misread:
        read_time(text)
    assert (misread.value.key, misread.value.facts) == ("dates.no_time", {"text": text.strip()})


@pytest.mark.parametrize(
    ("text", "weekday"),
    [("mon", 0), ("Mondays", 0), ("tuesday", 1), ("weds", 2), ("on Thurs.", 3), ("every SUN", 6)],
)
def test_a_weekday_is_read(text, weekday):
    assert read_weekday(text) == weekday


@pytest.mark.parametrize("text", ["", "s", "fryday", "weekday", "mon tue"])
def test_no_weekday_is_guessed(text):
    with pytest.raises(Misread) as misread:
        read_weekday(text)
    assert (misread.value.key, misread.value.facts) == ("dates.no_weekday", {"text": text})


def test_common_dates_never_load_the_library():
    code = (
        "import sys; from datetime import date; from bot.domain.dates import *\n"
        "for text in ('by June 2027', '3 January', 'in 6 weeks', 'next Friday', '31/1/27'):\n"
        "    read_date(text, today=date(2026, 9, 10))\n"
        "find_deadline('Pass by June 2027', today=date(2026, 9, 10))\n"
        "sys.exit('dateparser' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


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
