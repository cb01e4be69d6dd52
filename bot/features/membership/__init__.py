"""Membership: welcome, settings, pause."""

from bot.engine.turn import Feature
from bot.features.membership.commands import coach_group, join

FEATURE = Feature(name="membership", groups=(coach_group,), joins=join)
