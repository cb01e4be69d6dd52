"""/circle start and join: found a circle, ask people in, say yes or not now, or wait for one."""

from typing import Annotated

from bot.chat.answers import Answers
from bot.chat.command import Arg
from bot.chat.message import Field, Form
from bot.chat.prompt import Prompt
from bot.domain.text import one_line
from bot.engine import circles as engine
from bot.engine.turn import Turn
from bot.errors import Refused
from bot.features.circles.group import circle_group
from bot.features.circles.guests import ask, guests_of
from bot.features.circles.prompts import CircleAwaited, CircleDeclined, CircleJoined
from bot.features.circles.reading import (
    host_of,
    meets,
    mine_named,
    mine_or_none,
    only_host,
)
from bot.features.circles.standing import standing
from bot.models import Circle, CircleForm, CircleLength, CircleState, SeatState
from bot.store import circles, invitations, seats

#: The longest name of a circle.
NAME = 40


def not_seated(turn: Turn) -> None:
    """Refuse a second seat."""
    if (circle := mine_or_none(turn)) is not None:
        raise Refused("circles.refused.seated", name=circle.name)


def _choice(turn: Turn, name: str, kind: type[CircleForm | CircleLength], value: str) -> Field:
    say = turn.words.short
    choices = tuple((each.value, say(f"circles.choice.{each}")) for each in kind)
    label = say(f"circles.field.{name}")
    return Field(name, label, kind="choice", choices=choices, value=value, required=True)


def _people(turn: Turn, hint: str, most: int) -> Field:
    say = turn.words.short
    return Field(
        "people",
        say("circles.field.people"),
        kind="people",
        required=True,
        hint=say(hint),
        limit=most,
    )


# Starting one


@circle_group.command("start")
def start(turn: Turn) -> Form:
    """Start a circle of five to eight, with people you choose."""
    return found_form(turn)


@circle_group.form("found")
def found(turn: Turn) -> Form:
    """Ask for a circle's name, how it meets, and whom to ask."""
    return found_form(turn)


def found_form(turn: Turn) -> Form:
    """Give the form of a new circle."""
    not_seated(turn)
    say = turn.words.short
    return Form(
        address="circle.found",
        title=say("circles.form.start"),
        submit=say("circles.form.start_submit"),
        intro=say("circles.form.start_intro"),
        fields=(
            Field("name", say("circles.field.name"), required=True, limit=NAME),
            _choice(turn, "form", CircleForm, CircleForm.LIVE),
            _choice(turn, "length", CircleLength, CircleLength.FULL),
            _people(turn, "circles.hint.people", circles.MOST - 1),
        ),
    )


@found.submitted
def founded(turn: Turn, answers: Answers) -> Prompt:
    """Found the circle, and ask the people."""
    not_seated(turn)
    name = one_line(answers.text("name", limit=NAME, required=True))
    form = answers.choice("form", CircleForm, required=True)
    length = answers.choice("length", CircleLength, required=True)
    users = answers.several("people", most=circles.MOST - 1, required=True)
    if turn.member.user in users:
        answers.refuse("people", "circles.refused.oneself")
    elif len(users) < circles.FEWEST - 1:
        answers.refuse("people", "circles.refused.too_few")
    answers.check()
    guests = guests_of(turn, users)
    if len(guests.can) < circles.FEWEST - 1:
        answers.refuse("people", "circles.refused.few_can_come")
    answers.check()
    circle = seats.found(turn.db, turn.member, name, form, length, turn.now)
    circles.sit(turn.db, circle, turn.member, turn.now)
    due = turn.now + circles.GATHERS
    ref = str(circle.key)
    circles.promise(turn.db, turn.member, circles.GATHERING, ref, due, turn.now)
    return ask(turn, circle, guests, new=True)


@circle_group.form("more")
def more(turn: Turn, circle_id: int) -> Form:
    """Ask whom else to invite."""
    circle, room = _with_room(turn, circle_id)
    say = turn.words.short
    return Form(
        address=f"circle.more:{circle.key}",
        title=say("circles.form.more"),
        submit=say("circles.form.more_submit"),
        fields=(_people(turn, "circles.hint.more", room),),
    )


