"""When two people meet: times both have, one proposes, the other confirms."""

import re
from datetime import UTC, date, datetime, time, timedelta
from typing import Annotated

from bot.chat.answers import Answers
from bot.chat.command import Arg
from bot.chat.message import Field, Form
from bot.chat.prompt import Prompt
from bot.domain.dates import read_date, read_time
from bot.domain.mentoring import MeetingRhythm
from bot.domain.zones import local, zone_info
from bot.engine import overlap
from bot.engine.mentorships import PROPOSALS, minute_of, plan
from bot.engine.mentorships import propose as promise_proposal
from bot.engine.turn import Turn
from bot.errors import Ambiguous, Misread, Refused
from bot.features.mentorships.group import mentor_group
from bot.features.mentorships.meeting_prompts import (
    MeetingPlanned,
    NoTimes,
    Slot,
    TimeAsked,
    TimeProposed,
    TimesOffered,
)
from bot.features.mentorships.reading import (
    Pair,
    called,
    have_met,
    open_meeting,
    owned,
    owned_meeting,
    pairs,
    soon,
    split,
    when,
)
from bot.models import Meeting
from bot.store import members, mentorships, profiles

#: How far ahead the first meeting is looked for, and every other.
FIRST, LATER = 14, 28
#: The first days after a meeting in which the next one is proposed, by the rhythm that a mentee
#: wishes for.
_PAUSE = {
    MeetingRhythm.WEEKLY: timedelta(days=5),
    MeetingRhythm.FORTNIGHTLY: timedelta(days=11),
    MeetingRhythm.MONTHLY: timedelta(days=24),
}
_CLOCK = re.compile(
    r"(?:^|[\s,])(?:at )?((?:[0-9]{1,2}[:.][0-9]{2}(?: ?[ap]m)?)|[0-9]{1,2} ?[ap]m|noon|"
    r"(?<=at )[0-9]{1,2})$",
    re.IGNORECASE | re.ASCII,
)


def times(turn: Turn, pair: Pair, after: datetime | None = None) -> Prompt:
    """Offer three times at which both are free, or say that there is none."""
    if pair.row.paused_at is not None:
        raise Refused("mentorships.refused.paused", name=pair.name)
    met, start = have_met(turn, pair), after or _from(turn, pair)
    looks = (FIRST, LATER) if not met and after is None else (LATER,)
    for days in looks:
        # The mentee's wall gives the full hours: both see them on their own.
        zone = pair.members[0].zone
        found = overlap.meeting_times(turn.db, pair.members, start, zone=zone, days=days)
        if len(found) == 3 or days == LATER:
            break
    if not found and after is None:
        return NoTimes(mentorship_id=pair.key, name=pair.name, ask=helper(turn, pair))
    there = open_meeting(turn, pair)
    stands = there.starts_at if there is not None else None
    return TimesOffered(
        mentorship_id=pair.key,
        name=pair.name,
        slots=tuple(Slot(when(pair, each), minute_of(each)) for each in found),
        met=met,
        instead_of=None if stands is None else when(pair, stands),
    )


def _from(turn: Turn, pair: Pair) -> datetime:
    """Say from when on the next meeting is looked for."""
    held = [each.starts_at for each in mentorships.meetings(turn.db, pair.key) if each.held_at]
    wish = profiles.of(turn.db, pair.row.member_id)
    last = max((each for each in held if each is not None), default=None)
    if last is None or wish is None:
        return soon(turn)
    return max(soon(turn), last + _PAUSE[MeetingRhythm(wish.rhythm)])


def helper(turn: Turn, pair: Pair) -> str:
    """Name who helps two people who cannot meet; empty where nobody is known."""
    coordinator = mentorships.coordinator_of(turn.db, pair.row)
    if coordinator is not None:
        return called(coordinator)
    where = turn.member.platform, turn.member.workspace
    known = members.by_users(turn.db, *where, turn.owner.coordinators)
    return next((called(known[user]) for user in sorted(known)), "")


