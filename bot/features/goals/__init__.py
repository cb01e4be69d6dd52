"""Goals: set, sharpened, moved, finished, let go."""

from bot.engine.turn import Feature
from bot.features.goals import commands, endings  # noqa: F401 - declare the commands
from bot.features.goals.group import goal_group
from bot.features.goals.reading import rules

FEATURE = Feature(name="goals", groups=(goal_group,), prepare=rules)
