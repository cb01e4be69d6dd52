"""Circles: what a circle of five to eight must keep, who is in it, and who does what in it.

The rules below hold without exception. `violations` reads them from their definitions and knows
nothing of how circles are formed (bot/domain/forming.py).
"""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import combinations

from bot.domain.mentoring import CareerStage

#: People of one circle.
FEWEST, MOST = 5, 8
#: Five are too few when two stay away, and of eight not everybody is heard.
SIZE_COST: Mapping[int, float] = {5: 8, 8: 4}
#: Hours of the time looked at that a circle has for meeting: each with all of it, or all but one.
SHARED_HOURS = 2
#: Two who were in a circle together, by their ids, the lower one first.
Pair = tuple[int, int]


class Wish(StrEnum):
    """How somebody would like a circle to meet."""

    ANY = "any"
    LIVE = "live"  # an hour by voice or in a room
    TEXT = "text"  # an hour in the channel
    ASYNC = "async"  # a thread over two days: asks for no shared hour


class Rule(StrEnum):
    """What a circle must keep."""

    SIZE = "size"
    ONCE = "once"  # nobody is in two circles, or unknown
    POWER = "power"  # nobody leads or assesses another
    NOT_WITH = "not_with"
    LANGUAGE = "language"  # one that all speak
    FORM = "form"
    HOURS = "hours"
    LATELY = "lately"  # nobody meets again whom they met in their last circle


class Reason(StrEnum):
    """Why somebody is left over; the value is a key for words.

    None tells that anybody asked not to be with anybody: where that decides, it is `FIT`, as it is
    where hours or earlier circles do, or only the company as a whole.
    """

    TOO_FEW = "too_few"  # fewer than five people in all
    LANGUAGE = "language"  # too few who share a language with them
    FORM = "form"  # too few who would meet in the same way
    FIT = "fit"  # no circle in which all would be right for all


class Duty(StrEnum):
    """What one person of a circle looks after in a session."""

    HOST = "host"
    TIMEKEEPER = "timekeeper"
    SCRIBE = "scribe"
    CARE_KEEPER = "care_keeper"


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """Somebody who would like to be in a circle."""

    id: int
    #: Their name on the platform, by which others name them.
    user: str
    stage: CareerStage
    #: Their team or employer; empty while unknown.
    team: str
    languages: frozenset[str]
    #: Free hours as bits: see bot/domain/free_hours.py.
    hours: int
    topics: frozenset[str] = frozenset()
    #: Names of people they would not be with, and of those who lead or assess them.
    not_with: frozenset[str] = frozenset()
    conflicts: frozenset[str] = frozenset()
    wish: Wish = Wish.ANY


@dataclass(frozen=True, slots=True, kw_only=True)
class Formed:
    """Circles of a pool, by ids, and why the others have none."""

    circles: tuple[tuple[int, ...], ...]
    left: Mapping[int, Reason]
    #: How ill people fit together: see `cost_of`. Less is better.
    cost: float


@dataclass(frozen=True, slots=True)
class Violation:
    """A rule that a circle breaks, and the people it is about."""

    rule: Rule
    people: tuple[int, ...]


def form_of(circle: Iterable[Candidate]) -> Wish:
    """Say how a circle meets: as somebody in it wishes, or live where all leave it open."""
    wishes = {each.wish for each in circle} - {Wish.ANY}
    return min(wishes, default=Wish.LIVE)


def languages_of(circle: Iterable[Candidate]) -> frozenset[str]:
    """Give the languages that all of a circle speak."""
    return frozenset.intersection(*(each.languages for each in circle))


def common_hours(circle: Sequence[Candidate]) -> int:
    """Give the hours, as bits, in which all of a circle can come, or all but one."""
    everybody = but_one = (1 << max(each.hours.bit_length() for each in circle)) - 1
    for each in circle:
        but_one = (but_one & each.hours) | everybody
        everybody &= each.hours
    return but_one


