"""Match rounds: people come in, are matched together, and a coordinator sees how all goes."""

from bot.engine.turn import Feature
from bot.features.rounds import commands, health  # noqa: F401 - they declare commands
from bot.features.rounds.group import mentor_group
from bot.features.rounds.occasions import OCCASIONS

FEATURE = Feature(name="rounds", groups=(mentor_group,), occasions=OCCASIONS)
