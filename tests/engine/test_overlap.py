"""When members can meet is read from their rows: zone, quiet hours, and shifts far ahead."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from sqlmodel import Session

from bot.domain.free_hours import hours_of
from bot.domain.shifts import Shift, ShiftKind
from bot.engine.overlap import DAYS, masks, meeting_times, session_hour
from bot.models import Member
from bot.store import shifts
from bot.store.database import Database, connect
from tests.pilot import VAULT

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
#: A Monday, twenty past eight in the evening in London.
NOW = datetime(2027, 1, 4, 20, 20, tzinfo=UTC)
#: The first full hour after it.
START = NOW + timedelta(minutes=40)


@pytest.fixture
def database(url: str) -> Iterator[Database]:
    opened = connect(url, VAULT)
    yield opened
    opened.close()


def join(db: Session, user: str, zone: str = "Europe/London", quiet: str = "") -> Member:
    member = Member(
        platform="test", workspace="team", user=user, zone=zone, quiet_hours=quiet, joined_at=NOW
    )
    db.add(member)
    db.flush()
    return member


def works(db: Session, member: Member, day: int, kind: ShiftKind, first: int, hours: int) -> None:
    start = NOW.replace(hour=first, minute=0) + day * DAY
    shifts.add(db, member.key, [Shift(start, start + hours * HOUR, kind)])


def test_masks_know_zone_quiet_hours_and_shifts_four_weeks_ahead(database: Database) -> None:
    def ask(db: Session) -> None:
        ana, ben = join(db, "ana"), join(db, "ben", "Asia/Tokyo")
        cho = join(db, "cho", quiet="20:00-10:00")
        works(db, ana, 27, ShiftKind.DAY, 8, 10)
        found = masks(db, [ana, ben, cho], NOW)
        assert list(found) == [ana.key, ben.key, cho.key]
        first = {who: next(hours_of(bits)) for who, bits in found.items()}
        # From 21:00 on: seven in London, seven in Tokyo, ten for who asked for quiet till then.
        assert first == {ana.key: 10, ben.key: 1, cho.key: 13}
        days = [START + n * HOUR for n in hours_of(found[ana.key])]
        worked = (NOW + 27 * DAY).date()
        assert [each.hour for each in days if each.date() == worked] == [19, 20]
        assert {each.date() for each in days} == {
            (NOW + n * DAY).date() for n in range(1, DAYS + 1)
        }

    database.call(ask)


def test_shifts_just_before_and_after_a_stretch_bear_on_it(database: Database) -> None:
    def ask(db: Session) -> None:
        ana = join(db, "ana")
        works(db, ana, -1, ShiftKind.NIGHT, 20, 12)  # until Monday morning
        works(db, ana, 0, ShiftKind.NIGHT, 20, 12)  # tonight
        works(db, ana, 3, ShiftKind.DAY, 7, 8)  # early on the day after the stretch
        bits = masks(db, [ana], NOW, days=2)[ana.key]
        free = [START + n * HOUR for n in hours_of(bits)]
        # Asleep until five on Tuesday, and to bed early on Wednesday.
        assert [each.hour for each in free if each.day == 5] == [17, 18, 19, 20]
        assert [each.hour for each in free if each.day == 6] == list(range(7, 20))

    database.call(ask)


def test_between_gives_what_touches_a_stretch_and_nothing_else(database: Database) -> None:
    def ask(db: Session) -> None:
        ana, ben = join(db, "ana"), join(db, "ben")
        for day in (0, 1, 2, 3):
            works(db, ana, day, ShiftKind.DAY, 8, 8)
        first, last = NOW.replace(hour=15) + DAY, NOW.replace(hour=8, minute=0) + 3 * DAY
        found = shifts.between(db, [ana.key, ben.key], first, last)
        assert list(found) == [ana.key]
        assert [each.start.day for each in found[ana.key]] == [5, 6]
        assert shifts.between(db, [], first, last) == {}

    database.call(ask)


def test_times_for_two_are_free_for_both_and_on_full_hours_of_the_zone(database: Database) -> None:
    def ask(db: Session) -> None:
        ana, dev = join(db, "ana"), join(db, "dev", "Asia/Kolkata")
        works(db, ana, 1, ShiftKind.DAY, 8, 12)
        found = meeting_times(db, [ana, dev], NOW, zone="Asia/Kolkata")
        assert len(found) == 3
        # Tuesday is taken; half past five in the evening in Delhi is noon in London.
        assert [each.day for each in found] == [6, 7, 8]
        assert {each.minute for each in found} == {30}
        assert all(NOW < each < NOW + DAYS * DAY for each in found)

    database.call(ask)


def test_a_circle_hears_of_its_least_bad_hour(database: Database) -> None:
    def ask(db: Session) -> None:
        zones = ["Europe/London", "America/New_York", "Europe/Berlin", "Asia/Kolkata"]
        people = [join(db, zone, zone) for zone in zones]
        for day in range(7, 70, 14):
            works(db, people[0], day, ShiftKind.LEAVE, 0, 24)
        best = session_hour(db, people, NOW, zone="Europe/London")
        assert best.cannot == ()
        assert {*best.free, *best.strained} == {each.key for each in people}
        # Every second Monday somebody is on leave, so it is none of these.
        assert (best.moment.date() - NOW.date()).days != 7
        assert best.moment >= NOW

    database.call(ask)
