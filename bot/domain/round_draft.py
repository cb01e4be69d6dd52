"""The draft of a round: what it is matched from, and the two ways of matching it."""

from base64 import b64decode, b64encode
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate, chain, pairwise
from struct import pack, unpack
from typing import Any

from bot.domain.fit import Bar
from bot.domain.matching import Market, Matching, Pair, deferred_acceptance
from bot.domain.most_fit import UNIT, most_fit

#: Of so many possible pairs the matching with the most fit is found in a moment.
AT_ONCE = 10_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """What a round is matched from, and the two ways of matching it."""

    market: Market
    scores: Mapping[Pair, float]
    stable: Matching
    most_fit: Matching
    #: For each mentee whom nobody fits, what stood between them and most mentors; it may be told.
    held: Mapping[int, Bar]

    def to_data(self) -> dict[str, Any]:
        """Write it as plain data that `from_data` reads back; of a large round it is much."""
        worths = [
            [round(self.scores[mentee, mentor] * UNIT) for mentor in order]
            for mentee, order in self.market.mentees.items()
        ]
        return {
            "mentees": _packed(self.market.mentees),
            "worths": _packed(dict(zip(self.market.mentees, worths, strict=True))),
            "mentors": _packed(self.market.mentors),
            "places": list(self.market.places.items()),
            "stable": list(self.stable.items()),
            "most_fit": list(self.most_fit.items()),
            "held": [[each, barred.value] for each, barred in self.held.items()],
        }

    @classmethod
    def from_data(cls, data: Mapping[str, Any]) -> "Draft":
        """Read what `to_data` wrote."""
        mentees = _unpacked(data["mentees"])
        return cls(
            market=Market(
                mentees=mentees,
                mentors=_unpacked(data["mentors"]),
                places=dict(data["places"]),
            ),
            scores=Worths(mentees, _unpacked(data["worths"])),
            stable=dict(data["stable"]),
            most_fit=dict(data["most_fit"]),
            held={each: Bar(barred) for each, barred in data["held"]},
        )

    def without(self, gone: Collection[int]) -> "Draft":
        """Give the draft as if some people had not been there.

        Of a large round the matching with the most fit is not found anew: it loses their pairs.
        """
        away = set(gone)
        if not away & {*self.market.mentees, *self.market.mentors}:
            return self

        def left(orders: Mapping[int, Sequence[int]]) -> dict[int, tuple[int, ...]]:
            return {
                each: tuple(other for other in order if other not in away)
                for each, order in orders.items()
                if each not in away
            }

        places = {each: room for each, room in self.market.places.items() if each not in away}
        market = Market(
            mentees=left(self.market.mentees), mentors=left(self.market.mentors), places=places
        )
        if len(self.scores) <= AT_ONCE:
            left_over = {each: fit for each, fit in self.scores.items() if away.isdisjoint(each)}
            most = most_fit(left_over, places)
        else:
            most = remaining(self.most_fit, away)
        return Draft(
            market=market,
            scores=self.scores,
            stable=deferred_acceptance(market),
            most_fit=most,
            held={each: barred for each, barred in self.held.items() if each not in away},
        )


class Worths(Mapping[Pair, float]):
    """How well pairs fit, kept beside the orders of the mentees: most of it is never asked for."""

    def __init__(
        self, orders: Mapping[int, Sequence[int]], worths: Mapping[int, Sequence[int]]
    ) -> None:
        self._orders = orders
        self._worths = worths

    def __getitem__(self, pair: Pair) -> float:
        """Give how well a pair fits; KeyError for one that is not there."""
        mentee, mentor = pair
        try:
            return self._worths[mentee][self._orders[mentee].index(mentor)] / UNIT
        except ValueError:
            raise KeyError(pair) from None

    def __iter__(self) -> Iterator[Pair]:
        """Go through all pairs."""
        return ((mentee, mentor) for mentee, order in self._orders.items() for mentor in order)

    def __len__(self) -> int:
        """Count the pairs."""
        return sum(map(len, self._orders.values()))


def _packed(rows: Mapping[int, Sequence[int]]) -> list[str]:
    """Write rows of numbers shortly: their keys, their lengths, and all numbers in a row."""
    lengths = [len(row) for row in rows.values()]
    parts = (list(rows), lengths, list(chain.from_iterable(rows.values())))
    return [b64encode(pack(f"<{len(part)}i", *part)).decode() for part in parts]


def _unpacked(data: Sequence[str]) -> dict[int, tuple[int, ...]]:
    raw = [b64decode(each) for each in data]
    keys, lengths, numbers = (unpack(f"<{len(each) // 4}i", each) for each in raw)
    ends = list(accumulate(lengths, initial=0))
    return {key: numbers[start:end] for key, (start, end) in zip(keys, pairwise(ends), strict=True)}


def remaining(matching: Matching, gone: Collection[int]) -> dict[int, int]:
    """Give the pairs of whom nobody is gone."""
    return {
        mentee: mentor
        for mentee, mentor in matching.items()
        if mentee not in gone and mentor not in gone
    }
