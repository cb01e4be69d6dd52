"""Numbers of a programme as a coordinator may see them: counts of people, none of them small."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import median

#: A count of people below this is not told: it would say too much of somebody.
FEW = 5


@dataclass(frozen=True, slots=True)
class Count:
    """A count of people: 0 and from five on as it is, else only that it is few."""

    number: int

    @classmethod
    def of(cls, number: int) -> "Count":
        """Count people; of one to four it keeps no more than that there are some."""
        return cls(-1 if 0 < number < FEW else number)

    @property
    def is_few(self) -> bool:
        """Whether there are some, and fewer than five."""
        return self.number < 0


def together(counts: Mapping[str, int]) -> dict[str, Count]:
    """Count people in groups of one whole that is known.

    Where one group alone is few, the whole less the others would tell it: so the smallest of the
    others is few as well.
    """
    small = [name for name, number in counts.items() if 0 < number < FEW]
    hidden = set(small)
    if len(small) == 1:
        others = [name for name, number in counts.items() if number >= FEW]
        if others:
            hidden.add(min(others, key=lambda name: (counts[name], name)))
    return {name: Count(-1) if name in hidden else Count(number) for name, number in counts.items()}


def median_days(spans: Sequence[tuple[datetime, datetime]]) -> float | None:
    """Give the median of some waits in days, to the half; None for fewer than five."""
    if len(spans) < FEW:
        return None
    days = median((end - start) / timedelta(days=1) for start, end in spans)
    return round(days * 2) / 2


def spread(loads: Sequence[int]) -> tuple[tuple[int, int], ...]:
    """Say how many mentors have none, one, two … mentees; from four on they are one group."""
    counts = Counter(min(each, 4) for each in loads)
    return tuple((load, counts[load]) for load in range(5) if counts[load])
