"""What a workspace may know of itself: once a quarter, sums of at least eight people.

Who agreed to be counted is counted, and nobody else. What keeps sums from telling anybody's answer
is in `bot.domain.cells`; each question has a ledger of its own. So that two questions cannot be set
against each other either, no number counted for one follows from numbers counted for another:
burnout counts by its mean in a quarter, and what came after an idea by a change between two
answers within one quarter. Whoever adds one to all their answers of a quarter moves the mean and no
change. And a stretch in which an idea came and another was held back counts for neither side.
"""

import random
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from functools import partial
from itertools import pairwise
from statistics import fmean

from sqlmodel import Session

from bot.domain.cells import FEWEST, Latest, quarter_over, report
from bot.domain.nudging import Reason
from bot.domain.pulse import SCALES, Answer, Part
from bot.domain.text import one_line
from bot.domain.zones import local
from bot.store import private, teams, wellbeing
from bot.store.teams import Book, Person, Place
from bot.store.turns import Work


class Question(StrEnum):
    """What is counted."""

    BURNOUT = "burnout"
    ENERGY = "energy"
    #: How burnout changed around an idea that came unasked.
    AFTER_IDEA = "after_idea"
    #: How it changed where an idea could have come and was held back by lot, to compare.
    AFTER_NONE = "after_none"


#: The lowest and the highest number that a member can bring.
_ENDS: Mapping[Question, tuple[int, int]] = {
    Question.BURNOUT: SCALES[Part.BURNOUT],
    Question.ENERGY: SCALES[Part.ENERGY],
    Question.AFTER_IDEA: (-4, 4),
    Question.AFTER_NONE: (-4, 4),
}
#: An answer so soon after a moment may have to do with it.
_AFTER = timedelta(days=14)
#: A moment is kept by the hour at which it was due, and is moved by less than this.
_MOVED = timedelta(days=4)
#: When it is the next day in UTC, it is on every wall: nobody answers for the quarter any more.
_EVERYWHERE = timedelta(days=1)
#: Members whose answers are opened in one turn. One with a year of weekly answers costs 3 ms (2,000
#: of them took 6.6 s in 100 turns, none longer than 0.1 s; the longest write for them took 0.1 s).
#: So others hardly wait, and 10,000 members take half a minute four times a year.
BATCH = 20


@dataclass(frozen=True, slots=True)
class Counted:
    """What a member who agreed to be counted brings to each question."""

    id: int
    team: str
    latest: Mapping[Question, Latest]


def new_lot() -> random.Random:
    """Draw lots that nobody can foresee or repeat."""
    return random.SystemRandom()


def works(now: datetime) -> Iterator[Work[None]]:
    """Give the turns that make the reports of the last quarter that is over; seldom more than one.

    Each is to be run before the next is asked for. A turn may be run twice: it keeps what it found
    in the place of what it found before.
    """
    today = (now - _EVERYWHERE).astimezone(UTC).date()
    quarter = quarter_over(today)
    span = _Span.of(quarter, now)
    due: list[Place] = []
    yield partial(_look, quarter=quarter, found=due)
    for place in due:
        people: list[Person] = []
        yield partial(_list, place=place, found=people)
        counted: dict[int, list[Counted]] = {}
        for first in range(0, len(people), BATCH):
            some = people[first : first + BATCH]
            yield partial(_read, people=some, span=span, found=counted)
        everyone = [each for some in counted.values() for each in some]
        for question in Question:
            yield partial(
                _write,
                place=place,
                question=question,
                quarter=quarter,
                today=today,
                counted=everyone,
                lot=new_lot,
            )


def _look(db: Session, quarter: date, found: list[Place]) -> None:
    """Find the workspaces whose reports are not made: four small rows of each are opened."""
    made = {key for key, book in teams.books(db).items() if _is_reported(book, quarter)}
    found[:] = [
        place for place in teams.places(db) if any((place, each) not in made for each in Question)
    ]


def _is_reported(book: Book, quarter: date) -> bool:
    return book.ledger.through is not None and book.ledger.through >= quarter


def _list(db: Session, place: Place, found: list[Person]) -> None:
    found[:] = teams.people(db, place)


@dataclass(frozen=True, slots=True)
class _Span:
    """What is looked at: up to which quarter, and from which day on answers and ideas count."""

    quarter: date
    answers: date
    moments: date

    @classmethod
    def of(cls, quarter: date, now: datetime) -> "_Span":
        return cls(
            quarter,
            # What is older than this counts in no report, see `cells`.
            max(date(quarter.year - 1, 10, 1), _whole_from(now, wellbeing.KEEP_ANSWERS)),
            _whole_from(now, wellbeing.KEEP_MOMENTS - _MOVED),
        )


