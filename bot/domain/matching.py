"""Who mentors whom in a round: the stable matching that is best for the mentees, and its checker.

Mentees propose, mentors hold the best they have heard of so far, up to their places (Gale and
Shapley, College Admissions and the Stability of Marriage, 1962; with places as in Roth and
Sotomayor, Two-Sided Matching, 1990, chapter 5). What comes out is stable: nobody would rather be
with somebody who would rather be with them. Of all stable matchings it gives every mentee the
best mentor that any of them gives, so a mentee loses nothing by ranking honestly. It does not
depend on who proposes first, so there is no chance in it.

The checker below knows nothing of proposals. It reads the definition of a blocking pair, and also
looks at what a coordinator has changed by hand.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from heapq import heappush, heapreplace

#: The mentor of each matched mentee.
Matching = Mapping[int, int]
#: A mentee and a mentor.
Pair = tuple[int, int]
#: How well each possible pair fits, 0 to 1.
Scores = Mapping[Pair, float]
#: With fewer choices than these, more choices are what would help first.
SHORT = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Market:
    """Mentees and mentors with the others they would have, the best first.

    Two may be paired only when each lists the other: who lists somebody that left, or that does
    not list them, loses nothing but that choice.
    """

    mentees: Mapping[int, Sequence[int]]
    mentors: Mapping[int, Sequence[int]]
    #: How many mentees each mentor takes on; a mentor who is not named here takes on none.
    places: Mapping[int, int]

    def __post_init__(self) -> None:
        """Refuse an order that names somebody twice, and places below none."""
        for side in (self.mentees, self.mentors):
            for each, order in side.items():
                if len(set(order)) < len(order):
                    raise ValueError(f"{each} ranks somebody twice")
        for each, places in self.places.items():
            if places < 0:
                raise ValueError(f"{each} has {places} places")

    def room(self, mentor: int) -> int:
        """Say how many mentees a mentor takes on."""
        return self.places.get(mentor, 0)


def deferred_acceptance(market: Market) -> dict[int, int]:
    """Find the stable matching that is best for every mentee, in the order of the mentees' ids."""
    places = market.places
    # What each mentee is worth to a mentor, counted up from 1, the last in the order.
    worths = {
        mentor: dict(zip(order, range(len(order), 0, -1), strict=True))
        for mentor, order in market.mentors.items()
        if market.room(mentor)
    }
    held: dict[int, list[tuple[int, int]]] = {mentor: [] for mentor in worths}
    # Who is worth no more than this has no place: nothing while one is open, then the least held.
    least = dict.fromkeys(worths, 0)
    unknown: dict[int, int] = {}
    choices = {mentee: iter(order) for mentee, order in market.mentees.items()}
    free = list(choices)
    while free:
        mentee = free.pop()
        # Goes on where this mentee's last proposal stopped.
        for mentor in choices[mentee]:
            worth = worths.get(mentor, unknown).get(mentee, 0)
            if not worth or worth < least[mentor]:
                continue
            heap = held[mentor]
            if len(heap) < places[mentor]:
                heappush(heap, (worth, mentee))
            else:
                free.append(heapreplace(heap, (worth, mentee))[1])
            if len(heap) == places[mentor]:
                least[mentor] = heap[0][0]
            break
    found = {mentee: mentor for mentor, heap in held.items() for _, mentee in heap}
    return {mentee: found[mentee] for mentee in sorted(found)}


def blocking_pairs(market: Market, matching: Matching) -> list[Pair]:
    """List who would both rather be with each other, in order; a stable matching has none.

    A mentee would rather have any mentor that stands before theirs in their order, and any at all
    when theirs does not stand in it, or when they have none. A mentor would rather have any mentee
    who stands before the last of theirs, and any at all while a place is open or while somebody
    has one who does not stand in the mentor's order.
    """
    welcome = _welcome(market, matching)
    return sorted(
        (mentee, mentor)
        for mentee, order in market.mentees.items()
        for mentor in _before(order, matching.get(mentee))
        if mentee in welcome.get(mentor, ())
    )


def overfull(market: Market, matching: Matching) -> list[int]:
    """List the mentors who have more mentees than places."""
    counts = {mentor: len(theirs) for mentor, theirs in _mentees_of(matching).items()}
    return sorted(mentor for mentor, count in counts.items() if count > market.room(mentor))


