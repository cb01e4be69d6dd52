"""The weekly pulse beside the check-in: when it is offered, and when it is offered less."""

from datetime import timedelta
from enum import StrEnum
from functools import cache

from bot.chat.content import content
from bot.domain.pulse import PulseRules
from bot.domain.silence import STOP, weeks_between
from bot.engine.hours import hours_of
from bot.engine.turn import Turn
from bot.store import private, wellbeing

#: An answer this recent is this week's.
_THIS_WEEK = timedelta(days=6)
#: A question may come some days early in its week: a check-in's day can move.
_SLACK = timedelta(days=3)


class Offer(StrEnum):
    """What a check-in says of the pulse."""

    NONE = "none"
    ASK = "ask"
    LAST = "last"  # nobody answered for a while: it is said once that no more offers come


@cache
def pulse_rules() -> PulseRules:
    """Read the texts and the decision table once."""
    return PulseRules.from_data(content("wellbeing/pulse"))


def offer(turn: Turn) -> Offer:
    """Decide whether a check-in offers the pulse, and remember that it was offered."""
    member, day = turn.member, hours_of(turn).working_day(turn.now)
    own = private.of(turn.db, member.key)
    if not own.pulse:
        return Offer.NONE
    latest = wellbeing.latest_pulses(turn.db, member.key, STOP + 1)
    if latest and latest[0].day == day:
        return Offer.NONE if latest[0].sealed is not None else Offer.ASK
    if any(each.sealed is not None and day - each.day <= _THIS_WEEK for each in latest):
        return Offer.NONE
    misses = 0
    for each in latest:
        if each.sealed is not None:
            break
        misses += 1
    weeks = weeks_between(misses)
    if weeks is None:
        own.pulse = False
        private.keep(turn.db, member.key, own)
        return Offer.LAST
    if latest and day - latest[0].day < timedelta(weeks=weeks) - _SLACK:
        return Offer.NONE
    wellbeing.offer_pulse(turn.db, member.key, day, turn.now)
    return Offer.ASK


def is_open(turn: Turn) -> bool:
    """Tell whether a pulse was offered this week and not answered."""
    day = hours_of(turn).working_day(turn.now)
    latest = wellbeing.latest_pulses(turn.db, turn.member.key, 1)
    return any(each.sealed is None and day - each.day <= _THIS_WEEK for each in latest)
