"""The crisis texts as members read them, with the lines of every country."""

import re
from dataclasses import dataclass
from itertools import product

import pytest

from bot.chat.content import content
from bot.chat.message import Bullets
from bot.chat.prompt import OWN_WORDS, Prompt, Words
from bot.domain.helplines import Audience, Helplines, Line, LineKind

LINES = Helplines.from_data(content("crisis/helplines"))
WORDS = Words()
TEXTS = sorted(file.stem for file in (OWN_WORDS / "safety").glob("*.md"))
LOCAL = "Employee Assistance, extension 4400"
MOST_WORDS = 120
# Safe-messaging guides and our voice: what these texts never say.
NEVER = re.compile(
    r"!|commit|successful|failed|completed suicide|resilien|overdose|pills|\b(just|simply|easy)\b"
    r"|so much to live for|promise|\bcontract\b|cry for help|epidemic",
    re.IGNORECASE,
)
NUMBERS = {"l3", "l2", "l1", "third_person", "resources", "help_now", "safe_now"}


@dataclass(frozen=True, kw_only=True)
class Shown(Prompt):
    """Any of the texts, with its values."""

    emergency: tuple[Line, ...] = ()
    lines: tuple[Line, ...] = ()
    clinician: tuple[Line, ...] = ()
    local: str = ""


def shown(name: str, country: str = "", role: Audience | None = None, local: str = "") -> str:
    lines = LINES.for_country(country, role)
    kind = type(name, (Shown,), {"words": f"safety/{name}.md"})
    prompt = kind(
        emergency=tuple(line for line in lines if line.kind is LineKind.EMERGENCY),
        lines=tuple(line for line in lines if line.kind in {LineKind.CRISIS, LineKind.TEXT}),
        clinician=tuple(line for line in lines if line.kind is LineKind.CLINICIAN),
        local=local,
    )
    return WORDS.render(prompt).text


def test_all_the_texts_are_there() -> None:
    replies = ["l3", "l2", "l1", "third_person", "third_patient", "bereavement"]
    cards = ["resources", "help_now", "choose_country", "misunderstood", "safe_now"]
    assert sorted(replies + cards) == TEXTS


@pytest.mark.parametrize("name", TEXTS)
def test_a_text_is_short_and_safe_in_every_country(name: str) -> None:
    for country, role, local in product(["", *LINES.countries()], [None, *Audience], ["", LOCAL]):
        text = shown(name, country, role, local)
        assert len(text.split()) <= MOST_WORDS, (country, role, len(text.split()))
        assert not NEVER.search(text), (country, NEVER.search(text))
        assert "{" not in text


@pytest.mark.parametrize("name", sorted(NUMBERS))
def test_a_number_is_there_with_a_country_and_without_one(name: str) -> None:
    assert "999" in shown(name, "GB")
    assert "your local emergency number" in shown(name).lower()
    assert not re.search(r"\b(911|988|999|112)\b", shown(name)), "no country, no number"


@pytest.mark.parametrize("name", ["l3", "help_now"])
def test_the_emergency_number_comes_before_all_else(name: str) -> None:
    text = shown(name, "GB")
    first = [text.index(words) for words in ("999", "116 123", "0330 123 1245", "I'm a bot")]
    assert first == sorted(first)
    assert len(text[: first[0]].split()) <= 12


def test_each_number_stands_on_a_line_of_its_own() -> None:
    lists = [
        block
        for block in WORDS.render(
            type("l3", (Shown,), {"words": "safety/l3.md"})(lines=LINES.for_country("US"))
        ).blocks
        if isinstance(block, Bullets)
    ]
    # "Your local emergency number" and the five lines of the United States.
    assert sum(len(block.items) for block in lists) == 1 + 5


@pytest.mark.parametrize("name", [name for name in TEXTS if name != "misunderstood"])
def test_a_text_says_that_it_is_a_bot(name: str) -> None:
    said = "I'm a bot" if name == "third_patient" else "I'm a bot and not a crisis service"
    assert said in shown(name, "US", Audience.DOCTORS)


@pytest.mark.parametrize(
    "name", ["l3", "l2", "third_person", "bereavement", "resources", "help_now"]
)
def test_the_local_route_is_shown_when_there_is_one(name: str) -> None:
    assert LOCAL in shown(name, "US", local=LOCAL)
    assert LOCAL not in shown(name, "US")


def test_a_text_about_a_patient_pushes_no_line() -> None:
    assert "988" not in shown("third_patient", "US")


def test_only_doctors_are_shown_the_line_for_doctors() -> None:
    assert "1-888-409-0141" in shown("l2", "US", Audience.DOCTORS)
    assert "1-888-409-0141" not in shown("l2", "US", Audience.NURSES)
