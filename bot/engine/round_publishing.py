"""A match round is published: pairs begin, and everybody else hears what held them back."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session

from bot.domain.fit import Bar, bars
from bot.domain.matching import Market, Matching, Unmatched
from bot.domain.round_draft import Draft
from bot.domain.rounds import why_unmatched_all
from bot.engine import mentorships
from bot.engine.rounds import known
from bot.models import MatchRound, Member, RoundState, Side
from bot.store import deliveries, members, pairs, round_pairs, rounds
from bot.store.rounds import ALONE, UNMATCHED, Entrant

#: Mentorships that begin in one turn: a fifth of a second.
BEGUN = 60
#: What keeps a pair of a draft from beginning. Hours and wishes were held against each other when
#: the round closed, and somebody agreed to the pair.
_FORBIDS = frozenset(Bar) - {Bar.HOURS, Bar.LANGUAGE, Bar.GAP, Bar.NO_FIT}


@dataclass(slots=True)
class Published:
    """What came of a draft."""

    pairs: int = 0
    #: Pairs that could not begin: somebody left, rests, or has no place any more.
    fell_away: int = 0
    unmatched: int = 0


def publish(db: Session, match: MatchRound, draft: Draft, now: datetime) -> Published:
    """Let the pairs begin, and promise everybody else a word; the round is held."""
    there = rounds.entrants(db, match.key)
    chosen, rows = round_pairs.chosen(db, match), round_pairs.pairs(db, match.key)
    stand = _still_possible(db, match, there, {row.mentee_id: row.mentor_id for row in rows}, now)
    match.state, match.published_at = RoundState.PUBLISHED, now
    round_pairs.drop_pairs(db, match.key, [r.mentee_id for r in rows if r.mentee_id not in stand])
    told = _tell_the_rest(db, _Ended(match, draft, there, chosen, stand), now)
    round_pairs.drop_draft(db, match)
    begin_some(db, match, now)
    return Published(len(stand), len(chosen.keys() - stand.keys()), told)


def _still_possible(
    db: Session,
    match: MatchRound,
    there: Sequence[Entrant],
    matching: dict[int, int],
    now: datetime,
) -> dict[int, int]:
    """Give the pairs of a draft that can begin today: much may change between draft and press."""
    sides = known(db, there, now)
    met = pairs.met_lately(db, match.platform, match.workspace, now)
    places = {each: side.capacity for each, side in sides.items()}
    found: dict[int, int] = {}
    for mentee_id, mentor_id in matching.items():
        one, two = sides.get(mentee_id), sides.get(mentor_id)
        if one is None or two is None or places[mentor_id] < 1:
            continue
        met_lately = frozenset((one.id, two.id)) in met
        if _FORBIDS.isdisjoint(bars(one, two, met=met_lately)):
            places[mentor_id] -= 1
            found[mentee_id] = mentor_id
    return found


@dataclass(frozen=True, slots=True)
class _Ended:
    """A round that is being published: what stands, and what stood in the draft."""

    match: MatchRound
    draft: Draft
    there: Sequence[Entrant]
    chosen: Matching
    stand: Matching

    @property
    def lost(self) -> set[int]:
        """Who was in a pair of the draft that cannot begin."""
        gone = [pair for pair in self.chosen.items() if self.stand.get(pair[0]) != pair[1]]
        return {each for pair in gone for each in pair}

    @property
    def market(self) -> Market:
        """Who would have whom, of those who are still there."""
        here = {each.member.key for each in self.there}
        before = self.draft.market
        return self.draft.without({*before.mentees, *before.mentors} - here).market


def _tell_the_rest(db: Session, ended: _Ended, now: datetime) -> int:
    """Promise who has nobody a word with what held them back; count those without a mentor."""
    reasons, lost = why_unmatched_all(ended.market, ended.stand), ended.lost
    mentees = {each.member.key for each in ended.there if each.entry.side == Side.MENTEE}
    busy = {*ended.stand, *ended.stand.values()}
    for each in ended.there:
        who = each.member.key
        if each.profile.paused or each.member.is_paused(now):
            continue  # they wish to hear nothing, and may well know why
        if each.entry.side == Side.MENTEE:
            if who not in ended.stand:
                why = "fell_away" if who in lost else _why(ended.draft, reasons, who)
                _tell(db, ended.match, each.member, UNMATCHED, why, now)
        elif who not in busy and who not in mentees:
            why = "fell_away" if who in lost else "none"
            _tell(db, ended.match, each.member, ALONE, why, now)
    return len(mentees - ended.stand.keys())


def _why(draft: Draft, reasons: Mapping[int, Unmatched], who: int) -> str:
    why = reasons.get(who, Unmatched.NO_CHOICE)
    if why is not Unmatched.NO_CHOICE:
        return why.value
    return f"{why}_{draft.held.get(who, Bar.NO_FIT)}"


def _tell(
    db: Session, match: MatchRound, member: Member, occasion: str, why: str, now: datetime
) -> None:
    key = f"{occasion}:{match.key}:{member.key}"
    deliveries.promise(db, member, occasion, key, now, f"{match.key}:{why}")


def begin_some(db: Session, match: MatchRound, now: datetime) -> bool:
    """Let some pairs of a published round begin; tell whether others wait for a turn of theirs."""
    rows = round_pairs.pairs(db, match.key)
    some = [(row.mentee_id, row.mentor_id) for row in rows[:BEGUN]]
    for mentee_id, mentor_id in some:
        # Nobody's row is held: they may be in a turn of theirs that waits for this round.
        mentee, mentor = members.by_id(db, mentee_id), members.by_id(db, mentor_id)
        mentorships.begin(db, mentee, mentor, now, round_id=match.key)
    db.flush()
    round_pairs.drop_pairs(db, match.key, [mentee_id for mentee_id, _ in some])
    db.expire_all()
    return len(rows) > BEGUN
