"""/mentor profile: what I offer, what I look for, and what stays between me and the coach."""

from dataclasses import replace
from typing import Any

from bot.chat.answers import Answers
from bot.chat.message import Form
from bot.chat.prompt import Prompt
from bot.domain.mentoring import CAPACITY, USUAL_CAPACITY, Role
from bot.engine.mentoring import languages, name_of, topics
from bot.engine.turn import Turn
from bot.errors import Misread
from bot.features.mentoring.forms import (
    ABOUT,
    FIRST,
    NAMED,
    TAPS,
    TOPICS,
    USUAL,
    about_form,
    confidence_form,
    first_form,
    mine_of,
    topics_form,
)
from bot.features.mentoring.group import mentor_group
from bot.features.mentoring.prompts import (
    Hidden,
    PlaceTaken,
    ProfileShown,
    TooFewPlaces,
)
from bot.models import Profile
from bot.store import members, pairs, private, profiles
from bot.store.profiles import Confidential


@mentor_group.command("profile")
def profile(turn: Turn) -> Prompt | Form:
    """Say what you offer and what you look for."""
    mine = profiles.of(turn.db, turn.member.key)
    return about_form(turn) if mine is None else shown(turn, mine)


def shown(turn: Turn, mine: Profile) -> ProfileShown:
    """Show a member their own profile."""
    say, part = turn.words.short, profiles.confidential(turn.db, mine)
    return ProfileShown(
        role=say(f"mentoring.role.{mine.role}"),
        stage=say(f"mentoring.stage.{mine.stage}"),
        about=part.about,
        seeks=topics().labels(mine.topics("seeks")) if Role(mine.role).seeks else (),
        first=topics().labels(mine.topics("first")),
        offers=topics().labels(mine.topics("offers")) if Role(mine.role).gives else (),
        cards=tuple(say(f"mentoring.card.{each}") for each in (mine.tone, mine.plan, mine.aim)),
        languages=languages().spoken(mine.languages.split(",")),
        rhythm=say(f"mentoring.rhythm.{mine.rhythm}"),
        channel=say(f"mentoring.channel.{mine.channel}"),
        capacity=mine.capacity if Role(mine.role).gives else 0,
        taken=profiles.loads(turn.db, [mine.member_id], turn.now)[mine.member_id],
        named=len(part.not_with) + len(part.conflicts),
        paused=mine.paused,
        may_seek=Role(mine.role).seeks,
    )


@mentor_group.form("about")
def about(turn: Turn) -> Form:
    """Ask who one is here."""
    return about_form(turn)


@about.submitted
def about_told(turn: Turn, answers: Answers) -> Prompt | Form:
    """Keep who one is; a new profile goes on to its topics."""
    mine = profiles.held(turn.db, turn.member.key)
    taps = _taps(answers, mine)
    spoken, capacity = _languages(answers), _capacity(answers)
    told = answers.text("about", limit=ABOUT)
    _keeps_mentees(turn, answers, mine, taps["role"])
    answers.check()
    facts: dict[str, Any] = {"languages": ",".join(spoken), "capacity": capacity}
    facts |= taps | {"updated_at": turn.now}
    if mine is None:
        # From now on these names can be seen and changed where a profile's are.
        apart = private.hand_over(turn.db, turn.member.key)
        part = Confidential(about=told, not_with=apart)
        sealed = profiles.sealed(turn.db, turn.member.key, part)
        whose: dict[str, Any] = {"member_id": turn.member.key, "created_at": turn.now}
        turn.db.add(Profile(**whose, **facts, sealed=sealed))
        turn.db.flush()
        return topics_form(turn)
    part = replace(profiles.confidential(turn.db, mine), about=told)
    mine.sealed = profiles.sealed(turn.db, mine.member_id, part)
    before = mine.capacity
    for name, value in facts.items():
        setattr(mine, name, value)
    turn.db.flush()
    return _fewer(turn, mine, before) or shown(turn, mine)


def _taps(answers: Answers, mine: Profile | None) -> dict[str, Any]:
    """Read the taps; where one has a usual answer, it may be left out."""
    told = {name: answers.choice(name, kind, required=name not in USUAL) for name, kind in TAPS}
    usual = {name: getattr(mine, name) if mine else value for name, value in USUAL.items()}
    return {name: value or usual.get(name) for name, value in told.items()}


def _keeps_mentees(turn: Turn, answers: Answers, mine: Profile | None, role: Role | None) -> None:
    """Refuse that somebody stops being a mentor while somebody counts on them."""
    if mine is None or role is None or role.gives:
        return
    taken = profiles.loads(turn.db, [mine.member_id], turn.now)[mine.member_id]
    if taken:
        answers.refuse("role", "mentoring.refused.taken", taken=taken)


