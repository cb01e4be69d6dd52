"""What every fault stands on: a fresh database, members with a check-in due, a counting Slack."""

import asyncio
import random
import shutil
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime, time, timedelta
from itertools import count
from pathlib import Path

from aiohttp import web
from sqlmodel import Session, col, func, select

from bot.app import Coach, join
from bot.clock import Clock, utc_now
from bot.domain.rhythm import Rule
from bot.models import CHECKIN, Delivery, DeliveryState, Member, Rhythm
from bot.platforms.slack.outbound import SlackMessenger
from bot.platforms.slack.platform import Slack
from bot.settings import Settings
from bot.store import goals
from bot.store.database import Database, connect
from tests.faults.outcome import Post
from tests.outside.slack_calls import Call, Dict, Slip
from tests.outside.slack_server import BOT_TOKEN, TEAM, SlackServer
from tests.outside.slack_workspace import Message
from tests.pilot import KEY, VAULT
from tests.postgres import Postgres

SQLITE, POSTGRESQL = "SQLite", "PostgreSQL"
KINDS = (SQLITE, POSTGRESQL)
#: How long nothing may happen before we give up, in seconds.
PATIENCE = 60.0
_numbers = count()


class Ground:
    """Hands out migrated, empty databases of both kinds."""

    def __init__(self, folder: Path, template: Path, postgres: Postgres) -> None:
        self.folder = folder
        self.template = template
        self.postgres = postgres

    def url(self, kind: str) -> str:
        """Make a database of this kind; give its address."""
        name = f"fault_{next(_numbers)}"
        if kind == POSTGRESQL:
            return self.postgres.create(name, "template")
        file = self.folder / f"{name}.db"
        shutil.copy(self.template, file)
        return f"sqlite:///{file}"


class Platform(SlackServer):
    """A Slack that keeps each delivery it received, by its own clock, and can be made difficult."""

    def __init__(self, now: Clock = utc_now) -> None:
        super().__init__(now=now)
        self.posts: list[Post] = []
        self.keys: set[str] = set()
        #: The most that a call is on its way, and its answer on its way back, in seconds.
        self.latency = 0.0
        self._chance = random.Random(1)
        #: Whose posts wait until the gate opens, before they are carried out.
        self.held: set[str] = set()
        self.gate = asyncio.Event()
        #: So many posts are carried out and then answered as if they had failed.
        self.lies = 0
        #: Who takes no direct messages, and Slack's word for it.
        self.closed: dict[str, str] = {}

    def clock(self) -> float:
        return self.now().timestamp()

    def examine(self, where: str, payload: Dict) -> None:
        """Let payloads in unread: other tests prove Slack's limits, and reading takes long."""

    def reach(self, place: str) -> str:
        if place in self.closed:
            raise Slip(self.closed[place])
        return super().reach(place)

    def post(
        self, channel: str, author: str, payload: Dict, only_for: str | None = None
    ) -> Message:
        message = super().post(channel, author, payload, only_for)
        if message.metadata is not None:
            mark, at = message.metadata["event_payload"], datetime.fromtimestamp(0, UTC)
            at += timedelta(seconds=float(message.ts))
            self.posts.append(Post(mark["key"], mark["part"], f"U{channel[1:]}", at))
            self.keys.add(mark["key"])
        return message

    async def _answer(
        self, request: web.Request, call: Call, act: Callable[[], Dict], refused: int = 200
    ) -> web.Response:
        if call.method == "chat.postMessage":
            await asyncio.sleep(self.latency * self._chance.random())
            if call.payload.get("channel") in self.held:
                await self.gate.wait()
        answer = await super()._answer(request, call, act, refused)
        if call.method == "chat.postMessage" and self.lies:
            self.lies -= 1
            answer = web.json_response(Slip("internal_error").wire(), status=500)
        await asyncio.sleep(self.latency * self._chance.random())
        return answer

    async def reached(self, keys: int, patience: float = PATIENCE) -> None:
        """Wait until so many deliveries have arrived, as long as any arrive."""
        loop = asyncio.get_running_loop()
        seen, since = len(self.keys), loop.time()
        while len(self.keys) < keys:
            await asyncio.sleep(0.002)
            if len(self.keys) > seen:
                seen, since = len(self.keys), loop.time()
            elif loop.time() - since > patience:
                raise TimeoutError(f"{seen} of {keys} arrived, and for {patience:.0f} s no more")


