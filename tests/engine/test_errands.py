"""Errands in channels: done once, told in the marking transaction, and lost channels noticed."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import pytest
from sqlmodel import Session, select

from bot.app import FEATURES, join
from bot.engine.errands import CloseRoom, Dismiss, Errand, Invite, OpenRoom, Post, Result
from bot.engine.ports import Room
from bot.engine.prompts import Told
from bot.engine.turn import Feature, Occasion
from bot.errors import TryLater
from bot.models import Delivery, Member
from bot.store import deliveries
from tests.pilot import Pilot, World

START = "2027-01-01 12:00"
SAID = Told(sentence="Welcome to the circle.")


@dataclass
class Bench:
    """A coach with one occasion for channels, which says what the test wants."""

    world: World
    what: Errand
    done: list[Result] = field(default_factory=list)
    lost: list[str] = field(default_factory=list)
    broken: bool = False

    def open(self) -> None:
        occasion = Occasion(
            name="room.test",
            compose=lambda _turn, _delivery, _late: self.what,
            stale_after=timedelta(days=2),
            weight=None,
            for_room=True,
            done=self.on_done,
            lost=self.on_lost,
        )
        world = self.world
        features = (*FEATURES, Feature(name="rooms", occasions=(occasion,)))
        world.coach = join(
            world.coach.database, world.clock, {"test": world.outbox}, features=features
        )

    def on_done(self, db: Session, delivery: Delivery, result: Result, now: datetime) -> None:
        self.done.append(result)
        member = db.exec(select(Member)).one()
        member.stage = f"{delivery.key} {now:%H:%M}"
        if self.broken:
            db.flush()
            raise RuntimeError("a fault of ours")

    def on_lost(self, db: Session, delivery: Delivery, reason: str, now: datetime) -> None:
        self.lost.append(reason)

    async def promise(self, key: str) -> None:
        def work(db: Session) -> None:
            member = db.exec(select(Member)).one()
            deliveries.promise(db, member, "room.test", key, self.world.clock.moment)

        await self.world.coach.database.run(work)
        await self.tick()

    async def tick(self, **ahead: float) -> None:
        self.world.clock.moment += timedelta(**ahead)
        await self.world.coach.rounds.tick(self.world.clock.moment)

    async def row(self) -> Delivery:
        def look(db: Session) -> Delivery:
            found = db.exec(select(Delivery).where(Delivery.occasion == "room.test")).one()
            db.expunge(found)
            return found

        return await self.world.coach.database.run(look)

    async def stage(self) -> str:
        return await self.world.coach.database.run(lambda db: db.exec(select(Member)).one().stage)


@pytest.fixture
async def bench(world: World, amina: Pilot) -> Bench:
    await amina.visits()
    made = Bench(world, OpenRoom(name="circle-owls", purpose="A circle."))
    made.open()
    return made


@pytest.fixture
async def room(bench: Bench) -> Room:
    hall = bench.world.outbox.rooms
    return Room("team", await hall.open("team", "owls", "A circle.", "made"))


async def test_a_channel_is_made_once_and_its_name_kept_in_the_same_transaction(
    bench: Bench,
) -> None:
    await bench.promise("open")
    [channel] = bench.world.outbox.rooms.channels.values()
    assert (channel.name, channel.purpose) == ("circle-owls", "A circle.")
    row = await bench.row()
    assert (row.state, row.sent_ref) == ("sent", channel.ref)
    assert bench.done == [Result(channel.ref)]
    assert await bench.stage() == "open 12:00"
    await bench.tick(minutes=5)
    assert len(bench.done) == 1


async def test_who_cannot_come_in_is_told(bench: Bench, room: Room) -> None:
    hall = bench.world.outbox.rooms
    hall.guests = {"visitor"}
    bench.what = Invite(room=room, users=("amina", "visitor"))
    await bench.promise("invite")
    assert hall.named("owls").people == ["amina"]
    assert bench.done == [Result(refused={"visitor": "user_is_restricted"})]


async def test_posts_are_pinned_answered_and_never_doubled(bench: Bench, room: Room) -> None:
    bench.what = Post(room=room, prompt=SAID, thread="C1:0", pin=True)
    await bench.promise("post")
    [post] = bench.world.outbox.rooms.named("owls").posts
    assert (post.message.text, post.thread, post.pinned) == (SAID.sentence, "C1:0", True)
    assert bench.done == [Result(post.ref)]


async def test_after_an_unheard_post_the_channel_is_asked_first(bench: Bench, room: Room) -> None:
    hall = bench.world.outbox.rooms
    bench.what = Post(room=room, prompt=SAID)
    real: Callable[..., object] = hall.post
    tries: list[str] = []

    async def post(*given: object, **named: object) -> str:
        await real(*given, **named)  # type: ignore[misc]
        tries.append("posted")
        raise TryLater("timeout", after=10, unheard=True)

    hall.post = post  # type: ignore[assignment,method-assign]
    await bench.promise("unheard")
    assert (await bench.row()).state == "waiting"
    await bench.tick(seconds=30)
    assert tries == ["posted"]
    assert (await bench.row()).state == "sent"
    [seen] = hall.named("owls").posts
    assert bench.done == [Result(seen.ref)]


async def test_a_lost_channel_ends_the_errand_and_not_the_member(
    bench: Bench, room: Room, amina: Pilot
) -> None:
    hall = bench.world.outbox.rooms
    hall.lose(room.ref, "is_archived")
    for number, what in enumerate(
        (
            Post(room=room, prompt=SAID),
            Invite(room=room, users=("amina",)),
            Dismiss(room=room, user="amina"),
        )
    ):
        bench.what = what
        await bench.promise(f"lost{number}")
    assert bench.lost == ["is_archived"] * 3
    assert bench.done == []
    await amina.says("/coach why")
    assert "could not reach you" not in amina.answer


async def test_closing_and_letting_out(bench: Bench, room: Room) -> None:
    hall = bench.world.outbox.rooms
    await hall.invite(room, ["amina", "daniel"])
    bench.what = Dismiss(room=room, user="daniel")
    await bench.promise("out")
    bench.what = CloseRoom(room=room)
    await bench.promise("close")
    channel = hall.named("owls")
    assert (channel.people, channel.archived) == (["amina"], True)


async def test_a_pause_or_a_member_out_of_reach_holds_no_channel_back(
    bench: Bench, room: Room, amina: Pilot
) -> None:
    await amina.says("/coach pause")

    def away(db: Session) -> None:
        db.exec(select(Member)).one().unreachable_since = bench.world.clock.moment

    await bench.world.coach.database.run(away)
    bench.what = Post(room=room, prompt=SAID)
    await bench.promise("while away")
    assert len(bench.world.outbox.rooms.named("owls").posts) == 1


async def test_a_fault_in_what_follows_undoes_itself_alone(bench: Bench, room: Room) -> None:
    bench.broken = True
    bench.what = Post(room=room, prompt=SAID)
    await bench.promise("broken after")
    assert (await bench.row()).state == "sent"
    assert await bench.stage() == ""


async def test_without_channels_it_is_said_and_dropped(bench: Bench, room: Room) -> None:
    bench.world.outbox.rooms = None  # type: ignore[assignment]
    bench.what = Post(room=room, prompt=SAID)
    await bench.promise("nowhere")
    assert ((await bench.row()).state, bench.lost) == ("dropped", ["no_channels"])


async def test_a_stale_errand_tells_nobody(bench: Bench, room: Room) -> None:
    bench.what = Post(room=room, prompt=SAID)
    bench.world.outbox.rooms.refuse["post"] = [TryLater("busy", after=60 * 60 * 72, blameless=True)]
    await bench.promise("too late")
    await bench.tick(hours=73)
    row = await bench.row()
    assert (row.state, row.reason) == ("dropped", "stale")
