"""Circles: five to eight peers who meet every two weeks, in a channel of their own."""

from bot.engine.circles import programme
from bot.engine.overlap import meeting_rules
from bot.engine.turn import Feature
from bot.features.circles import (
    agenda,
    being_there,
    coming,
    forming,
    going,
    hours,
    occasions,
    room,
    standing,
)
from bot.features.circles.group import circle_group

# They declare their commands when loaded.
__all__ = ["agenda", "being_there", "coming", "forming", "going", "hours", "standing"]


def _prepare() -> None:
    for read in (programme, meeting_rules):
        read()


FEATURE = Feature(
    name="circles",
    groups=(circle_group,),
    occasions=(*occasions.OCCASIONS, *room.OCCASIONS),
    prepare=_prepare,
)
