"""A round is worked out: everybody weighed against everybody, a part at a time.

A large round takes seconds, and nobody else is to wait so long. So the work is given in steps,
each of them short; what comes out is the same as if it were done at once.
"""

from collections import Counter
from collections.abc import Collection, Generator, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from random import Random

from bot.domain.fit import EDGE, Bar, Side, bar, score, told
from bot.domain.matching import SHORT, Market, Matching, Pair, Unmatched, deferred_acceptance
from bot.domain.most_fit import UNIT, Assignment
from bot.domain.proposing import Ranked
from bot.domain.round_draft import Draft

#: Pairs that are weighed in one step, and mentees that are settled in one.
PAIRS, SETTLED = 4_000, 20
#: Orders that are sorted in one step.
SORTED = 100
Steps = Generator[None, None, Draft]
#: What may be said to hold back somebody whom nobody fits; the rest is "not right in all".
_TELLING = (Bar.LANGUAGE, Bar.HOURS, Bar.GAP, Bar.MET_LATELY)


@dataclass(slots=True, kw_only=True)
class Pool:
    """Who is in a round, on each side, and whom they would have first."""

    mentees: Sequence[Side]
    mentors: Sequence[Side]
    met: Collection[frozenset[int]] = frozenset()
    ranked: Ranked = field(default_factory=dict)
    ranked_by_mentors: Ranked = field(default_factory=dict)
    #: Draws lots between those who came in at the same moment.
    seed: int = 0

    def steps(self) -> Steps:
        """Make the draft in short steps; the last one gives it."""
        mentees, mentors = self._early(self.mentees), self._early(self.mentors)
        wanted: dict[int, set[int]] = {}
        for mentor_id, order in self.ranked_by_mentors.items():
            for mentee_id in order:
                wanted.setdefault(mentee_id, set()).add(mentor_id)
        scores: dict[Pair, float] = {}
        fits_of_mentor: dict[int, dict[int, float]] = {side.id: {} for side in mentors}
        orders: dict[int, tuple[int, ...]] = {}
        held: dict[int, Bar] = {}
        since = 0
        for mentee in mentees:
            ranked = self.ranked.get(mentee.id, ())
            fits = self._weigh(mentee, mentors, {*ranked, *wanted.get(mentee.id, ())})
            for mentor_id, fit in fits.items():
                scores[mentee.id, mentor_id] = fits_of_mentor[mentor_id][mentee.id] = fit
            orders[mentee.id] = _ordered(ranked, fits)
            if not fits:
                held[mentee.id] = self._held(mentee, mentors)
            since += len(mentors) * (1 if fits else 2)
            if since >= PAIRS:
                since = 0
                yield
        of_mentors: dict[int, tuple[int, ...]] = {}
        for mentor_id, fits in fits_of_mentor.items():
            of_mentors[mentor_id] = _ordered(self.ranked_by_mentors.get(mentor_id, ()), fits)
            if len(of_mentors) % SORTED == 0:
                yield
        places = {side.id: max(side.capacity, 0) for side in mentors}
        yield
        market = Market(mentees=orders, mentors=of_mentors, places=places)
        yield
        stable = deferred_acceptance(market)
        yield
        most = yield from _most_fit_in_steps(market, scores)
        return Draft(market=market, scores=scores, stable=stable, most_fit=most, held=held)

    def _early(self, sides: Iterable[Side]) -> list[Side]:
        def came(side: Side) -> tuple[object, float, int]:
            return side.since, Random(f"{self.seed}:{side.id}").random(), side.id

        return sorted((side for side in sides if not side.paused), key=came)

    def _weigh(
        self, mentee: Side, mentors: Iterable[Side], chosen: Collection[int]
    ) -> dict[int, float]:
        found = {}
        for mentor in mentors:
            fits = score(mentee, mentor)
            if fits < EDGE and mentor.id not in chosen:
                continue
            if bar(mentee, mentor, met=frozenset((mentee.id, mentor.id)) in self.met) is None:
                found[mentor.id] = fits
        return found

    def _held(self, mentee: Side, mentors: Iterable[Side]) -> Bar:
        """Say what stands between somebody and most of the mentors, as it may be told.

        A cause is named only where it is that of more than half: then it is true, whoever was
        named in confidence. Of the others nothing is said but that not all was right.
        """
        counts = Counter(
            told(mentee, mentor, met=frozenset((mentee.id, mentor.id)) in self.met)
            for mentor in mentors
            if mentor.id != mentee.id
        )
        half = counts.total() / 2
        return next((each for each in _TELLING if counts[each] > half), Bar.NO_FIT)


def _ordered(ranked: Iterable[int], fits: Mapping[int, float]) -> tuple[int, ...]:
    """Put those who were ranked first, then the rest by fit; `fits` is in order of coming."""
    first = [each for each in dict.fromkeys(ranked) if each in fits]
    # Sorting keeps the order of coming where two fit equally well.
    return tuple(dict.fromkeys([*first, *sorted(fits, key=lambda each: -fits[each])]))


def _most_fit_in_steps(
    market: Market, scores: Mapping[Pair, float]
) -> Generator[None, None, dict[int, int]]:
    edges: dict[int, list[tuple[int, int]]] = {}
    for mentee in sorted(market.mentees):
        mentors = sorted(each for each in market.mentees[mentee] if market.room(each) > 0)
        worths = [(each, round(scores[mentee, each] * UNIT)) for each in mentors]
        if found := [(each, worth) for each, worth in worths if worth > 0]:
            edges[mentee] = found
        if len(edges) % SORTED == 0:
            yield
    whole = Assignment(edges=edges, places=market.places)
    for count, mentee in enumerate(edges, 1):
        whole.add(mentee)
        if count % SETTLED == 0:
            yield
    return dict(sorted(whole.mentor.items()))


def finished(steps: Steps) -> Draft:
    """Take all steps at once."""
    while True:
        try:
            next(steps)
        except StopIteration as end:
            found: Draft = end.value
            return found


def why_unmatched_all(market: Market, matching: Matching) -> dict[int, Unmatched]:
    """Say what held back each mentee who has no mentor; as `why_unmatched` says it of one."""
    taken: dict[int, list[int]] = {}
    for mentee, mentor in matching.items():
        taken.setdefault(mentor, []).append(mentee)
    places = {
        each: {who: place for place, who in enumerate(order)}
        for each, order in market.mentors.items()
    }
    full = {mentor: len(taken.get(mentor, ())) >= market.room(mentor) for mentor in market.mentors}
    #: From which place on a mentor would rather keep whom they have.
    worst = {
        mentor: max(
            (places[mentor].get(each, len(order)) for each in taken.get(mentor, ())), default=0
        )
        for mentor, order in market.mentors.items()
    }
    found = {}
    for mentee, order in market.mentees.items():
        if mentee in matching:
            continue
        choices = [each for each in order if mentee in places.get(each, ())]
        if not choices:
            found[mentee] = Unmatched.NO_CHOICE
        elif any(
            market.room(each) and (not full[each] or places[each][mentee] < worst[each])
            for each in choices
        ):
            found[mentee] = Unmatched.BY_HAND
        elif all(full.values()):
            found[mentee] = Unmatched.NO_PLACES
        elif len(choices) < SHORT:
            found[mentee] = Unmatched.SHORT_LIST
        else:
            found[mentee] = Unmatched.CHOICES_FULL
    return found