def discomfort(one: Candidate, other: Candidate) -> int:
    """Say how ill two people fit into one circle, from 0 to 12; rules are no part of it.

    The same team counts 4, the same stage 3, no topic in common 2. Free hours at different times
    count up to 3, but not where both would write when it suits them.
    """
    found = 4 * (bool(one.team) and one.team == other.team) + 3 * (one.stage is other.stage)
    found += 2 * (not one.topics & other.topics)
    if one.wish is Wish.ASYNC or other.wish is Wish.ASYNC:
        return found
    most = min(one.hours.bit_count(), other.hours.bit_count())
    return found + (3 - 3 * (one.hours & other.hours).bit_count() // most if most else 3)


def cost_of(circles: Iterable[Sequence[Candidate]]) -> float:
    """Say how ill people fit, over all circles: see `cost_of_circle`."""
    return sum(
        cost_of_circle(sum(discomfort(a, b) for a, b in combinations(circle, 2)), len(circle))
        for circle in circles
    )


def cost_of_circle(pairs: int, size: int) -> float:
    """Say how ill a circle fits, from the sum over its pairs, and add what its size costs.

    Each person counts with the square of the mean: a bad circle is not made good by a good one.
    """
    mean = 2 * pairs / (size * (size - 1)) if size > 1 else 0
    return size * mean * mean + SIZE_COST.get(size, 0)


def violations(
    circles: Iterable[Sequence[int]], people: Iterable[Candidate], met: Collection[Pair] = ()
) -> list[Violation]:
    """List every rule that circles break, with the people concerned; none is the only right count.

    The hours of a circle are those in which at most one of it is missing. There are two or more of
    them, and each of the circle can come in two or more of them. Who writes when it suits them
    needs none.
    """
    known = {each.id: each for each in people}
    seats, pairs = [tuple(circle) for circle in circles], {frozenset(pair) for pair in met}
    times = Counter(who for circle in seats for who in circle)
    wrong = [Violation(Rule.ONCE, (who,)) for who, n in times.items() if n > 1 or who not in known]
    for circle in seats:
        if not FEWEST <= len(circle) <= MOST:
            wrong.append(Violation(Rule.SIZE, circle))
        inside = [known[who] for who in circle if who in known]
        wrong += _between_two(inside, pairs)
        wrong += _of_all(inside)
    return wrong


def _between_two(
    inside: Sequence[Candidate], met: Collection[frozenset[int]]
) -> Iterator[Violation]:
    for a, b in combinations(inside, 2):
        both = a.id, b.id
        if b.user in a.conflicts or a.user in b.conflicts:
            yield Violation(Rule.POWER, both)
        if b.user in a.not_with or a.user in b.not_with:
            yield Violation(Rule.NOT_WITH, both)
        if frozenset(both) in met:
            yield Violation(Rule.LATELY, both)
        if Wish.ANY not in {a.wish, b.wish} and a.wish is not b.wish:
            yield Violation(Rule.FORM, both)


def _of_all(inside: Sequence[Candidate]) -> Iterator[Violation]:
    everyone = tuple(each.id for each in inside)
    spoken = {language for each in inside for language in each.languages}
    if inside and not any(all(one in each.languages for each in inside) for one in spoken):
        yield Violation(Rule.LANGUAGE, everyone)
    if any(each.wish is Wish.ASYNC for each in inside):
        return
    come = Counter[int]()
    for hour in range(max((each.hours.bit_length() for each in inside), default=0)):
        there = [each.id for each in inside if each.hours >> hour & 1]
        if len(there) >= len(inside) - 1:
            come.update(there)
    for who in everyone:
        if come[who] < SHARED_HOURS:
            yield Violation(Rule.HOURS, (who,))


def roles(members: Sequence[int], number: int, absent: Collection[int] = ()) -> Mapping[Duty, int]:
    """Say who does what in session `number`, from the same order of members each time.

    In as many sessions as there are members, everybody has every duty once. The duties of who is
    absent go to those who have none, a different one each time round. Only with fewer than four
    people does somebody have two.
    """
    there = [who for who in members if who not in set(absent)]
    if not there:
        return {}
    size, found = len(members), dict[Duty, int]()
    # Duties are spread around the circle, so that most people rest between two of theirs.
    usual = {duty: (number + n * max(size, 4) // 4) % size for n, duty in enumerate(Duty)}
    for duty, place in usual.items():
        if members[place] in there and members[place] not in found.values():
            found[duty] = members[place]
    for duty in Duty:
        if duty not in found:
            # Whoever is away comes round once in `size` sessions: each time another stands in.
            first = usual[duty] + 1 + number // size
            after = [members[(first + n) % size] for n in range(size)]
            load = Counter(found.values())
            found[duty] = min((who for who in after if who in there), key=lambda who: load[who])
    return {duty: found[duty] for duty in Duty}
