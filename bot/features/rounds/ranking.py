"""Who is in a round says whom they would like, in order; the others follow by fit."""

from bot.chat.answers import Answers
from bot.chat.message import Field, Form
from bot.chat.prompt import Prompt
from bot.domain.fit import Fit
from bot.engine.mentoring import because, name_of
from bot.engine.rounds import CARDS, candidates
from bot.engine.turn import Turn
from bot.errors import Refused
from bot.features.rounds.group import mentor_group
from bot.features.rounds.prompts import RoundNobodyYet, RoundRanked
from bot.features.rounds.reading import last_minute, my_profile, open_round
from bot.models import MatchRound, Member, RoundEntry, Side
from bot.store import rounds
from bot.store.rounds import ranks_of

#: The fields of an order, the first wish first.
_PLACES = ("first", "second", "third", "fourth", "fifth")


def rank(turn: Turn) -> Form | Prompt:
    """Ask whom somebody would like; who is on both sides begins with a mentor for themselves."""
    match = open_round(turn)
    mine = rounds.mine(turn.db, match.key, turn.member.key)
    side = Side.MENTOR if Side.MENTOR in mine and Side.MENTEE not in mine else Side.MENTEE
    return _ask(turn, match, side)


@mentor_group.form("round_rank")
def ranking(turn: Turn, round_id: int) -> Form | Prompt:
    """Ask whom somebody would like as a mentor."""
    return _ask(turn, open_round(turn, round_id), Side.MENTEE)


@ranking.submitted
def ranked(turn: Turn, answers: Answers, round_id: int) -> Prompt:
    """Keep whom somebody would like as a mentor."""
    return _keep(turn, answers, open_round(turn, round_id), Side.MENTEE)


@mentor_group.form("round_rank_mentees")
def ranking_mentees(turn: Turn, round_id: int) -> Form | Prompt:
    """Ask whom somebody would like to mentor."""
    return _ask(turn, open_round(turn, round_id), Side.MENTOR)


@ranking_mentees.submitted
def ranked_mentees(turn: Turn, answers: Answers, round_id: int) -> Prompt:
    """Keep whom somebody would like to mentor."""
    return _keep(turn, answers, open_round(turn, round_id), Side.MENTOR)


def _entry(turn: Turn, match: MatchRound, side: Side) -> RoundEntry:
    entry = rounds.mine(turn.db, match.key, turn.member.key).get(side)
    if entry is None:
        raise Refused("rounds.refused.join_first")
    return entry


def _ask(turn: Turn, match: MatchRound, side: Side) -> Form | Prompt:
    entry, mine, say = _entry(turn, match, side), my_profile(turn), turn.words.short
    found = candidates(turn.db, match, turn.member, mine, side, turn.now)
    if not found:
        return RoundNobodyYet(until=last_minute(turn, match))
    people = tuple((str(member.key), name_of(member)) for member, _ in found)
    there = {each for each, _ in people}
    before = [str(each) for each in ranks_of(entry) if str(each) in there]
    action = "round_rank" if side is Side.MENTEE else "round_rank_mentees"
    return Form(
        address=f"mentor.{action}:{match.key}",
        title=say(f"rounds.form.{action}"),
        submit=say("rounds.form.keep"),
        intro="\n\n".join(
            [say("rounds.form.rank_intro"), *(_card(turn, side, *each) for each in found)]
        ),
        fields=tuple(
            Field(
                name,
                say(f"rounds.field.{name}"),
                kind="choice",
                value=before[place] if place < len(before) else "",
                choices=people,
            )
            for place, name in enumerate(_PLACES[: min(CARDS, len(people))])
        ),
    )


def _card(turn: Turn, side: Side, member: Member, fit: Fit) -> str:
    area = "mentoring" if side is Side.MENTEE else "rounds"
    reasons = "; ".join(because(turn.words, fit, area))
    return f"{name_of(member)}: {reasons}" if reasons else name_of(member)


def _keep(turn: Turn, answers: Answers, match: MatchRound, side: Side) -> Prompt:
    entry = _entry(turn, match, side)
    wanted: list[int] = []
    for name in _PLACES:
        raw = answers.text(name, limit=20)
        if not raw:
            continue
        if not raw.isdecimal():
            answers.refuse(name, "rounds.refused.no_person")
        elif int(raw) in wanted:
            answers.refuse(name, "rounds.refused.twice")
        else:
            wanted.append(int(raw))
    answers.check()
    other = Side.MENTOR if side is Side.MENTEE else Side.MENTEE
    there = {
        each.member.key: name_of(each.member)
        for each in rounds.entrants(turn.db, match.key, other, of=wanted)
        if each.member.key != turn.member.key
    }
    kept = [each for each in wanted if each in there]
    entry.words = {"ranks": ",".join(map(str, kept))}
    return RoundRanked(
        names=tuple(there[each] for each in kept),
        left=len(wanted) - len(kept),
        until=last_minute(turn, match),
    )
