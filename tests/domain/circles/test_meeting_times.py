"""Times that are proposed: good ones first, on different days; and the least bad one of a group."""

from datetime import time, timedelta
from zoneinfo import ZoneInfo

import pytest

from bot.domain.availability import Availability
from bot.domain.free_hours import Horizon, cost
from bot.domain.meeting_times import best_hour, slots
from bot.domain.shifts import Shift, ShiftKind
from tests.domain.circles.test_free_hours import LONDON, QUIET, RULES, at, crowd, shift, who

YORK, DELHI, SYDNEY = "America/New_York", "Asia/Kolkata", "Australia/Sydney"
MONDAY = "2026-12-07 08:00"


def proposed(*people: Availability, zone: str = LONDON, days: int = 14, most: int = 3) -> list[str]:
    over = Horizon.after(at(MONDAY, zone), days, zone)
    found = slots(people, over, RULES, zone=zone, most=most)
    return [f"{each.astimezone(ZoneInfo(zone)):%a %d %H:%M}" for each in found]


def test_two_without_a_rota_are_offered_lunch_on_the_next_days():
    assert proposed(who(), who()) == ["Mon 07 12:00", "Tue 08 12:00", "Wed 09 12:00"]


def test_what_is_offered_is_free_for_both():
    one = who(*(shift(f"2026-12-{n:02} 08:00", f"2026-12-{n:02} 17:00") for n in range(7, 12)))
    nights = [
        shift(f"2026-12-{n:02} 20:00", f"2026-12-{n + 1:02} 08:00", "night") for n in range(7, 10)
    ]
    # After the last night Thursday evening could be, but it would tire.
    assert proposed(one, who(*nights)) == ["Mon 07 18:00", "Fri 11 18:00", "Mon 14 08:00"]


def test_who_is_far_apart_is_offered_what_there_is():
    # Lunch in New York is five in London; eight in the evening there is noon in Sydney.
    assert proposed(who(), who(zone=YORK))[0] == "Mon 07 17:00"
    assert proposed(who(zone=YORK), who(zone=SYDNEY), zone=YORK)[0].endswith("20:00")


def test_two_who_share_no_hour_are_offered_none():
    leave = who(shift("2026-12-01 00:00", "2027-01-30 00:00", "leave"))
    assert proposed(who(), leave) == []
    assert proposed() == []


def test_worse_days_fill_up_after_the_good_ones():
    # Of the shift on Tuesday only the hour before it is left, and the last day ends at eight.
    late = [shift(f"2026-12-0{n} 08:30", f"2026-12-0{n} 23:00") for n in (7, 8)]
    found = proposed(who(*late), who(), days=3, most=3)
    assert found == ["Tue 08 07:00", "Wed 09 12:00", "Thu 10 07:00"]


def test_times_are_on_the_full_hour_of_a_wall_of_half_hours():
    assert proposed(who(zone=DELHI), who(zone=DELHI), zone=DELHI)[0] == "Mon 07 12:00"


def test_in_any_crowd_times_are_free_in_order_and_on_different_days():
    over = Horizon(at("2027-03-15 00:00", "UTC"), 14 * 24)
    people = [Availability(QUIET, *each) for each in crowd(24, 14)]
    for one, other in zip(people[::2], people[1::2], strict=True):
        found = slots([one, other], over, RULES, zone=one.zone, most=4)
        assert list(found) == sorted(found)
        days = {each.astimezone(ZoneInfo(one.zone)).date() for each in found}
        assert len(days) == len(found) <= 4
        for each in found:
            assert cost(one, each, RULES) is not None
            assert cost(other, each, RULES) is not None


def test_a_circle_of_one_city_meets_at_a_good_hour():
    best = best_hour({n: who() for n in range(6)}, LONDON, at(MONDAY), RULES)
    assert (best.weekday, best.at, best.moment) == (0, time(12), at("2026-12-07 12:00"))
    assert (best.free, best.strained, best.cannot) == (tuple(range(6)), (), ())
    assert (best.worst, best.cost) == (None, 0)


def test_three_continents_share_the_burden():
    people = {1: who(), 2: who(zone=YORK), 3: who(zone=SYDNEY), 4: who()}
    best = best_hour(people, LONDON, at(MONDAY), RULES)
    assert best.cannot == ()
    assert best.worst is not None
    # Nobody is asked to get up before six, or to stay up past eleven, while there is such an hour.
    bad = [cost(each, best.moment, RULES) for each in people.values()]
    assert None not in bad
    others = [
        [cost(each, best.moment + timedelta(hours=n), RULES) for each in people.values()]
        for n in range(-24, 24)
        if best.moment + timedelta(hours=n) >= at(MONDAY)
    ]
    assert max(each or 0 for each in bad) == min(
        max(each or 0 for each in some) for some in others if None not in some
    )


def test_as_many_as_can_come_before_how_good_the_hour_is():
    # Number 3 works every day until half past eight in the evening.
    days = [
        Shift(
            at("2026-12-01 08:00") + timedelta(n),
            at("2026-12-01 19:30") + timedelta(n),
            ShiftKind.DAY,
        )
        for n in range(70)
    ]
    people = {1: who(), 2: who(), 3: who(*days)}
    best = best_hour(people, LONDON, at(MONDAY), RULES)
    assert best.at == time(20)
    assert best.cannot == ()


def test_who_cannot_come_is_named_with_how_often():
    away = who(shift("2026-12-01 00:00", "2026-12-31 00:00", "leave"))
    people = {n: who() for n in range(1, 6)} | {6: away}
    best = best_hour(people, LONDON, at(MONDAY), RULES)
    assert best.cannot == (6,)
    # The first of three sessions is so late that only this one is within the leave.
    assert best.misses == {6: 1}
    assert at("2026-12-17 00:00") <= best.moment <= at("2026-12-21 23:00")
    assert best.free == (1, 2, 3, 4, 5)


def test_the_hour_keeps_to_its_wall_when_the_clocks_change():
    after = at("2027-03-22 09:00")
    week = [f"2027-{day} " for day in ("03-22", "04-05", "04-19")]
    free = who(zone=LONDON)
    best = best_hour({1: free}, LONDON, after, RULES)
    assert best.moment == at(f"{week[0]}12:00")
    for day in week:
        assert cost(free, at(f"{day}{best.at:%H:%M}"), RULES) == 0


@pytest.mark.parametrize("zone", [LONDON, DELHI, SYDNEY])
def test_the_hour_is_a_full_one_in_the_zone_of_the_circle(zone):
    best = best_hour({1: who(), 2: who(zone=DELHI)}, zone, at(MONDAY), RULES)
    wall = best.moment.astimezone(ZoneInfo(zone))
    assert (wall.weekday(), wall.time()) == (best.weekday, best.at)
    assert wall.minute == 0
    assert at(MONDAY) <= best.moment <= at(MONDAY) + timedelta(15)


def test_an_hour_is_looked_for_among_people():
    with pytest.raises(ValueError, match="among people"):
        best_hour({}, LONDON, at(MONDAY), RULES)
