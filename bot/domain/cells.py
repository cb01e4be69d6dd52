"""What an owner may see of many answers, so that subtraction tells nobody's.

Whoever sees every report may subtract: this quarter from the last, a team from the whole, and what
they know of themself and of friends. A limit of eight for each number does not stop that: all
forty, less the thirty-nine who were there before, is one person. So people are counted in
**cohorts**:

1. A report is about one calendar quarter that is over. It is made once, kept as it is, and never
   made again, however often somebody asks.
2. Whoever is counted for the first time joins a new cohort of at least eight who are counted for
   the first time. Fewer than eight wait.
3. A cohort never takes anyone in and is never joined to another. It is shown whole or not at all.
   When some of it are missing, it is split in two for good, those shown and those not, each at
   least eight; for that some who are there are left out, by lot. If that cannot be, it is left out
   this time. So that people are seldom missing, an answer counts to the end of its year, and one
   of the last quarter to the end of the next; but a cohort is only shown in a quarter in which at
   least eight of it answered.
4. What is shown are sums over whole cohorts: of all of them, and for each group of the cohorts
   whose members are all in it. Groups may overlap. A move counts when eight of a cohort moved
   alike; the groups that are given are those of the day on which the quarter began.

Why this holds. Cohorts are only ever split, so each number ever shown, in any quarter and for any
group, is a sum over whole cohorts as they are at the end, each of at least eight people. Let two
people of one such cohort exchange what was counted of them: no number changes. So no arithmetic on
any number of reports can tell the two apart, even if nobody ever changes an answer. The difference
of any two sets of people counted is empty or at least eight. Three members who put their answers
together leave five others in their cohort, who cannot be told apart. It holds for exact sums and
numbers of people, so it does not rest on rounding.

Exchange protects who said what, not what all of them said: if all gave the worst answer, a mean
tells it of each. So a cohort is left out while three of it, putting their answers together, could
tell that all the others gave the same answer at an end of the scale: `MIXED`.
Rounding then blurs the rest. A mean is rounded to the nearest half; a number of people down to a
multiple of five, and to eight below ten. Nothing says who answered, or why a number is missing.
What stays: people in one cohort share what is shown of it. Whoever speaks for seven of a cohort, or
knows that their answers stayed the same, can follow the eighth. Of a part that was split off, the
sum can be told up to rounding while its people change nothing; if all of it gave one extreme, so
can each answer.
The price: each who leaves takes seven along, so what is shown thins out over the years, sooner
with many groups; the number of people says so.
"""

import random
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from statistics import fmean

#: The fewest people behind any number, and behind any difference of two numbers.
FEWEST = 8
#: How many members may put their answers together and still learn nothing of another's.
ALLIES = 3
#: So many of a cohort, at least, are off the lowest answer, and so many off the highest.
MIXED = ALLIES + 1


@dataclass(frozen=True, slots=True)
class Latest:
    """The latest quarter in which a member answered, by its first day, and the mean of that."""

    quarter: date
    mean: float


@dataclass(frozen=True, slots=True)
class Cohort:
    """People who are only ever counted together."""

    groups: frozenset[str]  # the groups that all of them were in
    size: int  # with those who have left or were forgotten since


