"""Workers that are killed between making a channel and writing down that it was made."""

import asyncio
from dataclasses import replace
from datetime import datetime
from itertools import cycle, islice

from sqlmodel import Session, select

from bot.clock import utc_now
from bot.models import Circle, CircleForm, CircleLength, Delivery, Member, SeatState
from bot.store import circles as store
from bot.store import seats
from tests.faults.ground import PATIENCE, Ground, minutes_ago, settled, user_of
from tests.faults.killed import Spike, spike
from tests.faults.outcome import Outcome, judged
from tests.outside.slack_server import BOT_USER, TEAM

#: Where a worker dies: what was asked is done, and nobody heard the answer.
OPENING = ("conversations.create", "conversations.setPurpose")
FILLING = ("chat.postMessage", "pins.add")


class Founding(Spike):
    """Circles of five, all of one name, each of which is to get its channel."""

    async def fill(self) -> None:
        for number in range(self.members):
            self.platform.add_user(user_of(number), f"Member {number}")
        self.order = replace(self.order, batch=20)
        due = minutes_ago(5)
        await self.database.run(lambda db: _lay(db, self.members, due))

    async def kill_at(self, method: str) -> None:
        """Let a worker begin, and end it when Slack has done its next call of a method."""
        before = len(self.platform.called(method))
        self.platform.fail(method, delay=2 * PATIENCE)
        worker = self.hire()
        async with asyncio.timeout(PATIENCE):
            while len(self.platform.called(method)) == before:
                await asyncio.sleep(0.002)
        await self.kill(worker)


def _lay(db: Session, members: int, due: datetime) -> None:
    """Lay circles whose people have all said yes."""
    people = [
        Member(platform="slack", workspace=TEAM, user=user_of(number), joined_at=due)
        for number in range(members)
    ]
    db.add_all(people)
    db.flush()
    for first in range(0, members, store.FEWEST):
        five = people[first : first + store.FEWEST]
        circle = seats.found(db, five[0], "Larks", CircleForm.LIVE, CircleLength.SHORT, due)
        for each in five:
            seats.place(db, circle.key, each.key, SeatState.IN, due)
        store.begin(db, circle, due)


async def killed_at_channels(ground: Ground, kind: str, *, circles: int, kills: int) -> Outcome:
    """Kill workers while they make channels, and then twice while they post in them."""
    async with spike(ground, kind, circles * store.FEWEST, Founding) as stage:
        assert isinstance(stage, Founding)
        for method in (*islice(cycle(OPENING), kills), *FILLING):
            await stage.kill_at(method)
        stage.hire()
        ended = utc_now()
        await _opened(stage, circles)
        await settled(stage.database)
        keys = await stage.database.run(_agreements)
        found = judged(
            "kill -9 amid making channels",
            kind,
            keys,
            stage.platform.posts,
            expected=circles,
            ended=ended,
            note=f"{kills + len(FILLING)} kills, {circles} circles of one name",
            broken=await _wrong(stage, circles),
        )
        made = len(stage.platform.rooms)
        lost, doubled = found.lost + max(0, circles - made), found.doubled + max(0, made - circles)
        return replace(found, lost=lost, doubled=doubled)


async def _opened(stage: Founding, circles: int) -> None:
    """Wait until every circle's agreement was posted, which is promised only in its channel."""
    async with asyncio.timeout(PATIENCE):
        while len(await stage.database.run(_agreements)) < circles:
            await asyncio.sleep(0.05)


def _agreements(db: Session) -> list[str]:
    rows = select(Delivery.key).where(Delivery.occasion == store.AGREEMENT)
    return list(db.exec(rows))


async def _wrong(stage: Founding, circles: int) -> list[str]:
    """Say in which channels somebody or something is missing, or stands twice."""

    def kept(db: Session) -> dict[str, set[str]]:
        rows = db.exec(select(Circle)).all()
        return {row.room: {each.user for each in seats.people(db, row.key)} for row in rows}

    people, broken = await stage.database.run(kept), []
    if len(people) != circles:
        broken.append(f"{circles} circles share {len(people)} channels")
    for room in stage.platform.rooms.values():
        if room.members != people.get(room.id, set()) | {BOT_USER}:
            broken.append(f"the wrong people are in {room.name}")
        if len(room.pins) != 1:
            broken.append(f"{len(room.pins)} posts are pinned in {room.name}")
    return broken
