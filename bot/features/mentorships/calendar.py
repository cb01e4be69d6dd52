"""A meeting as a file for a calendar: iCalendar (RFC 5545), in UTC."""

from datetime import UTC

from bot.domain.mentorship import LENGTH
from bot.engine.turn import Turn
from bot.features.mentorships.reading import Pair
from bot.models import Meeting

#: How the file is called.
FILE = "mentorship-meeting.ics"


def calendar(turn: Turn, pair: Pair, meeting: Meeting, *, cancelled: bool = False) -> bytes:
    """Write a meeting; the same meeting at another time replaces itself in a calendar."""
    from icalendar import Calendar, Event  # here: it takes its time, and few need it

    assert meeting.starts_at is not None  # noqa: S101 - only what has a time is written
    whole, event = Calendar(), Event()
    whole.add("prodid", "-//Preceptor//EN")
    whole.add("version", "2.0")
    whole.add("method", "CANCEL" if cancelled else "PUBLISH")
    event.add("uid", f"mentorship-{pair.key}-{meeting.number}@preceptor")
    event.add("sequence", meeting.sequence)
    event.add("dtstamp", turn.now.astimezone(UTC))
    event.add("dtstart", meeting.starts_at)
    event.add("duration", LENGTH)
    event.add("summary", turn.words.short("mentorships.event", name=pair.name))
    event.add("status", "CANCELLED" if cancelled else "CONFIRMED")
    whole.add_component(event)
    written: bytes = whole.to_ical()
    return written
