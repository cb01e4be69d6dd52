"""The hours that are proposed: to a few who look for a time, and to a group that meets often."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import chain

from bot.domain.availability import Availability
from bot.domain.free_hours import Horizon, MeetingRules, cost, hours_of, mask
from bot.domain.shifts import instant
from bot.domain.zones import local

_DAY = timedelta(days=1)


def slots(
    people: Sequence[Availability],
    over: Horizon,
    rules: MeetingRules,
    *,
    zone: str,
    most: int = 3,
) -> tuple[datetime, ...]:
    """Propose hours in which all can meet, one a day of a zone, in order.

    The first days that have a good hour come first; days whose best hour is worse fill up.
    """
    free = (1 << over.hours) - 1 if people else 0
    for who in people:
        free &= mask(who, over, rules)
    best: dict[date, tuple[int, int, datetime]] = {}
    for moment in map(over.moment, hours_of(free)):
        costs = [cost(who, moment, rules) or 0 for who in people]
        day = local(moment, zone).date()
        this = max(costs, default=0), sum(costs), moment
        best[day] = min(best.get(day, this), this)
    order = sorted(best.values(), key=lambda each: (max(each[0], rules.good), each[2]))
    return tuple(sorted(moment for _, _, moment in order[:most]))


@dataclass(frozen=True, slots=True, kw_only=True)
class Best:
    """The least bad hour for a group that meets again and again."""

    #: Monday is 0; both as on the wall of the group's zone.
    weekday: int
    at: time
    #: The first of the meetings, in UTC.
    moment: datetime
    #: Who can always come, at a good hour for them.
    free: tuple[int, ...]
    #: Who can always come, at an hour that asks something of them.
    strained: tuple[int, ...]
    #: Who cannot come at least once.
    cannot: tuple[int, ...]
    #: How many of the meetings looked at each of these misses.
    misses: Mapping[int, int]
    #: For whom the hour is worst among those who can come, and how bad; nobody if it is good.
    worst: int | None
    cost: int


def best_hour(
    people: Mapping[int, Availability],
    zone: str,
    after: datetime,
    rules: MeetingRules,
    *,
    every: int = 14,
    sessions: int = 3,
) -> Best:
    """Find the weekday and time at which most can come, and which is least bad for the worst off.

    The hour is a full one on the wall of `zone`, whose clock it follows through the seasons. The
    first meeting is within `every` days.
    """
    if not people:
        raise ValueError("An hour is looked for among people.")
    found: tuple[tuple[int, int, int, datetime], Best] | None = None
    for day in _next_days(after, zone, every):
        for hour in range(24):
            days = [day + n * every * _DAY for n in range(sessions)]
            moments = [instant(each, time(hour), zone, late=False) for each in days]
            if moments[0] < after:
                continue
            key, best = _weigh(people, zone, moments, rules)
            if found is None or key < found[0]:
                found = key, best
    assert found is not None  # noqa: S101 - a day has hours
    return found[1]


def _next_days(after: datetime, zone: str, number: int) -> Iterator[date]:
    today = local(after, zone).date()
    return (today + n * _DAY for n in range(number + 1))


def _weigh(
    people: Mapping[int, Availability],
    zone: str,
    moments: Sequence[datetime],
    rules: MeetingRules,
) -> tuple[tuple[int, int, int, datetime], Best]:
    costs = {who: [cost(people[who], each, rules) for each in moments] for who in sorted(people)}
    misses = {who: each.count(None) for who, each in costs.items() if None in each}
    # Who is there at least once counts for the hour.
    come = {
        who: max(each for each in known if each is not None)
        for who, known in costs.items()
        if known.count(None) < len(known)
    }
    worst = max(come, key=lambda who: (come[who], -who), default=None)
    badness = come[worst] if worst is not None else 0
    total = sum(each or 0 for each in chain.from_iterable(costs.values()))
    wall = local(moments[0], zone)
    best = Best(
        weekday=wall.weekday(),
        at=wall.time(),
        moment=moments[0],
        free=tuple(who for who in come if who not in misses and come[who] <= rules.good),
        strained=tuple(who for who in come if who not in misses and come[who] > rules.good),
        cannot=tuple(misses),
        misses=misses,
        worst=worst if badness > rules.good else None,
        cost=badness,
    )
    return (sum(misses.values()), badness, total, moments[0]), best
