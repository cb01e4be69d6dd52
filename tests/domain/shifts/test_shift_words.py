"""Shifts and leave as members type them: read, asked about, or told what is missing."""

from copy import deepcopy
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.chat.content import content
from bot.domain.shift_words import LocalSpan, ShiftWords, read_leave, read_shift
from bot.errors import Ambiguous, Misread

DATA = content("shifts/defaults")
WORDS = ShiftWords.from_data(DATA)
TODAY = date(2026, 12, 2)  # a Wednesday


def told(spans: tuple[LocalSpan, ...]) -> str:
    """Write what was read: the days of December on which stretches begin, kind and hours."""
    days = [f"{each.start.day}.{each.start.month}" for each in spans]
    first = spans[0]
    assert len({(each.kind, each.start.time(), each.end - each.start) for each in spans}) == 1
    return f"{' '.join(days)} {first.kind} {first.start:%H:%M}-{first.end:%H:%M}"


NIGHTS = "night 20:00-08:00"


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("nights until Friday", f"2.12 3.12 4.12 {NIGHTS}"),
        ("on nights until Friday", f"2.12 3.12 4.12 {NIGHTS}"),
        ("I’m on nights until Friday.", f"2.12 3.12 4.12 {NIGHTS}"),
        ("nights 3 to 8 Dec", f"3.12 4.12 5.12 6.12 7.12 8.12 {NIGHTS}"),
        ("nights 3–8 December", f"3.12 4.12 5.12 6.12 7.12 8.12 {NIGHTS}"),
        ("nights Dec 7-8", f"7.12 8.12 {NIGHTS}"),
        ("nights from 7 Dec to 8 Dec 2026", f"7.12 8.12 {NIGHTS}"),
        ("nights 2026-12-07 to 2026-12-08", f"7.12 8.12 {NIGHTS}"),
        ("nights 30 Nov to 3 Dec", f"30.11 1.12 2.12 3.12 {NIGHTS}"),  # under way
        ("nights the 30th to the 3rd", f"30.11 1.12 2.12 3.12 {NIGHTS}"),
        ("nights 31 Dec to 1 Jan", f"31.12 1.1 {NIGHTS}"),
        ("nights Mon to Thu", f"7.12 8.12 9.12 10.12 {NIGHTS}"),
        ("nights mon-thu", f"7.12 8.12 9.12 10.12 {NIGHTS}"),
        ("nights next Monday to next Tuesday", f"7.12 8.12 {NIGHTS}"),
        ("nights tomorrow to Friday", f"3.12 4.12 {NIGHTS}"),
        ("nights this week", f"2.12 3.12 4.12 5.12 6.12 {NIGHTS}"),
        ("nights next weekend", f"12.12 13.12 {NIGHTS}"),
        ("nights for 2 days", f"2.12 3.12 {NIGHTS}"),
        ("3 nights from Monday", f"7.12 8.12 9.12 {NIGHTS}"),
        ("nights Sat and Sun", f"5.12 6.12 {NIGHTS}"),
        ("night tonight", f"2.12 {NIGHTS}"),
        ("tomorrow night", f"3.12 {NIGHTS}"),
        ("off tomorrow", "3.12 off 00:00-00:00"),
        ("tomorrow off", "3.12 off 00:00-00:00"),
        ("off next week", "7.12 off 00:00-00:00"),
        ("call Saturday", "5.12 call24 08:00-08:00"),
        ("call 3, 5 and 7 Dec", "3.12 5.12 7.12 call24 08:00-08:00"),
        ("call 3 to 4 and 8 to 9 Dec", "3.12 4.12 8.12 9.12 call24 08:00-08:00"),
        ("24 hour call on 5/12/26", "5.12 call24 08:00-08:00"),
        ("home call Sat, 5 Dec", "5.12 homecall 08:00-08:00"),
        ("home call 18:00-07:00 tomorrow", "3.12 homecall 18:00-07:00"),
        ("days 7:00-19:00 until 3 Dec", "2.12 3.12 day 07:00-19:00"),
        ("days until 3 Dec 0700-1900", "2.12 3.12 day 07:00-19:00"),
        ("long day today", "2.12 day 08:00-20:30"),
        ("late shifts 3 Dec", "3.12 evening 14:00-23:00"),
        ("7p-7a tomorrow", "3.12 night 19:00-07:00"),
        ("days 19:00-07:00 tomorrow", "3.12 night 19:00-07:00"),  # typed hours say what it is
        ("call 8:00-17:00 tomorrow", "3.12 day 08:00-17:00"),
        ("clinic 3-Dec-26", "3.12 day 08:00-18:00"),
    ],
)
def test_a_shift_is_read(text, read):
    assert told(read_shift(text, WORDS, today=TODAY, dayfirst=True)) == read


