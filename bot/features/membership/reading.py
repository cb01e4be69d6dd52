"""What members type into the settings, read; a refusal stands beside its field."""

from datetime import date, time, timedelta

from bot.chat.answers import Answers
from bot.domain.dates import read_time
from bot.domain.shifts import find_hours
from bot.domain.text import one_line
from bot.domain.zones import read_zone
from bot.errors import Ambiguous, Misread

#: Longer quiet hours would leave no hour to be written to: for silence there is a pause.
LONGEST_QUIET = timedelta(hours=16)


def read_place(answers: Answers) -> str | None:
    """Read a time zone; None for none."""
    raw = answers.text("zone", limit=64)
    if not raw or "zone" in answers.errors:
        return None
    try:
        return read_zone(raw)
    except (Misread, Ambiguous) as error:
        answers.misread("zone", error)
    return None


def read_hour(answers: Answers) -> time | None:
    """Read the hour of the check-in; None for none."""
    raw = answers.text("hour", limit=20)
    if not raw or "hour" in answers.errors:
        return None
    try:
        return read_time(raw)
    except Misread as error:
        answers.errors["hour"] = error
        return None


def read_quiet(answers: Answers) -> str:
    """Read quiet hours as they are kept, "21:00-08:00"; empty for the usual ones."""
    raw = one_line(answers.text("quiet", limit=40))
    if not raw or "quiet" in answers.errors:
        return ""
    found = find_hours(raw)
    if found is None or found[1:] != (0, len(raw)):
        answers.refuse("quiet", "membership.refused.quiet", given=raw)
        return ""
    hours = found[0]
    first, last = hours.on(date(2000, 1, 1))
    if last - first > LONGEST_QUIET:
        answers.refuse("quiet", "membership.refused.quiet_long")
    return f"{hours.start:%H:%M}-{hours.end:%H:%M}"
