"""The text of a calendar, before any library sees it: only what a rota needs, bounded and clean.

A feed is written by strangers. Its lines are walked once, in linear time. Of each event that can
matter its dates and its rule are checked and written anew, its label is set aside, and everything
else, such as places, people, notes and the calendar's own time zones, is dropped here.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from bot.domain.rota_rule import Skipped, read_rule
from bot.domain.zones import zone_info
from bot.errors import Misread

MOST_BYTES = 2 * 1024 * 1024
MOST_EVENTS = 2_000  # that touch the window; a full rota has two or three a day
MOST_EXTRA = 5_000  # dates that single events add or leave out
_MOST_RULES = 100
_MOST_RULE_DAYS = 100_000  # that all rules together walk through before the window ends
_LONGEST_REPEATED = timedelta(31)
_DEEPEST = 8
_LONGEST_LABEL = 200
_LONGEST_LINE = 100_000  # characters
_MOST_ZONES = 100
_DAY = timedelta(1)
_KEPT = frozenset(
    ("UID", "DTSTART", "DTEND", "DURATION", "RRULE", "RDATE", "EXDATE", "RECURRENCE-ID", "STATUS")
) | {"SUMMARY"}
_LINE = re.compile(r"([A-Za-z-]{1,40})((?:;[^:\";]*(?:\"[^\"]*\"[^:\";]*)*)*):(.*)", re.DOTALL)
_TZID = re.compile(r';TZID=(?:"([^"]*)"|([^;]*))', re.IGNORECASE)
_VALUE = re.compile(r"(\d{4})(\d\d)(\d\d)(?:T(\d\d)(\d\d)(\d\d)?(Z)?)?", re.ASCII)
_LENGTH = re.compile(
    r"\+?P(?=[\dT])(?:(\d{1,3})W)?(?:(\d{1,3})D)?"
    r"(?:T(?=\d)(?:(\d{1,3})H)?(?:(\d{1,4})M)?(?:(\d{1,5})S)?)?",
    re.ASCII,
)


class _Value(NamedTuple):
    """A date or a moment: its end of a line, written anew, and when it is in UTC."""

    text: str
    moment: datetime
    whole_day: bool


@dataclass(slots=True)
class CleanCalendar:
    """What a library may read: events whose summary is the number of their label."""

    zone: str  # of whole days, and of times without a zone
    text: str = ""
    labels: list[str] = field(default_factory=list)
    assumed_zone: bool = False  # the feed names no zone, or one that nobody knows
    skipped: int = 0  # events that could not be read


def clean_calendar(data: bytes, *, zone: str, first: datetime, last: datetime) -> CleanCalendar:
    """Write a feed anew with only what may touch `first` to `last`, two moments in UTC.

    Times without a zone are those of the calendar's own, or else of `zone`. Raise Misread with the
    key of what is wrong with the feed; its facts hold nothing of the feed itself.
    """
    return _Cleaner(data, zone, first, last).calendar()


def _decoded(data: bytes) -> str:
    if len(data) > MOST_BYTES:
        raise Misread("shifts.feed_too_big")
    wide = data[:2] in {b"\xff\xfe", b"\xfe\xff"}
    text = data.decode("utf-16" if wide else "utf-8-sig", errors="replace").lstrip()
    if text[:15].upper() != "BEGIN:VCALENDAR":
        page = re.match(r"<(?:!doctype|html|head|body|\?xml|!--)", text, re.IGNORECASE)
        raise Misread("shifts.feed_is_a_page" if page else "shifts.feed_no_calendar")
    return text


_Event = dict[str, list[tuple[str, str]]]  # parameters and value of each line, by name


class _Cleaner:
    def __init__(self, data: bytes, zone: str, first: datetime, last: datetime) -> None:
        self.text, self.first, self.last = _decoded(data), first, last
        self.found = CleanCalendar(zone)
        self.named = False  # the calendar names its zone
        self.zones: dict[str, str | None] = {}
        self.extra = self.rules = self.rule_days = 0

    def calendar(self) -> CleanCalendar:
        events = list(self._events())
        changed = {
            each["UID"][0][1] for each in events if "RECURRENCE-ID" in each and "UID" in each
        }
        series = {uid: f"s{n}" for n, uid in enumerate(sorted(changed))}
        written: list[str] = []
        for event in events:
            try:
                lines = self._event(event)
            except Skipped:
                self.found.skipped += 1
                continue
            if not lines:
                continue
            number = len(self.found.labels)
            many = self.rules > _MOST_RULES or self.rule_days > _MOST_RULE_DAYS
            if number == MOST_EVENTS or many:
                raise Misread("shifts.feed_too_many")
            # Some feeds give all events one UID, others a new one each time: it counts only where
            # an event changes one of a series.
            uid = series.get(event.get("UID", [("", "")])[0][1], f"e{number}")
            head = ["BEGIN:VEVENT", f"UID:{uid}", f"SUMMARY:{number}"]
            written += [*head, *lines, "END:VEVENT"]
            self.found.labels.append(_label(event))
        if events and self.found.skipped == len(events):
            raise Misread("shifts.feed_broken")
        frame = ("BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:rota", *written, "END:VCALENDAR", "")
        self.found.text = "\r\n".join(frame)
        return self.found

    def _events(self) -> Iterator[_Event]:
        """Walk the lines; give the events of the calendar itself, without what they nest."""
        stack: list[str] = []
        event: _Event = {}
        unfolded = re.sub(r"(?:\r\n?|\n)[ \t]", "", self.text)
        for line in re.split(r"\r\n?|\n", unfolded):
            name, mark, _ = line[:6].upper().partition(":")
            if mark and name == "BEGIN":
                stack.append(line[6:46].strip().upper())
                if len(stack) > _DEEPEST:
                    raise Misread("shifts.feed_broken")
                event = {} if stack == ["VCALENDAR", "VEVENT"] else event
            elif mark and name == "END":
                if not stack or stack.pop() != line[4:44].strip().upper():
                    raise Misread("shifts.feed_broken")
                if stack == ["VCALENDAR"] and line[4:10].upper() == "VEVENT":
                    yield event
            elif stack == ["VCALENDAR", "VEVENT"]:
                self._keep(line, event)
            elif stack == ["VCALENDAR"] and line[:14].upper() == "X-WR-TIMEZONE:":
                zone = self._zone(line[14:])
                self.named = zone is not None
                self.found.zone = zone or self.found.zone
        if stack:  # cut off: what is missing would look like days off
            raise Misread("shifts.feed_broken")

    def _keep(self, line: str, event: _Event) -> None:
        name = re.split("[;:]", line[:16], maxsplit=1)[0].upper()
        if name not in _KEPT:
            return
        if name in {"UID", "SUMMARY"}:
            line = line[:1_000]
        if len(line) > _LONGEST_LINE:
            raise Misread("shifts.feed_broken")
        if match := _LINE.fullmatch(line):
            event.setdefault(name, []).append((match[2], match[3].strip()))
            if name in {"EXDATE", "RDATE"}:
                self.extra += match[3].count(",") + 1
                if self.extra > MOST_EXTRA:
                    raise Misread("shifts.feed_too_many")

    def _event(self, event: _Event) -> list[str]:
        """Write an event's lines anew; none if it cannot touch the window. Raise Skipped."""
        start, end = self._one(event, "DTSTART"), self._one(event, "DTEND")
        if start is None:
            raise Skipped
        if end is None and "DURATION" in event:
            end = _after(start, event["DURATION"][0][1])
        if end is not None and (end.whole_day != start.whole_day or end.moment < start.moment):
            raise Skipped
        if end is not None and not end.whole_day:
            end = _beside(start, end.moment)
        length = end.moment - start.moment if end else _DAY
        change, extra = self._one(event, "RECURRENCE-ID"), self._values(event, "RDATE")
        cancelled = any(value.upper() == "CANCELLED" for _, value in event.get("STATUS", []))
        if cancelled and change is None:
            return []
        rule = self._rule(event, start, length)
        shown = [start, *extra, *([change] if change else [])]
        near = any(each.moment < self.last and each.moment + length > self.first for each in shown)
        if not near and not rule:
            return []
        lines = [f"DTSTART{start.text}", *(f"RDATE{each.text}" for each in extra)]
        lines += [f"EXDATE{each.text}" for each in self._values(event, "EXDATE")]
        lines += [f"DTEND{end.text}"] if end else []
        lines += [f"RECURRENCE-ID{change.text}"] if change else []
        lines += [f"RRULE:{rule}"] if rule else []
        return [*lines, *(["STATUS:CANCELLED"] if cancelled else [])]

    def _rule(self, event: _Event, start: _Value, length: timedelta) -> str:
        """Write a rule anew, ending with the window; none if it has ended before it."""
        rules = [value for _, value in event.get("RRULE", [])]
        if not rules:
            return ""
        if len(rules) > 1 or length > _LONGEST_REPEATED:
            raise Skipped
        parts, until = read_rule(rules[0])
        stop = self.last
        if until is not None:
            end = self._value(event["DTSTART"][0][0], until)
            whole = _DAY - timedelta(seconds=1) if end.whole_day else timedelta(0)
            stop = min(stop, end.moment + whole)
        if start.moment >= self.last or stop < start.moment or stop + length < self.first:
            return ""
        self.rules, self.rule_days = self.rules + 1, self.rule_days + (stop - start.moment).days
        if "COUNT" not in parts:  # where it ends is said by its count
            day = f"{stop.astimezone(zone_info(self.found.zone)):%Y%m%d}"
            parts["UNTIL"] = day if start.whole_day else f"{stop:%Y%m%dT%H%M%SZ}"
        return ";".join(f"{key}={value}" for key, value in parts.items())

    def _one(self, event: _Event, name: str) -> _Value | None:
        values = self._values(event, name)
        if len(values) > 1:
            raise Skipped
        return values[0] if values else None

    def _values(self, event: _Event, name: str) -> list[_Value]:
        lines = event.get(name, [])
        return [self._value(params, each) for params, line in lines for each in line.split(",")]

    def _value(self, params: str, text: str) -> _Value:
        match = _VALUE.fullmatch(text.strip())
        if match is None or not 1970 <= int(match[1]) <= 2200:
            raise Skipped
        named = _TZID.search(params)
        zone = self._zone(named[1] or named[2]) if named else None
        if match[4] and not match[7] and not zone and (named or not self.named):
            self.found.assumed_zone = True
        zone = zone or self.found.zone
        year, month, day, hour, minute, second = (int(each or 0) for each in match.groups()[:6])
        try:
            wall = datetime(year, month, day, hour, minute, second)  # noqa: DTZ001
        except ValueError:
            raise Skipped from None
        if match[7]:
            return _Value(f":{wall:%Y%m%dT%H%M%S}Z", wall.replace(tzinfo=UTC), whole_day=False)
        moment = wall.replace(tzinfo=zone_info(zone)).astimezone(UTC)
        if match[4]:
            return _Value(f";TZID={zone}:{wall:%Y%m%dT%H%M%S}", moment, whole_day=False)
        return _Value(f";VALUE=DATE:{wall:%Y%m%d}", moment, whole_day=True)

    def _zone(self, name: str) -> str | None:
        """Find the IANA zone a calendar means; None for names nobody else knows."""
        if name not in self.zones:
            if len(self.zones) >= _MOST_ZONES:
                return None
            self.zones[name] = _known_zone(name.strip()[:100])
        return self.zones[name]


