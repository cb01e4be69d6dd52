"""What happens to circles: people come, go and look after them, and what is promised for that.

What a circle is promised stands under its reference, "12" or "12:3" or "12:3:close": circle,
session, step. Posts in its channel hang on whoever looks after it, and are passed on when they go.
"""

from collections.abc import Collection, Iterable
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, String, cast, or_, update
from sqlmodel import Session, col, select

from bot.models import (
    Circle,
    CircleSeat,
    CircleState,
    Delivery,
    Member,
    SeatState,
)
from bot.models.base import table_of
from bot.store import deliveries, seats, sessions
from bot.store.deliveries import ROOM, WAITING

#: People of a circle: with fewer than these it does not begin, and with more nobody is heard.
FEWEST, MOST = 5, 8
#: With fewer than these left, whoever looks after it is asked what to do.
FEW = 4

# Errands and posts in the channel.
OPEN, INVITE, AGREEMENT = f"{ROOM}open", f"{ROOM}invite", f"{ROOM}agreement"
DISMISS, FAREWELL, ARCHIVE = f"{ROOM}dismiss", f"{ROOM}farewell", f"{ROOM}archive"
HOUR, AGENDA, OPENING, STEP = f"{ROOM}hour", f"{ROOM}agenda", f"{ROOM}opening", f"{ROOM}step"
THREAD, ENDED, THEMES = f"{ROOM}thread", f"{ROOM}ended", f"{ROOM}themes"
HALFWAY_TOLD, FINISH = f"{ROOM}halfway", f"{ROOM}finish"
# Words to one person.
INVITED, FORMED, STILL_WAITING = "circles.invited", "circles.formed", "circles.still_waiting"
READY, HOST, FEW_LEFT = "circles.ready", "circles.host", "circles.few_left"
KEPT_OUT, GUEST, LOST = "circles.kept_out", "circles.guest", "circles.lost"
GATHERING, ROLE, SCRIBE = "circles.gathering", "circles.role", "circles.scribe"
ABSENT, HALFWAY, BOOSTER = "circles.absent", "circles.halfway", "circles.booster"
#: What belongs to one session, and goes when it gets another hour.
OF_SESSION = (AGENDA, OPENING, STEP, THREAD, ENDED, HALFWAY_TOLD, FINISH, ROLE, HALFWAY)
#: Whoever founded a circle hears after this how many have come.
GATHERS = timedelta(days=7)

_TABLE = table_of(Delivery)
#: What was taken back lets go of its key, so that the same may be promised anew at once.
_GONE = _TABLE.c.key.concat(":").concat(cast(_TABLE.c.id, String))


def promise(
    db: Session,
    member: Member,
    occasion: str,
    ref: str,
    due_at: datetime,
    now: datetime,
    *,
    once: bool = False,
) -> None:
    """Promise something for a circle; `once` means that it never is again, whatever comes."""
    key = f"{occasion}:{ref}:{member.key}"
    if not once:
        key = f"{key}:{now:%Y%m%d%H%M%S%f}"
    deliveries.promise(db, member, occasion, key, due_at, ref)


def _about(refs: Iterable[str]) -> ColumnElement[bool]:
    return or_(
        *(which for ref in refs for which in (_TABLE.c.ref == ref, _TABLE.c.ref.like(f"{ref}:%")))
    )


def withdraw(
    db: Session, circle_id: int, occasions: Collection[str], numbers: Iterable[int] | None = None
) -> None:
    """Take back what a circle was promised: all of it, or what belongs to some sessions."""
    refs = [str(circle_id)] if numbers is None else [f"{circle_id}:{n}" for n in numbers]
    if not refs:
        return
    theirs = select(CircleSeat.member_id).where(CircleSeat.circle_id == circle_id)
    db.connection().execute(
        update(_TABLE)
        .where(
            _TABLE.c.member_id.in_(theirs),
            _TABLE.c.occasion.in_(occasions),
            _about(refs),
            WAITING,
        )
        .values(state="dropped", reason="circle_changed", key=_GONE)
    )


