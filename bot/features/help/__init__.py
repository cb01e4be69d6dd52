"""Help: home, every command, and why a message came or did not come."""

from bot.engine.turn import Feature
from bot.features.help.commands import home_group

FEATURE = Feature(name="help", groups=(home_group,))
