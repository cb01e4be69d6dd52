"""Large match rounds are worked out beside, in short turns, while everybody else is served."""

from collections.abc import Generator, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial

from sqlmodel import Session

from bot.domain.round_draft import Draft
from bot.domain.rounds import Steps
from bot.engine.round_publishing import begin_some
from bot.engine.rounds import WITHIN, Gathered, keep, possible
from bot.models import MatchRound, RoundState
from bot.store import rounds
from bot.store.turns import Work

#: Members whose hours and lists are read in one turn.
READ = 200


@dataclass(slots=True)
class _Reading:
    """What is gathered of a large round."""

    people: list[int] = field(default_factory=list)
    #: By the first of a part: a turn that is run again puts the same in its place.
    parts: dict[int, Gathered] = field(default_factory=dict)
    steps: Steps | None = None
    draft: Draft | None = None


def works(now: datetime) -> Iterator[Work[None]]:
    """Give the turns that are due; each is to be run before the next is asked for."""
    due: list[MatchRound] = []
    begun: list[int] = []
    yield partial(_look, now=now, due=due, begun=begun)
    for match in due:
        yield from _work_out(match)
    for round_id in begun:
        more = [True]
        while more[0]:
            yield partial(_begin_more, round_id=round_id, now=now, more=more)


def _look(db: Session, now: datetime, due: list[MatchRound], begun: list[int]) -> None:
    there = rounds.unfinished(db, now)
    begun[:] = [each.key for each in there if each.state == RoundState.PUBLISHED]
    closed = [each for each in there if each.state == RoundState.OPEN]
    due[:] = [each for each in closed if possible(db, each) > WITHIN]
    for each in due:
        db.expunge(each)


def _work_out(match: MatchRound) -> Generator[Work[None], None, None]:
    reading = _Reading()
    yield partial(_list, match=match, reading=reading)
    for first in range(0, len(reading.people), READ):
        yield partial(_read, match=match, reading=reading, first=first)
    yield partial(_start, match=match, reading=reading)
    while reading.draft is None:
        yield partial(_step, reading=reading)
    yield partial(_finish, match=match, reading=reading)


def _list(db: Session, match: MatchRound, reading: _Reading) -> None:
    reading.people[:] = rounds.people(db, match.key)


def _read(db: Session, match: MatchRound, reading: _Reading, first: int) -> None:
    some: Sequence[int] = reading.people[first : first + READ]
    there = rounds.entrants(db, match.key, of=some)
    reading.parts[first] = Gathered.of(db, match, there)


def _start(db: Session, match: MatchRound, reading: _Reading) -> None:
    whole = Gathered()
    for part in reading.parts.values():
        whole.mentees += part.mentees
        whole.mentors += part.mentors
        whole.ranked |= part.ranked
        whole.ranked_by_mentors |= part.ranked_by_mentors
    reading.steps = whole.steps(db, match)


def _step(db: Session, reading: _Reading) -> None:  # noqa: ARG001 - the one signature of all turns
    """Take one step; nothing is read or written, but it takes its turn like all work."""
    if reading.steps is None or reading.draft is not None:
        return
    try:
        next(reading.steps)
    except StopIteration as end:
        reading.draft = end.value


def _finish(db: Session, match: MatchRound, reading: _Reading) -> None:
    held = rounds.held(db, match.key)
    if held is None or reading.draft is None:
        return
    # Somebody may have opened it longer, called it off, or worked it out meanwhile.
    if held.state != RoundState.OPEN or held.closes_at != match.closes_at:
        return
    left = {*reading.people} - {*rounds.people(db, match.key)}
    keep(db, held, reading.draft, gone=left)


def _begin_more(db: Session, round_id: int, now: datetime, more: list[bool]) -> None:
    held = rounds.held(db, round_id)
    more[0] = held is not None and begin_some(db, held, now)
