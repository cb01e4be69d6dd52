"""Feeds that are broken, endless, huge or no calendar: told by a key, and never more than that."""

import random
import traceback
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.chat.content import content
from bot.domain.rota import MOST_OCCURRENCES, Rota, RotaRules, read_rota
from bot.domain.rota_text import MOST_BYTES, MOST_EVENTS, MOST_EXTRA
from bot.errors import Misread

RULES = RotaRules.from_data(content("shifts/labels"), content("shifts/defaults"))
NOW = datetime(2026, 12, 1, 12, tzinfo=UTC)
SHIFT = "DTSTART:20261207T080000Z\nDTEND:20261207T180000Z"
KEYS = {
    f"shifts.feed_{key}"
    for key in ("is_a_page", "no_calendar", "too_big", "too_many", "endless", "broken")
}


def feed(*events: str) -> bytes:
    body = "".join(f"BEGIN:VEVENT\n{each}\nEND:VEVENT\n" for each in events)
    return f"BEGIN:VCALENDAR\n{body}END:VCALENDAR\n".encode()


def attempt(data: bytes) -> Rota | str:
    """Give what was read, or the key of what was told."""
    try:
        return read_rota(data, RULES, zone="Europe/London", now=NOW)
    except Misread as told:
        return told.key


def noise(size: int) -> bytes:
    return random.Random(4).randbytes(size)


REPEATED = "DTSTART:19700101T080000Z\nDTEND:19700101T090000Z\nRRULE:FREQ="
DATES = ",".join(["20261207T080000Z"] * (MOST_EXTRA + 1))


@pytest.mark.parametrize(
    ("data", "key"),
    [
        (b"", "no_calendar"),
        (b"<!DOCTYPE html><title>Sign in</title>", "is_a_page"),
        (b"\xef\xbb\xbf \n<html>", "is_a_page"),
        (b'{"error": "gone"}', "no_calendar"),
        (b"PK\x03\x04" + noise(1000), "no_calendar"),
        (noise(MOST_BYTES), "no_calendar"),
        (b"BEGIN:VCALENDAR\n" + noise(MOST_BYTES - 100), "broken"),
        (b"BEGIN:VCALENDAR\nBEGIN:VEVENT\n" + noise(MOST_BYTES - 100), "broken"),
        (b"BEGIN:VCALENDAR\n" + b"x" * MOST_BYTES, "too_big"),
        (feed(SHIFT)[:-20], "broken"),  # cut off
        (feed(SHIFT).replace(b"END:VEVENT", b"END:VTODO"), "broken"),
        (b"END:VCALENDAR\n" + feed(SHIFT), "no_calendar"),
        (feed(SHIFT) + b"END:VCALENDAR", "broken"),
        (b"BEGIN:VCALENDAR\n" + b"BEGIN:VEVENT\n" * 100_000, "broken"),  # nested
        (feed(*[""] * 50_000), "broken"),
        (feed(*["DTSTART:20261207"] * 50_000)[: MOST_BYTES * 2], "too_many"),
        (feed(*[SHIFT] * (MOST_EVENTS + 1)), "too_many"),
        (feed(f"{SHIFT}\nRRULE:FREQ=SECONDLY"), "endless"),
        (feed(f"{SHIFT}\nRRULE:FREQ=MINUTELY;COUNT=3"), "endless"),
        (feed(f"{SHIFT}\nRRULE:INTERVAL=1;FREQ=hourly"), "endless"),
        (feed(*[f"{REPEATED}DAILY"] * 6), "too_many"),
        (feed(*[f"{SHIFT}\nRRULE:FREQ=DAILY"] * 101), "too_many"),
        (feed(*[f"{SHIFT}\nRRULE:FREQ=DAILY"] * 100), "too_many"),  # 5,000 occurrences and more
        (feed(f"{SHIFT}\nRDATE:{DATES}"), "too_many"),
        (feed(f"{SHIFT}\nEXDATE:{DATES}"), "too_many"),
        (feed("DTSTART" + ";X=1" * 400_000 + ":20261207"), "broken"),
        ("BEGIN:VCALENDAR".encode("utf-32"), "no_calendar"),
        (b"\xff\xfe" + feed(SHIFT), "no_calendar"),
    ],
    ids=lambda each: each if isinstance(each, str) else "",
)
def test_a_hostile_feed_is_told_by_its_key(data, key):
    assert attempt(data) == f"shifts.feed_{key}"


