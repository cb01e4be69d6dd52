"""From a member's words to shifts, and from shifts to lines that say them in full."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from functools import cache

from bot.chat.content import content
from bot.domain.dateforms import spoken
from bot.domain.shift_words import LocalSpan, ShiftWords, read_leave, read_shift
from bot.domain.shifts import Shift, ShiftKind, find_hours, merged
from bot.domain.text import without_addresses
from bot.engine.turn import Turn
from bot.errors import Ambiguous, Misread, Refused
from bot.models import ShiftRow

_DAY = timedelta(1)
#: Kinds that have days and no hours.
WHOLE = frozenset({ShiftKind.OFF, ShiftKind.LEAVE})


@cache
def shift_words() -> ShiftWords:
    """Read the words for shifts once."""
    return ShiftWords.from_data(content("shifts/defaults"))


def read_spans(turn: Turn, text: str, *, leave: bool = False) -> tuple[LocalSpan, ...]:
    """Read shifts, or leave, as typed; raise Misread or Ambiguous as `shift_words` does."""
    if without_addresses(text) != text:
        raise Refused("shifts.refused.address")
    read = read_leave if leave else read_shift
    try:
        return read(text, shift_words(), today=turn.today, dayfirst=turn.member.dayfirst)
    except Misread as error:
        if error.key == "dates.unread":  # its examples are months, and a shift needs days
            raise Misread("shifts.not_a_day", **error.facts) from None
        raise


def whole_commands(typed: str, doubt: Ambiguous) -> Ambiguous:
    """Offer a doubt's readings as whole commands, shown as the member would say them."""
    options = tuple(f"{typed} {each}" for each in doubt.options)
    return Ambiguous(doubt.key, options, **doubt.facts).labelled(doubt.options)


def placed(turn: Turn, spans: Iterable[LocalSpan]) -> tuple[Shift, ...]:
    """Place what was read in the member's zone."""
    return tuple(each.shift(turn.member.zone) for each in spans)


def names_hours(text: str) -> bool:
    """Tell whether hours were typed; otherwise the usual ones are assumed."""
    return find_hours(text) is not None


def matching(turn: Turn, text: str, rows: Sequence[ShiftRow]) -> list[ShiftRow]:
    """Find the rows that a member names: of a kind on some days, or all of those days."""
    any_kind = False
    try:
        spans = read_spans(turn, text)
    except Misread:
        any_kind = True
        try:
            spans = read_spans(turn, f"off {text}")  # "Saturday"
        except (Misread, Ambiguous):
            spans = ()
        if not spans:
            raise
    meant = placed(turn, spans)

    def is_meant(row: ShiftRow) -> bool:
        start, end = row.starts_at, row.ends_at
        if any_kind:  # a night belongs to the day on which it begins
            return any(each.start <= start < each.end for each in meant)
        return any(
            row.kind == each.kind and start < each.end and end > each.start for each in meant
        )

    return [row for row in rows if is_meant(row)]


@dataclass(frozen=True, slots=True)
class Run:
    """Shifts of one kind at the same hours on days that follow one another; on the member's wall.

    Of days off and leave, `last` is the last day, and there is one of them however long it is.
    """

    kind: ShiftKind
    count: int
    first: datetime
    last: datetime
    end: datetime


def runs_of(turn: Turn, shifts: Iterable[Shift]) -> list[Run]:
    """Put shifts together that are said in one breath, the earliest first."""
    found: list[Run] = []
    given = set(shifts)
    whole = merged(each for each in given if each.kind in WHOLE)
    for shift in sorted({*(each for each in given if each.kind not in WHOLE), *whole}):
        start, end = turn.at(shift.start), turn.at(shift.end)
        last = end - timedelta(minutes=1) if shift.kind in WHOLE else start
        run = Run(shift.kind, 1, start, last, end)
        place = next((n for n, each in enumerate(found) if _goes_on(each, run)), None)
        if place is None:
            found.append(run)
        else:
            found[place] = replace(found[place], count=found[place].count + 1, last=last, end=end)
    return found


def _goes_on(run: Run, then: Run) -> bool:
    return (
        run.kind == then.kind
        and run.kind not in WHOLE
        and then.first.date() - run.last.date() == _DAY >= run.end.date() - run.last.date()
        and (run.first.time(), run.end.time()) == (then.first.time(), then.end.time())
    )


def lines_of(turn: Turn, shifts: Iterable[Shift]) -> tuple[str, ...]:
    """Say shifts in full, a line for each run."""
    return tuple(line_of(turn.words.short, each) for each in runs_of(turn, shifts))


def line_of(say: Callable[..., str], run: Run) -> str:
    """Say one run: "4 nights, 20:00 to 08:00: the first on Monday 4 January 2027, …"."""
    first, last = in_full(run.first.date()), in_full(run.last.date())
    if run.kind in WHOLE:
        if first == last:
            return say("shifts.line.day", what=say(f"shifts.one.{run.kind}"), first=first)
        what = say(f"shifts.many.{run.kind}")
        return say("shifts.line.days", what=what, first=first, last=last)
    start, end = f"{run.first:%H:%M}", f"{run.end:%H:%M}"
    if run.end.date() - run.last.date() > _DAY:  # a home call of a feed, handed over by the week
        what, last = say(f"shifts.one.{run.kind}"), in_full(run.end.date())
        return say("shifts.line.long", what=what, start=start, end=end, first=first, last=last)
    if run.kind is not ShiftKind.NIGHT and run.end.date() > run.last.date():
        end = say("shifts.line.next_day", end=end)
    if run.count == 1:
        what = say(f"shifts.one.{run.kind}")
        return say("shifts.line.one", what=what, start=start, end=end, first=first)
    what = say(f"shifts.many.{run.kind}")
    return say(
        "shifts.line.many",
        what=what,
        count=run.count,
        start=start,
        end=end,
        first=first,
        last=last,
    )


def in_full(day: date) -> str:
    """Write a day as "Monday 4 January 2027"."""
    return f"{day:%A} {spoken(day)}"
