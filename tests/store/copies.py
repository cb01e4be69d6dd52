"""What the tests of a move need: databases that are worth moving, and ways to spoil a move."""

import random
from contextlib import closing
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

from sqlalchemy import inspect, select, text
from sqlmodel import Session, SQLModel

from bot.models import Draft, Goal, Inbound, LocalPost, Member
from bot.platforms.local.people import person
from bot.platforms.local.terminal import Terminal
from bot.platforms.local.workspace import LocalClock, Workspace
from bot.store import copying
from bot.store.database import Database, connect
from bot.store.turns import T, Work
from tests.pilot import World, at

Rows = dict[str, list[tuple[Any, ...]]]


async def live(world: World) -> None:
    """Two members and a visitor of the local workspace, until a Wednesday in February."""
    amina = world.member("amina", "Europe/London")
    daniel = world.member("daniel", "America/New_York")
    await amina.says("/goal add Pass the boards by June 2027")
    await amina.says("/goal add Submit 5 manuscripts by 31 May because I want a “year” – 研究 🩺")
    await amina.says("/goal add Read 0.1 papers a day by the end of the year")
    await amina.says("/goal step 1 Book the exam by 1 March")
    await daniel.says("/goal add Lead a team of five by March 2028")
    await amina.presses("A few short questions")
    await amina.fills(stage="résidente", hour="8:30")
    await world.until("2027-01-04 12:00")
    await amina.presses("Answer")
    await amina.fills(goal1="on_track", goal2="stuck", obstacle="nights\nand “days”")
    await world.until("2027-01-11 12:00")
    await amina.presses("Answer")
    await amina.fills(goal1="on_track", goal2="stuck")
    await amina.presses("An if-then plan")
    await amina.fills(cue="I finish sign-out", act="open the draft for ten minutes")
    await amina.says("/goal progress 2 1.5")
    await daniel.says("/coach pause until 1 March")
    await world.until("2027-02-10 12:00")
    await amina.presses("Keep them all")
    await amina.says("/goal drop 3 because my rota changed")
    await amina.says("/goal add Teach by 3/4")  # asked which day is meant, and left open
    database = world.coach.database
    workspace = Workspace(database, LocalClock(database))
    rosa = Terminal(workspace, world.coach.dispatch, person("rosa"))
    await rosa.say("/goal add Ουρανός, السماء and 空")
    workspace.clock.move_to(at("2100-01-01 00:00"))


def fill(db: Session, chance: random.Random) -> None:
    """Fill a small database with whatever its columns can hold."""
    members, goals = range(1, chance.randint(2, 9)), range(1, chance.randint(2, 30))

    def words(limit: int) -> str:
        return "".join(chance.choices("aé\n'\"\\%:{}漢\u2068🩺 ", k=chance.randint(0, limit)))

    def moment() -> datetime:
        return datetime(1, 1, 2, tzinfo=UTC) + timedelta(
            days=chance.randint(0, 3_652_000), microseconds=chance.randint(0, 86_399_999_999)
        )

    def number() -> float:
        return chance.choice([-0.0, 0.1 + 0.2, 5e-324, 1.7e308, float(2**53), chance.random()])

    db.add_all(
        Member(
            id=each,
            platform="test",
            workspace=words(9),
            user=f"{each}{words(9)}",
            joined_at=moment(),
            dayfirst=chance.choice([None, True, False]),
        )
        for each in members
    )
    db.flush()
    for each in goals:
        whose, start = chance.choice(members), chance.choice([None, number()])
        db.add(
            Goal(
                id=3 * each,
                member_id=whose,
                number=each,
                sealed=chance.randbytes(chance.randint(30, 900)),
                measure_start=start,
                measure_target=start,
                measure_now=number(),
                created_at=moment(),
                due=chance.choice([None, moment().date()]),
            )
        )
        db.add(
            Draft(member_id=whose, name=f"{each}", sealed=chance.randbytes(40), updated_at=moment())
        )
        db.add(LocalPost(place=words(9), author="", sealed=chance.randbytes(9), at=moment()))
        db.add(Inbound(key=f"{words(20)}{each}", seen_at=moment()))


def rows(url: str) -> Rows:
    """Read all rows as the code sees them."""

    def read(db: Session) -> Rows:
        return {
            table.name: [
                tuple(row)
                for row in db.connection().execute(select(table).order_by(*table.primary_key))
            ]
            for table in SQLModel.metadata.sorted_tables
        }

    with closing(connect(url)) as database:
        return database.call(read)


def change(url: str, statement: str) -> None:
    with closing(connect(url)) as database:
        database.call(lambda db: db.connection().execute(text(statement)))


def has_mark(url: str) -> bool:
    with closing(connect(url)) as database, database.engine.begin() as connection:
        return bool(inspect(connection).has_table(copying.MARK.name))


class Killed(Exception):
    """Stands for whatever ends a program."""


class Mortal:
    """A database that ends the program at a transaction: before its commit, or just after."""

    def __init__(self, inner: Database, calls: int, *, after: bool) -> None:
        self.engine = inner.engine
        self._inner, self._calls, self._after = inner, calls, after

    def call(self, work: Work[T]) -> T:
        self._calls -= 1
        if self._calls:
            return self._inner.call(work)
        self._inner.call(work if self._after else partial(self._die, work))
        raise Killed

    @staticmethod
    def _die(work: Work[Any], db: Session) -> None:
        work(db)
        raise Killed
