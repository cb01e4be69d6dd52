"""The local workspace in a browser: a playground on this machine, over the real engine."""

import asyncio
from collections.abc import Awaitable, Callable
from functools import partial
from urllib.parse import quote

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response, StreamingResponse
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

from bot.chat.incoming import Pressed, Said, Submitted, Visited
from bot.chat.message import Message
from bot.domain.text import clean
from bot.engine.dispatch import Dispatch
from bot.engine.reply import Reply
from bot.engine.ticker import Rounds
from bot.errors import Misconfigured
from bot.platforms.local import files, moves, posts, wire
from bot.platforms.local.events import Live
from bot.platforms.local.guard import Guard
from bot.platforms.local.pages import HERE, Extra, Pages, sorry
from bot.platforms.local.people import CAST, Person, person
from bot.platforms.local.posts import Place, answering, direct, is_theirs, places
from bot.platforms.local.workspace import Workspace
from bot.store import inbound, members
from bot.store import local as rows_of

#: No post has such a number, and no database takes one.
LARGEST = 2**31
_Handler = Callable[[Request, Person, Place], Awaitable[Response]]


def web_app(*, workspace: Workspace, dispatch: Dispatch, rounds: Rounds) -> Starlette:
    """Build the ASGI application; `app.state.live.close()` ends its streams before a stop."""
    site = _Site(workspace, dispatch, rounds)
    spot = "/as/{person}/{place}"
    app = Starlette(
        routes=[
            Route("/", site.front),
            Route("/health", site.health),
            Mount("/static", StaticFiles(directory=HERE / "static")),
            Route(spot, site.at(site.show)),
            Route(f"{spot}/events", site.at(site.events)),
            Route(f"{spot}/file/{{post:int}}/{{number:int}}", site.at(site.file)),
            Route(f"{spot}/say", site.at(site.say), methods=["POST"]),
            Route(f"{spot}/press", site.at(site.press), methods=["POST"]),
            Route(f"{spot}/submit", site.at(site.submit), methods=["POST"]),
            Route(f"{spot}/clock", site.at(site.clock), methods=["POST"]),
        ],
        middleware=[Middleware(Guard)],
        exception_handlers={404: _not_found, Misconfigured: _not_found, wire.TooMuch: _too_much},
    )
    app.state.live = site.live
    return app


