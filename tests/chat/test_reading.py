"""A goal as it is typed: its title, its date and its reason."""

from datetime import date
from typing import Annotated, Any

import pytest

from bot.chat.command import Arg, Command
from bot.chat.reading import Eyes, Missing, read_text

EYES = Eyes(date(2026, 9, 10))
LEADS = ("because", "so that", "so I can", "in order to", "bc", "b/c", "cuz")


def add(
    turn: object,
    title: Annotated[str, Arg("what")],
    due: Annotated[date | None, Arg("when", lead="by")] = None,
    why: Annotated[str | None, Arg("why", lead=LEADS, limit=2000)] = None,
) -> None:
    """Add a goal."""


GOAL = Command("goal", "add", add)


def read(text: str) -> tuple[Any, ...]:
    found = read_text(GOAL, text, EYES)
    due = found.get("due")
    return found["title"], due and due.isoformat(), found.get("why")


@pytest.mark.parametrize(
    ("text", "title", "due"),
    [
        ("finish QI5 by the end of the year.", "finish QI5", "2026-12-31"),
        ("Finish E by Jan 15!", "Finish E", "2027-01-15"),
        ("Finish F (by June)", "Finish F", "2027-06-30"),
        ("Finish H by June...", "Finish H", "2027-06-30"),
        ("QI15 by Q3 27", "QI15", "2027-09-30"),
        ("QI20 by june or july", "QI20", "2027-07-31"),
        ("Publish case in June issue of JAMA", "Publish case in June issue of JAMA", None),
        ("read 2 papers by June and 3 by July", "read 2 papers by June and 3 by July",
         "2027-07-31"),
        ("Pass by end of residency", "Pass by end of residency", None),
    ],
)  # fmt: skip
def test_a_title_is_left_whole_and_clean(text: str, title: str, due: str | None) -> None:
    assert read(text) == (title, due, None)


@pytest.mark.parametrize(
    ("text", "title", "why"),
    [
        ("Pass because I want it.", "Pass", "I want it."),
        ("Pass, so I can match", "Pass", "match"),
        ("Pass (because I want it)", "Pass", "I want it"),
        ("Pass—because I want it", "Pass", "I want it"),
        ("log 50 procedures bc logbook due", "log 50 procedures", "logbook due"),
        ("read b/c fellowship", "read", "fellowship"),
        ("PASS BC I WANT", "PASS", "I WANT"),
        ("In order to match, publish 3 papers", "publish 3 papers", "match"),
        ("publish abc because of rank", "publish abc", "of rank"),
        ("Move to Vancouver BC", "Move to Vancouver BC", None),
        ("Treat hepatitis B/C well", "Treat hepatitis B/C well", None),
        ("Pass bcx", "Pass bcx", None),
        ("Pass the boards because", "Pass the boards because", None),
    ],
)
def test_a_reason_is_taken_from_the_end(text: str, title: str, why: str | None) -> None:
    assert read(text) == (title, None, why)


def test_a_title_a_date_and_a_reason() -> None:
    assert read("read 3 of 10 papers by end of Q3 b/c fellowship") == (
        "read 3 of 10 papers", "2026-09-30", "fellowship")  # fmt: skip


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("because", {}),
        ("because I want it", {"why": "I want it"}),
        ("by June!", {"due": date(2027, 6, 30)}),
    ],
)
def test_a_reason_or_a_date_alone_is_no_title(text: str, found: dict[str, Any]) -> None:
    with pytest.raises(Missing) as missing:
        read_text(GOAL, text, EYES)
    assert missing.value.found == found
