"""What the tests of members' rights need: members with rows in every table, and counts of them."""

from datetime import date, timedelta
from typing import Any

from sqlalchemy import func, select
from sqlmodel import Session, SQLModel, col

from bot.domain.cells import Cohort, Ledger
from bot.domain.shifts import Shift, ShiftKind
from bot.models import Feed, Member
from bot.store import private, rights, shifts, teams, wellbeing
from bot.store.private import Own
from bot.store.teams import Book, Place
from bot.store.vault import vault_of
from bot.store.wellbeing import Noted, Taken
from tests.features.rights_together import plant_together
from tests.pilot import Pilot, World, at
from tests.store.copies import live

NEVER = at("2100-01-01 00:00")
SECRET_FEED = "https://rota.example/amina-secret.ics"


def plant(db: Session) -> None:
    """Give every member rows in each table of their own, with words that tell whose they are."""
    now = at("2027-02-10 12:00")
    everyone = {each.user: each for each in db.exec(select(Member)).scalars()}
    for member in everyone.values():
        key, name = member.key, member.user
        wellbeing.keep_taken(db, key, Taken(now, f"phq2-{name}", {"one": 1}))
        wellbeing.note(db, key, Noted(at=now, kind="idea", action=f"walk-{name}"))
        private.keep(db, key, Own(counted=True))
        shifts.add(db, key, [Shift(now, now + timedelta(hours=8), ShiftKind.NIGHT)])
        sealed = vault_of(db).seal(db, key, "feed", SECRET_FEED)
        db.add(Feed(member_id=key, sealed=sealed, next_at=NEVER, labels={f"N-{name}": "night"}))
        place = Place(member.platform, member.workspace)
        book = teams.hold(db, place, "burnout")
        cohort = Cohort(frozenset({"icu"}), 9)
        counted = {**book.ledger.member, key: 1}
        ledger = Ledger(through=date(2027, 1, 1), cohorts={1: cohort}, member=counted)
        teams.keep(db, place, "burnout", Book(ledger))
        other = everyone["daniel" if name == "rosa" else "rosa"]
        plant_together(db, member, other, now)


async def lived(world: World) -> Pilot:
    """Some weeks of amina, daniel and rosa; amina and daniel have told how they are."""
    await live(world)
    for name, zone in (("amina", "Europe/London"), ("daniel", "America/New_York")):
        pilot = world.member(name, zone)
        await pilot.says("/wellbeing")
        await pilot.fills(burnout="3", energy="1")
    await world.coach.database.run(plant)
    return world.member("amina", "Europe/London")


def tables_of_members() -> list[Any]:
    return [
        table for table in SQLModel.metadata.sorted_tables if rights.belonging(table, 1) is not None
    ]


def left(db: Session, member_id: int) -> dict[str, int]:
    """Count a member's rows in each table."""
    return {
        table.name: db.connection()
        .execute(select(func.count()).select_from(table).where(rights.belonging(table, member_id)))
        .scalar_one()
        for table in tables_of_members()
    }


def total(db: Session) -> dict[str, int]:
    return {
        table.name: db.connection().execute(select(func.count()).select_from(table)).scalar_one()
        for table in SQLModel.metadata.sorted_tables
    }


def whose(db: Session, name: str) -> int:
    rows = select(Member.id).where(col(Member.user) == name)
    return int(db.connection().execute(rows).scalar_one())
