"""How well a mentee and a mentor fit, why, and what stands between them.

The weights follow what predicts a good mentorship: likeness in values and style, and help with
what is sought, go before all else; then whether the two can meet; then how far apart they are in
their careers. Nobody is asked for their background, so its weight falls to the rest.

What people say in confidence (with whom they will not be paired, who leads or assesses them) bars
a pair like anything else, but it is told to nobody: outward it is the same as little fit, and
what is said of both is true of both.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum

from bot.domain.mentoring import (
    USUAL_CAPACITY,
    Aim,
    CareerStage,
    Gap,
    MeetingChannel,
    MeetingRhythm,
    Plan,
    Role,
    Tone,
)

#: Who fits less than this is not proposed.
EDGE = 0.45
#: Hours in 28 days that both must have free, and from how many on more makes no difference.
FEWEST_HOURS = 2
PLENTY_OF_HOURS = 8
#: Points of each part of the score. Rhythm and channel take half of what meeting gives.
VALUES, TOPICS, MEETING, STAGE = 30, 30, 20, 10
_ALL = VALUES + TOPICS + MEETING + STAGE
_RANK = {stage: stage.rank for stage in CareerStage}
_FREQUENCY = {rhythm: place for place, rhythm in enumerate(MeetingRhythm)}


@dataclass(frozen=True, slots=True, kw_only=True)
class Side:
    """What the matching knows of one person; `capacity` is how many places are open now."""

    id: int
    user: str
    role: Role
    stage: CareerStage
    tone: Tone
    plan: Plan
    aim: Aim
    offers: frozenset[str] = frozenset()
    seeks: frozenset[str] = frozenset()
    first: tuple[str, ...] = ()  # the one or two of what they seek that count double
    gap: Gap = Gap.ANY
    languages: frozenset[str] = frozenset()
    rhythm: MeetingRhythm = MeetingRhythm.MONTHLY
    channel: MeetingChannel = MeetingChannel.ANY
    capacity: int = USUAL_CAPACITY
    hours: int = 0  # bit i: hour i of the next 28 days is free
    not_with: frozenset[str] = field(default=frozenset(), repr=False)
    conflicts: frozenset[str] = field(default=frozenset(), repr=False)
    paused: bool = False
    since: datetime = datetime(1970, 1, 1, tzinfo=UTC)  # when they signed up


class Bar(StrEnum):
    """What stands between two people. The sealed ones come last, so that they hide no other."""

    SELF = "self"
    NO_MENTEE = "no_mentee"  # looks for no mentor
    NO_MENTOR = "no_mentor"  # gives no mentoring
    PAUSED = "paused"
    FULL = "full"
    MET_LATELY = "met_lately"  # they were a pair in the last round
    GAP = "gap"  # not as far along as the mentee wishes
    LANGUAGE = "language"
    HOURS = "hours"
    CONFLICT = "conflict"
    NOT_WITH = "not_with"
    NO_FIT = "no_fit"  # not right in all; never say "too little in common", which may be false

    @property
    def told(self) -> "Bar":
        """What may be told of it, to anybody."""
        return Bar.NO_FIT if self in {Bar.CONFLICT, Bar.NOT_WITH} else self


class Why(StrEnum):
    """What speaks for a pair."""

    TOPICS = "topics"
    CARDS = "cards"
    STAGE = "stage"
    HOURS = "hours"
    LANGUAGE = "language"


@dataclass(frozen=True, slots=True)
class Reason:
    """One thing that speaks for a pair: keys of topics, answers to cards, a number of hours."""

    why: Why
    values: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Fit:
    """How well two fit, 0 to 1, and what speaks for it, the strongest first."""

    score: float
    reasons: tuple[Reason, ...]


def bar(mentee: Side, mentor: Side, *, met: bool = False) -> Bar | None:
    """Say what stands between two people, or None. For the program only; `told` is for people."""
    return next(bars(mentee, mentor, met=met), None)


def bars(mentee: Side, mentor: Side, *, met: bool = False) -> Iterator[Bar]:
    """Name all that stands between two: who lets one bar pass must ask for those behind it."""
    if mentee.id == mentor.id or mentee.user == mentor.user:
        yield Bar.SELF
    if not mentee.role.seeks:
        yield Bar.NO_MENTEE
    if not mentor.role.gives:
        yield Bar.NO_MENTOR
    if mentee.paused or mentor.paused:
        yield Bar.PAUSED
    if mentor.capacity < 1:
        yield Bar.FULL
    if met:
        yield Bar.MET_LATELY
    if _gap_points(mentee, mentor) is None:
        yield Bar.GAP
    if mentee.languages.isdisjoint(mentor.languages):
        yield Bar.LANGUAGE
    if _shared_hours(mentee, mentor) < FEWEST_HOURS:
        yield Bar.HOURS
    if mentee.user in mentor.conflicts or mentor.user in mentee.conflicts:
        yield Bar.CONFLICT
    if mentee.user in mentor.not_with or mentor.user in mentee.not_with:
        yield Bar.NOT_WITH


def fit(mentee: Side, mentor: Side, *, met: bool = False) -> Fit | Bar:
    """Say how well two fit and why, or what stands between them."""
    barred = bar(mentee, mentor, met=met)
    return barred or Fit(score(mentee, mentor), _reasons(mentee, mentor))


def told(mentee: Side, mentor: Side, *, met: bool = False) -> Bar | None:
    """Say why two are not proposed to each other in a way that gives no confidence away."""
    barred = bar(mentee, mentor, met=met)
    if barred is None:
        return Bar.NO_FIT if score(mentee, mentor) < EDGE else None
    return barred.told


def score(mentee: Side, mentor: Side) -> float:
    """Say how well two fit who may be paired, in whole millionths."""
    points = (
        VALUES * len(_same_cards(mentee, mentor)) / 3
        + TOPICS * _covered(mentee, mentor)
        + MEETING * _meeting(mentee, mentor)
        + STAGE * (_gap_points(mentee, mentor) or 0)
    )
    return round(points / _ALL, 6)


def _same_cards(mentee: Side, mentor: Side) -> tuple[str, ...]:
    cards = ((mentee.tone, mentor.tone), (mentee.plan, mentor.plan), (mentee.aim, mentor.aim))
    return tuple(one.value for one, other in cards if one is other)


def _covered(mentee: Side, mentor: Side) -> float:
    """Say which share of what is sought the mentor offers; half when nothing is said."""
    first = frozenset(mentee.first)
    wanted = mentee.seeks | first
    if not wanted:
        return 0.5
    met, top = wanted & mentor.offers, first & mentor.offers
    return (len(met) + len(top)) / (len(wanted) + len(first))


def _meeting(mentee: Side, mentor: Side) -> float:
    hours = min(_shared_hours(mentee, mentor), PLENTY_OF_HOURS) / PLENTY_OF_HOURS
    apart = abs(_FREQUENCY[mentee.rhythm] - _FREQUENCY[mentor.rhythm])
    channels = {mentee.channel, mentor.channel}
    alike = len(channels) == 1 or MeetingChannel.ANY in channels
    return hours / 2 + (1 - apart / 2) / 4 + alike / 4


def _shared_hours(mentee: Side, mentor: Side) -> int:
    return (mentee.hours & mentor.hours).bit_count()


def _gap_points(mentee: Side, mentor: Side) -> float | None:
    """Say how well the distance between two careers is what the mentee wishes; None: not at all.

    A stage lasts for years, so somebody of one's own stage may well be a near peer. Nobody stands
    above the last stage: from there, whoever stands on it too counts as senior.
    """
    ahead = _RANK[mentor.stage] - _RANK[mentee.stage]
    if mentee.gap is Gap.NEAR_PEER:
        return {0: 0.5, 1: 1.0, 2: 0.5}.get(ahead)
    if mentee.gap is Gap.SENIOR:
        if ahead >= 3:
            return 1.0
        return 0.5 if ahead == 2 or mentor.stage is CareerStage.SENIOR else None
    return 1.0 if ahead > 0 else 0.5 if ahead == 0 else 0.0


def _reasons(mentee: Side, mentor: Side) -> tuple[Reason, ...]:
    cards = _same_cards(mentee, mentor)
    hours = _shared_hours(mentee, mentor)
    wishes = [*mentee.first, *sorted(mentee.seeks - set(mentee.first))]
    topics = tuple(wish for wish in wishes if wish in mentor.offers)
    stage = _gap_points(mentee, mentor) or 0
    enough = min(hours, PLENTY_OF_HOURS) / PLENTY_OF_HOURS
    found = [
        (TOPICS * _covered(mentee, mentor) if topics else 0, Why.TOPICS, topics),
        (VALUES * len(cards) / 3, Why.CARDS, cards),
        (STAGE * stage, Why.STAGE, (mentor.stage.value,)),
        (MEETING * enough / 2, Why.HOURS, (str(hours),)),
    ]
    # Sorting keeps the order above where two give as much.
    found = sorted((each for each in found if each[0]), key=lambda each: -each[0])
    shared = tuple(sorted(mentee.languages & mentor.languages))
    return (*(Reason(why, values) for _, why, values in found), Reason(Why.LANGUAGE, shared))
