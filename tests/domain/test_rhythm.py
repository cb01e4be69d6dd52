"""Recurrence keeps the wall clock through every change of it."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.domain.rhythm import Rule, latest_until, next_after
from bot.domain.zones import local

ZONES = [
    "Europe/Paris", "America/New_York", "Australia/Lord_Howe", "Asia/Kolkata", "America/St_Johns",
    "Pacific/Auckland", "Africa/Casablanca", "America/Sao_Paulo", "UTC",
]  # fmt: skip
WEEK = timedelta(7)

rules = st.builds(
    Rule,
    st.sampled_from(["weekly", "monthly"]),
    st.integers(0, 6),
    st.times().map(lambda at: at.replace(second=0, microsecond=0, fold=0)),
    st.integers(1, 52),
)
moments = st.integers(0, 55 * 365 * 86_400).map(
    lambda seconds: datetime(2005, 1, 1, tzinfo=UTC) + timedelta(seconds=seconds)
)
zones = st.sampled_from(ZONES)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def shown(moment: datetime, zone: str) -> str:
    return f"{local(moment, zone):%Y-%m-%d %H:%M}"


@pytest.mark.parametrize(
    "text",
    [
        "weekly mon 09:00",
        "every 2 weeks mon 09:00",
        "monthly first thu 09:00",
        "every 3 months first thu 23:59",
    ],
)
def test_a_rule_reads_back(text):
    assert str(Rule.parse(text)) == text


@given(rules)
def test_every_rule_reads_back(rule):
    assert Rule.parse(str(rule)) == rule


@pytest.mark.parametrize(
    "text",
    [
        "", "weekly", "weekly mon", "weekly mon 9:00", "weekly mon 24:00", "weekly mon 09:60",
        "weekly first mon 09:00", "monthly mon 09:00", "every 1 weeks mon 09:00",
        "every 0 weeks mon 09:00", "every 99 weeks mon 09:00", "every 2 months mon 09:00",
        "every 2 weeks first mon 09:00", "Weekly mon 09:00", "weekly mon 09:00 ",
        "weekly xyz 09:00",
        "weekly mon 09:00\n", "every ٢ weeks mon 09:00",
    ],
)  # fmt: skip
def test_other_text_is_no_rule(text):
    with pytest.raises(ValueError):
        Rule.parse(text)


@pytest.mark.parametrize(
    ("kind", "weekday", "clock", "every"),
    [
        ("daily", 0, time(9), 1),
        ("weekly", 7, time(9), 1),
        ("weekly", -1, time(9), 1),
        ("weekly", 0, time(9), 0),
        ("weekly", 0, time(9, 0, 1), 1),
        ("weekly", 0, time(9, tzinfo=UTC), 1),
        ("weekly", 0, time(9, fold=1), 1),
    ],
)
def test_a_rule_that_cannot_be_is_refused(kind, weekday, clock, every):
    with pytest.raises((ValueError, TypeError)):
        Rule(kind, weekday, clock, every)


@given(st.text(max_size=40))
def test_no_text_breaks_parsing(text):
    with pytest.raises(ValueError):
        Rule.parse(text)


@pytest.mark.parametrize(
    ("rule", "moment", "anchor", "wall"),
    [
        ("weekly mon 09:00", "2027-01-01 00:00", None, "2027-01-04 09:00"),
        ("weekly mon 09:00", "2027-01-04 07:59", None, "2027-01-04 09:00"),
        ("weekly mon 09:00", "2027-01-04 08:00", None, "2027-01-11 09:00"),
        ("every 2 weeks mon 09:00", "2027-01-01 00:00", None, "2027-01-04 09:00"),
        ("every 2 weeks mon 09:00", "2027-01-04 08:00", date(2027, 1, 4), "2027-01-18 09:00"),
        ("every 2 weeks mon 09:00", "2027-01-05 08:00", date(2026, 12, 28), "2027-01-11 09:00"),
        ("every 2 weeks mon 09:00", "2027-01-01 00:00", date(2027, 3, 1), "2027-01-04 09:00"),
        ("every 2 weeks mon 09:00", "2027-01-05 08:00", date(2027, 1, 6), "2027-01-18 09:00"),
        ("monthly first thu 09:00", "2027-01-07 08:00", None, "2027-02-04 09:00"),
        (
            "every 3 months first thu 09:00",
            "2027-01-07 08:00",
            date(2027, 1, 7),
            "2027-04-01 09:00",
        ),
        (
            "every 3 months first thu 09:00",
            "2027-01-07 07:59",
            date(2026, 10, 1),
            "2027-01-07 09:00",
        ),
    ],
)
def test_the_next_occurrence_in_paris(rule, moment, anchor, wall):
    found = next_after(Rule.parse(rule), at(moment), "Europe/Paris", anchor)

    assert shown(found, "Europe/Paris") == wall
    assert found.tzinfo is UTC


# Zone, the change forward and what 02:30 becomes, the change back and its first 02:30 in UTC.
CHANGES = [
    ("Europe/Paris", "2027-03-28 03:30", "2027-10-31 00:30"),
    ("America/New_York", "2027-03-14 03:30", "2027-11-07 07:30"),
    ("Pacific/Auckland", "2027-09-26 03:30", "2027-04-03 13:30"),
    ("America/St_Johns", "2027-03-14 03:30", "2027-11-07 06:00"),
    ("Australia/Sydney", "2027-10-03 03:30", "2027-04-03 15:30"),
    ("America/Los_Angeles", "2027-03-14 03:30", "2027-11-07 10:30"),
    ("Europe/Berlin", "2027-03-28 03:30", "2027-10-31 00:30"),
    ("America/Halifax", "2027-03-14 03:30", "2027-11-07 06:30"),
]


@pytest.mark.parametrize(("zone", "gap", "back"), CHANGES)
def test_half_past_two_in_the_gap_happens_as_much_later(zone, gap, back):
    sunday = Rule("weekly", 6, time(2, 30))
    day = at(gap)

    found = next_after(sunday, day - timedelta(4), zone)
    assert shown(found, zone) == gap
    assert shown(next_after(sunday, found, zone), zone) == f"{day + WEEK:%Y-%m-%d} 02:30"
    assert shown(next_after(sunday, found - timedelta(6), zone), zone) == gap


@pytest.mark.parametrize(("zone", "gap", "back"), CHANGES)
def test_half_past_two_happens_once_when_clocks_go_back(zone, gap, back):
    sunday = Rule("weekly", 6, time(2, 30))
    first = at(back)
    day = local(first, zone)

    assert next_after(sunday, first - timedelta(4), zone) == first
    assert (local(first + timedelta(hours=1), zone).hour, day.hour) in {(2, 2), (3, 2)}
    # In the repeated hour nothing happens a second time.
    following = next_after(sunday, first + timedelta(minutes=1), zone)
    assert shown(following, zone) == f"{day + WEEK:%Y-%m-%d} 02:30"
    assert latest_until(sunday, first, first + timedelta(hours=3), zone) == first


def test_half_an_hour_of_summer_time_on_lord_howe():
    sunday = Rule("weekly", 6, time(2, 15))
    gap = next_after(sunday, at("2027-09-30 00:00"), "Australia/Lord_Howe")
    assert shown(gap, "Australia/Lord_Howe") == "2027-10-03 02:45"

    back = next_after(Rule("weekly", 6, time(1, 45)), at("2027-04-01 00:00"), "Australia/Lord_Howe")
    assert back == at("2027-04-03 14:45")
    assert next_after(Rule("weekly", 6, time(1, 45)), back, "Australia/Lord_Howe") == (
        back + WEEK + timedelta(minutes=30)
    )


def test_a_jump_over_midnight_is_neither_lost_nor_doubled():
    # Samoa had no 30 December 2011, a Friday.
    friday = Rule("weekly", 4, time(9))
    found = next_after(friday, at("2011-12-28 00:00"), "Pacific/Apia")

    assert shown(found, "Pacific/Apia") == "2011-12-31 09:00"
    assert next_after(friday, found - timedelta(minutes=1), "Pacific/Apia") == found
    assert shown(next_after(friday, found, "Pacific/Apia"), "Pacific/Apia") == "2012-01-06 09:00"
    anchor = local(found, "Pacific/Apia").date()
    fortnight = next_after(Rule("weekly", 4, time(9), 2), found, "Pacific/Apia", anchor)
    assert shown(fortnight, "Pacific/Apia") == "2012-01-13 09:00"


def test_clocks_that_go_back_over_midnight():
    # St John's went from 00:01 on Sunday back to 23:01 on Saturday.
    sunday = Rule("weekly", 6, time(0, 0))
    midnight = at("2010-11-07 02:30")

    assert next_after(sunday, midnight - timedelta(1), "America/St_Johns") == midnight
    later = midnight + timedelta(minutes=20)
    assert shown(later, "America/St_Johns") == "2010-11-06 23:20"
    assert latest_until(sunday, midnight, later, "America/St_Johns") == midnight
    assert next_after(sunday, later, "America/St_Johns") == midnight + WEEK + timedelta(hours=1)


@given(rules, moments, zones)
@example(Rule("weekly", 6, time(2, 30)), at("2027-03-21 12:00"), "Europe/Paris")
@example(Rule("weekly", 6, time(0, 0)), at("2017-10-14 12:00"), "America/Sao_Paulo")
def test_the_next_is_the_first_match_after(rule, moment, zone):
    found = next_after(rule, moment, zone)
    assert found > moment
    wall = local(found, zone)
    if wall.time() != rule.at:  # only in a gap, where the wall time does not exist
        nominal = datetime.combine(wall.date(), rule.at, wall.tzinfo)
        assert nominal.astimezone(UTC).astimezone(wall.tzinfo).time() != rule.at
    assert wall.weekday() == rule.weekday
    assert rule.kind == "weekly" or wall.day <= 7

    # Nothing between: the weekly days are at most a week apart, the monthly at most five.
    assert found - moment <= timedelta(7 if rule.kind == "weekly" else 35, hours=2)
    assert next_after(rule, found - timedelta(microseconds=1), zone) == found


@given(rules, moments, zones)
def test_occurrences_are_whole_steps_apart(rule, moment, zone):
    one = next_after(rule, moment, zone)
    for _ in range(5):
        day = local(one, zone).date()
        two = next_after(rule, one, zone, day)
        after = local(two, zone).date()
        if rule.kind == "weekly":
            assert after - day == rule.every * WEEK
        else:
            months = (after.year - day.year) * 12 + after.month - day.month
            assert (months, after.weekday()) == (rule.every, rule.weekday)
        assert next_after(rule, two - timedelta(seconds=1), zone, day) == two
        one = two


@given(rules, moments, zones, st.integers(0, 4000), st.booleans())
def test_the_latest_is_what_stepping_would_find(rule, moment, zone, days, anchored):
    first = next_after(rule, moment, zone)
    until = first + timedelta(days, hours=days % 24)
    anchor = local(first, zone).date()

    found = latest_until(rule, first, until, zone, anchor if anchored else None)
    assert first <= found <= until
    assert next_after(rule, found, zone, anchor) > until
    assert next_after(rule, found - timedelta(seconds=1), zone, anchor) == found

    if days < 400:
        stepped = first
        while (following := next_after(rule, stepped, zone, anchor)) <= until:
            stepped = following
        assert found == stepped


def test_latest_includes_both_ends_and_refuses_the_past():
    rule, first = Rule.parse("weekly mon 09:00"), at("2027-01-04 08:00")

    assert latest_until(rule, first, first, "Europe/Paris") == first
    assert latest_until(rule, first, first + WEEK, "Europe/Paris") == first + WEEK
    assert latest_until(rule, first, first + WEEK - timedelta(seconds=1), "Europe/Paris") == first
    with pytest.raises(ValueError, match="before the first"):
        latest_until(rule, first, first - timedelta(seconds=1), "Europe/Paris")


def test_a_naive_moment_is_refused():
    with pytest.raises(ValueError, match="no time zone"):
        next_after(Rule.parse("weekly mon 09:00"), at("2027-01-01").replace(tzinfo=None), "UTC")
