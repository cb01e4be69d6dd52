"""Rota feeds: read, told of, asked about; and no address is ever said again."""

from functools import partial
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import create_engine, select
from sqlmodel import SQLModel
from sqlmodel import select as orm_select

from bot.app import local_coach
from bot.chat.message import Message
from bot.models import Draft, Feed, ShiftRow
from bot.models.base import table_of
from bot.platforms.local.people import person
from bot.platforms.local.terminal import Terminal
from bot.settings import Settings
from bot.store import drafts, local
from bot.store.database import connect
from tests.pilot import VAULT, Pilot, World

KEY = "s3cret-4711"
ADDRESS = f"https://rota.example-hospital.org/ical?key={KEY}"
NIGHT = "SUMMARY:Night at the Royal\nDTSTART:20270105T200000Z\nDTEND:20270106T080000Z"


def rota(*events: str) -> bytes:
    body = "".join(f"BEGIN:VEVENT\n{each}\nEND:VEVENT\n" for each in events)
    return f"BEGIN:VCALENDAR\n{body}END:VCALENDAR\n".encode()


def whole_day(label: str, day: str) -> str:
    return f"SUMMARY:{label}\nDTSTART;VALUE=DATE:{day}"


async def table(world: World, model: type[SQLModel]) -> Any:
    return await world.coach.database.run(lambda db: db.exec(select(table_of(model))).all())


def said(amina: Pilot) -> str:
    """Give all that was ever said to her, forms and errors included."""
    spoken = [
        f"{[message.to_json() for message in reply.messages]} {reply.form}"
        for reply in amina.replies
    ]
    return " ".join(spoken + [str(message.to_json()) for _, message, _ in amina.delivered()])


def everything_in(url: str) -> str:
    """Read all tables, and the files, as whoever has the database and no key."""
    engine = create_engine(url)
    with engine.connect() as db:
        tables = SQLModel.metadata.tables.values()
        found = [repr(row) for each in tables for row in db.execute(select(each))]
    engine.dispose()
    file = Path(url.removeprefix("sqlite:///"))
    return " ".join([*found, *(repr(each.read_bytes()) for each in file.parent.glob("test.db*"))])


async def test_a_feed_is_read_told_and_asked_about(world: World, amina: Pilot) -> None:
    labels = ("SHO on call", "Zebra", "Yak", "Xylophone")
    days = [whole_day(label, f"202701{n:02}") for n, label in enumerate(labels, 10)]
    world.feeds[ADDRESS] = rota(NIGHT, *days)
    await amina.says(f"/shift feed {ADDRESS}")
    assert "Kept, sealed. I read it in the next minutes" in amina.answer
    await world.until("2027-01-01 14:00")
    [told] = amina.news()
    assert "1 shift until 15 January 2027, the next on Tuesday 5 January at 20:00" in told
    assert "4 of its labels do not say when you work" in told
    assert "Zebra" not in told  # written by others, and a message stays
    await amina.presses("Say what they mean")
    form = amina.form
    assert form is not None
    assert [each.label for each in form.fields] == list(labels[:3])
    await amina.fills({form.fields[0].name: "night"})
    assert "3 others are still open" in amina.answer
    await world.until("2027-01-01 15:00")
    starts = {f"{row.starts_at:%d.%m %H:%M} {row.kind}" for row in await table(world, ShiftRow)}
    assert starts == {"05.01 20:00 night", "10.01 20:00 night"}
    await amina.says("/shift call Saturday")
    await amina.says("/shift")
    assert "Night on Tuesday 5 January 2027, 20:00 to 08:00\n" in amina.answer
    assert "08:00 to 08:00 the next day (typed)" in amina.answer
    assert "was last read well on Friday 1 January at 1" in amina.answer
    assert "Zebra" not in everything_in(world.url)
    await amina.presses("Forget the feed")
    assert [row.kind for row in await table(world, ShiftRow)] == ["call24"]
    assert await table(world, Feed) == []


async def test_a_form_of_labels_asks_for_one_answer_at_least(world: World, amina: Pilot) -> None:
    world.feeds[ADDRESS] = rota(whole_day("Zebra", "20270110"))
    await amina.says(f"/shift feed {ADDRESS}")
    await world.until("2027-01-01 14:00")
    await amina.presses("Say what they mean")
    assert amina.form is not None
    [asked] = amina.form.fields
    await amina.fills({asked.name: ""})
    assert amina.form is not None
    assert "Choose a meaning" in amina.form.errors[asked.name]
    await amina.fills({asked.name: "off"})
    assert "ask no more about this label" in amina.answer
    await amina.presses("Say what they mean")
    assert amina.answer.startswith("No label of your rota waits")