@pytest.mark.parametrize(
    ("text", "today", "first", "last"),
    [
        ("20 Dec to 3 Jan", "2026-12-02", "2026-12-20", "2027-01-03"),
        ("20 Dec to 3 Jan", "2026-12-22", "2026-12-20", "2027-01-03"),  # under way
        ("20 Dec to 3 Jan", "2027-01-03", "2026-12-20", "2027-01-03"),
        ("20 Dec to 3 Jan", "2027-01-04", "2027-12-20", "2028-01-03"),
        ("leave 20 Dec - 3 Jan", "2026-12-02", "2026-12-20", "2027-01-03"),
        ("20/12 to 3/1", "2026-12-02", "2026-12-20", "2027-01-03"),
        ("12/20 to 1/3", "2026-12-02", "2026-12-20", "2027-01-03"),
        ("tomorrow", "2026-12-02", "2026-12-03", "2026-12-03"),
        ("the day after tomorrow", "2026-12-02", "2026-12-04", "2026-12-04"),
        ("until Friday", "2026-12-02", "2026-12-02", "2026-12-04"),
        ("for two weeks from 20 Dec", "2026-12-02", "2026-12-20", "2027-01-02"),
        ("1 Sep 2026 to 1 Mar 2027", "2026-12-02", "2026-09-01", "2027-03-01"),
        ("28 Feb to 1 Mar 2028", "2028-02-20", "2028-02-28", "2028-03-01"),
    ],
)
def test_leave_is_read_in_whole_days(text, today, first, last):
    (span,) = read_leave(text, WORDS, today=date.fromisoformat(today))
    midnight = time()
    assert span == LocalSpan(
        datetime.combine(date.fromisoformat(first), midnight),
        datetime.combine(date.fromisoformat(last) + timedelta(1), midnight),
        span.kind.LEAVE,
    )


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("", "shifts.unread"),
        ("banana tomorrow", "shifts.unread"),
        ("tomorrow", "shifts.unread"),
        ("nights", "shifts.no_days"),
        ("4 nights", "shifts.no_days"),
        ("7:00-19:00", "shifts.no_days"),
        ("nights until June", "shifts.not_a_day"),
        ("nights next month", "shifts.not_a_day"),
        ("nights 3 or 4 Dec", "shifts.not_a_day"),
        ("call 3/4 Dec", "shifts.not_a_day"),
        ("call 2027", "shifts.not_a_day"),
        ("nights 8 Dec to 3 Dec", "shifts.backwards"),
        ("nights 2026-12-08 to 2026-12-03", "dates.past"),
        ("nights today to tomorrow to Friday", "shifts.not_a_day"),
        ("days until 1 May", "shifts.too_long"),
        ("off 7:00-9:00 tomorrow", "shifts.whole_days"),
        ("call 31 Feb", "dates.no_such_day"),
        ("nights 3 to 8", "dates.unread"),
        ("nights every second Friday", "dates.unread"),
        ("nights 1 Nov 2026", "dates.past"),
        ("nights " + "x" * 300, "shifts.unread"),
    ],
)
def test_what_does_not_read_is_told(text, key):
    with pytest.raises(Misread) as error:
        read_shift(text, WORDS, today=TODAY, dayfirst=True)
    assert error.value.key == key


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("", "shifts.no_days"),
        ("leave", "shifts.no_days"),
        ("nights until Friday", "dates.unread"),
        ("January", "shifts.not_a_day"),
        ("1 Jan 2027 to 1 Jan 2029", "shifts.too_long"),
        ("tomorrow 9:00-12:00", "shifts.whole_days"),
    ],
)
def test_leave_that_does_not_read_is_told(text, key):
    with pytest.raises(Misread) as error:
        read_leave(text, WORDS, today=TODAY)
    assert error.value.key == key


