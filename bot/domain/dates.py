"""Dates as clinicians type them: deadlines, times of day and weekdays.

A period is due on its last day ("June", "Q3"; "next week" ends on Sunday), "before" a period means
the day before it begins, and "before Friday" still allows Friday. Plain "Friday" is the next one
after today; "this" and "next Friday" belong to this and the next calendar week, Monday first.
Without a year, the next day that is not past is meant. A range ("3-6 months") is due at its end.
"""

import re
from calendar import monthrange
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from difflib import get_close_matches
from itertools import islice

from bot.domain.text import one_line
from bot.errors import Ambiguous, Misread, Told

_LONGEST = 100  # characters of one date
_FARTHEST = 60  # years: longer than any career
_SCANNED, _CLAUSES = 10_000, 16  # characters, and leads, looked at from the end of a sentence

_MONTHS = "January February March April May June July August September October November December"
_WEEKDAYS = "Monday Tuesday Wednesday Thursday Friday Saturday Sunday"
_NUMBERS = "one two three four five six seven eight nine ten eleven twelve"
_MONTH = {w: n for n, m in enumerate(_MONTHS.lower().split(), 1) for w in (m, m[:3])} | {"sept": 9}
_WEEKDAY = {w: n for n, day in enumerate(_WEEKDAYS.lower().split()) for w in (day, day[:3])}
_WEEKDAY |= {"tues": 1, "weds": 2, "thur": 3, "thurs": 3}
_COUNT = {word: n for n, word in enumerate(_NUMBERS.split(), 1)}
_COUNT |= {"a": 1, "an": 1, "a couple of": 2, "eighteen": 18, "twenty": 20}
_DAYS, _SPAN = {"d": 1, "w": 7, "f": 14}, {"m": 1, "q": 3, "y": 12}  # by a unit's first letter

