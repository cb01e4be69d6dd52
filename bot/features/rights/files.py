"""A member's own data as files: one for programs, some for tables, a calendar, and one to read."""

import csv
import io
import json
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any

from bot.chat.message import Bullets, Message, Spans
from bot.domain.measure import Measure
from bot.domain.rhythm import Rule, next_after
from bot.engine.turn import Turn
from bot.features.rights.prompts import EventTold, GoalsFile, GoalTold, ReadMe, StepTold
from bot.models import CHECKIN, REVIEW
from bot.store import rights
from bot.store.deliveries import KEEP_OVER
from bot.store.rights import Row

Kept = dict[str, list[Row]]

#: How far ahead the calendar reaches, and how long it says that each thing takes.
AHEAD, LENGTH = timedelta(days=183), timedelta(minutes=10)
#: The columns of each table that is also written for a spreadsheet.
_GOALS = (
    "number", "title", "status", "due", "why", "area", "measure_unit", "measure_start",
    "measure_now", "measure_target", "confidence", "created_at", "closed_at",
)  # fmt: skip
_WORDS = ("win", "obstacle", "next_step")
_CHECKINS = ("day", "asked_at", "answered_at", "goals", *_WORDS)
_TAPS = ("burnout", "energy", "driver")
_PULSES = ("day", "asked_at", *_TAPS)
_MARKS = {"heading": "# ", "quote": "> ", "plain": ""}


def name_of(day: date) -> str:
    """Name the file that holds the others."""
    return f"preceptor-{day}.zip"


def packed(turn: Turn) -> bytes:
    """Pack all that is kept of a member at this moment; the same rows give the same bytes."""
    kept = rights.everything(turn.db, turn.member.key)
    render = turn.words.render
    readme = ReadMe(on=turn.today, messages=KEEP_OVER.days)
    files = {
        ("README", "txt"): render(readme).text + "\n",
        ("checkins", "csv"): _table(_CHECKINS, _checkins(kept)),
        ("everything", "json"): _json(kept),
        ("goals", "csv"): _table(_GOALS, (each | _said(each) for each in kept["goal"])),
        ("goals", "md"): markdown(render(GoalsFile(goals=tuple(_goals(turn, kept))))),
        ("pulses", "csv"): _table(_PULSES, _pulses(kept)),
        ("reviews", "ics"): _calendar(turn, kept["rhythm"]),
    }
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as pack:
        for name, text in files.items():
            entry = zipfile.ZipInfo(".".join(name))  # README.txt tells the day
            entry.external_attr = 0o600 << 16
            entry.compress_type = zipfile.ZIP_DEFLATED
            pack.writestr(entry, text.encode())
    return out.getvalue()


def _json(kept: Kept) -> str:
    return json.dumps(kept, default=_written, ensure_ascii=False, indent=1) + "\n"


def _written(value: object) -> str:
    """Write a value that JSON does not know."""
    if isinstance(value, date | datetime):
        return value.isoformat()
    raise TypeError(f"no way to write {type(value).__name__}")


# Tables


