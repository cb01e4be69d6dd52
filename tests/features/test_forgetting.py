"""A member is forgotten: no row, no page and no post is left, and others keep all."""

import sqlite3
from contextlib import closing
from datetime import timedelta
from functools import partial
from pathlib import Path

import pytest
from sqlalchemy import func, select, update
from sqlmodel import Session, col

from bot.chat.message import Message
from bot.engine import upkeep
from bot.engine.ports import Address
from bot.models import CheckIn, Delivery, LocalPost, Member
from bot.models.base import table_of
from bot.platforms.local.people import person
from bot.platforms.local.terminal import Terminal
from bot.platforms.local.workspace import LocalClock, Workspace
from bot.store import deliveries, local, teams
from bot.store.deliveries import KEEP_OVER
from bot.store.teams import Place
from tests.features.rights_ground import left, lived, total, whose
from tests.pilot import Pilot, World, at


@pytest.mark.parametrize("kind", ["sqlite", "postgres"])
async def test_who_is_forgotten_has_no_row_and_others_have_all(world: World) -> None:
    amina = await lived(world)
    database = world.coach.database
    member = await database.run(partial(whose, name="amina"))
    daniel = await database.run(partial(whose, name="daniel"))
    before, daniels = await database.run(total), await database.run(partial(left, member_id=daniel))
    amina_had = await database.run(partial(left, member_id=member))
    assert all(amina_had.values()), amina_had
    await amina.says("/coach forget")
    assert "3 goals" in amina.answer
    assert "your rota's address" in amina.answer
    await amina.presses("Forget me")
    assert amina.answer.startswith("You are forgotten here")
    assert "3 goals, " in amina.answer
    assert not any((await database.run(partial(left, member_id=member))).values())
    assert await database.run(partial(left, member_id=daniel)) == daniels
    after = await database.run(total)
    gone = {name: before[name] - after[name] for name in amina_had}
    del gone["delivery"], amina_had["delivery"]  # those who were with her are told
    assert gone == amina_had
    book = await database.run(lambda db: teams.book(db, Place("test", "team"), "burnout"))
    assert list(book.ledger.member) == [daniel]
    # Nothing more comes, and whoever writes again is new.
    heard = len(amina.delivered())
    await world.until("2027-04-01 12:00")
    assert len(amina.delivered()) == heard
    await amina.says("/goal list")
    assert "I am Preceptor" in amina.answer
    await amina.says("/goal show 1")
    assert "You have no goal number 1" in amina.answer


async def test_a_second_press_leaves_nobody_behind(world: World, amina: Pilot) -> None:
    await amina.says("/goal add Pass the boards")
    await amina.says("/coach forget")
    await amina.presses("Forget me")
    await amina.presses("Forget me")
    assert "0 goals" in amina.answer
    assert await world.coach.database.run(lambda db: total(db)["member"]) == 0


async def test_an_old_button_asks_anew_and_keeping_keeps(world: World, amina: Pilot) -> None:
    await amina.says("/goal add Pass the boards")
    await amina.says("/coach forget")
    world.clock.moment += timedelta(minutes=62)
    await amina.presses("Forget me")
    assert "This goes at once" in amina.answer
    await amina.presses("Keep everything")
    assert amina.answer == "Nothing was deleted."
    assert await world.coach.database.run(lambda db: total(db)["goal"]) == 1


@pytest.mark.parametrize("kind", ["sqlite", "postgres"])
async def test_a_first_word_of_today_is_no_trouble(world: World, amina: Pilot) -> None:
    """The turn had changed the row before it was deleted."""
    await amina.says("/coach forget")
    world.clock.moment += timedelta(minutes=30)
    seen = update(table_of(Member)).values(seen_at=at("2026-01-01 00:00"), unreachable_since=None)
    await world.coach.database.run(lambda db: db.connection().execute(seen))
    await amina.presses("Forget me")
    assert amina.answer.startswith("You are forgotten here")
    assert await world.coach.database.run(lambda db: total(db)["member"]) == 0


