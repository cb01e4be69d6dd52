"""Tests about the code: what a rule says, a program checks."""

import ast
import re
from pathlib import Path

import pytest

from bot.app import FEATURES
from bot.chat.catalog import Catalog
from bot.chat.prompt import ACTION_LIMIT, OWN_WORDS, Prompt, Words, address
from bot.chat.reading import Eyes, Missing, read_text
from bot.chat.samples import kinds, samples
from tests.pilot import at

ROOT = Path(__file__).parents[2]
BOT = sorted((ROOT / "bot").rglob("*.py"))
CATALOG = Catalog(group for feature in FEATURES for group in feature.groups)
WORDS = Words()


@pytest.mark.parametrize("kind", kinds(), ids=lambda kind: kind.__qualname__)
def test_every_prompt_renders_full_and_bare(kind: type[Prompt]) -> None:
    for prompt in samples(kind):
        message = WORDS.render(prompt)
        assert message.blocks, "a message without words"
        assert "{{" not in message.text
        assert "{%" not in message.text
        assert "None" not in message.text
        for button in message.buttons:
            assert 0 < len(button.label) <= 75, button
            assert len(button.action) <= ACTION_LIMIT
        # What members typed is there as they typed it, or not at all.
        assert message.text.count("<!channel>") == message.text.count("Pass the boards <!channel>")


@pytest.mark.parametrize("kind", kinds(), ids=lambda kind: kind.__qualname__)
def test_every_button_leads_somewhere(kind: type[Prompt]) -> None:
    for prompt in samples(kind):
        for each in prompt.buttons():
            declared = CATALOG.actions.get(each.action) or CATALOG.forms.get(each.action)
            if declared is not None:
                assert len(each.refs) == len(declared.kinds), each
            elif " " not in each.action:  # a sample text stands where a verb would be
                assert each.action in CATALOG.commands or each.action == "house.choose", each


def test_no_template_is_broken_or_unused() -> None:
    assert WORDS.faults(kinds()) == []
    used = {kind.words for kind in kinds()} | {"voice.md"}
    there = {str(file.relative_to(OWN_WORDS)) for file in OWN_WORDS.rglob("*.md")}
    assert there == used


def keys_in_code() -> set[str]:
    """Every key of short words that code names, f-strings as patterns."""
    areas = {folder.name for folder in OWN_WORDS.iterdir() if folder.is_dir()}
    found: set[str] = set()
    for file in BOT:
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                text = re.escape(node.value)
            elif isinstance(node, ast.JoinedStr):
                text = "".join(
                    re.escape(part.value) if isinstance(part, ast.Constant) else ".+"
                    for part in node.values
                )
            else:
                continue
            if text.endswith(r"\."):
                continue  # the beginning of an f-string that was seen whole
            if re.match(rf"({'|'.join(areas)}|\.\+)\\\.[a-z_.\\+]+$", text):
                found.add(text)
    return found


def test_every_key_of_short_words_exists_and_is_used() -> None:
    patterns = keys_in_code()
    for pattern in patterns:
        if not pattern.startswith(".+"):
            names_action = pattern.replace("\\", "") in (
                CATALOG.commands.keys()
                | CATALOG.actions.keys()
                | CATALOG.forms.keys()
                | {occasion.name for feature in FEATURES for occasion in feature.occasions}
                | {"house.choose"}
            )
            assert names_action or any(re.fullmatch(pattern, key) for key in WORDS._shorts), pattern
    reasons = {
        f"help.why.{reason}"
        for reason in (
            "late",
            "asking_less",
            "paused",
            "unreachable",
            "stale",
            "broken",
            "unknown",
            "ratelimited",
            "error",
        )
    }
    for key in WORDS._shorts:
        assert key in reasons or any(re.fullmatch(pattern, key) for pattern in patterns), key


def test_every_example_reads() -> None:
    eyes = Eyes(at("2027-01-01 12:00").date())
    for command in CATALOG.commands.values():
        assert command.summary.endswith("."), command.full
        for example in command.examples:
            try:
                read_text(command, example, eyes)
            except Missing as missing:
                raise AssertionError(f"{command.typed} {example}: {missing.found}") from None


def test_files_stay_small() -> None:
    for file in [*BOT, *(ROOT / "tests").rglob("*.py")]:
        lines = file.read_text("utf-8").count("\n")
        assert lines <= 310, f"{file.relative_to(ROOT)} has {lines} lines"


def test_features_touch_no_platform_and_platforms_no_feature() -> None:
    for file in BOT:
        text = file.read_text("utf-8")
        if "features" in file.parts:
            assert "bot.platforms" not in text, file
            assert not re.search(r"\bslack\b", text, re.IGNORECASE), file
        if "platforms" in file.parts:
            assert "bot.features" not in text, file


def test_nothing_speaks_of_the_workplace() -> None:
    secret = re.compile("|".join(["/wo" + "rk/", "/ro" + "ot/", "\\.lib" + "rary"]))
    for file in ROOT.rglob("*"):
        if file.is_file() and not any(
            part.startswith(".") or part in {"shots", "__pycache__"}
            for part in file.relative_to(ROOT).parts
        ):
            if file.suffix in {".png", ".db"}:
                continue
            assert not secret.search(file.read_text("utf-8", errors="ignore")), file


def test_numbers_of_lists_are_written_in_the_template() -> None:
    """A number that comes as a value is text, and makes no list: write "1." on each line."""
    for file in OWN_WORDS.rglob("*.md"):
        assert not re.search(r"^\s*\{\{[^}]*\}\}\. ", file.read_text("utf-8"), re.MULTILINE), file


def test_voice() -> None:
    """The words of voice.md that we never use."""
    never = re.compile(
        r"!(?!\[|channel)|\b(just|simply|easy|resilient|oops|don't forget|streak)\b", re.IGNORECASE
    )
    for file in [*OWN_WORDS.rglob("*.md"), *OWN_WORDS.rglob("words.yaml")]:
        if file.name != "voice.md":
            assert not never.search(file.read_text("utf-8")), file


def test_an_action_fits_every_platform() -> None:
    with pytest.raises(ValueError, match="100 characters"):
        address("goal.done", "x" * 100)