def pass_on(db: Session, circle_id: int, before: Member, after: Member) -> None:
    """Hang what is still to come in a channel on somebody else, since its bearer goes."""
    db.connection().execute(
        update(_TABLE)
        .where(
            _TABLE.c.member_id == before.key,
            _TABLE.c.occasion.like(f"{ROOM}%"),
            _about([str(circle_id)]),
            WAITING,
        )
        .values(member_id=after.key)
    )


def is_promised(db: Session, circle: Circle, occasion: str) -> bool:
    """Tell whether something for a circle is on its way."""
    theirs = select(CircleSeat.member_id).where(CircleSeat.circle_id == circle.key)
    rows = select(Delivery.id).where(
        col(Delivery.member_id).in_(theirs),
        Delivery.occasion == occasion,
        _about([str(circle.key)]),
        WAITING,
    )
    return db.exec(rows.limit(1)).first() is not None


def bearer(db: Session, circle: Circle) -> Member | None:
    """Find on whom what is done in a channel hangs: whoever looks after it, else anybody of it."""
    there = seats.people(db, circle.key) or seats.everyone(db, circle.key)
    return next((each for each in there if each.key == circle.host_id), next(iter(there), None))


def in_room(db: Session, circle: Circle, occasion: str, now: datetime, ref: str = "") -> None:
    """Promise something in a circle's channel, at once."""
    if (who := bearer(db, circle)) is not None:
        promise(db, who, occasion, ref or str(circle.key), now, now)


def to_host(db: Session, circle: Circle, occasion: str, now: datetime, ref: str = "") -> None:
    """Promise a word to whoever looks after a circle, at once."""
    look_after(db, circle, now)
    if circle.host_id is not None:
        host = db.get_one(Member, circle.host_id)
        promise(db, host, occasion, ref or str(circle.key), now, now)


# Coming


def sit(db: Session, circle: Circle, member: Member, now: datetime) -> None:
    """Give somebody a seat; with the fifth a circle that gathers begins."""
    seats.place(db, circle.key, member.key, SeatState.IN, now)
    seats.stop_waiting(db, member.key)
    if circle.state == CircleState.RUNNING:
        if circle.room:
            in_room(db, circle, INVITE, now)
    elif len(seats.seats(db, circle.key)) >= FEWEST:
        begin(db, circle, now)
        to_host(db, circle, READY, now)


def begin(db: Session, circle: Circle, now: datetime) -> None:
    """Let a circle run: its channel is to be made."""
    circle.state = CircleState.RUNNING
    in_room(db, circle, OPEN, now)


# Going


def leave(db: Session, circle: Circle, member: Member, now: datetime) -> None:
    """Let somebody go: what hung on them is passed on, and nobody is told why."""
    db.flush()
    seat = seats.place(db, circle.key, member.key, SeatState.LEFT, now)
    sessions.drop_vote(db, circle.key, member.key)
    _withdraw_own(db, circle.key, member)
    left = seats.people(db, circle.key)
    if not left:
        close(db, circle, now, archive=True)
        return
    if circle.host_id == member.key:
        hand_over(db, circle, now)
    heir = next((each for each in left if each.key == circle.host_id), left[0])
    pass_on(db, circle.key, member, heir)
    if circle.room and circle.lost_at is None and not seat.kept_out:
        # Held in the reference only until it is done: the person may be forgotten meanwhile.
        promise(db, heir, DISMISS, f"{circle.key}:{member.user}", now, now)
    if circle.state == CircleState.RUNNING and len(left) == FEW - 1:
        to_host(db, circle, FEW_LEFT, now)


def _withdraw_own(db: Session, circle_id: int, member: Member) -> None:
    db.connection().execute(
        update(_TABLE)
        .where(
            _TABLE.c.member_id == member.key,
            _TABLE.c.occasion.like("circles.%"),
            _about([str(circle_id)]),
            WAITING,
        )
        .values(state="dropped", reason="circle_left", key=_GONE)
    )


