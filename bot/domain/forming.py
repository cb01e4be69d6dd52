"""Forming circles from a pool: annealing that never breaks a rule on its way.

The search walks from one set of allowed circles to another: two people change places, one moves to
another circle, somebody who waits comes in, new circles are founded. What makes a circle worse is
accepted often while the search is hot and hardly ever when it is cold (Kirkpatrick, Gelatt and
Vecchi, Optimization by Simulated Annealing, 1983). Somebody left over costs more than any change
of places can, and no step adds to them.
"""

import math
import random
from collections.abc import Collection, Iterable, Sequence

from bot.domain.apart import Apart
from bot.domain.circles import (
    FEWEST,
    MOST,
    SHARED_HOURS,
    Candidate,
    Formed,
    Pair,
    Wish,
    common_hours,
    cost_of_circle,
    discomfort,
    languages_of,
)
from bot.domain.free_hours import hours_of

#: Steps of the search for each person of the pool, and at least so many in all.
STEPS, FEWEST_STEPS = 600, 12_000
#: In discomfort: how much worse a step may be at first, and at last, to be taken now and then.
HOT, COLD = 0.6, 0.03
#: People in a circle when it is founded: room is left for who waits.
FOUNDED = 7
#: Larger pools are formed in parts, since the search compares each with each.
PART = 1_500
#: Those who wait are looked at every so many steps, or once for each person of the pool.
LOOK = 24
#: How many others are tried for a new circle, in between, and at the beginning and the end.
QUICKLY, THOROUGHLY = 60, 2_000
NEARP=.6
NEAR = 60
#: Others who are drawn for one seat of it.
DRAWN = 40


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
    found = [_Search(part, met, chance) for part in parts]
    for search in found:
        search.run(steps if steps is not None else max(FEWEST_STEPS, STEPS * len(search.people)))
    circles = sorted(circle for search in found for circle in search.circles())
    placed = {who for circle in circles for who in circle}
    apart = Apart(pool, met) if len(placed) < len(pool) else None
    return Formed(
        circles=tuple(circles),
        left={
            each.id: apart.reason(n)
            for n, each in enumerate(pool)
            if apart is not None and each.id not in placed
        },
        cost=sum(search.cost() for search in found),
    )


