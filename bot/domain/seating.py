"""Who sits in which circle, and the steps from there that break no rule."""

import math
import random
from collections.abc import Collection, Iterable, Sequence
from itertools import combinations

from bot.domain.apart import Apart
from bot.domain.circles import (
    FEWEST,
    MOST,
    SHARED_HOURS,
    Candidate,
    Pair,
    Wish,
    common_hours,
    cost_of_circle,
    discomfort,
    languages_of,
)
from bot.domain.free_hours import hours_of

#: People in a circle when it is founded: room is left for who waits.
FOUNDED = 7
#: Others who are drawn for one seat of a new circle.
DRAWN = 40
#: Others who count as those who fit somebody best, of how many who are looked at.
NEAR, LOOKED_AT = 10, 300


class Seating:
    """Circles of one part of a pool; people are named by their place in it, circles by theirs."""

    def __init__(
        self, people: Sequence[Candidate], met: Collection[Pair], chance: random.Random
    ) -> None:
        self.people, self._chance = people, chance
        self.apart = Apart(people, met).rows
        self._ill = [bytearray(len(people)) for _ in people]
        for (n, a), (m, b) in combinations(enumerate(people), 2):
            self._ill[n][m] = self._ill[m][n] = discomfort(a, b)
        #: The circle of each person, None while they wait, and what they are to the others of it.
        self.place: list[int | None] = [None] * len(people)
        self._own = [0] * len(people)
        self._tries = 0
        self.seats: list[list[int]] = []
        self._bits: list[int] = []
        self._sums: list[int] = []

    def circles(self) -> list[tuple[int, ...]]:
        """Give the circles as ids, in order."""
        return [tuple(sorted(self.people[n].id for n in circle)) for circle in self.seats]

    def cost(self) -> float:
        """Add up how ill people fit: see `cost_of`."""
        return sum(map(self._cost, range(len(self.seats))))

    def _cost(self, circle: int) -> float:
        return cost_of_circle(self._sums[circle], len(self.seats[circle]))

    def near(self) -> list[list[int]]:
        """List for each person those who fit best."""
        found, everybody = [], range(len(self.people))
        for n, row in enumerate(self._ill):
            some = self._chance.sample(everybody, min(len(everybody), LOOKED_AT))
            these = [m for m in some if m != n and not self.apart[n] >> m & 1]
            found.append(sorted(these, key=row.__getitem__)[:NEAR])
        return found

    def waiting(self) -> list[int]:
        """List who has no seat."""
        return [n for n, place in enumerate(self.place) if place is None]

    def added(self, one: int, circle: int) -> float:
        """Say how ill somebody would fit into a circle, in the mean."""
        row = self._ill[one]
        return sum(row[n] for n in self.seats[circle]) / len(self.seats[circle])

    def seat(self, one: int, circle: int) -> bool:
        """Give somebody who waits a free seat, if the rules allow; tell whether they have it."""
        inside = self.seats[circle]
        if len(inside) >= MOST or self.apart[one] & self._bits[circle]:
            return False
        if not self._keeps([*inside, one]):
            return False
        self._fill(circle, [*inside, one])
        return True

    def found(self, one: int, tries: int) -> bool:
        """Found a circle around somebody who waits, of others who wait or can be spared."""
        free = 0
        for n, place in enumerate(self.place):
            free |= (place is None or len(self.seats[place]) > FEWEST) << n
        self._tries = tries
        inside = self._group([one], free & ~(self.apart[one] | 1 << one))
        if inside is None:
            return False
        apart = self._any_apart(inside)
        for n in self.waiting():
            if len(inside) < FOUNDED and not apart >> n & 1 and self._keeps([*inside, n]):
                inside.append(n)
                apart |= self.apart[n] | 1 << n
        return self._open(inside)

    def _any_apart(self, inside: Iterable[int]) -> int:
        found = 0
        for n in inside:
            found |= self.apart[n] | 1 << n
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
                found = self._group([*inside, n], free & ~self.apart[n])
                if found is not None:
                    return found
        return None

    def _is_spared(self, one: int, gone: Sequence[int]) -> bool:
        """Tell whether somebody's circle, if they have one, stays large enough without them."""
        place = self.place[one]
        if place is None:
            return True
        taken = sum(self.place[n] == place for n in gone)
        return len(self.seats[place]) - taken > FEWEST

    def _some(self, inside: Sequence[int], free: int) -> list[int]:
        """Draw a few of those who are free, those who wait and who fit best first."""
        these = list(hours_of(free))
        waiting = [n for n in these if self.place[n] is None]
        if len(waiting) >= FEWEST - len(inside):
            these = waiting
        rows = [self._ill[n] for n in inside]
        some = self._chance.sample(these, min(len(these), DRAWN))
        return sorted(some, key=lambda n: (sum(row[n] for row in rows), n))

    def _open(self, inside: list[int]) -> bool:
        """Make a circle; those who come from others must leave allowed circles behind."""
        gone = set(inside)
        rest = {
            place: [n for n in self.seats[place] if n not in gone]
            for place in {self.place[n] for n in inside}
            if place is not None
        }
        if not all(map(self._keeps, rest.values())):
            return False
        for place, left in rest.items():
            self._fill(place, left)
        self.seats.append([])
        self._bits.append(0)
        self._sums.append(0)
        self._fill(len(self.seats) - 1, inside)
        return True

    def _fill(self, circle: int, inside: list[int]) -> None:
        """Make a circle of these people."""
        self.seats[circle] = inside
        self._bits[circle] = sum(1 << n for n in inside)
        for n in inside:
            self.place[n] = circle
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

    def swap(self, one: int, other: int, heat: float) -> None:
        """Let two change places, where that is allowed and good enough."""
        here, there = self.place[one], self.place[other]
        if here == there:
            return
        if here is None or there is None:
            self._replace(*((one, other) if here is None else (other, one)), heat)
            return
        apart, bits = self.apart, self._bits
        if apart[one] & bits[there] & ~(1 << other) or apart[other] & bits[here] & ~(1 << one):
            return
        first, second, own = self._ill[one].__getitem__, self._ill[other].__getitem__, self._own
        both = first(other)
        mine, theirs = self.seats[here], self.seats[there]
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
        circle = self.place[seated]
        if circle is None or self.apart[waiting] & self._bits[circle] & ~(1 << seated):
            return
        inside = [n for n in self.seats[circle] if n != seated]
        pairs = self._sums[circle] + sum(map(self._ill[waiting].__getitem__, inside))
        worse = cost_of_circle(pairs - self._own[seated], len(inside) + 1) - self._cost(circle)
        if not self._takes(worse, heat) or not self._keeps([*inside, waiting]):
            return
        self.place[seated], self._own[seated] = None, 0
        self._fill(circle, [*inside, waiting])

    def move(self, one: int, there: int, heat: float) -> None:
        """Let somebody move to another circle with room."""
        here = self.place[one]
        if here is None or here == there or self.apart[one] & self._bits[there]:
            return
        mine, theirs = self.seats[here], self.seats[there]
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
