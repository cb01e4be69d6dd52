"""A circle's sessions: when and about what, who was there, what was wished for, what was noted."""

from collections import Counter, defaultdict
from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, delete, or_
from sqlmodel import Session, col, select

from bot.models import Attendance, CircleNote, CircleSession, HalfwayVote, Presence, TopicVote
from bot.models.circle import note_place
from bot.models.sealed import sealed_words

#: Where so many say that they were at a session, somebody else's silence may mean something.
TELLING = 4


def all_of(db: Session, circle_id: int) -> list[CircleSession]:
    """List a circle's sessions in order."""
    rows = select(CircleSession).where(CircleSession.circle_id == circle_id)
    return list(db.exec(rows.order_by(col(CircleSession.number))))


def by_id(db: Session, session_id: int) -> CircleSession | None:
    """Load a session."""
    return db.get(CircleSession, session_id)


def numbered(db: Session, circle_id: int, number: int) -> CircleSession | None:
    """Find a circle's session by its number."""
    return db.exec(
        select(CircleSession).where(
            CircleSession.circle_id == circle_id, CircleSession.number == number
        )
    ).one_or_none()


def put(db: Session, circle_id: int, number: int, topic: str, starts_at: datetime) -> CircleSession:
    """Set the hour of a session; one that is there keeps its topic, and its roles begin anew."""
    there = numbered(db, circle_id, number)
    if there is None:
        there = CircleSession(circle_id=circle_id, number=number, topic=topic, starts_at=starts_at)
        db.add(there)
    elif there.starts_at != starts_at:
        there.starts_at = starts_at
        there.host_id = there.timekeeper_id = there.scribe_id = there.care_id = None
        db.connection().execute(delete(Attendance).where(col(Attendance.session_id) == there.key))
    db.flush()
    return there


# Who comes


def presences(db: Session, session_id: int) -> dict[int, Presence]:
    """Give what each member said of a session."""
    rows = select(Attendance).where(Attendance.session_id == session_id)
    return {each.member_id: Presence(each.presence) for each in db.exec(rows)}


def mark(db: Session, session_id: int, member_id: int, presence: Presence) -> None:
    """Keep what a member says of a session, in the place of what they said before."""
    there = db.exec(
        select(Attendance).where(
            Attendance.session_id == session_id, Attendance.member_id == member_id
        )
    ).one_or_none()
    if there is None:
        db.add(Attendance(session_id=session_id, member_id=member_id, presence=presence))
    else:
        there.presence = presence
    db.flush()


def seems_missed(db: Session, session: CircleSession, member_id: int) -> bool:
    """Tell whether somebody seems to have missed a session.

    Either they said so beforehand, or they said nothing where so many others said that they were
    there. Else it is not known: many come and do not press.
    """
    said = presences(db, session.key)
    mine = said.pop(member_id, None)
    if mine is not None:
        return mine in {Presence.NOT_COMING, Presence.MISSED}
    return sum(each == Presence.THERE for each in said.values()) >= TELLING


# What is wished for


def votes(db: Session, circle_id: int) -> dict[int, Counter[str]]:
    """Count the wishes for topics, by the number of the session that they are for."""
    found: dict[int, Counter[str]] = defaultdict(Counter)
    for each in db.exec(select(TopicVote.topic).where(TopicVote.circle_id == circle_id)):
        number, _, topic = each.partition(":")
        found[int(number)][topic] += 1
    return found


def vote_of(db: Session, circle_id: int, member_id: int, number: int) -> str:
    """Give a member's wish for the topic of one session; empty where they have none."""
    mine = col(TopicVote.member_id) == member_id
    rows = select(TopicVote.topic).where(*_votes(circle_id, number), mine)
    return (db.exec(rows).first() or "").partition(":")[2]