def _fewer(turn: Turn, mine: Profile, before: int) -> Prompt | None:
    """Keep the places as they were where more are taken than wanted, and ask which to end."""
    wanted = mine.capacity
    taken = profiles.loads(turn.db, [mine.member_id], turn.now)[mine.member_id]
    if taken <= wanted or wanted >= before:
        return None
    mine.capacity = before
    going_on = pairs.of_mentor(turn.db, mine.member_id)
    return TooFewPlaces(
        wanted=wanted,
        kept=before,
        taken=taken,
        asked=taken - len(going_on),
        pairs=tuple(PlaceTaken(each.key, name_of(who)) for each, who in going_on),
    )


def _languages(answers: Answers) -> tuple[str, ...]:
    raw = answers.text("languages", limit=100) or "English"
    try:
        return languages().read(raw)
    except Misread as error:
        answers.errors["languages"] = error
        return ()


def _capacity(answers: Answers) -> int:
    raw = answers.number("capacity")
    if raw is not None and (raw not in CAPACITY):
        answers.refuse("capacity", "mentoring.refused.capacity", most=CAPACITY[-1])
    return USUAL_CAPACITY if raw is None else int(raw)


@mentor_group.form("topics")
def about_topics(turn: Turn) -> Form:
    """Ask what one looks for and what one can offer."""
    return topics_form(turn)


@about_topics.submitted
def topics_told(turn: Turn, answers: Answers) -> Prompt | Form:
    """Keep the topics; with several sought, ask which two matter most."""
    mine = mine_of(turn)
    role = Role(mine.role)
    known = topics().tags
    seeks = answers.several("seeks", known, most=TOPICS, required=role.seeks)
    offers = answers.several("offers", known, most=TOPICS, required=role.gives)
    answers.check()
    # What the other side of the role once said is kept for the day it is wanted again.
    if role.seeks:
        mine.seeks = ",".join(seeks)
        first = [each for each in mine.topics("first") if each in seeks]
        mine.first = ",".join(first if len(first) == FIRST else seeks[:FIRST])
    if role.gives:
        mine.offers = ",".join(offers)
    mine.updated_at = turn.now
    turn.db.flush()
    return first_form(turn) if role.seeks and len(seeks) > FIRST else shown(turn, mine)


@mentor_group.form("first")
def first_topics(turn: Turn) -> Form:
    """Ask which of the sought topics matter most."""
    return first_form(turn)


@first_topics.submitted
def first_told(turn: Turn, answers: Answers) -> Prompt:
    """Keep which topics matter most."""
    mine = mine_of(turn)
    first = answers.several("first", mine.topics("seeks"), most=FIRST)
    answers.check()
    mine.first = ",".join(first) or mine.first
    return shown(turn, mine)


@mentor_group.form("confidence")
def in_confidence(turn: Turn) -> Form:
    """Ask with whom one would not be paired, and who leads or assesses one."""
    return confidence_form(turn)


@in_confidence.submitted
def confidence_told(turn: Turn, answers: Answers) -> Prompt:
    """Keep both lists, sealed."""
    mine = mine_of(turn)
    part = replace(
        profiles.confidential(turn.db, mine),
        not_with=_people(turn, answers, "not_with"),
        conflicts=_people(turn, answers, "conflicts"),
    )
    answers.check()
    mine.sealed = profiles.sealed(turn.db, mine.member_id, part)
    return shown(turn, mine)


def _people(turn: Turn, answers: Answers, name: str) -> tuple[str, ...]:
    """Read people by what the platform calls them, or by their names as they are known here."""
    found = []
    for text in answers.several(name, most=NAMED):
        there = members.named(turn.db, turn.member.platform, turn.member.workspace, text)
        if len(there) == 1:
            found.append(there[0].user)
        elif there or " " in text:  # several, or a name of somebody who never came
            answers.refuse(name, "mentoring.refused.unknown", text=text)
        else:
            found.append(text)  # a platform's name for somebody who may come yet
    return tuple(dict.fromkeys(found))


@mentor_group.command("pause")
def pause(turn: Turn) -> Prompt:
    """Be shown to nobody for now; nothing of your profile is lost."""
    mine_of(turn).paused = True
    return Hidden(on=True)


@mentor_group.command("resume")
def resume(turn: Turn) -> Prompt:
    """Be shown again."""
    mine = mine_of(turn)
    mine.paused, mine.declined = False, 0
    return Hidden(on=False)
