"""Shifts: members tell when they work, and the coach stays silent at the right times."""

from bot.engine.feeds import rota_rules
from bot.engine.hours import quiet_rules
from bot.engine.turn import Feature
from bot.features.shifts.group import leave_group, shift_group
from bot.features.shifts.occasions import OCCASIONS
from bot.features.shifts.reading import shift_words


def _prepare() -> None:
    for read in (shift_words, quiet_rules, rota_rules):
        read()


FEATURE = Feature(
    name="shifts",
    groups=(shift_group, leave_group),
    occasions=OCCASIONS,
    prepare=_prepare,
)
