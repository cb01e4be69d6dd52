"""What a mentor answers, and what then comes of a request."""

from datetime import timedelta

from bot.chat.prompt import Prompt
from bot.domain.availability import Weight
from bot.domain.mentoring import Role
from bot.engine import mentoring, mentorships, overlap
from bot.engine.mentoring import name_of, topics
from bot.engine.turn import Occasion, Turn, Withhold
from bot.errors import Refused
from bot.features.mentoring.asking import ANSWERED, ASKED, LAPSED, REMINDER, send, settle, stretch
from bot.features.mentoring.group import mentor_group
from bot.features.mentoring.request_prompts import (
    Accepted,
    Declined,
    MentorLeft,
    Outcome,
    RequestCame,
    RequestLapsed,
    RequestTold,
)
from bot.models import Delivery, Member, MentorRequest, RequestState
from bot.store import deliveries, members, profiles, requests

#: So many requests declined one after another pause new ones.
TIRED = 2


def _mine(turn: Turn, request_id: int) -> MentorRequest:
    """Load a request to this mentor that still waits."""
    request = requests.by_id(turn.db, request_id)
    if request is None or request.mentor_id != turn.member.key:
        raise Refused("help.old_button")
    stretch(turn, request)
    mentee = members.by_id(turn.db, request.member_id)
    if not request.is_open(turn.now) or mentoring.kept_apart(turn.db, mentee, turn.member):
        raise Refused("mentoring.refused.over")
    return request


@mentor_group.action("accept")
def accept(turn: Turn, request_id: int) -> Prompt:
    """Take a mentee on."""
    request = _mine(turn, request_id)
    mentee = members.by_id(turn.db, request.member_id)
    mine = profiles.held(turn.db, turn.member.key)
    request.state, request.answered_at = RequestState.ACCEPTED, turn.now
    settle(turn, request)
    if mine is not None:
        mine.declined = 0
    _tell(turn, request)  # the yes first, then what follows from it
    mentorships.begin(turn.db, mentee, turn.member, turn.now)
    return Accepted(name=name_of(mentee))


@mentor_group.action("decline")
def decline(turn: Turn, request_id: int) -> Prompt:
    """Say that it does not fit now; no reason is asked, and none is given."""
    request = _mine(turn, request_id)
    mine = profiles.held(turn.db, turn.member.key)
    rests = False
    if mine is not None:
        mine.declined += 1
        rests = mine.declined >= TIRED and not mine.paused
        mine.paused = mine.paused or rests
    turn.db.flush()
    return Declined(name=name_of(_turn_down(turn, request)), rests=rests)


def _turn_down(turn: Turn, request: MentorRequest) -> Member:
    """Say no to a request, pass it on if that was wished, and give who is told."""
    mentee = members.by_id(turn.db, request.member_id)
    request.state, request.answered_at = RequestState.DECLINED, turn.now
    settle(turn, request)
    if request.passes_on:
        pass_on(turn, mentee, request)
    _tell(turn, request)
    return mentee


def _tell(turn: Turn, request: MentorRequest) -> None:
    mentee, ref = members.by_id(turn.db, request.member_id), str(request.key)
    hears = overlap.next_good(turn.db, mentee, turn.now)  # who is on leave hears it when back
    deliveries.promise(turn.db, mentee, ANSWERED, f"{ANSWERED}:{ref}", hears, ref)


def pass_on(turn: Turn, mentee: Member, request: MentorRequest) -> Member | None:
    """Ask the next who fits with the same words, and give who that is; None where nobody does."""
    mine = profiles.of(turn.db, mentee.key)
    if mine is None or mine.paused or not Role(mine.role).seeks:
        return None
    found = mentoring.suggest(turn.db, mentee, mine, turn.now, turn=request.key)
    for mentor, _, _ in found:
        theirs = profiles.held(turn.db, mentor.key)
        taken = profiles.loads(turn.db, [mentor.key], turn.now)[mentor.key]
        if theirs is not None and not theirs.paused and taken < theirs.capacity:
            send(turn, mentee, mentor, request.note, passes_on=True)
            return mentor
    return None


# What is told


def _request_of(turn: Turn, delivery: Delivery) -> MentorRequest | None:
    return turn.db.get(MentorRequest, int(delivery.ref))


