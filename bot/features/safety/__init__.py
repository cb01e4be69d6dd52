"""Help now: people to talk to, one press away, without anybody being told."""

from bot.engine.guard import crisis_rules, patient_rules
from bot.engine.safety import helplines
from bot.engine.turn import Feature
from bot.features.safety.commands import help_group


def _prepare() -> None:
    for read in (crisis_rules, patient_rules, helplines):
        read()


FEATURE = Feature(name="safety", groups=(help_group,), prepare=_prepare)
