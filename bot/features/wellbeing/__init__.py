"""Well-being: a weekly pulse, small ideas at the right time, self-checks; for the member alone."""

from bot.engine.hours import quiet_rules
from bot.engine.pulses import pulse_rules
from bot.engine.turn import Feature
from bot.features.wellbeing import checks, commands, looking, setting
from bot.features.wellbeing.group import wellbeing_group
from bot.features.wellbeing.ideas import library, nudge_rules
from bot.features.wellbeing.moments import OCCASION
from bot.features.wellbeing.reading import instruments

__all__ = ["checks", "commands", "looking", "setting"]  # they declare their commands when loaded


def _prepare() -> None:
    for read in (pulse_rules, quiet_rules, library, nudge_rules, instruments):
        read()


FEATURE = Feature(
    name="wellbeing",
    groups=(wellbeing_group,),
    occasions=(OCCASION, looking.OCCASION),
    prepare=_prepare,
)
