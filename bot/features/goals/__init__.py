"""Goals: set, sharpened, moved, finished, let go."""

from bot.engine.turn import Feature
from bot.features.goals import commands, endings  # noqa: F401 - declare the commands
from bot.features.goals.group import goal_group

FEATURE = Feature(name="goals", groups=(goal_group,))
