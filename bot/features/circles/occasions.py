"""When somebody is written to about a circle: lightly, so never on shift or asleep."""

from collections.abc import Callable
from datetime import timedelta

from bot.chat.prompt import Prompt
from bot.domain.availability import Weight
from bot.domain.circles import Reason
from bot.engine import circles as engine
from bot.engine.hours import MOVES
from bot.engine.turn import Occasion, Turn, Withhold
from bot.features.circles.letters import (
    AbsentLetter,
    BoosterLetter,
    Choice,
    FewLeftLetter,
    FormedLetter,
    GatheringLetter,
    GuestLetter,
    HalfwayLetter,
    HostLetter,
    InvitedLetter,
    KeptOutLetter,
    LostLetter,
    ReadyLetter,
    RoleLetter,
    ScribeLetter,
    StillWaitingLetter,
)
from bot.features.circles.reading import duty_title, host_of, is_host, meets, names_of, unticked
from bot.models import Circle, CircleSession, CircleState, Delivery, SeatState
from bot.store import circles, invitations, seats, sessions

_OVER, _ANSWERED = "circle_over", "answered"
_DAY = timedelta(days=1)
Answer = Prompt | Withhold


def circle_of(turn: Turn, delivery: Delivery) -> Circle | None:
    """Find the circle that a delivery is about, as the time has left it."""
    number = delivery.ref.partition(":")[0]
    circle = seats.held(turn.db, int(number)) if number.isdigit() else None
    if circle is not None:
        engine.settle(turn.db, circle, turn.now)
    return circle


def session_of(turn: Turn, delivery: Delivery) -> CircleSession | None:
    """Find the session that a delivery is about."""
    circle_id, number, *_ = [*delivery.ref.split(":"), "", ""]
    if not number.isdigit():
        return None
    return sessions.numbered(turn.db, int(circle_id), int(number))


def _of_it(say: Callable[[Turn, Circle], Answer]) -> Callable[[Turn, Delivery, bool], Answer]:
    """Write to somebody who sits in a circle that goes on."""

    def compose(turn: Turn, delivery: Delivery, late: bool) -> Answer:  # noqa: ARG001 - the one signature of all occasions
        circle = circle_of(turn, delivery)
        if circle is None or circle.state == CircleState.CLOSED:
            return Withhold(_OVER)
        if not seats.is_in(turn.db, circle.key, turn.member.key):
            return Withhold("circle_left")
        return say(turn, circle)

    return compose


def _of_host(say: Callable[[Turn, Circle], Answer]) -> Callable[[Turn, Delivery, bool], Answer]:
    """Write to whoever looks after a circle that goes on."""

    def only_host(turn: Turn, circle: Circle) -> Answer:
        return say(turn, circle) if is_host(turn, circle) else Withhold("circle_changed")

    return _of_it(only_host)


def _of_session(
    say: Callable[[Turn, Circle, CircleSession], Answer],
) -> Callable[[Turn, Delivery, bool], Answer]:
    """Write to somebody about one session."""

    def compose(turn: Turn, delivery: Delivery, late: bool) -> Answer:
        session = session_of(turn, delivery)
        if session is None:
            return Withhold(_OVER)
        return _of_it(lambda turn, circle: say(turn, circle, session))(turn, delivery, late)

    return compose


def invited(turn: Turn, delivery: Delivery, late: bool) -> Answer:  # noqa: ARG001 - the one signature of all occasions
    """Ask somebody into a circle, unless they answered already."""
    circle = circle_of(turn, delivery)
    if circle is None or circle.state == CircleState.CLOSED:
        return Withhold(_OVER)
    if not invitations.is_open(turn.db, circle, turn.member):
        return Withhold(_ANSWERED)
    if not invitations.takes(turn.db, circle, turn.member):
        return Withhold("circle_changed")
    return InvitedLetter(
        circle_id=circle.key,
        name=circle.name,
        host=host_of(turn, circle),
        meets=meets(turn, circle.form, circle.length),
    )


