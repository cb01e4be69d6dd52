"""The matching with the greatest total fit: what a programme would have if it only added up.

It may leave two who would both rather be with each other, and give somebody a worse mentor so
that others do better. It stands beside the stable one, so that people can see what each costs.

Mentees come one by one, and each time the whole is made the best again along the cheapest chain
of moves (successive shortest paths: Kuhn, The Hungarian Method, 1955; Edmonds and Karp,
Theoretical Improvements in Algorithmic Efficiency, 1972; in the form of Jonker and Volgenant, A
Shortest Augmenting Path Algorithm, 1987). Every mentor has a price for a place and every mentee
what is left of their fit after paying it; no pair could do better at these prices, and this
proves that no other matching has a greater total. Sums are of whole numbers, so the proof is exact.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from heapq import heappop, heappush

from bot.domain.matching import Scores

#: Fit is counted in millionths.
UNIT = 1_000_000


def most_fit(scores: Scores, places: Mapping[int, int]) -> dict[int, int]:
    """Find the mentor of each mentee so that the sum of fits is the greatest.

    A mentee without a mentor adds nothing, and so would a pair whose fit is 0 or less: it is not
    made. Of matchings that add up to the same, it is one with the most pairs, and always the same.
    """
    return dict(sorted(settle(scores, places).mentor.items()))


def settle(scores: Scores, places: Mapping[int, int]) -> "Assignment":
    """Find it, with the prices that prove it."""
    edges: dict[int, list[tuple[int, int]]] = {}
    # So much that one millionth more goes before however many pairs more.
    unit = 1 + len({mentee for mentee, _ in scores})
    for (mentee, mentor), score in sorted(scores.items()):
        fit = round(score * UNIT)
        if fit > 0 and places.get(mentor, 0) > 0:
            edges.setdefault(mentee, []).append((mentor, fit * unit + 1))
    whole = Assignment(edges=edges, places=places)
    for mentee in edges:
        whole.add(mentee)
    return whole


@dataclass(slots=True)
class Assignment:
    """The best matching of the mentees that came so far, and what each pair is worth in it."""

    edges: Mapping[int, list[tuple[int, int]]]
    places: Mapping[int, int]
    mentor: dict[int, int] = field(default_factory=dict)
    mentees: dict[int, set[int]] = field(default_factory=dict)
    #: The price of a place with each mentor; nothing while a place is open.
    price: dict[int, int] = field(default_factory=dict)
    #: What each mentee gains: their fit, less the price; nothing without a mentor.
    gain: dict[int, int] = field(default_factory=dict)

    def add(self, mentee: int) -> None:
        """Let one more mentee come, and make the whole the best again."""
        price = self.price
        best = max(worth - price.get(mentor, 0) for mentor, worth in self.edges[mentee])
        self.gain[mentee] = max(best, 0)
        search = _Search(self, mentee)
        search.run()
        self._reprice(search)
        self._move(search)

    def _reprice(self, search: "_Search") -> None:
        """Let the prices follow, so that nobody could do better after the moves either."""
        for mentor, cost in search.settled.items():
            risen = search.cheapest - cost
            self.price[mentor] = self.price.get(mentor, 0) + risen
            for mentee in self.mentees[mentor]:
                self.gain[mentee] -= risen
        self.gain[search.start] -= search.cheapest

    def _move(self, search: "_Search") -> None:
        """Move everybody along the chain, from its end to the newcomer."""
        mentor = search.open
        if mentor is None:
            leaves = search.leaves
            if leaves == search.start:
                return
            mentor = self.mentor.pop(leaves)
            self.mentees[mentor].remove(leaves)
        while True:
            mentee = search.came[mentor]
            before = self.mentor.get(mentee)
            self.mentor[mentee] = mentor
            self.mentees.setdefault(mentor, set()).add(mentee)
            if before is None:
                return
            self.mentees[before].remove(mentee)
            mentor = before


class _Search:
    """The cheapest chain of moves that begins with a newcomer (Dijkstra, 1959).

    It ends with a mentor who has an open place, or with somebody who goes without.
    """

    def __init__(self, whole: Assignment, start: int) -> None:
        self.whole = whole
        self.start = start
        #: What it costs to reach each full mentor that was passed.
        self.settled: dict[int, int] = {}
        #: From which mentee each mentor was reached the cheapest.
        self.came: dict[int, int] = {}
        #: Who goes without at the end, unless a mentor has an open place.
        self.leaves = start
        self.open: int | None = None
        self.cheapest = whole.gain[start]
        self._costs: dict[int, int] = {}
        self._heap: list[tuple[int, int]] = []

    def run(self) -> None:
        """Search from the newcomer to the cheapest end."""
        whole = self.whole
        self._reach_from(self.start, 0)
        while self._heap:
            cost, mentor = heappop(self._heap)
            if cost >= self.cheapest:
                return
            if mentor in self.settled:
                continue
            if self._is_open(mentor):
                self.open, self.cheapest = mentor, cost
                return
            self.settled[mentor] = cost
            for mentee in sorted(whole.mentees[mentor]):
                if cost + whole.gain[mentee] < self.cheapest:
                    self.cheapest, self.leaves = cost + whole.gain[mentee], mentee
                self._reach_from(mentee, cost)

    def _reach_from(self, mentee: int, cost: int) -> None:
        whole, costs = self.whole, self._costs
        price = whole.price
        base = cost + whole.gain[mentee]
        for mentor, worth in whole.edges[mentee]:
            reached = base + price.get(mentor, 0) - worth
            if reached < self.cheapest and reached < costs.get(mentor, reached + 1):
                costs[mentor] = reached
                self.came[mentor] = mentee
                heappush(self._heap, (reached, mentor))

    def _is_open(self, mentor: int) -> bool:
        whole = self.whole
        return len(whole.mentees.get(mentor, ())) < whole.places[mentor]
