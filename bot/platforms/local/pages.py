"""The pages: what is in the rows, through the templates, to HTML. Jinja escapes every value."""

import asyncio
import secrets
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import MAXYEAR, MINYEAR, UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.templating import Jinja2Templates

from bot.chat.message import Form, Message
from bot.domain.zones import local
from bot.engine.dispatch import Dispatch
from bot.platforms.local import posts
from bot.platforms.local.completion import completions
from bot.platforms.local.files import PICTURES, measure
from bot.platforms.local.happened import LOOKED_AT, Happened, happened
from bot.platforms.local.people import Person, chosen_of, offered
from bot.platforms.local.posts import Place, Unread
from bot.platforms.local.workspace import Workspace
from bot.store import deliveries, members
from bot.store import local as rows_of
from bot.store.local import Post

HERE = Path(__file__).parent
#: What a link of the coach's may open.
SCHEMES = ("https://", "http://", "mailto:")
_templates = Jinja2Templates(HERE / "templates")
_templates.env.globals.update(
    author=posts.author,
    schemes=SCHEMES,
    pictures=PICTURES,
    measure=measure,
    chosen_of=chosen_of,
)


@dataclass(frozen=True, slots=True)
class Extra:
    """What a page shows beside the place itself: an open form, or a move that was refused."""

    form: Form | None = None
    #: Why the clock was not moved: "past", "far", "unread".
    problem: str = ""
    typed: str = ""
    status: int = 200


@dataclass(frozen=True, slots=True)
class _Page:
    """Everything that the template may look at."""

    who: Person
    place: Place
    places: Sequence[Place]
    people: Sequence[Person]
    unread: Unread
    zone: str
    now: datetime
    lines: Sequence[posts.Line]
    home: Sequence[Message]
    earlier: bool
    happened: Sequence[Happened]
    commands: Sequence[dict[str, Any]]
    extra: Extra
    nonce: str = field(default_factory=lambda: secrets.token_urlsafe(9))

    @property
    def city(self) -> str:
        """The zone as one says it."""
        return self.zone.rpartition("/")[2].replace("_", " ")

    @property
    def url(self) -> str:
        """The page's own address."""
        return f"/as/{self.who.key}/{self.place.slug}"

    def waiting(self, who: Person) -> int:
        """Count what a person has not read, but for the place that is open."""
        open_here = self.place.slug if who == self.who else ""
        counts = self.unread.get(who.key, {})
        return sum(count for slug, count in counts.items() if slug != open_here)


class Pages:
    """Draws the workspace for one person at a time."""

    def __init__(self, workspace: Workspace, dispatch: Dispatch) -> None:
        self._workspace = workspace
        self._dispatch = dispatch
        self._commands = completions(dispatch.catalog)

    async def zone(self, who: Person) -> str:
        """Tell where the person lives: where the coach believes, once they have met."""
        return (await self._known(who))[1]

    async def place(
        self,
        request: Request,
        who: Person,
        place: Place,
        *,
        home: Sequence[Message] = (),
        extra: Extra | None = None,
    ) -> Response:
        """Draw a place as a person sees it, and remember that it was read."""
        extra = await self._offering(who, extra or Extra())
        zone, around, rows = await asyncio.gather(
            self.zone(who),
            self._workspace.database.run(posts.around(who)),
            self._rows(who, place),
        )
        new = around.unread[who.key].get(place.slug, 0)
        if new:
            await self._workspace.database.run(posts.read_all(who, place))
        page = _Page(
            who=who,
            place=place,
            places=tuple(around.places[who.key].values()),
            people=posts.people(who),
            unread=around.unread,
            zone=zone,
            now=local(self._workspace.clock(), zone),
            lines=posts.lines(rows, who, new, zone),
            home=home,
            earlier=len(rows) > posts.SHOWN,
            happened=await self._happened(request, who),
            commands=self._commands,
            extra=extra,
        )
        return _templates.TemplateResponse(
            request, "page.html", {"page": page}, status_code=extra.status
        )

    async def _offering(self, who: Person, extra: Extra) -> Extra:
        if extra.form is None:
            return extra
        come = await self._workspace.database.run(rows_of.come)
        return replace(extra, form=offered(extra.form, who, come))

    async def _rows(self, who: Person, place: Place) -> Sequence[Post]:
        if not place.address:
            return ()
        return await self._workspace.database.run(
            partial(rows_of.posts, place=place.address, person=who.key)
        )

    async def _known(self, who: Person) -> tuple[int | None, str]:
        actor = who.actor
        member = await self._workspace.database.run(
            partial(
                members.find, platform=actor.platform, workspace=actor.workspace, user=actor.user
            )
        )
        return (None, who.zone) if member is None else (member.key, member.zone)

    async def _happened(self, request: Request, who: Person) -> list[Happened]:
        """Tell each person's share of what a move of the clock brought, the reader's first."""
        since = _moment(request.query_params.get("since", ""))
        if since is None:
            return []
        found = []
        for each in sorted(posts.people(who), key=lambda one: one != who):
            member_id, zone = await self._known(each)
            rows = (
                []
                if member_id is None
                else await self._workspace.database.run(
                    partial(
                        deliveries.recent,
                        member_id=member_id,
                        limit=LOOKED_AT,
                        now=self._workspace.clock(),
                    )
                )
            )
            found.append(happened(each, rows, since, zone, self._dispatch.words))
        return found


def sorry(request: Request, status: int, problem: str) -> Response:
    """Draw a page for what cannot be shown."""
    return _templates.TemplateResponse(
        request, "sorry.html", {"problem": problem}, status_code=status
    )


def html_of(message: Message) -> str:
    """Draw a message's words alone."""
    return _drawn("said", message)


def html_of_form(form: Form) -> str:
    """Draw a form's questions alone."""
    return _drawn("questions", form)


def _drawn(macro: str, value: object) -> str:
    module = _templates.env.get_template("parts.html").module
    return str(getattr(module, macro)(value))


def _moment(text: str) -> datetime | None:
    """Read a moment that can be shown in every zone; None for anything else."""
    try:
        moment = datetime.fromisoformat(text)
        whole = moment.astimezone(UTC) if moment.tzinfo else None
    except (ValueError, OverflowError):
        return None
    # In the first and the last year there are zones that have no date for it.
    return whole if whole and MINYEAR < whole.year < MAXYEAR else None
