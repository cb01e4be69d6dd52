"""When a member may be written to: each row of the table, a week of nights, and the borders."""

from copy import deepcopy
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from bot.chat.content import content
from bot.domain.availability import Availability, Quiet, QuietRules, Weight
from bot.domain.shifts import Hours, Shift, ShiftKind

DATA = content("shifts/quiet")
RULES = QuietRules.from_data(DATA)
LONDON = "Europe/London"
LIGHT, DUE = Weight.LIGHT, Weight.DUE


def at(text: str, zone: str = LONDON) -> datetime:
    """Give a moment from the wall: `at("2026-12-07 20:00")`, a Monday."""
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone))


def shift(start: str, end: str, kind: str = "day", zone: str = LONDON) -> Shift:
    return Shift(at(start, zone), at(end, zone), ShiftKind(kind))


def night(day: int, month: int = 12) -> Shift:
    first = date(2026, month, day)
    return Shift(*Hours(time(20), time(8)).within(first, LONDON), ShiftKind.NIGHT)


def wall(moment: datetime | None, zone: str = LONDON) -> str | None:
    return moment and f"{moment.astimezone(ZoneInfo(zone)):%Y-%m-%d %H:%M}"


def why(quiet: Quiet | None) -> tuple[str, str | None] | None:
    return quiet and (quiet.reason.value, wall(quiet.until))


OFF = shift("2026-12-01 00:00", "2026-12-31 00:00", "off")  # makes the rota known
LONG_DAY = Availability(RULES, LONDON, [OFF, shift("2026-12-07 08:00", "2026-12-07 20:00")])


@pytest.mark.parametrize(
    ("moment", "state"),
    [
        ("2026-12-07 07:29", ("quiet_hours", "2026-12-07 08:00")),
        ("2026-12-07 07:30", ("on_shift", "2026-12-07 20:30")),
        ("2026-12-07 12:00", ("on_shift", "2026-12-07 20:30")),
        ("2026-12-07 20:29", ("on_shift", "2026-12-07 20:30")),
        ("2026-12-07 20:30", None),
        ("2026-12-07 21:00", ("quiet_hours", "2026-12-08 08:00")),
    ],
)
def test_nothing_is_sent_on_shift_or_half_an_hour_around_it(moment, state):
    assert why(LONG_DAY.state_at(at(moment))) == state
    assert why(LONG_DAY.state_at(at(moment), LIGHT)) == state


def test_what_is_due_today_reaches_a_day_shift_but_nobody_asleep():
    assert LONG_DAY.state_at(at("2026-12-07 12:00"), DUE) is None
    asleep = LONG_DAY.state_at(at("2026-12-07 23:00"), DUE)
    assert why(asleep) == ("quiet_hours", "2026-12-08 08:00")


EARLY = Availability(RULES, LONDON, [OFF, shift("2026-12-07 07:30", "2026-12-07 15:00")])
LATER = Availability(RULES, LONDON, [OFF, shift("2026-12-07 07:31", "2026-12-07 15:00")])


def test_the_evening_before_an_early_shift_is_quiet():
    assert EARLY.state_at(at("2026-12-06 20:29")) is None
    for weight in Weight:
        quiet = EARLY.state_at(at("2026-12-06 20:30"), weight)
        assert why(quiet) == ("early_shift", "2026-12-07 07:30")
    assert LATER.state_at(at("2026-12-06 20:30")) is None


# Three nights, Monday to Wednesday; the last ends on Thursday morning.
RUN = Availability(RULES, LONDON, [OFF, night(7), night(8), night(9)])


@pytest.mark.parametrize(
    ("moment", "demanding", "light", "due"),
    [
        ("2026-12-07 16:30", None, None, None),  # the evening before the first
        ("2026-12-07 19:30", "on_shift", "on_shift", None),
        ("2026-12-08 03:00", "on_shift", "on_shift", "quiet_hours"),
        ("2026-12-08 08:10", "on_shift", "on_shift", "after_night"),  # driving home
        ("2026-12-08 10:00", "after_night", "after_night", "after_night"),
        ("2026-12-08 16:59", "after_night", "after_night", "after_night"),
        ("2026-12-08 17:00", "between_nights", "between_nights", None),
        ("2026-12-10 16:30", "after_night", "after_night", "after_night"),
        ("2026-12-10 17:00", "last_night_recovery", None, None),
        ("2026-12-11 07:59", "last_night_recovery", "quiet_hours", "quiet_hours"),
        ("2026-12-11 08:00", None, None, None),  # the second day of recovery
    ],
)
def test_a_run_of_nights(moment, demanding, light, due):
    for weight, expected in zip(Weight, (demanding, light, due), strict=True):
        state = RUN.state_at(at(moment), weight)
        assert (state and state.reason) == expected, weight


