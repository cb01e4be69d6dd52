"""Asking one person: a few are suggested, one is asked, and both know where they stand."""

from datetime import datetime, timedelta
from typing import Annotated

from bot.chat.answers import Answers
from bot.chat.command import Arg
from bot.chat.message import Field, Form
from bot.chat.prompt import Prompt
from bot.domain.fit import Bar, bars
from bot.domain.mentoring import Role
from bot.domain.patience import answer_by
from bot.engine import mentoring, overlap
from bot.engine.mentoring import because, name_of, topics
from bot.engine.turn import Turn
from bot.errors import Ambiguous, Misread, Refused
from bot.features.mentoring.forms import about_form, mine_of
from bot.features.mentoring.group import mentor_group
from bot.features.mentoring.prompts import Found, NobodyFound, Suggestion
from bot.features.mentoring.request_prompts import Asked, Withdrawn
from bot.models import Member, MentorRequest, Profile, RequestState
from bot.store import deliveries, members, pairs, profiles, requests, shifts

#: Requests that one mentee may have open at once: more would hold places that others wait for.
AT_ONCE = 2
_NOTE = 600
ASKED, REMINDER, LAPSED, ANSWERED = (
    "mentor.asked",
    "mentor.asked_again",
    "mentor.lapsed",
    "mentor.answered",
)
#: After so many days without an answer the mentor is reminded, once.
REMIND_AFTER = timedelta(days=4)


#: What may be said of what stands between two people.
_BARRED = {
    Bar.FULL: "mentoring.refused.full",
    Bar.LANGUAGE: "mentoring.refused.no_language",
    Bar.HOURS: "mentoring.refused.hours",
}


@mentor_group.command("find")
def find(turn: Turn) -> Prompt | Form:
    """See a few people who would fit you, and why."""
    if profiles.of(turn.db, turn.member.key) is None:
        return about_form(turn)
    return _found(turn, 0)


@mentor_group.action("others")
def others(turn: Turn, again: int) -> Prompt:
    """Show others."""
    return _found(turn, again)


def _found(turn: Turn, again: int) -> Prompt:
    mine = mine_of(turn)
    if not Role(mine.role).seeks:
        raise Refused("mentoring.refused.seeks_none")
    if mine.paused:
        raise Refused("mentoring.refused.paused")
    few = mentoring.suggest(turn.db, turn.member, mine, turn.now, turn=again)
    if not few:
        return NobodyFound(has_topics=bool(mine.seeks))
    return Found(
        people=tuple(
            Suggestion(
                member_id=member.key,
                name=name_of(member),
                stage=turn.words.short(f"mentoring.stage.{profile.stage}"),
                about=profiles.confidential(turn.db, profile).about,
                topics=topics().labels(profile.topics("offers"))[:4],
                because=because(turn.words, fit),
            )
            for member, profile, fit in few
        ),
        again=again + 1,
    )


@mentor_group.command("ask", examples=["Daniel Ortiz"])
def ask(turn: Turn, who: Annotated[str, Arg("whom you would like to ask")]) -> Form:
    """Ask somebody to be your mentor."""
    return _asking(turn, _named(turn, who).key)


def _named(turn: Turn, who: str) -> Member:
    there = members.named(turn.db, turn.member.platform, turn.member.workspace, who)
    if not there:
        raise Misread("mentoring.refused.unknown", text=who)
    if len(there) > 1:
        options = tuple(f"/mentor ask {each.user}" for each in there)
        labels = tuple(name_of(each) for each in there)
        raise Ambiguous("mentoring.refused.which", options, text=who).labelled(labels)
    return there[0]


@mentor_group.form("asking")
def asking(turn: Turn, member_id: int) -> Form:
    """Ask what one hopes for, before somebody is asked."""
    return _asking(turn, member_id)


def _asking(turn: Turn, member_id: int) -> Form:
    mentor, _ = _may_ask(turn, member_id)
    say, name = turn.words.short, name_of(mentor)
    choices = tuple((each, say(f"mentoring.pick.passes_on.{each}")) for each in ("yes", "no"))
    return Form(
        address=f"mentor.asking:{member_id}",
        title=say("mentoring.form.ask"),
        submit=say("mentoring.form.ask_send"),
        intro=say("mentoring.form.ask_intro", name=name),
        fields=(
            Field(
                "note",
                say("mentoring.field.note"),
                kind="long",
                hint=say("mentoring.hint.note"),
                limit=_NOTE,
            ),
            Field(
                "passes_on",
                say("mentoring.field.passes_on"),
                kind="choice",
                required=True,
                value="yes",
                choices=choices,
            ),
        ),
    )


@asking.submitted
def asked(turn: Turn, answers: Answers, member_id: int) -> Prompt:
    """Hold a place of the mentor's, and ask them."""
    note = answers.text("note", limit=_NOTE)
    passes_on = answers.text("passes_on") == "yes"
    answers.check()
    mentor, _ = _may_ask(turn, member_id)
    request = send(turn, turn.member, mentor, note, passes_on=passes_on)
    return Asked(
        request_id=request.key,
        name=name_of(mentor),
        until=turn.at(request.expires_at).date(),
        passes_on=passes_on,
    )


