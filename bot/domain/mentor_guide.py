"""How a mentorship is begun, held and ended well: reviewed content for both sides.

The texts are `prompts/content/mentoring/guide.yaml`. When each is shown is for the features.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from bot.domain.instruments import check_reviewed, held
from bot.domain.reviewed import by_id, check_mark, labels, many, named, said

#: In characters: a title or a label, a line of text, and what fits an argument of a form.
TITLE, LINE, FIELD = 40, 140, 300
#: The lines of the agreement, in their order.
AGREED = ("aims", "rhythm", "boundaries", "confidentiality", "ending")
_ROLES = ("mentor", "coach", "sponsor", "buddy", "near_peer")
_AFTER = ("useful", "next")
_ENDING = ("reached", "thanks", "onward")
#: What can be answered: the values that rows keep, for each question.
_OPTIONS = {
    "useful": ("1", "2", "3", "4", "5"),
    "next": ("date", "to_find", "pause", "last"),
    "health": ("well", "uneven", "unmet", "wrong"),
}


@dataclass(frozen=True, slots=True)
class RoleLine:
    """What somebody can be to another, in one line."""

    id: str
    title: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """Three minutes for somebody who mentors for the first time."""

    id: str
    title: str
    minutes: int
    idea: str
    tries: tuple[str, ...]
    words: str  # something to say as it stands
    reflect: str


@dataclass(frozen=True, slots=True)
class Part:
    """One part of a meeting."""

    id: str
    minutes: int
    title: str
    text: str


@dataclass(frozen=True, slots=True)
class Meeting:
    """How a meeting may go, part by part."""

    title: str
    minutes: int
    parts: tuple[Part, ...]


@dataclass(frozen=True, slots=True)
class AgendaLines:
    """What a mentee writes ahead of a meeting: the beginnings of three lines."""

    title: str
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class AgreementLine:
    """One line that both agree on: what to talk about, and wording to begin from."""

    id: str
    title: str
    asks: str
    suggests: str


@dataclass(frozen=True, slots=True)
class Agreement:
    """The five lines, and the limits that no pair can agree away."""

    title: str
    lines: tuple[AgreementLine, ...]
    limits: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Question:
    """A question that is answered with one press."""

    id: str
    text: str
    options: Mapping[str, str]  # label by value


@dataclass(frozen=True, slots=True)
class Health:
    """How it goes: asked after so many days, and then every so many."""

    first_days: int
    every_days: int
    question: Question

    def due_on_day(self, day: int) -> bool:
        """Tell whether it is asked on this day of a mentorship, whose first is day 0."""
        later = day - self.first_days
        return later >= 0 and later % self.every_days == 0


@dataclass(frozen=True, slots=True)
class Ask:
    """A question that is answered in words, or left."""

    id: str
    text: str


@dataclass(frozen=True, slots=True)
class Ending:
    """What is asked at the end."""

    title: str
    text: str
    asks: tuple[Ask, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class MentorGuide:
    """All of the guide."""

    roles: Mapping[str, RoleLine]
    cards: Mapping[str, Card]
    meeting: Meeting
    agenda: AgendaLines
    agreement: Agreement
    after_meeting: tuple[Question, ...]
    health: Health
    ending: Ending

    @classmethod
    def from_data(cls, data: Mapping[str, Any]) -> "MentorGuide":
        """Read the content file, or raise ValueError with the name of what is wrong."""
        check_reviewed(data)
        held(data, "licence", str)
        roles, cards = by_id(_roles(data), "roles"), by_id(_cards(data), "cards")
        _check_ids(roles, _ROLES, "roles")
        if len(cards) != 5:
            raise ValueError(f"cards: expected five, and there are {len(cards)}")
        return cls(
            roles=roles,
            cards=cards,
            meeting=_meeting(_part(data, "meeting")),
            agenda=_agenda(_part(data, "agenda")),
            agreement=_agreement(_part(data, "agreement")),
            after_meeting=_after_meeting(data),
            health=_health(_part(data, "health")),
            ending=_ending(_part(data, "ending")),
        )


def _part(data: Mapping[str, Any], key: str) -> Mapping[str, Any]:
    found = held(data, key, dict)
    check_mark(found, f"{key}.")
    return found


def _check_ids(found: Iterable[str], expected: tuple[str, ...], where: str) -> None:
    if tuple(found) != expected:
        raise ValueError(f"{where}: expected {', '.join(expected)}, in this order")


def _roles(data: Mapping[str, Any]) -> Iterable[RoleLine]:
    for row in held(data, "roles", list):
        name = named(row, "roles: ")
        where = f"roles: {name}: "
        check_mark(row, where)
        yield RoleLine(name, said(row, "title", TITLE, where), said(row, "text", LINE, where))


def _cards(data: Mapping[str, Any]) -> Iterable[Card]:
    for row in held(data, "cards", list):
        name = named(row, "cards: ")
        where = f"cards: {name}: "
        check_mark(row, where)
        yield Card(
            id=name,
            title=said(row, "title", TITLE, where),
            minutes=_minutes(row, where),
            idea=said(row, "idea", LINE, where),
            tries=many(row, "tries", LINE, where, range(3, 4)),
            words=said(row, "words", LINE, where),
            reflect=said(row, "reflect", LINE, where),
        )


def _minutes(row: Mapping[str, Any], where: str) -> int:
    minutes = held(row, "minutes", int, where)
    if minutes < 1:
        raise ValueError(f"{where}minutes: expected one or more")
    return minutes


def _meeting(data: Mapping[str, Any]) -> Meeting:
    where, minutes = "meeting.", held(data, "minutes", int, "meeting.")
    parts = by_id(map(_meeting_part, held(data, "parts", list, where)), f"{where}parts")
    if sum(part.minutes for part in parts.values()) != minutes:
        raise ValueError(f"{where}parts: their minutes do not add up to {minutes}")
    return Meeting(said(data, "title", TITLE, where), minutes, tuple(parts.values()))


def _meeting_part(row: Mapping[str, Any]) -> Part:
    name = named(row, "meeting.parts: ")
    where = f"meeting.parts: {name}: "
    title, text = said(row, "title", TITLE, where), said(row, "text", LINE, where)
    return Part(name, _minutes(row, where), title, text)


def _agenda(data: Mapping[str, Any]) -> AgendaLines:
    lines = many(data, "lines", LINE, "agenda.", range(3, 4))
    return AgendaLines(said(data, "title", TITLE, "agenda."), lines)


def _agreement(data: Mapping[str, Any]) -> Agreement:
    where = "agreement."
    lines = by_id(map(_agreed, held(data, "lines", list, where)), f"{where}lines")
    _check_ids(lines, AGREED, f"{where}lines")
    limits = many(data, "limits", LINE, where, range(1, 6))
    return Agreement(said(data, "title", TITLE, where), tuple(lines.values()), limits)


def _agreed(row: Mapping[str, Any]) -> AgreementLine:
    name = named(row, "agreement.lines: ")
    where = f"agreement.lines: {name}: "
    asks, suggests = said(row, "asks", LINE, where), said(row, "suggests", FIELD, where)
    return AgreementLine(name, said(row, "title", TITLE, where), asks, suggests)


def _after_meeting(data: Mapping[str, Any]) -> tuple[Question, ...]:
    found = by_id(map(_after, held(data, "after_meeting", list)), "after_meeting")
    _check_ids(found, _AFTER, "after_meeting")
    return tuple(found.values())


def _after(row: Mapping[str, Any]) -> Question:
    name = named(row, "after_meeting: ")
    where = f"after_meeting: {name}: "
    check_mark(row, where)
    return _question(row, name, where)


def _question(row: Mapping[str, Any], name: str, where: str) -> Question:
    options = labels(row, "options", TITLE, where)
    _check_ids(options, _OPTIONS.get(name, ()), f"{where}options")
    return Question(name, said(row, "text", LINE, where), options)


def _health(data: Mapping[str, Any]) -> Health:
    first, every = (held(data, key, int, "health.") for key in ("first_days", "every_days"))
    if first < 1 or every < 1:
        raise ValueError("health.every_days: expected one day or more")
    return Health(first, every, _question(data, "health", "health."))


def _ending(data: Mapping[str, Any]) -> Ending:
    where = "ending."
    asks = by_id(map(_end_ask, held(data, "asks", list, where)), f"{where}asks")
    _check_ids(asks, _ENDING, f"{where}asks")
    title, text = said(data, "title", TITLE, where), said(data, "text", LINE, where)
    return Ending(title, text, tuple(asks.values()))


def _end_ask(row: Mapping[str, Any]) -> Ask:
    name = named(row, "ending.asks: ")
    return Ask(name, said(row, "text", LINE, f"ending.asks: {name}: "))
