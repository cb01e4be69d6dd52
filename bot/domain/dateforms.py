"""The vocabulary of dates, and the forms that read one: what `dates` looks for in a text."""

import re
from calendar import monthrange
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from bot.errors import Ambiguous, Misread

LONGEST = 100  # characters of one date
_FARTHEST = 60  # years: longer than any career
SCANNED, CLAUSES = 10_000, 16  # characters, and leads, looked at from the end of a sentence

_MONTHS = "January February March April May June July August September October November December"
_WEEKDAYS = "Monday Tuesday Wednesday Thursday Friday Saturday Sunday"
_NUMBERS = "one two three four five six seven eight nine ten eleven twelve"
MONTH = {w: n for n, m in enumerate(_MONTHS.lower().split(), 1) for w in (m, m[:3])} | {"sept": 9}
WEEKDAY = {w: n for n, day in enumerate(_WEEKDAYS.lower().split()) for w in (day, day[:3])}
WEEKDAY |= {"tues": 1, "weds": 2, "thur": 3, "thurs": 3}
_COUNT = {word: n for n, word in enumerate(_NUMBERS.split(), 1)}
_COUNT |= {"a": 1, "an": 1, "a couple of": 2, "eighteen": 18, "twenty": 20}
_NTH = {"f": 1, "1": 1, "s": 2, "2": 2, "t": 3, "3": 3}  # by its first letter
_DAYS, _SPAN = {"d": 1, "w": 7, "f": 14}, {"m": 1, "q": 3, "y": 12}  # by a unit's first letter

NAMES = tuple(name for name in f"{_MONTHS} {_WEEKDAYS}".lower().split() if name != "may")
TARGETS = (*NAMES, "next", "today", "tomorrow", "days", "weeks", "months", "years", "quarter")
_HELPERS = (
    "the this coming of mid late start beginning end eod after from now time to or tonight day "
    "week fortnight fortnights month year quarters wk wks mth mths yr yrs q1 q2 q3 q4 spring "
    "summer autumn winter early middle first second third last eom eow eoq eoy mo mos christmas "
    "xmas eve"
)
KNOWN = {*MONTH, *WEEKDAY, *TARGETS, *" ".join((*_COUNT, _HELPERS)).split()}
# Real words that are one slip away from a date word.
INNOCENT = {
    "arch",
    "augusta",
    "ears",
    "jury",
    "marc",
    "match",
    "sundae",
    "sundry",
    "text",
    "toady",
}
INNOCENT |= {f"{day}s" for day in WEEKDAY}
DIGITS = frozenset("0123456789'")


def spoken(day: date) -> str:
    """Write a day as `30 June 2027`."""
    return f"{day.day} {_MONTHS.split()[day.month - 1]} {day.year}"


def _month_end(year: int, month: int) -> date:
    return date(year, month, monthrange(year, month)[1])


def _add_months(day: date, months: int) -> date:
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    last = _month_end(year, month + 1)
    return last.replace(day=min(day.day, last.day))


_Groups = dict[str, str]


