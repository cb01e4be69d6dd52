"""Check-ins: asked weekly, coached by rule, asked less when nobody answers."""

from bot.engine.turn import Feature
from bot.features.checkins.commands import checkin_group
from bot.features.checkins.occasions import OCCASIONS

FEATURE = Feature(name="checkins", groups=(checkin_group,), occasions=OCCASIONS)
