"""How an answer reaches the one who asked: in the same place, and seen by nobody else."""

import logging
from collections.abc import Sequence
from typing import Any

from slack_sdk.errors import SlackApiError

from bot.chat.message import Form, Message
from bot.engine.reply import Reply, Update
from bot.errors import TryLater, Unreachable
from bot.platforms.slack import views
from bot.platforms.slack.inbound import Origin
from bot.platforms.slack.outbound import SlackMessenger
from bot.platforms.slack.posts import PLAIN
from bot.platforms.slack.render import payloads
from bot.platforms.slack.trouble import FAILURES, reason_of
from bot.platforms.slack.wire import Wire

log = logging.getLogger(__name__)

#: Slack takes so many answers at one response URL.
USES = 5
#: A trigger that is too old, used, or of another kind: a button takes the modal's place.
TRIGGER_GONE = frozenset(
    {
        "expired_trigger_id",
        "exchanged_trigger_id",
        "invalid_trigger_id",
        "trigger_expired",
        "trigger_exchanged",
    }
)


class Replies:
    """Carries replies back to where they were asked for."""

    def __init__(self, wire: Wire) -> None:
        self._wire = wire
        # Nobody tries a replacement again, so it is made by the client that waits.
        self._messenger = SlackMessenger(wire.patient)

    async def give(self, reply: Reply, origin: Origin) -> None:
        """Open the reply's form, say its messages, and bring sent ones up to date.

        A reply has no files: a response URL takes none, and who asked in a channel must not find
        them elsewhere. What is to be shown or handed over is promised as a delivery.
        """
        messages = list(reply.messages)
        if any(message.files for message in messages):
            raise ValueError("a reply has no files: promise a delivery instead")
        # Slack closes the trigger after three seconds, so the form opens first.
        if reply.form is not None and not await self._open(reply.form, origin):
            messages.append(views.reopening(reply.form))
        await self._say(messages, origin, replaces=reply.replaces and origin.pressed)
        for update in reply.updates:
            await self._update(update)

    async def _open(self, form: Form, origin: Origin) -> bool:
        if not origin.trigger:
            return False
        view = views.modal(form, {"form": form.address, **origin.kept})
        try:
            await self._wire.patient.views_open(trigger_id=origin.trigger, view=view)
        except FAILURES as failure:
            reason = reason_of(failure)
            if reason not in TRIGGER_GONE:
                log.warning(
                    "A form could not be opened; a button stands for it",
                    extra={"action": "form_not_opened", "reason": reason},
                )
            return False
        return True

    async def _say(self, messages: Sequence[Message], origin: Origin, *, replaces: bool) -> None:
        waiting = [payload for message in messages for payload in payloads(message)]
        if origin.response_url:
            waiting = await self._respond(waiting, origin, replaces=replaces)
        for payload in waiting:
            await self._post(payload, origin)

    async def _respond(
        self, waiting: list[dict[str, Any]], origin: Origin, *, replaces: bool
    ) -> list[dict[str, Any]]:
        """Answer at the response URL; give back what it did not take."""
        kind = "in_channel" if origin.own_dm else "ephemeral"
        for number, payload in enumerate(waiting):
            how: dict[str, Any] = {"response_type": kind, "replace_original": False}
            if replaces and number == 0:
                how = {"replace_original": True}
            reason = (
                "spent"
                if number == USES
                else await self._wire.answer(origin.response_url, {**payload, **how})
            )
            if reason:
                log.info(
                    "An answer goes by direct message instead",
                    extra={"action": "response_url_refused", "reason": reason},
                )
                return waiting[number:]
        return []

    async def _post(self, payload: dict[str, Any], origin: Origin) -> None:
        """Post into the coach's DM with the person, which Slack finds by the person."""
        try:
            with self._wire.gate.reply():
                await self._wire.patient.chat_postMessage(
                    channel=origin.own_dm or origin.user,
                    thread_ts=origin.thread or None,
                    **PLAIN,
                    **payload,
                )
        except FAILURES as failure:
            level = logging.ERROR if isinstance(failure, SlackApiError) else logging.WARNING
            log.log(
                level,
                "An answer could not be given",
                extra={"action": "reply_failed", "reason": reason_of(failure)},
            )

    async def _update(self, update: Update) -> None:
        try:
            await self._messenger.replace(update.ref, update.message)
        except (TryLater, Unreachable) as error:
            log.info(
                "A message was not replaced",
                extra={"action": "replace_failed", "reason": error.reason},
            )