def _parts(pool: Sequence[Candidate], chance: random.Random) -> list[list[Candidate]]:
    """Split a large pool into parts of people who could share a circle."""
    number = -(-len(pool) // PART)
    if number <= 1:
        return [list(pool)]
    mixed = sorted(pool, key=lambda each: (sorted(each.languages), each.wish, chance.random()))
    size = -(-len(mixed) // number)
    return [mixed[n : n + size] for n in range(0, len(mixed), size)]


class _Search:
    """Circles of one part of a pool; people are named by their place in it, circles by theirs."""

    def __init__(
        self, people: Sequence[Candidate], met: Collection[Pair], chance: random.Random
    ) -> None:
        self.people, self._chance = people, chance
        self._apart = Apart(people, met).rows
        self._ill = [bytes(discomfort(a, b) for b in people) for a in people]
        for n, row in enumerate(self._ill):
            self._ill[n] = row[:n] + b"\0" + row[n + 1 :]
        #: The circle of each person, None while they wait, and what they are to the others of it.
        self._place: list[int | None] = [None] * len(people)
        self._own = [0] * len(people)
        self._tries, self._all = 0, (1 << len(people)) - 1
        self._circles: list[list[int]] = []
        self._bits: list[int] = []
        self._sums: list[int] = []

    def circles(self) -> list[tuple[int, ...]]:
        """Give the circles as ids, in order."""
        return [tuple(sorted(self.people[n].id for n in circle)) for circle in self._circles]

    def cost(self) -> float:
        """Add up how ill people fit: see `cost_of`."""
        return sum(map(self._cost, range(len(self._circles))))

    def _cost(self, circle: int) -> float:
        return cost_of_circle(self._sums[circle], len(self._circles[circle]))

    def run(self, steps: int) -> None:
        """Found circles, then better them."""
        # Who can be with the fewest chooses first.
        order = sorted(range(len(self.people)), key=lambda n: (-self._apart[n].bit_count(), n))
        for n in order:
            if self._place[n] is None:
                self._found(n, THOROUGHLY)
        self._seat_all()
        if not self._circles:
            return
        size, draw = len(self.people), self._chance.random
        near = self._near()
        look = max(LOOK, size)
        cooling, heat = (COLD / HOT) ** (look / max(steps, 1)), HOT
        for _ in range(steps // look):
            for _ in range(look):
                one, kind = int(draw() * size), draw()
                if kind < NEARP and near[one]:
                    friend = near[one][int(draw() * len(near[one]))]
                    there = self._place[friend]
                    if there is not None:
                        theirs = self._circles[there]
                        other = theirs[int(draw() * len(theirs))]
                        if other != friend:
                            self._swap(one, other, heat)
                elif kind < 0.85:
                    self._swap(one, int(draw() * size), heat)
                else:
                    self._move(one, int(draw() * len(self._circles)), heat)
            heat *= cooling
            self._look_at_waiting()
        self._seat_all()

    def _near(self) -> list[list[int]]:
        """List for each person those who fit best."""
        found = []
        for n, row in enumerate(self._ill):
            these = [m for m in hours_of(self._all & ~(self._apart[n] | 1 << n))]
            self._chance.shuffle(these)
            found.append(sorted(these, key=row.__getitem__)[:NEAR])
        return found

    def _waiting(self) -> list[int]:
        return [n for n, place in enumerate(self._place) if place is None]

    def _look_at_waiting(self) -> None:
        """Give some who wait a seat, or a circle around them, or the seat of another."""
        waiting = self._waiting()
        for one in self._chance.sample(waiting, min(len(waiting), FEWEST)):
            circle = self._chance.randrange(len(self._circles))
            if self._place[one] is not None or self._seat(one, circle):
                continue
            if not self._found(one, QUICKLY):
                # Whoever gives way waits in their stead: they may fit where this one does not.
                self._swap(one, self._chance.choice(self._circles[circle]), HOT)

    def _seat_all(self) -> None:
        """Give everybody who waits the best of the seats that are free for them."""
        for one in self._waiting():
            order = sorted(range(len(self._circles)), key=lambda n: (self._added(one, n), n))
            if not any(self._seat(one, circle) for circle in order):
                self._found(one, THOROUGHLY)

    def _added(self, one: int, circle: int) -> float:
        row = self._ill[one]
        return sum(row[n] for n in self._circles[circle]) / len(self._circles[circle])

    def _seat(self, one: int, circle: int) -> bool:
        inside = self._circles[circle]
        if len(inside) >= MOST or self._apart[one] & self._bits[circle]:
            return False
        if not self._keeps([*inside, one]):
            return False
        self._fill(circle, [*inside, one])
        return True

    def _found(self, one: int, tries: int) -> bool:
        """Found a circle around somebody who waits, of others who wait or can be spared."""
        free = 0
        for n, place in enumerate(self._place):
            free |= (place is None or len(self._circles[place]) > FEWEST) << n
        self._tries = tries
        inside = self._group([one], free & ~(self._apart[one] | 1 << one))
        if inside is None:
            return False
        apart = self._any_apart(inside)
        for n in self._waiting():
            if len(inside) < FOUNDED and not apart >> n & 1 and self._keeps([*inside, n]):
                inside.append(n)
                apart |= self._apart[n] | 1 << n
        return self._open(inside)

    def _any_apart(self, inside: Iterable[int]) -> int:
        found = 0
        for n in inside:
            found |= self._apart[n] | 1 << n
        return found

    def _group(self, inside: list[int], free: int) -> list[int] | None:
        """Find a smallest circle, trying those first who fit best; give up after so many tries."""
        if len(inside) == FEWEST:
            return inside
        if len(inside) + free.bit_count() < FEWEST:
            return None
        for n in self._some(inside, free):
            if self._tries <= 0:
                return None
            self._tries -= 1
            free &= ~(1 << n)
            if self._is_spared(n, inside) and self._keeps([*inside, n]):
                found = self._group([*inside, n], free & ~self._apart[n])
                if found is not None:
                    return found
        return None

    def _is_spared(self, one: int, gone: Sequence[int]) -> bool:
        """Tell whether somebody's circle, if they have one, stays large enough without them."""
        place = self._place[one]
        if place is None:
            return True
        taken = sum(self._place[n] == place for n in gone)
        return len(self._circles[place]) - taken > FEWEST

    def _some(self, inside: Sequence[int], free: int) -> list[int]:
        """Draw a few of those who are free, those who wait and who fit best first."""
        these = list(hours_of(free))
        waiting = [n for n in these if self._place[n] is None]
        if len(waiting) >= FEWEST - len(inside):
            these = waiting
        rows = [self._ill[n] for n in inside]
        some = self._chance.sample(these, min(len(these), DRAWN))
        return sorted(some, key=lambda n: (sum(row[n] for row in rows), n))

    def _open(self, inside: list[int]) -> bool:
        """Make a circle; those who come from others must leave allowed circles behind."""
        gone = set(inside)
        rest = {
            place: [n for n in self._circles[place] if n not in gone]
            for place in {self._place[n] for n in inside}
            if place is not None
        }
        if not all(map(self._keeps, rest.values())):
            return False
        for place, left in rest.items():
            self._fill(place, left)
        self._circles.append([])
        self._bits.append(0)
        self._sums.append(0)
        self._fill(len(self._circles) - 1, inside)
        return True

    def _fill(self, circle: int, inside: list[int]) -> None:
        """Make a circle of these people."""
        self._circles[circle] = inside
        self._bits[circle] = sum(1 << n for n in inside)
        for n in inside:
            self._place[n] = circle
            self._own[n] = sum(map(self._ill[n].__getitem__, inside))
        self._sums[circle] = sum(self._own[n] for n in inside) // 2

    def _keeps(self, inside: Sequence[int]) -> bool:
        """Tell whether people between whom nothing stands keep the rules about all of a circle."""
        circle = [self.people[n] for n in inside]
        if not languages_of(circle):
            return False
        if any(each.wish is Wish.ASYNC for each in circle):
            return True
        hours = common_hours(circle)
        return all((hours & each.hours).bit_count() >= SHARED_HOURS for each in circle)

    def _takes(self, worse: float, heat: float) -> bool:
        return worse <= 0 or self._chance.random() < math.exp(-worse / heat)

    def _swap(self, one: int, other: int, heat: float) -> None:
        """Let two change places, where that is allowed and good enough."""
        here, there = self._place[one], self._place[other]
        if here == there:
            return
        if here is None or there is None:
            self._replace(*((one, other) if here is None else (other, one)), heat)
            return
        apart, bits = self._apart, self._bits
        if apart[one] & bits[there] & ~(1 << other) or apart[other] & bits[here] & ~(1 << one):
            return
        first, second, own = self._ill[one].__getitem__, self._ill[other].__getitem__, self._own
        both = first(other)
        mine, theirs = self._circles[here], self._circles[there]
        gives = self._sums[here] + sum(map(second, mine)) - both - own[one]
        takes = self._sums[there] + sum(map(first, theirs)) - both - own[other]
        worse = cost_of_circle(gives, len(mine)) + cost_of_circle(takes, len(theirs))
        if not self._takes(worse - self._cost(here) - self._cost(there), heat):
            return
        mine = [other if n == one else n for n in mine]
        theirs = [one if n == other else n for n in theirs]
        if self._keeps(mine) and self._keeps(theirs):
            self._fill(here, mine)
            self._fill(there, theirs)

    def _replace(self, waiting: int, seated: int, heat: float) -> None:
        """Let somebody who waits have the seat of another, who then waits."""
        circle = self._place[seated]
        if circle is None or self._apart[waiting] & self._bits[circle] & ~(1 << seated):
            return
        inside = [n for n in self._circles[circle] if n != seated]
        pairs = self._sums[circle] + sum(map(self._ill[waiting].__getitem__, inside))
        worse = cost_of_circle(pairs - self._own[seated], len(inside) + 1) - self._cost(circle)
        if not self._takes(worse, heat) or not self._keeps([*inside, waiting]):
            return
        self._place[seated], self._own[seated] = None, 0
        self._fill(circle, [*inside, waiting])

    def _move(self, one: int, there: int, heat: float) -> None:
        """Let somebody move to another circle with room."""
        here = self._place[one]
        if here is None or here == there or self._apart[one] & self._bits[there]:
            return
        mine, theirs = self._circles[here], self._circles[there]
        if len(mine) <= FEWEST or len(theirs) >= MOST:
            return
        added = sum(map(self._ill[one].__getitem__, theirs))
        worse = cost_of_circle(self._sums[here] - self._own[one], len(mine) - 1)
        worse += cost_of_circle(self._sums[there] + added, len(theirs) + 1)
        if not self._takes(worse - self._cost(here) - self._cost(there), heat):
            return
        left, joined = [n for n in mine if n != one], [*theirs, one]
        if self._keeps(left) and self._keeps(joined):
            self._fill(here, left)
            self._fill(there, joined)
