"""What is told about a round: that it is open, that it closes, and what came of it."""

from datetime import timedelta

from bot.chat.prompt import Prompt
from bot.domain.availability import Weight
from bot.domain.mentoring import Role
from bot.engine import overlap
from bot.engine.rounds import draft_of, is_closed
from bot.engine.turn import Occasion, Turn, Withhold
from bot.features.rounds.draft_prompts import RoundClosed, RoundOneSided
from bot.features.rounds.prompts import (
    RoundAlone,
    RoundCalledOff,
    RoundComes,
    RoundReminder,
    RoundUnmatched,
)
from bot.features.rounds.reading import last_minute
from bot.models import Delivery, MatchRound, RoundState, Side
from bot.store import deliveries, profiles, rounds
from bot.store.rounds import ALONE, CANCELLED, CLOSED, OPENED, REMINDER, UNMATCHED, ranks_of

#: A large round is worked out beside; whoever waits for it looks again after this.
AGAIN = timedelta(minutes=1)


def _round(turn: Turn, delivery: Delivery) -> MatchRound | None:
    return turn.db.get(MatchRound, int(delivery.ref.partition(":")[0]))


def opened(turn: Turn, delivery: Delivery, late: bool) -> Prompt | Withhold:  # noqa: ARG001 - the one signature of all occasions
    """Ask somebody in."""
    match, mine = _round(turn, delivery), profiles.of(turn.db, turn.member.key)
    if match is None or is_closed(match, turn.now) or match.closes_at <= turn.now:
        return Withhold("round_over")
    if mine is None or mine.paused:
        return Withhold("profile_rests")
    if rounds.mine(turn.db, match.key, turn.member.key):
        return Withhold("answered")
    return RoundComes(
        round_id=match.key,
        until=last_minute(turn, match),
        seeks=Role(mine.role).seeks,
        gives=Role(mine.role).gives,
    )


def missed(turn: Turn, delivery: Delivery, reason: str) -> None:
    """Who is away for longer hears of it when they are back, while it is of use."""
    match = _round(turn, delivery)
    if match is None or reason in {"paused", "unreachable", "stale"}:
        return
    back = overlap.next_good(turn.db, turn.member, turn.now)
    too_late = delivery.occasion == OPENED and back >= match.closes_at
    if turn.now < back and not too_late:
        key = f"{delivery.occasion}:{match.key}:{turn.member.key}:{back:%Y%m%d%H}"
        deliveries.promise(turn.db, turn.member, delivery.occasion, key, back, delivery.ref)


def reminder(turn: Turn, delivery: Delivery, late: bool) -> Prompt | Withhold:  # noqa: ARG001
    """Remind somebody who is in and has ranked nobody, once."""
    match = _round(turn, delivery)
    if match is None or is_closed(match, turn.now):
        return Withhold("round_over")
    mine = rounds.mine(turn.db, match.key, turn.member.key)
    if not mine:
        return Withhold("round_left")
    if any(ranks_of(entry) for entry in mine.values()):
        return Withhold("answered")
    return RoundReminder(
        round_id=match.key, until=last_minute(turn, match), as_mentee=Side.MENTEE in mine
    )


def closed(turn: Turn, delivery: Delivery, late: bool) -> Prompt | Withhold:  # noqa: ARG001
    """Tell who looks after a round that its draft is there, or why there is none."""
    match = _round(turn, delivery)
    if match is None or match.state not in {RoundState.OPEN, RoundState.DRAFT}:
        return Withhold("round_over")
    if not is_closed(match, turn.now):
        return Withhold("replaced")  # it is open for longer, and closes another time
    if rounds.looked_after_by(turn.db, match, turn.now) != turn.member.key:
        return Withhold("another_told")
    sizes = rounds.sizes(turn.db, match.key)
    mentees, mentors = sizes[Side.MENTEE], sizes[Side.MENTOR]
    if match.state == RoundState.OPEN and not (mentees and mentors):
        return RoundOneSided(round_id=match.key, mentees=mentees, mentors=mentors)
    draft = draft_of(turn.db, match, turn.now)
    if draft is None:
        return Withhold("working", turn.now + AGAIN)
    return RoundClosed(
        round_id=match.key, mentees=mentees, mentors=mentors, matched=len(draft.stable)
    )


def unmatched(turn: Turn, delivery: Delivery, late: bool) -> Prompt | Withhold:  # noqa: ARG001
    """Tell somebody that no mentor was found, what held them back, and what would help."""
    why, say = delivery.ref.partition(":")[2], turn.words.short
    return RoundUnmatched(why=say(f"rounds.held.{why}"), helps=say(f"rounds.helps.{why}"))


def alone(turn: Turn, delivery: Delivery, late: bool) -> Prompt | Withhold:  # noqa: ARG001
    """Tell a mentor that no mentee was found."""
    return RoundAlone(fell_away=delivery.ref.endswith(":fell_away"))


def called_off(turn: Turn, delivery: Delivery, late: bool) -> Prompt | Withhold:  # noqa: ARG001
    """Tell somebody who is in a round that it will not be matched."""
    return RoundCalledOff()


#: So long it is still of use to tell.
_LONG = timedelta(days=21)
OCCASIONS = (
    *(
        Occasion(
            name=name, compose=compose, stale_after=_LONG, weight=Weight.LIGHT, left_out=missed
        )
        for name, compose in (
            (OPENED, opened),
            (CLOSED, closed),
            (UNMATCHED, unmatched),
            (ALONE, alone),
            (CANCELLED, called_off),
        )
    ),
    Occasion(name=REMINDER, compose=reminder, stale_after=timedelta(days=2), weight=Weight.LIGHT),
)
