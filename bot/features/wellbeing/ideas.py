"""Small ideas: asked for, or at a moment; and what a press on one changes."""

import random
from dataclasses import replace
from datetime import datetime, timedelta
from functools import cache

from bot.chat.content import content
from bot.chat.prompt import Prompt
from bot.domain.instruments import Driver
from bot.domain.micro_actions import Library, MicroAction, State
from bot.domain.nudging import Facts, Feedback, NudgeRules
from bot.domain.nudging import Nudge as Chosen
from bot.domain.nudging import choose as choose_idea
from bot.domain.pulse import strain
from bot.domain.shifts import WORK, Shift, ShiftKind
from bot.engine import safety as engine_safety
from bot.engine.hours import shifts_of
from bot.engine.turn import Turn
from bot.errors import Refused
from bot.features.wellbeing.group import wellbeing_group
from bot.features.wellbeing.prompts import Felt, Idea, Muted, NoIdea
from bot.features.wellbeing.reading import own_day
from bot.store import private, wellbeing
from bot.store.safety import is_cooling
from bot.store.wellbeing import KEEP_MOMENTS, Noted

#: How long "not for a month" lasts.
MONTH = timedelta(days=30)
#: An answer this old no longer says how somebody is.
ANSWERED = timedelta(days=90)
#: A shift this near, before or after, bears on which idea fits.
_NEAR = timedelta(hours=12)
_SLEEP = timedelta(hours=24)


@cache
def library() -> Library:
    """Read the ideas once."""
    return Library.from_data(content("wellbeing/micro_actions"))


@cache
def nudge_rules() -> NudgeRules:
    """Read the rules once."""
    return NudgeRules.from_data(content("wellbeing/nudge_rules"))


def facts_of(turn: Turn, own: private.Own, *, asked: bool, about: Driver | None = None) -> Facts:
    """Gather what the rules look at."""
    day = own_day(turn)
    told = wellbeing.answers(turn.db, turn.member.key, day - ANSWERED)
    burnout = next((each.burnout for each in reversed(told) if each.burnout is not None), None)
    past = wellbeing.moments(turn.db, turn.member.key, turn.now - KEEP_MOMENTS)
    engaged = turn.member.seen_at or turn.member.joined_at
    cooling = is_cooling(own, turn.now, frozenset(level.value for level in engine_safety.OWN))
    muted = not own.ideas or (own.muted_until is not None and turn.now < own.muted_until)
    return Facts(
        now=turn.now,
        engaged=engaged,
        burnout=burnout,
        driver=strain(told, day),
        about=about,
        past=[sent for each in past if (sent := each.as_sent) is not None],
        asked=asked,
        muted=muted,
        cooling=cooling,
        states=states_of(turn, cooling=cooling),
        farewell_said=own.farewell_at is not None and own.farewell_at >= engaged,
    )


def states_of(turn: Turn, *, cooling: bool) -> frozenset[State]:
    """Say in which states the member is, as far as their shifts tell."""
    known = shifts_of(turn)
    found = {State.OWN_CRISIS} if cooling else set()
    for shift in known:
        found |= _of_shift(shift, turn.now)
    return frozenset(found)


def _of_shift(shift: Shift, now: datetime) -> set[State]:
    found = set()
    under_way = shift.start <= now < shift.end
    if under_way and shift.kind is ShiftKind.HOMECALL:
        found.add(State.ON_CALL)
    if shift.kind in WORK:
        if under_way:
            found |= {State.ON_SHIFT_BUSY, State.ON_CALL}
        if timedelta(0) < shift.start - now <= _NEAR:
            found.add(State.BEFORE_SHIFT)
        slept = timedelta(0) <= now - shift.end <= _SLEEP
        if slept and shift.kind in {ShiftKind.NIGHT, ShiftKind.CALL24}:
            found |= {State.POST_NIGHT}
    return found


def idea_of(turn: Turn, action: MicroAction, moment_id: int, *, unasked: bool) -> Idea:
    """Show an idea with what it rests on."""
    return Idea(
        moment_id=moment_id,
        text=action.text,
        minutes=action.minutes,
        about=turn.words.short(f"wellbeing.driver.{action.driver}"),
        grade=_grade(turn, action),
        citation=action.citation,
        unasked=unasked,
    )


def _grade(turn: Turn, action: MicroAction) -> str:
    """Say what kind of evidence it is; what is only reasoned says so in its citation."""
    key = f"wellbeing.grade.{action.grade}"
    return turn.words.short(key) if key in turn.words else ""


@wellbeing_group.command("idea")
def idea(turn: Turn) -> Prompt:
    """Get one small idea for what wears on you."""
    return _asked_for(turn, None)


@wellbeing_group.action("idea_for")
def idea_for(turn: Turn, driver: str) -> Prompt:
    """Give one small idea for a driver."""
    return _asked_for(turn, Driver(driver) if driver in set(Driver) else None)


def _asked_for(turn: Turn, driver: Driver | None) -> Prompt:
    own = private.of(turn.db, turn.member.key)
    facts = facts_of(turn, own, asked=True, about=driver)
    rng = random.Random(f"{turn.member.key}:{turn.now.isoformat()}")
    outcome = choose_idea(facts, library(), nudge_rules(), rng)
    if not isinstance(outcome, Chosen):
        return NoIdea(cooling=facts.cooling)
    noted = Noted(at=turn.now, kind="idea", action=outcome.action.id, asked=True)
    kept = wellbeing.note(turn.db, turn.member.key, noted)
    return idea_of(turn, outcome.action, kept.id, unasked=False)


@wellbeing_group.action("felt")
def felt(turn: Turn, moment_id: int, feedback: str) -> Prompt:
    """Hear what came of an idea; it changes which come next."""
    noted = wellbeing.owned_moment(turn.db, turn.member.key, moment_id)
    if noted is None or noted.action is None or feedback not in set(Feedback):
        raise Refused("help.old_button")
    pressed = Feedback(feedback)
    wellbeing.note(turn.db, turn.member.key, replace(noted, feedback=pressed))
    action = library().actions.get(noted.action)
    return Felt(
        text="" if action is None else action.text,
        feedback=pressed.value,
        about="" if action is None else turn.words.short(f"wellbeing.driver.{action.driver}"),
    )


@wellbeing_group.action("mute")
def mute(turn: Turn) -> Prompt:
    """Send no idea unasked for a month."""
    own = private.of(turn.db, turn.member.key)
    own.muted_until = turn.now + MONTH
    private.keep(turn.db, turn.member.key, own)
    return Muted(until=turn.at(own.muted_until).date())
