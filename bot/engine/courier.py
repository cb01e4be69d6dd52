"""Carries deliveries out: claim, compose, commit, send with nothing open, mark behind a fence."""

import asyncio
import logging
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial

from sqlmodel import Session

from bot.chat.catalog import Catalog
from bot.chat.message import Message
from bot.chat.prompt import Words
from bot.engine.carrying import after, after_loss, carry
from bot.engine.composing import TRIES, BrokenDelivery, Composed, Composer, log_broken, wait_of
from bot.engine.hours import LATE, MOVES
from bot.engine.marker import Marker
from bot.engine.ports import Messenger
from bot.engine.turn import Occasion
from bot.errors import RoomLost, TryLater, Unreachable
from bot.logs import cause
from bot.metrics import Metrics
from bot.models import Delivery, DeliveryState
from bot.store import deliveries, lanes, members
from bot.store.database import Database
from bot.store.deliveries import UNHEARD, Claimed, Mark
from bot.store.turns import Work

log = logging.getLogger(__name__)

#: Deliveries claimed together.
BATCH = 100
#: Deliveries under way at once: the slow ones hold up nobody else.
IN_FLIGHT = 200
#: Lanes held in one claim: few enough to leave some to the couriers of other processes.
LANES = 16
#: Deliveries composed in one transaction: between two of them others' turns come in.
TOGETHER = 25
#: How long a claim holds: longer than any send, so that only a crashed worker's come free.
LEASE = timedelta(seconds=60)
#: What is counted of a private delivery that is over, whatever became of it.
ENDED = "ended"
#: The longest that one send may take, from its claim on, in seconds.
LONGEST = 40.0


