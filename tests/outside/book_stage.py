"""What the runbook is tried on: a Slack that takes turns, members with some history, their rows."""

import asyncio
from collections import Counter
from collections.abc import Callable
from contextlib import closing
from datetime import datetime

from sqlalchemy import update
from sqlmodel import Session, SQLModel, col, select
from sqlmodel.sql.expression import SelectOfScalar

from bot.models import CHECKIN, Delivery, Goal, LastNumber, Member, Rhythm
from bot.store import rights
from bot.store.database import connect
from tests.outside.processes import PATIENCE
from tests.outside.slack_calls import Ack, Dict
from tests.outside.slack_people import Person, SocketTransport
from tests.outside.slack_server import SlackServer
from tests.pilot import VAULT, World, at
from tests.store.copies import Rows, live


class Slack(SlackServer):
    """A Slack that hands envelopes to all open sockets of the app in turn."""

    async def _deliver(self, envelope: Dict) -> Ack:
        for _ in self._sockets:
            self._sockets.insert(0, self._sockets.pop())
            if not self._sockets[-1][0].closed:
                break
        return await super()._deliver(envelope)  # over the last one

    def keys(self, person: Person) -> Counter[str]:
        """Count the deliveries that a person sees, by their keys."""
        seen = [one.metadata for one in self.messages(person.id) if one.metadata]
        return Counter(str(each["event_payload"]["key"]) for each in seen)

    def hears(self, person: Person, words: str) -> bool:
        return any(words in one.text for one in self.messages(person.id))


def someone(slack: Slack, name: str) -> Person:
    return Person(slack, SocketTransport(slack), f"U0{name.upper()}", name)


async def lived(url: str) -> None:
    """Fill a database with some months of what members do; deliveries wait in it."""
    with closing(World(url, at("2027-01-01 12:00"))) as world:
        await live(world)


def change(url: str, work: Callable[[Session], object]) -> None:
    with closing(connect(url, VAULT)) as database:
        database.call(work)


def due(url: str, moment: datetime, *people: Person) -> None:
    """Let these people's check-ins be due at a moment."""
    theirs = select(Member.id).where(col(Member.user).in_([each.id for each in people]))
    whose = update(Rhythm).where(col(Rhythm.occasion) == CHECKIN, col(Rhythm.member_id).in_(theirs))
    change(url, lambda db: db.connection().execute(whose.values(next_at=moment)))


def checkins(url: str) -> list[Delivery]:
    asked = select(Delivery).where(Delivery.occasion == CHECKIN, Delivery.platform == "slack")
    with closing(connect(url)) as database:
        return database.call(lambda db: list(db.exec(asked).all()))


async def until(holds: Callable[[], bool]) -> None:
    async with asyncio.timeout(PATIENCE):
        while not holds():
            await asyncio.sleep(0.05)


async def adds(slack: Slack, person: Person, goal: str) -> None:
    assert (await person.command("/goal", f"add {goal}")).ok
    await until(lambda: slack.hears(person, goal))


def titles(url: str) -> Counter[str]:
    """Count all goals by their titles."""
    with closing(connect(url, VAULT)) as database:
        return database.call(lambda db: Counter(each.title for each in db.exec(select(Goal))))


def member_of(url: str, person: Person) -> int:
    with closing(connect(url)) as database:
        return database.call(lambda db: db.exec(_named(person)).one().key)


def forget(url: str, person: Person) -> None:
    change(url, lambda db: rights.forget(db, db.exec(_named(person)).one()))


def _named(person: Person) -> SelectOfScalar[Member]:
    return select(Member).where(Member.user == person.id)


def without(found: Rows, member_id: int) -> Rows:
    """Leave out one member's rows; that their number is spent is all that stays."""
    left: Rows = {}
    for table in SQLModel.metadata.sorted_tables:
        names = [column.name for column in table.columns]
        whose = "id" if table.name == "member" else "member_id"
        place = names.index(whose) if whose in names else None
        rows = found[table.name]
        left[table.name] = [row for row in rows if place is None or row[place] != member_id]
    left[LastNumber.__tablename__] = [(Member.__tablename__, member_id)]
    return left
