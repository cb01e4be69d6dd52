"""Forming circles from a pool: annealing that never breaks a rule on its way.

The search walks from one set of allowed circles to another: two people change places, one moves to
another circle, somebody who waits comes in, new circles are founded. What makes a circle worse is
accepted often while the search is hot and hardly ever when it is cold (Kirkpatrick, Gelatt and
Vecchi, Optimization by Simulated Annealing, 1983). Somebody left over costs more than any change
of places can, and no step adds to them.
"""

import random
from collections.abc import Callable, Collection, Iterable, Sequence

from bot.domain.apart import Apart
from bot.domain.circles import FEWEST, Candidate, Formed, Pair
from bot.domain.seating import Seating

#: Steps of the search for each person of the pool, and at least so many in all.
STEPS, FEWEST_STEPS = 800, 12_000
#: How much worse a step may be at first, and at last, to be taken now and then.
HOT, COLD = 1.2, 0.1
#: Of all steps, how many are moves, and up to where people change places with anybody.
TO_MOVE, TO_ANY = 0.15, 0.25
#: Larger pools are formed in parts, since the search compares each with each.
PART = 1_500
#: Those who wait are looked at every so many steps, or once for each person of the pool.
LOOK = 24
#: How many others are tried for a new circle, in between, and at the beginning and the end.
QUICKLY, THOROUGHLY = 60, 2_000


def form_circles(
    people: Iterable[Candidate],
    *,
    met: Collection[Pair] = (),
    seed: int = 0,
    steps: int | None = None,
) -> Formed:
    """Put as many as possible into circles that keep every rule, of people who fit well.

    The same people, pairs and seed give the same circles, in whatever order they come. Raise
    ValueError when an id or a user's name comes twice.
    """
    pool = sorted(people, key=lambda each: each.id)
    if len({each.id for each in pool}) < len(pool) or len({each.user for each in pool}) < len(pool):
        raise ValueError("Somebody is in the pool twice.")
    chance = random.Random(seed)
    parts = _parts(pool, chance)
    found = [Seating(part, met, chance) for part in parts]
    for seats in found:
        usual = max(FEWEST_STEPS, STEPS * len(seats.people))
        _better(seats, usual if steps is None else steps, chance)
    circles = sorted(circle for seats in found for circle in seats.circles())
    placed = {who for circle in circles for who in circle}
    apart = Apart(pool, met) if len(placed) < len(pool) else None
    return Formed(
        circles=tuple(circles),
        left={
            each.id: apart.reason(n)
            for n, each in enumerate(pool)
            if apart is not None and each.id not in placed
        },
        cost=sum(seats.cost() for seats in found),
    )


def _parts(pool: Sequence[Candidate], chance: random.Random) -> list[list[Candidate]]:
    """Split a large pool into parts of people who could share a circle."""
    number = -(-len(pool) // PART)
    if number <= 1:
        return [list(pool)]
    mixed = sorted(pool, key=lambda each: (sorted(each.languages), each.wish, chance.random()))
    size = -(-len(mixed) // number)
    return [mixed[n : n + size] for n in range(0, len(mixed), size)]


def _better(seats: Seating, steps: int, chance: random.Random) -> None:
    """Found circles, then better them."""
    people = range(len(seats.people))
    # Who can be with the fewest chooses first.
    for one in sorted(people, key=lambda n: (-seats.apart[n].bit_count(), n)):
        if seats.place[one] is None:
            seats.found(one, THOROUGHLY)
    _seat_all(seats)
    if not seats.seats:
        return
    near, look = seats.near(), max(LOOK, len(people))
    cooling, heat = (COLD / HOT) ** (look / max(steps, 1)), HOT
    for _ in range(steps // look):
        for _ in range(look):
            _step(seats, near, heat, chance.random)
        heat *= cooling
        _look_at_waiting(seats, chance)
    _seat_all(seats)


def _step(
    seats: Seating, near: Sequence[Sequence[int]], heat: float, draw: Callable[[], float]
) -> None:
    one, kind = int(draw() * len(near)), draw()
    if kind < TO_MOVE:
        seats.move(one, int(draw() * len(seats.seats)), heat)
    elif kind < TO_ANY or not near[one]:
        seats.swap(one, int(draw() * len(near)), heat)
    else:
        # A seat beside somebody who fits well is worth more tries than any other.
        friend = near[one][int(draw() * len(near[one]))]
        there = seats.place[friend]
        if there is not None:
            circle = seats.seats[there]
            seats.swap(one, circle[int(draw() * len(circle))], heat)


def _look_at_waiting(seats: Seating, chance: random.Random) -> None:
    """Give some who wait a seat, or a circle around them, or the seat of another."""
    waiting = seats.waiting()
    for one in chance.sample(waiting, min(len(waiting), FEWEST)):
        circle = chance.randrange(len(seats.seats))
        if seats.place[one] is not None or seats.seat(one, circle) or seats.found(one, QUICKLY):
            continue
        # Whoever gives way waits in their stead: they may fit where this one does not.
        seats.swap(one, chance.choice(seats.seats[circle]), HOT)


def _seat_all(seats: Seating) -> None:
    """Give everybody who waits the best of the seats that are free for them."""
    for one in seats.waiting():
        order = sorted((seats.added(one, n), n) for n in range(len(seats.seats)))
        if seats.place[one] is None and not any(seats.seat(one, circle) for _, circle in order):
            seats.found(one, THOROUGHLY)
