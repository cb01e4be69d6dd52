"""The library of small ideas: complete, short, sourced, and in the coach's voice."""

import re
from collections.abc import Callable
from copy import deepcopy
from typing import Any

import pytest

from bot.chat.content import content
from bot.domain.instruments import FAMILIES, Driver
from bot.domain.micro_actions import MOST_WORDS, Library, Reach, State

DATA = content("wellbeing/micro_actions")
LIBRARY = Library.from_data(DATA)
ACTIONS = LIBRARY.actions.values()


def test_all_are_there() -> None:
    counts = {"W": 6, "C": 6, "M": 6, "R": 6, "F": 5, "V": 7, "S": 8, "E": 7}
    names = [f"{letter}{n}" for letter, most in counts.items() for n in range(1, most + 1)]
    assert list(LIBRARY.actions) == names
    assert len(names) == 51
    assert {action.driver for action in ACTIONS} == set(FAMILIES)


def test_a_text_is_read_at_the_end_of_a_day() -> None:
    for action in ACTIONS:
        assert 8 <= len(action.text.split()) <= MOST_WORDS, action.id
        assert not re.search(r"!|resilien|self-care|you should|you must", action.text.lower())


def test_system_facing_ones_are_where_the_field_notes_say() -> None:
    system = {action.id for action in ACTIONS if action.reach is Reach.SYSTEM}
    assert {"W6", "C1", "F5", "E3", "F3", "E6"} <= system
    assert not system & {action.id for action in ACTIONS if action.driver in {"values", "sleep"}}


@pytest.mark.parametrize(
    ("action", "state"),
    [
        ("W1", State.ON_SHIFT_BUSY),
        ("W3", State.POST_NIGHT),
        ("C5", State.BEFORE_SHIFT),
        ("C6", State.ON_CALL),
        ("M3", State.OWN_CRISIS),
        ("S7", State.DRIVING),
        ("W6", State.BURNOUT_5),
        ("R1", State.BURNOUT_4_UP),
        ("M1", State.BURNOUT_4_UP),
    ],
)
def test_states_in_which_one_would_be_wrong(action: str, state: State) -> None:
    assert state in LIBRARY.actions[action].not_when


def test_enough_is_left_at_the_heaviest_answer() -> None:
    heavy = {State.BURNOUT_4_UP, State.BURNOUT_5}
    left = {action.driver for action in ACTIONS if action.not_when.isdisjoint(heavy)}
    assert set(FAMILIES) - left == {Driver.REWARD}  # praise and wins would make light of it


def test_nothing_from_memory_is_shipped_as_fact() -> None:
    unconfirmed = [each for each in DATA["actions"] if "to_confirm" in each]
    assert [each["id"] for each in unconfirmed] == ["C1", "M5", "S5", "S8", "E7"]
    for each in unconfirmed:
        assert (each["mark"], each["grade"]) == ("O", "D")
        assert each["citation"].startswith("Reasoned")
        assert not re.search(r"\d", each["citation"])


@pytest.mark.parametrize(
    ("changed", "named"),
    [
        ({"mark": "M"}, "W1: mark"),
        ({"mark": "O"}, "W1: grade"),
        ({"grade": "E"}, "W1: expected"),
        ({"minutes": 45}, "W1: expected"),
        ({"minutes": "10"}, "W1: minutes"),
        ({"driver": "nothing"}, "W1: expected"),
        ({"driver": "weather"}, "W1: 'weather'"),
        ({"not_when": ["monday"]}, "W1: 'monday'"),
        ({"text": "Just breathe."}, "W1: text"),
        ({"text": "Breathe!"}, "W1: text"),
        ({"text": "word " * 41}, "W1: text"),
        ({"citation": ""}, "W1: citation"),
        ({"topic": None}, "W1: topic"),
        ({"social": "no"}, "W1: social"),
        ({"id": "W2"}, "actions: two"),
    ],
)
def test_a_broken_action_is_refused_by_name(changed: dict[str, Any], named: str) -> None:
    data = deepcopy(DATA)
    data["actions"][0].update(changed)
    with pytest.raises(ValueError, match=named):
        Library.from_data(data)


@pytest.mark.parametrize(
    ("spoil", "named"),
    [
        (lambda data: data.pop("licence"), "licence"),
        (lambda data: data.pop("written"), "written"),
        (lambda data: data.update(actions=data["actions"][:6]), "there is none for control"),
    ],
)
def test_a_broken_file_is_refused(spoil: Callable[[dict[str, Any]], object], named: str) -> None:
    data = deepcopy(DATA)
    spoil(data)
    with pytest.raises(ValueError, match=named):
        Library.from_data(data)


def spoken(found: Any) -> list[str]:
    """List all text of a content file."""
    if isinstance(found, dict):
        return [text for each in found.values() for text in spoken(each)]
    if isinstance(found, list):
        return [text for each in found for text in spoken(each)]
    return [found] if isinstance(found, str) else []


def test_all_that_is_said_about_well_being_is_in_the_voice_of_the_coach() -> None:
    instruments = [f"instruments/{name}" for name in ("drivers", "k6", "phq2", "gad2")]
    never = re.compile(r"!|\b(?:resilien\w*|just|simply|easy|oops|don't forget)\b", re.IGNORECASE)
    for name in ["pulse", "micro_actions", "nudge_rules", *instruments]:
        for text in spoken(content(f"wellbeing/{name}")):
            assert not never.search(text), (name, text)
            assert all(ord(letter) < 0x2600 for letter in text), (name, text)