_NAMES = tuple(name for name in f"{_MONTHS} {_WEEKDAYS}".lower().split() if name != "may")
_TARGETS = (*_NAMES, "next", "today", "tomorrow", "days", "weeks", "months", "years", "quarter")
_HELPERS = (
    "the this coming of mid late start beginning end eod after from now time to or tonight day "
    "week fortnight fortnights month year quarters wk wks mth mths yr yrs q1 q2 q3 q4 spring "
    "summer autumn winter"
)
_KNOWN = {*_MONTH, *_WEEKDAY, *_TARGETS, *" ".join((*_COUNT, _HELPERS)).split()}
# Real words that are one slip away from a date word.
_INNOCENT = {
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
_INNOCENT |= {f"{day}s" for day in _WEEKDAY}
_DIGITS = frozenset("0123456789'")


def spoken(day: date) -> str:
    """Write a day as `30 June 2027`."""
    return f"{day.day} {_MONTHS.split()[day.month - 1]} {day.year}"


def _month_end(year: int, month: int) -> date:
    return date(year, month, monthrange(year, month)[1])


def _add_months(day: date, months: int) -> date:
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    last = _month_end(year, month + 1)
    return last.replace(day=min(day.day, last.day))


def _year(text: str) -> int:
    return int(text.lstrip("'")) + (2000 if len(text) < 4 else 0)


_Groups = dict[str, str]


@dataclass(frozen=True, slots=True)
class _Reading:
    """One date being read; each method but the first two turns the groups of a form into a day."""

    text: str
    today: date
    dayfirst: bool | None
    before: bool

    def misread(self, key: str, **facts: str) -> Misread:
        return Misread(key, text=self.text, **facts)

    def checked(self, day: date) -> date:
        if day < self.today:
            raise self.misread("dates.past", read=spoken(day))
        if day > _add_months(self.today, 12 * _FARTHEST):
            raise self.misread("dates.too_far")
        return day

    def real(self, day: int, month: int, year: str | None) -> date:
        # Nine years reach the next 29 February even across 2100.
        years = [_year(year)] if year else range(self.today.year, self.today.year + 9)
        ends = [end for y in years if (end := _month_end(y, month)) >= self.today or year]
        days = (end.replace(day=day) for end in ends if 1 <= day <= end.day)
        found = next((each for each in days if year or each >= self.today), None)
        if found is None:
            raise self.misread("dates.no_such_day", last=spoken(self.checked(ends[0])))
        return found

    def day(self, g: _Groups) -> date:
        month = _MONTH.get(g["month"]) or int(g["month"])
        day = self.checked(self.real(int(g["day"]), month, g["year"]))
        if (said := g.get("weekday")) and _WEEKDAY[said] != day.weekday():
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
            elif part == "mid":
                days.append(first + timedelta(max(14, ((last - first).days - 1) // 2)))
            else:
                days.append(first if "start" in part or "beginning" in part else last)
        return self.checked(next((day for day in days if day >= self.today), days[-1]))

    def named(self, g: _Groups) -> date:
        now, month, count = self.today, _MONTH.get(g.get("month", ""), 1), 12
        if number := g.get("quarter"):
            month, count = 3 * int(number) - 2, 3
        elif g.get("month"):
            count = 1
        skip = g.get("which") == "next" and month <= now.month
        years = [_year(g["year"])] if g["year"] else [now.year + skip, now.year + 1]
        return self.period(years[: 1 if g.get("which") == "this" else 2], month, count, g["part"])

    def unit(self, g: _Groups) -> date:
        ahead, count = g["which"] in {"next", "coming"}, _SPAN.get(g["unit"][0])
        if count:
            month = (self.today.month - 1) // count * count + 1
            first = _add_months(self.today.replace(month=month, day=1), count * ahead)
            return self.period([first.year], first.month, count, g["part"])
        part = g["part"] or ""
        back = 6 if "start" in part or "beginning" in part else 7 if self.before and not part else 0
        sunday = self.today + timedelta(6 - self.today.weekday() + 7 * ahead)
        return self.checked(sunday - timedelta(back))

    def relative(self, g: _Groups) -> date:
        count, unit = _COUNT.get(g["count"]) or int(g["count"] or 1), g["unit"][0]
        # Clamped beyond the farthest year, so that no count overflows a date.
        if unit in _DAYS:
            return self.checked(self.today + timedelta(min(count * _DAYS[unit], 36_525)))
        return self.checked(_add_months(self.today, min(count * _SPAN[unit], 1_200)))

    def weekday(self, g: _Groups) -> date:
        ahead = _WEEKDAY[g["weekday"]] - self.today.weekday()
        if g["which"] not in {"this", "next"}:
            ahead = (ahead - 1) % 7 + 1
        return self.checked(self.today + timedelta(ahead + 7 * (g["which"] == "next")))

    def word(self, g: _Groups) -> date:
        return self.today + timedelta({"tom": 1, "day": 2}.get(g["word"][:3], 0))

    def season(self, _: _Groups) -> date:
        raise self.misread("dates.unread")  # hemispheres disagree about seasons


def _any(words: Iterable[str]) -> str:
    return "|".join(sorted(words, key=len, reverse=True))


# fmt: off
_M, _W = f"(?P<month>{_any(_MONTH)})", f"(?P<weekday>{_any(_WEEKDAY)})"
_D, _Y = "(?:the )?(?P<day>[0-9]{1,2})(?:st|nd|rd|th)?", "(?P<year>[1-9][0-9]{3}|'?[0-9]{2})"
_OF_Y = "(?:(?: of)?[ -]?(?P<year>[1-9][0-9]{3}|'[0-9]{2}))?"
_PART = "(?:(?P<part>mid|late|(?:the )?(?:start|beginning|end) of)[ -])?"
_WHICH = "(?:(?:the |this )?(?P<which>this|next|coming) )?"
_ONE = f"(?:[0-9]{{1,4}}|{_any(_COUNT)})"
_N = f"(?:{_ONE}(?:-| to | or ))?(?P<count>{_ONE})[ -]"
_UNIT = "(?P<unit>(?:day|week|wk|fortnight|month|mth|quarter|year|yr)s?)'?"
# A form: its kind (which leads it takes in a sentence), its pattern and its reader.
_R = _Reading
_Form = tuple[str, re.Pattern[str], Callable[[_Reading, _Groups], date]]
_FORMS: tuple[_Form, ...] = tuple((kind, re.compile(form), reader) for kind, form, reader in (
    ("day", f"(?:{_W} )?{_D}[ -]?(?:of )?{_M}(?:[ -]?{_Y})?", _R.day),
    ("day", f"(?:{_W} )?{_M} {_D}(?: {_Y})?", _R.day),
    ("day", r"(?P<year>[1-9]\d{3})([-/.])(?P<month>0?[1-9]|1[0-2])\2(?P<day>\d\d?)", _R.day),
    ("day", "(?:the )?(?P<word>today|tonight|tomorrow|day after tomorrow)", _R.word),
    ("day", "(?P<word>(?:the )?end of (?:the )?day|eod)", _R.word),
    ("day", rf"(?P<a>\d\d?)([/.-])(?P<b>\d\d?)\2{_Y}", _R.numeric),
    ("day", r"(?P<a>\d\d?)/(?P<b>\d\d?)", _R.numeric),
    ("month", f"{_PART}{_WHICH}{_M}{_OF_Y}", _R.named),
    ("month", f"{_PART}q(?P<quarter>[1-4]){_OF_Y}", _R.named),
    ("month", rf"{_PART}(?:the year )?(?P<year>[1-9]\d{{3}})", _R.named),
    ("month", f"(?:the |mid |late |next )?(?:spring|summer|autumn|winter){_OF_Y}", _R.season),
    ("ahead", f"{_N}{_UNIT} (?:from (?:now|today)|time)", _R.relative),
    ("span", f"(?:the )?(?:next |coming )?{_N}{_UNIT}", _R.relative),
    ("span", f"(?P<count>)the (?:next|coming) {_UNIT}", _R.relative),
    ("unit", f"(?=.* ){_PART}{_WHICH}(?:the )?(?P<unit>week|month|quarter|year)", _R.unit),
    ("weekday", f"{_WHICH}{_W}", _R.weekday),
    ("weekday", f"{_W} (?P<which>this|next) week", _R.weekday),
))
_BY = "day month unit weekday ahead"
_TAKES = {"by": _BY, "before": _BY, "until": _BY, "till": _BY, "no later than": _BY,
          "on or before": _BY, "within": "month unit span ahead", "in": "month unit span ahead",
          "on": "day weekday", "for": "span", "over": "span", "during": "span",
          "": "month unit span weekday"}
# fmt: on
_LEADS = _any(filter(None, _TAKES))
# ASCII, because a Turkish İ matches "in" otherwise.
_LEAD = re.compile(
    rf"(?<![\w'-])(?:(?P<lead>{_LEADS})\s+|(?=(?:this|next|(?:the\s+)?end\s+of)\s))",
    re.IGNORECASE | re.ASCII,
)


def _normal(text: str) -> str:
    lower = text.lower().replace("’", "'").replace(",", " ")
    return " ".join(re.sub(r"(?<=[a-z])\.|(?<=[0-9])\.(?= )", "", lower).split()).strip(' .;:!?"()')


def _datelike(word: str) -> bool:
    return word[:1] in _DIGITS or all(part.rstrip("'") in _KNOWN for part in word.split("-"))


def _slip(word: str, target: str, swap: bool) -> bool:
    """Tell whether one letter is missing, too many, turned with the next, or (`swap`) another."""
    pairs = enumerate(zip(word, target, strict=False))
    same = next((n for n, (a, b) in pairs if a != b), min(len(word), len(target)))
    a, b = word[same:], target[same:]
    turned = a[:2] == b[1::-1] and a[2:] == b[2:]
    return a[1:] == b or a == b[1:] or turned or (swap and a[1:] == b[1:])


def _guesses(word: str, loose: bool) -> list[str]:
    if word in _INNOCENT or len(word) < 3 or not word.isalpha():
        return []
    swaps = _NAMES if loose or len(word) > 5 else ()
    near = [target for target in _TARGETS if _slip(word, target, swap=target in swaps)]
    return near or (get_close_matches(word, _TARGETS, 3, 0.8) if len(word) > 6 else [])


def _judge(words: str, reading: _Reading, takes: str, loose: bool) -> date | None:
    """Read a date of the kinds in `takes`; ask when one misspelt word keeps it from reading."""

    def read(text: str) -> date | None:
        for kind, form, reader in _FORMS:
            if match := form.fullmatch(text):
                return reader(reading, match.groupdict()) if kind in takes.split() else None
        return None

    tokens = words.split()
    odd = [n for n, word in enumerate(tokens) if not _datelike(word)]
    if not odd:
        return read(words)
    options = []
    for guess in _guesses(tokens[odd[0]], loose) if len(odd) == 1 else ():
        fixed = " ".join((*tokens[: odd[0]], guess, *tokens[odd[0] + 1 :]))
        if day := read(fixed):
            named = re.sub(rf"\b({_any(_MONTH | _WEEKDAY)}|q\d)\b", lambda m: m[0].title(), fixed)
            options.append(spoken(day) if reading.before else named)
    if options:
        raise Ambiguous("dates.near_miss", tuple(options), text=reading.text)
    return None


def _library(words: str, reading: _Reading) -> date | None:
    if not (_MONTH.keys() & words.split() and re.search("[0-9]", words)):
        return None
    import dateparser  # here, because it takes 0.1 s to load and as much for its first date

    settings = {"RELATIVE_BASE": datetime.combine(reading.today, time()), "PARSERS":
                ["absolute-time"], "REQUIRE_PARTS": ["day", "month"],
                "PREFER_DATES_FROM": "future"}  # fmt: skip
    try:
        found = dateparser.parse(words, languages=["en"], settings=settings)
    except (ValueError, OverflowError):
        return None
    return reading.checked(found.date()) if found else None


def read_date(text: str, *, today: date, dayfirst: bool | None = None) -> date:
    """Read a whole phrase as a deadline; raise Misread, or Ambiguous for 1/3/27 and near misses."""
    said = one_line(text[:_LONGEST])
    words = _normal(said)
    reading = _Reading(said, today, dayfirst, words.startswith("before "))
    words = re.sub(rf"^(?:{_LEADS}|due) ", "", words)
    if len(text) > _LONGEST:
        raise reading.misread("dates.unread")
    day = _judge(words, reading, " ".join(_TAKES.values()), loose=True)
    if day := day or _library(words, reading):
        return day
    raise reading.misread("dates.unread")


@dataclass(frozen=True, slots=True)
class Found:
    """A deadline in a sentence: `text[start:end]` is `phrase`, its lead word included."""

    start: int
    end: int
    phrase: str
    day: date


_TOKEN, _YEAR_NEXT = re.compile(r"\S+"), re.compile(r" +[12]\d{3}\b")


def _window(text: str, start: int) -> list[tuple[int, int]]:
    """List where the words that may belong to one date begin and end."""
    spans: list[tuple[int, int]] = []
    odd = False
    for token in islice(_TOKEN.finditer(text, start), 8):
        word = token[0].rstrip(".,;:!?)\"'”")
        plain = word.lower()
        if not _datelike(plain):
            if odd or not _guesses(plain, loose=True):
                break
            odd = True
        spans.append((token.start(), token.start() + len(word)))
        tail = token[0][len(word) :]
        if tail == "." and len(plain) < 6 and (plain in _MONTH or plain in _WEEKDAY):
            continue  # "Jan. 3"
        if tail and not (
            tail == "," and (plain in _WEEKDAY or _YEAR_NEXT.match(text, token.end()))
        ):
            break
    return spans


def _misleads(lead: str, words: str, before: str, after: str) -> bool:
    """Tell whether a phrase only looks like a deadline, as in "twice in a week"."""
    last = words.split()[-1]
    if words in {"a day", "one day"} or re.search(r"\b(?:once|twice|times) $", before):
        return True
    if re.fullmatch("the (?:week|month|quarter|year)", words):
        return lead != "within"
    if words.isdigit():
        return bool(re.match(r" \w{3,}s\b", after))  # "in 2028 patients"
    if last in _WEEKDAY:
        return bool(re.match(r" (?:mornings|afternoons|evenings|nights)\b", after))
    counted = re.fullmatch(_UNIT, last) and not re.search(r"\b(?:this|end|start)\b", words)
    return bool(counted and re.match(r" (?:of|after|post)\b", after))


_Clause = tuple[int, Found | Told]


def _clause(text: str, lead: re.Match[str], today: date, dayfirst: bool | None) -> _Clause | None:
    """Read the clause behind a lead: where it ends, and its day or what to tell about it."""
    word, start = " ".join((lead["lead"] or "").lower().split()), lead.start()
    spans = _window(text, lead.end())
    for first, end in [(spans[0][0], end) for _, end in reversed(spans)]:
        said, before, after = text[first:end], text[max(0, start - 8) : start], text[end : end + 30]
        words = _normal(said)
        if said == "MAR" or _misleads(word, words, before, after):
            continue  # MAR is the drug chart
        reading = _Reading(said, today, dayfirst, word == "before")
        try:
            loose = any(char.isdigit() for char in words)
            if day := _judge(words, reading, _TAKES[word], loose):
                return end, Found(start, end, text[start:end], day)
        except (Misread, Ambiguous) as told:
            # "The cohort of 2019" and "in 2500 patients" tell a story; they set no deadline.
            if word == "in" and told.key in {"dates.past", "dates.too_far"}:
                return None
            told.facts |= {"start": start, "end": end, "phrase": text[start:end], "lead": word}
            return end, told
    return None


def find_deadline(text: str, *, today: date, dayfirst: bool | None = None) -> Found | None:
    """Find the last deadline in a sentence; raise Misread or Ambiguous if none of them reads.

    The facts add `start` and `end` (characters of `text`), `phrase` and `lead`, a word or nothing.
    """
    visible = "".join(char if char.isprintable() else " " for char in text[-_SCANNED:])
    seen = visible.rjust(len(text))  # so that positions count from the beginning
    leads = list(_LEAD.finditer(seen, max(0, len(text) - _SCANNED)))[-_CLAUSES:]
    clauses = [found for lead in leads if (found := _clause(seen, lead, today, dayfirst))]
    # Of clauses that end together the first is the longest: "by the end of June".
    _, best = max(clauses, key=lambda c: (isinstance(c[1], Found), c[0]), default=(0, None))
    if isinstance(best, Told):
        raise best
    return best


_TIME = re.compile(
    r"(?:at )?(?P<hour>[0-9]{1,2})(?:[:.h]?(?P<minute>[0-9]{2}))? ?(?:h|hrs|hours|o'clock)? ?"
    r"(?P<half>[ap]m)?"
)


def read_time(text: str) -> time:
    """Read a time of day, `9`, `9:30 pm`, `0730` or `noon`; raise Misread if there is none."""
    words = _normal(text[:_LONGEST]) if len(text) <= _LONGEST else ""
    if words in {"noon", "midday", "midnight"}:
        return time(0 if words == "midnight" else 12)
    if match := _TIME.fullmatch(words):
        hour, minute, half = int(match["hour"]), int(match["minute"] or 0), match["half"]
        if half and 1 <= hour <= 12:
            hour, half = hour % 12 + (12 if half == "pm" else 0), None
        if hour < 24 and minute < 60 and not half:
            return time(hour, minute)
    raise Misread("dates.no_time", text=one_line(text[:_LONGEST]))


def read_weekday(text: str) -> int:
    """Read a weekday, `mon` or `on Mondays`, as 0 (Monday) to 6; raise Misread if there is none."""
    word = re.sub("^(?:on|every|each) ", "", _normal(text[:_LONGEST]))
    for name in (word, word.removesuffix("s")):
        if name in _WEEKDAY and len(text) <= _LONGEST:
            return _WEEKDAY[name]
    raise Misread("dates.no_weekday", text=one_line(text[:_LONGEST]))