def _read(
    db: Session, people: Sequence[Person], span: _Span, found: dict[int, list[Counted]]
) -> None:
    """Open what some members answered, if they agreed, and keep no more of it than means."""
    found[people[0].id] = [
        _brings(db, each, span) for each in people if private.of(db, each.id).counted
    ]


def _brings(db: Session, person: Person, span: _Span) -> Counted:
    answers = [
        each
        for each in wellbeing.answers(db, person.id, span.answers)
        if _quarter(each.day) <= span.quarter
    ]
    recent = [each for each in answers if each.day >= span.moments]
    # A day is the member's own, of a moment as of an answer.
    first = datetime.combine(span.moments - _MOVED, time(), UTC)
    said = [
        (each, local(each.said_at or each.at, person.zone).date())
        for each in wellbeing.moments(db, person.id, first)
    ]
    ideas = [day for each, day in said if each.kind == "idea" and not each.asked]
    held_back = [day for each, day in said if each.reason == Reason.HOLDOUT]
    values: dict[Question, Sequence[tuple[date, int | None]]] = {
        Question.BURNOUT: [(each.day, each.burnout) for each in answers],
        Question.ENERGY: [(each.day, each.energy) for each in answers],
        Question.AFTER_IDEA: changes(recent, ideas, held_back),
        Question.AFTER_NONE: changes(recent, held_back, ideas),
    }
    latest = {question: _latest(given) for question, given in values.items()}
    return Counted(
        person.id,
        _team(person.team),
        {question: each for question, each in latest.items() if each is not None},
    )


def changes(
    answers: Sequence[Answer], moments: Sequence[date], others: Sequence[date]
) -> list[tuple[date, int]]:
    """Give how burnout changed around moments, on the day of the answer that came after.

    From the last answer up to the day of the moment to the first one in the 14 days after it, if
    both are of one quarter. Where one of the `others` lies between the same two answers, nobody can
    say what came of which, and neither counts.
    """
    told = sorted((each.day, each.burnout) for each in answers if each.burnout is not None)
    found = []
    for (before, first), (after, second) in pairwise(told):
        if _quarter(before) == _quarter(after) and not any(
            before <= each < after for each in others
        ):
            near = [each for each in moments if before <= each < after <= each + _AFTER]
            found += [(after, second - first)] * len(near)
    return found


def _latest(given: Sequence[tuple[date, int | None]]) -> Latest | None:
    """Find the latest quarter with an answer, and its mean."""
    values = [(_quarter(day), value) for day, value in given if value is not None]
    if not values:
        return None
    last = max(quarter for quarter, _ in values)
    return Latest(last, fmean(value for quarter, value in values if quarter == last))


def _team(name: str) -> str:
    """Give the one form of a name that people write in several ways."""
    return one_line(name).casefold()


def _write(
    db: Session,
    place: Place,
    question: Question,
    quarter: date,
    today: date,
    counted: Sequence[Counted],
    lot: Callable[[], random.Random],
) -> None:
    """Make the report of one question, once: whoever holds the book second finds it made."""
    book = teams.hold(db, place, question)
    if _is_reported(book, quarter):
        return
    here = teams.members(db, place)  # who was forgotten since they were read is not counted
    member = {key: cohort for key, cohort in book.ledger.member.items() if key in here}
    present = [each for each in counted if each.id in here]
    told, ledger = report(
        quarter,
        today,
        {each.id: each.latest[question] for each in present if question in each.latest},
        _groups(present),
        _ENDS[question],
        replace(book.ledger, member=member),
        lot(),
    )
    teams.keep(db, place, question, Book(ledger, (*book.reports, told)))


def _groups(counted: Sequence[Counted]) -> dict[str, frozenset[int]]:
    """Sort people by the teams they name today, without the teams too small to be shown."""
    found: dict[str, set[int]] = {}
    for each in counted:
        found.setdefault(each.team, set()).add(each.id)
    return {
        name: frozenset(people) for name, people in found.items() if name and len(people) >= FEWEST
    }


def _quarter(day: date) -> date:
    """Give the first day of the quarter of a day."""
    return date(day.year, (day.month - 1) // 3 * 3 + 1, 1)


def _whole_from(now: datetime, keep: timedelta) -> date:
    """Give the first day of the first quarter of which nothing is forgotten yet.

    A quarter that is half forgotten would count by another mean than it did before.
    """
    horizon = (now - keep + _EVERYWHERE).date()
    quarter = _quarter(horizon)
    return quarter if quarter == horizon else _quarter(quarter + timedelta(days=95))
