"""Free hours: awake, not at work, not asleep after nights, not on leave; and what an hour costs."""

import random
import time as stopwatch
from collections.abc import Callable
from copy import deepcopy
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from zoneinfo import ZoneInfo

import pytest

from bot.chat.content import content
from bot.domain.availability import Availability, QuietRules
from bot.domain.free_hours import Horizon, MeetingRules, cost, hours_of, mask, shared
from bot.domain.shifts import Hours, Shift, ShiftKind

QUIET = QuietRules.from_data(content("shifts/quiet"))
DATA = content("mentoring/hours")
RULES = MeetingRules.from_data(DATA)
LONDON = "Europe/London"
HOUR = timedelta(hours=1)


def at(text: str, zone: str = LONDON) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone))


def shift(start: str, end: str, kind: str = "day", zone: str = LONDON) -> Shift:
    return Shift(at(start, zone), at(end, zone), ShiftKind(kind))


def who(*shifts: Shift, zone: str = LONDON, own: Hours | None = None) -> Availability:
    return Availability(QUIET, zone, shifts, own)


def free(someone: Availability, day: str, days: int = 1) -> list[str]:
    """List the free hours of a day, or of several, on a wall."""
    over = Horizon(at(f"{day} 00:00", someone.zone), days * 24)
    return [
        f"{over.moment(n).astimezone(ZoneInfo(someone.zone)):%H:%M}"
        for n in hours_of(mask(someone, over, RULES))
    ]


def clock(first: int, last: int) -> list[str]:
    return [f"{hour:02}:00" for hour in range(first, last)]


# Monday 7 December 2026 and the days after it.
def test_without_a_rota_waking_hours_are_free():
    assert free(who(), "2026-12-07") == clock(7, 21)


def test_a_shift_takes_every_hour_that_it_or_the_half_hours_around_it_touch():
    someone = who(shift("2026-12-07 09:00", "2026-12-07 17:00"))
    assert free(someone, "2026-12-07") == [*clock(7, 8), *clock(18, 21)]


def test_the_day_after_a_night_is_for_sleep_and_between_nights_nobody_meets():
    nights = [shift(f"2026-12-0{n} 20:00", f"2026-12-0{n + 1} 08:00", "night") for n in (7, 8)]
    assert free(who(*nights), "2026-12-07") == clock(7, 19)
    assert free(who(*nights), "2026-12-08") == []
    assert free(who(*nights), "2026-12-09") == clock(17, 21)


def test_fourteen_hours_after_a_call_are_for_sleep():
    call = shift("2026-12-07 08:00", "2026-12-08 08:00", "call24")
    assert free(who(call), "2026-12-08") == []
    assert free(who(call), "2026-12-09") == clock(7, 21)


def test_nobody_meets_on_leave():
    leave = shift("2026-12-07 00:00", "2026-12-09 00:00", "leave")
    assert free(who(leave), "2026-12-07", 2) == []
    assert free(who(leave), "2026-12-09") == clock(7, 21)


def test_the_evening_before_an_early_shift_ends_early():
    someone = who(shift("2026-12-08 07:00", "2026-12-08 15:00"))
    assert free(someone, "2026-12-07") == clock(7, 20)


def test_a_day_off_is_free():
    off = shift("2026-12-07 00:00", "2026-12-08 00:00", "off")
    assert free(who(off), "2026-12-07") == clock(7, 21)


def test_long_quiet_hours_of_ones_own_say_when_one_is_awake():
    assert free(who(own=Hours(time(22, 30), time(6))), "2026-12-07") == clock(6, 22)
    by_day = free(who(own=Hours(time(9), time(17))), "2026-12-07")
    assert by_day == [*clock(0, 9), *clock(17, 24)]


def test_short_quiet_hours_come_on_top_of_the_night():
    someone = who(own=Hours(time(12), time(13, 30)))
    assert free(someone, "2026-12-07") == [*clock(7, 12), *clock(14, 21)]
    assert cost(someone, at("2026-12-07 13:00"), RULES) is None


def test_the_wall_decides_in_the_week_of_a_clock_change():
    for day in ("2027-03-27", "2027-03-28", "2027-03-29", "2026-10-25"):
        assert free(who(), day)[0] == "07:00"
    # From Sunday 28 March on, seven in the morning is an hour earlier in UTC.
    over = Horizon(at("2027-03-27 00:00"), 48)
    starts = list(hours_of(mask(who(), over, RULES)))
    assert starts[0] == 7
    assert starts[14] == 24 + 6


def test_zones_of_half_and_quarter_hours_keep_to_their_wall():
    delhi = who(zone="Asia/Kolkata")
    over = Horizon(datetime(2026, 12, 7, tzinfo=UTC), 24)
    bits = list(hours_of(mask(delhi, over, RULES)))
    # 01:30 UTC is seven o'clock; the hour from 02:00 UTC is the first that is free as a whole.
    assert bits[0] == 2
    kathmandu = Horizon.after(at("2026-12-07 08:10", "Asia/Kathmandu"), 1, "Asia/Kathmandu")
    assert kathmandu.start == at("2026-12-07 09:00", "Asia/Kathmandu")


def test_a_horizon_begins_with_an_hour_that_is_not_past():
    exact = datetime(2026, 12, 7, 9, tzinfo=UTC)
    assert Horizon.after(exact, 14) == Horizon(exact, 14 * 24)
    assert Horizon.after(exact + timedelta(microseconds=1), 14).start == exact + HOUR


