"""Shifts: kinds from hours and from labels, and overlapping entries as one stretch."""

from copy import deepcopy
from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.chat.content import content
from bot.domain.shifts import (
    LONGEST,
    WORK,
    Hours,
    Labels,
    Shift,
    ShiftKind,
    default_hours,
    find_hours,
    kind_by_times,
    label_key,
    merged,
)

DATA = content("shifts/labels")
LABELS = Labels.from_data(DATA)
MONDAY = datetime(2026, 12, 7, tzinfo=UTC)


def shift(start: float, end: float, kind: str = "day") -> Shift:
    """Make a shift from hours after Monday midnight."""
    return Shift(MONDAY + timedelta(hours=start), MONDAY + timedelta(hours=end), ShiftKind(kind))


@pytest.mark.parametrize(
    ("start", "end", "kind"),
    [
        (20, 32, "night"),
        (17, 28, "night"),  # 17:00 to 04:00
        (17, 36, "night"),
        (18, 27, "night"),  # until 03:00: the same sleep is missing
        (24, 32, "night"),  # begins at midnight
        (25.5, 33, "night"),
        (26.5, 34, "day"),  # begins after two: an early start
        (14, 26, "evening"),  # ends at 02:00
        (14, 23, "evening"),
        (12, 21, "evening"),
        (8, 20.5, "day"),
        (7, 19, "day"),
        (7, 27, "call24"),
        (8, 32, "call24"),
        (8, 48, "call24"),  # 40 hours
    ],
)
def test_hours_tell_the_kind(start, end, kind):
    wall = datetime(2026, 12, 7)  # noqa: DTZ001 - a wall has no zone
    assert kind_by_times(wall + timedelta(hours=start), wall + timedelta(hours=end)) == kind


@pytest.mark.parametrize(
    ("label", "kind"),
    [
        ("MICU Day", "day"),
        ("Night Float", "night"),
        ("Home call", "homecall"),
        ("Jeopardy/backup", "homecall"),
        ("Vacation", "leave"),
        ("Clinic AM", "day"),
        ("OFF", "off"),
        ("Conference", "nonshift"),
        ("ED 7a-7p", "day"),
        ("ED 7p–7a", "night"),
        ("LD 0730-2000", "day"),
        ("N", "night"),
        ("Zero day", "off"),
        ("Night float: DAY OFF", "off"),
        ("A/L", "leave"),
        ("24h call", "call24"),
        ("24 HOUR IN-HOUSE CALL", "call24"),
        ("Pay code: night differential", "nonshift"),
        ("ED call 0800-1700", "day"),
        ("Twilight", "evening"),
        ("SHO on call", None),
        ("Holiday", None),
        ("MICU", None),
        ("E", None),
        ("Off-site", None),
        ("Christmas Eve", None),
        ("Rotation 2026-2027", None),
        ("", None),
        ("\x00🩺", None),
    ],
)
def test_a_label_tells_the_kind_or_is_asked_about(label, kind):
    assert LABELS.read(label).kind == kind


def test_post_call_tells_of_the_call_before_it():
    assert LABELS.read("Post-call").day_before
    assert LABELS.read("Post-call").kind == "call24"
    assert not LABELS.read("24h call").day_before


def test_an_answer_is_remembered_for_a_label_without_keeping_it():
    key = label_key("SHO  on-call ")

    assert key == label_key("sho on call")
    assert "sho" not in key
    assert LABELS.read("SHO on call", {key: ShiftKind.NIGHT}).kind == "night"
    assert LABELS.read("MICU Day", {label_key("micu day"): ShiftKind.OFF}).kind == "off"


@pytest.mark.parametrize(
    ("text", "hours"),
    [
        ("7:00-19:00", "07:00 19:00"),
        ("7:00 to 19:00", "07:00 19:00"),
        ("07:30 – 20:00", "07:30 20:00"),
        ("0730-2000", "07:30 20:00"),
        ("7a-7p", "07:00 19:00"),
        ("7 pm - 7 am", "19:00 07:00"),
        ("7:30am to 12pm", "07:30 12:00"),
        ("12am-8am", "00:00 08:00"),
        ("0800-0800", "08:00 08:00"),
        ("3-8 Dec", None),
        ("3 to 8 Dec", None),
        ("7-7pm", None),
        ("2026-12-20 to 2026-12-24", None),
        ("AY 2026-2027", None),
        ("24:00-32:00", None),
        ("13pm-3pm", None),
        ("0760-0800", None),
    ],
)
def test_hours_are_found_where_both_sides_are_times(text, hours):
    found = find_hours(text)
    assert (found and f"{found[0].start:%H:%M} {found[0].end:%H:%M}") == hours


@given(st.text(max_size=400))
def test_any_label_means_something_or_is_asked_about(label):
    meaning = LABELS.read(label)
    assert meaning.kind is None or meaning.kind in ShiftKind
    assert len(label_key(label)) == 32


