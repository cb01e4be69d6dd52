"""The nine things the coach helps with, and the states a goal can be in."""

from enum import StrEnum


class Area(StrEnum):
    """One of the nine areas of a clinician's growth."""

    SELF = "self"
    EDUCATION = "education"
    NETWORK = "network"
    TECHNOLOGY = "technology"
    BALANCE = "balance"
    LEADERSHIP = "leadership"
    NONCLINICAL = "nonclinical"
    MENTORSHIP = "mentorship"
    PLANNING = "planning"


class GoalStatus(StrEnum):
    """Whether the coach still asks about a goal."""

    ACTIVE = "active"
    DONE = "done"
    DROPPED = "dropped"


class Standing(StrEnum):
    """A member's answer about one goal in a weekly check-in."""

    ON_TRACK = "on_track"
    STUCK = "stuck"
    DONE = "done"
    NOT_THIS_WEEK = "not_this_week"


class Verdict(StrEnum):
    """What a review decides about one goal."""

    KEEP = "keep"
    CHANGE = "change"
    FINISH = "finish"
    LET_GO = "let_go"
