"""What is broken in these files is refused by name; what is there is in the coach's voice."""

import re
from collections.abc import Callable, Iterator
from copy import deepcopy
from itertools import cycle, islice
from typing import Any

import pytest

from bot.chat.content import content
from bot.domain.mentor_guide import MentorGuide
from bot.domain.programme import Programme
from bot.domain.topics import Topics

FILES: dict[str, Callable[[Any], object]] = {
    "circles/programme": Programme.from_data,
    "mentoring/topics": Topics.from_data,
    "mentoring/guide": MentorGuide.from_data,
}
files = pytest.mark.parametrize(("name", "read"), FILES.items(), ids=list(FILES))


def places(found: Any, *above: Any) -> Iterator[tuple[Any, ...]]:
    """Walk all that stands in a content file, as paths of keys."""
    for key in found if isinstance(found, dict) else range(len(found)):
        yield (*above, key)
        if isinstance(found[key], dict | list):
            yield from places(found[key], *above, key)


def holder(data: Any, path: tuple[Any, ...]) -> Any:
    """Give what holds the last key of a path."""
    for key in path[:-1]:
        data = data[key]
    return data


@files
def test_a_file_that_lacks_something_is_refused_by_its_name(
    name: str, read: Callable[[Any], object]
) -> None:
    data = deepcopy(content(name))
    for path in list(places(data)):
        within = holder(data, path)
        if not isinstance(within, dict) or path[-1] == "care":
            continue
        kept = dict(within)
        del within[path[-1]]
        names = [str(key) for key in path if isinstance(key, str)][-2:]
        with pytest.raises(ValueError) as refused:
            read(data)
        assert any(each in str(refused.value) for each in [*names, str(path[-1])]), path
        within.clear()
        within.update(kept)


@files
def test_nonsense_is_refused_wherever_it_stands(name: str, read: Callable[[Any], object]) -> None:
    data = deepcopy(content(name))
    odds = cycle([None, -3, "", "Just breathe!", [], [None], [[]], {"id": 7}, True])  # by turns
    for path in list(places(data)):
        within, kept = holder(data, path), holder(data, path)[path[-1]]
        for odd in islice(odds, 4):
            within[path[-1]] = odd
            if odd == "Just breathe!" and path[-1] in {"source", "licence", "seen_in"}:
                read(data)  # these are for reviewers, in their words
            else:
                with pytest.raises(ValueError):
                    read(data)
        within[path[-1]] = kept
    read(data)


@pytest.mark.parametrize(
    ("name", "path", "value", "named"),
    [
        ("circles/programme", "sessions 3 prompts 1", "What now, just?", "learning: prompts"),
        ("circles/programme", "sessions 3 why", "So much to learn!", "learning: why"),
        ("circles/programme", "sessions 3 action", "x" * 121, "learning: action: 121"),
        ("circles/programme", "sessions 3 area", "weather", "learning: area: expected one of self"),
        ("circles/programme", "sessions 3 mark", "M", "learning: mark"),
        ("circles/programme", "sessions 3 mark", "V", "learning: seen_in"),
        ("circles/programme", "sessions 3 id", "goals", "sessions: goals is there twice"),
        ("circles/programme", "sessions 3 id", "Two words", "sessions: id"),
        ("circles/programme", "sessions 3 number", 4, "sessions: expected the numbers"),
        ("circles/programme", "alternatives 0 id", "goals", "alternatives: goals"),
        ("circles/programme", "short sessions 1 topics", ["teaching"], "teaching is none"),
        ("circles/programme", "short sessions 1 topics", ["launch"], "no topic twice"),
        ("circles/programme", "short sessions 0 asks", {"launch": [1, 2, 3]}, "1: asks"),
        ("circles/programme", "short sessions 0 asks launch", [1, 4], "asks: a question is"),
        ("circles/programme", "short sessions 0 asks launch", [1, 1], "asks: expected three"),
        ("circles/programme", "agendas live lasts", 55, "agendas.live: at"),
        ("circles/programme", "agendas live steps 1 at", 15, "agendas.live: at"),
        ("circles/programme", "agendas live unit", "days", "agendas.live: unit"),
        ("circles/programme", "agendas text steps 3 shows", ["second"], "third is nowhere"),
        ("circles/programme", "agendas text steps 4 shows", ["action", "first"], "there twice"),
        ("circles/programme", "agendas text steps 4 shows", ["dance"], "text: shows"),
        ("circles/programme", "agreement lines 0 id", "other", "agreement.lines: stays"),
        ("circles/programme", "roles 0 id", "boss", "roles: id: expected one of host"),
        ("circles/programme", "halfway after short", "learning", "halfway.after.short"),
        ("circles/programme", "halfway after full", "closing", "halfway.after.full"),
        ("circles/programme", "boosters 1 months", 3, "boosters: months"),
        ("mentoring/topics", "areas self 0 label", "x" * 41, "areas.self: strengths: label"),
        ("mentoring/topics", "areas self 0 label", "Consulting", "“Consulting” is there twice"),
        ("mentoring/topics", "areas self 0 id", "consulting", "consulting is there twice"),
        ("mentoring/topics", "areas weather", [{"id": "rain", "label": "Rain"}], "weather is none"),
        ("mentoring/guide", "meeting parts 2 minutes", 25, "do not add up to 45"),
        ("mentoring/guide", "agreement lines 1 id", "pace", "agreement.lines: expected aims"),
        ("mentoring/guide", "agreement lines 1 suggests", "x" * 301, "rhythm: suggests: 301"),
        ("mentoring/guide", "health every_days", 0, "health.every_days"),
        ("mentoring/guide", "health options", {"well": "Well"}, "health.options"),
        ("mentoring/guide", "cards 0 tries", ["Ask."], "listen: tries: expected 3"),
    ],
)
def test_each_fault_is_named(name: str, path: str, value: object, named: str) -> None:
    data = deepcopy(content(name))
    keys = tuple(int(key) if key.isdigit() else key for key in path.split())
    holder(data, keys)[keys[-1]] = value
    with pytest.raises(ValueError, match=re.escape(named)):
        FILES[name](data)


def test_eleven_topics_of_one_area_are_too_many_for_a_field() -> None:
    data = deepcopy(content("mentoring/topics"))
    data["areas"]["self"] = [{"id": f"t{n}", "label": f"Topic {n}"} for n in range(11)]
    with pytest.raises(ValueError, match=r"areas\.self: 11 topics"):
        Topics.from_data(data)


@files
def test_all_of_it_is_in_the_voice_of_the_coach(name: str, read: Callable[[Any], object]) -> None:
    never = re.compile(
        r"!|\b(?:resilien\w*|just|simply|easy|easily|oops|don['’]t forget|streaks?)\b|\d ?%",
        re.IGNORECASE,
    )
    data = content(name)
    for path in places(data):
        text = holder(data, path)[path[-1]]
        if isinstance(text, str):
            assert not never.search(text), (path, text)
            assert all(ord(letter) < 0x2600 for letter in text), (path, text)
            assert text == text.strip(), path
