"""Reviews: each goal with its story; keep, change, finish, let go."""

from bot.engine.turn import Feature
from bot.features.reviews.commands import OCCASIONS, goal_group

FEATURE = Feature(name="reviews", groups=(goal_group,), occasions=OCCASIONS)
