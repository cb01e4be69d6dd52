"""Carries deliveries out: claim, compose, commit, send with nothing open, mark behind a fence."""

import asyncio
import logging
import random
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial

from sqlmodel import Session

from bot.chat.catalog import Catalog
from bot.chat.prompt import Prompt, Words
from bot.engine.ports import Address, Messenger
from bot.engine.turn import Occasion, Turn, Withhold
from bot.errors import TryLater, Unreachable
from bot.logs import cause
from bot.models import Delivery, DeliveryState, Member
from bot.store import deliveries, members
from bot.store.database import Database
from bot.store.turns import savepoint

log = logging.getLogger(__name__)

#: Deliveries claimed together, and sent side by side.
BATCH = 50
#: Three times the longest send, time-outs included: a crashed worker's claims come free then.
LEASE = timedelta(seconds=60)
#: After this many tries a delivery has failed, visibly.
TRIES = 5
#: The reason of a delivery whose last outcome nobody heard.
UNHEARD = "unheard"
#: The first wait after a refusal that named none; it doubles, with jitter.
BACK_OFF = timedelta(seconds=5)


@dataclass(frozen=True, slots=True)
class _Composed:
    """A claimed delivery with what must be sent for it."""

    delivery: Delivery
    to: Address
    prompt: Prompt
    late: bool
    #: Someone tried before us and was not heard of again: ask the platform first.
    uncertain: bool


class Courier:
    """Delivers what has been promised, to the platforms it has messengers for."""

    def __init__(
        self,
        database: Database,
        words: Words,
        catalog: Catalog,
        occasions: Sequence[Occasion],
        messengers: Mapping[str, Messenger],
    ) -> None:
        self._database = database
        self._words = words
        self._catalog = catalog
        self._occasions = {occasion.name: occasion for occasion in occasions}
        self._messengers = messengers

    async def deliver(self, now: datetime) -> Counter[str]:
        """Carry out one batch; give how many were sent, dropped, moved, and failed."""
        composed, counts = await self._database.run(partial(self._claim, now=now))
        outcomes = await asyncio.gather(*(self._send(each, now) for each in composed))
        return counts + Counter(outcomes)

    def _claim(self, db: Session, now: datetime) -> tuple[list[_Composed], Counter[str]]:
        counts: Counter[str] = Counter()
        composed: list[_Composed] = []
        for delivery in deliveries.claim(db, now, self._messengers.keys(), BATCH, LEASE):
            db.flush()
            answer = self._compose(db, delivery, now)
            if isinstance(answer, _Composed):
                composed.append(answer)
            elif answer.until is not None:
                deliveries.postpone(db, delivery, answer.until, answer.reason)
                counts["moved"] += 1
            else:
                deliveries.close(db, delivery, DeliveryState.DROPPED, now, reason=answer.reason)
                counts["dropped"] += 1
        return composed, counts

    def _compose(self, db: Session, delivery: Delivery, now: datetime) -> _Composed | Withhold:
        """Read facts and permission again: much can change between a promise and its hour."""
        member = members.by_id(db, delivery.member_id)
        occasion = self._occasions.get(delivery.occasion)
        if occasion is None:
            return Withhold("unknown")
        refusal = _refusal(member, delivery, occasion, now)
        if refusal is not None:
            return refusal
        turn = Turn(db, member, now, self._catalog, self._words)
        late = now - delivery.due_at > occasion.late_after
        try:
            with savepoint(db):
                answer = occasion.compose(turn, delivery, late)
        except Exception as error:
            log.error(  # noqa: TRY400 - a traceback would quote the member
                "A delivery could not be composed",
                extra={"action": "compose_failed", "delivery": delivery.id, "cause": cause(error)},
            )
            return Withhold("broken", None if delivery.attempts >= TRIES else now + _wait(delivery))
        if isinstance(answer, Withhold):
            return answer
        return _Composed(
            delivery,
            Address(member.workspace, member.user),
            answer,
            late,
            uncertain=delivery.attempts > 1 and delivery.reason in {"", UNHEARD},
        )

    async def _send(self, composed: _Composed, now: datetime) -> str:
        delivery = composed.delivery
        messenger = self._messengers[delivery.platform]
        try:
            ref = await messenger.find(composed.to, delivery.key) if composed.uncertain else None
            if ref is None:
                message = self._words.render(composed.prompt)
                ref = await messenger.send(composed.to, message, delivery.key)
        except TryLater as wait:
            return await self._back_off(delivery, now, wait)
        except Unreachable as gone:
            return await self._unreachable(delivery, now, gone.reason)
        except Exception as error:
            log.error(  # noqa: TRY400 - a traceback would quote the member
                "A delivery failed",
                extra={"action": "send_failed", "delivery": delivery.id, "cause": cause(error)},
            )
            return await self._back_off(delivery, now, TryLater("error", unheard=True))
        await self._database.run(
            partial(
                deliveries.close,
                delivery=delivery,
                state=DeliveryState.SENT,
                now=now,
                reason="late" if composed.late else "",
                sent_ref=ref,
            )
        )
        return "sent"

    async def _back_off(self, delivery: Delivery, now: datetime, wait: TryLater) -> str:
        if delivery.attempts >= TRIES and not wait.blameless:
            await self._database.run(
                partial(
                    deliveries.close,
                    delivery=delivery,
                    state=DeliveryState.FAILED,
                    now=now,
                    reason=wait.reason,
                )
            )
            return "failed"
        until = now + (timedelta(seconds=wait.after) if wait.after is not None else _wait(delivery))
        await self._database.run(
            partial(
                deliveries.postpone,
                delivery=delivery,
                until=until,
                reason=UNHEARD if wait.unheard else wait.reason,
                counts=not wait.blameless,
            )
        )
        return "moved"

    async def _unreachable(self, delivery: Delivery, now: datetime, reason: str) -> str:
        def work(db: Session) -> None:
            members.mark_unreachable(db, delivery.member_id, now)
            deliveries.close(db, delivery, DeliveryState.FAILED, now, reason=reason)

        await self._database.run(work)
        return "failed"


def _refusal(
    member: Member, delivery: Delivery, occasion: Occasion, now: datetime
) -> Withhold | None:
    if member.is_paused(now):
        return Withhold("paused")
    if member.unreachable_since is not None:
        return Withhold("unreachable")
    if now - delivery.due_at > occasion.stale_after:
        return Withhold("stale")
    return None


def _wait(delivery: Delivery) -> timedelta:
    doubled: timedelta = BACK_OFF * 2 ** min(delivery.attempts - 1, 6)
    return doubled * random.uniform(0.75, 1.25)
