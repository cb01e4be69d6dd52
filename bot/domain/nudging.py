"""Whether a small idea may be sent now, and which: a nudge, a farewell, or a reason to hold back.

The values are reviewed content, `prompts/content/wellbeing/nudge_rules.yaml`. First the rules say
whether a moment is eligible; they know nothing of chance. Of the eligible moments a fixed share
stays silent by chance (the holdout). Only then an action is chosen, among those that every rule
allows, so that exploration cannot break one.

Choosing is Thompson sampling, twice. Each driver, each reach (system, social, self) and each
action has a chance of being welcome, Beta(yes, no). It begins so that the driver the member named
comes first, and that the system is to change before the person. "Did it" adds to yes and "not for
me" to no, of the action, its driver and its reach; "less of these" adds more to no of the driver,
so that the whole family comes less. One draw for each driver chooses the driver; then, of its
actions, the one with the highest product of a draw for its reach and one for itself. Of a driver
that was not tried within 90 days, only the actions of its first reach stand to be chosen.
No press means nothing: it is neither a yes nor a no.
"""

import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from bot.domain.instruments import FAMILIES, Driver, check_reviewed, held
from bot.domain.micro_actions import Library, MicroAction, Reach, State

Beta = tuple[float, float]  # how often yes, how often no


class Feedback(StrEnum):
    """The press below a nudge."""

    DID_IT = "did_it"
    NOT_FOR_ME = "not_for_me"
    LESS_OF_THESE = "less_of_these"


