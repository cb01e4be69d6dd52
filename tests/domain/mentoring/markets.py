"""Random markets, and everything about small ones by trying all there is."""

import random
from collections import Counter
from collections.abc import Iterator
from itertools import product

from bot.domain.matching import Market, Matching


def random_market(
    chance: random.Random, mentees: int, mentors: int, *, longest: int, places: int
) -> Market:
    """Make up a market in which some list people who left, or who do not list them."""
    givers = range(100, 100 + mentors)
    orders = {
        mentee: chance.sample([*givers, 999], chance.randint(0, min(longest, mentors)))
        for mentee in range(mentees)
    }
    listed = {
        mentor: [
            mentee
            for mentee, order in orders.items()
            if (mentor in order) is (chance.random() < 0.95)
        ]
        for mentor in givers
    }
    for order in listed.values():
        chance.shuffle(order)
    return Market(
        mentees=orders,
        mentors=listed,
        places={mentor: chance.randint(0, places) for mentor in givers},
    )


def shuffled(market: Market, chance: random.Random) -> Market:
    """The same market, told in another order."""

    def mixed(orders: dict) -> dict:
        return dict(chance.sample(list(orders.items()), len(orders)))

    return Market(
        mentees=mixed(market.mentees), mentors=mixed(market.mentors), places=mixed(market.places)
    )


def possible(market: Market) -> Iterator[Matching]:
    """Every matching in which each has somebody they list, and nobody too many."""
    mentees = list(market.mentees)
    choices = [
        [None, *(mentor for mentor in order if mentee in market.mentors.get(mentor, ()))]
        for mentee, order in market.mentees.items()
    ]
    for chosen in product(*choices):
        taken = Counter(mentor for mentor in chosen if mentor is not None)
        if all(count <= market.places[mentor] for mentor, count in taken.items()):
            yield {
                mentee: mentor
                for mentee, mentor in zip(mentees, chosen, strict=True)
                if mentor is not None
            }


def is_stable(market: Market, matching: Matching) -> bool:
    """Look at every two people, in the words of the definition."""
    for mentee, order in market.mentees.items():
        for mentor, theirs in market.mentors.items():
            if mentor not in order or mentee not in theirs or matching.get(mentee) == mentor:
                continue
            now = matching.get(mentee)
            would_move = now is None or order.index(mentor) < order.index(now)
            held = [each for each, who in matching.items() if who == mentor]
            would_take = len(held) < market.places[mentor] or any(
                theirs.index(mentee) < theirs.index(each) for each in held
            )
            if would_move and would_take and market.places[mentor]:
                return False
    return True


def stable_matchings(market: Market) -> list[Matching]:
    return [matching for matching in possible(market) if is_stable(market, matching)]
