"""Goals: set, sharpened, moved, finished, let go."""

from bot.engine.turn import Feature
from bot.features.goals.commands import goal_group

FEATURE = Feature(name="goals", groups=(goal_group,))
