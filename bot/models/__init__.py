"""All tables, imported here so that the metadata is whole whoever asks for it."""

from bot.models.checkin import CheckIn, CheckInGoal, Review
from bot.models.conversation import Draft, Inbound
from bot.models.goal import Goal, GoalEvent, IfThen, Step
from bot.models.local import LocalClock, LocalPost, LocalRead
from bot.models.member import Member
from bot.models.schedule import CHECKIN, REVIEW, Delivery, DeliveryState, Lane, Rhythm

__all__ = [
    "CHECKIN",
    "REVIEW",
    "CheckIn",
    "CheckInGoal",
    "Delivery",
    "DeliveryState",
    "Draft",
    "Goal",
    "GoalEvent",
    "IfThen",
    "Inbound",
    "Lane",
    "LocalClock",
    "LocalPost",
    "LocalRead",
    "Member",
    "Review",
    "Rhythm",
    "Step",
]
