"""A meeting as a file for a calendar: iCalendar (RFC 5545), in UTC."""

from datetime import UTC, datetime

from bot.domain.mentorship import LENGTH
from bot.engine.turn import Turn
from bot.features.mentorships.reading import Pair
from bot.models import Meeting
from bot.store.entries import Entry, entry_of

#: How the file is called.
FILE = "mentorship-meeting.ics"


def calendar(turn: Turn, pair: Pair, meeting: Meeting, *, cancelled: bool = False) -> bytes:
    """Write a meeting; the same meeting at another time replaces itself in a calendar."""
    entry = entry_of(pair.row, meeting)
    assert entry is not None  # noqa: S101 - only what has a time is written
    summary = turn.words.short("mentorships.event", name=pair.name)
    return _written(turn.now, entry, summary, cancelled=cancelled)


def cancelling(turn: Turn, entry: Entry) -> bytes:
    """Take a meeting out of a calendar, and name nobody."""
    return _written(turn.now, entry, "", cancelled=True)


def _written(now: datetime, entry: Entry, summary: str, *, cancelled: bool) -> bytes:
    from icalendar import Calendar, Event  # here: it takes its time, and few need it

    whole, event = Calendar(), Event()
    whole.add("prodid", "-//Preceptor//EN")
    whole.add("version", "2.0")
    whole.add("method", "CANCEL" if cancelled else "PUBLISH")
    event.add("uid", entry.uid)
    event.add("sequence", entry.sequence)
    event.add("dtstamp", now.astimezone(UTC))
    event.add("dtstart", entry.starts_at)
    event.add("duration", LENGTH)
    if summary:
        event.add("summary", summary)
    event.add("status", "CANCELLED" if cancelled else "CONFIRMED")
    whole.add_component(event)
    written: bytes = whole.to_ical()
    return written