@dataclass(frozen=True, slots=True)
class Reading:
    """One date being read; each method with groups turns the groups of a form into a day."""

    text: str
    today: date
    dayfirst: bool | None
    before: bool

    def misread(self, key: str, **facts: str) -> Misread:
        return Misread(key, text=self.text, **facts)

    def year(self, text: str) -> int:
        if text.endswith("year"):
            return self.today.year + text.startswith("next")
        return int(text.lstrip("'")) + (2000 if len(text) < 4 else 0)

    def checked(self, day: date) -> date:
        if day < self.today:
            raise self.misread("dates.past", read=spoken(day))
        if day > _add_months(self.today, 12 * _FARTHEST):
            raise self.misread("dates.too_far")
        return day

    def real(self, day: int, month: int, year: str | None) -> date:
        # Nine years reach the next 29 February even across 2100.
        years = [self.year(year)] if year else range(self.today.year, self.today.year + 9)
        ends = [end for y in years if (end := _month_end(y, month)) >= self.today or year]
        days = (end.replace(day=day) for end in ends if 1 <= day <= end.day)
        found = next((each for each in days if year or each >= self.today), None)
        if found is None:
            raise self.misread("dates.no_such_day", last=spoken(self.checked(ends[0])))
        return found

    def day(self, g: _Groups) -> date:
        month = MONTH.get(g["month"]) or int(g["month"])
        day = self.checked(self.real(int(g["day"]), month, g["year"]))
        if (said := g.get("weekday")) and WEEKDAY[said] != day.weekday():
            raise Ambiguous("dates.near_miss", (spoken(day),), text=self.text)
        return day

    def numeric(self, g: _Groups) -> date:
        a, b = int(g["a"]), int(g["b"])
        pairs = [(d, m) for d, m in dict.fromkeys(((a, b), (b, a))) if m in range(1, 13) and d < 32]
        days = [self.real(d, m, g.get("year")) for d, m in pairs if d]
        if not days:
            raise self.misread("dates.unread")
        if self.dayfirst is not None:
            return self.checked(days[0 if self.dayfirst else -1])
        # A deadline is never past, so one past reading leaves no doubt.
        live = [self.checked(day) for day in days if day >= self.today]
        if len(live) > 1:
            raise Ambiguous("dates.ambiguous", (spoken(live[0]), spoken(live[1])), text=self.text)
        return self.checked((live or days)[0])

    def period(self, years: Iterable[int], month: int, count: int, part: str | None) -> date:
        days = []
        for first, last in ((date(y, month, 1), _month_end(y, month + count - 1)) for y in years):
            if not part:
                days.append(first - timedelta(1) if self.before else last)
            elif "mid" in part:
                days.append(first + timedelta(max(14, ((last - first).days - 1) // 2)))
            elif part == "early":  # the first third
                third = _month_end(first.year, month + (count - 1) // 4)
                days.append(first + timedelta(9) if count == 1 else third)
            elif (week := re.search("first|1st|second|2nd|third|3rd", part)) is not None:
                days.append(first + timedelta(7 * _NTH[week[0][0]] - 1))
            else:
                days.append(first if "start" in part or "beginning" in part else last)
        return self.checked(next((day for day in days if day >= self.today), days[-1]))

    def named(self, g: _Groups) -> date:
        now, month, count = self.today, 1, 12
        if number := g.get("quarter"):
            month, count = 3 * int(number) - 2, 3
        elif name := g.get("month"):
            month, count = MONTH.get(name) or int(name), 1
        skip = g.get("which") == "next" and month <= now.month
        years = [self.year(g["year"])] if g["year"] else [now.year + skip, now.year + 1]
        return self.period(years[: 1 if g.get("which") == "this" else 2], month, count, g["part"])

    def unit(self, g: _Groups) -> date:
        ahead, count = g["which"] in {"next", "coming"}, _SPAN.get(g["unit"][0])
        if count:
            month = (self.today.month - 1) // count * count + 1
            first = _add_months(self.today.replace(month=month, day=1), count * ahead)
            return self.period([first.year], first.month, count, g["part"])
        part = g["part"] or ""
        back = 6 if "start" in part or "beginning" in part else 7 if self.before and not part else 0
        back = 5 if part == "early" else back
        sunday = self.today + timedelta(6 - self.today.weekday() + 7 * ahead)
        return self.checked(sunday - timedelta(back))

    def relative(self, g: _Groups) -> date:
        count, unit = _COUNT.get(g["count"]) or int(g["count"] or 1), g["unit"][0]
        # Clamped beyond the farthest year, so that no count overflows a date.
        if unit in _DAYS:
            return self.checked(self.today + timedelta(min(count * _DAYS[unit], 36_525)))
        return self.checked(_add_months(self.today, min(count * _SPAN[unit], 1_200)))

    def weekday(self, g: _Groups) -> date:
        ahead = WEEKDAY[g["weekday"]] - self.today.weekday()
        if g["which"] not in {"this", "next"}:
            ahead = (ahead - 1) % 7 + 1
        return self.checked(self.today + timedelta(ahead + 7 * (g["which"] == "next")))

    def ordinal(self, g: _Groups) -> date:
        now, day = self.today, int(g["day"])
        skip = {"this": 0, "next": 1}.get(g["which"] or "")
        ahead = range(3) if skip is None else (skip,)
        firsts = [_add_months(now.replace(day=1), n) for n in ahead]
        ends = [_month_end(first.year, first.month) for first in firsts]
        days = [end.replace(day=day) for end in ends if day <= end.day]
        if not days:
            raise self.misread("dates.no_such_day", last=spoken(ends[0]))
        return self.checked(next((each for each in days if each >= now), days[-1]))

    def christmas(self, g: _Groups) -> date:
        return self.checked(self.real(24 if g["eve"] else 25, 12, g["year"]))

    def word(self, g: _Groups) -> date:
        return self.today + timedelta({"tom": 1, "day": 2}.get(g["word"][:3], 0))

    def season(self, _: _Groups) -> date:
        raise self.misread("dates.unread")  # hemispheres disagree about seasons


def any_of(words: Iterable[str]) -> str:
    return "|".join(sorted(words, key=len, reverse=True))


# fmt: off
_M, _W = f"(?P<month>{any_of(MONTH)})", f"(?P<weekday>{any_of(WEEKDAY)})"
_SEASONS = "spring|summer|autumn|winter"
_TH, _TO = "(?:st|nd|rd|th)", "(?:[-/]| or | to )"
_D = f"(?:the )?(?:[0-9]{{1,2}}{_TH}?{_TO})?(?P<day>[0-9]{{1,2}}){_TH}?"
_REAL_D, _REAL_M = "(?:0?[1-9]|[12][0-9]|3[01])", "(?:0?[1-9]|1[0-2])"
_LONG_Y = "[1-9][0-9]{3}|(?:this|next) year"
_Y = f"(?P<year>{_LONG_Y}|'?[0-9]{{2}})"
_OF_Y = f"(?:(?: of)?[ /-]?(?P<year>{_LONG_Y}|'[0-9]{{2}}))?"
_WEEK = "(?:first|1st|second|2nd|third|3rd|last) week of"
_PART = ("(?:(?P<part>mid|early|late|"
         f"(?:the )?(?:(?:start|beginning|end)(?: of)?|middle of|{_WEEK}))[ -])?")
_WHICH = "(?:(?:the |this )?(?P<which>this|next|coming) )?"
_ONE = f"(?:[0-9]{{1,4}}|{any_of(_COUNT)})"
_N = f"(?:{_ONE}(?:-| to | or ))?(?P<count>{_ONE})[ -]?"
UNIT = "(?P<unit>(?:day|week|wk|fortnight|month|mth|mo|quarter|year|yr)s?)'?"
# A form: its kind (which leads it takes in a sentence), its pattern and its reader.
_R = Reading
_Form = tuple[str, re.Pattern[str], Callable[[Reading, _Groups], date]]
FORMS: tuple[_Form, ...] = tuple((kind, re.compile(form), reader) for kind, form, reader in (
    ("day", f"(?:{_W} )?{_D}[ -]?(?:of )?{_M}(?:[ /-]?{_Y})?", _R.day),
    ("day", f"(?:{_W} )?{_M} ?{_D}(?: {_Y})?", _R.day),
    ("day", r"(?P<year>[1-9]\d{3})([-/.])(?P<month>0?[1-9]|1[0-2])\2(?P<day>\d\d?)", _R.day),
    ("day", "(?:the )?(?P<word>today|tonight|tomorrow|day after tomorrow)", _R.word),
    ("day", "(?P<word>(?:the )?end of (?:the )?day|eod)", _R.word),
    ("day", rf"(?P<a>\d\d?)([/.-])(?P<b>\d\d?)\2{_Y}", _R.numeric),
    ("day", r"(?P<a>\d\d?)/(?P<b>\d\d?)", _R.numeric),
    # "by 1.5" may be a decimal: only "28.2" and "1.05" are dates wherever they stand.
    ("day", "(?P<day>1[3-9]|2[0-9]|3[01])[.](?P<month>0?[1-9]|1[0-2])(?P<year>)", _R.day),
    ("day", f"(?P<day>{_REAL_D})[.](?P<month>0[1-9]|1[0-2])(?P<year>)", _R.day),
    ("typed", f"(?P<day>{_REAL_D})[.](?P<month>{_REAL_M})(?P<year>)", _R.day),
    ("day", f"(?:the )?(?P<day>{_REAL_D}){_TH}(?: of (?P<which>this|next|the) month)?", _R.ordinal),
    ("day", f"(?:(?:this|next) )?(?:christmas|xmas)(?: day|(?P<eve> eve))?{_OF_Y}", _R.christmas),
    ("day", "(?P<part>eo)(?P<which>)(?P<unit>[wmqy])", _R.unit),
    ("month", f"{_PART}{_WHICH}{_M}{_OF_Y}", _R.named),
    ("month", f"{_PART}q(?P<quarter>[1-4])(?:(?: of)?[ /-]?{_Y})?", _R.named),
    ("month", rf"{_PART}(?:the year )?(?P<year>[1-9]\d{{3}})", _R.named),
    ("month", f"{_PART}(?P<month>{_REAL_M})[/.-](?P<year>[1-9][0-9]{{3}})", _R.named),
    ("month", f"(?:(?:the|mid|early|late|next) )?(?:{_SEASONS}){_OF_Y}", _R.season),
    ("ahead", f"{_N}{UNIT} (?:from (?:now|today)|time)", _R.relative),
    ("span", f"(?:the )?(?:next |coming )?{_N}{UNIT}", _R.relative),
    ("span", f"(?P<count>)the (?:next|coming) {UNIT}", _R.relative),
    ("day", "(?P<which>)(?:the )?(?P<unit>week|month|quarter|year)[ -](?P<part>end)", _R.unit),
    ("unit", f"(?=.* ){_PART}{_WHICH}(?:the )?(?P<unit>week|month|quarter|year)", _R.unit),
    ("weekday", f"{_WHICH}{_W}", _R.weekday),
    ("weekday", f"{_W} (?P<which>this|next) week", _R.weekday),
))
_BY = "day month unit weekday ahead"
_EARLIER = ("by", "before", "b4", "until", "till", "til", "'til", "’til", "no later than",
            "on or before")
_TAKES = {**dict.fromkeys(_EARLIER, _BY),
          "within": "month unit span ahead", "in": "month unit span ahead",
          "on": "day weekday", "for": "span", "over": "span", "during": "span",
          "": "month unit span weekday"}
TAKES = {lead: frozenset(kinds.split()) for lead, kinds in _TAKES.items()}
EVERY = frozenset({"typed"}).union(*TAKES.values())  # where nothing but a date stands
# fmt: on
LEADS = any_of(filter(None, TAKES))
