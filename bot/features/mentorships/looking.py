"""Where each mentorship stands, the goals that a mentee lets a mentor see, and how it goes."""

from bot.chat.answers import Answers
from bot.chat.message import Field, Form
from bot.chat.prompt import Prompt
from bot.engine.mentorships import guide
from bot.engine.prompts import LABEL
from bot.engine.turn import Turn
from bot.errors import Refused
from bot.features.mentorships.agreeing import agreement_of
from bot.features.mentorships.ending import end_look
from bot.features.mentorships.ending_prompts import GoesUneven, GoesWell
from bot.features.mentorships.group import Who, mentor_group
from bot.features.mentorships.meeting import times
from bot.features.mentorships.prompts import (
    GoalSeen,
    GoalsSeen,
    GoalsShared,
    PairLine,
    PairList,
    PairShown,
)
from bot.features.mentorships.reading import (
    Pair,
    When,
    meant,
    open_meeting,
    owned,
    pairs,
    planned,
    when,
)
from bot.store import goals, mentorships


@mentor_group.command("pairs")
def all_pairs(turn: Turn) -> Prompt:
    """See where each of your mentorships stands, and when you meet next."""
    found = pairs(turn)
    if len(found) == 1:
        return _shown(turn, found[0])
    lines = (
        PairLine(
            each.key,
            each.name,
            each.is_mentee,
            each.row.ends_on,
            _next(turn, each),
            each.row.paused_at is not None,
        )
        for each in found
    )
    return PairList(pairs=tuple(lines))


def _next(turn: Turn, pair: Pair) -> When | None:
    moment = planned(turn, pair)
    return None if moment is None else when(pair, moment)


@mentor_group.action("pair")
def one_pair(turn: Turn, mentorship_id: int) -> Prompt:
    """Show where one mentorship stands."""
    return _shown(turn, owned(turn, mentorship_id))


def _shown(turn: Turn, pair: Pair) -> Prompt:
    there, agreed = open_meeting(turn, pair), agreement_of(pair)
    proposed = there.proposed_at if there is not None else None
    if proposed is not None and proposed <= turn.now:
        proposed = None
    return PairShown(
        mentorship_id=pair.key,
        name=pair.name,
        mentee=pair.is_mentee,
        began=turn.at(pair.row.began_at).date(),
        until=pair.row.ends_on,
        next=_next(turn, pair),
        proposed=None if proposed is None else when(pair, proposed),
        by_me=there is not None and there.proposed_by == pair.side,
        agreed=agreed.mine and agreed.theirs,
        mine_missing=not agreed.mine,
        shared=len(mentorships.shared(turn.db, pair.row)),
        paused=pair.row.paused_at is not None,
    )


# Goals


@mentor_group.command("goals", examples=["Amina"])
def shared_goals(turn: Turn, who: Who = None) -> Prompt:
    """See the goals that you share with your mentor, or that your mentee shares with you."""
    return _goals(turn, meant(turn, who, "goals"))


@mentor_group.action("pair_goals")
def goals_of(turn: Turn, mentorship_id: int) -> Prompt:
    """Show the shared goals of one mentorship."""
    return _goals(turn, owned(turn, mentorship_id))


def _goals(turn: Turn, pair: Pair) -> Prompt:
    found = mentorships.shared(turn.db, pair.row)
    seen = tuple(GoalSeen(each.title, each.due, each.measure) for each in found)
    if pair.is_mentee:
        return GoalsShared(mentorship_id=pair.key, name=pair.name, goals=seen)
    return GoalsSeen(name=pair.name, goals=seen)


def _as_mentee(turn: Turn, mentorship_id: int) -> Pair:
    pair = owned(turn, mentorship_id)
    if not pair.is_mentee:
        raise Refused("mentorships.refused.not_yours", name=pair.name)
    return pair


@mentor_group.form("pair_share")
def share(turn: Turn, mentorship_id: int) -> Form:
    """Let the mentee choose what the mentor may see."""
    pair, say = _as_mentee(turn, mentorship_id), turn.words.short
    active = goals.active(turn.db, pair.me.key)
    if not active:
        raise Refused("mentorships.refused.no_goals")
    now = ",".join(str(each.key) for each in mentorships.shared(turn.db, pair.row))
    labels = (f"{each.number}. {each.title}" for each in active)
    cut = (text if len(text) <= LABEL else f"{text[: LABEL - 1]}…" for text in labels)
    field = Field(
        "goals",
        say("mentorships.field.goals", name=pair.name),
        kind="several",
        value=now,
        choices=tuple((str(each.key), text) for each, text in zip(active, cut, strict=True)),
        limit=len(active),
    )
    return Form(
        address=f"mentor.pair_share:{pair.key}",
        title=say("mentorships.form.share"),
        submit=say("mentorships.form.keep"),
        fields=(field,),
        intro=say("mentorships.form.share_intro", name=pair.name),
    )


@share.submitted
def share_chosen(turn: Turn, answers: Answers, mentorship_id: int) -> Prompt:
    """Let the mentor see the chosen goals, and no others."""
    pair = _as_mentee(turn, mentorship_id)
    active = {str(each.key): each.key for each in goals.active(turn.db, pair.me.key)}
    chosen = answers.several("goals", most=len(active))
    if any(each not in active for each in chosen):
        answers.errors.pop("goals", None)
        answers.refuse("goals", "mentorships.refused.goal_closed")
    answers.check()
    mentorships.share(turn.db, pair.row, [active[each] for each in chosen])
    return _goals(turn, pair)


# How it goes


@mentor_group.action("pair_health")
def health(turn: Turn, mentorship_id: int, answer: str) -> Prompt:
    """Hear how it goes; the answer is not kept, it leads to what may help."""
    pair = owned(turn, mentorship_id)
    if answer not in guide().health.question.options:
        raise Refused("help.old_button")
    if answer == "unmet":
        return times(turn, pair)
    if answer == "wrong":
        return end_look(pair)
    return GoesWell() if answer == "well" else GoesUneven(mentorship_id=pair.key)