def test_what_is_told_says_nothing_of_the_feed(monkeypatch):
    def stumble(*_):
        raise RuntimeError("planted words of the feed")

    monkeypatch.setattr("icalendar.Calendar.from_ical", stumble)
    with pytest.raises(Misread) as told:
        read_rota(feed(SHIFT), RULES, zone="Europe/London", now=NOW)
    assert (told.value.key, told.value.facts) == ("shifts.feed_broken", {})
    assert "planted" not in "".join(traceback.format_exception(told.value))


@pytest.mark.parametrize(
    "rule",
    [
        "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30",  # never comes
        "FREQ=DAILY;INTERVAL=7;BYDAY=SU",
        "FREQ=MONTHLY;INTERVAL=12;BYMONTH=2",
        "FREQ=MONTHLY;BYDAY=MO;BYSETPOS=5",
        "FREQ=DAILY;BYHOUR=0,1,2;BYMINUTE=0,1,2;BYSECOND=0,1,2",
        "FREQ=YEARLY;BYWEEKNO=53",
        "FREQ=YEARLY;BYEASTER=1",
        "FREQ=WEEKLY;BYDAY=" + "MO," * 5000,
        "FREQ=WEEKLY;BYDAY=1MO",
        "FREQ=DAILY;INTERVAL=0",
        "FREQ=DAILY;INTERVAL=999999999999",
        "FREQ=DAILY;FREQ=WEEKLY",
        "FREQ=DAILY;UNTIL=99999999T999999Z",
        "FREQ",
        "",
        "FREQ=DAILY\nRRULE:FREQ=WEEKLY",
    ],
)
def test_a_rule_that_no_rota_has_costs_its_event_only(rule):
    rota = attempt(feed(SHIFT, f"DTSTART:20261209T080000Z\nRRULE:{rule}"))
    assert isinstance(rota, Rota)
    assert (len(rota.shifts), rota.skipped) == (1, 1)


@pytest.mark.parametrize(
    "event",
    [
        "SUMMARY:no start",
        "DTSTART:banana",
        "DTSTART:20261399T080000Z",
        "DTSTART:20261207T250000Z",
        "DTSTART:00010101T000000Z",
        "DTSTART:99991231T235959Z",
        "DTSTART:20261207T080000Z\nDTEND:20261206T080000Z",
        "DTSTART:20261207T080000Z\nDTEND;VALUE=DATE:20261208",
        "DTSTART:20261207T080000Z\nDURATION:-PT5H",
        "DTSTART:20261207T080000Z\nDURATION:P",
        "DTSTART:20261207T080000Z\nDTSTART:20261208T080000Z",
        "DTSTART:٢٠٢٦١٢٠٧T080000Z",
        "DTSTART:20200101T080000Z\nDTEND:22000101T080000Z\nRRULE:FREQ=DAILY",
    ],
)
def test_an_event_that_does_not_read_costs_itself_only(event):
    rota = attempt(feed(SHIFT, event))
    assert isinstance(rota, Rota)
    assert (len(rota.shifts), rota.skipped) == (1, 1)


def test_odd_but_honest_calendars_are_read():
    plain = feed(f"{SHIFT}\nSUMMARY:Visite café")
    folded = plain.replace(b"DTSTART:2026", b"DTST\n ART:20\n\t26").replace(b"\n", b"\r\n")
    deep = plain.replace(b"SUMMARY:", b"SUMMARY:" + b"\r\n a" * 300_000)
    encoded = [plain.decode().encode(name) for name in ("utf-16", "utf-8-sig", "latin-1")]
    twice = plain + plain
    alarm = plain.replace(
        b"SUMMARY", b'BEGIN:VALARM\nDTSTART:20200101\nEND:VALARM\nx-odd;a="b:c":1\nSUMMARY'
    )
    lower = plain.replace(b"DTSTART", b"dtstart").replace(b"BEGIN:VEVENT", b"begin:vevent")
    for data in (plain, folded, deep, *encoded, twice, alarm, lower):
        rota = attempt(data)
        assert isinstance(rota, Rota), data[:200]
        assert (len(rota.shifts), rota.skipped) == (1, 0), data[:200]
    empty = attempt(feed())
    assert isinstance(empty, Rota)
    assert empty.shifts == ()


