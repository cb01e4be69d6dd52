"""The team page: sums of people who agreed to be counted, the same for everybody."""

from bot.engine.turn import Feature
from bot.features.team.commands import coach_group

FEATURE = Feature(name="team", groups=(coach_group,))