async def test_no_page_of_the_file_or_its_log_remembers(
    world: World, amina: Pilot, url: str
) -> None:
    await amina.says("/coach settings")
    await amina.presses("Change these")
    await amina.fills(stage="Portuguese nurse", team="Grammar ward")
    file = Path(url.removeprefix("sqlite:///"))

    def stored() -> bytes:
        return b"".join(each.read_bytes() for each in file.parent.glob(f"{file.name}*"))

    assert b"Portuguese" in stored()
    with closing(sqlite3.connect(file)) as reader:  # somebody reads the older state meanwhile
        reader.execute("BEGIN")
        reader.execute("SELECT count(*) FROM goal").fetchone()
        await amina.says("/coach forget")
        await amina.presses("Forget me")
        assert b"Portuguese" in stored()
    await world.member("daniel").says("/coach")  # any later turn
    assert b"Portuguese" not in stored()
    assert b"Grammar" not in stored()


async def test_the_local_workspace_forgets_its_posts(world: World) -> None:
    database = world.coach.database
    workspace = Workspace(database, LocalClock(database))
    rosa = Terminal(workspace, world.coach.dispatch, person("rosa"))
    await rosa.say("/goal add Learn Portuguese")
    await rosa.say("/goal add Learn Danish", "general")
    daniel = Terminal(workspace, world.coach.dispatch, person("daniel"))
    await daniel.say("/goal add Lead a team")
    await daniel.say("good morning", "general")
    await database.run(partial(local.mark_read, person="rosa", place="dm:rosa", last_id=1))
    [asked] = await rosa.say("/coach forget")
    [button] = [each["action"] for each in asked["buttons"] if each["label"] == "Forget me"]
    [told] = await rosa.press(button)
    assert "messages of this conversation" in told["text"]

    def posts(db: Session) -> list[tuple[str, str]]:
        rows = select(LocalPost.place, LocalPost.seen_by).order_by(col(LocalPost.id))
        return [tuple(row) for row in db.connection().execute(rows)]

    # What stays is the receipt, which came after, and what others read.
    assert await database.run(posts) == [
        ("dm:daniel", ""), ("dm:daniel", ""), ("dm:daniel", ""), ("channel:general", ""),
        ("dm:rosa", ""),
    ]  # fmt: skip
    assert (await database.run(total))["local_read"] == 0


@pytest.mark.parametrize("kind", ["sqlite", "postgres"])
async def test_what_is_under_way_meanwhile_brings_nobody_back(
    world: World, amina: Pilot, caplog: pytest.LogCaptureFixture
) -> None:
    """The message is on its way out when its member is forgotten."""
    await amina.says("/goal add Pass the boards")
    send = world.outbox.send

    async def forget_first(to: Address, message: Message, key: str) -> str:
        await amina.says("/coach forget")
        await amina.presses("Forget me")
        return await send(to, message, key)

    world.outbox.send = forget_first  # type: ignore[method-assign]
    await world.until("2027-01-04 09:00")
    assert len(amina.delivered()) == 1
    found = await world.coach.database.run(total)
    assert not any(found[name] for name in ("member", "delivery", "checkin", "rhythm", "goal"))
    assert caplog.records == []


# What is over


@pytest.mark.parametrize("kind", ["sqlite", "postgres"])
async def test_what_is_long_over_is_forgotten_and_what_waits_is_not(
    world: World, amina: Pilot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(deliveries, "SWEPT", 2)  # several turns are needed
    await amina.says("/goal add Pass the boards")
    await world.until("2027-03-20 12:00")
    database, then = world.coach.database, at("2027-05-20 12:00")
    since = then - KEEP_OVER

    def seen(db: Session) -> list[tuple[str, bool]]:
        rows = select(Delivery.state, Delivery.due_at).order_by(col(Delivery.due_at))
        return [(str(state), due < since) for state, due in db.connection().execute(rows)]

    old = update(table_of(Delivery)).values(state="waiting", available_at=at("2027-06-01"))
    oldest = select(func.min(Delivery.id)).scalar_subquery()
    await database.run(
        lambda db: db.connection().execute(old.where(table_of(Delivery).c.id == oldest))
    )
    before = await database.run(seen)
    assert len([each for each in before if each[1]]) > 3
    for work in upkeep.works(then):
        await database.run(work)
    after = await database.run(seen)
    assert [each for each in after if each[1]] == [("waiting", True)]
    assert [each for each in after if not each[1]] == [each for each in before if not each[1]]
    asked = select(CheckIn.delivery_id).order_by(col(CheckIn.day))
    refs = await database.run(lambda db: list(db.connection().execute(asked).scalars()))
    assert refs[:2] == [1, None]  # each check-in stays, and knows no delivery any more
    assert len(refs) == 5