@dataclass(frozen=True, slots=True, kw_only=True)
class Ledger:
    """What later reports must know of earlier ones. Kept with the answers, and shown to nobody."""

    through: date | None = None  # the first day of the last quarter that was reported
    cohorts: Mapping[int, Cohort] = field(default_factory=dict)
    #: The cohort of each member. Who is forgotten leaves this; the size of the cohort stays.
    member: Mapping[int, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Cell:
    """One number of people and the mean of their answers, both rounded."""

    people: int
    mean: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """What the owner sees of one quarter; None, or no entry, where too little can be shown."""

    quarter: date  # its first day
    whole: Cell | None
    groups: Mapping[str, Cell]


def quarter_over(today: date) -> date:
    """Give the first day of the last quarter that is over: for 4 May the first of January."""
    start = _quarter(today)
    return _quarter(start - timedelta(days=1))


def report(
    quarter: date,
    today: date,
    answers: Mapping[int, Latest],
    groups: Mapping[str, frozenset[int]],
    scale: tuple[int, int],
    ledger: Ledger,
    rng: random.Random,
) -> tuple[Report, Ledger]:
    """Make the report of a quarter, once, and the ledger for the next one.

    `answers` has the latest answers, up to this quarter, of each member who agreed to be counted.
    One question has one ledger: answers to another question need their own. A quarter that is not
    over, or not after the last one, raises ValueError; so does an answer off the scale or of later.
    """
    if quarter != _quarter(quarter) or quarter > quarter_over(today):
        raise ValueError("A report is about a calendar quarter that is over")
    if ledger.through is not None and quarter <= ledger.through:
        raise ValueError("This quarter was reported: show the report that was made")
    for each in answers.values():
        if not scale[0] <= each.mean <= scale[1] or each.quarter > quarter:
            raise ValueError(f"An answer is later, or off the scale from {scale[0]} to {scale[1]}")
    since = date(quarter.year - 1, 10, 1)
    counted = frozenset(person for person, each in answers.items() if each.quarter >= since)
    cohorts, member = dict(ledger.cohorts), dict(ledger.member)
    shown = {
        key: [answers[person].mean for person in people]
        for key, people in _present(cohorts, member, counted, groups, rng).items()
        if sum(answers[person].quarter == quarter for person in people) >= FEWEST
        and _mixed([answers[person].mean for person in people], scale)
    }
    cells = {
        name: [value for key in shown if name in cohorts[key].groups for value in shown[key]]
        for name in groups
    }
    everyone = [value for values in shown.values() for value in values]
    found = Report(
        quarter=quarter,
        whole=_cell(everyone) if everyone else None,
        groups={name: _cell(values) for name, values in cells.items() if values},
    )
    return found, Ledger(through=quarter, cohorts=cohorts, member=member)


def _present(
    cohorts: dict[int, Cohort],
    member: dict[int, int],
    counted: frozenset[int],
    groups: Mapping[str, frozenset[int]],
    rng: random.Random,
) -> dict[int, list[int]]:
    """Split and begin cohorts in place; give those that can be shown, with their members."""
    here: dict[int, list[int]] = {key: [] for key in sorted(cohorts)}
    for person in sorted(counted & set(member)):
        here[member[person]].append(person)
    found: dict[int, list[int]] = {}
    for key, people in here.items():
        kept = _kept(people, cohorts[key].size, rng)
        parts = _parts(kept, groups)
        if len(parts) == 1:  # moves of fewer than eight leave a cohort where it was counted
            parts = [(cohorts[key].groups, kept)]
        for labels, part in parts:
            rest = cohorts[key].size - len(part)
            if rest:
                cohorts[key] = replace(cohorts[key], size=rest)
                found[_begin(cohorts, member, labels, part)] = part
            else:
                cohorts[key] = replace(cohorts[key], groups=labels)
                found[key] = part
    new = sorted(counted - set(member))
    for labels, part in _parts(new, groups) if len(new) >= FEWEST else ():
        found[_begin(cohorts, member, labels, part)] = part
    return found


def _begin(
    cohorts: dict[int, Cohort], member: dict[int, int], labels: frozenset[str], people: list[int]
) -> int:
    """Make a cohort of these people."""
    key = max(cohorts, default=0) + 1
    cohorts[key] = Cohort(labels, len(people))
    member.update(dict.fromkeys(people, key))
    return key


def _kept(here: list[int], size: int, rng: random.Random) -> list[int]:
    """Choose who of a cohort is shown: at least eight, with nobody or at least eight left out."""
    left_out = size - len(here)
    if left_out == 0:
        return here
    kept = len(here) - max(0, FEWEST - left_out)
    return sorted(rng.sample(here, kept)) if kept >= FEWEST else []


def _parts(
    people: list[int], groups: Mapping[str, frozenset[int]]
) -> list[tuple[frozenset[str], list[int]]]:
    """Sort people by the groups they are in, into parts of at least eight.

    Those of small parts go together, if need be with the smallest of the others; the label of a
    part is what all of it have in common.
    """
    alike: dict[frozenset[str], list[int]] = {}
    for person in people:
        labels = frozenset(name for name, inside in groups.items() if person in inside)
        alike.setdefault(labels, []).append(person)
    parts = sorted(alike.items(), key=lambda part: (len(part[1]), sorted(part[0])))
    together: list[tuple[frozenset[str], list[int]]] = []
    while parts and (len(parts[0][1]) < FEWEST or 0 < _people(together) < FEWEST):
        together.append(parts.pop(0))
    if together:
        common = frozenset.intersection(*(labels for labels, _ in together))
        parts.append((common, sorted(person for _, part in together for person in part)))
    return parts


def _people(parts: list[tuple[frozenset[str], list[int]]]) -> int:
    return sum(len(people) for _, people in parts)


def _mixed(values: list[float], scale: tuple[int, int]) -> bool:
    """Tell whether any three of them would leave others who did not all give the same end."""
    low, high = scale
    return min(sum(value > low for value in values), sum(value < high for value in values)) >= MIXED


def _cell(values: list[float]) -> Cell:
    """Round a number of people and their mean."""
    people = len(values) - len(values) % 5 if len(values) >= 10 else FEWEST
    return Cell(people, round(fmean(values) * 2) / 2)


def _quarter(day: date) -> date:
    """Give the first day of the calendar quarter of a day."""
    return date(day.year, (day.month - 1) // 3 * 3 + 1, 1)
