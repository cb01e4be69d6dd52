"""A coordinator looks at a draft: both ways of matching, the pairs, and what speaks for each."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from bot.chat.prompt import Prompt
from bot.domain.fit import Fit
from bot.domain.fit import fit as fit_of
from bot.domain.matching import Summary, blocking_pairs, describe
from bot.domain.round_draft import Draft
from bot.engine.mentoring import because, name_of
from bot.engine.rounds import draft_of, is_closed, known
from bot.engine.turn import Turn
from bot.errors import Refused
from bot.features.rounds.draft_prompts import (
    DraftPairs,
    DraftShown,
    PairLine,
    RoundOneSided,
    RoundWorking,
    TwoWho,
    Way,
)
from bot.features.rounds.group import mentor_group
from bot.features.rounds.reading import coordinators_only, last_minute, round_here
from bot.models import MatchRound, Member, RoundState, Side
from bot.store import round_pairs, rounds
from bot.store.rounds import Entrant

#: Blocking pairs, pairs of a page, and people without a mentor that are named at once.
_BLOCKING, _PAGE, _WITHOUT = 5, 8, 8


def show_draft(turn: Turn, round_id: int = 0) -> Prompt:
    """Show the draft of the round that is closed."""
    coordinators_only(turn)
    return show(turn, round_here(turn, round_id))


@mentor_group.action("round_draft")
def draft_pressed(turn: Turn, round_id: int) -> Prompt:
    """Show the draft."""
    return show_draft(turn, round_id)


def show(turn: Turn, match: MatchRound) -> Prompt:
    """Show a draft, or say why there is none."""
    draft = draft_or_why(turn, match)
    if isinstance(draft, Prompt):
        return draft
    there = _there(turn, match)
    rows = round_pairs.pairs(turn.db, match.key)
    now = {row.mentee_id: row.mentor_id for row in rows}
    here = draft.without({*draft.market.mentees, *draft.market.mentors} - there.keys())
    blocking = blocking_pairs(here.market, now)
    return DraftShown(
        round_id=match.key,
        mentees=len(here.market.mentees),
        mentors=len(here.market.mentors),
        stable=_way(describe(here.market, here.stable, here.scores)),
        most_fit=_way(describe(here.market, here.most_fit, here.scores)),
        now=_way(describe(here.market, now, draft.scores)),
        stands=_stands(here, now),
        alike=dict(here.stable) == dict(here.most_fit),
        by_hand=sum(row.by_hand for row in rows),
        fell_away=len(round_pairs.chosen(turn.db, match).keys() - now.keys()),
        blocking=tuple(
            TwoWho(name_of(there[mentee]), name_of(there[mentor]))
            for mentee, mentor in blocking[:_BLOCKING]
        ),
        more=max(0, len(blocking) - _BLOCKING),
    )


def not_drafted(turn: Turn, match: MatchRound) -> Prompt | None:
    """Say why a round has no draft; None where it has one."""
    if match.state == RoundState.DRAFT:
        return None
    found = draft_or_why(turn, match)
    return found if isinstance(found, Prompt) else None


def draft_or_why(turn: Turn, match: MatchRound) -> Draft | Prompt:
    """Give the draft of a closed round, or what to say where there is none."""
    if not is_closed(match, turn.now):
        until = last_minute(turn, match)
        raise Refused("rounds.refused.still_open", until=f"{until.day} {until:%B}")
    sizes = rounds.sizes(turn.db, match.key)
    mentees, mentors = sizes[Side.MENTEE], sizes[Side.MENTOR]
    if match.state == RoundState.OPEN and not (mentees and mentors):
        return RoundOneSided(round_id=match.key, mentees=mentees, mentors=mentors)
    draft = draft_of(turn.db, match, turn.now)
    if draft is None:
        return RoundWorking(round_id=match.key, mentees=mentees, mentors=mentors)
    return draft


def _there(turn: Turn, match: MatchRound) -> dict[int, Member]:
    return {each.member.key: each.member for each in rounds.entrants(turn.db, match.key)}


def _way(summary: Summary) -> Way:
    return Way(
        matched=summary.matched,
        first=summary.first,
        first_three=summary.first_three,
        fit=round(summary.fit, 2),  # as exact as its parts, or the sum may be less than one
        least_fit=round(summary.least_fit, 2),
        open_places=summary.open_places,
        blocking=summary.blocking,
    )


def _stands(draft: Draft, now: Mapping[int, int]) -> str:
    if now == dict(draft.stable):
        return "stable"
    return "most_fit" if now == dict(draft.most_fit) else "changed"


@mentor_group.action("round_most_fit")
def take_most_fit(turn: Turn, round_id: int) -> Prompt:
    """Let the matching with the greatest total fit stand."""
    return _take(turn, round_id, most_fit=True)


@mentor_group.action("round_stable")
def take_stable(turn: Turn, round_id: int) -> Prompt:
    """Let the stable matching stand."""
    return _take(turn, round_id, most_fit=False)


def _take(turn: Turn, round_id: int, *, most_fit: bool) -> Prompt:
    coordinators_only(turn)
    match = round_here(turn, round_id)
    draft = draft_or_why(turn, match)
    if isinstance(draft, Prompt):
        return draft
    there = _there(turn, match)
    here = draft.without({*draft.market.mentees, *draft.market.mentors} - there.keys())
    round_pairs.choose(turn.db, match, here.most_fit if most_fit else here.stable)
    return show(turn, match)


@mentor_group.action("round_pairs")
def pairs_pressed(turn: Turn, round_id: int, page: int) -> Prompt:
    """Show some pairs of a draft, with what speaks for each."""
    coordinators_only(turn)
    match = round_here(turn, round_id)
    if (why := not_drafted(turn, match)) is not None:
        return why
    there = rounds.entrants(turn.db, match.key)
    names = {each.member.key: name_of(each.member) for each in there}
    rows = sorted(round_pairs.pairs(turn.db, match.key), key=lambda row: names[row.mentee_id])
    pages = max(1, -(-len(rows) // _PAGE))
    page = min(page, pages - 1)
    some = rows[page * _PAGE : (page + 1) * _PAGE]
    shown = {each for row in some for each in (row.mentee_id, row.mentor_id)}
    reasons = _reasons(turn, [each for each in there if each.member.key in shown])
    without = sorted(
        names[each.member.key]
        for each in there
        if each.entry.side == Side.MENTEE and each.member.key not in {row.mentee_id for row in rows}
    )
    return DraftPairs(
        round_id=match.key,
        page=page,
        pages=pages,
        pairs=tuple(
            PairLine(
                names[row.mentee_id],
                names[row.mentor_id],
                reasons(row.mentee_id, row.mentor_id),
                row.by_hand,
            )
            for row in some
        ),
        without=tuple(without[:_WITHOUT]) if page == pages - 1 else (),
        more_without=max(0, len(without) - _WITHOUT) if page == pages - 1 else 0,
    )


def _reasons(turn: Turn, there: Sequence[Entrant]) -> Callable[[int, int], tuple[str, ...]]:
    """Give what says what speaks for a pair of these, in the third person."""
    # Were a confidence heeded here, a line without reasons would tell it.
    sides = {
        who: replace(side, not_with=frozenset(), conflicts=frozenset(), paused=False, capacity=1)
        for who, side in known(turn.db, there, turn.now).items()
    }

    def reasons(mentee: int, mentor: int) -> tuple[str, ...]:
        found = fit_of(sides[mentee], sides[mentor])
        return because(turn.words, found, "rounds") if isinstance(found, Fit) else ()

    return reasons