@pytest.mark.parametrize(
    ("text", "options"),
    [
        ("on call Saturday", ("call 5 December 2026", "home call 5 December 2026")),
        ("I'm on call Saturday", ("call 5 December 2026", "home call 5 December 2026")),
        (
            "Saturday on call 17:00-08:00",
            ("call 17:00-08:00 5 December 2026", "home call 17:00-08:00 5 December 2026"),
        ),
        ("nihgts until Friday", ("nights 2 December 2026 to 4 December 2026",)),
        ("nights until Fryday", ("nights 2 December 2026 to 4 December 2026",)),
        ("call Fri 5 Dec", ("call 5 December 2026",)),  # a Saturday
        ("call 5/12", ("call 5 December 2026", "call 12 May 2027")),
        ("earlies 1/3/27 to 4/3/27", ("earlies 1 March 2027 to 4 March 2027",)),
    ],
)
def test_what_is_in_doubt_is_asked_about(text, options):
    with pytest.raises(Ambiguous) as doubt:
        read_shift(text, WORDS, today=TODAY)
    assert doubt.value.options == options
    for option in options:
        assert read_shift(option, WORDS, today=TODAY)


def test_only_one_order_of_day_and_month_that_makes_a_range_is_no_doubt():
    (span,) = read_leave("5/12 to 8/11", WORDS, today=TODAY)  # December to November runs backwards
    assert (span.start.date(), span.end.date()) == (date(2027, 5, 12), date(2027, 8, 12))


def test_a_stretch_becomes_a_shift_in_the_members_zone():
    spans = read_shift("nights 24 Oct to 25 Oct", WORDS, today=date(2026, 10, 20))
    shifts = [each.shift("Europe/London") for each in spans]
    assert [each.end - each.start for each in shifts] == [timedelta(hours=13), timedelta(hours=12)]
    wall = shifts[0].start.astimezone(ZoneInfo("Europe/London"))
    assert (wall.day, wall.hour) == (24, 20)


PIECES = (
    "nights days off call on home leave until to from for - , and 3 8th the 31 Dec dec 20/12 1/3 "
    "mon Friday fryday tomorrow next this week weekend 7:00-19:00 7a-7p 2027 jan june 4 two weeks "
    "night day after long \x00 ' +"
)
phrases = st.one_of(
    st.text(max_size=220), st.lists(st.sampled_from(PIECES.split()), max_size=9).map(" ".join)
)


def attempt(read, text, **eyes):
    """Give what was read, or the Misread or Ambiguous that was raised."""
    try:
        return read(text, WORDS, **eyes)
    except (Misread, Ambiguous) as told:
        return told


@settings(deadline=None)  # dateparser loads with the first example that needs it
@given(phrases, st.dates(date(2000, 1, 1), date(2150, 1, 1)), st.sampled_from([None, True, False]))
def test_any_text_is_read_or_told(text, today, dayfirst):
    for read in (read_shift, read_leave):
        found = attempt(read, text, today=today, dayfirst=dayfirst)
        if isinstance(found, Ambiguous):
            assert found.options
            for option in found.options:
                assert read(option, WORDS, today=today, dayfirst=dayfirst)
        elif isinstance(found, Misread):
            assert "\x00" not in str(found.facts.get("text"))
        else:
            assert list(found) == sorted(found, key=lambda each: each.start)
            assert found[-1].start - found[0].start <= timedelta(400)
            assert all(each.shift("Australia/Lord_Howe") for each in found)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda data: data.pop("words"), "words"),
        (lambda data: data["words"][0].update(kind="nap"), "nap"),
        (lambda data: data["words"][0].update(phrases=["off"]), "twice"),
        (lambda data: data["words"][-1].update(instead=["nap"]), "instead"),
        (lambda data: data["words"][2].update(end="late"), "in quotes"),
        (lambda data: data["longest_days"].pop("leave"), "leave"),
    ],
)
def test_broken_words_are_refused(change, message):
    data = deepcopy(DATA)
    change(data)
    with pytest.raises(ValueError, match=message):
        ShiftWords.from_data(data)
