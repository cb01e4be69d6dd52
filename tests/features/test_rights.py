"""A member's rights: to know what is kept, to have all of it, and to be forgotten."""

import csv
import io
import json
import zipfile
from datetime import timedelta
from pathlib import Path

import pytest
from icalendar import Calendar
from sqlalchemy import func, select
from sqlmodel import SQLModel, col

from bot.models import Delivery
from bot.models.base import table_of
from bot.store import rights
from tests.features.rights_ground import SECRET_FEED, left, lived, tables_of_members, whose
from tests.pilot import Pilot, World


async def exported(world: World, pilot: Pilot) -> dict[str, str]:
    await pilot.says("/coach export")
    assert len(pilot.answer.splitlines()) == 1
    await world.coach.rounds.tick(world.clock())
    [file] = pilot.delivered()[-1][1].files
    assert (file.kind, file.name) == ("application/zip", f"preceptor-{world.clock():%Y-%m-%d}.zip")
    assert len(file.content) < 20_000
    with zipfile.ZipFile(io.BytesIO(file.content)) as pack:
        assert pack.testzip() is None
        return {name: pack.read(name).decode("utf-8-sig") for name in pack.namelist()}


def test_what_belongs_to_a_member_is_told_by_the_tables() -> None:
    known = {table.name for table in tables_of_members()}
    assert {"member", "goal", "step", "checkin_goal", "member_key", "feed", "shift"} <= known
    everyones = {table.name for table in SQLModel.metadata.sorted_tables} - known
    assert everyones == {
        "common_key", "guard_count", "inbound", "lane", "local_clock", "local_post", "local_read",
        "local_room", "local_seat", "last_number",
        "team_book", "match_round", "circle", "circle_session", "round_draft",
    }  # fmt: skip
    sealed = {
        table.name
        for table in tables_of_members()
        if "sealed" in table.c and f"{table.name}.sealed" not in rights.LEFT_OUT
    }
    assert sealed == rights.PLACES.keys()  # each can be opened


# To know


async def test_privacy_says_what_the_code_does(amina: Pilot) -> None:
    await amina.says("/coach privacy")
    for fact in ("400 days", "190", "30 after", "90", "fewer than 8"):
        assert fact in amina.answer
    assert [each.label for each in amina.replies[-1].messages[-1].buttons] == [
        "Export", "Forget me", "Help now", "Home",
    ]  # fmt: skip
    await amina.presses("Help now")
    assert "call" in amina.answer


async def test_what_privacy_calls_sealed_is_nowhere_in_the_file(
    world: World, amina: Pilot, url: str
) -> None:
    await lived(world)
    world.close()
    file = Path(url.removeprefix("sqlite:///"))
    stored = b"".join(each.read_bytes() for each in file.parent.glob(f"{file.name}*"))
    for sealed in (
        b"Pass the boards", b"my rota changed", b"Book the exam", b"phq2-amina", b"walk-amina",
        b'burnout":', SECRET_FEED.encode(), b"nights", b"about-amina", b"apart-amina",
        b"hope-amina", b"aims-amina", b"agenda-amina", b"themes-amina",
    ):  # fmt: skip
        assert sealed not in stored
    for plain in (b"amina", "résidente".encode(), b"Europe/London"):
        assert plain in stored


# To have


@pytest.mark.parametrize("kind", ["sqlite", "postgres"])
async def test_an_export_holds_all_of_one_member_and_nothing_of_another(
    world: World,
) -> None:
    amina = await lived(world)
    files = await exported(world, amina)
    assert list(files) == [
        "README.txt", "checkins.csv", "everything.json", "goals.csv", "goals.md", "pulses.csv",
        "reviews.ics",
    ]  # fmt: skip
    told = json.loads(files["everything.json"])
    counts = await world.coach.database.run(lambda db: left(db, whose(db, "amina")))
    del counts["member_key"]
    counts["delivery"] += 1  # the export itself, which is gone now
    assert {name: len(rows) for name, rows in told.items()} == counts
    assert all(counts[name] for name in rights.PLACES), counts
    assert all("sealed" not in row for rows in told.values() for row in rows)
    assert [each["told"] for each in told["assessment"]] == [
        {"instrument": "phq2-amina", "answers": {"one": 1}}
    ]
    assert "labels" not in told["feed"][0]  # hashes, which say nothing without the rota
    assert told["private"][0]["told"]["counted"] is True
    everything = "".join(files.values())
    for other in ("daniel", "Daniel", "rosa", "Lead a team", SECRET_FEED):
        assert other not in everything
    for name, text in files.items():
        if name != "README.txt":
            assert name in files["README.txt"], name
        assert text
    assert "address of your rota" in files["README.txt"]


