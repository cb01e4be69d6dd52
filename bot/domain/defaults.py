"""What a member gets until they choose: Monday at nine, and a review on a first Thursday."""

from dataclasses import replace
from datetime import time

from bot.domain.rhythm import Rule

CHECKIN_RULE = Rule(kind="weekly", weekday=0, at=time(9), every=1)
_THURSDAY, _TUESDAY = 3, 1


def review_rule(checkin: Rule, months: int = 1) -> Rule:
    """Give the review's rule: never on the day of the check-in, at the same hour."""
    weekday = _TUESDAY if checkin.weekday == _THURSDAY else _THURSDAY
    return replace(checkin, kind="monthly", weekday=weekday, every=months)