class _Site:
    """One method for each thing that a page can ask."""

    def __init__(self, workspace: Workspace, dispatch: Dispatch, rounds: Rounds) -> None:
        self._workspace = workspace
        self._dispatch = dispatch
        self._rounds = rounds
        self._pages = Pages(workspace, dispatch)
        self._moving = asyncio.Lock()
        self.live = Live(workspace)

    def at(self, handler: _Handler) -> Callable[[Request], Awaitable[Response]]:
        """Find the person and the place that an address names."""

        async def found(request: Request) -> Response:
            who = person(request.path_params["person"])
            there = await self._workspace.database.run(places([who]))
            place = there[who.key].get(request.path_params["place"])
            if place is None:
                return sorry(request, 404, "missing")
            return await handler(request, who, place)

        return found

    async def front(self, request: Request) -> Response:  # noqa: ARG002 - a route gets its request
        """Begin as the first of the cast."""
        return _see(next(iter(CAST.values())), "dm")

    async def health(self, request: Request) -> Response:  # noqa: ARG002 - a route gets its request
        """Say that the page is served."""
        return JSONResponse({"ok": True})

    async def show(self, request: Request, who: Person, place: Place) -> Response:
        """Show a place. Whoever comes for the first time is welcomed, as Slack's home does it."""
        await self._welcome(who)
        return await self._page(request, who, place)

    async def events(self, request: Request, who: Person, place: Place) -> Response:  # noqa: ARG002
        """Stream what is new."""
        return StreamingResponse(self.live.stream(who, place), media_type="text/event-stream")

    async def file(self, request: Request, who: Person, place: Place) -> Response:
        """Give a file of a post to whoever sees the post."""
        number = request.path_params["number"]
        post = await self._seen(request.path_params["post"], who, place)
        there = () if post is None else Message.from_json(post.message).files
        return files.served(there[number]) if number < len(there) else _not_found(request, None)

    async def say(self, request: Request, who: Person, place: Place) -> Response:
        """Post what was typed; the coach answers commands, and every word in its own DM."""
        sent = await wire.read(request)
        text = clean(sent.get("text"))
        if not text or place.archived or not await self._is_first(sent):
            return _see(who, place.slug)
        where = place if place.address else direct(who)
        among_themselves = not where.is_private and not text.startswith("/")
        shown = text if among_themselves else self._dispatch.catalog.masked(text)
        await self._workspace.hear(who, where.address, shown)
        if among_themselves:
            return _see(who, where.slug)
        reply = await self._dispatch.handle(Said(who.actor, text, sent.key))
        return await self._answer(request, who, where, reply)

    async def press(self, request: Request, who: Person, place: Place) -> Response:
        """Press a button."""
        sent = await wire.read(request)
        reply = Reply()
        if await self._is_first(sent):
            reply = await self._dispatch.handle(Pressed(who.actor, sent.get("action"), sent.key))
        return await self._answer(request, who, place, reply, sent.pressed)

    async def submit(self, request: Request, who: Person, place: Place) -> Response:
        """Send a form; one with wrong answers comes back with all that was typed."""
        sent = await wire.read(request)
        reply = Reply()
        if await self._is_first(sent):
            reply = await self._dispatch.handle(
                Submitted(who.actor, sent.get("form"), sent.answers, sent.key)
            )
        return await self._answer(request, who, place, reply)

    async def clock(self, request: Request, who: Person, place: Place) -> Response:
        """Move the clock ahead and show what happened on the way."""
        sent = await wire.read(request)
        zone = await self._pages.zone(who)
        async with self._moving:
            begun = self._workspace.clock()
            if not await self._is_first(sent):
                return _see(who, place.slug)
            try:
                end = moves.target(sent.get("move"), sent.get("at"), begun, zone)
            except moves.CannotMove as refusal:
                extra = Extra(problem=refusal.problem, typed=sent.get("at"), status=422)
                return await self._page(request, who, place, extra)
            await moves.move(self._workspace, self._rounds, end)
        return _see(who, place.slug, f"?since={quote(begun.isoformat())}")

    async def _answer(
        self, request: Request, who: Person, place: Place, reply: Reply, pressed: int = 0
    ) -> Response:
        """Post the answer where it was asked, or in the DM where nothing can be posted."""
        where = await self._workspace.database.run(answering(who, place.address))
        post = pressed if is_theirs(await self._seen(pressed, who, where), who) else 0
        await self._workspace.answer(who, where.address, reply, post)
        # Who has just asked is looking: the answer to it is no news.
        await self._workspace.database.run(posts.read_all(who, where))
        if reply.form is None:
            return _see(who, where.slug if reply.messages else place.slug)
        extra = Extra(form=reply.form, status=422 if reply.form.errors else 200)
        return await self._page(request, who, place, extra)

    async def _page(
        self, request: Request, who: Person, place: Place, extra: Extra | None = None
    ) -> Response:
        home: tuple[Message, ...] = ()
        if not place.address:
            home = (await self._dispatch.handle(Visited(who.actor))).messages
        return await self._pages.place(request, who, place, home=home, extra=extra)

    async def _welcome(self, who: Person) -> None:
        """Let the coach greet someone new: the first visit says more than the second."""
        actor = who.actor
        known = await self._workspace.database.run(
            partial(
                members.find, platform=actor.platform, workspace=actor.workspace, user=actor.user
            )
        )
        if known is None:
            first = (await self._dispatch.handle(Visited(actor))).messages
            again = (await self._dispatch.handle(Visited(actor))).messages
            greeting = first[: len(first) - len(again)]
            await self._workspace.answer(who, who.place, Reply(greeting))

    async def _is_first(self, sent: wire.Sent) -> bool:
        """Claim what was sent, so that a double click is one click."""
        return await self._workspace.database.run(
            partial(inbound.is_first, key=f"page:{sent.key}", now=self._workspace.clock())
        )

    async def _seen(self, post_id: int, who: Person, place: Place) -> rows_of.Post | None:
        """Load a post if this person sees it in this place."""
        if not 0 < post_id < LARGEST:
            return None
        post = await self._workspace.database.run(partial(rows_of.by_id, post_id=post_id))
        if post is None or post.place != place.address or post.seen_by not in {"", who.key}:
            return None
        return post


def _see(who: Person, slug: str, query: str = "") -> Response:
    return RedirectResponse(f"/as/{who.key}/{slug}{query}", status_code=303)


def _not_found(request: Request, _: Exception | None) -> Response:
    return sorry(request, 404, "missing")


def _too_much(request: Request, _: Exception) -> Response:
    return sorry(request, 413, "much")
