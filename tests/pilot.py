"""The whole engine with a person at it: says, presses, fills, waits, hears.

Everything is real (database, migrations, planner, courier, features, words) but the outside world:
`Outbox` stands where a platform would be, and keeps what reached it.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cache
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory
from zoneinfo import ZoneInfo

from jinja2.bccache import Bucket, BytecodeCache

from bot.app import Coach, join
from bot.chat.incoming import Actor, Incoming, Pressed, Said, Submitted, Visited
from bot.chat.message import Form, Message
from bot.domain.rota_address import Failure, Unread
from bot.engine.ports import Address
from bot.engine.reply import Reply
from bot.engine.turn import Owner
from bot.errors import Unreachable
from bot.store import migrate
from bot.store.database import connect
from bot.store.vault import Vault, new_key
from tests.hall import Hall, Posted


@dataclass
class Outbox:
    """A messenger that keeps what was sent; `refuse` fails the next sends, `gone` some always."""

    now: "Clock"
    pace: float | None = None
    sent: list[tuple[datetime, Address, Message, str]] = field(default_factory=list)
    replaced: dict[str, Message] = field(default_factory=dict)
    refuse: list[Exception] = field(default_factory=list)
    #: Whose account the platform has closed.
    gone: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.rooms = Hall(self.now)

    async def send(self, to: Address, message: Message, key: str) -> str:
        if self.refuse:
            raise self.refuse.pop(0)
        if to.user in self.gone:
            raise Unreachable("account_inactive")
        self.sent.append((self.now(), to, message, key))
        return str(len(self.sent) - 1)

    async def replace(self, ref: str, message: Message) -> None:
        self.replaced[ref] = message
        self.rooms.replace(ref, message)

    async def find(self, to: Address, key: str) -> str | None:
        return next((str(place) for place, each in enumerate(self.sent) if each[3] == key), None)


#: The owner's key of all worlds, and of the programs that tests start.
KEY = new_key()
VAULT = Vault.parse(KEY)


class _Compiled(BytecodeCache):
    """Compiled templates of all worlds: a template is compiled again only when its text differs."""

    def __init__(self) -> None:
        self._kept: dict[str, bytes] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        if kept := self._kept.get(bucket.key):
            bucket.bytecode_from_string(kept)

    def dump_bytecode(self, bucket: Bucket) -> None:
        self._kept[bucket.key] = bucket.bytecode_to_string()


_compiled = _Compiled()


class Clock:
    """A clock that a test sets."""

    def __init__(self, moment: datetime) -> None:
        self.moment = moment

    def __call__(self) -> datetime:
        return self.moment


_keys = count()


class Pilot:
    """One member on the engine; `world` is shared by several."""

    def __init__(self, world: "World", name: str, zone: str) -> None:
        self.world = world
        self.zone = ZoneInfo(zone)
        self.actor = Actor("test", "team", name, name.capitalize(), zone)
        self.replies: list[Reply] = []
        self.read = 0

    # What the person does

    async def says(self, text: str, key: str = "") -> "Pilot":
        return await self._do(Said(self.actor, text, key or f"k{next(_keys)}"))

    async def visits(self) -> "Pilot":
        return await self._do(Visited(self.actor, f"k{next(_keys)}"))

    async def presses(self, label: str) -> "Pilot":
        """Press a button by its label on the latest message that has it."""
        return await self.presses_action(self.button(label))

    async def presses_action(self, action: str) -> "Pilot":
        return await self._do(Pressed(self.actor, action, f"k{next(_keys)}"))

    async def presses_in_room(self, label: str) -> "Pilot":
        """Press a button by its label on the latest post of a channel that the person is in."""
        mine = [post for each in self.world.outbox.rooms.of(self.actor.user) for post in each.posts]
        for post in sorted(mine, key=lambda each: each.at, reverse=True):
            for button in post.message.buttons:
                if button.label == label:
                    return await self.presses_action(button.action)
        raise AssertionError(f"no button “{label}” in a channel")

    async def fills(self, values: Mapping[str, str] | None = None, **named: str) -> "Pilot":
        """Send the open form with these values over what stands in it."""
        form = self.form
        assert form is not None, "no form is open"
        filled = {each.name: each.value for each in form.fields} | dict(values or {}) | named
        return await self.submits(form.address, filled)

    async def submits(self, address: str, values: Mapping[str, str]) -> "Pilot":
        return await self._do(Submitted(self.actor, address, values, f"k{next(_keys)}"))

    async def _do(self, incoming: Incoming) -> "Pilot":
        reply = await self.world.coach.dispatch.handle(incoming)
        self.replies.append(reply)
        for update in reply.updates:
            await self.world.outbox.replace(update.ref, update.message)
        return self

    # What the person hears

    @property
    def answer(self) -> str:
        """The words of the last answer."""
        return "\n\n".join(message.text for message in self.replies[-1].messages)

    @property
    def form(self) -> Form | None:
        return self.replies[-1].form

    def delivered(self) -> list[tuple[datetime, Message, str]]:
        """What the coach sent this member of its own accord, with the moment."""
        return [
            (at, message, key)
            for at, to, message, key in self.world.outbox.sent
            if to.user == self.actor.user
        ]

    def news(self) -> list[str]:
        """What arrived since this was last asked."""
        arrived = self.delivered()[self.read :]
        self.read = len(self.delivered())
        return [message.text for _, message, _ in arrived]

    def room_posts(self, name: str) -> list[Posted]:
        """What the coach posted in a channel that this member is in, as it stands now."""
        channel = self.world.outbox.rooms.named(name)
        assert self.actor.user in channel.people, f"{self.actor.user} is not in {name}"
        return channel.posts

    def button(self, label: str) -> str:
        shown = [message for _, message, _ in self.delivered()]
        shown += [message for reply in self.replies for message in reply.messages]
        latest = (
            [*shown[: len(self.delivered())][-1:], *self.replies[-1].messages]
            if self.replies
            else shown[-1:]
        )
        for message in [*reversed(latest), *reversed(shown)]:
            for button in message.buttons:
                if button.label == label:
                    return button.action
        raise AssertionError(f"no button “{label}” in sight")


class World:
    """An engine on a fresh database, with a clock that tests move."""

    def __init__(
        self, url: str, start: datetime, coordinators: frozenset[str] = frozenset({"rosa"})
    ) -> None:
        self.url = url
        self.coordinators = coordinators
        self.clock = Clock(start)
        self.outbox = Outbox(self.clock)
        #: What rota feeds answer with, by their address.
        self.feeds: dict[str, bytes] = {}
        self.coach: Coach = self._open()

    def _open(self) -> Coach:
        database, posts = connect(self.url, VAULT), {"test": self.outbox}
        owner = Owner(coordinators=self.coordinators)
        coach = join(database, self.clock, posts, fetch=self._fetch, owner=owner)
        coach.words._env.bytecode_cache = _compiled
        return coach

    async def _fetch(self, address: str) -> bytes:
        if address not in self.feeds:
            raise Unread(Failure.UNREACHABLE)
        return self.feeds[address]

    def restart(self) -> None:
        """Stop the program and start it again on the same database."""
        self.coach.database.close()
        self.coach = self._open()

    def member(self, name: str = "amina", zone: str = "Europe/London") -> Pilot:
        return Pilot(self, name, zone)

    async def until(self, moment: datetime | str) -> None:
        """Live until a moment, ticking whenever something is due."""
        end = at(moment) if isinstance(moment, str) else moment
        while True:
            due = await self.coach.database.run(self.coach.rounds.next_due)
            if due is None or due > end:
                break
            self.clock.moment = max(due, self.clock.moment)
            counts = await self.coach.rounds.tick(self.clock.moment)
            if not counts:
                self.clock.moment += timedelta(minutes=1)
                if self.clock.moment > end:
                    break
        self.clock.moment = end
        await self.coach.rounds.tick(end)

    async def sleeps_until(self, moment: datetime | str) -> None:
        """The program is down until a moment, and then ticks."""
        self.clock.moment = at(moment) if isinstance(moment, str) else moment
        await self.coach.rounds.tick(self.clock.moment)

    def close(self) -> None:
        self.coach.database.close()


def at(text: str, zone: str = "UTC") -> datetime:
    """Read "2027-01-04 09:00" as a wall-clock moment."""
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)


def migrate_empty(url: str) -> None:
    """Migrate an empty database once; each test copies it."""
    database = connect(url)
    migrate.upgrade(database.engine)
    if database.engine.name == "sqlite":
        with database.engine.connect() as connection:
            connection.exec_driver_sql("ROLLBACK")
            connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
            connection.exec_driver_sql("BEGIN")
    database.close()


@cache
def _migrated() -> bytes:
    with TemporaryDirectory() as folder:
        file = Path(folder) / "template.db"
        migrate_empty(f"sqlite:///{file}")
        return file.read_bytes()


def migrated(file: Path) -> Path:
    """Make a migrated, empty SQLite file, as a copy of one that this process migrated."""
    file.write_bytes(_migrated())
    return file
