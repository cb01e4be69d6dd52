"""Dates as clinicians type them: deadlines, times of day and weekdays.

A period is due on its last day ("June", "Q3"; "next week" ends on Sunday), "before" a period means
the day before it begins, and "before Friday" still allows Friday. Plain "Friday" is the next one
after today; "this" and "next Friday" belong to this and the next calendar week, Monday first.
Without a year, the next day that is not past is meant. A range ("3-6 months", "June or July") is
due at its end.
"""

import re
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time
from difflib import get_close_matches
from functools import lru_cache
from itertools import islice

from bot.domain.dateforms import (
    CLAUSES,
    DIGITS,
    EVERY,
    FORMS,
    INNOCENT,
    KNOWN,
    LEADS,
    LONGEST,
    MONTH,
    NAMES,
    SCANNED,
    TAKES,
    TARGETS,
    UNIT,
    WEEKDAY,
    Reading,
    any_of,
    spoken,
)
from bot.domain.text import one_line
from bot.errors import Ambiguous, Misread, Told

# ASCII, because a Turkish İ matches "in" otherwise.
_LEAD = re.compile(
    rf"(?<![\w'-])(?:(?P<lead>{LEADS})\s+|(?=(?:this|next|(?:the\s+)?(?:end|first\s+week)\s+of)\s|"
    rf"(?:mid|early|late)[\s-]+(?:{any_of(MONTH)}|q[1-4])\b))",
    re.IGNORECASE | re.ASCII,
)
_PLAIN, _MARKS = str.maketrans("’–", "'-"), (" or ", " to ", "/", "-")


def _normal(text: str) -> str:
    lower = text.lower().translate(_PLAIN).replace(",", " ")
    words = " ".join(re.sub(r"(?<=[a-z])\.|(?<=[0-9])\.(?= )", "", lower).split())
    return words.strip(' .…;:!?"()')


def _datelike(word: str) -> bool:
    if word[:1] in DIGITS or word in KNOWN:
        return True
    parts = [part.rstrip("'") for part in re.split("[-/]", word)]
    return all(p in KNOWN or p.isdigit() or p.rstrip("'0123456789") in MONTH for p in parts)


def _slip(word: str, target: str, swap: bool) -> bool:
    """Tell whether one letter is missing, too many, turned with the next, or (`swap`) another."""
    pairs = enumerate(zip(word, target, strict=False))
    same = next((n for n, (a, b) in pairs if a != b), min(len(word), len(target)))
    a, b = word[same:], target[same:]
    turned = a[:2] == b[1::-1] and a[2:] == b[2:]
    return a[1:] == b or a == b[1:] or turned or (swap and a[1:] == b[1:])


@lru_cache(maxsize=4096)
def _guesses(word: str, loose: bool) -> tuple[str, ...]:
    if word in INNOCENT or len(word) < 3 or not word.isalpha():
        return ()
    swaps = NAMES if loose or len(word) > 5 else ()
    near = tuple(target for target in TARGETS if _slip(word, target, swap=target in swaps))
    return near or (tuple(get_close_matches(word, TARGETS, 3, 0.8)) if len(word) > 6 else ())


def _judge(words: str, reading: Reading, takes: frozenset[str], loose: bool) -> date | None:
    """Read a date of the kinds in `takes`; ask when one misspelt word keeps it from reading."""

    def read_one(text: str) -> date | None:
        for kind, form, reader in FORMS:
            if kind in takes and (match := form.fullmatch(text)):
                return reader(reading, match.groupdict())
        return None

    def read(text: str) -> date | None:
        if day := read_one(text):
            return day
        for match in (re.fullmatch(f"(.+){mark}(.+)", text) for mark in _MARKS if mark in text):
            if match and match[1].isdigit() == match[2].isdigit():  # "June or July"
                day = read_one(match[2].strip())
                return day if day and read_one(match[1].strip()) else None
        return None

    tokens = words.split()
    odd = [n for n, word in enumerate(tokens) if not _datelike(word)]
    if not odd:
        return read(words)
    options = []
    for guess in _guesses(tokens[odd[0]], loose) if len(odd) == 1 else ():
        fixed = " ".join((*tokens[: odd[0]], guess, *tokens[odd[0] + 1 :]))
        if day := read(fixed):
            named = re.sub(rf"\b({any_of(MONTH | WEEKDAY)}|q\d)\b", lambda m: m[0].title(), fixed)
            options.append(spoken(day) if reading.before else named)
    if options:
        raise Ambiguous("dates.near_miss", tuple(options), text=reading.text)
    return None


def _library(words: str, reading: Reading) -> date | None:
    if not (MONTH.keys() & words.split() and re.search("[0-9]", words)):
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
    said = one_line(text[:LONGEST])
    words = _normal(said)
    reading = Reading(said, today, dayfirst, words.startswith(("before ", "b4 ")))
    words = re.sub(rf"^(?:{LEADS}|due) ", "", words)
    if len(text) > LONGEST:
        raise reading.misread("dates.unread")
    day = _judge(words, reading, EVERY, loose=True)
    if day := day or _library(words, reading):
        return day
    raise reading.misread("dates.unread")


@dataclass(frozen=True, slots=True)
class Found:
    """A deadline in a sentence: `text[start:end]` is `phrase`, its lead word included.

    `alone` is false where the sentence names other deadlines too.
    """

    start: int
    end: int
    phrase: str
    day: date
    alone: bool = field(default=True, compare=False)


_TOKEN, _YEAR_NEXT = re.compile(r"\S+"), re.compile(r" +[12]\d{3}\b")