@mentor_group.action("pair_times")
def look_for_times(turn: Turn, mentorship_id: int, minute: int) -> Prompt:
    """Offer times: the first ones, or those after a minute that was shown."""
    pair = owned(turn, mentorship_id)
    if not minute:
        return times(turn, pair)
    return times(turn, pair, max(soon(turn), _moment(turn, minute) + timedelta(hours=14)))


def _moment(turn: Turn, minute: int) -> datetime:
    moment = datetime.fromtimestamp(min(minute, 10**8) * 60, UTC)
    if moment > turn.now + timedelta(days=400):
        raise Refused("help.old_button")
    return moment


@mentor_group.action("pair_propose")
def propose_slot(turn: Turn, mentorship_id: int, minute: int) -> Prompt:
    """Propose a time that was offered."""
    return propose(turn, owned(turn, mentorship_id), _moment(turn, minute))


def propose(turn: Turn, pair: Pair, moment: datetime) -> Prompt:
    """Propose a time; who proposes what the other has proposed confirms it."""
    if pair.row.paused_at is not None:
        raise Refused("mentorships.refused.paused", name=pair.name)
    if moment <= turn.now:
        raise Refused("mentorships.refused.past")
    if local(moment, pair.me.zone).date() > pair.row.ends_on:
        raise Refused("mentorships.refused.too_late", on=pair.row.ends_on)
    meeting = open_meeting(turn, pair) or mentorships.add_meeting(turn.db, pair.key)
    if meeting.proposed_at == moment and meeting.proposed_by != pair.side:
        return _confirmed(turn, pair, meeting, moment)
    if meeting.starts_at == moment:
        meeting.proposed_at, meeting.proposed_by = None, ""
        return MeetingPlanned(mentorship_id=pair.key, name=pair.name, when=when(pair, moment))
    if meeting.proposed_at != moment:
        meeting.proposed_at, meeting.proposed_by = moment, pair.side.value
        promise_proposal(turn.db, pair.row, meeting, pair.other, turn.now)
    return TimeProposed(mentorship_id=pair.key, name=pair.name, when=when(pair, moment))


@mentor_group.action("pair_confirm")
def confirm(turn: Turn, meeting_id: int, minute: int) -> Prompt:
    """Confirm the time that the other has proposed."""
    pair, meeting = owned_meeting(turn, meeting_id)
    moment = _moment(turn, minute)
    if meeting.starts_at == moment and meeting.proposed_at is None:
        return MeetingPlanned(mentorship_id=pair.key, name=pair.name, when=when(pair, moment))
    if meeting.proposed_at != moment or open_meeting(turn, pair) != meeting:
        raise Refused("mentorships.refused.replaced")
    if meeting.proposed_by == pair.side:
        raise Refused("mentorships.refused.own_time", name=pair.name)
    if pair.row.paused_at is not None:
        raise Refused("mentorships.refused.paused", name=pair.name)
    if moment <= turn.now:
        raise Refused("mentorships.refused.past")
    return _confirmed(turn, pair, meeting, moment)


def _confirmed(turn: Turn, pair: Pair, meeting: Meeting, moment: datetime) -> Prompt:
    meeting.sequence += meeting.starts_at is not None
    meeting.starts_at, meeting.proposed_at, meeting.proposed_by = moment, None, ""
    turn.db.flush()
    mentorships.withdraw(turn.db, pair.row, "replaced", *PROPOSALS)
    plan(turn.db, pair.row, meeting, turn.member, turn.now)
    return MeetingPlanned(mentorship_id=pair.key, name=pair.name, when=when(pair, moment))


@mentor_group.command("meet", examples=["12 March 17:00", "Daniel Friday at 5 pm"])
def meet(
    turn: Turn,
    text: Annotated[
        str | None, Arg("with whom, which day and what time, as far as you know")
    ] = None,
) -> Prompt | Form:
    """Find a time to meet your mentor or mentee, or propose one."""
    pair, rest = split(turn, text or "", "meet", pairs(turn))
    pair = owned(turn, pair.key)
    if not rest:
        return _proposal(turn, pair) or times(turn, pair)
    clock = _CLOCK.search(rest)
    head = rest if clock is None else rest[: clock.start()].strip(" ,")
    hour = None if clock is None else clock[1]
    try:
        day = read_date(head, today=turn.today, dayfirst=turn.member.dayfirst) if head else None
    except Ambiguous as doubt:
        typed = f" {hour}" if hour else ""
        options = tuple(f"/mentor meet #{pair.key} {each}{typed}" for each in doubt.options)
        raise Ambiguous(doubt.key, options, **doubt.facts) from None
    if day is None or hour is None:
        return _when_form(turn, pair, day=head, at=hour or "")
    return propose(turn, pair, moment_of(turn, day, read_time(hour.replace(".", ":"))))