def _may_ask(turn: Turn, mentor_id: int) -> tuple[Member, Profile]:
    """Load whom one may ask, their profile held; refused with a reason that betrays nothing."""
    mine = mine_of(turn)
    if mentor_id == turn.member.key:
        raise Refused("mentoring.refused.oneself")
    if not Role(mine.role).seeks:
        raise Refused("mentoring.refused.seeks_none")
    mentor = turn.db.get(Member, mentor_id)
    here = turn.member.platform, turn.member.workspace
    if mentor is None or (mentor.platform, mentor.workspace) != here:
        raise Refused("mentoring.refused.gone")
    name = name_of(mentor)
    theirs = profiles.held(turn.db, mentor_id)
    if theirs is None or not Role(theirs.role).gives:
        raise Refused("mentoring.refused.gives_none", name=name)
    if any(each.key == mentor_id for _, each in pairs.mentors_of(turn.db, turn.member.key)):
        raise Refused("mentoring.refused.already", name=name)
    open_now = requests.sent(turn.db, turn.member.key, turn.now)
    if any(each.key == mentor_id for _, each in open_now):
        raise Refused("mentoring.refused.asked", name=name)
    if len(open_now) >= AT_ONCE:
        raise Refused("mentoring.refused.enough", most=AT_ONCE)
    known = mentoring.sides(turn.db, [(turn.member, mine), (mentor, theirs)], turn.now)
    found = set(bars(known[turn.member.key], known[mentor_id]))
    for barred, key in _BARRED.items():
        if barred in found:
            raise Refused(key, name=name)
    # A matter of confidence is no refusal: it would tell who is meant. Such a request is taken, and
    # comes to nobody; see `mentoring.kept_apart`.
    if Bar.PAUSED in found:
        raise Refused("mentoring.refused.not_now", name=name)
    return mentor, theirs


def send(
    turn: Turn, mentee: Member, mentor: Member, note: str, *, passes_on: bool
) -> MentorRequest:
    """Keep a request, and promise all that may come of it; the mentor's profile is held."""
    if (old := requests.between(turn.db, mentee.key, mentor.key)) is not None:
        old.state = RequestState.WITHDRAWN  # its day had passed
        turn.db.flush()
    until = deadline(turn, mentor, turn.now)
    request = requests.make(turn.db, mentee, mentor, note, until, turn.now, passes_on=passes_on)
    ref, db = str(request.key), turn.db
    # Who is away hears of it when they are back: the courier itself looks ahead for days only.
    hears = overlap.next_good(db, mentor, turn.now)
    deliveries.promise(db, mentor, ASKED, f"{ASKED}:{ref}", hears, ref)
    deliveries.promise(db, mentor, REMINDER, f"{REMINDER}:{ref}", hears + REMIND_AFTER, ref)
    deliveries.promise(db, mentee, LAPSED, f"{LAPSED}:{ref}", until, ref)
    return request


def stretch(turn: Turn, request: MentorRequest) -> None:
    """Let a request wait for longer where nights or leave came in between, with a place left."""
    mentor = members.by_id(turn.db, request.mentor_id)
    until = deadline(turn, mentor, request.asked_at)
    if until <= request.expires_at or request.state != RequestState.OPEN:
        return
    theirs = profiles.held(turn.db, mentor.key)
    if not request.is_open(turn.now):  # its place was free meanwhile
        taken = profiles.loads(turn.db, [mentor.key], turn.now)[mentor.key]
        if theirs is None or taken >= theirs.capacity:
            return
    request.expires_at = until
    turn.db.flush()


def deadline(turn: Turn, mentor: Member, asked_at: datetime) -> datetime:
    """Say until when a mentor is waited for, by what is known of their nights and leave."""
    known = shifts.between(
        turn.db, [mentor.key], asked_at - shifts.BEFORE, asked_at + timedelta(days=60)
    )
    return answer_by(asked_at, mentor.zone, known.get(mentor.key, ()))


@mentor_group.action("withdraw")
def withdraw(turn: Turn, request_id: int) -> Prompt:
    """Take a request back; the place is free again at once."""
    request = requests.by_id(turn.db, request_id)
    if request is None or request.member_id != turn.member.key:
        raise Refused("help.old_button")
    if not request.is_open(turn.now):
        raise Refused("mentoring.refused.over")
    request.state, request.answered_at = RequestState.WITHDRAWN, turn.now
    settle(turn, request)
    return Withdrawn(name=name_of(members.by_id(turn.db, request.mentor_id)))


def settle(turn: Turn, request: MentorRequest) -> None:
    """Withdraw what was promised for a request that is over."""
    ref = str(request.key)
    for occasion in (ASKED, REMINDER):
        deliveries.withdraw(turn.db, request.mentor_id, occasion, ref, "answered")
    deliveries.withdraw(turn.db, request.member_id, LAPSED, ref, "answered")
