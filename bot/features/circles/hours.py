"""/circle schedule: the hour at which a circle meets, on its own wall clock."""

from datetime import time, timedelta

from bot.chat.answers import Answers
from bot.chat.message import Field, Form
from bot.chat.prompt import Prompt
from bot.domain.meeting_times import Best
from bot.domain.rhythm import DAY_NAMES, Rule
from bot.domain.text import one_line
from bot.domain.zones import zone_name
from bot.engine import circles as engine
from bot.engine.overlap import session_hour
from bot.engine.turn import Turn
from bot.errors import Misread, Refused
from bot.features.circles.group import circle_group
from bot.features.circles.reading import host_of, is_host, only_host, running, wall, zones_of
from bot.features.circles.showing import BestHour, CircleScheduled, Mine
from bot.models import Circle, CircleForm
from bot.store import seats, sessions

#: A first session is chosen within so many days.
FARTHEST = timedelta(days=92)


@circle_group.command("schedule")
def schedule(turn: Turn) -> Prompt:
    """See the least bad hour for everyone, and set when you meet."""
    circle = _ahead(turn)
    by_thread = circle.form == CircleForm.ASYNC
    best = None if by_thread else _best(turn, circle)
    weekday, at = engine.THREAD_OPENS if best is None else (best.weekday, best.at)
    rule = Rule("weekly", weekday, at, engine.EVERY)
    moment = engine.first_of(circle, rule, turn.now)
    return BestHour(
        name=circle.name,
        by_thread=by_thread,
        now_at=Rule.parse(circle.rule).spoken if circle.rule else "",
        best=rule.spoken,
        zone=zone_name(circle.zone),
        walls=engine.walls(moment, zones_of(turn, circle), circle.zone),
        free=0 if best is None else len(best.free),
        strained=0 if best is None else len(best.strained),
        cannot=0 if best is None else len(best.cannot),
        mine=_mine(turn, best),
        is_host=is_host(turn, circle),
        host=host_of(turn, circle),
        weekday=weekday,
        minute=at.hour * 60 + at.minute,
    )


def _best(turn: Turn, circle: Circle) -> Best:
    people = seats.people(turn.db, circle.key)
    # A day ahead: the agenda comes the day before.
    after = turn.now + timedelta(days=1)
    return session_hour(turn.db, people, after, zone=circle.zone)


def _mine(turn: Turn, best: Best | None) -> Mine:
    """Say what the hour asks of whoever looks at it: nobody else is told."""
    if best is None or turn.member.key in best.free:
        return Mine.FREE
    return Mine.CANNOT if turn.member.key in best.cannot else Mine.STRAINED


@circle_group.action("take")
def take(turn: Turn, weekday: int, minute: int) -> Prompt:
    """Take the hour that was proposed."""
    if weekday >= len(DAY_NAMES) or minute >= 24 * 60:
        raise Refused("help.old_button")
    circle = _to_schedule(turn)
    return _schedule(turn, circle, Rule("weekly", weekday, time(*divmod(minute, 60)), engine.EVERY))


def _ahead(turn: Turn) -> Circle:
    """Find the member's circle, if it has sessions to come."""
    circle = running(turn)
    begun = sessions.over(sessions.all_of(turn.db, circle.key), turn.now)
    if len(begun) == len(engine.track_of(circle)):
        raise Refused("circles.refused.all_over")
    return circle


def _to_schedule(turn: Turn) -> Circle:
    circle = _ahead(turn)
    only_host(turn, circle, "circles.refused.host_schedules")
    return circle


@circle_group.form("hour")
def hour(turn: Turn) -> Form:
    """Ask for a weekday and an hour."""
    circle, say = _to_schedule(turn), turn.words.short
    rule = Rule.parse(circle.rule) if circle.rule else None
    days = tuple((str(place), name) for place, name in enumerate(DAY_NAMES))
    return Form(
        address="circle.hour",
        title=say("circles.form.hour"),
        submit=say("circles.form.hour_submit"),
        intro=say("circles.form.hour_intro", zone=zone_name(circle.zone)),
        fields=(
            Field(
                "day",
                say("circles.field.day"),
                kind="choice",
                choices=days,
                value="" if rule is None else str(rule.weekday),
                required=True,
            ),
            Field(
                "at",
                say("circles.field.at"),
                value="" if rule is None else f"{rule.at:%H:%M}",
                hint=say("circles.hint.at"),
                required=True,
            ),
            Field("first", say("circles.field.first"), hint=say("circles.hint.first")),
        ),
    )


@hour.submitted
def hour_chosen(turn: Turn, answers: Answers) -> Prompt:
    """Set the hour."""
    circle = _to_schedule(turn)
    day = answers.text("day", required=True)
    at = _clock(answers)
    first = answers.day("first")
    if day and day not in {str(place) for place in range(len(DAY_NAMES))}:
        answers.misread("day", Misread("help.no_choice", text=day, known=", ".join(DAY_NAMES)))
    today = wall(circle, turn.now).date()
    if first is not None and first < today:
        answers.refuse("first", "circles.refused.past")
    elif first is not None and first - today > FARTHEST:
        answers.refuse("first", "circles.refused.too_far")
    answers.check()
    rule = Rule("weekly", int(day), at, engine.EVERY)
    engine.schedule(turn.db, circle, rule, first, turn.now)
    return _told(turn, circle, rule)


def _clock(answers: Answers) -> time:
    """Read a full wall-clock time: "18", "18:00", "6 pm"."""
    typed = one_line(answers.text("at", required=True)).lower().replace(".", ":")
    text = typed.removesuffix("am").removesuffix("pm").strip()
    hours, _, minutes = text.partition(":")
    if hours.isascii() and hours.isdigit() and (minutes or "0").isascii():
        number, minute = int(hours[:3]), minutes or "0"
        if typed.endswith("pm") and number < 12:
            number += 12
        elif typed.endswith("am") and number == 12:
            number = 0
        if number < 24 and minute.isdigit() and int(minute[:3]) < 60:
            return time(number, int(minute))
    answers.refuse("at", "circles.refused.no_clock")
    return time()


def _schedule(turn: Turn, circle: Circle, rule: Rule) -> Prompt:
    if circle.rule == str(rule) and sessions.all_of(turn.db, circle.key):
        return _told(turn, circle, rule)  # pressed twice
    engine.schedule(turn.db, circle, rule, None, turn.now)
    return _told(turn, circle, rule)


def _told(turn: Turn, circle: Circle, rule: Rule) -> Prompt:
    ahead = [each for each in sessions.all_of(turn.db, circle.key) if each.starts_at > turn.now]
    return CircleScheduled(
        at=rule.spoken,
        zone=zone_name(circle.zone),
        first=wall(circle, ahead[0].starts_at),
        last=wall(circle, ahead[-1].starts_at),
        count=len(ahead),
    )
