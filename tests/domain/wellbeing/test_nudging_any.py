"""Chance and history break no rule of nudging."""

import random
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.chat.content import content
from bot.domain.instruments import FAMILIES, Driver
from bot.domain.micro_actions import Library, State
from bot.domain.nudging import (
    Facts,
    Farewell,
    Feedback,
    Held,
    Nudge,
    NudgeRules,
    Reason,
    Sent,
    choose,
)

RULES = NudgeRules.from_data(content("wellbeing/nudge_rules"))
LIBRARY = Library.from_data(content("wellbeing/micro_actions"))
NOW = datetime(2027, 1, 4, 18, 30, tzinfo=UTC)
DAY = timedelta(days=1)

presses = st.none() | st.sampled_from(Feedback)
pasts = st.lists(
    st.builds(
        Sent,
        at=st.floats(0, 200).map(lambda days: NOW - days * DAY),
        action=st.none() | st.sampled_from([*LIBRARY.actions, "gone"]),
        asked=st.booleans(),
        feedback=presses,
    ),
    max_size=25,
)


@settings(max_examples=150)
@given(
    st.builds(
        Facts,
        now=st.just(NOW),
        burnout=st.none() | st.integers(1, 5),
        driver=st.none() | st.sampled_from(Driver),
        engaged=st.floats(0, 100).map(lambda days: NOW - days * DAY),
        past=pasts,
        asked=st.booleans(),
        muted=st.booleans(),
        cooling=st.booleans(),
        unavailable=st.sampled_from(["", "on_shift"]),
        states=st.frozensets(st.sampled_from(State), max_size=3),
        minutes=st.none() | st.integers(0, 20),
        farewell_said=st.booleans(),
    ),
    st.integers(0, 9999),
)
def test_no_rule_is_broken_whatever_happened(these: Facts, seed: int) -> None:
    found = choose(these, LIBRARY, RULES, random.Random(seed))
    if isinstance(found, Held):
        assert found.reason in {*Reason, "on_shift"}
        return
    assert not these.cooling
    unasked = [(NOW - each.at) / DAY for each in these.past if not each.asked]
    if not these.asked:
        assert these.burnout is not None
        assert these.burnout >= 3
        assert not these.muted
        assert not these.unavailable
        assert all(age >= 3 for age in unasked)
        assert sum(age < 7 for age in unasked) < 2
    if isinstance(found, Farewell):
        assert NOW - these.engaged >= 60 * DAY
        assert not these.farewell_said
        return
    action = found.action
    recent = [each for each in these.past if each.action and NOW - each.at < 90 * DAY]
    assert action.id not in {each.action for each in recent}
    assert action.not_when.isdisjoint(these.states)
    assert these.minutes is None or action.minutes <= these.minutes
    if (these.burnout or 0) >= 4:
        assert State.BURNOUT_4_UP not in action.not_when
    if not these.asked:
        assert NOW - these.engaged < 60 * DAY
        week = {each.action for each in these.past if NOW - each.at < 7 * DAY}
        assert action.topic not in {LIBRARY.actions[x].topic for x in week & set(LIBRARY.actions)}


@pytest.mark.parametrize("seed", range(5))
def test_half_a_year_hour_by_hour_keeps_every_promise(seed: int) -> None:
    rng = random.Random(seed)
    past: list[Sent] = []
    engaged = NOW
    for hour in range(0, 180 * 24, 3):
        now = NOW + timedelta(hours=hour)
        if rng.random() < 0.02:
            engaged = now
        these = Facts(now=now, engaged=engaged, burnout=rng.choice([3, 3, 4, 5]), past=past,
                      driver=rng.choice(FAMILIES))  # fmt: skip
        found = choose(these, LIBRARY, RULES, random.Random(f"{seed} {hour}"))
        if isinstance(found, Nudge):
            press = rng.choice([None, *Feedback])
            past = [*past, Sent(at=now, action=found.action.id, feedback=press)]
        elif found == Held(Reason.HOLDOUT):
            past = [*past, Sent(at=now, action=None)]
    for n, each in enumerate(past):
        later = past[n + 1 :]
        assert all(other.at - each.at >= timedelta(hours=72) for other in later)
        assert sum(other.at - each.at < 7 * DAY for other in later) < 2
        near = [other for other in later if other.at - each.at < 90 * DAY]
        assert each.action is None or each.action not in {other.action for other in near}
    sent = [each for each in past if each.action]
    assert 20 < len(sent) < 52
    assert 0.1 < 1 - len(sent) / len(past) < 0.5
    assert len({LIBRARY.actions[each.action or ""].driver for each in sent}) == len(FAMILIES)
