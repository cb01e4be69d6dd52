"""Mentorships, their meetings, and what is shared in them. Questions are asked through a member."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime

from sqlalchemy import and_, delete, func, or_, tuple_, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Session, col, select

from bot.domain.areas import GoalStatus
from bot.domain.mentorship import About
from bot.models import (
    Delivery,
    DeliveryState,
    Goal,
    MatchRound,
    Meeting,
    MeetingNote,
    Member,
    Mentorship,
    SharedGoal,
    Side,
)
from bot.models.base import table_of
from bot.models.mentorship import meeting_place, mentorship_place
from bot.models.sealed import sealed_words
from bot.store import deliveries, members
from bot.store.deliveries import WAITING
from bot.store.entries import off_ref

_TABLE = table_of(Mentorship)
_BEGIN = {
    kind: insert(_TABLE).on_conflict_do_nothing().returning(_TABLE.c.id)
    for kind, insert in (("sqlite", sqlite.insert), ("postgresql", postgresql.insert))
}


def begin(
    db: Session, mentee_id: int, mentor_id: int, now: datetime, ends_on: date, round_id: int | None
) -> tuple[Mentorship, bool]:
    """Keep a new mentorship, or give the one that goes on; the second tells whether it is new."""
    between = _between(db, mentee_id, mentor_id)
    if between is not None and between.ends_on < now.date():
        close(db, between, now)  # nobody closed it when its last day had passed
        between = None
    if between is not None:
        return between, False
    connection = db.connection()
    row = Mentorship(
        member_id=mentee_id,
        mentor_id=mentor_id,
        round_id=round_id,
        began_at=now,
        ends_on=ends_on,
        sealed=sealed_words(db, mentee_id, mentorship_place(mentor_id, now), {}),
    )
    made = connection.execute(_BEGIN[connection.dialect.name], row.model_dump(exclude={"id"}))
    found = made.first()
    between = _between(db, mentee_id, mentor_id) if found is None else db.get(Mentorship, found.id)
    if between is None:
        raise LookupError("A mentorship is neither new nor there.")
    return between, found is not None


def _between(db: Session, mentee_id: int, mentor_id: int) -> Mentorship | None:
    return db.exec(
        select(Mentorship).where(
            Mentorship.member_id == mentee_id,
            Mentorship.mentor_id == mentor_id,
            col(Mentorship.ended_at).is_(None),
        )
    ).one_or_none()


def owned(db: Session, member_id: int, mentorship_id: int) -> Mentorship | None:
    """Load a mentorship if this member is one of the two, and hold it: both may press at once."""
    mine = or_(col(Mentorship.member_id) == member_id, col(Mentorship.mentor_id) == member_id)
    rows = select(Mentorship).where(Mentorship.id == mentorship_id, mine)
    held = rows.with_for_update(key_share=True).execution_options(populate_existing=True)
    return db.exec(held).one_or_none()


def going_on(db: Session, member_id: int, today: date) -> Sequence[Mentorship]:
    """List the mentorships of a member that go on, on either side, the earliest first."""
    mine = or_(col(Mentorship.member_id) == member_id, col(Mentorship.mentor_id) == member_id)
    rows = select(Mentorship).where(
        mine, col(Mentorship.ended_at).is_(None), col(Mentorship.ends_on) >= today
    )
    return db.exec(rows.order_by(col(Mentorship.began_at), col(Mentorship.id))).all()


def is_first(db: Session, mentor_id: int, mentorship_id: int) -> bool:
    """Tell whether this is the first mentorship that somebody gives."""
    others = select(Mentorship.id).where(
        Mentorship.mentor_id == mentor_id, col(Mentorship.id) < mentorship_id
    )
    return db.exec(others.limit(1)).first() is None


def coordinator_of(db: Session, mentorship: Mentorship) -> Member | None:
    """Find who coordinates the round that a mentorship comes from, if there is one."""
    found = None if mentorship.round_id is None else db.get(MatchRound, mentorship.round_id)
    if found is None or found.coordinator_id is None:
        return None
    return members.by_id(db, found.coordinator_id)


def close(db: Session, mentorship: Mentorship, now: datetime) -> None:
    """End a mentorship: its place is free, and no goal is shared any more."""
    mentorship.ended_at = mentorship.ended_at or now
    db.connection().execute(
        delete(SharedGoal).where(col(SharedGoal.mentorship_id) == mentorship.key)
    )
    db.flush()


def withdraw(db: Session, mentorship: Mentorship, reason: str, *about: About) -> None:
    """Take back what both were promised about a mentorship: all of it, or some."""
    which = about or tuple(About)
    db.connection().execute(
        update(Delivery)
        .where(
            WAITING,
            col(Delivery.member_id).in_((mentorship.member_id, mentorship.mentor_id)),
            col(Delivery.occasion).in_([each.value for each in which]),
            or_(
                col(Delivery.ref) == str(mentorship.key),
                col(Delivery.ref).like(f"{mentorship.key}:%"),
            ),
        )
        .values(state=DeliveryState.DROPPED.value, reason=reason)
        .execution_options(synchronize_session=False)
    )


def is_promised(db: Session, member_id: int, about: About, ref: str) -> bool:
    """Tell whether a member is still to hear something."""
    rows = select(Delivery.id).where(
        WAITING,
        Delivery.member_id == member_id,
        Delivery.occasion == about.value,
        Delivery.ref == ref,
    )
    return db.exec(rows.limit(1)).first() is not None


def is_said(db: Session, delivery: Delivery, since: datetime) -> bool:
    """Tell whether an earlier promise of the same was kept since, or is still to be."""
    sent = and_(col(Delivery.state) == DeliveryState.SENT.value, col(Delivery.sent_at) >= since)
    rows = select(Delivery.id).where(
        or_(WAITING, sent),
        Delivery.member_id == delivery.member_id,
        Delivery.occasion == delivery.occasion,
        Delivery.ref == delivery.ref,
        col(Delivery.due_at) < delivery.due_at,
    )
    return db.exec(rows.limit(1)).first() is not None


def is_crowded(db: Session, delivery: Delivery, about: Collection[About], today: datetime) -> bool:
    """Tell whether a member hears something else of these today, before what one has promised.

    It was sent since the day began, or it comes first among what is due.
    """
    sent = and_(col(Delivery.state) == DeliveryState.SENT.value, col(Delivery.sent_at) >= today)
    due = tuple_(col(Delivery.due_at), col(Delivery.id))
    first = and_(WAITING, due < (delivery.due_at, delivery.id))
    rows = select(Delivery.id).where(
        or_(sent, first),
        Delivery.member_id == delivery.member_id,
        Delivery.id != delivery.id,
        col(Delivery.occasion).in_([each.value for each in about]),
    )
    return db.exec(rows.limit(1)).first() is not None


def told_at(db: Session, member_id: int, about: About, ref: str) -> datetime | None:
    """Tell when a member last heard something; None where they have not."""
    return db.exec(
        select(func.max(Delivery.sent_at)).where(
            Delivery.member_id == member_id,
            Delivery.occasion == about.value,
            Delivery.ref == ref,
        )
    ).one()


# Meetings


def meetings(db: Session, mentorship_id: int) -> Sequence[Meeting]:
    """List the meetings of a mentorship in their order."""
    rows = select(Meeting).where(Meeting.mentorship_id == mentorship_id)
    return db.exec(rows.order_by(col(Meeting.number))).all()


def meeting(db: Session, mentorship_id: int, meeting_id: int) -> Meeting | None:
    """Load a meeting of a mentorship that was loaded through its member."""
    found = db.get(Meeting, meeting_id)
    return found if found is not None and found.mentorship_id == mentorship_id else None


def meeting_of(db: Session, member_id: int, meeting_id: int) -> tuple[Mentorship, Meeting] | None:
    """Load a meeting and its mentorship if this member is one of the two."""
    found = db.get(Meeting, meeting_id)
    theirs = None if found is None else owned(db, member_id, found.mentorship_id)
    if found is None or theirs is None:
        return None
    db.refresh(found)  # the other may have changed it while the mentorship was held
    return theirs, found


def add_meeting(db: Session, mentorship_id: int) -> Meeting:
    """Begin the next meeting, without a time."""
    there = meetings(db, mentorship_id)
    row = Meeting(mentorship_id=mentorship_id, number=there[-1].number + 1 if there else 1)
    db.add(row)
    db.flush()
    return row


def note_of(db: Session, meeting_id: int, member_id: int) -> MeetingNote | None:
    """Find what one of two people keeps of a meeting."""
    return db.exec(
        select(MeetingNote).where(
            MeetingNote.meeting_id == meeting_id, MeetingNote.member_id == member_id
        )
    ).one_or_none()


def keep_note(
    db: Session, meeting_id: int, member_id: int, side: Side, words: Mapping[str, str]
) -> None:
    """Keep words of a meeting beside those that are there already."""
    row = note_of(db, meeting_id, member_id)
    if row is not None:
        row.words = {**row.words, **words}
        return
    sealed = sealed_words(db, member_id, meeting_place(meeting_id, side), words)
    db.add(MeetingNote(member_id=member_id, meeting_id=meeting_id, side=side, sealed=sealed))
    db.flush()


def notes_of(db: Session, mentorship_id: int, member_id: int) -> Sequence[MeetingNote]:
    """List what one of two people keeps of their meetings, in order."""
    return db.exec(
        select(MeetingNote)
        .join(Meeting, col(Meeting.id) == col(MeetingNote.meeting_id))
        .where(Meeting.mentorship_id == mentorship_id, MeetingNote.member_id == member_id)
        .order_by(col(Meeting.number))
    ).all()


def marks(db: Session, mentorship_id: int, member_id: int) -> list[int]:
    """List how useful somebody found the meetings, the earliest first."""
    said = (each.useful for each in notes_of(db, mentorship_id, member_id))
    return [int(each) for each in said if each]


# Goals that are shared


def shared(db: Session, mentorship: Mentorship) -> Sequence[Goal]:
    """List the goals that the mentee shares, as long as they are open."""
    return db.exec(
        select(Goal)
        .join(SharedGoal, col(SharedGoal.goal_id) == col(Goal.id))
        .where(
            SharedGoal.mentorship_id == mentorship.key,
            Goal.member_id == mentorship.member_id,
            Goal.status == GoalStatus.ACTIVE,
        )
        .order_by(col(Goal.number))
    ).all()


def share(db: Session, mentorship: Mentorship, goal_ids: Collection[int]) -> None:
    """Share these goals, and no others."""
    rows = delete(SharedGoal).where(col(SharedGoal.mentorship_id) == mentorship.key)
    db.connection().execute(rows)
    db.add_all(SharedGoal(mentorship_id=mentorship.key, goal_id=each) for each in sorted(goal_ids))
    db.flush()


# Someone leaves


def part(db: Session, member: Member, now: datetime) -> None:
    """Before a member is forgotten: tell those whom they mentor, or who mentor them.

    The rows go with the member; the message names nobody, for the name goes, too. What takes a
    planned meeting out of the other's calendar goes with the promise.
    """
    for each in going_on(db, member.key, now.date()):
        withdraw(db, each, "pair_over")
        other = each.mentor_id if each.member_id == member.key else each.member_id
        key = f"{About.PARTED}:{each.key}"
        ref = off_ref(each, meetings(db, each.key), now)
        deliveries.promise(db, members.by_id(db, other), About.PARTED.value, key, now, ref)
        close(db, each, now)