def unwanted_pairs(market: Market, matching: Matching) -> list[Pair]:
    """List the pairs of whom one does not list the other; only a hand can make such."""
    return sorted(
        (mentee, mentor)
        for mentee, mentor in matching.items()
        if mentor not in market.mentees.get(mentee, ())
        or mentee not in market.mentors.get(mentor, ())
    )


class Unmatched(StrEnum):
    """What held a mentee back, and so what would help."""

    NO_CHOICE = "no_choice"  # nobody fits: a wider profile would help
    BY_HAND = "by_hand"  # a mentor of theirs would take them; a change by hand stands between
    NO_PLACES = "no_places"  # no place is open in the whole round: more mentors would help
    SHORT_LIST = "short_list"  # few choices, all full: more choices would help
    CHOICES_FULL = "choices_full"  # all full with those who stand higher in the mentors' orders


def why_unmatched(market: Market, matching: Matching, mentee: int) -> Unmatched:
    """Say what held back a mentee who has no mentor."""
    if mentee in matching:
        raise ValueError(f"{mentee} has a mentor")
    choices = [
        mentor
        for mentor in market.mentees.get(mentee, ())
        if mentee in market.mentors.get(mentor, ())
    ]
    if not choices:
        return Unmatched.NO_CHOICE
    welcome = _welcome(market, matching)
    if any(mentee in welcome[mentor] for mentor in choices):
        return Unmatched.BY_HAND
    taken = _mentees_of(matching)
    if all(len(taken.get(each, ())) >= market.room(each) for each in market.mentors):
        return Unmatched.NO_PLACES
    return Unmatched.SHORT_LIST if len(choices) < SHORT else Unmatched.CHOICES_FULL


@dataclass(frozen=True, slots=True, kw_only=True)
class Summary:
    """One matching in numbers, to lay beside another."""

    #: Who look for a mentor, and who of them have one.
    mentees: int
    matched: int
    #: Who have their first choice, and one of their first three.
    first: int
    first_three: int
    #: Mentors who have a mentee, and places that stay open.
    mentors: int
    open_places: int
    #: The sum of how well the pairs fit, and the least of any pair; 0 without pairs.
    fit: float
    least_fit: float
    #: Pairs who would rather be with each other.
    blocking: int


def describe(market: Market, matching: Matching, scores: Scores) -> Summary:
    """Sum up a matching."""
    ranks = [
        market.mentees[mentee].index(mentor)
        for mentee, mentor in matching.items()
        if mentor in market.mentees.get(mentee, ())
    ]
    fits = [scores.get(pair, 0.0) for pair in sorted(matching.items())]
    taken = _mentees_of(matching)
    return Summary(
        mentees=len(market.mentees),
        matched=len(matching),
        first=ranks.count(0),
        first_three=sum(rank < 3 for rank in ranks),
        mentors=len(taken),
        open_places=sum(
            max(0, market.room(each) - len(taken.get(each, ()))) for each in market.mentors
        ),
        fit=round(sum(fits), 6),
        least_fit=min(fits, default=0.0),
        blocking=len(blocking_pairs(market, matching)),
    )


def moved(one: Matching, other: Matching) -> list[int]:
    """List the mentees to whom two matchings give different mentors, or only one gives any."""
    return sorted(each for each in one.keys() | other.keys() if one.get(each) != other.get(each))


def _mentees_of(matching: Matching) -> dict[int, list[int]]:
    taken: dict[int, list[int]] = {}
    for mentee, mentor in matching.items():
        taken.setdefault(mentor, []).append(mentee)
    return taken


def _welcome(market: Market, matching: Matching) -> dict[int, frozenset[int]]:
    """Name, for each mentor, everybody for whom they would have a place; some may have one."""
    taken = _mentees_of(matching)
    welcome = {}
    for mentor, order in market.mentors.items():
        theirs, room = taken.get(mentor, []), market.room(mentor)
        if not room:
            wanted: Sequence[int] = ()
        elif len(theirs) < room or not set(theirs) <= set(order):
            wanted = order
        else:
            wanted = order[: max(order.index(each) for each in theirs)]
        welcome[mentor] = frozenset(wanted)
    return welcome


def _before(order: Sequence[int], present: int | None) -> Sequence[int]:
    """Give the part of an order that stands before somebody; all of it when they are not in it."""
    return order[: order.index(present)] if present in order else order