class Courier:
    """Delivers what has been promised, to the platforms it has messengers for."""

    def __init__(
        self,
        database: Database,
        words: Words,
        catalog: Catalog,
        occasions: Sequence[Occasion],
        messengers: Mapping[str, Messenger],
        *,
        metrics: Metrics,
    ) -> None:
        self._database = database
        self._composer = Composer(words, catalog, occasions)
        self._messengers = messengers
        self._marker = Marker(database)
        self._metrics = metrics
        self._flying: dict[asyncio.Task[None], Delivery] = {}
        self._room = asyncio.Event()
        self._stopping = asyncio.Event()
        self._busy = False
        self._counts: Counter[str] = Counter()

    async def deliver(self, now: datetime, since: float) -> int:
        """Take one batch and send it on its way; give how many were taken.

        What is under way is waited for only when there is no room for more: see `settle`.
        `since` is the loop's time at which it was `now`: a round can take longer than a lease.
        """
        time = asyncio.get_running_loop().time
        while len(self._flying) > IN_FLIGHT - BATCH // 2:
            self._room.clear()
            await self._room.wait()
        if self._stopping.is_set():
            return 0
        room, taken = min(BATCH, IN_FLIGHT - len(self._flying)), time()
        lease = LEASE + timedelta(seconds=taken - since)
        claim = partial(self._claim, now=now, room=room, lease=lease)
        claimed = await self._database.run(claim)
        self._busy = bool(claimed)
        fresh = self._without_flying(claimed)
        if fresh:
            composed = [
                each
                for start in range(0, len(fresh), TOGETHER)
                for each in await self._composed(fresh[start : start + TOGETHER], now)
            ]
            rendered = await asyncio.to_thread(self._composer.render, composed)
            if self._stopping.is_set():
                await self._give_back(each.delivery for each in composed)
                return 0
            for each, message in zip(composed, rendered, strict=True):
                carry = self._carry(each, message, now, since, taken + LONGEST)
                task = asyncio.create_task(carry)
                self._flying[task] = each.delivery
                task.add_done_callback(self._landed)
        return len(claimed)

    async def settle(self) -> None:
        """Wait until nothing is under way."""
        while self._flying:
            await asyncio.wait(list(self._flying))

    async def stop(self, grace: float) -> None:
        """Wait some seconds for what is under way, and give the rest back."""
        self._stopping.set()
        if self._flying:
            await asyncio.wait(list(self._flying), timeout=grace)
        left = dict(self._flying)
        for task in left:
            task.cancel()
        await asyncio.gather(*left, return_exceptions=True)
        await self._give_back(left.values())

    async def _give_back(self, held: Iterable[Delivery]) -> None:
        waiting = DeliveryState.WAITING
        marks = (Mark(each, waiting, reason=UNHEARD, counts=False) for each in held)
        await asyncio.gather(*map(self._marker.write, marks))

    def counted(self) -> Counter[str]:
        """Give how many were sent, dropped, moved and failed since this was last asked."""
        counts, self._counts = self._counts, Counter()
        return counts

    def _claim(self, db: Session, now: datetime, room: int, lease: timedelta) -> list[Claimed]:
        taken: list[Claimed] = []
        # After a full hand there is likely more; else one look that costs nearly nothing.
        if not self._busy and not lanes.is_anything_due(db, now, self._messengers.keys()):
            return taken
        for platform, messenger in self._messengers.items():
            held = lanes.hold(db, now, platform, min(LANES, room - len(taken)))
            if not held:
                continue
            share = max(1, (room - len(taken)) // len(held))
            if messenger.pace is not None:
                share = min(share, max(1, int(messenger.pace)))
            took = deliveries.claim(db, held, now, share, lease)
            taken.extend(took)
            if took and messenger.pace is not None:
                number = Counter(each.delivery.workspace for each in took)
                pauses = {name: timedelta(seconds=n / messenger.pace) for name, n in number.items()}
                lanes.reopen(
                    db,
                    [
                        (lane.id, now + pauses[lane.workspace])
                        for lane in held
                        if lane.workspace in pauses
                    ],
                )
        return taken

    def _without_flying(self, claimed: Sequence[Claimed]) -> list[Claimed]:
        """Leave out what we are sending already: its lease ended early, for a clock was set ahead.

        The claim is ours again, so the one that is under way goes on behind the new fence.
        """
        flying = {delivery.id: delivery for delivery in self._flying.values()}
        for each in claimed:
            if (ours := flying.get(each.delivery.id)) is not None:
                ours.claim = each.delivery.claim
        return [each for each in claimed if each.delivery.id not in flying]

    async def _composed(self, claimed: Sequence[Claimed], now: datetime) -> list[Composed]:
        broken: set[int | None] = set()
        while True:
            compose = partial(self._composer.compose, claimed=claimed, broken=broken, now=now)
            try:
                composed, marks = await self._database.run(compose)
            except BrokenDelivery as error:
                broken.add(error.delivery_id)
                continue
            for mark in marks:
                self._count(mark)
            return composed

    async def _carry(
        self,
        composed: Composed,
        message: Message | Exception | None,
        now: datetime,
        since: float,
        until: float,
    ) -> None:
        delivery, loop = composed.delivery, asyncio.get_running_loop()
        also: Work[None] | None = None
        try:
            mark, also = await self._send(composed, message, now, until)
        except RoomLost as lost:
            mark = Mark(delivery, DeliveryState.DROPPED, lost.reason)
            also = after_loss(composed, lost.reason, now)
        except Unreachable as gone:
            mark = Mark(delivery, DeliveryState.FAILED, gone.reason)
            also = partial(members.mark_unreachable, member_id=delivery.member_id, now=now)
        except TryLater as wait:
            moment = now + timedelta(seconds=loop.time() - since)
            mark = _back_off(composed, wait, moment)
            if wait.everyone and mark.until is not None:
                also = partial(
                    lanes.close_until,
                    platform=delivery.platform,
                    workspace=delivery.workspace,
                    moment=mark.until,
                )
        if self._composer.is_private(delivery):
            mark = replace(mark, vanish=True)
            if self._composer.is_unasked(delivery):
                # It is tried once: a second try would show that there was something to send.
                mark, also = Mark(delivery, DeliveryState.DROPPED, vanish=True), None
        await self._marker.write(mark, also)
        self._count(mark)

    async def _send(
        self, composed: Composed, message: Message | Exception | None, now: datetime, until: float
    ) -> tuple[Mark, Work[None] | None]:
        delivery = composed.delivery
        messenger = self._messengers[delivery.platform]
        if asyncio.get_running_loop().time() >= until:  # composing took what sending may take
            raise TryLater(delivery.reason, 0, blameless=True, unheard=composed.uncertain)
        try:
            if isinstance(message, Exception):
                raise message  # noqa: TRY301 - one way for all that is wrong with it
            async with asyncio.timeout_at(until):
                result = await carry(messenger, composed, message)
        except (TryLater, Unreachable, RoomLost):
            raise
        except Exception as error:
            if not self._composer.is_unasked(delivery):
                log_broken(delivery, error)
            raise TryLater("error", unheard=not isinstance(message, Exception)) from None
        moved = delivery.reason if delivery.reason in MOVES else ""
        reason = LATE if composed.late else moved
        sent = Mark(delivery, DeliveryState.SENT, reason, sent_at=now, sent_ref=result.ref)
        return sent, after(composed, result, now)

    def _landed(self, task: asyncio.Task[None]) -> None:
        delivery = self._flying.pop(task)
        if len(self._flying) <= IN_FLIGHT - BATCH // 2:
            self._room.set()
        if not task.cancelled() and (error := task.exception()) is not None:
            # The lease will end, and then the platform is asked.
            log.error(
                "The outcome of a delivery could not be written",
                extra={"action": "mark_failed", "delivery": delivery.id, "cause": cause(error)},
            )

    def _count(self, mark: Mark) -> None:
        delivery, outcome = mark.delivery, mark.state.value
        if mark.state is DeliveryState.WAITING:
            outcome = "moved"
        elif mark.vanish:
            outcome = ENDED
        self._counts[outcome] += 1
        told = LATE if mark.reason == LATE and outcome != ENDED else outcome
        self._metrics.delivered(delivery.platform, delivery.occasion, told)


def _back_off(composed: Composed, wait: TryLater, moment: datetime) -> Mark:
    """Say when to try again, or that there were tries enough."""
    delivery = composed.delivery
    if delivery.attempts >= TRIES and not wait.blameless:
        return Mark(delivery, DeliveryState.FAILED, wait.reason)
    pause = wait_of(delivery) if wait.after is None else timedelta(seconds=wait.after)
    reason = UNHEARD if wait.unheard else wait.reason
    counts = not wait.blameless
    return Mark(delivery, DeliveryState.WAITING, reason, until=moment + pause, counts=counts)
