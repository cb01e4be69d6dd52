"""Six listeners for all there will ever be: acknowledge, work, answer where it was asked."""

import asyncio
import logging
import re
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace
from typing import Any

from slack_bolt.async_app import AsyncApp
from slack_bolt.error import BoltUnhandledRequestError
from slack_bolt.response import BoltResponse

from bot.chat.incoming import Submitted, Visited
from bot.engine.dispatch import Dispatch
from bot.engine.reply import Reply
from bot.logs import cause
from bot.platforms.slack import inbound, views
from bot.platforms.slack.inbound import Heard
from bot.platforms.slack.people import People
from bot.platforms.slack.replies import Replies
from bot.platforms.slack.tasks import Tasks
from bot.platforms.slack.trouble import FAILURES, reason_of
from bot.platforms.slack.wire import Wire

log = logging.getLogger(__name__)
Ack = Callable[..., Awaitable[BoltResponse]]
Body = Mapping[str, Any]

#: A form's errors travel in its acknowledgement, which Slack awaits for three seconds.
PATIENCE = 2.5
_ANY = re.compile(".*", re.DOTALL)


class Crowded(Exception):
    """There is more to do than can soon be done."""


class Listeners:
    """Hears everything, and knows the meaning of nothing: that is the engine's."""

    def __init__(
        self, wire: Wire, dispatch: Dispatch, people: People, replies: Replies, tasks: Tasks
    ) -> None:
        self._wire = wire
        self._dispatch = dispatch
        self._people = people
        self._replies = replies
        self._tasks = tasks

    def register(self, app: AsyncApp) -> None:
        """Listen: Bolt looks through its listeners one by one, so they stay few."""
        app.command(_ANY)(self.on_command)
        app.action(_ANY)(self.on_action)
        app.view(views.CALLBACK)(self.on_submission)
        app.event("message")(self.on_message)
        app.event("app_home_opened")(self.on_visit)
        app.error(self.on_error)

    async def on_command(self, ack: Ack, body: Body) -> None:
        """Hear a slash command; in a crowd, say at once that it was not kept."""
        if self._tasks.crowded:
            await ack(self._dispatch.words.short("house.busy"))
            return
        await ack()
        self._tasks.spawn(self._work(inbound.command(body)))

    async def on_action(self, ack: Ack, body: Body) -> None:
        """Hear a pressed button."""
        self._refuse_in_a_crowd()
        await ack()
        if (heard := inbound.action(body)) is not None:
            self._tasks.spawn(self._work(heard))

    async def on_message(self, ack: Ack, body: Body) -> None:
        """Hear a direct message."""
        self._refuse_in_a_crowd()
        await ack()
        if (heard := inbound.message(body)) is not None:
            self._tasks.spawn(self._work(heard))

    async def on_visit(self, ack: Ack, body: Body) -> None:
        """Hear that the home tab is looked at."""
        self._refuse_in_a_crowd()
        await ack()
        if (heard := inbound.visit(body)) is not None:
            self._tasks.spawn(self._show_home(heard))

    async def on_submission(self, ack: Ack, body: Body) -> None:
        """Hear a sent form, and work before the acknowledgement: it carries the errors."""
        self._refuse_in_a_crowd()
        heard = inbound.submission(body)
        if heard is None:
            await ack()
            return
        with self._tasks.holding():  # no gap in which a stop sees nothing left to wait for
            turn = self._tasks.spawn(self._dispatch.handle(heard.incoming))
            try:
                reply = await asyncio.wait_for(asyncio.shield(turn), PATIENCE)
            except TimeoutError:
                await ack({"response_action": "clear"})
                self._tasks.spawn(self._finish_late(turn, heard))
                return
            await ack(_acknowledgement(reply, heard))
            self._tasks.spawn(self._finish(replace(reply, form=None), heard))

    async def on_error(self, error: Exception) -> BoltResponse:
        """Acknowledge what is not for us; name our own failures without their words."""
        if isinstance(error, Crowded):
            return BoltResponse(status=503, body="")
        if isinstance(error, BoltUnhandledRequestError):
            return BoltResponse(status=200, body="")
        log.error(
            "A request of Slack failed",
            extra={"action": "slack_request_failed", "cause": cause(error)},
        )
        return BoltResponse(status=500, body="")

    def _refuse_in_a_crowd(self) -> None:
        """Leave something unacknowledged: Slack sends it again, or keeps the form open."""
        if self._tasks.crowded:
            raise Crowded

    async def _work(self, heard: Heard) -> None:
        heard = await self._people.introduce(heard)
        await self._finish(await self._dispatch.handle(heard.incoming), heard)

    async def _finish(self, reply: Reply, heard: Heard) -> None:
        await self._replies.give(reply, heard.origin)
        if heard.origin.home and reply.form is None and reply != Reply():
            visited = Visited(heard.incoming.actor)
            await self._show_home(Heard(visited, heard.origin))

    async def _finish_late(self, turn: asyncio.Task[Reply], heard: Heard) -> None:
        await self._finish(await turn, heard)

    async def _show_home(self, heard: Heard) -> None:
        heard = await self._people.introduce(heard)
        reply = await self._dispatch.handle(heard.incoming)
        if not reply.messages:
            return
        *first, home = reply.messages
        # A welcome must outlast the home tab's next refresh: it goes into the DM.
        await self._replies.give(Reply(tuple(first)), heard.origin)
        try:
            await self._wire.patient.views_publish(
                user_id=heard.origin.user, view=views.home([home])
            )
        except FAILURES as failure:
            log.warning(
                "A home tab could not be shown",
                extra={"action": "home_failed", "reason": reason_of(failure)},
            )


def _acknowledgement(reply: Reply, heard: Heard) -> dict[str, Any]:
    """Close the form, keep it open with its errors, or show the next one in its place."""
    form = reply.form
    if form is None:
        return {"response_action": "clear"}
    shown = heard.incoming.values if isinstance(heard.incoming, Submitted) else {}
    if form.errors and shown:
        return views.errors(form, shown.keys())
    view = views.modal(form, {"form": form.address, **heard.origin.kept})
    return {"response_action": "update", "view": view}
