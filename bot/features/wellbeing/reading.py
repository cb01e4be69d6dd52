"""What several parts of the feature read: a tap of a form, the history, the self-checks."""

from collections.abc import Iterable, Mapping
from datetime import date
from functools import cache

from bot.chat.answers import Answers
from bot.chat.content import content
from bot.domain.instruments import Instrument
from bot.domain.pulse import Answer
from bot.engine.hours import hours_of
from bot.engine.pulses import pulse_rules
from bot.engine.turn import Turn
from bot.store import wellbeing

#: The self-checks that are offered, in this order.
INSTRUMENTS = ("drivers", "k6", "phq2", "gad2")


@cache
def instruments() -> Mapping[str, Instrument]:
    """Read the self-checks once."""
    return {
        name: Instrument.from_data(content(f"wellbeing/instruments/{name}")) for name in INSTRUMENTS
    }


def tap(answers: Answers, name: str, values: Iterable[int | str]) -> str | None:
    """Read one tap; None for a skipped one. What is no option is refused beside its field."""
    raw = answers.values.get(name, "").strip()
    if not raw:
        return None
    if raw not in {str(value) for value in values}:
        answers.refuse(name, "wellbeing.refused.no_option")
        return None
    return raw


def own_day(turn: Turn) -> date:
    """Give the member's own day: it ends when they have slept, not at midnight."""
    return hours_of(turn).working_day(turn.now)


def history(turn: Turn, today: date) -> list[Answer]:
    """Open the member's answers that still count."""
    return wellbeing.answers(turn.db, turn.member.key, today - pulse_rules().window)
