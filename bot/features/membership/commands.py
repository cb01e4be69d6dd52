"""First contact, settings, and silence on request."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from typing import Annotated
from zoneinfo import ZoneInfo

from bot.chat.answers import Answers
from bot.chat.command import Arg, Group
from bot.chat.message import Field, Form
from bot.chat.prompt import Prompt
from bot.domain.defaults import CHECKIN_RULE, review_rule
from bot.domain.rhythm import Rule
from bot.domain.text import one_line
from bot.domain.zones import zone_name
from bot.engine.safety import countries
from bot.engine.turn import Turn
from bot.errors import Refused
from bot.features.membership.fields import first_fields
from bot.features.membership.prompts import Paused, Resumed, Settled, Welcome
from bot.features.membership.reading import read_hour, read_place, read_quiet
from bot.models import CHECKIN, REVIEW
from bot.store import checkins, deliveries, goals, rhythms, safety

coach_group = Group("coach", "Your coach's home: what is next, settings, pause, and help.")


#: A review in a member's first days would have nothing to look back on.
SETTLING = timedelta(days=14)
#: A question asked this short ago is this week's, whatever day the next ones come on.
APART = timedelta(days=4)


class Cadence(StrEnum):
    """How often goals are reviewed."""

    MONTHLY = "monthly"
    QUARTERLY = "quarterly"
    NEVER = "never"


class DateOrder(StrEnum):
    """How a member writes 1/3: asked about each time unless they tell us once."""

    ASK = "ask"
    DAY_FIRST = "day_first"
    MONTH_FIRST = "month_first"


_MONTHS = {Cadence.MONTHLY: 1, Cadence.QUARTERLY: 3}
_DAYFIRST = {DateOrder.ASK: None, DateOrder.DAY_FIRST: True, DateOrder.MONTH_FIRST: False}


def join(turn: Turn) -> Iterable[Prompt]:
    """Greet a new member and set the two rhythms they can change at once."""
    rhythms.begin(turn.db, turn.member, CHECKIN, CHECKIN_RULE, turn.now)
    first_review = turn.now + SETTLING
    rhythms.begin(turn.db, turn.member, REVIEW, review_rule(CHECKIN_RULE), first_review)
    yield Welcome(
        name=turn.member.name.split(" ")[0],
        zone=zone_name(turn.member.zone),
        checkin=CHECKIN_RULE.spoken,
    )


@coach_group.action("skip")
def skip(turn: Turn) -> Prompt:
    """Keep what was assumed."""
    turn.member.settled_at = turn.member.settled_at or turn.now
    return settled(turn)


@coach_group.command("settings")
def settings(turn: Turn) -> Prompt:
    """See and change your zone, your hours, and your reviews."""
    return settled(turn)


def settled(turn: Turn) -> Settled:
    """Say how things are set."""
    until = turn.member.paused_until
    return Settled(
        stage=turn.member.stage,
        zone=zone_name(turn.member.zone),
        here=turn.here,
        checkin=_checkin_rule(turn).spoken,
        next_checkin=turn.next(CHECKIN),
        paused=turn.member.is_paused(turn.now),
        paused_until=turn.at(until).date() if until is not None else None,
        reviews=turn.words.short(f"membership.cadence.{_cadence(turn)}"),
        country=dict(countries(turn.words)).get(turn.member.country, ""),
        team=turn.member.team,
        quiet_hours=turn.member.quiet_hours,
        has_goals=bool(goals.active(turn.db, turn.member.key)),
    )


@coach_group.form("first_questions")
def first_questions(turn: Turn) -> Form:
    """Ask three things, each of which may be left empty."""
    say = turn.words.short
    return Form(
        address="coach.first_questions",
        title=say("membership.form.first"),
        submit=say("membership.form.save"),
        intro=say("membership.form.first_intro"),
        fields=first_fields(turn, _checkin_rule(turn)),
    )


@first_questions.submitted
def first_answered(turn: Turn, answers: Answers) -> Prompt:
    """Keep the first answers; what was left empty stays as assumed."""
    _keep_first(turn, answers)
    return settled(turn)


@coach_group.form("change")
def change(turn: Turn) -> Form:
    """Offer all settings for change."""
    say = turn.words.short
    extra = (
        Field(
            "quiet",
            say("membership.field.quiet"),
            value=turn.member.quiet_hours,
            hint=say("membership.hint.quiet"),
            limit=40,
        ),
        Field(
            "reviews",
            say("membership.field.reviews"),
            kind="choice",
            value=_cadence(turn),
            choices=tuple((each.value, say(f"membership.cadence.{each}")) for each in Cadence),
        ),
        Field(
            "dates",
            say("membership.field.dates"),
            kind="choice",
            value=_order(turn),
            choices=tuple((each.value, say(f"membership.dates.{each}")) for each in DateOrder),
        ),
        Field(
            "team",
            say("membership.field.team"),
            value=turn.member.team,
            hint=say("membership.hint.team"),
            limit=60,
        ),
    )
    return Form(
        address="coach.change",
        title=say("membership.form.change"),
        submit=say("membership.form.save"),
        fields=(*first_fields(turn, _checkin_rule(turn)), *extra),
    )


@change.submitted
def changed(turn: Turn, answers: Answers) -> Prompt:
    """Keep the settings."""
    cadence = answers.choice("reviews", Cadence)
    order = answers.choice("dates", DateOrder)
    quiet = read_quiet(answers)
    team = one_line(answers.text("team", limit=60))
    _keep_first(turn, answers)
    # A field that was emptied is taken back; one that was not asked stays.
    turn.member.quiet_hours = quiet if "quiet" in answers.values else turn.member.quiet_hours
    turn.member.team = team if "team" in answers.values else turn.member.team
    if order is not None:
        turn.member.dayfirst = _DAYFIRST[order]
    if cadence is not None and cadence != _cadence(turn):
        rhythm = rhythms.begin(
            turn.db,
            turn.member,
            REVIEW,
            review_rule(_checkin_rule(turn), _MONTHS.get(cadence, 1)),
            turn.now,
        )
        if cadence is Cadence.NEVER:
            rhythm.stopped_at = turn.now
    return settled(turn)


def _keep_first(turn: Turn, answers: Answers) -> None:
    member, rule = turn.member, _checkin_rule(turn)
    stage = answers.text("stage", limit=100)
    zone = read_place(answers) or member.zone
    hour = read_hour(answers) or rule.at
    raw_day = answers.values.get("day", "")
    day = int(raw_day) if raw_day in {str(place) for place in range(7)} else rule.weekday
    country = answers.values.get("country", "")
    answers.check()
    if country in {code for code, _ in countries(turn.words)}:
        member.country = country
    member.stage = stage or member.stage
    member.settled_at = member.settled_at or turn.now
    if zone != member.zone:
        deliveries.move_zone(turn.db, member.key, member.zone, zone)
        member.zone = zone
        rhythms.move_zone(turn.db, member, turn.now)
    if (day, hour) != (rule.weekday, rule.at):
        _ask_at(turn, replace(CHECKIN_RULE, weekday=day, at=hour))


def _ask_at(turn: Turn, rule: Rule) -> None:
    """Ask at another day and hour: not twice in one week, and with the review beside it."""
    member, cadence = turn.member, _cadence(turn)
    latest = checkins.last_of(turn.db, member.key)
    since = turn.now
    if latest is not None and latest.asked_at is not None:
        since = max(since, latest.asked_at + APART)
    before = rhythms.of(turn.db, member, CHECKIN)
    if before is not None and before.stopped_at is not None:
        checkins.excuse_open(turn.db, member.key)  # asking begins anew, and so does counting
    rhythms.begin(turn.db, member, CHECKIN, rule, since)
    if cadence != Cadence.NEVER:
        review = rhythms.of(turn.db, member, REVIEW)
        # The same quarter as before: only the day and the hour move.
        anchor = turn.at(review.next_at).date() if review is not None else None
        first = max(turn.now, member.joined_at + SETTLING)
        rhythms.begin(
            turn.db, member, REVIEW, review_rule(rule, _MONTHS[cadence]), first, anchor=anchor
        )


@coach_group.command(
    "pause", examples=["until 3 January"], also=["stop", "mute", "silence", "unsubscribe"]
)
def pause(
    turn: Turn,
    until: Annotated[date | None, Arg("the day you are back", lead="until")] = None,
) -> Prompt:
    """Silence everything at once; it is never counted against you."""
    if until is not None and until <= turn.today:
        raise Refused("membership.refused.today")
    member = turn.member
    member.paused_at = turn.now
    member.paused_until = None if until is None else _midnight(until, member.zone)
    _keep_quiet(turn)
    checkins.excuse_open(turn.db, member.key)
    return Paused(until=until)


@coach_group.command("resume", also=["start", "unpause"])
def resume(turn: Turn) -> Prompt:
    """End a pause."""
    was_paused = turn.member.is_paused(turn.now)
    turn.member.paused_at = turn.member.paused_until = None
    quiet = _keep_quiet(turn)
    return Resumed(
        was_paused=was_paused,
        next_checkin=turn.next(CHECKIN),
        quiet_until=None if quiet is None else turn.at(quiet).date(),
    )


def _keep_quiet(turn: Turn) -> datetime | None:
    """Let no press cut short the quiet that hard words brought; give its end."""
    quiet, member = safety.cooling_until(turn.db, turn.member, turn.now), turn.member
    if quiet is None:
        return None
    if not member.is_paused(turn.now):
        member.paused_at, member.paused_until = turn.now, quiet
    elif member.paused_until is not None:
        member.paused_until = max(member.paused_until, quiet)
    return quiet


def _midnight(day: date, zone: str) -> datetime:
    return datetime.combine(day, time(), ZoneInfo(zone)).astimezone(UTC)


def _checkin_rule(turn: Turn) -> Rule:
    return rhythms.rule_of(turn.db, turn.member, CHECKIN, CHECKIN_RULE)


def _cadence(turn: Turn) -> Cadence:
    rhythm = rhythms.of(turn.db, turn.member, REVIEW)
    if rhythm is None or rhythm.stopped_at is not None:
        return Cadence.NEVER
    return (
        Cadence.QUARTERLY
        if Rule.parse(rhythm.rule).every == _MONTHS[Cadence.QUARTERLY]
        else (Cadence.MONTHLY)
    )


def _order(turn: Turn) -> str:
    return next(str(order) for order, value in _DAYFIRST.items() if value is turn.member.dayfirst)
