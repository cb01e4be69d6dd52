"""/mentor health: how a programme goes, in sums, for who coordinates it."""

from datetime import timedelta

from bot.chat.prompt import Prompt
from bot.domain.aggregates import Count, median_days, spread, together
from bot.domain.mentorship import OFFER_TIMES
from bot.engine.turn import Turn
from bot.features.rounds.group import mentor_group
from bot.features.rounds.health_prompts import Load, ProgrammeHealth
from bot.features.rounds.reading import coordinators_only
from bot.store import programme, requests
from bot.store.programme import Workspace

#: Days in which two are to have met, and how far back answers and meetings are counted.
_FIRST = timedelta(days=max(OFFER_TIMES))
_MONTH, _QUARTER = timedelta(days=30), timedelta(days=90)


@mentor_group.command("health")
def health(turn: Turn) -> Prompt:
    """See how the programme goes, in sums; for who coordinates it."""
    coordinators_only(turn)
    db, now = turn.db, turn.now
    platform, name = turn.member.platform, turn.member.workspace
    place = Workspace(platform, name)
    waiting = requests.waiting(db, platform, name, now)
    mentors, pairs = (
        programme.mentors(db, place, now),
        programme.mentorships(db, place, now, _FIRST),
    )
    loads = spread(mentors.loads)
    told = together({str(load): count for load, count in loads})
    states = together({"met": pairs.met, "unmet": pairs.unmet, "young": pairs.young})
    return ProgrammeHealth(
        requests=len(waiting),
        waits=median_days([(each.asked_at, now) for each in waiting]),
        answers=median_days(requests.answered(db, platform, name, now - _QUARTER)),
        places=mentors.places,
        taken=mentors.taken,
        loads=tuple(Load(load, _told(turn, told[str(load)])) for load, _ in loads),
        paused=_told(turn, Count.of(mentors.paused)),
        without=_told(turn, Count.of(programme.without_mentor(db, place))),
        met=_told(turn, states["met"]),
        unmet=_told(turn, states["unmet"]),
        young=_told(turn, states["young"]),
        ended=_told(turn, Count.of(pairs.ended)),
        month=programme.meetings(db, place, now - _MONTH),
        quarter=programme.meetings(db, place, now - _QUARTER),
        circles=programme.circles(db, place, now),
    )


def _told(turn: Turn, count: Count) -> str:
    return turn.words.short("rounds.count.few") if count.is_few else str(count.number)
