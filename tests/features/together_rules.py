"""What must hold on every day, read from the rows by queries of its own."""

from collections import Counter, defaultdict
from datetime import datetime, timedelta
from itertools import combinations

from sqlmodel import Session, col, select

from bot.models import (
    Attendance,
    Circle,
    CircleSeat,
    CircleSession,
    Delivery,
    Member,
    MentorRequest,
    Mentorship,
    Profile,
)
from tests.features.together_living import parts
from tests.features.together_people import APART, LED, Person
from tests.pilot import World

#: What somebody has asked for by a press of their own: it comes at once.
ASKED_FOR = frozenset({"mentorship.calendar"})
_ALWAYS = timedelta(days=1000)
#: What is asked or said once about one thing, or again after so long: as agreed, when a mentorship
#: was made longer, after another session.
ONCE = {
    "mentor.asked_again": _ALWAYS,
    "round.reminder": _ALWAYS,
    "mentorship.unmet": _ALWAYS,
    "mentorship.silence": _ALWAYS,
    "mentorship.health": timedelta(days=55),
    "mentorship.ending": timedelta(days=80),
    "circles.absent": _ALWAYS,
    "circles.gathering": _ALWAYS,
    "circles.scribe": timedelta(days=10),
    "circles.halfway": _ALWAYS,
    "circles.booster": _ALWAYS,
}
#: What is of no use later: it waits for sleep and for silence that was asked for, not for work.
DUE = frozenset({"mentorship.invited", "mentorship.agenda_kept", "mentorship.proposed_soon"})
#: What tells that a mentorship is over.
AT_THE_END = frozenset({"mentorship.ended", "mentorship.over", "mentorship.parted"})
_BARRED = {frozenset(pair) for pair in (*APART, *LED)}


