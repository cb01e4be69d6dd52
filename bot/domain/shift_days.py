"""The days of a command, as members type them: "until Friday", "3 to 8 Dec", "Mon, Wed and Fri".

Days follow the rules of `dates`: plain "Friday" is the next one after today, and "until Friday"
includes it. A range with dates may have begun already. What could mean several days, such as a
month, is told and not guessed.
"""

import re
from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from itertools import pairwise

from bot.domain.dateforms import MONTH, WEEKDAY, any_of
from bot.domain.dates import read_date
from bot.errors import Ambiguous, Misread

_DAY = timedelta(1)
_BEGUN = timedelta(60)  # how long ago a range without a year may have begun
_WRAPPED = timedelta(300)  # a range without a year that is longer runs backwards: "8 Dec to 3 Dec"
_COUNTS = ("a", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
#: How many days or shifts, as a group of a pattern.
COUNT = rf"(?P<count>\d{{1,2}}|{any_of(_COUNTS)})"
_M, _W = any_of(MONTH), any_of(WEEKDAY)
_TH = r"\d{1,2}(?:st|nd|rd|th)?"
# What names one day and no more. "June" and "next week" name several.
_ONE_DAY = re.compile(
    rf"(?:(?:this|next|coming) )?(?:{_W})(?: (?:this|next) week)?|today|tonight|tomorrow|"
    rf"(?:the )?day after tomorrow|(?:the )?{_TH}|(?:this |next )?(?:christmas|xmas)(?: day| eve)?|"
    rf"(?:(?:{_W}) )?(?:the )?{_TH}[ -]?(?:of )?(?:{_M})(?:[ /-]?'?\d{{2,4}})?|"
    rf"(?:(?:{_W}) )?(?:{_M}) ?(?:the )?{_TH}(?: '?\d{{2,4}})?|"
    r"\d{1,2}[/.]\d{1,2}|\d{1,4}([-/.])\d{1,2}\1\d{2,4}"
)
_BARE = re.compile(r"(?:the )?(\d{1,2})(?:st|nd|rd|th)?")
_NUMBER = re.compile(rf"(?<![\d']){_TH}(?!\d)")
_DATED = re.compile(rf"{_TH} (?:of )?(?:{_M})(?: \d{{4}})?|(?:{_M}) {_TH}(?: \d{{4}})?")
# Counted from today wherever they stand; a plain weekday counts from the first day of its range.
_FROM_TODAY = re.compile(r"\b(?:today|tonight|tomorrow|this|next|coming)\b")
_TO = "to|until|till|til|through|thru|up to"
_UNTIL = re.compile(rf"(?:(?:from )?now )?(?:{_TO}) (.+)")
_RANGE = re.compile(rf"(?:from |starting |between )?(.+?) (?:{_TO}|-) (.+)")
_TIGHT = re.compile(rf"({_TH}|(?:{_M}) {_TH}|{_TH} (?:{_M})|{_W})-({_TH}(?:\D.*)?|(?:{_M}|{_W}).*)")
_FOR = re.compile(
    rf"for {COUNT} (?P<unit>days?|nights?|shifts?|weeks?)(?: (?:from|starting)(?: on)? (.+))?"
)
_WEEKS = re.compile(r"(?:(?P<next>next)|this|the) week(?P<end>end)?")
_NUMERIC = re.compile(r"(?<![\d/.-])(\d{1,2})[/.-](\d{1,2})(?:[/.-]\d{2,4})?(?![\d/.-])")


def read_days(text: str, *, today: date, dayfirst: bool | None = None) -> list[date]:
    """Read lower-case words as days in order; raise Misread, or Ambiguous as `read_date` does."""
    if dayfirst is None:  # "20/12 to 3/1" is written in one order
        pairs = [(int(a) > 12, int(b) > 12) for a, b in _NUMERIC.findall(text)]
        dayfirst = True if any(a for a, _ in pairs) else False if any(b for _, b in pairs) else None
    return sorted(set(_Days(text, today, dayfirst).listed()))


def runs(days: list[date]) -> list[tuple[date, date]]:
    """Put days in order together where one follows the other."""
    breaks = [n for n, (day, then) in enumerate(pairwise(days), 1) if then - day > _DAY]
    pieces = pairwise([0, *breaks, len(days)])
    return [(days[first], days[end - 1]) for first, end in pieces]


class _Days:
    """The days of one command, read from today."""

    def __init__(self, text: str, today: date, dayfirst: bool | None) -> None:
        self.said, self.today, self.dayfirst = text, today, dayfirst

    def listed(self) -> Iterator[date]:
        """Read days, ranges, and lists of both: "Sat and Sun", "3, 5 and 7 Dec"."""
        items = [each for each in re.split(r" *(?:,|&|\+|\band\b) *", self.said) if each]
        if not items:
            raise Misread("shifts.not_a_day", text=self.said)
        for item in items:
            yield from self._some(re.sub("^on ", "", item))

    def _some(self, text: str) -> Iterable[date]:
        if found := _WEEKS.fullmatch(re.sub("^over ", "", text)):
            sunday = self.today + timedelta(6 - self.today.weekday() + 7 * bool(found["next"]))
            first = sunday - timedelta(1 if found["end"] else 6)
            return _every(max(first, self.today), sunday)
        if found := _FOR.fullmatch(text):
            first = self._one(found[3], self.today) if found[3] else self.today
            word = found["count"]
            count = int(word) if word.isdigit() else max(1, _COUNTS.index(word))
            days = count * (7 if found["unit"].startswith("week") else 1)
            return _every(first, first + timedelta(max(1, days) - 1))
        if found := _UNTIL.fullmatch(text):
            return _every(self.today, self._one(_borrowed(found[1], self.said), self.today))
        found = _RANGE.fullmatch(text)
        if not found and not _ONE_DAY.fullmatch(text):  # "3-8 dec" is a range, "3-dec-26" is none
            found = _TIGHT.fullmatch(text)
        if found:
            return self._range(*(_borrowed(each, text, self.said) for each in found.groups()))
        return [self._one(_borrowed(text, self.said), self.today)]

    def _range(self, first: str, last: str) -> Iterable[date]:
        first = "today" if first == "now" else first
        number = _BARE.fullmatch(first)
        if number and _BARE.fullmatch(last):  # "the 28th to the 3rd": the nearest before its end
            end = self._one(last, self.today)
            days = (end - timedelta(n) for n in range(31))
            start = next((day for day in days if day.day == int(number[1])), None)
        else:
            begun = self._begun(first, last)
            start = begun or self._one(first, self.today)
            end = self._one(last, self.today if begun or _FROM_TODAY.search(last) else start)
        wrapped = start and not re.search(r"\d{4}", last) and end - start > _WRAPPED
        if start is None or end < start or wrapped:
            raise Misread("shifts.backwards", text=self.said)
        return _every(start, end)

    def _begun(self, first: str, last: str) -> date | None:
        """Give the first day of a range with dates that is under way today."""
        if not re.search(r"\d", first):
            return None
        year = re.search(r"\d{4}", first)
        try:
            day = self._one(first, self.today - (timedelta(366) if year else _BEGUN))
            if not day <= self.today <= (end := self._one(last, self.today)):
                return None
        except Misread:
            return None
        return day if year or end - day <= _BEGUN else None

    def _one(self, text: str, today: date) -> date:
        """Read exactly one day; a month or a week is none."""
        not_a_day = Misread("shifts.not_a_day", text=text)
        try:
            day = read_date(text, today=today, dayfirst=self.dayfirst)
        except Ambiguous as doubt:
            options = tuple(each for each in doubt.options if _ONE_DAY.fullmatch(each.lower()))
            if not options:
                raise not_a_day from None
            raise Ambiguous(doubt.key, options, **doubt.facts) from None
        if not _ONE_DAY.fullmatch(text):
            raise not_a_day
        return day


def _borrowed(text: str, *around: str) -> str:
    """Give a bare number the month of its neighbour: the 3 of "3 to 8 Dec" is 3 Dec."""
    number = _BARE.fullmatch(text)
    dated = next((dates[-1] for each in around if (dates := _DATED.findall(each))), "")
    return _NUMBER.sub(number[1], dated, count=1) if number and dated else text


def _every(first: date, last: date) -> list[date]:
    # One day more than the longest leave is enough to be told that it is too long.
    return [first + timedelta(n) for n in range(min((last - first).days, 1_000) + 1)]
