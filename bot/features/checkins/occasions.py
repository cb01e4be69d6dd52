"""When a check-in is asked, reminded of once, asked less often, and not asked any more."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from bot.chat.prompt import Prompt
from bot.domain.defaults import CHECKIN_RULE
from bot.domain.rhythm import Rule
from bot.domain.silence import weeks_between
from bot.engine import pulses
from bot.engine.turn import Occasion, Turn, Withhold
from bot.features.checkins.commands import ASKED, REMINDER, asked_goal, asked_goals
from bot.features.checkins.prompts import CheckInAsked, Reminder, StoppedAsking
from bot.models import CHECKIN, CheckIn, Delivery, Rhythm
from bot.store import checkins, deliveries, goals, rhythms

#: The one reminder comes after this many days, at the same hour on the wall.
REMIND_AFTER = 2
#: An answer given this shortly before its question makes the question needless.
EARLY = timedelta(days=3)
#: How far back silence is counted: more misses than this change nothing.
LOOK_BACK = 8


def weekly(turn: Turn, delivery: Delivery, late: bool) -> Prompt | Withhold:
    """Ask how the week went, unless it was answered, nothing is open, or silence asks for less."""
    day = turn.at(delivery.due_at).date()
    # One more than is counted: the check-in of the day itself may be among them.
    latest = checkins.latest(turn.db, turn.member.key, LOOK_BACK + 1)
    there = next((each for each in latest if each.day == day), None)
    recent = [each for each in latest if each.day != day][:LOOK_BACK]
    if _is_answered(turn, there, recent):
        return Withhold("answered")
    chosen = goals.longest_unasked(turn.db, turn.member.key, ASKED)
    if not chosen:
        return Withhold("no_goals")
    misses = _misses(recent)
    rhythm = rhythms.of(turn.db, turn.member, CHECKIN)
    slower = _ask_less(turn, rhythm, recent, misses)
    if slower is not None:
        return slower
    goals.mark_asked(turn.db, chosen, turn.now)
    if there is None:
        checkin_id = checkins.begin(
            turn.db, turn.member.key, day, chosen, asked_at=turn.now, delivery_id=delivery.id
        )
        asked = tuple(asked_goal(goal) for goal in chosen)
    else:  # begun early, and left unanswered
        checkin_id, there.asked_at, there.delivery_id = there.key, turn.now, delivery.id
        asked = asked_goals(checkins.asked_about(turn.db, there.key))
    deliveries.promise(
        turn.db,
        turn.member,
        REMINDER,
        f"{REMINDER}:{checkin_id}",
        _reminder_at(turn, rhythm),
        ref=str(checkin_id),
    )
    return CheckInAsked(
        checkin_id=checkin_id,
        late=late,
        goals=asked,
        pulse=pulses.offer(turn),
        cadence={1: "weekly", 2: "fortnightly"}.get(weeks_between(misses) or 4, "monthly"),
    )


def _reminder_at(turn: Turn, rhythm: Rhythm | None) -> datetime:
    """Give the moment of the reminder: some days after the question came, at its usual hour."""
    rule = CHECKIN_RULE if rhythm is None else Rule.parse(rhythm.rule)
    day = turn.today + timedelta(days=REMIND_AFTER)
    return datetime.combine(day, rule.at, turn.here.tzinfo).astimezone(UTC)


def _is_answered(turn: Turn, there: CheckIn | None, recent: list[CheckIn]) -> bool:
    if there is not None and there.answered_at is not None:
        return True
    return any(
        each.asked_at is None
        and each.answered_at is not None
        and turn.now - each.answered_at <= EARLY
        for each in recent[:1]
    )


def _misses(recent: list[CheckIn]) -> int:
    """Count the questions in a row that nobody answered; what a pause excused ends the row."""
    count = 0
    for checkin in recent:
        if checkin.answered_at is not None or checkin.excused:
            break
        if checkin.asked_at is not None:
            count += 1
    return count


def _ask_less(
    turn: Turn, rhythm: Rhythm | None, recent: list[CheckIn], misses: int
) -> Prompt | Withhold | None:
    if rhythm is None or misses == 0:
        return None
    weeks = weeks_between(misses)
    if weeks is None:
        rhythm.stopped_at = turn.now
        return StoppedAsking()
    rule = Rule.parse(rhythm.rule)
    if weeks <= rule.every:
        return None
    last = next(each.day for each in recent if each.asked_at is not None)
    rhythms.begin(turn.db, turn.member, CHECKIN, replace(rule, every=weeks), turn.now, anchor=last)
    return Withhold("asking_less")


def reminder(turn: Turn, delivery: Delivery, late: bool) -> Prompt | Withhold:  # noqa: ARG001 - the one signature of all occasions
    """Remind once, unless it was answered or is no longer the latest question."""
    checkin = checkins.owned(turn.db, turn.member.key, int(delivery.ref))
    if checkin is None or checkin.answered_at is not None:
        return Withhold("answered")
    if checkin.excused or checkins.still_open(turn.db, turn.member.key, turn.today) != checkin:
        return Withhold("replaced")
    rows = checkins.asked_about(turn.db, checkin.key)
    open_goals = tuple(goal for goal in asked_goals(rows) if not goal.closed)
    if not open_goals:
        return Withhold("no_goals")
    return Reminder(checkin_id=checkin.key, goals=open_goals)


OCCASIONS = (
    Occasion(name=CHECKIN, compose=weekly, stale_after=timedelta(days=4), chosen=True),
    Occasion(name=REMINDER, compose=reminder, stale_after=timedelta(hours=20), chosen=True),
)
