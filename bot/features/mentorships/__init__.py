"""Two people who meet: what they agree on, when they meet, how it goes, and a good end."""

from bot.engine.mentorships import guide
from bot.engine.overlap import meeting_rules
from bot.engine.turn import Feature

# The handlers declare themselves in the group.
from bot.features.mentorships import agreeing, ending, looking, meeting, talking  # noqa: F401
from bot.features.mentorships.group import mentor_group
from bot.features.mentorships.occasions import OCCASIONS


def _prepare() -> None:
    for read in (guide, meeting_rules):
        read()


FEATURE = Feature(name="mentorships", groups=(mentor_group,), occasions=OCCASIONS, prepare=_prepare)