def test_a_long_past_and_a_far_future_cost_nothing_of_the_window():
    old = [f"DTSTART:2019{1 + n % 12:02}07" for n in range(10_000)]
    rota = attempt(feed(*old, SHIFT, *["DTSTART:20300101"] * 10_000))
    assert isinstance(rota, Rota)
    assert len(rota.shifts) == 1


def test_rules_of_a_calendars_own_zone_are_never_walked():
    zone = (
        b"BEGIN:VTIMEZONE\nTZID:Evil\nBEGIN:STANDARD\nDTSTART:16010101T000000\n"
        b"RRULE:FREQ=SECONDLY\nTZOFFSETFROM:+0100\nTZOFFSETTO:+0000\nEND:STANDARD\n"
        b"END:VTIMEZONE\nBEGIN:VEVENT"
    )
    event = "DTSTART;TZID=Evil:20261207T080000\nDTEND;TZID=Evil:20261207T180000"
    rota = attempt(feed(event).replace(b"BEGIN:VEVENT", zone, 1))
    assert isinstance(rota, Rota)
    assert (len(rota.shifts), rota.assumed_zone) == (1, True)


LINES = st.sampled_from(
    [
        *("BEGIN:VEVENT", "END:VEVENT", "BEGIN:VALARM", "END:VALARM", "END:VCALENDAR", " folded"),
        *("UID:a", "UID:b", "SUMMARY:Night", "SUMMARY:ICU", "SUMMARY:Leave", "STATUS:CANCELLED"),
        *("DTSTART:20261207T200000", "DTSTART;VALUE=DATE:20261207", "DTSTART:20261101T080000Z"),
        *("DTSTART;TZID=Pacific/Chatham:20261203T013000", "DTSTART;TZID=x:20261203T013000"),
        *("DTEND:20261208T080000", "DTEND;VALUE=DATE:20261208", "DTEND:20261101T200000Z"),
        *("DURATION:PT12H", "DURATION:P3D", "DURATION:PT0S", "DURATION:P900W"),
        *("RRULE:FREQ=DAILY", "RRULE:FREQ=WEEKLY;BYDAY=MO,FR;COUNT=4", "RRULE:FREQ=YEARLY"),
        *("RRULE:FREQ=MONTHLY;BYDAY=-1SU;UNTIL=20270101", "RRULE:FREQ=SECONDLY", "RRULE:x"),
        *("EXDATE:20261208T080000Z", "EXDATE;VALUE=DATE:20261208", "RDATE:20261210T200000"),
        *("RDATE;VALUE=PERIOD:20261210T200000Z/PT2H", "RECURRENCE-ID:20261208T080000Z"),
        *("RECURRENCE-ID;VALUE=DATE:20261208", "RECURRENCE-ID:20261207T200000"),
    ]
)
events = st.lists(LINES | st.text(max_size=30), max_size=7).map("\n".join)


def check(data: bytes) -> None:
    found = attempt(data)
    if isinstance(found, str):
        assert found in KEYS
        return
    assert list(found.shifts) == sorted(found.shifts)
    assert len(found.shifts) <= MOST_OCCURRENCES
    assert all(each.start < found.last and each.end > found.first for each in found.shifts)


@settings(deadline=None)  # the libraries load with the first example
@given(st.lists(events, max_size=6))
def test_any_events_are_shifts_or_told(found):
    check(feed(*found))


@given(st.binary(max_size=300))
def test_any_bytes_are_shifts_or_told(data):
    check(data)
    check(b"BEGIN:VCALENDAR\n" + data)
