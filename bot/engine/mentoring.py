"""Who may mentor whom: what matching knows of people, gathered from their rows."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from functools import cache

from sqlmodel import Session

from bot.chat.content import content
from bot.chat.prompt import Words
from bot.domain.fit import EDGE, Fit, Reason, Side, Why, fit
from bot.domain.languages import Languages
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
from bot.domain.proposing import shortlist
from bot.domain.topics import Topics
from bot.engine import overlap
from bot.models import Member, Profile
from bot.store import pairs, private, profiles, requests
from bot.store.vault import vault_of

#: How long it counts that a mentor was suggested.
LATELY = timedelta(days=7)
#: Topics that are named as a reason: more would not be read.
NAMED = 2
#: Reasons that are told of a pair, the strongest.
TOLD = 2
#: Mentors whose hours and confidence are looked at for one who asks, and those of them among whom
#: a few are drawn: else many who fit a little would hide the few who fit well.
CLOSER, BEST = 60, 12
_ANY_HOUR = (1 << 24 * overlap.DAYS) - 1


@cache
def topics() -> Topics:
    """Read the topics once."""
    return Topics.from_data(content("mentoring/topics"))


@cache
def languages() -> Languages:
    """Read the names of languages once."""
    return Languages.from_data(content("mentoring/languages"))


def sides(db: Session, people: Sequence[tuple[Member, Profile]], now: datetime) -> dict[int, Side]:
    """Gather what matching knows of people, by member; places are those that are open now."""
    hours = overlap.masks(db, [member for member, _ in people], now)
    vault_of(db).load(db, [member.key for member, _ in people])
    known = outward(db, people, now)
    apart = private.apart(db, [member.key for member, _ in people])
    for member, profile in people:
        part = profiles.confidential(db, profile)
        known[member.key] = replace(
            known[member.key],
            hours=hours[member.key],
            not_with=frozenset(part.not_with) | apart.get(member.key, frozenset()),
            conflicts=frozenset(part.conflicts),
        )
    return known


def outward(
    db: Session, people: Sequence[tuple[Member, Profile]], now: datetime
) -> dict[int, Side]:
    """Gather what people show of themselves, as if they were free at all hours."""
    taken = profiles.loads(db, [member.key for member, _ in people], now)
    return {
        member.key: Side(
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
            languages=frozenset(profile.languages.split(",")),
            rhythm=MeetingRhythm(profile.rhythm),
            channel=MeetingChannel(profile.channel),
            capacity=max(0, profile.capacity - taken[member.key]),
            hours=_ANY_HOUR,
            paused=profile.paused or member.unreachable_since is not None or member.is_paused(now),
            since=profile.created_at,
        )
        for member, profile in people
    }


def kept_apart(db: Session, one: Member, other: Member) -> bool:
    """Tell whether a matter of confidence stands between two people; never told to anybody."""
    known = profiles.several(db, [one.key, other.key])
    apart = private.apart(db, [one.key, other.key])
    for me, them in ((one, other), (other, one)):
        if them.user in apart.get(me.key, ()):
            return True
        if (profile := known.get(me.key)) is not None:
            part = profiles.confidential(db, profile)
            if them.user in {*part.not_with, *part.conflicts}:
                return True
    return False


def suggest(
    db: Session,
    mentee: Member,
    mine: Profile,
    now: datetime,
    *,
    turn: int = 0,
) -> list[tuple[Member, Profile, Fit]]:
    """Suggest a few mentors to one mentee, and remember that they were suggested.

    In one week the same `turn` draws by the same luck; another `turn` draws anew.
    """
    everyone = profiles.everyone(db, mentee.platform, mentee.workspace, giving=True)
    met = pairs.met_lately(db, mentee.platform, mentee.workspace, now)
    left_out = {
        *requests.asked_lately(db, mentee.key, now),
        *(each for pair in met if mentee.key in pair for each in pair),
    }
    there = [pair for pair in everyone if pair[0].key not in {mentee.key, *left_out}]
    lately = {
        profile.member_id: profile.shown
        for _, profile in there
        if profile.shown_at is not None and now - profile.shown_at < LATELY
    }
    if len(there) > CLOSER:
        rough = outward(db, [*there, (mentee, mine)], now)
        closer = _best(rough.pop(mentee.key), rough, lately, CLOSER)
        there = [pair for pair in there if pair[0].key in closer]
    known = sides(db, [*there, (mentee, mine)], now)
    me = known.pop(mentee.key)
    best = _best(me, known, lately, BEST)
    drawn = shortlist(
        me,
        [known[each] for each in sorted(best)],
        suggested=lately,
        seed=f"{now:%G-%V}:{turn}",
    )
    by_id = {member.key: (member, profile) for member, profile in there}
    found = [(*by_id[side.id], fits) for side, fits in drawn]
    for _, profile, _ in found:
        profile.shown = lately.get(profile.member_id, 0) + 1
        profile.shown_at = now
    return found


def _best(
    me: Side, known: Mapping[int, Side], lately: Mapping[int, int], most: int
) -> frozenset[int]:
    """Name those who fit best, and among equals those who were suggested least."""
    fits = {
        key: found.score
        for key, side in known.items()
        if isinstance(found := fit(me, side), Fit) and found.score >= EDGE
    }
    best = sorted(fits, key=lambda each: (-round(fits[each], 1), lately.get(each, 0), each))
    return frozenset(best[:most])


def name_of(member: Member) -> str:
    """How a member is called before others."""
    return member.name or member.user


def because(words: Words, fits: Fit, area: str = "mentoring") -> tuple[str, ...]:
    """Say what speaks for a pair, the strongest first; a language alone is no reason.

    The words are those for a mentee, unless another area of words has its own.
    """
    found = [_reason(words, each, area) for each in fits.reasons if each.why is not Why.LANGUAGE]
    return tuple(each for each in found if each)[:TOLD]


def _reason(words: Words, reason: Reason, area: str) -> str:
    say = words.short
    match reason.why:
        case Why.TOPICS:
            labels = topics().labels(reason.values)[:NAMED]
            return say(f"{area}.why.topics", topics=" and ".join(labels)) if labels else ""
        case Why.CARDS:
            cards = ", ".join(say(f"mentoring.card.{each}") for each in reason.values)
            return say(f"{area}.why.cards", cards=cards)
        case Why.STAGE:
            return say(f"{area}.why.stage", stage=say(f"mentoring.stage.{reason.values[0]}"))
        case Why.HOURS:
            return say(f"{area}.why.hours")
        case _:
            return ""
