"""What happens when in a session: four ways to hold it, counted from its start."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from enum import StrEnum
from itertools import pairwise
from typing import Any

from bot.domain.circle_sessions import TITLE, SessionPlan
from bot.domain.instruments import held
from bot.domain.reviewed import by_id, check_mark, named, one_of, said

#: The words of a step, in characters; its card, questions and action come on top.
TEXT = 220
_UNITS = {"minutes": timedelta(minutes=1), "hours": timedelta(hours=1)}


class Way(StrEnum):
    """How a session is held."""

    LIVE = "live"  # an hour, in one room or call
    LIGHT = "light"  # half an hour, when few come
    TEXT = "text"  # an hour of typing in the channel
    ASYNC = "async"  # two days in a thread, for circles without a common hour


class Shows(StrEnum):
    """What of its session a step puts in."""

    CARD = "card"  # the title, the line why, and what has to be said with it
    FIRST = "first"
    SECOND = "second"
    THIRD = "third"
    ACTION = "action"


#: The questions of a session, in their order.
QUESTIONS = (Shows.FIRST, Shows.SECOND, Shows.THIRD)


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """What is said or asked at one moment of a session."""

    id: str
    at: timedelta  # from the session's start
    lasts: timedelta
    title: str
    text: str
    card: SessionPlan | None = None  # its title, why and care come with this step
    questions: tuple[str, ...] = ()
    action: str = ""


@dataclass(frozen=True, slots=True)
class Agenda:
    """A session from its first minute to its last."""

    way: Way
    lasts: timedelta
    steps: tuple[Step, ...]


@dataclass(frozen=True, slots=True)
class Outline:
    """An agenda before a session's own words are in it."""

    way: Way
    lasts: timedelta
    steps: tuple[tuple[Step, frozenset[Shows]], ...]

    def filled(self, plan: SessionPlan) -> Agenda:
        """Put a session's words in."""
        steps = tuple(_filled(step, shows, plan) for step, shows in self.steps)
        return Agenda(self.way, self.lasts, steps)


def _filled(step: Step, shows: frozenset[Shows], plan: SessionPlan) -> Step:
    asked = zip(QUESTIONS, plan.prompts, strict=True)
    return replace(
        step,
        card=plan if Shows.CARD in shows else None,
        questions=tuple(prompt for question, prompt in asked if question in shows),
        action=plan.action if Shows.ACTION in shows else "",
    )


def read_outlines(data: Mapping[str, Any]) -> dict[Way, Outline]:
    """Read the agenda of each way, or raise ValueError with the name of what is wrong."""
    agendas = held(data, "agendas", dict)
    return {way: _outline(held(agendas, way.value, dict, "agendas."), way) for way in Way}


def _outline(data: Mapping[str, Any], way: Way) -> Outline:
    where = f"agendas.{way}: "
    check_mark(data, where)
    unit = _UNITS.get(held(data, "unit", str, where))
    if unit is None:
        raise ValueError(f"{where}unit: expected {' or '.join(_UNITS)}")
    length = held(data, "lasts", int, where)
    rows = held(data, "steps", list, where)
    starts = [held(row, "at", int, f"{where}steps: ") for row in rows]
    spans = list(pairwise([*starts, length]))
    if starts[0] != 0 or any(end <= start for start, end in spans):
        raise ValueError(
            f"{where}at: expected steps from 0 on, each later, the last before the end"
        )
    steps = [
        (_step(row, start * unit, (end - start) * unit, where), _shows(row, where))
        for row, (start, end) in zip(rows, spans, strict=True)
    ]
    by_id((step for step, _ in steps), f"{where}steps")
    _check_whole([each for _, shows in steps for each in shows], way, where)
    return Outline(way, length * unit, tuple(steps))


def _step(row: Mapping[str, Any], at: timedelta, lasts: timedelta, where: str) -> Step:
    name = named(row, f"{where}steps: ")
    here = f"{where}{name}: "
    title, text = said(row, "title", TITLE, here), said(row, "text", TEXT, here)
    return Step(id=name, at=at, lasts=lasts, title=title, text=text)


def _shows(row: Mapping[str, Any], where: str) -> frozenset[Shows]:
    if "shows" not in row:
        return frozenset()
    shows = held(row, "shows", list, where)
    return frozenset(one_of(Shows, each, f"{where}shows") for each in shows)


def _check_whole(shown: Sequence[Shows], way: Way, where: str) -> None:
    """Refuse an agenda that leaves out a part of its session, or puts one in twice."""
    needed = set(Shows) - ({Shows.THIRD} if way is Way.LIGHT else set())
    if lacking := [each for each in Shows if each in needed and each not in shown]:
        raise ValueError(f"{where}shows: {lacking[0]} is nowhere")
    if len(set(shown)) < len(shown):
        raise ValueError(f"{where}shows: a part of the session is there twice")