def test_nothing_at_all_reaches_a_phone_on_the_way_home():
    for minutes in range(-30, 9 * 60):
        moment = at("2026-12-08 08:00") + timedelta(minutes=minutes)
        assert all(RUN.state_at(moment, weight, chosen=True) for weight in Weight), minutes


@pytest.mark.parametrize(
    ("end", "until"),
    [("04:00", "16:00"), ("07:00", "16:00"), ("07:30", "16:30"), ("10:00", "19:00")],
)
def test_sleep_after_a_night_lasts_nine_hours_and_until_four(end, until):
    one = shift("2026-12-07 20:00", f"2026-12-08 {end}", "night")
    quiet = Availability(RULES, LONDON, [OFF, one]).state_at(at("2026-12-08 11:00"), LIGHT)
    assert why(quiet) == ("after_night", f"2026-12-08 {until}")


def test_nights_with_a_free_night_between_them_are_two_runs():
    two = Availability(RULES, LONDON, [OFF, night(7), night(9)])
    assert why(two.state_at(at("2026-12-08 18:00"))) == ("last_night_recovery", "2026-12-09 08:00")
    assert two.state_at(at("2026-12-08 18:00"), LIGHT) is None
    assert two.state_at(at("2026-12-09 10:00")) is None


def test_fourteen_hours_of_silence_follow_a_call():
    call = shift("2026-12-07 08:00", "2026-12-08 06:00", "call24")
    member = Availability(RULES, LONDON, [OFF, call])
    for weight in Weight:
        quiet = member.state_at(at("2026-12-08 10:00"), weight, chosen=True)
        assert why(quiet) == ("after_call", "2026-12-08 20:00")
        assert why(member.state_at(at("2026-12-08 05:40"), weight)) is not None
    assert member.state_at(at("2026-12-08 20:00")) is None


def test_two_entries_that_make_twenty_hours_are_a_call():
    parts = [
        shift("2026-12-07 08:00", "2026-12-07 20:00"),
        shift("2026-12-07 20:00", "2026-12-08 08:00", "night"),
    ]
    member = Availability(RULES, LONDON, parts)
    assert why(member.state_at(at("2026-12-08 18:00"))) == ("after_call", "2026-12-08 22:00")


def test_a_home_call_is_silent_by_night_only():
    weekend = shift("2026-12-11 17:00", "2026-12-14 08:00", "homecall")
    own = Hours(time(2), time(3))  # quiet hours of the member's own take the usual ones away
    member = Availability(RULES, LONDON, [weekend], own)
    assert member.state_at(at("2026-12-11 20:59")) is None
    assert why(member.state_at(at("2026-12-11 21:00"))) == ("homecall_night", "2026-12-12 07:00")
    assert member.state_at(at("2026-12-12 07:00")) is None
    assert why(member.state_at(at("2026-12-13 23:00"), DUE)) == (
        "homecall_night",
        "2026-12-14 07:00",
    )
    assert member.state_at(at("2026-12-14 21:00")) is None


def test_on_leave_only_deadlines_come():
    leave = shift("2026-12-20 00:00", "2027-01-04 00:00", "leave")
    member = Availability(RULES, LONDON, [leave])
    for weight in (Weight.DEMANDING, LIGHT):
        quiet = member.state_at(at("2026-12-23 12:00"), weight, chosen=True)
        assert why(quiet) == ("leave", "2027-01-04 00:00")
    assert member.state_at(at("2026-12-23 12:00"), DUE) is None
    assert member.state_at(at("2027-01-04 09:00"), chosen=True) is None


NOBODY = Availability(RULES, LONDON)


@pytest.mark.parametrize(
    ("moment", "state"),
    [
        ("2026-12-07 11:59", ("unknown_rota", "2026-12-07 12:00")),
        ("2026-12-07 12:00", None),
        ("2026-12-07 13:30", ("unknown_rota", "2026-12-07 17:30")),
        ("2026-12-07 19:29", None),
        ("2026-12-07 19:30", ("unknown_rota", "2026-12-08 12:00")),
        ("2026-12-11 19:30", ("unknown_rota", "2026-12-14 12:00")),  # over the weekend
    ],
)
def test_an_unknown_rota_has_two_windows_on_weekdays(moment, state):
    assert why(NOBODY.state_at(at(moment))) == state


@pytest.mark.parametrize("hour", range(24))
def test_an_hour_that_the_member_chose_is_kept(hour):
    moment = at(f"2026-12-07 {hour:02}:00")
    assert NOBODY.state_at(moment, chosen=True) is None
    assert NOBODY.next_good(moment, chosen=True) == moment


def test_a_chosen_hour_gives_way_to_what_is_known():
    monday = at("2026-12-07 09:00")
    assert wall(LONG_DAY.next_good(monday, chosen=True)) == "2026-12-07 20:30"
    evening = [OFF, shift("2026-12-07 08:00", "2026-12-07 23:00", "evening")]
    member = Availability(RULES, LONDON, evening)
    # The end of the shift is no hour anybody chose: it waits for the morning.
    assert wall(member.next_good(monday, chosen=True)) == "2026-12-08 08:00"
    asleep = Availability(RULES, LONDON, own=Hours(time(20), time(10)))
    assert wall(asleep.next_good(monday, chosen=True)) == "2026-12-07 10:00"