def _window(text: str, start: int) -> list[tuple[int, int]]:
    """List where the words that may belong to one date begin and end."""
    spans: list[tuple[int, int]] = []
    odd = False
    for token in islice(_TOKEN.finditer(text, start), 8):
        word = token[0].rstrip(".…,;:!?)]\"'”")
        plain = word.lower().translate(_PLAIN)
        if not _datelike(plain):
            if odd or not _guesses(plain, loose=True):
                break
            odd = True
        spans.append((token.start(), token.start() + len(word)))
        tail = token[0][len(word) :]
        if tail == "." and len(plain) < 6 and (plain in MONTH or plain in WEEKDAY):
            continue  # "Jan. 3"
        if tail and not (tail == "," and (plain in WEEKDAY or _YEAR_NEXT.match(text, token.end()))):
            break
    return spans


_COUNTABLE = re.compile(r"[0-9]+(?:\.[0-9]+)?|.*\bq[1-4] [0-9]{2}")
_ORDINAL = re.compile("(?:the )?[0-9]{1,2}(?:st|nd|rd|th)")
# "By the 5th percentile", "on the 1st and 15th"
_RANKED = re.compile(
    r"[ -](?!(?:at|so|to|for|with|if|but|because|bc|please|latest|and(?! (?:the )?\d)|or)\b)\w",
    re.IGNORECASE,
)
_OCCASION = re.compile(r" (?:issue|edition|meeting|number)s?\b", re.IGNORECASE)


def _misleads(lead: str, words: str, before: str, after: str) -> bool:
    """Tell whether a phrase only looks like a deadline, as in "twice in a week"."""
    last = words.split()[-1]
    if words in {"a day", "one day"} or re.search(r"\b(?:once|twice|times) $", before):
        return True
    if re.fullmatch("the (?:week|month|quarter|year)", words):
        return lead != "within"
    if _COUNTABLE.fullmatch(words):
        return bool(re.match(r" \w{3,}s\b", after))  # "in 2028 patients", "by 13.5 points"
    if _ORDINAL.fullmatch(words):
        return bool(_RANKED.match(after))
    if lead in {"in", ""} and _OCCASION.match(after):
        return True
    if last in WEEKDAY:
        return bool(re.match(r" (?:mornings|afternoons|evenings|nights)\b", after))
    counted = re.fullmatch(UNIT, last) and not re.search(r"\b(?:this|end|start)\b", words)
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
        reading = Reading(said, today, dayfirst, word in {"before", "b4"})
        try:
            loose = any(char.isdigit() for char in words)
            if day := _judge(words, reading, TAKES[word], loose):
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
    seen = text[-SCANNED:]
    if not seen.isprintable():
        seen = "".join(char if char.isprintable() else " " for char in seen)
    seen = seen.rjust(len(text))  # so that positions count from the beginning
    leads = [*_LEAD.finditer(seen, max(0, len(text) - SCANNED))][-CLAUSES:]
    clauses = [found for lead in leads if (found := _clause(seen, lead, today, dayfirst))]
    # Of clauses that end together the first is the longest: "by the end of June".
    _, best = max(clauses, key=lambda c: (isinstance(c[1], Found), c[0]), default=(0, None))
    if isinstance(best, Told):
        raise best
    return best and replace(best, alone=len({end for end, _ in clauses}) == 1)


_AFTER = re.compile(r"(?i)\s+(?:(?:at (?:the )?)?latest|or (?:so|sooner|earlier|before))\b")
_PAIRS = {"(": ")", "[": "]", '"': '"', "“": "”", "'": "'"}


def without(text: str, found: Found) -> str:
    """Give the sentence without its deadline; whole if it names more than one."""
    if not found.alone:
        return text
    head, tail = text[: found.start].rstrip(), _AFTER.sub("", text[found.end :], 1)
    while head and tail and _PAIRS.get(head[-1]) == tail[0]:
        head, tail = head[:-1].rstrip(), tail[1:]
    rest = tail.lstrip(" .…,;:!?")
    if not rest or tail.lstrip()[0] in ".…,;:!?–—-":
        head = head.rstrip(" ,;:—").removesuffix(" -").removesuffix(" –").rstrip(" ,;:")
    if not head or not rest:
        return head or rest
    return f"{head}{tail}" if tail[0] in ".…,;:!?)]\"'”" else f"{head} {tail.lstrip()}"


_TIME = re.compile(
    r"(?:at )?(?P<hour>[0-9]{1,2})(?:[:.h]?(?P<minute>[0-9]{2}))? ?(?:h|hrs|hours|o'clock)? ?"
    r"(?P<half>[ap]m)?"
)


def read_time(text: str) -> time:
    """Read a time of day, `9`, `9:30 pm`, `0730` or `noon`; raise Misread if there is none."""
    words = _normal(text[:LONGEST]) if len(text) <= LONGEST else ""
    if words in {"noon", "midday", "midnight"}:
        return time(0 if words == "midnight" else 12)
    if match := _TIME.fullmatch(words):
        hour, minute, half = int(match["hour"]), int(match["minute"] or 0), match["half"]
        if half and 1 <= hour <= 12:
            hour, half = hour % 12 + (12 if half == "pm" else 0), None
        if hour < 24 and minute < 60 and not half:
            return time(hour, minute)
    raise Misread("dates.no_time", text=one_line(text[:LONGEST]))


def read_weekday(text: str) -> int:
    """Read a weekday, `mon` or `on Mondays`, as 0 (Monday) to 6; raise Misread if there is none."""
    word = re.sub("^(?:on|every|each) ", "", _normal(text[:LONGEST]))
    for name in (word, word.removesuffix("s")):
        if name in WEEKDAY and len(text) <= LONGEST:
            return WEEKDAY[name]
    raise Misread("dates.no_weekday", text=one_line(text[:LONGEST]))


__all__ = ["Found", "find_deadline", "read_date", "read_time", "read_weekday", "spoken", "without"]
