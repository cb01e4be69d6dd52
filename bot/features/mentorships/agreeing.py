"""The agreement of two people, and the guide for those who mentor."""

from bot.chat.answers import Answers
from bot.chat.message import Field, Form
from bot.chat.prompt import Prompt
from bot.domain.mentor_guide import AGREED
from bot.domain.mentorship import About
from bot.engine.mentorships import guide, tell
from bot.engine.turn import Turn
from bot.errors import Refused
from bot.features.mentorships.group import mentor_group
from bot.features.mentorships.prompts import (
    AgreedLine,
    CardLine,
    MentorCard,
    MentorCards,
    PairAgreement,
)
from bot.features.mentorships.reading import Pair, owned
from bot.models import Mentorship, Side
from bot.store import mentorships

#: What a line of an agreement may hold, in characters.
LINE = 600
#: The words of a row that hold the lines, by the ids of the guide.
_WORDS = {each: "rhythm_words" if each == "rhythm" else each for each in AGREED}


def lines_of(row: Mentorship) -> tuple[AgreedLine, ...]:
    """Give the five lines: as the two wrote them, or else as suggested."""
    words = row.words
    return tuple(
        AgreedLine(each.title, words.get(_WORDS[each.id]) or each.suggests)
        for each in guide().agreement.lines
    )


def agreement_of(pair: Pair, *, changed: bool = False) -> PairAgreement:
    """Show an agreement as it stands."""
    mine, theirs = _agreed(pair)
    return PairAgreement(
        mentorship_id=pair.key,
        name=pair.name,
        lines=lines_of(pair.row),
        limits=guide().agreement.limits,
        mine=mine,
        theirs=theirs,
        changed=changed,
    )


def _agreed(pair: Pair) -> tuple[bool, bool]:
    both = (
        pair.row.agreed_by_mentee_at is not None,
        pair.row.agreed_by_mentor_at is not None,
    )
    return both if pair.is_mentee else (both[1], both[0])


def _agree(pair: Pair, turn: Turn, *, alone: bool) -> None:
    """Note the yes of one side; with `alone` that of the other falls away."""
    row, is_mentee = pair.row, pair.is_mentee
    now, before = turn.now, (row.agreed_by_mentee_at, row.agreed_by_mentor_at)
    theirs = None if alone else before[1 if is_mentee else 0]
    row.agreed_by_mentee_at = now if is_mentee else theirs
    row.agreed_by_mentor_at = theirs if is_mentee else now


@mentor_group.action("pair_agreement")
def agreement(turn: Turn, mentorship_id: int) -> Prompt:
    """Show what two people agree on."""
    return agreement_of(owned(turn, mentorship_id))


@mentor_group.action("pair_agree")
def agree(turn: Turn, mentorship_id: int) -> Prompt:
    """Say yes to the agreement as it stands; the other is told."""
    pair = owned(turn, mentorship_id)
    if not _agreed(pair)[0]:
        # What both say yes to stays as it was, whatever is suggested to others later.
        suggested = {_WORDS[each.id]: each.suggests for each in guide().agreement.lines}
        pair.row.words = {**suggested, **pair.row.words}
        _agree(pair, turn, alone=False)
        tell(turn.db, pair.row, About.AGREEMENT, pair.other, turn.now)
    return agreement_of(pair)


@mentor_group.form("pair_edit")
def edit(turn: Turn, mentorship_id: int) -> Form:
    """Offer the five lines for change."""
    pair, say = owned(turn, mentorship_id), turn.words.short
    words = pair.row.words
    fields = tuple(
        Field(
            each.id,
            each.title,
            kind="long",
            value=words.get(_WORDS[each.id]) or each.suggests,
            hint=each.asks,
            limit=LINE,
        )
        for each in guide().agreement.lines
    )
    return Form(
        address=f"mentor.pair_edit:{pair.key}",
        title=say("mentorships.form.agreement"),
        submit=say("mentorships.form.keep"),
        fields=fields,
        intro=say("mentorships.form.agreement_intro", name=pair.name),
    )


@edit.submitted
def edited(turn: Turn, answers: Answers, mentorship_id: int) -> Prompt:
    """Keep the lines: who changes them agrees to them, and the other is asked anew."""
    pair = owned(turn, mentorship_id)
    written = {_WORDS[name]: answers.text(name, limit=LINE) for name in AGREED}
    answers.check()
    before = {_WORDS[each.id]: each.suggests for each in guide().agreement.lines}
    before |= {name: text for name, text in pair.row.words.items() if text}
    # A line that was emptied goes back to what is suggested.
    suggested = {_WORDS[each.id]: each.suggests for each in guide().agreement.lines}
    after = {name: text or suggested[name] for name, text in written.items()}
    if after != before:
        pair.row.words = after
        _agree(pair, turn, alone=True)
        mentorships.withdraw(turn.db, pair.row, "replaced", About.AGREEMENT)
        tell(turn.db, pair.row, About.AGREEMENT, pair.other, turn.now)
    return agreement_of(pair)


@mentor_group.command("guide")
def cards(turn: Turn) -> Prompt:  # noqa: ARG001 - it is the same for everybody
    """Read five short cards on how to mentor."""
    found = guide().cards.values()
    return MentorCards(cards=tuple(CardLine(x.id, x.title, x.minutes, x.idea) for x in found))


@mentor_group.action("pair_card")
def card(turn: Turn, name: str) -> Prompt:  # noqa: ARG001 - it is the same for everybody
    """Show one card, and offer the one after it."""
    known = list(guide().cards.values())
    place = next((n for n, each in enumerate(known) if each.id == name), None)
    if place is None:
        raise Refused("help.old_button")
    found, after = known[place], known[place + 1 : place + 2]
    return MentorCard(
        title=found.title,
        idea=found.idea,
        tries=found.tries,
        say=found.words,
        reflect=found.reflect,
        then=after[0].id if after else "",
        then_title=after[0].title if after else "",
    )


def mentors_first(turn: Turn, pair: Pair) -> bool:
    """Tell whether the reader mentors for the first time."""
    return pair.side is Side.MENTOR and mentorships.is_first(turn.db, pair.me.key, pair.key)
