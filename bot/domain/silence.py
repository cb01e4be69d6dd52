"""Silence is met by asking less. No answer means nothing else, and is held against nobody."""

#: Unanswered check-ins in a row after which we ask every second week, each month, and not at all.
#: (Decision table for unanswered pulses: fortnightly after two, monthly after four, then stop.)
FORTNIGHTLY, MONTHLY, STOP = 2, 4, 6


def weeks_between(misses: int) -> int | None:
    """Tell how many weeks to leave between two questions; None means stop asking."""
    if misses >= STOP:
        return None
    if misses >= MONTHLY:
        return 4
    return 2 if misses >= FORTNIGHTLY else 1
