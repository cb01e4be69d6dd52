"""Turns claimed deliveries into messages, from today's facts, or into reasons not to send."""

import logging
import random
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlmodel import Session

from bot.chat.catalog import Catalog
from bot.chat.message import Message
from bot.chat.prompt import Prompt, Words
from bot.domain.shifts import Shift
from bot.engine.errands import Errand, Post
from bot.engine.hours import MOVES, wait
from bot.engine.ports import Address
from bot.engine.turn import Occasion, Turn, Withhold
from bot.logs import cause
from bot.models import Delivery, DeliveryState, Member
from bot.store import deliveries, members, shifts
from bot.store.deliveries import Claimed, Mark
from bot.store.turns import Interrupted
from bot.store.vault import vault_of

log = logging.getLogger(__name__)

#: After this many tries a delivery has failed, visibly.
TRIES = 6
#: The wait after the first try that failed without naming one; each wait is five times the last,
#: with jitter. Six tries reach over two hours: longer than most outages of a platform.
BACK_OFF = timedelta(seconds=10)
GROWTH = 5


@dataclass(frozen=True, slots=True)
class Composed:
    """A claimed delivery with what must be sent for it."""

    delivery: Delivery
    to: Address
    occasion: Occasion
    #: What must be sent or done.
    what: Prompt | Errand
    late: bool
    #: Someone tried before us and was not heard of again: ask the platform first.
    uncertain: bool


class BrokenDelivery(Exception):
    """A delivery could not be composed; its batch is composed again without it."""

    def __init__(self, delivery_id: int | None) -> None:
        super().__init__(delivery_id)
        self.delivery_id = delivery_id


class Composer:
    """Knows every occasion, and the words."""

    def __init__(self, words: Words, catalog: Catalog, occasions: Sequence[Occasion]) -> None:
        self._words = words
        self._catalog = catalog
        self._occasions = {occasion.name: occasion for occasion in occasions}

    def compose(
        self, db: Session, claimed: Sequence[Claimed], broken: Collection[int | None], now: datetime
    ) -> tuple[list[Composed], list[Mark]]:
        """Read facts and permission again: much can change between a promise and its hour."""
        composed: list[Composed] = []
        marks: list[Mark] = []
        held = members.hold(db, (each.delivery.member_id for each in claimed))
        vault_of(db).load(db, held)  # a message names goals, and their words are sealed
        known = shifts.around(db, held, now)
        for each in claimed:
            delivery = each.delivery
            if (member := held.get(delivery.member_id)) is None:
                continue  # forgotten meanwhile, and the delivery with the member
            if delivery.id in broken:
                wait = None if delivery.attempts >= TRIES else now + wait_of(delivery)
                answer: Composed | Withhold = Withhold("broken", wait)
            else:
                answer = self._compose_one(db, each, member, known.get(member.key, ()), now)
            if isinstance(answer, Composed):
                composed.append(answer)
            elif answer.until is not None:
                waiting, broken_now = DeliveryState.WAITING, delivery.id in broken
                marks.append(
                    Mark(delivery, waiting, answer.reason, until=answer.until, counts=broken_now)
                )
            else:
                vanish = self.is_private(delivery)
                marks.append(Mark(delivery, DeliveryState.DROPPED, answer.reason, vanish=vanish))
        if marks:
            deliveries.mark(db, marks)
        return composed, marks

    def is_private(self, delivery: Delivery) -> bool:
        """Tell whether no trace of a delivery may be left."""
        occasion = self._occasions.get(delivery.occasion)
        return occasion is not None and occasion.private

    def is_unasked(self, delivery: Delivery) -> bool:
        """Tell whether a delivery is private and comes of our own accord."""
        occasion = self._occasions.get(delivery.occasion)
        return occasion is not None and occasion.private and occasion.weight is not None

    def _compose_one(
        self,
        db: Session,
        claimed: Claimed,
        member: Member,
        known: Sequence[Shift],
        now: datetime,
    ) -> Composed | Withhold:
        delivery = claimed.delivery
        occasion = self._occasions.get(delivery.occasion)
        if occasion is None:
            return Withhold("unknown")
        moved = delivery.reason in MOVES
        turn = Turn(db, member, now, self._catalog, self._words, known)
        refusal = _refusal(member, delivery, occasion, now)
        # What nobody heard of may have been sent: then the hour was right, and we only ask.
        if refusal is None and not claimed.uncertain:
            refusal = wait(member, known, delivery, occasion, now)
        if refusal is not None:
            if refusal.until is None and occasion.left_out is not None:
                occasion.left_out(turn, delivery, refusal.reason)
            return refusal
        late = not moved and now - delivery.due_at > occasion.late_after
        try:
            answer = occasion.compose(turn, delivery, late)
            db.flush()
        except Interrupted:
            raise
        except Exception as error:
            log_broken(delivery, error)
            raise BrokenDelivery(delivery.id) from None
        if isinstance(answer, Withhold):
            return answer
        to = Address(member.workspace, member.user)
        return Composed(delivery, to, occasion, answer, late, claimed.uncertain)

    def render(self, composed: Sequence[Composed]) -> list[Message | Exception | None]:
        """Find the words; to be run away from the event loop, for a batch takes its time.

        An errand without words has None in their place.
        """
        found: list[Message | Exception | None] = []
        for each in composed:
            prompt = each.what.prompt if isinstance(each.what, Post) else each.what
            try:
                found.append(self._words.render(prompt) if isinstance(prompt, Prompt) else None)
            except Exception as error:
                found.append(error)
        return found


def _refusal(
    member: Member, delivery: Delivery, occasion: Occasion, now: datetime
) -> Withhold | None:
    if member.is_paused(now) and occasion.weight is not None:
        return Withhold("paused")
    if member.unreachable_since is not None and not occasion.for_room:
        return Withhold("unreachable")
    if now - delivery.due_at > occasion.stale_after:
        return Withhold("stale")
    return None


def wait_of(delivery: Delivery) -> timedelta:
    """Say how long to wait after a try that failed, with jitter."""
    grown: timedelta = BACK_OFF * GROWTH ** (delivery.attempts - 1)
    return grown * random.uniform(0.75, 1.25)


def log_broken(delivery: Delivery, error: Exception) -> None:
    """Log what failed, by its cause alone: a traceback would quote the member."""
    log.error(
        "A delivery failed",
        extra={"action": "delivery_failed", "delivery": delivery.id, "cause": cause(error)},
    )