def vote(db: Session, circle_id: int, member_id: int, number: int, topic: str) -> None:
    """Keep a member's wish for the topic of a session, in the place of an earlier one."""
    there = db.exec(
        select(TopicVote).where(TopicVote.circle_id == circle_id, TopicVote.member_id == member_id)
    ).one_or_none()
    # The session stands with the topic: a wish that comes late is none for the next one.
    wanted = f"{number}:{topic}"
    if there is None:
        db.add(TopicVote(circle_id=circle_id, member_id=member_id, topic=wanted))
    else:
        there.topic = wanted
    db.flush()


def drop_votes(db: Session, circle_id: int, number: int) -> None:
    """Forget the wishes for the topic of one session."""
    db.connection().execute(delete(TopicVote).where(*_votes(circle_id, number)))


def drop_vote(db: Session, circle_id: int, member_id: int) -> None:
    """Forget what one member wished for."""
    which = col(TopicVote.circle_id) == circle_id, col(TopicVote.member_id) == member_id
    db.connection().execute(delete(TopicVote).where(*which))


def _votes(circle_id: int, number: int) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    return col(TopicVote.circle_id) == circle_id, col(TopicVote.topic).like(f"{number}:%")


def halfway(db: Session, circle_id: int) -> Counter[str]:
    """Count the answers halfway."""
    return Counter(db.exec(select(HalfwayVote.wish).where(HalfwayVote.circle_id == circle_id)))


def wish(db: Session, circle_id: int, member_id: int, said: str) -> None:
    """Keep a member's answer halfway, in the place of an earlier one."""
    there = db.exec(
        select(HalfwayVote).where(
            HalfwayVote.circle_id == circle_id, HalfwayVote.member_id == member_id
        )
    ).one_or_none()
    if there is None:
        db.add(HalfwayVote(circle_id=circle_id, member_id=member_id, wish=said))
    else:
        there.wish = said
    db.flush()


# What was noted


def note_of(db: Session, session_id: int, member_id: int) -> CircleNote | None:
    """Find the themes that a member noted of a session."""
    return db.exec(
        select(CircleNote).where(
            CircleNote.session_id == session_id, CircleNote.member_id == member_id
        )
    ).one_or_none()


def is_noted(db: Session, session_id: int) -> bool:
    """Tell whether anybody noted the themes of a session."""
    rows = select(CircleNote.id).where(CircleNote.session_id == session_id)
    return db.exec(rows.limit(1)).first() is not None


def keep_note(db: Session, session_id: int, member_id: int, themes: str) -> bool:
    """Keep the themes of a session, sealed; False where they take the place of earlier ones."""
    there = note_of(db, session_id, member_id)
    if there is not None:
        there.themes = themes
        db.flush()
        return False
    sealed = sealed_words(db, member_id, note_place(session_id), {"themes": themes})
    db.add(CircleNote(session_id=session_id, member_id=member_id, sealed=sealed))
    db.flush()
    return True


def roles(session: CircleSession) -> tuple[int | None, int | None, int | None, int | None]:
    """Give who hosts a session, keeps its time, writes down its themes, and looks after people."""
    return session.host_id, session.timekeeper_id, session.scribe_id, session.care_id


def give_roles(session: CircleSession, holders: Sequence[int | None]) -> None:
    """Give the four roles of a session, in their order."""
    session.host_id, session.timekeeper_id, session.scribe_id, session.care_id = holders


def over(sessions: Collection[CircleSession], now: datetime) -> list[CircleSession]:
    """List the sessions that have begun."""
    return [each for each in sessions if each.starts_at <= now]


def unassign(db: Session, member_id: int) -> None:
    """Take all roles from somebody; whoever looks next finds another for them."""
    held = (CircleSession.host_id, CircleSession.timekeeper_id, CircleSession.scribe_id)
    which = or_(*(col(each) == member_id for each in (*held, CircleSession.care_id)))
    for session in db.exec(select(CircleSession).where(which)):
        give_roles(session, [None if each == member_id else each for each in roles(session)])
    db.flush()
