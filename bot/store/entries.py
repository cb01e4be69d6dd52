"""What calendars know of a meeting: enough to take it out of them when its rows are gone."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from bot.models import Meeting, Mentorship


@dataclass(frozen=True, slots=True)
class Entry:
    """A meeting as calendars have it; it names nobody."""

    mentorship_id: int
    #: The second in which the mentorship began.
    began: int
    number: int
    sequence: int
    starts_at: datetime

    @property
    def uid(self) -> str:
        """What calendars know it by, unlike any other that ever had this number."""
        return f"mentorship-{self.mentorship_id}-{self.began}-{self.number}@preceptor"

    @property
    def ref(self) -> str:
        """Write it so that a promise can hold it."""
        start = int(self.starts_at.timestamp())
        return f"{self.mentorship_id}:{self.began}:{self.number}:{self.sequence}:{start}"


def entry_of(mentorship: Mentorship, meeting: Meeting) -> Entry | None:
    """See a meeting as calendars do; None while it has no time."""
    if meeting.starts_at is None:
        return None
    began = int(mentorship.began_at.timestamp())
    return Entry(mentorship.key, began, meeting.number, meeting.sequence, meeting.starts_at)


def off_ref(mentorship: Mentorship, meetings: Iterable[Meeting], now: datetime) -> str:
    """Write the planned meeting as calendars are told that it falls away; empty for none.

    A change that comes later has a higher number: calendars believe no other.
    """
    entries = (entry_of(mentorship, each) for each in meetings)
    ahead = [each for each in entries if each is not None and each.starts_at > now]
    return replace(ahead[-1], sequence=ahead[-1].sequence + 1).ref if ahead else ""


def entry_in(ref: str) -> Entry | None:
    """Read what a promise holds; None where it holds none."""
    if not ref:
        return None
    mentorship_id, began, number, sequence, start = map(int, ref.split(":"))
    return Entry(mentorship_id, began, number, sequence, datetime.fromtimestamp(start, UTC))
