"""A coordinator changes one pair of a draft by hand."""

from collections.abc import Sequence

from bot.chat.answers import Answers
from bot.chat.message import Field, Form
from bot.chat.prompt import Prompt
from bot.domain.fit import Bar
from bot.engine.mentoring import name_of
from bot.engine.rounds import barred_by_hand
from bot.engine.turn import Turn
from bot.features.rounds.drafting import not_drafted, show
from bot.features.rounds.group import mentor_group
from bot.features.rounds.reading import coordinators_only, round_here
from bot.models import MatchRound, Side
from bot.store import round_pairs, rounds
from bot.store.rounds import Entrant

#: Up to so many people are offered to choose from; of more a name is typed.
_OFFERED = 90
#: What is chosen where a mentee is to have no mentor.
_NOBODY = "none"


def change(turn: Turn, round_id: int = 0) -> Form | Prompt:
    """Ask whose mentor is to be another."""
    coordinators_only(turn)
    match = round_here(turn, round_id)
    if (why := not_drafted(turn, match)) is not None:
        return why
    say, nobody = turn.words.short, ((_NOBODY, turn.words.short("rounds.pick.nobody")),)
    return Form(
        address=f"mentor.round_change:{match.key}",
        title=say("rounds.form.change"),
        submit=say("rounds.form.change_submit"),
        intro=say("rounds.form.change_intro"),
        fields=(
            _person(turn, "mentee", _on(turn, match, Side.MENTEE), ()),
            _person(turn, "mentor", _on(turn, match, Side.MENTOR), nobody),
        ),
    )


@mentor_group.form("round_change")
def changing(turn: Turn, round_id: int) -> Form | Prompt:
    """Ask whose mentor is to be another."""
    return change(turn, round_id)


@changing.submitted
def changed(turn: Turn, answers: Answers, round_id: int) -> Prompt:
    """Change a pair, unless something forbids it, and show what blocks now."""
    coordinators_only(turn)
    match = round_here(turn, round_id)
    if (why := not_drafted(turn, match)) is not None:
        return why
    mentee = _read(answers, "mentee", _on(turn, match, Side.MENTEE))
    nobody = answers.text("mentor", limit=_LONGEST).casefold() == _NOBODY
    mentor = None if nobody else _read(answers, "mentor", _on(turn, match, Side.MENTOR))
    if mentee is not None and mentor is not None:
        _refuse_barred(turn, answers, match, mentee, mentor)
    answers.check()
    assert mentee is not None  # noqa: S101 - an answer without one was refused
    round_pairs.change(
        turn.db, match, mentee.member.key, None if mentor is None else mentor.member.key
    )
    return show(turn, match)


def _on(turn: Turn, match: MatchRound, side: Side) -> list[Entrant]:
    """List who is on a side by name: an order by fit would tell who is barred."""
    there = rounds.entrants(turn.db, match.key, side)
    return sorted(there, key=lambda each: (name_of(each.member).casefold(), each.member.key))


_LONGEST = 200


def _person(
    turn: Turn, name: str, there: Sequence[Entrant], besides: tuple[tuple[str, str], ...]
) -> Field:
    say = turn.words.short
    if len(there) > _OFFERED:
        return Field(
            name,
            say(f"rounds.field.{name}"),
            required=True,
            hint=say(f"rounds.hint.{name}"),
            limit=_LONGEST,
        )
    people = tuple((str(each.member.key), name_of(each.member)) for each in there)
    return Field(
        name, say(f"rounds.field.{name}"), kind="choice", required=True, choices=(*besides, *people)
    )


def _read(answers: Answers, name: str, there: Sequence[Entrant]) -> Entrant | None:
    """Find somebody by their number, name or handle; what is wrong stands beside the field."""
    raw = answers.text(name, limit=_LONGEST, required=True).casefold().removeprefix("@")
    if not raw or name in answers.errors:
        return None
    by_key = [each for each in there if str(each.member.key) == raw]
    found = by_key or [
        each for each in there if raw in {name_of(each.member).casefold(), each.member.user}
    ]
    if len(found) == 1:
        return found[0]
    answers.refuse(name, "rounds.refused.two_of_a_name" if found else "rounds.refused.no_person")
    return None


def _refuse_barred(
    turn: Turn, answers: Answers, match: MatchRound, mentee: Entrant, mentor: Entrant
) -> None:
    barred = barred_by_hand(turn.db, match, mentee, mentor, turn.now)
    names = {"mentee": name_of(mentee.member), "mentor": name_of(mentor.member)}
    if barred is Bar.SELF:
        answers.refuse("mentor", "rounds.refused.oneself")
    elif barred is Bar.FULL:
        answers.refuse("mentor", "rounds.refused.full", mentor=names["mentor"])
    elif barred is not None:  # one sentence for all else: a finer one would tell a confidence
        answers.refuse("mentor", "rounds.refused.barred", **names)
