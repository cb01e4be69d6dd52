"""A member's rights: to know what is kept, to have it, and to be forgotten."""

from bot.engine.turn import Feature
from bot.features.rights.commands import EXPORT, coach_group

FEATURE = Feature(name="rights", groups=(coach_group,), occasions=(EXPORT,))
