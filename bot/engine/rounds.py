"""A match round closes, and is worked out; and who is shown to whom in it."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from sqlmodel import Session

from bot.domain.fit import EDGE, Bar, Fit, bars, fit, score
from bot.domain.fit import Side as Known
from bot.domain.mentoring import (
    Aim,
    CareerStage,
    Gap,
    MeetingChannel,
    MeetingRhythm,
    Plan,
    Role,
    Tone,
)
from bot.domain.round_draft import Draft, remaining
from bot.domain.rounds import Pool, Steps, finished
from bot.engine import mentoring
from bot.models import MatchRound, Member, Profile, RoundState, Side
from bot.store import pairs, round_pairs, rounds
from bot.store.rounds import Entrant, ranks_of

#: So many possible pairs are weighed within a turn: about a tenth of a second. More take their
#: time beside, in steps, while everybody else is served.
WITHIN = 10_000
#: How many people are shown to somebody who ranks, and how many are looked at closely for that.
CARDS, CLOSELY = 5, 40


def is_closed(match: MatchRound, now: datetime) -> bool:
    """Tell whether nobody comes in any more."""
    return match.state != RoundState.OPEN or match.closes_at <= now


def possible(db: Session, match: MatchRound) -> int:
    """Count the pairs that a round could have at the most."""
    count = rounds.sizes(db, match.key)
    return count[Side.MENTEE] * count[Side.MENTOR]


def draft_of(db: Session, match: MatchRound, now: datetime) -> Draft | None:
    """Give what a closed round is matched from, worked out now if that takes a moment only.

    None while it is worked out beside; a round that can have no pair has no draft either.
    """
    if match.state == RoundState.DRAFT:
        return round_pairs.draft(db, match)
    if not is_closed(match, now) or not 0 < possible(db, match) <= WITHIN:
        return None
    if (held := rounds.held(db, match.key)) is None or held.state != RoundState.OPEN:
        return None if held is None else draft_of(db, held, now)
    gathered = Gathered.of(db, held, rounds.entrants(db, match.key))
    keep(db, held, finished(gathered.steps(db, held)))
    return round_pairs.draft(db, held)


def keep(db: Session, match: MatchRound, draft: Draft, gone: Collection[int] = frozenset()) -> None:
    """Keep a draft: the stable matching is what stands, until somebody chooses otherwise."""
    match.state = RoundState.DRAFT
    db.flush()
    round_pairs.keep_draft(db, match, draft)
    round_pairs.choose(db, match, remaining(draft.stable, gone))


def known(db: Session, there: Iterable[Entrant], now: datetime) -> dict[int, Known]:
    """Gather what matching knows of people in a round, by member."""
    people = {each.member.key: (each.member, each.profile) for each in there}
    return mentoring.sides(db, list(people.values()), now)


@dataclass(slots=True)
class Gathered:
    """What a round is matched from, as far as it was read."""

    mentees: list[Known] = field(default_factory=list)
    mentors: list[Known] = field(default_factory=list)
    ranked: dict[int, tuple[int, ...]] = field(default_factory=dict)
    ranked_by_mentors: dict[int, tuple[int, ...]] = field(default_factory=dict)

    @classmethod
    def of(cls, db: Session, match: MatchRound, there: Sequence[Entrant]) -> "Gathered":
        """Read some people, as things stood when the round closed."""
        found, sides = cls(), known(db, there, match.closes_at)
        for each in there:
            # Of two who fit alike, whoever came into the round first goes first.
            side = replace(sides[each.member.key], since=each.entry.joined_at)
            if each.entry.side == Side.MENTEE:
                found.mentees.append(side)
                found.ranked[side.id] = each.ranks
            else:
                found.mentors.append(side)
                found.ranked_by_mentors[side.id] = each.ranks
        return found

    def steps(self, db: Session, match: MatchRound) -> Steps:
        """Give the steps in which the draft is made."""
        return Pool(
            mentees=self.mentees,
            mentors=self.mentors,
            met=pairs.met_lately(db, match.platform, match.workspace, match.closes_at),
            ranked=self.ranked,
            ranked_by_mentors=self.ranked_by_mentors,
            seed=match.seed,
        ).steps()


# Ranking

_NOTHING_SEALED: Mapping[str, Any] = {"not_with": frozenset(), "conflicts": frozenset()}


def candidates(
    db: Session, match: MatchRound, member: Member, profile: Profile, side: Side, now: datetime
) -> list[tuple[Member, Fit]]:
    """List a few of the other side who would fit somebody best; those they ranked stay listed."""
    entry = rounds.mine(db, match.key, member.key).get(side)
    ranked = ranks_of(entry) if entry is not None else ()
    other = Side.MENTOR if side is Side.MENTEE else Side.MENTEE
    there = [
        each for each in rounds.entrants(db, match.key, other) if each.member.key != member.key
    ]
    near = _nearest((member, profile), there, side)[:CLOSELY]
    near += [each for each in there if each.member.key in ranked and each not in near]
    people = [(each.member, each.profile) for each in near]
    sides = mentoring.sides(db, [*people, (member, profile)], now)
    me = sides[member.key]
    met = pairs.met_lately(db, match.platform, match.workspace, now)
    found: list[tuple[Member, Fit]] = []
    for each, _ in people:
        one, two = (me, sides[each.key]) if side is Side.MENTEE else (sides[each.key], me)
        if each.key in ranked:  # that they fall out of one's own order would tell who was named
            one, two = (replace(them, **_NOTHING_SEALED) for them in (one, two))
        fits = fit(one, two, met=frozenset((one.id, two.id)) in met)
        if isinstance(fits, Fit) and (fits.score >= EDGE or each.key in ranked):
            found.append((each, fits))
    found.sort(key=lambda pair: (pair[0].key not in ranked, -pair[1].score, pair[0].key))
    return found[: max(CARDS, len(ranked))]


def _nearest(mine: tuple[Member, Profile], there: Sequence[Entrant], side: Side) -> list[Entrant]:
    """Put people in the order of fit as far as profiles alone tell: hours take time to read."""
    me = _outline(*mine)

    def fits(each: Entrant) -> float:
        them = _outline(each.member, each.profile)
        return score(me, them) if side is Side.MENTEE else score(them, me)

    return sorted(there, key=lambda each: -fits(each))


def _outline(member: Member, profile: Profile) -> Known:
    """Give what a profile tells in the open."""
    return Known(
        id=member.key,
        user=member.user,
        role=Role(profile.role),
        stage=CareerStage(profile.stage),
        tone=Tone(profile.tone),
        plan=Plan(profile.plan),
        aim=Aim(profile.aim),
        offers=frozenset(profile.topics("offers")),
        seeks=frozenset(profile.topics("seeks")),
        first=profile.topics("first"),
        gap=Gap(profile.gap),
        rhythm=MeetingRhythm(profile.rhythm),
        channel=MeetingChannel(profile.channel),
    )


# By hand


def barred_by_hand(
    db: Session, match: MatchRound, mentee: Entrant, mentor: Entrant, now: datetime
) -> Bar | None:
    """Say what forbids a pair that somebody would make by hand; a poor fit alone does not."""
    sides = known(db, (mentee, mentor), now)
    one, two = sides[mentee.member.key], sides[mentor.member.key]
    taken = sum(
        each.mentor_id == two.id and each.mentee_id != one.id
        for each in round_pairs.pairs(db, match.key)
    )
    met = pairs.met_lately(db, match.platform, match.workspace, now)
    left = replace(two, capacity=two.capacity - taken)
    found = set(bars(one, left, met=frozenset((one.id, two.id)) in met))
    # What may be said comes first, so that it is said with or without a matter of confidence.
    return next((each for each in (Bar.SELF, Bar.FULL, *Bar) if each in found), None)
