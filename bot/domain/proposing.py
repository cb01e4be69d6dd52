"""Who is proposed to whom: to everybody in a round, or a few to one who asks."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from random import Random

from bot.domain.fit import EDGE, Fit, Side, bar, fit, score
from bot.domain.matching import Market, Pair

#: How many mentors are suggested to one who asks.
FEW = 3
#: How much the better fit counts in the draw: of two equally free, one of .9 comes five times as
#: often as one of .6.
STRENGTH = 4

#: Whom somebody would have first, by their id.
Ranked = Mapping[int, Sequence[int]]


def preferences(
    sides: Collection[Side],
    *,
    met: Collection[frozenset[int]] = frozenset(),
    ranked: Ranked | None = None,
    ranked_by_mentors: Ranked | None = None,
) -> tuple[Market, dict[Pair, float]]:
    """Build the market of a round, and how well each of its pairs fits.

    Two stand in each other's order when nothing bars them, and they fit or one of them has ranked
    the other. Whom somebody has ranked comes first, as ranked; then the others, the best fit
    first, of equals who signed up first. `met` holds the ids of pairs of the last round.
    """
    ranked, ranked_by_mentors = ranked or {}, ranked_by_mentors or {}
    if len({side.id for side in sides}) < len(sides):
        raise ValueError("one person is there twice")
    early = sorted(sides, key=lambda side: (side.since, side.id))
    mentees = [side for side in early if side.role.seeks and not side.paused]
    mentors = [side for side in early if side.role.gives and not side.paused]
    scores: dict[Pair, float] = {}
    of_mentee: dict[int, list[int]] = {side.id: [] for side in mentees}
    of_mentor: dict[int, list[int]] = {side.id: [] for side in mentors}
    for mentee in mentees:
        chosen = set(ranked.get(mentee.id, ()))
        chosen.update(each for each, order in ranked_by_mentors.items() if mentee.id in order)
        for mentor in mentors:
            pair = mentee.id, mentor.id
            fits = score(mentee, mentor)
            if fits < EDGE and mentor.id not in chosen:
                continue
            if bar(mentee, mentor, met=frozenset(pair) in met) is None:
                scores[pair] = fits
                of_mentee[mentee.id].append(mentor.id)
                of_mentor[mentor.id].append(mentee.id)
    market = Market(
        mentees={
            mentee: _ordered(ranked.get(mentee, ()), {each: scores[mentee, each] for each in all_})
            for mentee, all_ in of_mentee.items()
        },
        mentors={
            mentor: _ordered(
                ranked_by_mentors.get(mentor, ()), {each: scores[each, mentor] for each in all_}
            )
            for mentor, all_ in of_mentor.items()
        },
        places={side.id: max(side.capacity, 0) for side in mentors},
    )
    return market, scores


def _ordered(ranked: Iterable[int], fits: Mapping[int, float]) -> tuple[int, ...]:
    """Put those who were ranked first, then the rest by fit; `fits` is in order of signing up."""
    first = [each for each in dict.fromkeys(ranked) if each in fits]
    # Sorting keeps the order of signing up where two fit equally well.
    rest = sorted(fits.keys(), key=lambda each: -fits[each])
    return tuple(dict.fromkeys([*first, *rest]))


def shortlist(
    mentee: Side,
    mentors: Iterable[Side],
    *,
    suggested: Mapping[int, int],
    seed: str,
    met: Collection[frozenset[int]] = frozenset(),
    number: int = FEW,
) -> list[tuple[Side, Fit]]:
    """Draw a few mentors for one who asks, the best fit first; fewer, or none, when few fit.

    A star that fits everybody best is not shown to everybody: who is suggested is drawn, and the
    chance falls with each suggestion that may still become a request. A mentor's weight is

        fit ** STRENGTH * open / (open + suggested)

    with the places that are open and how often they were suggested lately (`suggested`, by id).
    Drawing is without putting back (Efraimidis and Spirakis, Weighted Random Sampling with a
    Reservoir, 2006). It is the same for the same seed and mentee, in whatever order mentors come.
    """
    drawn: list[tuple[float, Side, Fit]] = []
    for mentor in mentors:
        found = fit(mentee, mentor, met=frozenset((mentee.id, mentor.id)) in met)
        if isinstance(found, Fit) and found.score >= EDGE:
            load = mentor.capacity / (mentor.capacity + suggested.get(mentor.id, 0))
            # Each has a luck of their own, so that one who comes or goes changes nobody else's.
            luck = Random(f"{seed}:{mentee.id}:{mentor.id}").random()
            drawn.append((luck ** (1 / (found.score**STRENGTH * load)), mentor, found))
    drawn.sort(key=lambda each: (-each[0], each[1].id))
    few = [(mentor, found) for _, mentor, found in drawn[:number]]
    return sorted(few, key=lambda each: (-each[1].score, each[0].since, each[0].id))
