"""Many at once: coaches that tick at the same instant, and events that come more than once."""

import asyncio
import random
from collections import Counter
from contextlib import AsyncExitStack
from dataclasses import dataclass, replace
from datetime import timedelta

from sqlmodel import Session, col, func, select

from bot.app import join
from bot.chat.incoming import Actor, Said
from bot.models import Goal, Inbound
from bot.store.database import connect
from tests.faults.ground import Ground, populate, promised
from tests.faults.killed import spike
from tests.faults.outcome import Outcome, Post, judged
from tests.outside.slack_calls import Ack, Dict
from tests.outside.slack_people import HttpTransport, Person
from tests.outside.slack_server import SlackServer
from tests.outside.slack_stage import SECRET, Hands, House, served
from tests.pilot import VAULT, World, at

MONDAY = at("2027-01-04 09:00")
#: Commands that one member sends: fewer than one may have active goals.
EACH = 10


async def at_once(ground: Ground, kind: str, *, coaches: int, members: int) -> Outcome:
    """Let several coaches tick at the same instants, on two Mondays."""
    url = ground.url(kind)
    world = World(url, MONDAY)
    await world.coach.database.run(lambda db: populate(db, members, MONDAY, platform="test"))
    others = [
        join(connect(url, VAULT), world.clock, {"test": world.outbox}) for _ in range(coaches - 1)
    ]
    crew = [world.coach, *others]
    for week in range(2):
        for later in (timedelta(), timedelta(seconds=1), timedelta(minutes=3)):
            world.clock.moment = MONDAY + timedelta(weeks=week) + later
            await asyncio.gather(*(each.rounds.tick(world.clock.moment) for each in crew))
    posts = [
        Post(key, 0, to.user, moment)
        for moment, to, _, key in world.outbox.sent
        if key.startswith("checkin.weekly")
    ]
    keys = await world.coach.database.run(lambda db: promised(db, world.clock()))
    for each in others:
        each.database.close()
    world.close()
    return judged(
        f"{coaches} coaches tick at the same instant",
        kind,
        [key for key in keys if key.startswith("checkin.weekly")],
        posts,
        expected=2 * members,
    )


async def side_by_side(ground: Ground, kind: str, *, workers: int, members: int) -> Outcome:
    """Let several processes work at one spike."""
    async with spike(ground, kind, members) as stage:
        stage.order = replace(stage.order, lease=60.0)  # nobody is killed, and all are slow
        for _ in range(workers):
            stage.hire()
        await stage.platform.reached(1)
        began = min(post.at for post in stage.platform.posts)
        found = await stage.outcome(f"{workers} processes at one spike", began)
        return replace(found, note="“recovered” is the time from the first to the last")


async def again(ground: Ground, kind: str, *, events: int, senders: int = 16) -> Outcome:
    """Send each command one to three times, shuffled, from many senders at once."""
    chance = random.Random(events)
    world = World(ground.url(kind), MONDAY)
    sent = [
        Said(Actor("test", "team", f"member{n // EACH}", "", "UTC"), f"/goal add Aim {n}", f"k{n}")
        for n in range(events)
        for _ in range(chance.randint(1, 3))
    ]
    chance.shuffle(sent)
    replies: list[str] = []
    line = iter(sent)

    async def sender() -> None:
        for said in line:
            reply = await world.coach.dispatch.handle(said)
            if reply.messages:
                replies.append(said.key)

    await asyncio.gather(*(sender() for _ in range(senders)))
    titles, seen = await world.coach.database.run(_kept)
    world.close()
    return _counted(
        "events that come again", kind, events, titles, Counter(replies), len(sent), seen
    )


def _kept(db: Session) -> tuple[list[str], int]:
    """List the goals' titles, and count the events that were remembered."""
    titles = [goal.title for goal in db.exec(select(Goal))]
    return titles, db.exec(select(func.count(col(Inbound.key)))).one()


def _counted(
    fault: str,
    kind: str,
    events: int,
    titles: list[str],
    replies: Counter[str],
    sent: int,
    seen: int,
) -> Outcome:
    """Count an event as lost without its goal or its reply, and as doubled with two of either."""
    lost = max(events - len(set(titles)), events - len(replies))
    doubled = len(titles) - len(set(titles)) + replies.total() - len(replies)
    return Outcome(
        fault=fault,
        database=kind,
        tries=events,
        lost=lost,
        doubled=doubled,
        note=f"{sent} deliveries of {events} events",
        broken=() if seen == events else (f"{seen} events were remembered, not {events}",),
    )


@dataclass
class Shelf:
    """A transport that keeps what it should deliver."""

    kept: list[tuple[str, Dict]]

    async def deliver(self, kind: str, payload: Dict, *, retry: int = 0) -> Ack:
        self.kept.append((kind, payload))
        return Ack(200, {}, 0)


async def signed_again(ground: Ground, kind: str, *, events: int, senders: int = 8) -> Outcome:
    """Let Slack deliver signed commands again and out of order, over HTTP."""
    chance = random.Random(events)
    folder = ground.folder / f"signed-{kind}"
    folder.mkdir()
    async with AsyncExitStack() as stack:
        slack = await stack.enter_async_context(SlackServer())
        house = House(slack, "http", folder, Hands())
        house.database_url = ground.url(kind)
        address = await stack.enter_async_context(served(house))
        transport = await stack.enter_async_context(HttpTransport(address, SECRET))
        await house.start()
        shelf = Shelf([])
        for number in range(events // EACH):
            person = Person(slack, shelf, f"U{number:05}", f"Member {number}")  # type: ignore[arg-type]
            for each in range(EACH):
                await person.command("/goal", f"add Aim {number * EACH + each}")
        sent = [command for command in shelf.kept for _ in range(chance.randint(1, 3))]
        chance.shuffle(sent)
        line = iter(sent)
        busy = house.coach.words.short("house.busy")

        async def sender() -> None:
            for what, payload in line:
                ack = await transport.deliver(what, payload)
                while ack.body:  # in a crowd it was not kept, and its member types it again
                    assert ack.body == {"text": busy}
                    await asyncio.sleep(0.2)
                    ack = await transport.deliver(what, payload)
                assert ack.ok

        await asyncio.gather(*(sender() for _ in range(senders)))
        await house.settled()
        titles, seen = await house.coach.database.run(_kept)
        said = " ".join(call.payload["text"] for call in slack.called("response_url")).split("Aim ")
        replies = Counter(words.split()[0].rstrip(".:*") for words in said[1:])
        await house.stop()
    return _counted(
        "signed requests that come again", kind, events, titles, replies, len(sent), seen
    )
