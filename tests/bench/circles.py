"""Circles of a whole pool: how long it takes, and how good they are against two plain ways."""

import time
from collections import Counter
from collections.abc import Sequence

from bot.domain.circles import Candidate, Pair, Rule, cost_of, violations
from bot.domain.forming import form_circles
from tests.bench.pools import greedy_circles, pool, random_circles
from tests.bench.show import aimed, heading, row
from tests.bench.sizes import Sizes

#: Seconds in which circles are formed of a thousand people.
AIM = 5


def circles(sizes: Sizes) -> None:
    people, met = pool(sizes.pool)
    heading(
        f"Form circles of {len(people):,} people on six zones, many on rotas, {len(met):,} pairs "
        "of whom met in the last two rounds; discomfort of people in the square mean, 0 to 144"
    )
    row("", "seconds", "discomfort", "worst tenth", "left over", "rules broken")
    began = time.perf_counter()
    dealt = random_circles(people)
    _show("dealt at random, no rule kept", people, met, dealt, time.perf_counter() - began)
    began = time.perf_counter()
    grown = greedy_circles(people, met)
    greedy = _show("greedy, every rule kept", people, met, grown, time.perf_counter() - began)
    began = time.perf_counter()
    formed = form_circles(people, met=met)
    took = time.perf_counter() - began
    ours = _show("ours", people, met, formed.circles, took)
    counts = Counter(map(len, formed.circles))
    print(f"  sizes: {', '.join(f'{counts[n]} of {n}' for n in sorted(counts))}")
    share = ours / greedy
    print(f"  ours / greedy: {share:.2f} of the discomfort {aimed(share <= 0.7, '0.7 at most')}")
    print(f"  time {aimed(took <= AIM, f'{AIM} s for 1,000 people')}")
    broken = violations(formed.circles, people, met)
    print(f"  no rule broken {aimed(not broken, '0 violations')}")


def _show(
    name: str,
    people: Sequence[Candidate],
    met: set[Pair],
    found: Sequence[Sequence[int]],
    seconds: float,
) -> float:
    """Show one way of forming circles; give the discomfort for each person who has a seat."""
    cost, worst = quality(people, found)
    seated = sum(map(len, found))
    broken = violations(found, people, met)
    row(
        name,
        f"{seconds:.1f}",
        f"{cost:.2f}",
        f"{worst:.2f}",
        f"{len(people) - seated}",
        f"{len(broken)}",
    )
    if broken:
        counts = Counter(each.rule for each in broken)
        print("    " + ", ".join(f"{rule}: {counts[rule]}" for rule in Rule if counts[rule]))
    return cost


def quality(people: Sequence[Candidate], found: Sequence[Sequence[int]]) -> tuple[float, float]:
    """Give the discomfort for each person seated, and for each in the worst tenth of circles."""
    by_id = {each.id: each for each in people}
    costs = sorted(
        (cost_of([[by_id[who] for who in circle]]) / len(circle), len(circle)) for circle in found
    )
    tenth = costs[-max(1, len(costs) // 10) :]

    def mean(some: list[tuple[float, int]]) -> float:
        return sum(cost * size for cost, size in some) / sum(size for _, size in some)

    return mean(costs), mean(tenth)
