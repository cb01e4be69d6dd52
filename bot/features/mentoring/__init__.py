"""Mentoring: profiles, a few people who would fit, and asking one of them."""

from bot.engine.turn import Feature
from bot.features.mentoring import asking, commands, profile  # noqa: F401 - they declare commands
from bot.features.mentoring.answering import OCCASIONS
from bot.features.mentoring.group import mentor_group

FEATURE = Feature(name="mentoring", groups=(mentor_group,), occasions=OCCASIONS)
