"""Carries one composed thing outside: a message to a member, or an errand in a channel."""

import logging
from datetime import datetime

from sqlmodel import Session

from bot.chat.message import Message
from bot.engine.composing import Composed
from bot.engine.errands import CloseRoom, Dismiss, Errand, Invite, OpenRoom, Post, Result
from bot.engine.ports import Messenger, Rooms
from bot.errors import RoomLost, TryLater
from bot.logs import cause
from bot.store.turns import Interrupted, Work, savepoint

log = logging.getLogger(__name__)


async def carry(messenger: Messenger, composed: Composed, message: Message | None) -> Result:
    """Send or do it once; raises TryLater, Unreachable and RoomLost.

    After an outcome that nobody heard the platform is asked first; while it cannot say, we do not
    know.
    """
    key = composed.delivery.key
    if isinstance(composed.what, Errand):
        return await _do(messenger.rooms, composed, composed.what, message)
    if message is None:
        raise TypeError("a message without words")
    ref = None
    if composed.uncertain:
        try:
            ref = await messenger.find(composed.to, key)
        except TryLater as wait:
            wait.unheard = True
            raise
    return Result(ref or await messenger.send(composed.to, message, key))


async def _do(
    rooms: Rooms | None, composed: Composed, errand: Errand, message: Message | None
) -> Result:
    key = composed.delivery.key
    if rooms is None:
        raise RoomLost("no_channels")
    match errand:
        case OpenRoom():
            name, purpose = errand.name, errand.purpose
            return Result(await rooms.open(composed.to.workspace, name, purpose, key))
        case Invite():
            return Result(refused=await rooms.invite(errand.room, errand.users))
        case Dismiss():
            await rooms.dismiss(errand.room, errand.user)
        case CloseRoom():
            await rooms.close(errand.room)
        case Post():
            return Result(await _post(rooms, composed, errand, message))
    return Result()


async def _post(rooms: Rooms, composed: Composed, post: Post, message: Message | None) -> str:
    key = composed.delivery.key
    if message is None:
        raise TypeError("a post without words")
    if composed.uncertain:
        try:
            ref = await rooms.find(post.room, key, thread=post.thread)
        except TryLater as wait:
            wait.unheard = True
            raise
        if ref is not None:
            return ref
    return await rooms.post(post.room, message, key, thread=post.thread, pin=post.pin)


def after(composed: Composed, result: Result, now: datetime) -> Work[None] | None:
    """Give what belongs into the transaction that marks an errand as done."""
    done = composed.occasion.done
    if done is None:
        return None
    return _safely(composed, lambda db: done(db, composed.delivery, result, now))


def after_loss(composed: Composed, reason: str, now: datetime) -> Work[None] | None:
    """Give what belongs into the transaction that marks an errand whose channel is gone."""
    lost = composed.occasion.lost
    if lost is None:
        return None
    return _safely(composed, lambda db: lost(db, composed.delivery, reason, now))


def _safely(composed: Composed, work: Work[None]) -> Work[None]:
    """Let a fault of a feature undo its own writes, not the marks of others."""

    def run(db: Session) -> None:
        try:
            with savepoint(db):
                work(db)
        except Interrupted:
            raise
        except Exception as error:
            log.error(  # noqa: TRY400 - a traceback would quote the member
                "What follows an errand failed",
                extra={
                    "action": "errand_aftermath_failed",
                    "delivery": composed.delivery.id,
                    "cause": cause(error),
                },
            )

    return run