def dismissed(db: Session, delivery: Delivery) -> None:
    """Forget the name of who was let out of a channel."""
    ref = delivery.ref.partition(":")[0]
    key = f"{DISMISS}:{ref}:{delivery.id}"
    db.connection().execute(
        update(_TABLE).where(_TABLE.c.id == delivery.id).values(ref=ref, key=key)
    )


def look_after(db: Session, circle: Circle, now: datetime) -> None:
    """See to it that somebody who can be reached looks after a circle."""
    if circle.state == CircleState.CLOSED:
        return
    host = None if circle.host_id is None else db.get(Member, circle.host_id)
    if host is None or host.unreachable_since or not seats.is_in(db, circle.key, host.key):
        hand_over(db, circle, now)


def hand_over(db: Session, circle: Circle, now: datetime) -> None:
    """Let whoever sits longest look after a circle, and tell them; nobody is told why."""
    kept_out = {each.member_id for each in seats.seats(db, circle.key) if each.kept_out}
    others = [
        each
        for each in seats.people(db, circle.key)
        if each.key != circle.host_id
        and each.unreachable_since is None
        and each.key not in kept_out
    ]
    if others:
        circle.host_id = others[0].key
        db.flush()
        promise(db, others[0], HOST, str(circle.key), now, now)


def close(
    db: Session, circle: Circle, now: datetime, *, archive: bool, farewell: bool = False
) -> None:
    """End a circle: its seats are free, and nothing more is said for it but a farewell."""
    who = bearer(db, circle)
    circle.state, circle.closed_at = CircleState.CLOSED, now
    of_circle = [OPEN, INVITE, AGREEMENT, HOUR, THEMES, INVITED, FORMED, READY, HOST, FEW_LEFT]
    of_circle += [GUEST, LOST, GATHERING, KEPT_OUT, SCRIBE, ABSENT]
    withdraw(db, circle.key, [*of_circle, *OF_SESSION])
    _free(db, circle.key, now)
    if who is None or not circle.room or circle.lost_at is not None:
        return
    if farewell:
        promise(db, who, FAREWELL, str(circle.key), now, now)
    if archive:
        # The farewell is read first.
        later = now + timedelta(minutes=5) if farewell else now
        promise(db, who, ARCHIVE, str(circle.key), later, now)


def _free(db: Session, circle_id: int, now: datetime) -> None:
    for before, after in ((SeatState.IN, SeatState.LEFT), (SeatState.INVITED, SeatState.DECLINED)):
        for seat in seats.seats(db, circle_id, before):
            seat.state, seat.since = after, now
    db.flush()


def finish(db: Session, circle: Circle, boosters: Iterable[datetime], now: datetime) -> None:
    """End a circle whose sessions are over; each of it is promised a word some months later."""
    there = seats.people(db, circle.key)
    circle.state, circle.closed_at = CircleState.CLOSED, now
    _free(db, circle.key, now)
    for number, due_at in enumerate(boosters):
        for member in there:
            promise(db, member, BOOSTER, f"{circle.key}:{number}", due_at, now, once=True)


def part(db: Session, member: Member, now: datetime) -> None:
    """See to a member's circles before they are forgotten: nothing of theirs is left half done."""
    mine = seats.of(db, member.key)
    if mine is not None:
        leave(db, mine, member, now)
    db.flush()
    hanging = select(Delivery.ref).where(
        Delivery.member_id == member.key, col(Delivery.occasion).like(f"{ROOM}%"), WAITING
    )
    for circle_id in {int(ref.partition(":")[0]) for ref in db.exec(hanging)}:
        others = [each for each in seats.everyone(db, circle_id) if each.key != member.key]
        if (heir := next(iter(others), None) or seats.neighbour(db, member)) is not None:
            pass_on(db, circle_id, member, heir)
    sessions.unassign(db, member.key)
