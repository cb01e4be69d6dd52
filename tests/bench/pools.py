"""Pools of people for circles, and two plain ways to form circles of them, to compare with."""

import random
from collections.abc import Collection, Iterable, Sequence
from itertools import combinations

from bot.domain.circles import FEWEST, MOST, Candidate, Pair, Wish, discomfort, violations
from bot.domain.mentoring import CareerStage

DAYS = 28
_TOPICS = (
    *("leading", "teaching", "research", "balance", "moving"),
    *("networks", "conflict", "technology", "pathways"),
)
#: Hours behind or ahead of UTC, and how many live there.
_ZONES = {-8: 8, -5: 25, 0: 30, 1: 20, 5: 10, 10: 7}


def pool(number: int, seed: int = 1) -> tuple[list[Candidate], set[Pair]]:
    """Make up a pool on six zones, with rotas, leads, wishes, and two rounds of circles before."""
    chance = random.Random(seed)
    stages = list(CareerStage)
    weights = [10, 25, 25, 20, 12, 8]
    teams = [f"team {n}" for n in range(max(3, number // 15))]
    of_team: dict[str, list[int]] = {}
    people = []
    for n in range(number):
        team = chance.choice(teams)
        mates = of_team.setdefault(team, [])
        leads = [f"u{m}" for m in mates[:1]] if mates and chance.random() < 0.5 else []
        mates.append(n)
        people.append(
            Candidate(
                id=n + 1,
                user=f"u{n}",
                stage=chance.choices(stages, weights)[0],
                team=team if chance.random() < 0.9 else "",
                languages=_languages(chance),
                hours=_hours(chance),
                topics=frozenset(chance.sample(_TOPICS, chance.randint(1, 4))),
                not_with=frozenset(f"u{chance.randrange(number)}" for _ in range(_few(chance)))
                - {f"u{n}"},
                conflicts=frozenset(leads),
                wish=chance.choices(list(Wish), [60, 20, 8, 12])[0],
            )
        )
    return people, _met(number, chance)


def _few(chance: random.Random) -> int:
    return chance.choices([0, 1, 3], [80, 15, 5])[0]


def _languages(chance: random.Random) -> frozenset[str]:
    own = chance.choices(["en", "de", "fr", "es", "hi"], [60, 14, 10, 10, 6])[0]
    return frozenset({own} if chance.random() < 0.1 else {own, "en"})


def _hours(chance: random.Random) -> int:
    """Make up a rota of four weeks: days off, day shifts, runs of nights, a week of leave."""
    ahead = chance.choices(list(_ZONES), list(_ZONES.values()))[0]
    by_shifts, free = chance.random() < 0.6, 0
    for day in range(DAYS):
        kind = chance.choices(["day", "off", "night"], [5, 2, 2])[0] if by_shifts else "day"
        if not by_shifts and day % 7 in {5, 6}:
            kind = "off"
        for hour in {"day": (18, 19, 20), "off": range(8, 21), "night": ()}[kind]:
            free |= 1 << (day * 24 + hour - ahead) % (DAYS * 24)
    if chance.random() < 0.15:
        free &= ~(((1 << 7 * 24) - 1) << chance.randrange(21) * 24)
    return free


def _met(number: int, chance: random.Random) -> set[Pair]:
    met = set[Pair]()
    for _ in range(2):
        order = list(range(1, number + 1))
        chance.shuffle(order)
        for n in range(0, number, 7):
            met.update(combinations(sorted(order[n : n + 7]), 2))
    return met


def random_circles(people: Sequence[Candidate], seed: int = 1) -> list[tuple[int, ...]]:
    """Deal a shuffled pool into circles of six or seven, whatever the rules say."""
    order = [each.id for each in people]
    random.Random(seed).shuffle(order)
    number = max(1, round(len(order) / 6.5))
    return [tuple(order[n::number]) for n in range(number)]


def greedy_circles(
    people: Sequence[Candidate], met: Collection[Pair], size: int = 7
) -> list[tuple[int, ...]]:
    """Fill one circle after another with whoever fits best of those who may join; none is undone.

    Who is left over at the end gets any seat that the rules allow.
    """
    ill = {a.id: {b.id: discomfort(a, b) for b in people} for a in people}
    by_id, pairs = {each.id: each for each in people}, {frozenset(pair) for pair in met}
    rest, circles = list(by_id), list[list[int]]()
    while rest:
        circle = [rest.pop(0)]
        while len(circle) < size:
            order = sorted(rest, key=lambda who: sum(ill[who][each] for each in circle))
            best = next((who for who in order if fits(circle, who, by_id, pairs)), None)
            if best is None:
                break
            circle.append(best)
            rest.remove(best)
        circles.append(circle)
    full = [circle for circle in circles if len(circle) >= FEWEST]
    for who in (who for circle in circles if len(circle) < FEWEST for who in circle):
        for circle in full:
            if len(circle) < MOST and fits(circle, who, by_id, pairs):
                circle.append(who)
                break
    return [tuple(circle) for circle in full]


def fits(
    circle: Iterable[int], who: int, by_id: dict[int, Candidate], met: Collection[frozenset[int]]
) -> bool:
    """Tell whether somebody may join, by the rules as they are written."""
    inside, one = [by_id[each] for each in circle], by_id[who]
    if any(frozenset({each.id, who}) in met for each in inside):
        return False
    # Size aside: a circle that is being filled is too small.
    found = violations([[*(each.id for each in inside), who]], [*inside, one])
    return all(each.rule.value == "size" for each in found)