async def test_a_feed_that_fails_for_days_is_told_once(world: World, amina: Pilot) -> None:
    await amina.says(f"/shift feed {ADDRESS}")
    await world.until("2027-01-10 12:00")
    [told] = amina.news()
    assert told.startswith("I cannot read the rota feed you gave me.")
    await amina.says("/shift")
    assert "I could not read your rota feed yet, and I keep trying." in amina.answer


async def test_no_news_of_a_feed_that_is_gone(world: World, amina: Pilot) -> None:
    world.feeds[ADDRESS] = rota(NIGHT)
    await world.until("2027-01-01 23:00")
    await amina.says(f"/shift feed {ADDRESS}")
    await world.until("2027-01-01 23:30")  # read, and told of in the morning
    await amina.says("/shift feed off")
    await world.until("2027-01-04 13:00")
    assert amina.news() == []
    await amina.says("/coach why")
    assert "what your rota feed says: withheld, because you had removed the feed" in amina.answer


@pytest.mark.parametrize(
    "text",
    [
        f"/shift feed {ADDRESS}",
        f"/shift feed http{ADDRESS[5:]}",
        f"/shift feed ftp{ADDRESS[5:]}",
        f"/shift feed https://127.0.0.1/{KEY}",
        f"/shift feed {ADDRESS} please",
        f"/shift feed {KEY}",
        f"/shift feed {ADDRESS}{'x' * 2100}",
        f"/shift {ADDRESS}",
        f"/shift rota.example-hospital.org/ical?key={KEY}",
        f"/shift nights until {ADDRESS}",
        f"/shift fed {ADDRESS}",
        f"/shift clear {ADDRESS}",
        f"/shfit feed {ADDRESS}",
        f"/coach shift feed http{ADDRESS[5:]}",
        f"/leave {ADDRESS}",
        f"my rota is at {ADDRESS}",
        ADDRESS,
    ],
)
async def test_no_address_is_said_again_or_lies_open(world: World, amina: Pilot, text: str) -> None:
    await amina.says(text)
    await amina.says("/shift")
    await world.until("2027-01-02 12:00")
    assert KEY not in said(amina)
    kept = await world.coach.database.run(
        lambda db: [drafts.kept(db, 1, each.name) for each in db.exec(orm_select(Draft)).all()]
    )
    assert KEY not in repr(kept)
    world.close()
    stored = everything_in(world.url)
    assert "amina" in stored
    assert KEY not in stored
    world.coach = world._open()


async def test_a_refused_form_comes_back_empty(world: World, amina: Pilot) -> None:
    await amina.says("/shift feed")
    await amina.fills(address=f"http{ADDRESS[5:]}")
    assert amina.form is not None
    assert "paste it again" in amina.form.errors["address"]
    assert amina.form.fields[0].value == ""
    await amina.says("/shift feed")
    assert amina.form is not None
    assert amina.form.fields[0].value == ""
    assert KEY not in said(amina)
    world.close()
    assert KEY not in everything_in(world.url)
    world.coach = world._open()


async def test_numbers_in_an_address_are_no_patients(world: World, amina: Pilot) -> None:
    await amina.says(f"/shift feed {ADDRESS}&person=123-45-6789")
    assert amina.answer.endswith("hour when you are free.")
    await amina.says("/shift feed")
    await amina.fills(address=f"{ADDRESS}&person=123-45-6789")
    assert amina.answer.startswith("Kept, sealed, in the place of the address before.")


async def test_danger_beside_an_address_is_heard(amina: Pilot) -> None:
    await amina.says(f"/shift feed {ADDRESS} I want to kill myself")
    assert "Kept, sealed" not in amina.answer
    assert amina.button("I'm safe now")


async def test_the_workspace_shows_no_address(url: str) -> None:
    coach, workspace = local_coach(Settings(DATABASE_URL=url), database=connect(url, VAULT))
    try:
        amina = Terminal(workspace, coach.dispatch, person("amina"))
        for text in (f"/shift feed {ADDRESS}", f"/shfit feed {ADDRESS}", f"see {ADDRESS}"):
            await amina.say(text)
        await amina.say(f"/shift feed http{ADDRESS[5:]}", channel="general")
        await amina.say("Slides: https://example.org/slides", channel="general")
        posts = [
            Message.from_json(post.message).text
            for place in ("dm:amina", "channel:general")
            for post in coach.database.call(partial(local.posts, place=place, person="amina"))
        ]
    finally:
        coach.database.close()
    assert [each for each in posts if "…" in each or each.startswith("Slides")] == [
        "/shift feed …",
        "/shfit feed …",
        "see …",
        "/shift feed …",
        "Slides: https://example.org/slides",  # people among themselves
    ]
    assert KEY not in " ".join(posts)
