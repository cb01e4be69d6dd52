"""The micro-actions: small things a member can do about what wears on them.

They are reviewed content in our own words: `prompts/content/wellbeing/micro_actions.yaml`. A
claim that nobody has seen in its source is refused here, so that it cannot reach a member.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from bot.domain.instruments import FAMILIES, Driver, check_reviewed, held

#: A text is read on a phone at the end of a day.
MOST_WORDS = 40
_NEVER = re.compile(
    r"!|\b(?:resilien\w*|just|simply|easy|easily|oops|don't forget)\b", re.IGNORECASE
)


class State(StrEnum):
    """A state of the member in which some actions would be wrong."""

    ON_SHIFT_BUSY = "on_shift_busy"
    POST_NIGHT = "post_night"
    BEFORE_SHIFT = "before_shift"
    ON_CALL = "on_call"
    DRIVING = "driving"  # nobody can know it: the text says so too
    OWN_CRISIS = "own_crisis"
    BURNOUT_4_UP = "burnout_4_up"  # a cheerful tip would make light of serious strain
    BURNOUT_5 = "burnout_5"


class Reach(StrEnum):
    """Whom an action turns to, in the order of offer: the system is to change before the person."""

    SYSTEM = "system"
    SOCIAL = "social"
    SELF = "self"


@dataclass(frozen=True, slots=True, kw_only=True)
class MicroAction:
    """One small thing to do, and what it rests on."""

    id: str
    driver: Driver
    topic: str  # two of one topic never come within a week
    minutes: int
    text: str
    grade: (
        str  # A trials in health workers, B trials elsewhere, C association or guidance, D reason
    )
    citation: str
    mark: str  # V seen in its source, O our own
    reach: Reach
    not_when: frozenset[State]


@dataclass(frozen=True)
class Library:
    """All micro-actions, by id, in the order of the file."""

    actions: Mapping[str, MicroAction]

    @classmethod
    def from_data(cls, data: Mapping[str, Any]) -> "Library":
        """Read the content file, or raise ValueError with the id of the faulty action."""
        check_reviewed(data)
        held(data, "licence", str)
        actions = [_action(each) for each in held(data, "actions", list)]
        found = {action.id: action for action in actions}
        if len(found) < len(actions) or len({a.text for a in actions}) < len(actions):
            raise ValueError("actions: two have the same id or the same text")
        for family in FAMILIES:
            if family not in {action.driver for action in actions}:
                raise ValueError(f"actions: there is none for {family}")
        return cls(found)


def _action(data: Mapping[str, Any]) -> MicroAction:
    name = held(data, "id", str, "actions: ")
    where = f"actions: {name}: "
    text, mark = held(data, "text", str, where), held(data, "mark", str, where)
    if mark not in {"V", "O"}:
        raise ValueError(f"{where}mark: see the claim in its source (V), or leave it out (O)")
    if mark == "O" and data.get("grade") != "D":
        raise ValueError(f"{where}grade: what is only our own is D")
    if len(text.split()) > MOST_WORDS or _NEVER.search(text):
        raise ValueError(f"{where}text: at most {MOST_WORDS} words, in the words of voice.md")
    try:
        driver = Driver(held(data, "driver", str, where))
        states = frozenset(State(state) for state in data.get("not_when") or [])
    except ValueError as error:
        raise ValueError(f"{where}{error}") from None
    minutes, grade = held(data, "minutes", int, where), held(data, "grade", str, where)
    if driver not in FAMILIES or not 1 <= minutes <= 30 or grade not in {"A", "B", "C", "D"}:
        raise ValueError(f"{where}expected a driver with actions, 1 to 30 minutes, a grade A to D")
    system, social = (held(data, key, bool, where) for key in ("system_facing", "social"))
    return MicroAction(
        id=name,
        driver=driver,
        topic=held(data, "topic", str, where),
        minutes=minutes,
        text=text,
        grade=grade,
        citation=held(data, "citation", str, where),
        mark=mark,
        reach=Reach.SYSTEM if system else Reach.SOCIAL if social else Reach.SELF,
        not_when=states,
    )
