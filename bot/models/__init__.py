"""All tables, imported here so that the metadata is whole whoever asks for it."""

from bot.models.checkin import CheckIn, CheckInGoal, Review
from bot.models.conversation import Draft, Inbound
from bot.models.goal import Goal, GoalEvent, IfThen, Step
from bot.models.keys import CommonKey, MemberKey
from bot.models.local import LocalClock, LocalPost, LocalRead
from bot.models.member import Member
from bot.models.safety import GuardCount
from bot.models.schedule import CHECKIN, REVIEW, Delivery, DeliveryState, Lane, Rhythm
from bot.models.shift import Feed, ShiftRow
from bot.models.wellbeing import Assessment, Moment, Private, Pulse, TeamBook

__all__ = [
    "CHECKIN",
    "REVIEW",
    "Assessment",
    "CheckIn",
    "CheckInGoal",
    "CommonKey",
    "Delivery",
    "DeliveryState",
    "Draft",
    "Feed",
    "Goal",
    "GoalEvent",
    "GuardCount",
    "IfThen",
    "Inbound",
    "Lane",
    "LocalClock",
    "LocalPost",
    "LocalRead",
    "Member",
    "MemberKey",
    "Moment",
    "Private",
    "Pulse",
    "Review",
    "Rhythm",
    "ShiftRow",
    "Step",
    "TeamBook",
]
