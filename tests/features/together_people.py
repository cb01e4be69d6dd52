"""Sixty people, their profiles and their rotas, as a test lays them and works hours out itself."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlmodel import Session

from bot.domain.mentoring import Aim, CareerStage, MeetingRhythm, Plan, Role, Tone
from bot.domain.shifts import ShiftKind
from bot.models import ShiftRow
from bot.store.profiles import Confidential
from tests.features.mentoring_ground import lay_member, lay_profile

MENTORS = (
    "aaron", "abena", "agata", "alistair", "anjali", "arturo", "beatrix", "bogdan", "carmen",
    "chidi", "dagmar", "delphine", "dmitri", "elif", "emeka", "esther", "farah", "felipe", "gwen",
    "hana", "hugo", "ilse",
)  # fmt: skip
BOTH = ("imran", "ingrid", "jakub", "jun")
MENTEES = (
    "kaito", "karin", "kwame", "lars", "layla", "leila", "liam", "linh", "luca", "mads", "maeve",
    "marek", "maria", "mei", "milan", "mina", "nadia", "naoki", "nils", "nina", "noor", "olga",
    "omar", "oskar", "paolo", "petra", "priya", "quentin", "rafael", "ronja", "samir", "sanna",
    "sven", "tamsin",
)  # fmt: skip
EVERYONE = (*MENTORS, *BOTH, *MENTEES)
#: Who does nothing after they have come into the round, and who only reads about circles.
SILENT = frozenset({"agata", "hugo", "liam", "quentin", "ronja"})
#: Who meets once, and then lets it go.
DRIFTING = frozenset({"lars", "milan", "oskar"})
#: Who must not meet: said in confidence by the first of the two.
APART = (
    ("kaito", "aaron"), ("kwame", "anjali"), ("linh", "maeve"), ("mads", "hana"),
    ("nadia", "nils"), ("priya", "paolo"), ("dagmar", "sanna"), ("gwen", "mei"),
)  # fmt: skip
#: By whom one is led or assessed.
LED = (("karin", "abena"), ("marek", "bogdan"), ("omar", "jun"), ("tamsin", "imran"))
ZONES = (
    "Europe/London", "America/New_York", "Europe/Prague", "Europe/London", "Africa/Nairobi",
    "Europe/Paris", "America/Sao_Paulo", "Europe/London", "America/Toronto", "Europe/Prague",
)  # fmt: skip
TOPICS = ("quality", "hard_talks", "exams", "statistics", "nights", "first_lead")
FIRST, LAST = date(2027, 1, 4), date(2027, 7, 25)
NIGHTS = ("abena", "chidi", "jakub", "kwame", "layla", "mads", "nina", "omar", "sanna")
EARLY = ("arturo", "esther", "maria", "priya")
DAYS = (
    "aaron", "anjali", "beatrix", "carmen", "elif", "felipe", "imran", "karin", "linh", "marek",
    "mei", "nils", "oskar", "petra", "rafael", "samir", "tamsin",
)  # fmt: skip
#: From one day to the next, both included.
LEAVE = {
    "aaron": (date(2027, 2, 13), date(2027, 2, 21)),
    "carmen": (date(2027, 1, 16), date(2027, 1, 31)),  # while the round is published
    "dmitri": (date(2027, 4, 1), date(2027, 4, 14)),
    "karin": (date(2027, 3, 6), date(2027, 3, 14)),
    "leila": (date(2027, 1, 18), date(2027, 2, 14)),  # four weeks, from that day on
    "nadia": (date(2027, 5, 1), date(2027, 5, 9)),
    "olga": (date(2027, 2, 20), date(2027, 3, 7)),
    "sven": (date(2027, 6, 5), date(2027, 6, 20)),
}


@dataclass(frozen=True, slots=True)
class Span:
    """A shift or a leave, by its ends and what it is."""

    start: datetime
    end: datetime
    kind: ShiftKind


@dataclass(slots=True)
class Person:
    """One of the sixty, and what a test knows of their hours."""

    name: str
    zone: ZoneInfo
    role: Role
    capacity: int = 1
    spans: list[Span] = field(default_factory=list)
    #: When they asked for silence.
    rests: list[tuple[datetime, datetime]] = field(default_factory=list)

    def wall(self, day: date, at: time) -> datetime:
        """Give a wall-clock time in UTC."""
        return datetime.combine(day, at, self.zone).astimezone(UTC)

    def works(self, day: date, start: time, end: time, kind: ShiftKind) -> None:
        """Put a shift on the rota; one that ends earlier than it starts ends the day after."""
        last = day + timedelta(days=end <= start)
        self.spans.append(Span(self.wall(day, start), self.wall(last, end), kind))

    def away(self, first: date, last: date) -> None:
        """Put a leave on the rota."""
        end = self.wall(last + timedelta(days=1), time())
        self.spans.append(Span(self.wall(first, time()), end, ShiftKind.LEAVE))

    def forbidden(self, moment: datetime, *, due: bool = False) -> str:
        """Say why nothing that was not asked for may come at a moment; "" if it may.

        What is `due` waits for sleep, and for the way home after a night.
        """
        if any(start <= moment < end for start, end in self.rests):
            return "rests"
        for span in self.spans:
            if why := self._asleep(span, moment) or ("" if due else self._at_work(span, moment)):
                return why
        hour = moment.astimezone(self.zone).hour
        return "" if 8 <= hour < 21 else "the middle of the night"

    def _asleep(self, span: Span, moment: datetime) -> str:
        half = timedelta(minutes=30)
        if span.kind is ShiftKind.NIGHT:
            sleeps = span.end - half <= moment < self._slept(span.end)
            return "on the way home from a night, or asleep after it" if sleeps else ""
        start = span.start.astimezone(self.zone)
        if span.kind is not ShiftKind.LEAVE and start.time() <= time(7, 30):
            evening = self.wall(start.date() - timedelta(days=1), time(20, 30))
            return "before an early shift" if evening <= moment < span.start else ""
        return ""

    def _at_work(self, span: Span, moment: datetime) -> str:
        half = timedelta(minutes=30)
        if span.kind is ShiftKind.LEAVE:
            return "on leave" if span.start <= moment < span.end else ""
        if span.start - half <= moment < span.end + half:
            return "on shift"
        if span.kind is ShiftKind.NIGHT and moment < span.start:
            nights = (each.end for each in self.spans if each.kind is ShiftKind.NIGHT)
            between = any(end <= moment and span.start - end <= timedelta(days=1) for end in nights)
            return "between two nights" if between else ""
        return ""

    def _slept(self, end: datetime) -> datetime:
        four = self.wall(end.astimezone(self.zone).date(), time(16))
        return max(end + timedelta(hours=9), four)


def days(first: date = FIRST, last: date = LAST) -> Iterator[date]:
    """Give all days of the story."""
    for number in range((last - first).days + 1):
        yield first + timedelta(days=number)


def _rota(person: Person) -> None:
    """Let somebody work: days, early days, or days with five nights of every four weeks."""
    if leave := LEAVE.get(person.name):
        person.away(*leave)
    off = set() if leave is None else set(days(*leave))
    shift = NIGHTS.index(person.name) * 7 if person.name in NIGHTS else 0
    for number, day in enumerate(days()):
        place = (number + shift) % 28
        if day in off:
            continue
        if person.name in NIGHTS and place < 7:
            if place < 5:
                person.works(day, time(20, 30), time(8, 30), ShiftKind.NIGHT)
        elif day.weekday() < 5 and person.name in (*NIGHTS, *DAYS):
            person.works(day, time(8), time(17), ShiftKind.DAY)
        elif day.weekday() < 5 and person.name in EARLY:
            person.works(day, time(7), time(15), ShiftKind.DAY)


def cast() -> dict[str, Person]:
    """Give the sixty by name."""
    found = {}
    for number, name in enumerate(EVERYONE):
        role = Role.MENTOR if name in MENTORS else Role.BOTH if name in BOTH else Role.MENTEE
        person = Person(name, ZoneInfo(ZONES[number % 10]), role, 1 + number % 2)
        _rota(person)
        found[name] = person
    return found


def lay(db: Session, people: dict[str, Person], now: datetime) -> None:
    """Lay all of them with their profiles and rotas."""
    for number, person in enumerate(people.values()):
        member = lay_member(db, person.name, now, person.zone.key)
        two = f"{TOPICS[number % 6]},{TOPICS[(number + 1) % 6]}"
        given: dict[str, Any] = {
            "offers": two,
            "seeks": two,
            "first": two,
            "tone": list(Tone)[number % 2],
            "plan": list(Plan)[number // 2 % 2],
            "aim": list(Aim)[number // 4 % 2],
            "rhythm": list(MeetingRhythm)[2 - (number % 3 == 0)],
            "stage": _stage(person.role, number),
            "capacity": person.capacity,
        }
        part = Confidential(
            not_with=tuple(other for one, other in APART if one == person.name),
            conflicts=tuple(other for one, other in LED if one == person.name),
        )
        lay_profile(db, member, person.role, now, part=part, **given)
        db.add_all(
            ShiftRow(member_id=member.key, starts_at=each.start, ends_at=each.end, kind=each.kind)
            for each in person.spans
        )


def _stage(role: Role, number: int) -> CareerStage:
    young = (CareerStage.EARLY_TRAINING, CareerStage.LATE_TRAINING, CareerStage.EARLY_CAREER)
    old = (CareerStage.MID_CAREER, CareerStage.SENIOR)
    return young[number % 3] if role is not Role.MENTOR else old[number % 2]
