"""What an operator's programs ask of `serve`: alive, ready, how it goes. No page names a member."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime
from functools import partial

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from bot.app import Coach
from bot.logs import cause
from bot.metrics import CONTENT_TYPE, Backlog
from bot.store import operating

log = logging.getLogger(__name__)

#: How long a page waits for the database, in seconds; who asks gives up soon after.
PATIENCE = 3.0


class Pages:
    """Health, readiness and metrics of a coach.

    `connections` tells for each platform by its name whether it can reach us.
    """

    def __init__(
        self, coach: Coach, connections: Mapping[str, Callable[[], Awaitable[bool]]]
    ) -> None:
        self._coach = coach
        self._connections = connections
        #: Whether the process was asked to stop: nothing new should be sent its way.
        self.stopping = False
        self.application = Starlette(
            routes=[
                Route("/health", self._health),
                Route("/ready", self._ready),
                Route("/metrics", self._metrics),
            ]
        )

    async def _health(self, _: Request) -> Response:
        return JSONResponse({"alive": True})

    async def _ready(self, _: Request) -> Response:
        now = self._coach.dispatch.clock()
        standing = await self._standing(now)
        there = {"database": standing is not None and standing.current}
        there |= {name: await connected() for name, connected in self._connections.items()}
        # A lag is shown, but it makes nobody unready: to start again would not send faster.
        shown = {
            "oldest_due_seconds": None if standing is None else _age(standing, now),
            "stopping": self.stopping,
        }
        ready = all(there.values()) and not self.stopping
        return JSONResponse(there | shown, status_code=200 if ready else 503)

    async def _metrics(self, _: Request) -> Response:
        now = self._coach.dispatch.clock()
        standing = await self._standing(now)
        backlog = None if standing is None else Backlog(standing.due, _age(standing, now))
        return Response(self._coach.metrics.render(backlog), media_type=CONTENT_TYPE)

    async def _standing(self, now: datetime) -> operating.Standing | None:
        """Ask the database; None when it does not answer in time."""
        ask = partial(operating.standing, now=now, platforms=list(self._connections))
        try:
            return await asyncio.wait_for(self._coach.database.run(ask), PATIENCE)
        except Exception as error:
            log.warning(
                "The database does not answer",
                extra={"action": "database_away", "cause": cause(error)},
            )
            return None


def _age(standing: operating.Standing, now: datetime) -> float:
    """Give the age of the oldest thing that is due, in seconds; 0 when nothing is."""
    return 0.0 if standing.oldest is None else round((now - standing.oldest).total_seconds(), 3)
