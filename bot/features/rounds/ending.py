"""A coordinator closes a round, publishes its draft, or calls it off."""

from bot.chat.prompt import Prompt
from bot.engine.round_publishing import publish as publish_pairs
from bot.engine.rounds import is_closed
from bot.engine.turn import Turn
from bot.features.rounds.draft_prompts import RoundCancelAsked, RoundCancelled, RoundPublished
from bot.features.rounds.drafting import draft_or_why, show
from bot.features.rounds.group import mentor_group
from bot.features.rounds.reading import coordinators_only, last_minute, round_here
from bot.models import RoundState
from bot.store import deliveries, round_pairs, rounds
from bot.store.rounds import CANCELLED, CLOSED, OPENED, REMINDER


def close(turn: Turn, round_id: int = 0) -> Prompt:
    """Let nobody in any more, and show the draft."""
    coordinators_only(turn)
    match = round_here(turn, round_id)
    if not is_closed(match, turn.now):
        match.closes_at = turn.now
        turn.db.flush()
        rounds.withdraw(turn.db, match.key, "round_over", OPENED, REMINDER, CLOSED)
    return show(turn, match)


@mentor_group.action("round_close")
def close_pressed(turn: Turn, round_id: int) -> Prompt:
    """Let nobody in any more, and show the draft."""
    return close(turn, round_id)


def publish(turn: Turn, round_id: int = 0) -> Prompt:
    """Let the pairs of the draft begin, and tell everybody."""
    coordinators_only(turn)
    match = round_here(turn, round_id)
    draft = draft_or_why(turn, match)
    if isinstance(draft, Prompt):
        return draft
    done = publish_pairs(turn.db, match, draft, turn.now)
    return RoundPublished(pairs=done.pairs, fell_away=done.fell_away, unmatched=done.unmatched)


@mentor_group.action("round_publish")
def publish_pressed(turn: Turn, round_id: int) -> Prompt:
    """Let the pairs of the draft begin, and tell everybody."""
    return publish(turn, round_id)


def cancel(turn: Turn, round_id: int = 0) -> Prompt:
    """Ask whether a round is to be called off."""
    coordinators_only(turn)
    match = round_here(turn, round_id)
    return RoundCancelAsked(
        round_id=match.key,
        people=len(rounds.people(turn.db, match.key)),
        until=None if is_closed(match, turn.now) else last_minute(turn, match),
    )


@mentor_group.action("round_cancel")
def cancel_pressed(turn: Turn, round_id: int) -> Prompt:
    """Ask whether a round is to be called off."""
    return cancel(turn, round_id)


@mentor_group.action("round_cancel_now")
def cancel_now(turn: Turn, round_id: int) -> Prompt:
    """Call a round off, and tell who is in it."""
    coordinators_only(turn)
    match = round_here(turn, round_id)
    there = {each.member.key: each.member for each in rounds.entrants(turn.db, match.key)}
    match.state = RoundState.CANCELLED
    turn.db.flush()
    rounds.withdraw(turn.db, match.key, "round_over", OPENED, REMINDER, CLOSED)
    rows = [row.mentee_id for row in round_pairs.pairs(turn.db, match.key)]
    round_pairs.drop_pairs(turn.db, match.key, rows)
    round_pairs.drop_draft(turn.db, match)
    told = [each for who, each in there.items() if who != turn.member.key]
    for member in told:
        key = f"{CANCELLED}:{match.key}:{member.key}"
        deliveries.promise(turn.db, member, CANCELLED, key, turn.now, str(match.key))
    return RoundCancelled(told=len(told))
