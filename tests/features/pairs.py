"""What tests of mentorships share: two people who are a pair, and files as calendars read them."""

from typing import Any

from icalendar import Calendar
from sqlmodel import Session, select

from bot.engine import mentorships as engine
from bot.models import Delivery, Member, Mentorship
from tests.pilot import Pilot, World


async def paired(world: World, mentee: Pilot, mentor: Pilot, *, round_id: int | None = None) -> int:
    """Let two people come in, and be a pair from this moment on."""
    for each in (mentee, mentor):
        await each.says("/coach help")

    def begin(db: Session) -> int:
        found = [_member(db, each) for each in (mentee, mentor)]
        return engine.begin(db, *found, world.clock(), round_id=round_id).key

    return await world.coach.database.run(begin)


def _member(db: Session, pilot: Pilot) -> Member:
    return db.exec(select(Member).where(Member.user == pilot.actor.user)).one()


async def row(world: World, key: int) -> dict[str, Any]:
    """Read a mentorship's open columns."""
    found = await world.coach.database.run(lambda db: db.get_one(Mentorship, key).model_dump())
    return dict(found)


async def waiting(world: World, pilot: Pilot) -> list[str]:
    """Name what a member is still promised about mentorships."""

    def read(db: Session) -> list[str]:
        rows = db.exec(
            select(Delivery.occasion)
            .join(Member)
            .where(Member.user == pilot.actor.user, Delivery.state == "waiting")
            .order_by(Delivery.due_at)
        )
        return [each for each in rows if each.startswith("mentorship.")]

    return await world.coach.database.run(read)


def invitations(pilot: Pilot) -> list[Any]:
    """Read the calendar files that a member got, each as its one event with its method."""
    found = []
    for _, message, _ in pilot.delivered():
        for file in message.files:
            whole = Calendar.from_ical(file.content)
            [event] = whole.walk("VEVENT")
            event["method"] = whole["METHOD"]
            found.append(event)
    return found


def about(pilot: Pilot, words: str) -> list[str]:
    """List what a member was sent that holds these words."""
    return [message.text for _, message, _ in pilot.delivered() if words in message.text]
