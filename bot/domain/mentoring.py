"""What people say of themselves so that a mentor and a mentee can be found for each other."""

from enum import StrEnum


class Role(StrEnum):
    """Which side of a mentorship someone is on."""

    MENTEE = "mentee"
    MENTOR = "mentor"
    BOTH = "both"

    @property
    def gives(self) -> bool:
        """Whether they may be asked for mentoring."""
        return self is not Role.MENTEE

    @property
    def seeks(self) -> bool:
        """Whether they look for a mentor."""
        return self is not Role.MENTOR


class CareerStage(StrEnum):
    """How far along someone is, in the words of no single profession; in order."""

    STUDENT = "student"
    EARLY_TRAINING = "early_training"  # the first two years after qualifying
    LATE_TRAINING = "late_training"
    EARLY_CAREER = "early_career"  # up to seven years after training
    MID_CAREER = "mid_career"
    SENIOR = "senior"  # fifteen years and more

    @property
    def rank(self) -> int:
        """The place in the order, from 0."""
        return list(CareerStage).index(self)


class Gap(StrEnum):
    """How much further along a mentee wants their mentor to be."""

    ANY = "any"
    NEAR_PEER = "near_peer"
    SENIOR = "senior"


class Tone(StrEnum):
    """First card: rather challenged, or rather encouraged."""

    CHALLENGE = "challenge"
    ENCOURAGE = "encourage"


class Plan(StrEnum):
    """Second card: rather a plan for each meeting, or open talk."""

    STRUCTURED = "structured"
    OPEN = "open"


class Aim(StrEnum):
    """Third card: rather the next move of a career, or the craft of today."""

    MOVE = "move"
    CRAFT = "craft"


class MeetingRhythm(StrEnum):
    """How often two people would like to meet."""

    WEEKLY = "weekly"
    FORTNIGHTLY = "fortnightly"
    MONTHLY = "monthly"


class MeetingChannel(StrEnum):
    """How they would like to meet."""

    ANY = "any"
    VIDEO = "video"
    IN_PERSON = "in_person"
    TEXT = "text"


#: Mentees that one mentor may take on; more is no mentoring.
CAPACITY = range(1, 6)
#: The usual number.
USUAL_CAPACITY = 2