def formed(turn: Turn, circle: Circle) -> Answer:
    """Tell somebody of the circle that was formed for them."""
    people = seats.people(turn.db, circle.key)
    return FormedLetter(
        name=circle.name,
        people=names_of(each for each in people if each.key != turn.member.key),
        host=host_of(turn, circle),
        is_host=is_host(turn, circle),
        meets=meets(turn, circle.form, circle.length),
    )


def still_waiting(turn: Turn, delivery: Delivery, late: bool) -> Answer:  # noqa: ARG001 - the one signature of all occasions
    """Tell somebody that there was no circle for them, and why."""
    if seats.wait_of(turn.db, turn.member.key) is None:
        return Withhold(_ANSWERED)
    reason = delivery.ref if delivery.ref in set(Reason) else Reason.FIT
    return StillWaitingLetter(reason=turn.words.short(f"circles.held_back.{reason}"))


def ready(turn: Turn, circle: Circle) -> Answer:
    """Tell whoever looks after a circle that it begins, and wants an hour."""
    if circle.rule:
        return Withhold(_ANSWERED)
    return ReadyLetter(name=circle.name, people=len(seats.seats(turn.db, circle.key)))


def gathering(turn: Turn, circle: Circle) -> Answer:
    """Tell whoever founded a circle that it is still too small."""
    if circle.state != CircleState.GATHERING:
        return Withhold(_ANSWERED)
    people = len(seats.seats(turn.db, circle.key))
    return GatheringLetter(
        circle_id=circle.key,
        name=circle.name,
        people=people,
        open=len(seats.seats(turn.db, circle.key, SeatState.INVITED)),
        needed=circles.FEWEST - people,
    )


def host(turn: Turn, circle: Circle) -> Answer:  # noqa: ARG001 - the one signature of these
    """Tell somebody that they look after the circle now."""
    return HostLetter(name=circle.name, scheduled=bool(circle.rule))


def few_left(turn: Turn, circle: Circle) -> Answer:
    """Ask whoever looks after a circle that has become small: invite, or close kindly?"""
    people = len(seats.seats(turn.db, circle.key))
    if people >= circles.FEW:
        return Withhold(_ANSWERED)
    return FewLeftLetter(circle_id=circle.key, name=circle.name, people=people)


def kept_out(turn: Turn, circle: Circle) -> Answer:
    """Tell somebody that the platform did not let them into the channel."""
    seat = seats.seat(turn.db, circle.key, turn.member.key)
    if seat is None or not seat.kept_out:
        return Withhold(_ANSWERED)
    return KeptOutLetter(circle_id=circle.key, name=circle.name, host=host_of(turn, circle))


def guest(turn: Turn, circle: Circle) -> Answer:
    """Tell whoever looks after a circle who could not be let in."""
    out = {each.member_id for each in seats.seats(turn.db, circle.key) if each.kept_out}
    people = [each for each in seats.people(turn.db, circle.key) if each.key in out]
    if not people:
        return Withhold(_ANSWERED)
    return GuestLetter(name=circle.name, people=names_of(people))


def lost(turn: Turn, circle: Circle) -> Answer:  # noqa: ARG001 - the one signature of these
    """Tell whoever looks after a circle that its channel is gone."""
    if circle.lost_at is None:
        return Withhold(_ANSWERED)
    return LostLetter(circle_id=circle.key, name=circle.name, was_there=bool(circle.room))


def role(turn: Turn, circle: Circle, session: CircleSession) -> Answer:
    """Tell somebody that a role came to them."""
    title, does = duty_title(turn, circle, session)
    if not title or session.starts_at <= turn.now:
        return Withhold("circle_changed")
    return RoleLetter(
        name=circle.name,
        number=session.number,
        at=turn.at(session.starts_at),
        duty=title,
        does=tuple(map(unticked, does)),
    )


