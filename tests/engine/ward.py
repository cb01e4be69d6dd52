"""A hospital that publishes rotas, and a reader of them."""

from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta

from sqlmodel import select

from bot.app import Coach, join
from bot.domain.rota_address import Failure, Unread
from bot.engine.feeds import UNCLEAR, FeedReader
from bot.models import Delivery, Feed, ShiftRow
from bot.store import drafts, feeds
from tests.pilot import World, at

SECRET = "key-4711-of-amina"
ADDRESS = f"https://rota.example-hospital.org/ical?key={SECRET}"
NIGHT = "SUMMARY:Nights at the Royal\nDTSTART:20270104T200000Z\nDTEND:20270105T080000Z"
START = at("2027-01-01 12:00")
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def rota(*events: str) -> bytes:
    body = "".join(f"BEGIN:VEVENT\n{each}\nEND:VEVENT\n" for each in events)
    return f"BEGIN:VCALENDAR\n{body}END:VCALENDAR\n".encode()


def whole_day(label: str, day: str) -> str:
    return f"SUMMARY:{label}\nDTSTART;VALUE=DATE:{day}"


class Ward:
    """A reader with a hospital that answers as a test says."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.says: bytes | Failure = rota(NIGHT)
        self.asked: list[str] = []
        self.meanwhile: Callable[[], Awaitable[object]] | None = None
        self.reader = FeedReader(world.coach.database, ["test"], self.fetch)

    def joined(self) -> Coach:
        """Put the hospital into reach of the whole engine."""
        world = self.world
        parts = (world.coach.database, world.clock, {"test": world.outbox})
        world.coach = join(*parts, fetch=self.fetch)
        return world.coach

    async def fetch(self, address: str) -> bytes:
        self.asked.append(address)
        says = self.says
        if self.meanwhile is not None:
            await self.meanwhile()
        if isinstance(says, Failure):
            raise Unread(says)
        return says

    async def run(self, work):  # type: ignore[no-untyped-def]
        return await self.world.coach.database.run(work)

    async def gives(self, address: str = ADDRESS, now: datetime = START, member: int = 1) -> None:
        await self.run(lambda db: feeds.set_address(db, member, address, now))

    async def feed(self) -> Feed:
        found = await self.run(lambda db: feeds.of(db, 1))
        assert found is not None
        return found

    async def shifts(self) -> list[tuple[str, str, bool]]:
        rows = await self.run(lambda db: list(db.exec(select(ShiftRow))))
        rows.sort(key=lambda row: row.starts_at)
        return [(f"{row.starts_at:%d %H:%M}", str(row.kind), row.from_feed) for row in rows]

    async def promised(self, occasion: str) -> list[str]:
        keys = select(Delivery.key).where(Delivery.occasion == occasion)
        return sorted(await self.run(lambda db: list(db.exec(keys))))

    async def unclear(self) -> list[str]:
        kept = await self.run(lambda db: drafts.kept(db, 1, UNCLEAR))
        return [label for _, label in (kept or {"labels": []})["labels"]]

    async def lives(self, until: datetime) -> list[datetime]:
        """Read whenever the feed is due; give the moments."""
        moments = []
        while (due := (await self.feed()).next_at) <= until:
            assert await self.reader.read_due(due) == 1
            moments.append(due)
        return moments