@more.submitted
def asked_more(turn: Turn, answers: Answers, circle_id: int) -> Prompt:
    """Ask more people into the member's circle."""
    circle, room = _with_room(turn, circle_id)
    users = answers.several("people", most=room, required=True)
    if turn.member.user in users:
        answers.refuse("people", "circles.refused.oneself")
    answers.check()
    return ask(turn, circle, guests_of(turn, users, circle), new=False)


def _with_room(turn: Turn, circle_id: int) -> tuple[Circle, int]:
    circle = mine_named(turn, circle_id)
    only_host(turn, circle, "circles.refused.host_invites")
    room = circles.MOST - len(seats.seats(turn.db, circle.key))
    if room <= 0:
        raise Refused("circles.refused.full_host", name=circle.name)
    return circle, room


# Saying yes, or not now


@circle_group.action("accept")
def accept(turn: Turn, circle_id: int) -> Prompt:
    """Take a seat that was offered."""
    current = mine_or_none(turn)
    if current is not None and current.key == circle_id:
        return standing(turn)
    not_seated(turn)
    circle = seats.held(turn.db, circle_id)
    seat = seats.seat(turn.db, circle_id, turn.member.key)
    if circle is None or seat is None or circle.state == CircleState.CLOSED:
        raise Refused("circles.refused.over")
    # One sentence for a full circle and all else: whoever hears it cannot tell which it is.
    if seat.state == SeatState.LEFT or not invitations.takes(turn.db, circle, turn.member):
        raise Refused("circles.refused.not_now", name=circle.name)
    circles.sit(turn.db, circle, turn.member, turn.now)
    engine.welcome(turn.db, circle, turn.member, turn.now)
    count = len(seats.seats(turn.db, circle.key))
    return CircleJoined(
        name=circle.name,
        host=host_of(turn, circle),
        people=count,
        needed=max(0, circles.FEWEST - count),
        room=circle.state == CircleState.RUNNING,
    )


@circle_group.action("decline")
def decline(turn: Turn, circle_id: int) -> Prompt:
    """Say not now, without a reason."""
    circle = seats.held(turn.db, circle_id)
    seat = seats.seat(turn.db, circle_id, turn.member.key)
    if circle is None or seat is None:
        raise Refused("circles.refused.over")
    if seat.state == SeatState.IN:
        return standing(turn)
    if seat.state == SeatState.INVITED:
        seats.place(turn.db, circle_id, turn.member.key, SeatState.DECLINED, turn.now)
    return CircleDeclined(name=circle.name)


# Waiting for one


@circle_group.command("join", examples=["live full", "async short"])
def join(
    turn: Turn,
    form: Annotated[CircleForm | None, Arg("how it meets: `live`, `text` or `async`")] = None,
    length: Annotated[CircleLength | None, Arg("how long: `full` or `short`")] = None,
) -> Prompt | Form:
    """Find a circle: one that asked for you, or a seat when circles are formed."""
    not_seated(turn)
    if form is not None:
        return _wait(turn, form, length or CircleLength.FULL)
    if invitations.open_to(turn.db, turn.member):
        return standing(turn)
    return _wish_form(turn)


@circle_group.form("wish")
def wish(turn: Turn) -> Form:
    """Ask how somebody would like to meet."""
    not_seated(turn)
    return _wish_form(turn)


def _wish_form(turn: Turn) -> Form:
    say, there = turn.words.short, seats.wait_of(turn.db, turn.member.key)
    form = CircleForm.LIVE if there is None else there.form
    length = CircleLength.FULL if there is None else there.length
    return Form(
        address="circle.wish",
        title=say("circles.form.join"),
        submit=say("circles.form.join_submit"),
        intro=say("circles.form.join_intro"),
        fields=(
            _choice(turn, "form", CircleForm, form),
            _choice(turn, "length", CircleLength, length),
        ),
    )


@wish.submitted
def wished(turn: Turn, answers: Answers) -> Prompt:
    """Put the member on the list."""
    not_seated(turn)
    form = answers.choice("form", CircleForm, required=True)
    length = answers.choice("length", CircleLength, required=True)
    answers.check()
    return _wait(turn, form, length)


def _wait(turn: Turn, form: CircleForm, length: CircleLength) -> Prompt:
    new = seats.wait(turn.db, turn.member.key, form, length, turn.now)
    return CircleAwaited(meets=meets(turn, form, length), new=new)
