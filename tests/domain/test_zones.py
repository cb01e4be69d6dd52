"""Places and abbreviations become IANA names, or a question."""

from contextlib import suppress
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.zones import local, read_zone, zone_info, zone_name
from bot.errors import Ambiguous, Misread

ZONES = [
    "Europe/Paris", "America/New_York", "Australia/Lord_Howe", "Asia/Kolkata", "America/St_Johns",
    "Pacific/Auckland", "Africa/Casablanca", "America/Sao_Paulo", "UTC",
]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "zone"),
    [
        ("Europe/Paris", "Europe/Paris"),
        ("europe/paris", "Europe/Paris"),
        ("paris", "Europe/Paris"),
        ("  Paris. ", "Europe/Paris"),
        ("New York", "America/New_York"),
        ("America/New_York", "America/New_York"),
        ("nyc", "America/New_York"),
        ("eastern", "America/New_York"),
        ("Eastern Standard Time", "America/New_York"),
        ("EST", "America/New_York"),
        ("US/Eastern", "America/New_York"),
        ("PST", "America/Los_Angeles"),
        ("Boston", "America/New_York"),
        ("phoenix", "America/Phoenix"),
        ("london", "Europe/London"),
        ("uk", "Europe/London"),
        ("sydney", "Australia/Sydney"),
        ("india", "Asia/Kolkata"),
        ("St. John's", "America/St_Johns"),
        ("port-au-prince", "America/Port-au-Prince"),
        ("UTC", "UTC"),
        ("GMT", "UTC"),
        ("Etc/UTC", "UTC"),
    ],
)
def test_a_place_is_read(text, zone):
    assert read_zone(text) == zone


@pytest.mark.parametrize(
    ("text", "options"),
    [
        ("new yrok", ("New York",)),
        ("Parris", ("Paris",)),
        ("europe/pariss", ("Europe/Paris",)),
        ("melborne", ("Melbourne",)),
        ("IST", ("Asia/Kolkata", "Europe/Dublin", "Asia/Jerusalem")),
        ("USA", ("America/New_York", "America/Chicago", "America/Los_Angeles")),
    ],
)
def test_a_near_miss_is_asked_about(text, options):
    with pytest.raises(Ambiguous) as asked:
        read_zone(text)

    assert (asked.value.key, asked.value.options) == ("zones.near_miss", options)
    assert asked.value.facts == {"text": text}
    assert all(read_zone(option) for option in options)


@pytest.mark.parametrize(
    "text",
    ["", "xyzzy", "UTC+2", "gmt-5", "Etc/GMT+5", "Factory", "localtime", "../etc/passwd", "p" * 99],
)
def test_anything_else_is_not_guessed(text):
    with pytest.raises(Misread) as misread:
        read_zone(text)

    assert misread.value.key == "zones.unread"


def test_what_is_quoted_back_is_clean():
    with pytest.raises(Misread) as misread:
        read_zone("Mid\x1b[31mdle\u202eearth")

    assert misread.value.facts == {"text": "Mid[31mdleearth"}


@pytest.mark.parametrize("zone", ZONES)
def test_a_zone_reads_back_from_its_name(zone):
    assert read_zone(zone_name(zone)) == zone
    assert read_zone(zone) == zone


def test_a_zone_is_named_for_people():
    assert zone_name("America/New_York") == "New York time"
    assert zone_name("America/Argentina/Buenos_Aires") == "Buenos Aires time"
    assert zone_name("Etc/UTC") == "UTC"


def test_the_wall_shows_local_time():
    moment = datetime(2027, 7, 1, 12, tzinfo=UTC)

    assert f"{local(moment, 'Asia/Kolkata'):%H:%M}" == "17:30"
    with pytest.raises(ValueError, match="no time zone"):
        local(moment.replace(tzinfo=None), "UTC")


@given(st.text(max_size=120))
def test_no_text_breaks_the_reader(text):
    with suppress(Misread, Ambiguous):
        assert zone_info(read_zone(text)).key
