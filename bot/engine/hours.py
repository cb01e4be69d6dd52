"""When a member may be written to: what is known of their hours, under the reviewed rules."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from functools import cache

from bot.chat.content import content
from bot.domain.availability import Availability, QuietRules, Reason
from bot.domain.shifts import Hours, Shift
from bot.engine.turn import Occasion, Turn, Withhold
from bot.models import Delivery, Member
from bot.store import shifts

#: A message is moved by so much at most; then it waits for the next one of its kind.
FARTHEST = timedelta(hours=72)
#: The reason of a delivery that was sent, but later than it was promised.
LATE = "late"
#: Reasons under which a message that was moved still comes, and says nothing of it.
MOVES = frozenset(each.value for each in Reason)


@cache
def quiet_rules() -> QuietRules:
    """Read the rules once."""
    return QuietRules.from_data(content("shifts/quiet"))


def availability(member: Member, known: Iterable[Shift]) -> Availability:
    """Put a member's shifts and their own quiet hours together."""
    start, _, end = member.quiet_hours.partition("-")
    own = Hours.from_data({"start": start, "end": end}) if end else None
    return Availability(quiet_rules(), member.zone, known, own)


def hours_of(turn: Turn) -> Availability:
    """Give the hours of the member whose turn it is."""
    return availability(turn.member, shifts_of(turn))


def shifts_of(turn: Turn) -> Sequence[Shift]:
    """Give the shifts of the member whose turn it is, as far as they bear on this moment."""
    if turn.shifts is None:
        found = shifts.around(turn.db, [turn.member.key], turn.now)
        turn.shifts = found.get(turn.member.key, [])
    return turn.shifts


def wait(
    member: Member,
    known: Iterable[Shift],
    delivery: Delivery,
    occasion: Occasion,
    now: datetime,
) -> Withhold | None:
    """Say why a delivery must wait, and until when; without an end it is left out this time.

    An hour that the member chose is kept while the message is on time. One that is late through
    our fault avoids the night, but not the hours in which a rota is unknown.
    """
    if occasion.weight is None:
        return None
    on_time = now - delivery.due_at <= occasion.late_after
    chosen = occasion.chosen and on_time
    if chosen and not known and not member.quiet_hours:
        return None
    hours = availability(member, known)
    quiet = hours.state_at(now, occasion.weight, chosen=chosen)
    if quiet is None or (occasion.chosen and quiet.reason is Reason.UNKNOWN_ROTA):
        return None
    within = delivery.due_at + min(FARTHEST, occasion.stale_after) - now
    until = hours.next_good(now, occasion.weight, within=within) if within > timedelta(0) else None
    # What was late before it was moved still says so; what was moved in time does not.
    late = until is not None and not on_time and delivery.reason not in MOVES
    return Withhold(LATE if late else quiet.reason.value, until)
