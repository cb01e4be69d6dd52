"""Which round is meant, who may change it, and when a day ends."""

from datetime import UTC, date, datetime, time, timedelta

from bot.domain.zones import zone_info
from bot.engine.mentoring import name_of
from bot.engine.rounds import is_closed
from bot.engine.turn import Turn
from bot.errors import Refused
from bot.models import MatchRound, Profile, RoundState
from bot.store import members, profiles, rounds

#: A round that is open for longer than this is a slip of the pen.
LONGEST = timedelta(days=200)
_GOING_ON = frozenset({RoundState.OPEN, RoundState.DRAFT})


def end_of(day: date, zone: str) -> datetime:
    """Give the moment at which a day ends on a wall: midnight, whatever the clock does that day."""
    return datetime.combine(day + timedelta(days=1), time(), zone_info(zone)).astimezone(UTC)


def last_minute(turn: Turn, match: MatchRound) -> datetime:
    """Give the last minute in which somebody can come in, on the member's wall."""
    return turn.at(match.closes_at - timedelta(minutes=1))


def round_here(turn: Turn, round_id: int = 0) -> MatchRound:
    """Give the round that goes on here, held; refused where there is none, or it is another."""
    there = rounds.going_on(turn.db, turn.member.platform, turn.member.workspace)
    if there is None or round_id not in {0, there.key}:
        raise Refused("rounds.refused.over" if round_id else "rounds.refused.none")
    held = rounds.held(turn.db, there.key)
    if held is None or held.state not in _GOING_ON:
        raise Refused("rounds.refused.over")
    return held


def open_round(turn: Turn, round_id: int = 0) -> MatchRound:
    """Give the round that goes on here while people can still come in."""
    match = round_here(turn, round_id)
    if is_closed(match, turn.now):
        raise Refused("rounds.refused.closed")
    return match


def coordinators_only(turn: Turn) -> None:
    """Refuse who does not coordinate, and say who does."""
    if turn.coordinates:
        return
    users = sorted(turn.owner.coordinators)
    if not users:
        raise Refused("rounds.refused.nobody_coordinates")
    known = members.by_users(turn.db, turn.member.platform, turn.member.workspace, users)
    names = [name_of(known[each]) if each in known else each for each in users]
    raise Refused("rounds.refused.not_yours", names=" or ".join(names))


def my_profile(turn: Turn) -> Profile:
    """Give the member's profile; refused with what to do where there is none."""
    mine = profiles.of(turn.db, turn.member.key)
    if mine is None:
        raise Refused("mentoring.refused.no_profile")
    return mine
