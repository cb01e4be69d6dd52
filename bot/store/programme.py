"""How a programme goes in numbers: counts of rows, never a name and never a word."""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, func, or_
from sqlmodel import Session, col, select

from bot.domain.mentoring import Role
from bot.models import (
    Attendance,
    Circle,
    CircleSession,
    CircleState,
    Meeting,
    Member,
    Mentorship,
    Presence,
    Profile,
)
from bot.store import profiles


@dataclass(frozen=True, slots=True)
class Workspace:
    """The workspace that is looked at."""

    platform: str
    name: str

    @property
    def here(self) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
        """That a member is of it."""
        return col(Member.platform) == self.platform, col(Member.workspace) == self.name


@dataclass(frozen=True, slots=True)
class Mentors:
    """Who gives mentoring: how much each has taken on, how many places there are, who rests."""

    loads: tuple[int, ...]
    places: int
    taken: int
    paused: int


def mentors(db: Session, place: Workspace, now: datetime) -> Mentors:
    """Count what mentors have taken on, requests that hold a place among it."""
    rows = db.exec(
        select(Profile.member_id, Profile.capacity, Profile.paused)
        .join(Member, col(Member.id) == col(Profile.member_id))
        .where(*place.here, col(Profile.role) != Role.MENTEE)
    ).all()
    loads = profiles.loads(db, [who for who, _, _ in rows], now)
    return Mentors(
        loads=tuple(loads.values()),
        places=sum(capacity for _, capacity, _ in rows),
        taken=sum(loads.values()),
        paused=sum(bool(paused) for _, _, paused in rows),
    )


def without_mentor(db: Session, place: Workspace) -> int:
    """Count who looks for a mentor, does not rest, and has none."""
    has = select(Mentorship.id).where(
        Mentorship.member_id == Profile.member_id, col(Mentorship.ended_at).is_(None)
    )
    rows = (
        select(func.count())
        .select_from(Profile)
        .join(Member, col(Member.id) == col(Profile.member_id))
        .where(
            *place.here,
            col(Profile.role) != Role.MENTOR,
            col(Profile.paused).is_(False),
            ~has.exists(),
        )
    )
    return db.exec(rows).one()


@dataclass(frozen=True, slots=True)
class Pairs:
    """Mentorships that go on: those that have met, those that have not in time, and the young."""

    met: int
    unmet: int
    young: int
    #: Those that are over, of the last year.
    ended: int


def mentorships(db: Session, place: Workspace, now: datetime, unmet_after: timedelta) -> Pairs:
    """Count mentorships by whether they have met within some days of their beginning."""
    met = select(Meeting.id).where(
        Meeting.mentorship_id == Mentorship.id, col(Meeting.held_at).is_not(None)
    )
    rows = db.exec(
        select(Mentorship.began_at, Mentorship.ended_at, met.exists())
        .join(Member, col(Member.id) == col(Mentorship.member_id))
        .where(
            *place.here,
            or_(
                col(Mentorship.ended_at).is_(None),
                col(Mentorship.ended_at) > now - timedelta(days=365),
            ),
        )
    ).all()
    found: Counter[str] = Counter()
    for began, ended, has_met in rows:
        if ended is not None:
            found["ended"] += 1
        elif has_met:
            found["met"] += 1
        else:
            found["young" if now - began < unmet_after else "unmet"] += 1
    return Pairs(found["met"], found["unmet"], found["young"], found["ended"])


def meetings(db: Session, place: Workspace, since: datetime) -> int:
    """Count the meetings that were held since a moment."""
    rows = (
        select(func.count())
        .select_from(Meeting)
        .join(Mentorship, col(Mentorship.id) == col(Meeting.mentorship_id))
        .join(Member, col(Member.id) == col(Mentorship.member_id))
        .where(*place.here, col(Meeting.held_at) > since)
    )
    return db.exec(rows).one()


@dataclass(frozen=True, slots=True)
class Circles:
    """Circles that run, sessions that they and others held, and how well sessions are attended."""

    alive: int
    sessions: int
    #: Circles by how many people usually come: five or more, four, and fewer.
    well: int
    some: int
    thin: int


def circles(db: Session, place: Workspace, now: datetime) -> Circles:
    """Count circles and their sessions, and circles by how many people usually come."""
    here = col(Circle.platform) == place.platform, col(Circle.workspace) == place.name
    alive = db.exec(select(Circle.id).where(*here, Circle.state == CircleState.RUNNING)).all()
    came = (
        select(CircleSession.circle_id, CircleSession.id, func.count(col(Attendance.id)))
        .join(Circle, col(Circle.id) == col(CircleSession.circle_id))
        .outerjoin(
            Attendance,
            (col(Attendance.session_id) == col(CircleSession.id))
            & (col(Attendance.presence) == Presence.THERE),
        )
        .where(
            *here, col(CircleSession.starts_at) <= now, col(CircleSession.opened_at).is_not(None)
        )
        .group_by(col(CircleSession.circle_id), col(CircleSession.id))
    )
    heads: dict[int, list[int]] = {}
    for circle_id, _, count in db.exec(came):
        heads.setdefault(circle_id, []).append(count)
    usual = [_middle(counts) for who, counts in heads.items() if who in alive]
    return Circles(
        alive=len(alive),
        sessions=sum(map(len, heads.values())),
        well=sum(each >= 5 for each in usual),
        some=sum(each == 4 for each in usual),
        thin=sum(each < 4 for each in usual),
    )


def _middle(counts: list[int]) -> int:
    return sorted(counts)[(len(counts) - 1) // 2]