class Rules:
    """Looks at the rows each day, and at what was sent in the end."""

    def __init__(self, world: World, people: dict[str, Person]) -> None:
        self.world, self.people = world, people
        #: Mentee and mentor of each mentorship, by its number.
        self.pairs: dict[int, tuple[str, str]] = {}
        #: Who was in which circle, by its number; and what each circle is called.
        self.circles: dict[int, str] = {}
        self.forms: dict[int, str] = {}
        #: When a pair was over, somebody had left a circle, or was gone altogether.
        self.over: dict[int, datetime] = {}
        self.left: dict[tuple[int, str], datetime] = {}
        self.forgotten: dict[str, datetime] = {}
        #: When each session began.
        self.starts: dict[tuple[int, int], datetime] = {}
        self.days = 0

    def day(self, db: Session) -> None:
        """Look at one day."""
        now, self.days = self.world.clock(), self.days + 1
        names = {each.id: each.user for each in db.exec(select(Member))}
        self._pairs(db, names, now)
        self._circles(db, names, now)

    def _pairs(self, db: Session, names: dict[int | None, str], now: datetime) -> None:
        places = {each.member_id: each.capacity for each in db.exec(select(Profile))}
        load: Counter[int] = Counter()
        for pair in db.exec(select(Mentorship)):
            both = names[pair.member_id], names[pair.mentor_id]
            self.pairs[pair.key] = both
            if pair.ended_at is not None:
                self.over.setdefault(pair.key, pair.ended_at)
                continue
            assert frozenset(both) not in _BARRED, both
            load[pair.mentor_id] += 1
        for asked in db.exec(select(MentorRequest).where(MentorRequest.state == "open")):
            if asked.expires_at > now:
                load[asked.mentor_id] += 1
        for mentor, count in load.items():
            assert count <= places[mentor], (now, names[mentor], count)

    def _circles(self, db: Session, names: dict[int | None, str], now: datetime) -> None:
        seated: dict[int, list[str]] = defaultdict(list)
        for seat in db.exec(select(CircleSeat)):
            who = names[seat.member_id]
            if seat.state == "in":
                seated[seat.circle_id].append(who)
                self.left.pop((seat.circle_id, who), None)
            elif seat.state == "left":
                self.left.setdefault((seat.circle_id, who), seat.since)
        twice = Counter(who for there in seated.values() for who in there)
        assert not [who for who, count in twice.items() if count > 1]
        for circle in db.exec(select(Circle)):
            there = seated[circle.key]
            self.circles[circle.key], self.forms[circle.key] = circle.name, circle.form
            assert not [each for each in combinations(there, 2) if frozenset(each) in _BARRED]
            assert not (there and circle.state == "closed"), circle.name
            assert len(there) <= 8, (circle.name, there)
            if circle.state == "running" and len(there) < 4:
                few = select(Delivery).where(Delivery.occasion == "circles.few_left")
                asked = db.exec(few.where(Delivery.ref == str(circle.key))).all()
                assert asked, (now, circle.name, there)
        for session in db.exec(select(CircleSession)):
            self.starts[session.circle_id, session.number] = session.starts_at
            if now - timedelta(days=1) < session.starts_at <= now:
                said = select(Attendance).where(
                    Attendance.session_id == session.key, Attendance.presence == "not_coming"
                )
                away = {names[each.member_id] for each in db.exec(said)}
                coming = set(seated[session.circle_id]) - away - _unreachable(db, session)
                self._roles(session, [names[each] for each in _roles(session)], coming)

    def _roles(self, session: CircleSession, roles: list[str], coming: set[str]) -> None:
        assert set(roles) <= coming, (session.circle_id, session.number, roles, coming)
        # With fewer than four coming, somebody has two of the four.
        assert len(set(roles)) == min(4, len(coming)), (session.number, roles, coming)

    # In the end

    def letters(self) -> list[str]:
        """Look at what was sent to each; say what should not have been."""
        sent = self.world.outbox.sent
        posts = [post for each in self.world.outbox.rooms.channels.values() for post in each.posts]
        keys = Counter([*(key for *_, key in sent), *(post.key for post in posts)])
        found = [f"{key} came {count} times" for key, count in keys.items() if count > 1]
        asked: dict[tuple[str, str, str], datetime] = {}
        for moment, to, message, key in sent:
            occasion, about = parts(key)
            for name, gone in self.forgotten.items():
                if moment > gone and name.capitalize() in message.text:
                    found.append(f"{moment:%a %d %b %H:%M} {key} to {to.user} names {name}")
            if to.user in self.people:
                why = self.people[to.user].forbidden(moment, due=occasion in DUE)
                why = "" if occasion in ASKED_FOR else why
                why = why or self._unheard(moment, to.user, occasion, about)
                if why:
                    found.append(f"{moment:%a %d %b %H:%M} {key} to {to.user}: {why}")
            if occasion in ONCE:
                which = occasion, about[0], to.user
                last, asked[which] = asked.get(which), moment
                if last is not None and moment - last < ONCE[occasion]:
                    found.append(f"{moment:%a %d %b %H:%M} {key} to {to.user}: was asked {last}")
        return found

    def _unheard(self, moment: datetime, who: str, occasion: str, about: list[str]) -> str:
        """Say why somebody has nothing to do with a thing any more."""
        number = int(about[0]) if about[0].isdigit() else 0
        gone = self.forgotten.get(who)
        if gone is not None and moment > gone:
            return "the coach has forgotten them"
        over = self.over.get(number)
        if occasion.startswith("mentorship.") and occasion not in AT_THE_END:
            return "" if over is None or moment <= over else "it is over"
        left = self.left.get((number, who))
        if occasion.startswith("circles.") and occasion != "circles.booster":
            return "" if left is None or moment <= left else "they have left the circle"
        return ""

    def posts(self) -> list[str]:
        """Look at when something was posted in a channel; say what came at another hour."""
        found = []
        for channel in self.world.outbox.rooms.channels.values():
            for post in channel.posts:
                occasion, about = parts(post.key)
                if occasion in _HOURS:
                    late = post.at - self.starts[int(about[0]), int(about[1])]
                    least, most = _hours(occasion, self.forms[int(about[0])])
                    if post.at - channel.posts[0].at < _MINUTE:
                        most = timedelta(0)  # again, in a channel that was made anew
                    if not least <= late <= most:
                        found.append(f"{post.at:%a %d %b %H:%M} {post.key}: {late} after it began")
        return found


_MINUTE, _HOUR, _DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
#: How long before or after the beginning of its session something may be posted. A day on a wall
#: has an hour more or less when the clocks change; a light session takes half an hour.
_HOURS = {
    "room.agenda": (-_DAY - _HOUR, -_DAY + _HOUR),
    "room.opening": (timedelta(0), _MINUTE),
    "room.step": (timedelta(0), _HOUR),
    "room.thread": (timedelta(0), 2 * _DAY),
    "room.ended": (30 * _MINUTE, _HOUR),
    "room.halfway": (5 * _DAY + 30 * _MINUTE, 5 * _DAY + _HOUR),
    "room.finish": (7 * _DAY + 30 * _MINUTE, 7 * _DAY + _HOUR),
}


def _hours(occasion: str, form: str) -> tuple[timedelta, timedelta]:
    least, most = _HOURS[occasion]
    if form == "async" and occasion in {"room.ended", "room.halfway", "room.finish"}:
        return most - _HOUR + 2 * _DAY, most - _HOUR + 2 * _DAY + _MINUTE
    return least, most


def _unreachable(db: Session, session: CircleSession) -> set[str]:
    """Name whose account was known to be closed when a session began."""
    rows = select(Member).where(col(Member.unreachable_since) <= session.starts_at)
    return {each.user for each in db.exec(rows)}


def _roles(session: CircleSession) -> list[int]:
    held = (session.host_id, session.timekeeper_id, session.scribe_id, session.care_id)
    return [each for each in held if each is not None]
