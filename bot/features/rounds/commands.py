"""/mentor round: where a round stands, and all that can be done with it, by one more word."""

import difflib
import re
from collections.abc import Callable
from datetime import date
from typing import Annotated, Any

from bot.chat.command import Arg
from bot.chat.prompt import Prompt
from bot.domain.dates import read_date
from bot.engine.mentoring import name_of
from bot.engine.rounds import is_closed
from bot.engine.turn import Turn
from bot.errors import Ambiguous, Misread, Refused
from bot.features.rounds.changing import change
from bot.features.rounds.drafting import show_draft
from bot.features.rounds.ending import cancel, close, publish
from bot.features.rounds.group import mentor_group
from bot.features.rounds.joining import join, leave
from bot.features.rounds.opening import open_form, open_until
from bot.features.rounds.prompts import Order, RoundHome
from bot.features.rounds.ranking import rank
from bot.features.rounds.reading import coordinators_only, last_minute
from bot.models import Member, RoundEntry, RoundState, Side
from bot.store import rounds
from bot.store.rounds import ranks_of

_VERBS: dict[str, Callable[[Turn], Any]] = {
    "join": join,
    "rank": rank,
    "leave": leave,
    "close": close,
    "draft": show_draft,
    "change": change,
    "publish": publish,
    "cancel": cancel,
}
#: What a round understands, in the order in which it is told.
_KNOWN = ("open", *_VERBS)
#: "open" with a day that was not read as one, and days that are over by their very words.
_OPEN = re.compile(r"(?:open\s+(?:until|till|to|for)?|until|till)\s*(?P<day>\S.*)", re.IGNORECASE)
_OVER = re.compile(r"yesterday|last\s.*|.*\sago", re.IGNORECASE)


@mentor_group.command("round", examples=["join", "open until 15 March"])
def match_round(
    turn: Turn,
    what: Annotated[str | None, Arg("what to do, for example `join`", limit=60)] = None,
    until: Annotated[date | None, Arg("how long it is open", lead="until")] = None,
) -> Any:
    """Be matched together with others; or open, draft and publish a match round."""
    verb = (what or "").lower().strip(" .")
    if verb == "open" or (not verb and until is not None):
        return open_form(turn) if until is None else open_until(turn, until)
    if not verb:
        return home(turn)
    if verb in _VERBS:
        return _VERBS[verb](turn)
    if what and until is None and (open_ := _OPEN.fullmatch(what.strip(" ."))):
        return open_until(turn, _day(turn, open_["day"]))
    near = difflib.get_close_matches(verb.split()[0], _KNOWN, n=2, cutoff=0.6)
    if near:
        rest = f" until {until.day} {until:%B %Y}" if until is not None else ""
        options = tuple(f"/mentor round {each}{rest if each == 'open' else ''}" for each in near)
        raise Ambiguous("rounds.refused.near", options, text=what)
    raise Misread("rounds.refused.unknown", text=what, known=", ".join(_KNOWN))


def _day(turn: Turn, text: str) -> date:
    """Read until when a round is to be open; where that fails it is the day that is at fault."""
    coordinators_only(turn)
    if _OVER.fullmatch(text):
        raise Refused("rounds.refused.past")
    try:
        return read_date(text, today=turn.today, dayfirst=turn.member.dayfirst)
    except Ambiguous as doubt:
        options = tuple(f"/mentor round open until {each}" for each in doubt.options)
        raise Ambiguous(doubt.key, options, **doubt.facts) from None


def home(turn: Turn) -> Prompt:
    """Say where a round stands for a member."""
    match = rounds.going_on(turn.db, turn.member.platform, turn.member.workspace)
    if match is None:
        nobody = Order((), 0)
        return RoundHome(
            round_id=0, going=False, closed=False, until=None, as_mentee=False, as_mentor=False,
            mentors=nobody, mentees=nobody, coordinates=turn.coordinates,
            in_mentees=0, in_mentors=0,
        )  # fmt: skip
    mine, sizes = rounds.mine(turn.db, match.key, turn.member.key), rounds.sizes(turn.db, match.key)
    closed = is_closed(match, turn.now)
    return RoundHome(
        round_id=match.key,
        going=True,
        closed=closed,
        until=last_minute(turn, match),
        as_mentee=Side.MENTEE in mine,
        as_mentor=Side.MENTOR in mine,
        mentors=_order(turn, match.key, mine.get(Side.MENTEE), Side.MENTOR),
        mentees=_order(turn, match.key, mine.get(Side.MENTOR), Side.MENTEE),
        coordinates=turn.coordinates,
        in_mentees=sizes[Side.MENTEE],
        in_mentors=sizes[Side.MENTOR],
        one_sided=closed and match.state == RoundState.OPEN and not all(sizes.values()),
    )


def _order(turn: Turn, round_id: int, entry: RoundEntry | None, other: Side) -> Order:
    """Name whom somebody would like; who has left the round is left out, and counted."""
    wanted = ranks_of(entry) if entry is not None else ()
    there: dict[int, Member] = {
        each.member.key: each.member
        for each in rounds.entrants(turn.db, round_id, other, of=wanted)
    }
    names = tuple(name_of(there[each]) for each in wanted if each in there)
    return Order(names, len(wanted) - len(names))