def scribe(turn: Turn, circle: Circle, session: CircleSession) -> Answer:
    """Ask whoever wrote down themes for them, unless somebody has handed them in."""
    if sessions.is_noted(turn.db, session.key):
        return Withhold(_ANSWERED)
    title = engine.plan_of(circle, session).title
    return ScribeLetter(session_id=session.key, number=session.number, title=title)


def absent(turn: Turn, circle: Circle, session: CircleSession) -> Answer:
    """Write once, kindly, to somebody who seems to have missed two sessions in a row."""
    seat = seats.seat(turn.db, circle.key, turn.member.key)
    if seat is None or seat.asked_at is not None:
        return Withhold(_ANSWERED)
    before = sessions.numbered(turn.db, circle.key, session.number - 1)
    if before is None or before.starts_at <= seat.since:
        return Withhold(_ANSWERED)
    if not all(sessions.seems_missed(turn.db, each, seat.member_id) for each in (before, session)):
        return Withhold(_ANSWERED)
    seat.asked_at = turn.now
    return AbsentLetter(name=circle.name)


def halfway(turn: Turn, circle: Circle) -> Answer:  # noqa: ARG001 - the one signature of these
    """Ask somebody halfway: keep, change, or stop?"""
    asked = engine.programme().halfway
    choices = tuple(Choice(id=each.id, label=each.label, text=each.text) for each in asked.asks)
    return HalfwayLetter(circle_id=circle.key, name=circle.name, choices=choices)


def booster(turn: Turn, delivery: Delivery, late: bool) -> Answer:  # noqa: ARG001 - the one signature of all occasions
    """Some months later: what lasted?"""
    circle_id, _, number = delivery.ref.partition(":")
    circle, known = seats.circle(turn.db, int(circle_id)), engine.programme().boosters
    if circle is None or not number.isdigit() or int(number) >= len(known):
        return Withhold(_OVER)
    found = known[int(number)]
    return BoosterLetter(
        name=circle.name,
        title=found.title,
        why=found.why,
        prompts=found.prompts,
        action=found.action,
    )


def again(turn: Turn, delivery: Delivery, reason: str) -> None:
    """Promise once more what nights or leave held back for days: nobody is left out for them."""
    number, member = delivery.ref, turn.member
    seat = seats.seat(turn.db, int(number), member.key) if number.isdigit() else None
    if reason in MOVES and seat is not None and seat.state in {SeatState.IN, SeatState.INVITED}:
        later = turn.now + _DAY
        circles.promise(turn.db, member, delivery.occasion, number, later, later)


def _light(
    name: str,
    compose: Callable[[Turn, Delivery, bool], Answer],
    stale_after: timedelta = 7 * _DAY,
    *,
    private: bool = False,
) -> Occasion:
    return Occasion(
        name=name,
        compose=compose,
        stale_after=stale_after,
        late_after=stale_after,
        weight=Weight.LIGHT,
        private=private,
        left_out=None if private else again,
    )


OCCASIONS = (
    _light(circles.INVITED, invited),
    _light(circles.FORMED, _of_it(formed)),
    _light(circles.STILL_WAITING, still_waiting),
    _light(circles.READY, _of_host(ready)),
    _light(circles.GATHERING, _of_host(gathering)),
    _light(circles.HOST, _of_host(host)),
    _light(circles.FEW_LEFT, _of_host(few_left)),
    _light(circles.KEPT_OUT, _of_it(kept_out)),
    _light(circles.GUEST, _of_host(guest)),
    _light(circles.LOST, _of_host(lost)),
    _light(circles.ROLE, _of_session(role), _DAY),
    _light(circles.SCRIBE, _of_session(scribe), 3 * _DAY),
    # Whether somebody was away is nobody's business: no row of it is left.
    _light(circles.ABSENT, _of_session(absent), 3 * _DAY, private=True),
    _light(circles.HALFWAY, _of_it(halfway), 3 * _DAY),
    _light(circles.BOOSTER, booster),
)
