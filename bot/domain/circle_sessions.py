"""The sessions of a circle: what each is about, in the full form and in the short one."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from bot.domain.areas import Area
from bot.domain.instruments import held
from bot.domain.reviewed import by_id, check_mark, many, named, one_of, said

#: What a phone shows without scrolling, in characters.
TITLE, WHY, QUESTION, ACTION, CARE = 40, 110, 100, 120, 280
THREE = range(3, 4)


class Track(StrEnum):
    """How long a circle's programme is."""

    FULL = "full"
    SHORT = "short"


@dataclass(frozen=True, slots=True, kw_only=True)
class Topic:
    """What one session is about."""

    id: str
    number: int | None  # its place in the full form, from 0; None: it has to be voted in
    title: str
    why: str
    prompts: tuple[str, ...]  # three questions
    action: str
    area: Area
    care: str = ""  # shown with the topic wherever it goes


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionPlan:
    """One session of a circle's series: one topic, or two that share the hour."""

    place: int  # from 1
    topics: tuple[Topic, ...]
    title: str
    why: str
    prompts: tuple[str, ...]  # three questions
    action: str
    fixed: bool  # the launch and the closing: no vote puts another topic here

    @property
    def key(self) -> str:
        """What a row keeps of it: the ids of its topics with a plus between."""
        return "+".join(topic.id for topic in self.topics)

    @property
    def care(self) -> str:
        """What has to be said with it; empty when nothing has."""
        return " ".join(topic.care for topic in self.topics if topic.care)

    @classmethod
    def of(cls, topic: Topic, place: int, *, fixed: bool = False) -> "SessionPlan":
        """Plan a session about one topic."""
        return cls(
            place=place,
            topics=(topic,),
            title=topic.title,
            why=topic.why,
            prompts=topic.prompts,
            action=topic.action,
            fixed=fixed,
        )


def read_topics(data: Mapping[str, Any]) -> tuple[dict[str, Topic], dict[str, Topic]]:
    """Read the twelve and the alternatives, each by id; no id is in both."""
    twelve = by_id(_topics(data, "sessions", numbered=True), "sessions")
    others = by_id(_topics(data, "alternatives", numbered=False), "alternatives")
    if [topic.number for topic in twelve.values()] != list(range(12)):
        raise ValueError("sessions: expected the numbers 0 to 11, in order")
    if both := twelve.keys() & others.keys():
        raise ValueError(f"alternatives: {min(both)} is a session already")
    return twelve, others


def read_tracks(
    data: Mapping[str, Any], twelve: Mapping[str, Topic]
) -> dict[Track, tuple[SessionPlan, ...]]:
    """Read the full form and the short one."""
    last = len(twelve) - 1
    full = tuple(
        SessionPlan.of(topic, place + 1, fixed=place in {0, last})
        for place, topic in enumerate(twelve.values())
    )
    short = held(data, "short", dict)
    check_mark(short, "short.")
    rows = held(short, "sessions", list, "short.")
    plans = tuple(_plan(row, place, twelve) for place, row in enumerate(rows, 1))
    _check_order(plans, twelve)
    return {Track.FULL: full, Track.SHORT: plans}


def _topics(data: Mapping[str, Any], key: str, *, numbered: bool) -> Iterable[Topic]:
    for row in held(data, key, list):
        name = named(row, f"{key}: ")
        where = f"{key}: {name}: "
        check_mark(row, where)
        yield Topic(
            id=name,
            number=held(row, "number", int, where) if numbered else None,
            title=said(row, "title", TITLE, where),
            why=said(row, "why", WHY, where),
            prompts=many(row, "prompts", QUESTION, where, THREE),
            action=said(row, "action", ACTION, where),
            area=one_of(Area, row.get("area"), f"{where}area"),
            care=said(row, "care", CARE, where) if "care" in row else "",
        )


def _plan(row: Any, place: int, twelve: Mapping[str, Topic]) -> SessionPlan:
    where = f"short.sessions: {place}: "
    ids = held(row, "topics", list, where)
    if unknown := [each for each in ids if str(each) not in twelve]:
        raise ValueError(f"{where}topics: {unknown[0]} is none of the twelve")
    topics = tuple(twelve[each] for each in ids)
    names = list(twelve)
    fixed = names[0] in ids or names[-1] in ids
    if len(topics) == 1:
        return SessionPlan.of(topics[0], place, fixed=fixed)
    return SessionPlan(
        place=place,
        topics=topics,
        title=said(row, "title", TITLE, where),
        why=said(row, "why", WHY, where),
        prompts=_chosen(held(row, "asks", dict, where), topics, f"{where}asks"),
        action=said(row, "action", ACTION, where),
        fixed=fixed,
    )


def _chosen(asks: Mapping[str, Any], topics: Sequence[Topic], where: str) -> tuple[str, ...]:
    """Take the questions of a shared session: some of each of its topics, three in all."""
    if list(asks) != [topic.id for topic in topics]:
        raise ValueError(f"{where}: expected the topics of the session, in order")
    pairs = [
        (topic, number) for topic in topics for number in held(asks, topic.id, list, f"{where}.")
    ]
    if any(type(number) is not int or number not in range(1, 4) for _, number in pairs):
        raise ValueError(f"{where}: a question is 1, 2 or 3")
    if len(set(pairs)) != len(pairs) or len(pairs) not in THREE:
        raise ValueError(f"{where}: expected three different questions")
    return tuple(topic.prompts[number - 1] for topic, number in pairs)


def _check_order(plans: Sequence[SessionPlan], twelve: Mapping[str, Topic]) -> None:
    """Begin with the launch, end with the closing, and take no topic twice."""
    ids = [topic.id for plan in plans for topic in plan.topics]
    order = list(twelve)
    if len(plans) != 6 or len(set(ids)) != len(ids):
        raise ValueError("short.sessions: expected six, with no topic twice")
    if ids[0] != order[0] or ids[-1] != order[-1]:
        raise ValueError("short.sessions: expected the launch first and the closing last")
