"""Choosing an idea among the moments of many members, with the real library and rules."""

import random
import time
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from statistics import quantiles

from bot.chat.content import content
from bot.domain.instruments import FAMILIES
from bot.domain.micro_actions import Library, State
from bot.domain.nudging import Facts, Farewell, Feedback, Held, NudgeRules, Sent, choose
from tests.bench.show import heading, row
from tests.bench.sizes import Sizes

NOW = datetime(2027, 1, 4, 18, 30, tzinfo=UTC)
MOST = 20  # earlier moments of one member


def ideas(sizes: Sizes) -> None:
    library = Library.from_data(content("wellbeing/micro_actions"))
    rules = NudgeRules.from_data(content("wellbeing/nudge_rules"))
    took, found = [], Counter[str]()
    for number, facts in enumerate(_moments(library, sizes.moments)):
        began = time.thread_time()
        # Seeded by the moment, as the product does.
        chosen = choose(facts, library, rules, random.Random(number))
        took.append(time.thread_time() - began)
        if isinstance(chosen, Held):
            found[f"held: {chosen.reason}"] += 1
        else:
            found["the farewell" if isinstance(chosen, Farewell) else "an idea"] += 1
    shares = quantiles(took, n=100)
    heading(
        f"Choose an idea at the due moments of {sizes.moments:,} members with 0 to {MOST} earlier "
        f"ones, {len(library.actions)} ideas, in processor time"
    )
    print(
        f"{len(took) / sum(took):,.0f} moments a second; {sum(took) / len(took) * 1e6:.0f} µs "
        f"each, median {shares[49] * 1e6:.0f} µs, p99 {shares[98] * 1e6:.0f} µs"
    )
    for name, count in found.most_common():
        row(f"  {name}", f"{count / sizes.moments:.1%}")


def _moments(library: Library, number: int) -> Iterator[Facts]:
    chance = random.Random(1)  # the same in every run, so that runs compare
    names = list(library.actions)
    for _ in range(number):
        yield Facts(
            now=NOW,
            engaged=NOW - timedelta(days=chance.expovariate(1 / 12)),
            burnout=chance.choices([None, 1, 2, 3, 4, 5], [10, 10, 20, 35, 18, 7])[0],
            driver=chance.choice([None, *FAMILIES]),
            past=_past(chance, names),
            muted=chance.random() < 0.03,
            cooling=chance.random() < 0.005,
            unavailable="on_shift" if chance.random() < 0.1 else "",
            states=frozenset(chance.choices(list(State), k=chance.choice([0, 0, 0, 1]))),
        )


def _past(chance: random.Random, names: list[str]) -> list[Sent]:
    """Make up earlier moments, three days apart or more; of the ideas, half got a press."""
    past, at = [], NOW
    presses = (None, Feedback.DID_IT, Feedback.NOT_FOR_ME, Feedback.LESS_OF_THESE)
    for _ in range(chance.randint(0, MOST)):
        at -= timedelta(days=chance.uniform(3, 12))
        action = None if chance.random() < 0.3 else chance.choice(names)
        felt = chance.choices(presses, [50, 30, 14, 6])[0] if action else None
        past.append(Sent(at=at, action=action, feedback=felt))
    return past