def _proposal(turn: Turn, pair: Pair) -> Prompt | None:
    """Show the time that is proposed and waits for a yes, if there is one ahead."""
    meeting = open_meeting(turn, pair)
    moment = meeting.proposed_at if meeting is not None else None
    if meeting is None or moment is None or moment <= turn.now or pair.row.paused_at is not None:
        return None
    if meeting.proposed_by == pair.side:
        return TimeProposed(mentorship_id=pair.key, name=pair.name, when=when(pair, moment))
    return asked_time(pair, meeting, moment)


def asked_time(pair: Pair, meeting: Meeting, moment: datetime) -> TimeAsked:
    """Ask for a yes to a time that the other proposes."""
    stands = meeting.starts_at
    return TimeAsked(
        mentorship_id=pair.key,
        meeting_id=meeting.key,
        minute=minute_of(moment),
        name=pair.name,
        when=when(pair, moment),
        instead_of=None if stands is None else when(pair, stands),
    )


def moment_of(turn: Turn, day: date, at: time) -> datetime:
    """Read a day and a time on the member's wall; an hour that the clocks leave out is refused."""
    moment = datetime.combine(day, at, zone_info(turn.member.zone)).astimezone(UTC)
    if turn.at(moment).replace(tzinfo=None) != datetime.combine(day, at):
        raise Misread("mentorships.no_such_time", at=f"{at:%H:%M}", on=day)
    return moment


@mentor_group.form("pair_when")
def when_form(turn: Turn, mentorship_id: int) -> Form:
    """Ask for a day and a time."""
    return _when_form(turn, owned(turn, mentorship_id))


def _when_form(turn: Turn, pair: Pair, day: str = "", at: str = "") -> Form:
    say = turn.words.short
    return Form(
        address=f"mentor.pair_when:{pair.key}",
        title=say("mentorships.form.when"),
        submit=say("mentorships.form.propose"),
        fields=when_fields(turn, day, at, required=True),
        intro=say("mentorships.form.when_intro", name=pair.name),
    )


def when_fields(turn: Turn, day: str, at: str, *, required: bool) -> tuple[Field, Field]:
    """Ask for a day and a time on the reader's own wall."""
    say = turn.words.short
    return (
        Field(
            "day",
            say("mentorships.field.day"),
            required=required,
            value=day,
            hint=say("mentorships.hint.day"),
        ),
        Field(
            "at",
            say("mentorships.field.at"),
            required=required,
            value=at,
            hint=say("mentorships.hint.at"),
        ),
    )


@when_form.submitted
def typed(turn: Turn, answers: Answers, mentorship_id: int) -> Prompt:
    """Propose the time that was typed."""
    pair = owned(turn, mentorship_id)
    moment = read_when(turn, answers, required=True)
    answers.check()
    assert moment is not None  # noqa: S101 - both fields are needed
    return propose(turn, pair, moment)


def read_when(turn: Turn, answers: Answers, *, required: bool) -> datetime | None:
    """Read a day and a time that belong together; refusals stand beside their fields."""
    day = answers.day("day", required=required)
    raw = answers.text("at", required=required or day is not None)
    if day is None and raw and "day" not in answers.errors:
        answers.refuse("day", "help.required")
    if day is None or not raw or answers.errors:
        return None
    try:
        moment = moment_of(turn, day, read_time(raw))
    except Misread as error:
        answers.misread("at", error)
        return None
    if moment <= turn.now:
        answers.refuse("day", "mentorships.refused.past")
    return moment