class Reason(StrEnum):
    """Why nothing is sent. When the caller says why a member is not available, that is the key."""

    CRISIS = "crisis_cool_down"
    MUTED = "muted"
    NO_ANSWER = "no_answer"  # nobody who has not said so is taken to be strained
    WELL = "well"
    PER_DAY = "one_a_day"
    PER_WEEK = "enough_this_week"
    GAP = "too_soon"
    BACK_OFF = "backing_off"
    SILENT = "silent"  # the farewell was said
    HOLDOUT = "holdout"
    NOTHING_NEW = "nothing_new"


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """One earlier moment: a nudge that was sent, or a holdout (`action` is None)."""

    at: datetime
    action: str | None
    asked: bool = False  # the member asked for it
    feedback: Feedback | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What the rules look at. Moments are aware and in one zone; `past` is in any order."""

    now: datetime
    engaged: datetime  # when the member last did anything here; at first, when they joined
    burnout: int | None = None  # the last answer, 1 to 5
    driver: Driver | None = None  # what last took the most out of them
    past: Sequence[Sent] = ()
    asked: bool = False  # the member asks for an idea now
    about: Driver | None = None  # the driver they ask about, if they named one just now
    muted: bool = False
    cooling: bool = False  # within the cool-down after a crisis
    unavailable: str = ""  # a key such as "on_shift"; "" when a message may come now
    states: frozenset[State] = frozenset()
    minutes: int | None = None  # how many they have; None when nobody knows
    farewell_said: bool = False  # since `engaged`


@dataclass(frozen=True, slots=True)
class Nudge:
    """Send this one."""

    action: MicroAction


@dataclass(frozen=True, slots=True)
class Farewell:
    """Say once that no more come unasked, and how to start again."""


@dataclass(frozen=True, slots=True)
class Held:
    """Send nothing; `reason` is a key."""

    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class NudgeRules:
    """The reviewed values."""

    strained_from: int
    per_day: int
    per_week: int
    gap: timedelta
    topic: timedelta
    repeat: timedelta
    back_off: tuple[tuple[timedelta, timedelta], ...]  # since, wait; the longest since first
    farewell: timedelta
    holdout: float
    named_driver: Beta
    other_driver: Beta
    reach: Mapping[Reach, Beta]
    action: Beta
    weights: Mapping[Feedback, int]
    feedback: timedelta

    @classmethod
    def from_data(cls, data: Mapping[str, Any]) -> "NudgeRules":
        """Read the content file, or raise ValueError with the name of the faulty key."""
        check_reviewed(data)
        rows = [
            (_days(row, "since", least=0), _days(row, "wait"))
            for row in held(data, "back_off", list)
        ]
        if rows[0][0] or rows != sorted(set(rows)):
            raise ValueError("back_off: expected rows from 0 days on, in order")
        holdout = held(data, "holdout", float)
        if not 0 <= holdout < 1:
            raise ValueError("holdout: expected a share from 0 up to, and not, 1")
        reach = held(data, "reach", dict)
        return cls(
            strained_from=_count(data, "strained_from"),
            per_day=_count(data, "per_day"),
            per_week=_count(data, "per_week"),
            gap=timedelta(hours=_count(data, "gap_hours")),
            topic=_days(data, "topic_days"),
            repeat=_days(data, "repeat_days"),
            back_off=tuple(reversed(rows)),
            farewell=_days(data, "farewell_days"),
            holdout=holdout,
            named_driver=_beta(data, "named_driver"),
            other_driver=_beta(data, "other_driver"),
            reach={each: _beta(reach, each) for each in Reach},
            action=_beta(data, "action"),
            weights={each: _count(data, each) for each in Feedback},
            feedback=_days(data, "feedback_days"),
        )


def choose(
    facts: Facts, library: Library, rules: NudgeRules, rng: random.Random
) -> Nudge | Farewell | Held:
    """Decide about one moment. Seed `rng` by the moment, so that a second look decides alike.

    An idea that was asked for passes the limits on what comes unasked, and none of the rules that
    protect: the cool-down, the states, and no repeat within 90 days.
    """
    if (reason := next(_reasons(facts, rules), None)) is not None:
        return Held(reason)
    if not facts.asked and facts.now - facts.engaged >= rules.farewell:
        came = any(each.action is not None and not each.asked for each in facts.past)
        # Where nothing ever came unasked, there is nothing to take leave of.
        return Farewell() if came and not facts.farewell_said else Held(Reason.SILENT)
    allowed = _allowed(facts, library, rules)
    if not allowed:
        return Held(Reason.NOTHING_NEW)
    if not facts.asked and rng.random() < rules.holdout:
        return Held(Reason.HOLDOUT)
    return Nudge(_draw(allowed, facts, library, rules, rng))


def _reasons(facts: Facts, rules: NudgeRules) -> Iterator[str]:
    """Give every reason to hold back, the weightiest first.

    A holdout counts towards limits and gaps as if it had been sent: else the next look would draw
    again, and the share would shrink.
    """
    if facts.cooling:
        yield Reason.CRISIS
    if facts.asked:
        return
    if facts.muted:
        yield Reason.MUTED
    if facts.burnout is None:
        yield Reason.NO_ANSWER
    elif facts.burnout < rules.strained_from:
        yield Reason.WELL
    if facts.unavailable:
        yield facts.unavailable
    ages = [facts.now - each.at for each in facts.past if not each.asked]
    if sum(age < timedelta(days=1) for age in ages) >= rules.per_day:
        yield Reason.PER_DAY
    if sum(age < timedelta(days=7) for age in ages) >= rules.per_week:
        yield Reason.PER_WEEK
    if ages and min(ages) < rules.gap:
        yield Reason.GAP
    idle = facts.now - facts.engaged
    wait = next((wait for since, wait in rules.back_off if idle >= since), timedelta(0))
    if ages and min(ages) < wait:
        yield Reason.BACK_OFF


def _allowed(facts: Facts, library: Library, rules: NudgeRules) -> list[MicroAction]:
    """List what no rule forbids."""
    sent = [(facts.now - each.at, each.action) for each in facts.past if each.action is not None]
    seen = {name for age, name in sent if age < rules.repeat}
    topics = {
        library.actions[name].topic
        for age, name in sent
        if age < rules.topic and name in library.actions and not facts.asked
    }
    states = set(facts.states)
    if facts.burnout is not None and facts.burnout >= 4:
        states.add(State.BURNOUT_4_UP)
    if facts.burnout == 5:
        states.add(State.BURNOUT_5)
    allowed = [
        action
        for action in library.actions.values()
        if action.id not in seen
        and action.topic not in topics
        and action.not_when.isdisjoint(states)
        and (facts.minutes is None or action.minutes <= facts.minutes)
    ]
    if facts.about is not None:  # asked for this driver: it comes while it lasts
        allowed = [a for a in allowed if a.driver is facts.about] or allowed
    tried = {library.actions[name].driver for name in seen if name in library.actions}
    order = list(Reach)
    first: dict[Driver, int] = {}
    for action in allowed:
        rank = order.index(action.reach)
        first[action.driver] = min(rank, first.get(action.driver, rank))
    return [
        action
        for action in allowed
        if action.driver in tried or order.index(action.reach) == first[action.driver]
    ]


def _draw(
    allowed: Sequence[MicroAction],
    facts: Facts,
    library: Library,
    rules: NudgeRules,
    rng: random.Random,
) -> MicroAction:
    """Choose by Thompson sampling over what is allowed."""
    counts: dict[str, list[float]] = {f"reach {each}": [*rules.reach[each]] for each in Reach}
    for driver in FAMILIES:
        counts[driver] = [*(rules.named_driver if driver is facts.driver else rules.other_driver)]
    for action in library.actions.values():
        counts[f"action {action.id}"] = [*rules.action]
    for each in facts.past:
        felt = library.actions.get(each.action or "")
        if each.feedback is None or felt is None or facts.now - each.at >= rules.feedback:
            continue
        arms = [str(felt.driver)]
        if each.feedback is not Feedback.LESS_OF_THESE:
            arms += [f"reach {felt.reach}", f"action {felt.id}"]
        for arm in arms:
            counts[arm][each.feedback is not Feedback.DID_IT] += rules.weights[each.feedback]
    there = [driver for driver in FAMILIES if any(each.driver is driver for each in allowed)]
    chosen = max(there, key=lambda driver: rng.betavariate(*counts[driver]))
    reach = {each: rng.betavariate(*counts[f"reach {each}"]) for each in Reach}
    return max(
        (each for each in allowed if each.driver is chosen),
        key=lambda each: reach[each.reach] * rng.betavariate(*counts[f"action {each.id}"]),
    )


def _count(data: Mapping[str, Any], key: str, *, least: int = 1) -> int:
    value = held(data, key, int)
    if value < least:
        raise ValueError(f"{key}: expected {least} or more")
    return value


def _days(data: Mapping[str, Any], key: str, *, least: int = 1) -> timedelta:
    return timedelta(days=_count(data, key, least=least))


def _beta(data: Mapping[str, Any], key: str) -> Beta:
    pair = held(data, key, list)
    if len(pair) != 2 or any(type(each) not in {int, float} or each <= 0 for each in pair):
        raise ValueError(f"{key}: expected two numbers above 0")
    return pair[0], pair[1]
