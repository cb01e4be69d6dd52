"""A coordinator opens a round, or keeps it open longer."""

from datetime import date, timedelta

from bot.chat.answers import Answers
from bot.chat.message import Field, Form
from bot.chat.prompt import Prompt
from bot.engine.rounds import is_closed
from bot.engine.turn import Turn
from bot.errors import Refused
from bot.features.rounds.group import mentor_group
from bot.features.rounds.prompts import RoundOpened
from bot.features.rounds.reading import LONGEST, coordinators_only, end_of, last_minute
from bot.models import MatchRound, RoundState
from bot.store import deliveries, rounds
from bot.store.rounds import CLOSED

#: How long a round is open where a coordinator only presses.
_USUAL = timedelta(days=21)


def open_form(turn: Turn) -> Form:
    """Ask until when a round is open."""
    coordinators_only(turn)
    _refuse_second(turn)
    day = turn.today + _USUAL
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
    """Open a round until the end of a day on the coordinator's wall."""
    coordinators_only(turn)
    if refusal := _unfit(turn, until):
        raise Refused(refusal)
    going = _refuse_second(turn)
    closes_at = end_of(until, turn.member.zone)
    if going is None:
        match, new = rounds.begin(turn.db, turn.member, closes_at, turn.now)
        if not new:
            raise _second(turn, match)  # two coordinators pressed at the same moment
    else:
        match = going
        match.closes_at = closes_at
        turn.db.flush()
    told = rounds.announce(turn.db, match, turn.now)
    key = f"{CLOSED}:{match.key}:{closes_at:%Y%m%d%H%M}"
    deliveries.promise(turn.db, turn.member, CLOSED, key, closes_at, str(match.key))
    return RoundOpened(
        round_id=match.key, until=last_minute(turn, match), told=told, longer=going is not None
    )


def _unfit(turn: Turn, until: date) -> str:
    if until < turn.today:
        return "rounds.refused.past"
    return "rounds.refused.far" if until - turn.today > LONGEST else ""


def _refuse_second(turn: Turn) -> MatchRound | None:
    """Give a closed round that had nobody to match, to be kept open; refuse while another is on."""
    there = rounds.going_on(turn.db, turn.member.platform, turn.member.workspace)
    if there is None:
        return None
    held = rounds.held(turn.db, there.key)
    if held is None or held.state not in {RoundState.OPEN, RoundState.DRAFT}:
        return None
    empty = not all(rounds.sizes(turn.db, held.key).values())
    if held.state == RoundState.OPEN and is_closed(held, turn.now) and empty:
        return held
    raise _second(turn, held)


def _second(turn: Turn, match: MatchRound) -> Refused:
    if is_closed(match, turn.now):
        return Refused("rounds.refused.draft_waits")
    until = last_minute(turn, match)
    return Refused("rounds.refused.one_at_a_time", until=f"{until.day} {until:%B}")