def came(turn: Turn, delivery: Delivery, late: bool) -> Prompt | Withhold:  # noqa: ARG001 - the one signature of all occasions
    """Tell a mentor who asks, and what they hope for."""
    return _came(turn, delivery, again=False)


def still_there(turn: Turn, delivery: Delivery, late: bool) -> Prompt | Withhold:  # noqa: ARG001
    """Remind a mentor, once."""
    return _came(turn, delivery, again=True)


def _came(turn: Turn, delivery: Delivery, *, again: bool) -> Prompt | Withhold:
    request = _request_of(turn, delivery)
    if request is None or request.state != RequestState.OPEN:
        return Withhold("answered")
    stretch(turn, request)
    mentee = members.by_id(turn.db, request.member_id)
    if not request.is_open(turn.now) or mentoring.kept_apart(turn.db, mentee, turn.member):
        return Withhold("replaced")
    return request_told(turn, request, again=again)


def request_told(turn: Turn, request: MentorRequest, *, again: bool) -> RequestCame:
    """Show a mentor a request."""
    mentee = members.by_id(turn.db, request.member_id)
    profile = profiles.of(turn.db, mentee.key)
    say = turn.words.short
    return RequestCame(
        request_id=request.key,
        name=name_of(mentee),
        stage=say(f"mentoring.stage.{profile.stage}") if profile else "",
        topics=topics().labels(profile.topics("seeks"))[:4] if profile else (),
        note=request.note,
        until=turn.at(request.expires_at).date(),
        again=again,
    )


def unseen(turn: Turn, delivery: Delivery, reason: str) -> None:
    """Let nobody wait for a mentor who paused before they saw a request, or cannot be reached."""
    request = _request_of(turn, delivery)
    in_vain = reason == "unreachable" or (reason == "paused" and delivery.occasion == ASKED)
    if in_vain and request is not None and request.is_open(turn.now):
        _turn_down(turn, request)


def lapsed(turn: Turn, delivery: Delivery, late: bool) -> Prompt | Withhold:  # noqa: ARG001
    """Tell a mentee that no answer came, blame nobody, and go on if they wished so."""
    request = _request_of(turn, delivery)
    if request is None or request.state != RequestState.OPEN:
        return Withhold("answered")
    mentor = members.by_id(turn.db, request.mentor_id)
    stretch(turn, request)
    if request.is_open(turn.now):  # nights or leave that were not known when they were asked
        return Withhold("stretched", request.expires_at)
    following = following_of(turn, request)
    if request.passes_on and following is None:
        following = pass_on(turn, turn.member, request)
    return RequestLapsed(
        outcome=RequestTold(name=name_of(mentor), following=name_of(following) if following else "")
    )


def left(turn: Turn, delivery: Delivery, late: bool) -> Prompt | Withhold:  # noqa: ARG001
    """Tell a mentee that whom they asked is not here any more; no name of theirs is left."""
    return MentorLeft()


def answered(turn: Turn, delivery: Delivery, late: bool) -> Prompt | Withhold:  # noqa: ARG001
    """Tell a mentee what a mentor answered."""
    request = _request_of(turn, delivery)
    if request is None or request.answered_at is None:
        return Withhold("replaced")
    following = following_of(turn, request)
    return Outcome(
        accepted=request.state == RequestState.ACCEPTED,
        outcome=RequestTold(
            name=name_of(members.by_id(turn.db, request.mentor_id)),
            following=name_of(following) if following else "",
        ),
    )


def following_of(turn: Turn, request: MentorRequest) -> Member | None:
    """Give whom a mentee asks now, after a request that is over."""
    later = requests.sent(turn.db, request.member_id, turn.now)
    return next((who for each, who in later if each.asked_at > request.asked_at), None)


#: So long it is still of use to tell.
_LONG = timedelta(days=21)
OCCASIONS = (
    Occasion(name=ASKED, compose=came, stale_after=_LONG, weight=Weight.LIGHT, left_out=unseen),
    Occasion(
        name=REMINDER,
        compose=still_there,
        stale_after=timedelta(days=7),
        weight=Weight.LIGHT,
        left_out=unseen,
    ),
    Occasion(name=LAPSED, compose=lapsed, stale_after=_LONG, weight=Weight.LIGHT),
    Occasion(name=requests.LEFT, compose=left, stale_after=_LONG, weight=Weight.LIGHT),
    Occasion(name=ANSWERED, compose=answered, stale_after=_LONG, weight=Weight.LIGHT),
)