async def test_the_tables_the_goals_and_the_calendar_can_be_read(world: World) -> None:
    amina = await lived(world)
    files = await exported(world, amina)
    goals = list(csv.DictReader(io.StringIO(files["goals.csv"])))
    assert [each["number"] for each in goals][:3] == ["1", "2", "3"]
    assert goals[0]["title"] == "Pass the boards"
    assert goals[0]["due"] == "2027-06-30"
    first, *_ = csv.DictReader(io.StringIO(files["checkins.csv"]))
    assert (first["day"], first["goals"][:8]) == ("2027-01-04", "1: on_tr")
    assert first["obstacle"] == "nights\nand “days”"
    *_, pulse = csv.DictReader(io.StringIO(files["pulses.csv"]))
    assert (pulse["burnout"], pulse["energy"], pulse["driver"]) == ("3", "1", "")
    readable = files["goals.md"]
    assert "# 1. Pass the boards\n\nOpen, by 30 June 2027" in readable
    assert "1. Book the exam, by 1 March 2027" in readable
    assert "- If I finish sign-out, then I open the draft" in readable
    assert "let go: my rota changed" in readable
    events = Calendar.from_ical(files["reviews.ics"]).walk("VEVENT")
    starts = [each.decoded("dtstart") for each in events]
    now = world.clock()
    assert now < min(starts) <= max(starts) < now + timedelta(days=183)
    assert {each.utcoffset() for each in starts} == {timedelta()}
    assert len({str(each["uid"]) for each in events}) == len(events) > 15
    assert {str(each["summary"]) for each in events} == {
        "Check-in with your coach",
        "Goal review with your coach",
    }
    # The wall clock is kept: eight thirty in London is an hour earlier in UTC from April on.
    assert {each.strftime("%H:%M") for each in starts} >= {"08:30", "07:30"}


async def test_the_same_rows_give_the_same_bytes_and_one_export_at_a_time(world: World) -> None:
    amina = await lived(world)
    await amina.says("/coach export")
    await amina.says("/coach export")
    before = len(amina.delivered())
    await world.coach.rounds.tick(world.clock())
    assert len(amina.delivered()) == before + 1
    await exported(world, amina)
    one, two = (each[1].files[0].content for each in amina.delivered()[-2:])
    changed = [
        name
        for name in zipfile.ZipFile(io.BytesIO(one)).namelist()
        if zipfile.ZipFile(io.BytesIO(one)).read(name)
        != zipfile.ZipFile(io.BytesIO(two)).read(name)
    ]
    assert changed in ([], ["everything.json"])  # the delivery itself has another number
    is_export = col(Delivery.occasion) == "rights.export"
    count = select(func.count()).select_from(table_of(Delivery)).where(is_export)
    found = await world.coach.database.run(lambda db: db.connection().execute(count).scalar_one())
    assert found == 0  # no row tells that there was one


async def test_who_has_told_nothing_and_is_silent_gets_files_too(
    world: World, amina: Pilot
) -> None:
    await amina.says("/coach pause")
    files = await exported(world, amina)
    assert files["goals.md"] == "There is no goal yet.\n"
    assert Calendar.from_ical(files["reviews.ics"]).walk("VEVENT") == []
    [member] = json.loads(files["everything.json"])["member"]
    assert member["user"] == "amina"