def _table(columns: Sequence[str], rows: Iterable[Row]) -> str:
    """Write rows as a spreadsheet reads them: the mark at the beginning says that it is UTF-8."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(columns)
    for row in rows:
        writer.writerow(_cell(row[name]) for name in columns)
    return "\ufeff" + out.getvalue()


def _cell(value: Any) -> Any:
    """Write a moment as text; what a spreadsheet would take for a formula is kept as words."""
    if isinstance(value, date | datetime):
        return value.isoformat()
    is_formula = isinstance(value, str) and value.startswith(("=", "+", "-", "@", "\t", "\r"))
    return f"'{value}" if is_formula else value


def _said(row: Row) -> dict[str, str]:
    """Give the words of a goal; what the member left out is empty."""
    return {name: row["told"].get(name, "") for name in ("title", "why", "measure_unit")}


def _checkins(kept: Kept) -> Iterator[Row]:
    numbers = {goal["id"]: goal["number"] for goal in kept["goal"]}
    for each in kept["checkin"]:
        asked = [row for row in kept["checkin_goal"] if row["checkin_id"] == each["id"]]
        asked.sort(key=lambda row: int(row["position"]))
        stood = (f"{numbers[row['goal_id']]}: {row['standing'] or ''}".strip() for row in asked)
        told: dict[str, str] = each["told"] or {}
        words = {name: told.get(name, "") for name in _WORDS}
        yield each | words | {"goals": "; ".join(stood)}


def _pulses(kept: Kept) -> Iterator[Row]:
    for each in kept["pulse"]:
        told: dict[str, Any] = each["told"] or {}
        yield each | {name: told.get(name) for name in _TAPS}


# The calendar


def _calendar(turn: Turn, rhythms: Sequence[Row]) -> str:
    """Write the coming check-ins and reviews as iCalendar (RFC 5545), in UTC."""
    from icalendar import Calendar, Event  # here: it takes its time, and few need it

    calendar = Calendar()
    calendar.add("prodid", "-//Preceptor//EN")
    calendar.add("version", "2.0")
    for occasion, moment in _coming(turn, rhythms):
        event = Event()
        event.add("uid", f"{occasion}-{moment:%Y%m%dT%H%M}-{turn.member.key}@preceptor")
        event.add("dtstamp", turn.now.astimezone(UTC))
        event.add("dtstart", moment)
        event.add("duration", LENGTH)
        event.add("summary", turn.words.short(f"rights.event.{occasion.replace('.', '_')}"))
        calendar.add_component(event)
    written: bytes = calendar.to_ical()
    return written.decode()


def _coming(turn: Turn, rhythms: Sequence[Row]) -> Iterator[tuple[str, datetime]]:
    member = turn.member
    for row in rhythms:
        if row["stopped_at"] is not None or row["occasion"] not in {CHECKIN, REVIEW}:
            continue
        rule, moment = Rule.parse(row["rule"]), row["next_at"]
        while moment < turn.now + AHEAD:
            if not member.is_paused(moment):
                yield row["occasion"], moment
            # The phase of "every two weeks" is that of the one before.
            before = turn.at(moment).date()
            moment = next_after(rule, moment, row["zone"], row["anchor"] or before)


# The goals, to be read


def _goals(turn: Turn, kept: Kept) -> Iterator[GoalTold]:
    steps = _by_goal(kept["step"], "position")
    plans, story = _by_goal(kept["if_then"], "id"), _by_goal(kept["goal_event"], "at")
    for row in kept["goal"]:
        said, key = _said(row), row["id"]
        began = EventTold(turn.at(row["created_at"]).date(), _kind(turn, "added"), "", None, None)
        yield GoalTold(
            number=row["number"],
            title=said["title"],
            status=turn.words.short(f"rights.status.{row['status']}"),
            due=row["due"],
            why=said["why"],
            measure=_measure(row, said["measure_unit"]),
            steps=tuple(
                StepTold(each["told"]["text"], each["due"], each["done_at"] is not None)
                for each in steps.get(key, ())
            ),
            plans=tuple((each["told"]["cue"], each["told"]["act"]) for each in plans.get(key, ())),
            story=(began, *(_event(turn, each) for each in story.get(key, ()))),
        )


def _measure(row: Row, unit: str) -> str:
    if row["measure_target"] is None:
        return ""
    start = row["measure_start"] or 0.0
    now = start if row["measure_now"] is None else row["measure_now"]
    return str(Measure(start, now, row["measure_target"], unit))


def _by_goal(rows: Iterable[Row], order: str) -> dict[int, list[Row]]:
    found: dict[int, list[Row]] = {}
    for row in sorted(rows, key=lambda row: (row[order], row["id"])):
        found.setdefault(row["goal_id"], []).append(row)
    return found


def _event(turn: Turn, row: Row) -> EventTold:
    on = turn.at(row["at"]).date()
    return EventTold(
        on, _kind(turn, row["kind"]), row["told"].get("note", ""), row["value"], row["day"]
    )


def _kind(turn: Turn, kind: str) -> str:
    key = f"rights.story.{kind}"
    return turn.words.short(key) if key in turn.words else kind


def markdown(message: Message) -> str:
    """Write a message as Markdown, for whatever reads that."""
    parts = []
    for block in message.blocks:
        if isinstance(block, Bullets):
            mark = "1." if block.ordered else "-"
            parts.append("\n".join(f"{mark} {_spans(item)}" for item in block.items))
        else:
            parts.append(_MARKS[block.kind] + _spans(block.spans))
    return "\n\n".join(parts) + "\n"


def _spans(spans: Spans) -> str:
    return "".join(f"**{each.text}**" if each.bold else each.text for each in spans)
