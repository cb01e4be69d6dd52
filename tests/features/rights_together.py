"""Rows in each table of mentorship, with words that tell whose they are."""

from datetime import date, datetime

from sqlmodel import Session, col, select

from bot.domain.mentoring import Role
from bot.models import (
    Attendance,
    Circle,
    CircleNote,
    CircleSeat,
    CircleSession,
    CircleWait,
    Goal,
    HalfwayVote,
    MatchRound,
    Meeting,
    MeetingNote,
    Member,
    Mentorship,
    Presence,
    RoundEntry,
    RoundPair,
    RoundState,
    SharedGoal,
    Side,
    TopicVote,
)
from bot.models.circle import note_place
from bot.models.match_round import entry_place
from bot.models.mentorship import meeting_place, mentorship_place
from bot.models.sealed import sealed_words
from bot.store import requests
from bot.store.profiles import Confidential
from tests.features.mentoring_ground import lay_profile


def plant_together(db: Session, member: Member, other: Member, now: datetime) -> None:
    """Let a member have a profile, a mentor, a round and a circle."""
    name, key = member.user, member.key
    part = Confidential(about=f"about-{name}", not_with=(f"apart-{name}",))
    lay_profile(db, member, Role.BOTH, now, part=part)
    requests.make(db, member, other, f"hope-{name}", now, now, passes_on=True)
    _mentorship(db, member, other, now)
    _round(db, member, other, now)
    here = {"platform": member.platform, "workspace": member.workspace}
    circle = Circle(**here, name=f"circle-{name}", host_id=key, created_at=now)
    db.add(circle)
    db.flush()
    session = CircleSession(circle_id=circle.key, number=1, topic="launch", starts_at=now)
    db.add(session)
    db.flush()
    db.add(CircleSeat(circle_id=circle.key, member_id=key, since=now))
    db.add(CircleWait(member_id=key, since=now))
    db.add(Attendance(session_id=session.key, member_id=key, presence=Presence.THERE))
    db.add(TopicVote(circle_id=circle.key, member_id=key, topic="teaching"))
    db.add(HalfwayVote(circle_id=circle.key, member_id=key, wish="keep"))
    themes = sealed_words(db, key, note_place(session.key), {"themes": f"themes-{name}"})
    db.add(CircleNote(session_id=session.key, member_id=key, sealed=themes))
    db.flush()


def _mentorship(db: Session, member: Member, mentor: Member, now: datetime) -> None:
    key, place = member.key, mentorship_place(mentor.key, now)
    agreed = sealed_words(db, key, place, {"aims": f"aims-{member.user}"})
    whose = {"member_id": key, "mentor_id": mentor.key, "sealed": agreed}
    mentorship = Mentorship(**whose, began_at=now, ends_on=date(2027, 8, 1))
    db.add(mentorship)
    db.flush()
    meeting = Meeting(mentorship_id=mentorship.key, number=1)
    db.add(meeting)
    db.flush()
    wish = sealed_words(
        db, key, meeting_place(meeting.key, "mentee"), {"agenda": f"agenda-{member.user}"}
    )
    note = {"meeting_id": meeting.key, "member_id": key, "sealed": wish}
    db.add(MeetingNote(**note, side=Side.MENTEE))
    goal = db.exec(select(Goal).where(Goal.member_id == key).order_by(col(Goal.number))).first()
    if goal is not None:
        db.add(SharedGoal(mentorship_id=mentorship.key, goal_id=goal.key))
    db.flush()


def _round(db: Session, member: Member, mentor: Member, now: datetime) -> None:
    here = {"platform": member.platform, "workspace": member.workspace}
    # The pairs of a published round begin, and are no pairs of a draft any more.
    match_round = MatchRound(**here, state=RoundState.CANCELLED, opened_at=now, closes_at=now)
    db.add(match_round)
    db.flush()
    ranks = sealed_words(
        db, member.key, entry_place(match_round.key, "mentee"), {"ranks": str(mentor.key)}
    )
    whose = {"round_id": match_round.key, "member_id": member.key, "sealed": ranks}
    db.add(RoundEntry(**whose, side=Side.MENTEE, joined_at=now))
    db.add(RoundPair(round_id=match_round.key, mentee_id=member.key, mentor_id=mentor.key))
    db.flush()