def _known_zone(name: str) -> str | None:
    from icalendar.timezone.windows_to_olson import WINDOWS_TO_OLSON  # here: see `rota`

    parts = name.strip("/").split("/")  # "/citadel.org/20260101_1/Europe/London"
    tails = ["/".join(parts[-n:]) for n in (len(parts), 3, 2) if n <= len(parts)]
    for each in (WINDOWS_TO_OLSON.get(name, ""), *tails):
        try:
            if each and each not in {"Factory", "localtime", "posixrules"}:
                return zone_info(each).key
        except (KeyError, ValueError, OSError):
            continue
    return None


def _after(start: _Value, text: str) -> _Value:
    match = _LENGTH.fullmatch(text)
    if match is None:
        raise Skipped
    weeks, days, hours, minutes, seconds = (int(each or 0) for each in match.groups())
    length = timedelta(weeks=weeks, days=days, hours=hours, minutes=minutes, seconds=seconds)
    if start.whole_day:
        day = datetime.strptime(start.text[-8:], "%Y%m%d") + length  # noqa: DTZ007
        return _Value(f";VALUE=DATE:{day:%Y%m%d}", start.moment + length, whole_day=True)
    return _beside(start, start.moment + length)


def _beside(start: _Value, moment: datetime) -> _Value:
    """Write an end in the zone of its start: the library counts hours on one wall."""
    params, _, _ = start.text.partition(":")
    zone = params.removeprefix(";TZID=")
    wall = moment.astimezone(zone_info(zone)) if zone else moment
    text = f"{params}:{wall:%Y%m%dT%H%M%S}{'' if zone else 'Z'}"
    return _Value(text, moment, whole_day=False)


def _label(event: _Event) -> str:
    raw = event.get("SUMMARY", [("", "")])[0][1]
    plain = re.sub(r"\\([\\;,nN])", lambda match: " " if match[1] in "nN" else match[1], raw)
    return plain[:_LONGEST_LABEL]
