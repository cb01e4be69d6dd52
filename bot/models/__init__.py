"""All tables, imported here so that the metadata is whole whoever asks for it."""

from bot.models.checkin import CheckIn, CheckInGoal, Review
from bot.models.circle import (
    Attendance,
    Circle,
    CircleForm,
    CircleLength,
    CircleNote,
    CircleSeat,
    CircleSession,
    CircleState,
    CircleWait,
    HalfwayVote,
    Presence,
    SeatState,
    TopicVote,
)
from bot.models.conversation import Draft, Inbound
from bot.models.goal import Goal, GoalEvent, IfThen, Step
from bot.models.keys import CommonKey, MemberKey
from bot.models.local import LocalClock, LocalPost, LocalRead, LocalRoom, LocalSeat
from bot.models.match_round import MatchRound, RoundDraft, RoundEntry, RoundPair, RoundState, Side
from bot.models.member import LastNumber, Member
from bot.models.mentoring import MentorRequest, Profile, RequestState
from bot.models.mentorship import Meeting, MeetingNote, Mentorship, SharedGoal
from bot.models.safety import GuardCount
from bot.models.schedule import CHECKIN, REVIEW, Delivery, DeliveryState, Lane, Rhythm
from bot.models.shift import Feed, ShiftRow
from bot.models.wellbeing import Assessment, Moment, Private, Pulse, TeamBook

__all__ = [
    "CHECKIN",
    "REVIEW",
    "Assessment",
    "Attendance",
    "CheckIn",
    "CheckInGoal",
    "Circle",
    "CircleForm",
    "CircleLength",
    "CircleNote",
    "CircleSeat",
    "CircleSession",
    "CircleState",
    "CircleWait",
    "CommonKey",
    "Delivery",
    "DeliveryState",
    "Draft",
    "Feed",
    "Goal",
    "GoalEvent",
    "GuardCount",
    "HalfwayVote",
    "IfThen",
    "Inbound",
    "Lane",
    "LastNumber",
    "LocalClock",
    "LocalPost",
    "LocalRead",
    "LocalRoom",
    "LocalSeat",
    "MatchRound",
    "Meeting",
    "MeetingNote",
    "Member",
    "MemberKey",
    "MentorRequest",
    "Mentorship",
    "Moment",
    "Presence",
    "Private",
    "Profile",
    "Pulse",
    "RequestState",
    "Review",
    "Rhythm",
    "RoundDraft",
    "RoundEntry",
    "RoundPair",
    "RoundState",
    "SeatState",
    "SharedGoal",
    "ShiftRow",
    "Side",
    "Step",
    "TeamBook",
    "TopicVote",
]
