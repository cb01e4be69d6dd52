"""A coordinator opens a round, or keeps it open longer."""

from datetime import date, datetime, timedelta

from bot.chat.answers import Answers
from bot.chat.message import Field, Form
from bot.chat.prompt import Prompt
from bot.engine.rounds import is_closed
from bot.engine.turn import Turn
from bot.errors import Refused
from bot.features.rounds.group import mentor_group
from bot.features.rounds.joining import REMINDED
from bot.features.rounds.prompts import RoundOpened
from bot.features.rounds.reading import LONGEST, coordinators_only, end_of, last_minute
from bot.models import MatchRound, RoundState
from bot.store import deliveries, members, rounds
from bot.store.rounds import CLOSED

#: How long a round is open where a coordinator only presses.
_USUAL = timedelta(days=21)
#: How much longer an open round is kept open where a coordinator only presses.
_LONGER = timedelta(days=7)


def open_form(turn: Turn) -> Form:
    """Ask until when a round is open."""
    coordinators_only(turn)
    going, day = _going(turn), turn.today + _USUAL
    if going is not None and not is_closed(going, turn.now):
        day = last_minute(turn, going).date() + _LONGER
    say = turn.words.short
    return Form(
        address="mentor.round_open",
        title=say("rounds.form.open"),
        submit=say("rounds.form.open_submit"),
        intro=say("rounds.form.open_intro"),
        fields=(
            Field(
                "until",
                say("rounds.field.until"),
                required=True,
                value=f"{day.day} {day:%B %Y}",
                hint=say("rounds.hint.until"),
                limit=60,
            ),
        ),
    )


@mentor_group.form("round_open")
def opening(turn: Turn) -> Form:
    """Ask until when a round is open."""
    return open_form(turn)


@opening.submitted
def opening_told(turn: Turn, answers: Answers) -> Prompt:
    """Open a round until a day."""
    until = answers.day("until", required=True)
    if until is not None and (refusal := _unfit(turn, until)):
        answers.refuse("until", refusal)
    answers.check()
    return open_until(turn, until or turn.today)


def open_until(turn: Turn, until: date) -> Prompt:
    """Open a round until the end of a day on the coordinator's wall, or keep it open until then."""
    coordinators_only(turn)
    if refusal := _unfit(turn, until):
        raise Refused(refusal)
    going = _going(turn)
    closes_at = end_of(until, turn.member.zone)
    if going is None:
        match, new = rounds.begin(turn.db, turn.member, closes_at, turn.now)
        if not new:
            raise _second(turn, match)  # two coordinators pressed at the same moment
    else:
        match = going
        _keep_open(turn, match, until, closes_at)
    told = rounds.announce(turn.db, match, turn.now)
    _promise_draft(turn, match)
    return RoundOpened(
        round_id=match.key,
        until=last_minute(turn, match),
        told=told,
        longer=going is not None,
        others=rounds.others_have_profiles(turn.db, turn.member),
    )


def _keep_open(turn: Turn, match: MatchRound, until: date, closes_at: datetime) -> None:
    if not is_closed(match, turn.now) and until <= last_minute(turn, match).date():
        raise _second(turn, match)  # people were told a day, and count on it
    match.closes_at, match.coordinator_id = closes_at, turn.member.key
    turn.db.flush()
    if (remind_at := closes_at - REMINDED) > turn.now:
        rounds.remind_later(turn.db, match.key, remind_at)


def _promise_draft(turn: Turn, match: MatchRound) -> None:
    """Promise word of the draft to all who coordinate: who opened the round may be gone then."""
    where = turn.member.platform, turn.member.workspace
    known = members.by_users(turn.db, *where, turn.owner.coordinators)
    for member in known.values():
        key = f"{CLOSED}:{match.key}:{match.closes_at:%Y%m%d%H%M}:{member.key}"
        deliveries.promise(turn.db, member, CLOSED, key, match.closes_at, str(match.key))


def _unfit(turn: Turn, until: date) -> str:
    if until < turn.today:
        return "rounds.refused.past"
    return "rounds.refused.far" if until - turn.today > LONGEST else ""


def _going(turn: Turn) -> MatchRound | None:
    """Give the round that can be kept open longer: it is open, or closed with nobody to match."""
    there = rounds.going_on(turn.db, turn.member.platform, turn.member.workspace)
    if there is None:
        return None
    held = rounds.held(turn.db, there.key)
    if held is None or held.state not in {RoundState.OPEN, RoundState.DRAFT}:
        return None
    empty = not all(rounds.sizes(turn.db, held.key).values())
    if held.state == RoundState.OPEN and (empty or not is_closed(held, turn.now)):
        return held
    raise _second(turn, held)


def _second(turn: Turn, match: MatchRound) -> Refused:
    if is_closed(match, turn.now):
        return Refused("rounds.refused.draft_waits")
    until = last_minute(turn, match)
    later = until + _LONGER
    return Refused(
        "rounds.refused.one_at_a_time",
        until=f"{until.day} {until:%B}",
        later=f"{later.day} {later:%B}",
    )
