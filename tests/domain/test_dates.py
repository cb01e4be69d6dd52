"""Dates, times and weekdays as people type them, and what is asked when they do not read."""

import subprocess
import sys
from datetime import date, time

import pytest

from bot.domain.dates import read_date, read_time, read_weekday
from bot.errors import Ambiguous, Misread

TODAY = date(2026, 9, 10)  # a Thursday


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
    ("text", "day"),
    [
        ("by the 15th", "2026-09-15"), ("10th", "2026-09-10"), ("the 9th", "2026-10-09"),
        ("31st", "2026-10-31"), ("the 2nd of next month", "2026-10-02"), ("28.2", "2027-02-28"),
        ("28.2.", "2027-02-28"), ("1.3", "2027-03-01"), ("6/2027", "2027-06-30"),
        ("end of 6/2027", "2027-06-30"), ("before 6/2027", "2027-05-31"),
        ("early June", "2027-06-10"), ("early Q2", "2027-04-30"), ("early 2027", "2027-03-31"),
        ("early next week", "2026-09-15"), ("first week of June", "2027-06-07"),
        ("the second week of June 2028", "2028-06-14"), ("the last week of June", "2027-06-30"),
        ("end June", "2027-06-30"), ("the middle of June", "2027-06-15"), ("EOM", "2026-09-30"),
        ("before EOM", "2026-09-30"), ("EOQ", "2026-09-30"), ("eoy", "2026-12-31"),
        ("year-end", "2026-12-31"), ("EOW", "2026-09-13"), ("Jun27", "2027-06-27"),
        ("jun 27 2027", "2027-06-27"), ("Jun2028", "2028-06-30"), ("june/2028", "2028-06-30"),
        ("June next year", "2027-06-30"), ("Q3 27", "2027-09-30"), ("q3 '27", "2027-09-30"),
        ("Q3/27", "2027-09-30"), ("3 mo", "2026-12-10"), ("in 6mo", "2027-03-10"),
        ("june/july", "2027-07-31"), ("June–July 2028", "2028-07-31"),
        ("june or july", "2027-07-31"), ("December or January", "2027-01-31"),
        ("Q3 or Q4", "2026-12-31"), ("Friday or Saturday", "2026-09-12"),
        ("June 3-5, 2027", "2027-06-05"), ("3 or 4 June", "2027-06-04"),
        ("Christmas", "2026-12-25"), ("xmas eve 2027", "2027-12-24"), ("b4 june", "2027-05-31"),
        ("'til June", "2027-06-30"),
    ],
)  # fmt: skip
def test_a_hasty_phrase_is_read(text, day):
    assert read_date(text, today=TODAY) == date.fromisoformat(day)


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
        ("end of residency", "unread", {}),
        ("my birthday", "unread", {}),
        ("2.28", "unread", {}),
        ("31.2", "no_such_day", {"last": "28 February 2027"}),
        ("the 31st of this month", "no_such_day", {"last": "30 September 2026"}),
        ("0th", "unread", {}),
        ("13/2027", "unread", {}),
        ("June/", "unread", {}),
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