def test_hours_are_as_long_as_the_clocks_allow():
    night = Hours(time(20), time(8))

    def length(day: date, zone: str) -> timedelta:
        start, end = night.within(day, zone)
        return end - start

    assert length(date(2027, 3, 27), "Europe/London") == timedelta(hours=11)
    assert length(date(2026, 10, 24), "Europe/London") == timedelta(hours=13)
    assert length(date(2026, 12, 7), "Europe/London") == timedelta(hours=12)
    assert length(date(2027, 4, 3), "Australia/Lord_Howe") == timedelta(hours=12.5)


def test_silence_is_the_longer_one_where_the_clocks_jump():
    zone = "Europe/London"
    # 01:30 comes twice on 25 October, and not at all on 28 March.
    start, end = Hours(time(22), time(1, 30)).within(date(2026, 10, 24), zone)
    assert (start.hour, end) == (21, datetime(2026, 10, 25, 1, 30, tzinfo=UTC))
    start, _ = Hours(time(1, 30), time(9)).within(date(2026, 10, 25), zone)
    assert start == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)
    start, end = Hours(time(1, 30), time(1, 45)).within(date(2027, 3, 28), zone)
    assert start < end


def test_stretches_stay_in_order_when_a_kind_changes():
    parts = [shift(0, 1, "night"), shift(0, 1, "homecall"), shift(0, 1, "day")]
    assert merged(parts) == (shift(0, 1, "homecall"), shift(0, 1, "night"))


@pytest.mark.parametrize(
    ("given_", "expected"),
    [
        ([(8, 18), (8, 18)], [(8, 18, "day")]),
        ([(8, 16), (12, 20)], [(8, 20, "day")]),
        ([(8, 12), (12, 17)], [(8, 17, "day")]),
        ([(8, 18), (17, 32, "night")], [(8, 32, "call24")]),
        ([(20, 32, "night"), (20, 32, "night"), (21, 31, "night")], [(20, 32, "night")]),
        ([(13, 22, "evening"), (9, 14)], [(9, 22, "evening")]),
        ([(8, 18), (8, 32, "homecall")], [(8, 18, "day"), (8, 32, "homecall")]),
        ([(0, 24, "leave"), (24, 48, "leave")], [(0, 48, "leave")]),
        ([(0, 24, "leave"), (0, 24, "off")], [(0, 24, "leave"), (0, 24, "off")]),
        ([(0, 24, "call24"), (20, 44, "call24")], [(0, 44, "call24")]),
        ([(0, 40, "call24"), (30, 60)], [(0, 40, "call24"), (30, 60, "day")]),
    ],
)
def test_overlapping_and_duplicate_entries_are_one_stretch(given_, expected):
    assert merged(shift(*each) for each in given_) == tuple(
        sorted(shift(*each) for each in expected)
    )


shifts = st.builds(
    lambda start, length, kind: shift(start, start + length, kind),
    st.integers(0, 400),
    st.integers(1, 47),
    st.sampled_from([*ShiftKind]),
)


@given(st.lists(shifts, max_size=30))
def test_merging_neither_adds_nor_loses_an_hour_and_is_done_once(given_):
    def hours(found, kinds):
        return {
            each.start + timedelta(hours=n)
            for each in found
            if each.kind in kinds
            for n in range(int((each.end - each.start) / timedelta(hours=1)))
        }

    done = merged(given_)

    assert list(done) == sorted(done)
    assert hours(done, WORK) == hours(given_, WORK)
    for kind in set(ShiftKind) - WORK:
        assert hours(done, {kind}) == hours(given_, {kind})
    assert all(each.end - each.start <= LONGEST for each in done if each.kind in WORK)


def test_a_shift_has_two_aware_moments_in_order():
    with pytest.raises(ValueError, match="two aware moments"):
        shift(8, 8)
    with pytest.raises(ValueError, match="two aware moments"):
        Shift(datetime(2026, 12, 7), datetime(2026, 12, 8), ShiftKind.DAY)  # noqa: DTZ001


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda data: data.pop("labels"), "labels"),
        (lambda data: data["labels"][0].update(means="nap"), "nap"),
        (lambda data: data["labels"][0].update(means=False), "means"),
        (lambda data: data["labels"][1].pop("mark"), "mark"),
        (lambda data: data["labels"][1].update(phrases=["--"]), "empty phrase"),
        (lambda data: data["labels"][0].update(phrases=[], codes=[]), "or none"),
    ],
)
def test_broken_labels_are_refused(change, message):
    data = deepcopy(DATA)
    change(data)
    with pytest.raises(ValueError, match=message):
        Labels.from_data(data)


def test_broken_hours_are_refused():
    data = deepcopy(content("shifts/defaults"))
    data["hours"]["night"]["start"] = 1200  # what YAML makes of 20:00 without quotes
    with pytest.raises(ValueError, match="in quotes"):
        default_hours(data)
    del data["hours"]["night"]
    with pytest.raises(ValueError, match="night"):
        default_hours(data)
