"""What a simulation counts as it goes, and the same counts from the rows at the end."""

from collections import Counter
from datetime import date, timedelta

from bot.models import DeliveryState
from bot.store.counting import Counted

#: What is counted, and the week in which: ("answered", "2027-W03"); "" for the whole run.
Key = tuple[str, str]

REMINDER = "checkin.reminder"
#: Why a reminder was taken back before its hour: its question was answered.
ANSWERED = "answered"
#: What must never happen; counted when it does.
NEVER = ("sent to someone on leave", "sent to someone who stopped", "asked again too soon")


class Ledger:
    """Counts by week, from what the messenger was given and what the dispatch answered."""

    def __init__(self, start: date, weeks: int) -> None:
        days = [start + timedelta(weeks=number) for number in range(weeks)]
        self.weeks = [week_of(day) for day in days]
        self.counts: Counter[Key] = Counter()

    def add(self, what: str, week: str = "", count: int = 1) -> None:
        """Count something that happened."""
        self.counts[what, week] += count

    def of(self, what: str, week: str) -> int:
        """Tell how often something happened in a week."""
        return self.counts[what, week]


def week_of(day: date) -> str:
    """Name the ISO week of a day: "2027-W01"."""
    year, week, _ = day.isocalendar()
    return f"{year}-W{week:02}"


class Rows:
    """The same counts from the database, and what only the database knows."""

    def __init__(self, counted: Counted, weeks: list[str]) -> None:
        #: What the ledger counts too.
        self.counts: Counter[Key] = Counter()
        #: Sent late, and withheld by reason, by week.
        self.late: Counter[str] = Counter()
        self.withheld: Counter[Key] = Counter()
        self.waiting = 0
        self._last = weeks[-1]
        self._deliveries(counted)
        self._checkins(counted)
        for status, added, closed, count in counted.goals:
            self.counts["added", week_of(added)] += count
            if closed is not None:
                self.counts[status, week_of(closed)] += count
        for zone, joined, count in counted.members:
            self.counts["joined", week_of(joined)] += count
            self.counts[f"living in {zone}", ""] += count
        self.counts["on leave at the end", ""] = counted.on_leave

    def _deliveries(self, counted: Counted) -> None:
        for state, occasion, reason, day, count in counted.deliveries:
            week = min(week_of(day), self._last)  # what is taken back may be due after the end
            if occasion == REMINDER:
                self.counts["reminders promised", ""] += count
            if state == DeliveryState.SENT:
                self.counts[f"sent {occasion}", week] += count
                self.late[week] += count if reason == "late" else 0
            elif state == DeliveryState.DROPPED:
                self.withheld[reason, week] += count
                if (occasion, reason) != (REMINDER, ANSWERED):
                    self.counts["withheld at its hour", ""] += count
            elif state == DeliveryState.FAILED:
                self.counts["failed", ""] += count
            else:
                self.waiting += count

    def _checkins(self, counted: Counted) -> None:
        for asked, answered, count in counted.checkins:
            if asked is not None:
                self.counts["asked", week_of(asked)] += count
            if answered is not None:
                # An answer counts in the week of its question; without one, in its own.
                what = "unasked" if asked is None else "answered"
                self.counts[what, week_of(asked or answered)] += count


def disagreements(ledger: Ledger, rows: Rows) -> list[str]:
    """Say in a sentence each where the ledger and the rows differ; empty when they agree."""
    found = [f"{what}: {ledger.of(what, '')} times." for what in NEVER if ledger.of(what, "")]
    compared = {
        key: count
        for key, count in ledger.counts.items()
        if key[0] not in {*NEVER, "moved", "refused", "on leave"}
    }
    for what, week in sorted(compared.keys() | rows.counts.keys()):
        mine, theirs = ledger.of(what, week), rows.counts[what, week]
        if mine != theirs:
            when = f" in {week}" if week else ""
            found.append(f"{what}{when}: {mine} were counted, {theirs} are in the database.")
    return found
