"""People as tests need them."""

from typing import Any

from bot.domain.circles import Candidate
from bot.domain.mentoring import CareerStage

#: Every hour of a day.
ALWAYS = (1 << 24) - 1


def person(number: int, **facts: Any) -> Candidate:
    """Give somebody with whom everybody can be, but for what is said of them."""
    plain = {
        "user": f"u{number}",
        "stage": list(CareerStage)[number % 6],
        "team": f"team {number}",
        "languages": frozenset({"en"}),
        "hours": ALWAYS,
    }
    return Candidate(id=number, **(plain | facts))


def group(size: int, first: int = 1, **facts: Any) -> list[Candidate]:
    return [person(number, **facts) for number in range(first, first + size)]
