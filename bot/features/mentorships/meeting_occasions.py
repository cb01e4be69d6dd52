"""What is said around meetings, in its time: from today's facts, or left out if moot."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, timedelta

from bot.chat.prompt import Prompt
from bot.domain.mentorship import LENGTH, About, at_noon
from bot.engine.mentorships import guide, minute_of, tell
from bot.engine.overlap import next_good
from bot.engine.turn import Turn, Withhold
from bot.features.mentorships.calendar import FILE, calendar
from bot.features.mentorships.meeting import asked_time, times
from bot.features.mentorships.meeting_prompts import (
    MeetingAgendaAsked,
    MeetingAgendaShown,
    MeetingAsked,
    MeetingInvitation,
)
from bot.features.mentorships.reading import Pair, have_met, promised, waits_for_yes, when
from bot.features.mentorships.talking import (
    agenda_lines,
    is_current,
    last_step,
    marks,
    question,
)
from bot.models import Delivery, Meeting
from bot.store import mentorships

Said = Prompt | Withhold
#: Whoever has heard of the other within this time has a way to find a time before them.
_JUST_TOLD = timedelta(hours=12)
#: What asks about one pair: somebody with several pairs is asked about one of them a day.
QUESTIONS = About.SLOTS, About.UNMET, About.MISSED, About.HEALTH, About.SILENCE


@dataclass(frozen=True, slots=True)
class Case:
    """A pair that goes on, at the moment at which something is to be said to one of the two."""

    turn: Turn
    pair: Pair
    #: What the message is about beside the pair.
    more: list[str]
    delivery: Delivery


def of_pair(
    say: Callable[[Case], Said], *, resting: bool = False
) -> Callable[[Turn, Delivery, bool], Said]:
    """Make an occasion's composing from what is said of a pair that goes on.

    Unless `resting`, nothing is said while it rests, or while the other cannot be reached.
    """

    def compose(turn: Turn, delivery: Delivery, late: bool) -> Said:  # noqa: ARG001 - the one signature of all occasions
        pair, more = promised(turn, delivery)
        if pair is None or pair.ended_on(turn.now) is not None:
            return Withhold("pair_over")
        if pair.row.paused_at is not None and not resting:
            return Withhold("pair_rests")
        if pair.other.unreachable_since is not None and not resting:
            return Withhold("pair_unreached")
        return say(Case(turn, pair, more, delivery))

    return compose


def another_day(case: Case, about: About) -> Withhold | None:
    """Ask about one pair a day: put off a question where another comes first; None where none does.

    It is promised anew, for what is put off is left out when a silence of days follows.
    """
    turn, me = case.turn, case.pair.me
    day = turn.here.replace(hour=0, minute=0, second=0, microsecond=0).astimezone(UTC)
    if not mentorships.is_crowded(turn.db, case.delivery, QUESTIONS, day):
        return None
    tomorrow = at_noon(turn.today + timedelta(days=1), me.zone)
    tell(turn.db, case.pair.row, about, me, next_good(turn.db, me, tomorrow))
    return Withhold("asked_today")


def slots(case: Case) -> Said:
    """Offer times to two who have none."""
    turn, pair = case.turn, case.pair
    if waits_for_yes(turn, pair) is not None or have_met(turn, pair):
        return Withhold("pair_meets")
    if _is_just_told(turn, pair):
        tomorrow = at_noon(turn.today + timedelta(days=1), pair.me.zone)
        tell(turn.db, pair.row, About.SLOTS, pair.me, tomorrow)
        return Withhold("replaced")
    return another_day(case, About.SLOTS) or times(turn, pair)


def _is_just_told(turn: Turn, pair: Pair) -> bool:
    """Tell whether somebody hears of the other about now."""
    news = turn.db, pair.me.key, About.BEGUN, str(pair.key)
    begun = mentorships.told_at(*news)
    just = begun is not None and turn.now - begun < _JUST_TOLD
    return just or mentorships.is_promised(*news)


def _meeting(case: Case) -> Meeting | None:
    """Find the meeting that a message was promised for, unless it was moved since."""
    found = mentorships.meeting(case.turn.db, case.pair.key, int(case.more[0]))
    return found if is_current(found, case.more[1]) else None


def proposed(case: Case) -> Said:
    """Ask for a yes to a time that the other proposes."""
    found = mentorships.meeting(case.turn.db, case.pair.key, int(case.more[0]))
    if found is None or found.proposed_at is None or found.proposed_by == case.pair.side:
        return Withhold("replaced")
    if minute_of(found.proposed_at) != int(case.more[1]) or found.proposed_at <= case.turn.now:
        return Withhold("replaced")
    return asked_time(case.pair, found, found.proposed_at)


def invited(case: Case) -> Said:
    """Hand over a meeting for the calendar."""
    found = _meeting(case)
    if found is None or found.starts_at is None or found.starts_at <= case.turn.now:
        return Withhold("replaced")
    return MeetingInvitation(
        mentorship_id=case.pair.key,
        name=case.pair.name,
        when=when(case.pair, found.starts_at),
        moved=found.sequence > 0,
        file=FILE,
        event=case.turn.words.short("mentorships.event", name=case.pair.name),
        content=calendar(case.turn, case.pair, found),
    )


def agenda(case: Case) -> Said:
    """Offer the mentee three lines ahead of a meeting."""
    found = _meeting(case)
    if found is None or found.starts_at is None or found.starts_at <= case.turn.now:
        return Withhold("replaced")
    if agenda_lines(case.turn, case.pair, found):
        return Withhold("answered")
    return MeetingAgendaAsked(
        meeting_id=found.key,
        mentorship_id=case.pair.key,
        name=case.pair.name,
        when=when(case.pair, found.starts_at),
        lines=guide().agenda.lines,
        step=last_step(case.turn, case.pair),
    )


def agenda_kept(case: Case) -> Said:
    """Show the mentor what the mentee wrote."""
    found = mentorships.meeting(case.turn.db, case.pair.key, int(case.more[0]))
    if found is None or found.starts_at is None or found.starts_at + LENGTH <= case.turn.now:
        return Withhold("replaced")
    return MeetingAgendaShown(
        mentorship_id=case.pair.key,
        name=case.pair.name,
        when=when(case.pair, found.starts_at),
        lines=agenda_lines(case.turn, case.pair, found),
    )


def after(case: Case) -> Said:
    """Ask how a meeting was."""
    found = _meeting(case)
    if found is None or found.starts_at is None:
        return Withhold("replaced")
    note = mentorships.note_of(case.turn.db, found.key, case.pair.me.key)
    if note is not None and note.useful:
        return Withhold("answered")
    return MeetingAsked(
        meeting_id=found.key,
        name=case.pair.name,
        when=when(case.pair, found.starts_at),
        question=question("useful").text,
        marks=marks("useful"),
    )