def test_own_quiet_hours_replace_the_usual_ones():
    member = Availability(RULES, LONDON, own=Hours(time(13), time(15)))
    assert why(member.state_at(at("2026-12-12 14:00"))) == ("quiet_hours", "2026-12-12 15:00")
    assert member.state_at(at("2026-12-12 22:00")) is None


def test_a_rota_is_known_for_a_week_around_its_shifts():
    member = Availability(RULES, LONDON, [shift("2026-12-07 09:00", "2026-12-07 17:00")])
    assert member.state_at(at("2026-12-14 15:00")) is None
    assert member.state_at(at("2026-11-30 15:00")) is None
    assert why(member.state_at(at("2026-12-15 15:00"))) == ("unknown_rota", "2026-12-15 17:30")
    assert wall(member.next_good(at("2026-11-28 12:00"))) == "2026-11-30 08:00"


def test_what_finds_no_good_hour_in_time_waits():
    nights = [night(day) for day in range(7, 14)]
    member = Availability(RULES, LONDON, [OFF, *nights])
    assert member.next_good(at("2026-12-07 23:00")) is None
    assert wall(member.next_good(at("2026-12-07 23:00"), DUE)) == "2026-12-08 17:00"
    found = member.next_good(at("2026-12-07 23:00"), within=timedelta(days=14))
    assert wall(found) == "2026-12-15 08:00"


def test_nights_in_which_the_clocks_change():
    for day, month, hours in ((24, 10, 13), (5, 12, 12)):
        one = night(day, month)
        assert one.end - one.start == timedelta(hours=hours)
        quiet = Availability(RULES, LONDON, [one]).state_at(one.end + timedelta(hours=1))
        assert quiet is not None
        assert wall(quiet.until) == f"{date(2026, month, day + 1)} 17:00"
    spring = Shift(*Hours(time(20), time(8)).within(date(2027, 3, 27), LONDON), ShiftKind.NIGHT)
    assert spring.end - spring.start == timedelta(hours=11)
    assert wall(Availability(RULES, LONDON, [spring]).next_good(spring.start, LIGHT)) == (
        "2027-03-28 17:00"
    )


@pytest.mark.parametrize(
    ("moment", "day"),
    [
        ("2026-12-07 12:00", 7),
        ("2026-12-07 23:00", 7),
        ("2026-12-08 03:00", 7),
        ("2026-12-08 08:00", 7),
        ("2026-12-08 16:59", 7),  # asleep after Monday's night
        ("2026-12-08 17:00", 8),
        ("2026-12-09 07:00", 8),
        ("2026-12-10 16:59", 9),
        ("2026-12-10 17:00", 10),
        ("2026-12-11 00:30", 10),
        ("2026-12-11 04:00", 11),
    ],
)
def test_a_day_ends_when_the_member_has_slept(moment, day):
    assert RUN.working_day(at(moment)) == date(2026, 12, day)


def test_a_night_that_begins_after_midnight_belongs_to_its_evening():
    member = Availability(RULES, LONDON, [shift("2026-12-08 00:00", "2026-12-08 08:00", "night")])
    assert member.working_day(at("2026-12-08 07:00")) == date(2026, 12, 7)
    assert member.working_day(at("2026-12-08 17:30")) == date(2026, 12, 8)


def test_a_naive_moment_is_refused():
    naive = datetime(2026, 12, 7)  # noqa: DTZ001
    for ask in (NOBODY.state_at, NOBODY.next_good, NOBODY.working_day):
        with pytest.raises(ValueError, match="no time zone"):
            ask(naive)


def test_moments_are_told_in_utc():
    moment = at("2026-07-06 09:00")
    found = NOBODY.next_good(moment)
    assert found is not None
    assert found.tzinfo is UTC
    assert wall(found) == "2026-07-06 12:00"


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda data: data.pop("leave"), "leave"),
        (lambda data: data["on_shift"].pop("mark"), "mark"),
        (lambda data: data["after_night"].update(hours=-9), "after_night.hours"),
        (lambda data: data["after_night"].update(until=960), "until"),
        (lambda data: data["after_call"].update(hours="14"), "hours"),
        (lambda data: data["after_call"].update(holds_back=["heavy"]), "heavy"),
        (lambda data: data["unknown_rota"].update(weekdays=[7]), "weekdays"),
        (lambda data: data["unknown_rota"]["windows"][0].update(end="11:00"), "windows"),
    ],
)
def test_broken_rules_are_refused(change, message):
    data = deepcopy(DATA)
    change(data)
    with pytest.raises(ValueError, match=message):
        QuietRules.from_data(data)
