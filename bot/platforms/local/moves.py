"""Moves the workspace's clock ahead, and lets the coach live through the time between."""

from collections import Counter
from datetime import UTC, datetime, time, timedelta
from typing import Literal

from bot.domain.rhythm import Rule, next_after
from bot.domain.zones import local, zone_info
from bot.engine.ticker import STEP, Rounds
from bot.platforms.local.workspace import Workspace

#: Further than this nobody can look over what happened.
FARTHEST = timedelta(days=400)
MONDAY = Rule("weekly", 0, time(9, 0))
Problem = Literal["past", "far", "unread"]


class CannotMove(Exception):
    """The clock stays where it is; `problem` names the sentence that says why."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem)
        self.problem = problem


def target(move: str, typed: str, now: datetime, zone: str) -> datetime:
    """Read where the clock is to go: a named step, or a typed date and time on the wall."""
    if move == "hour":
        return now + timedelta(hours=1)
    if move == "day":
        tomorrow = local(now, zone).replace(tzinfo=None) + timedelta(days=1)
        return tomorrow.replace(tzinfo=zone_info(zone)).astimezone(UTC)
    if move == "monday":
        return next_after(MONDAY, now, zone)
    moment = _typed(typed, zone)
    # The page shows whole minutes: the running one is now, not the past.
    if moment <= now - STEP:
        raise CannotMove("past")
    if moment > now + FARTHEST:
        raise CannotMove("far")
    return max(moment, now)


def _typed(text: str, zone: str) -> datetime:
    try:
        wall = datetime.fromisoformat(text.strip())
        return wall.replace(tzinfo=zone_info(zone)).astimezone(UTC)
    except (ValueError, OverflowError):
        raise CannotMove("unread") from None


async def move(workspace: Workspace, rounds: Rounds, end: datetime) -> Counter[str]:
    """Stop at each due moment on the way, so that every delivery goes out at its own hour."""
    counts: Counter[str] = Counter()
    now = workspace.clock()
    while True:
        due = await workspace.database.run(rounds.next_due)
        if due is None or due > end:
            break
        now = max(due, now)
        await workspace.clock.follow_to(now)
        done = await rounds.live_until(now, now)
        counts += done
        if not done:
            now += STEP  # what is due is leased: let a little time pass
            if now > end:
                break
    await workspace.clock.follow_to(end)
    return counts + await rounds.live_until(end, end)
