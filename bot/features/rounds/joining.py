"""Somebody comes into a round, stays out, or leaves it."""

from datetime import timedelta

from bot.chat.prompt import Prompt
from bot.domain.mentoring import Role
from bot.engine.rounds import is_closed
from bot.engine.turn import Turn
from bot.errors import Refused
from bot.features.rounds.group import mentor_group
from bot.features.rounds.prompts import RoundJoined, RoundLeft, RoundNotNow
from bot.features.rounds.reading import last_minute, my_profile, open_round, round_here
from bot.models import Side
from bot.store import deliveries, rounds
from bot.store.rounds import OPENED, REMINDER

#: So long before a round closes, who has ranked nobody is reminded.
REMINDED = timedelta(days=2)


def join(turn: Turn, round_id: int = 0) -> Prompt:
    """Let a member in, on each side that their profile names."""
    match, mine = open_round(turn, round_id), my_profile(turn)
    role = Role(mine.role)
    for side, wanted in ((Side.MENTEE, role.seeks), (Side.MENTOR, role.gives)):
        if wanted:
            rounds.join(turn.db, match, turn.member, side, turn.now)
    rounds.withdraw(turn.db, match.key, "answered", OPENED, who=turn.member.key)
    remind_at = match.closes_at - REMINDED
    if remind_at > turn.now:
        key = f"{REMINDER}:{match.key}:{turn.member.key}"
        deliveries.promise(turn.db, turn.member, REMINDER, key, remind_at, str(match.key))
    there = rounds.mine(turn.db, match.key, turn.member.key)
    return RoundJoined(
        round_id=match.key,
        until=last_minute(turn, match),
        as_mentee=Side.MENTEE in there,
        as_mentor=Side.MENTOR in there,
        paused=mine.paused,
    )


@mentor_group.action("round_join")
def join_pressed(turn: Turn, round_id: int) -> Prompt:
    """Come in."""
    return join(turn, round_id)


@mentor_group.action("round_not_now")
def not_now(turn: Turn, round_id: int) -> Prompt:
    """Stay out of this round: nothing else comes of it."""
    match = open_round(turn, round_id)
    if rounds.mine(turn.db, match.key, turn.member.key):
        return leave(turn, round_id)  # who came in first, and thinks otherwise
    return RoundNotNow(round_id=match.key, until=last_minute(turn, match))


def leave(turn: Turn, round_id: int = 0) -> Prompt:
    """Let a member go, also out of a draft."""
    match = round_here(turn, round_id)
    if not rounds.leave(turn.db, match.key, turn.member.key):
        raise Refused("rounds.refused.not_in")
    return RoundLeft(round_id=match.key, still_open=not is_closed(match, turn.now))


@mentor_group.action("round_leave")
def leave_pressed(turn: Turn, round_id: int) -> Prompt:
    """Go out again."""
    return leave(turn, round_id)