@pytest.mark.parametrize(
    ("start", "hours"),
    [
        (datetime(2026, 12, 7, 9), 24),  # noqa: DTZ001 - what is refused
        (datetime(2026, 12, 7, 9, 10, tzinfo=UTC), 24),
        (datetime(2026, 12, 7, 9, tzinfo=UTC), 0),
        (datetime(2026, 12, 7, 9, tzinfo=UTC), 366 * 24 + 1),
    ],
)
def test_a_horizon_is_of_whole_hours_with_a_zone(start, hours):
    with pytest.raises(ValueError, match=r"[Hh]ours"):
        Horizon(start, hours)


def test_what_two_share_is_counted_in_hours():
    london, york = who(), who(zone="America/New_York")
    over = Horizon(datetime(2026, 12, 7, tzinfo=UTC), 14 * 24)
    # From noon to nine in the evening in London it is seven to four in New York.
    assert shared(mask(london, over, RULES), mask(york, over, RULES)) == 14 * 9


@pytest.mark.parametrize(
    ("moment", "bad"),
    [
        ("2026-12-07 05:00", None),
        ("2026-12-07 06:00", 8),
        ("2026-12-07 07:00", 4),
        ("2026-12-07 10:00", 3),  # most people work
        ("2026-12-07 12:00", 0),  # lunch
        ("2026-12-07 13:00", 3),
        ("2026-12-07 18:00", 0),
        ("2026-12-07 20:00", 2),
        ("2026-12-07 20:30", 6),
        ("2026-12-07 22:00", 10),
        ("2026-12-07 22:30", None),
        ("2026-12-12 10:00", 4),  # a Saturday
        ("2026-12-12 21:00", 10),
    ],
)
def test_an_hour_costs_more_the_earlier_or_later_it_is(moment, bad):
    assert cost(who(), at(moment), RULES) == bad


def test_where_the_rota_is_known_the_working_hours_of_others_cost_nothing():
    off = who(shift("2026-12-07 00:00", "2026-12-08 00:00", "off"))
    assert cost(off, at("2026-12-07 10:00"), RULES) == 0


def test_an_hour_that_tires_costs_and_one_at_work_cannot_be():
    night = who(shift("2026-12-07 20:00", "2026-12-08 08:00", "night"))
    assert cost(night, at("2026-12-07 21:00"), RULES) is None
    assert cost(night, at("2026-12-08 12:00"), RULES) is None
    assert cost(night, at("2026-12-08 18:00"), RULES) == 5
    call = who(shift("2026-12-07 08:00", "2026-12-08 08:00", "homecall"))
    assert cost(call, at("2026-12-07 19:00"), RULES) == 0
    assert cost(call, at("2026-12-07 21:00"), RULES) == 12


within = cache(Hours.within)


def crowd(number: int, days: int, seed: int = 3) -> list[tuple[str, list[Shift], Hours | None]]:
    """Give zones, shifts and quiet hours of so many people."""
    chance, first = random.Random(seed), date(2027, 3, 15)
    zones = [LONDON, "America/New_York", "Asia/Kolkata", "Australia/Lord_Howe", "America/St_Johns"]
    plans = {
        "day": Hours(time(8), time(17)),
        "night": Hours(time(20), time(8)),
        "evening": Hours(time(14), time(22)),
        "off": Hours(time(0), time(0)),
    }
    found = []
    for _ in range(number):
        zone, shifts = chance.choice(zones), []
        for n in range(-9, days + 9):
            kind = chance.choice([*plans, "", ""])
            if kind:
                times = within(plans[kind], first + timedelta(n), zone)
                shifts.append(Shift(*times, ShiftKind(kind)))
        own = chance.choice([None, None, Hours(time(22), time(7)), Hours(time(12), time(13))])
        found.append((zone, shifts, own))
    return found


def test_every_free_hour_can_be_met_in_at_a_bearable_cost():
    over, checked = Horizon(datetime(2027, 3, 15, tzinfo=UTC), 21 * 24), 0
    for someone in (Availability(QUIET, *each) for each in crowd(12, 21)):
        for n in hours_of(mask(someone, over, RULES)):
            bad = cost(someone, over.moment(n), RULES)
            assert bad is not None
            checked += 1
    assert checked > 500


def test_a_crowd_is_compared_quickly(record_property: Callable[[str, object], None]):
    """A thousand people over four weeks, from their shifts to their masks."""
    known, over = crowd(1_000, 28), Horizon(datetime(2027, 3, 15, tzinfo=UTC), 28 * 24)
    began = stopwatch.process_time()
    masks = [mask(Availability(QUIET, *each), over, RULES) for each in known]
    took = stopwatch.process_time() - began
    record_property("measured", f"free hours of 1,000 people over 28 days: {took * 1000:.0f} ms")
    assert took < 2
    assert len(set(masks)) > 900


@pytest.mark.parametrize(
    ("key", "value", "said"),
    [
        ("waking", {"start": "21:00", "end": "07:00", "mark": "O"}, "waking"),
        ("waking", {"start": "07:00", "end": "21:00"}, "mark"),
        ("asleep", {"start": "23", "end": "06:00", "mark": "O"}, "start"),
        ("cannot", {"reasons": ["holiday"], "mark": "O"}, "holiday"),
        ("days_off", {"weekdays": [7], "cost": 2, "mark": "O"}, "days_off.weekdays"),
        ("good", {"cost": "3", "mark": "O"}, "cost"),
        ("by_the_clock", {"hours": [], "mark": "O"}, "hours"),
    ],
)
def test_a_fault_in_the_content_is_named(key, value, said):
    data = deepcopy(DATA)
    data[key] = value
    with pytest.raises(ValueError, match=said):
        MeetingRules.from_data(data)