def user_of(number: int) -> str:
    return f"U{number:05}"


def populate(
    db: Session,
    members: int,
    due: datetime,
    *,
    platform: str = "slack",
    workspace: str = TEAM,
    first: int = 0,
) -> None:
    """Let members join who have one goal each, and a check-in due at a moment (a whole minute)."""
    rule = Rule("weekly", due.weekday(), time(due.hour, due.minute))
    people = [
        Member(
            platform=platform,
            workspace=workspace,
            user=user_of(number),
            joined_at=due - timedelta(days=2),
            settled_at=due - timedelta(days=2),
        )
        for number in range(first, first + members)
    ]
    db.add_all(people)
    db.flush()
    for person in people:
        goals.add(db, person.key, due, title="Pass the boards")
        db.add(
            Rhythm(
                member_id=person.key,
                platform=platform,
                occasion=CHECKIN,
                rule=str(rule),
                zone="UTC",
                next_at=due,
            )
        )
    db.flush()


def promised(db: Session, now: datetime) -> list[str]:
    """List the keys of what was promised until a moment and not withheld on purpose."""
    return list(
        db.exec(
            select(Delivery.key).where(
                col(Delivery.due_at) <= now, col(Delivery.state) != DeliveryState.DROPPED
            )
        )
    )


def unsettled(db: Session, now: datetime) -> int:
    """Count what is due and still waits, and the rhythms that nobody has planned."""
    waiting = select(func.count()).where(
        col(Delivery.state) == DeliveryState.WAITING, col(Delivery.due_at) <= now
    )
    unplanned = select(func.count()).where(
        col(Rhythm.stopped_at).is_(None), col(Rhythm.next_at) <= now
    )
    return db.exec(waiting).one() + db.exec(unplanned).one()


def leased(db: Session) -> int:
    """Count the waiting deliveries that someone still holds."""
    return db.exec(
        select(func.count()).where(
            col(Delivery.state) == DeliveryState.WAITING, col(Delivery.claimed_until).is_not(None)
        )
    ).one()


async def settled(database: Database, clock: Clock = utc_now, within: float = PATIENCE) -> None:
    """Wait until nothing that is due waits any more: a late double would come before that."""
    async with asyncio.timeout(within):
        while await database.run(lambda db: unsettled(db, clock())):
            await asyncio.sleep(0.05)


def minutes_ago(minutes: int) -> datetime:
    """Give a whole minute of the real clock's recent past."""
    return utc_now().replace(second=0, microsecond=0) - timedelta(minutes=minutes)


def tokens(url: str, slack: SlackServer) -> dict[str, str]:
    """Point the program at a database and at a Slack of our own."""
    return {
        "DATABASE_URL": url,
        "SLACK_BOT_TOKEN": BOT_TOKEN,
        "SLACK_SIGNING_SECRET": "secret",
        "SLACK_API_URL": slack.base_url,
        "PRECEPTOR_SECRET_KEY": KEY,
    }


@asynccontextmanager
async def coaching(
    url: str, platform: Platform, clock: Clock, pace: float | None = None
) -> AsyncIterator[Coach]:
    """Join a coach in this process that sends to the platform as `tick` does."""
    slack = Slack(Settings(**tokens(url, platform)))
    messenger = SlackMessenger(slack._wire.once, pace=pace)
    database = connect(url, VAULT)
    async with slack.sending():
        coach = join(database, clock, {slack.name: messenger})
        yield coach
        await coach.rounds.stop(grace=0)
    database.close()
