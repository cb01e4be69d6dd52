"""Any rota in any zone: what is let through is never in a silence, and time never runs back."""

from datetime import UTC, date, datetime, time, timedelta

from hypothesis import given
from hypothesis import strategies as st

from bot.chat.content import content
from bot.domain.availability import Availability, QuietRules, Weight
from bot.domain.shifts import Hours, Shift, ShiftKind

RULES = QuietRules.from_data(content("shifts/quiet"))
# Half-hour summer time, clocks that change at midnight, and none at all.
ZONES = (
    "Australia/Lord_Howe",
    "Europe/London",
    "America/New_York",
    "America/St_Johns",
    "America/Havana",
    "Africa/Cairo",
    "Asia/Beirut",
    "Pacific/Auckland",
    "Pacific/Chatham",
    "Asia/Kolkata",
    "UTC",
)
# The weeks around changes of the clocks, north and south.
STARTS = [date(2026, 10, 1), date(2026, 10, 22), date(2027, 3, 10), date(2027, 3, 25)]
times = st.builds(time, st.integers(0, 23), st.sampled_from([0, 15, 30, 45]))
hours = st.builds(Hours, times, times)
short = hours.filter(lambda each: each.start != each.end)


@st.composite
def members(draw):
    zone, first = draw(st.sampled_from(ZONES)), draw(st.sampled_from(STARTS))
    shifts = []
    for n in draw(st.lists(st.integers(-2, 14), max_size=12)):
        start, end = draw(hours).within(first + timedelta(n), zone)
        if start < end:
            shifts.append(Shift(start, end, draw(st.sampled_from([*ShiftKind]))))
    return zone, first, Availability(RULES, zone, shifts, draw(st.none() | short))


def minute(first: date, number: int) -> datetime:
    return datetime.combine(first, time(), UTC) + timedelta(minutes=number)


minutes = st.integers(-1440, 20 * 1440)
weights = st.sampled_from([*Weight])


@given(members(), minutes, weights, st.booleans())
def test_a_silence_ends_later_than_it_is_asked_about(member, number, weight, chosen):
    _, first, them = member
    moment = minute(first, number)
    quiet = them.state_at(moment, weight, chosen=chosen)
    if quiet:
        assert quiet.until > moment
        assert quiet.until.tzinfo is UTC
        just_before = quiet.until - timedelta(seconds=1)
        assert them.state_at(just_before, weight, chosen=chosen)


@given(members(), minutes, weights, st.integers(1, 500))
def test_the_next_good_moment_is_good_and_the_first(member, number, weight, within):
    _, first, them = member
    moment = minute(first, number)
    found = them.next_good(moment, weight, within=timedelta(hours=within))
    end = moment + timedelta(hours=within) if found is None else found
    if found is not None:
        assert moment <= found <= moment + timedelta(hours=within)
        assert them.state_at(found, weight) is None
    for step in range(16):  # nothing earlier would have done
        earlier = moment + (end - moment) * step / 16
        if earlier < end:
            assert them.state_at(earlier, weight) is not None


@given(members(), minutes, st.integers(0, 3000), weights)
def test_asking_later_never_gives_an_earlier_moment(member, number, later, weight):
    _, first, them = member
    year = timedelta(days=400)
    early = them.next_good(minute(first, number), weight, within=year)
    late = them.next_good(minute(first, number + later), weight, within=year)
    assert early is None or late is None or early <= late


@given(members(), minutes, weights)
def test_a_choice_only_opens(member, number, weight):
    _, first, them = member
    moment = minute(first, number)
    if them.state_at(moment, weight) is None:
        assert them.state_at(moment, weight, chosen=True) is None
        assert them.next_good(moment, weight, chosen=True) == moment


@given(members(), minutes)
def test_what_is_demanding_waits_wherever_something_lighter_does(member, number):
    _, first, them = member
    moment = minute(first, number)
    held = [them.state_at(moment, weight) is not None for weight in Weight]
    assert held == sorted(held, reverse=True)


@given(members(), st.lists(minutes, min_size=2, max_size=12))
def test_a_members_days_never_run_back(member, numbers):
    zone, first, them = member
    days = [them.working_day(minute(first, number)) for number in sorted(numbers)]
    assert days == sorted(days), zone


@given(st.sampled_from(ZONES), st.sampled_from(STARTS), st.integers(0, 14))
def test_a_night_keeps_one_day_until_sleep_is_over(zone, first, ahead):
    day = first + timedelta(ahead)
    start, end = Hours(time(20), time(8)).within(day, zone)
    them = Availability(RULES, zone, [Shift(start, end, ShiftKind.NIGHT)])
    asleep = int((end - start) / timedelta(hours=1)) + 9
    assert {them.working_day(start + timedelta(hours=n)) for n in range(asleep)} == {day}
    assert them.working_day(end + timedelta(hours=9)) == day + timedelta(1)
