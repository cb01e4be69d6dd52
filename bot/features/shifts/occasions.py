"""What the coach says of a rota feed of its own accord: that it was read, or cannot be."""

from datetime import timedelta

from bot.chat.prompt import Prompt
from bot.domain.availability import Weight
from bot.domain.shifts import WORK, ShiftKind
from bot.engine.feeds import FEED_READ, FEED_TROUBLE
from bot.engine.turn import Occasion, Turn, Withhold
from bot.features.shifts.commands import READ, SOON
from bot.features.shifts.feed import pending
from bot.features.shifts.prompts import FeedRead, FeedTrouble
from bot.models import Delivery
from bot.store import feeds, shifts


def feed_read(turn: Turn, delivery: Delivery, late: bool) -> Prompt | Withhold:  # noqa: ARG001 - the one signature of all occasions
    """Say what a feed holds, and offer to ask about labels; nothing if it is gone meanwhile."""
    if feeds.of(turn.db, turn.member.key) is None:
        return Withhold("feed_gone")
    rows = shifts.ahead(turn.db, turn.member.key, turn.now, READ)
    worked = [
        turn.at(each.starts_at)
        for each in rows
        if each.from_feed
        and each.kind in {*WORK, ShiftKind.HOMECALL}
        and turn.now <= each.starts_at < turn.now + SOON
    ]
    return FeedRead(
        count=len(worked),
        first=min(worked, default=None),
        until=(turn.here + SOON).date(),
        labels=len(pending(turn)),
    )


def feed_trouble(turn: Turn, delivery: Delivery, late: bool) -> Prompt | Withhold:  # noqa: ARG001 - the one signature of all occasions
    """Say that a feed cannot be read, unless it can be by now."""
    feed = feeds.of(turn.db, turn.member.key)
    if feed is None:
        return Withhold("feed_gone")
    if not feed.failures:
        return Withhold("feed_well")
    return FeedTrouble(read_at=turn.at(feed.read_at) if feed.read_at is not None else None)


OCCASIONS = (
    Occasion(name=FEED_READ, compose=feed_read, stale_after=timedelta(days=3), weight=Weight.LIGHT),
    Occasion(
        name=FEED_TROUBLE, compose=feed_trouble, stale_after=timedelta(days=3), weight=Weight.LIGHT
    ),
)
