"""Values are text, whatever they look like; templates make the blocks."""

from dataclasses import dataclass
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.chat.markdown import fill, read, token
from bot.chat.message import Bullets, Message, Paragraph, Span, plain
from bot.chat.prompt import Prompt, Words, press

NASTY = st.text(st.characters(exclude_categories=("Cs",)), max_size=60) | st.sampled_from(
    ["*b*", "# h", "- item", "1. one", "> q", "`c`", "[a](http://b)", "\\", "a\n\nb", "<!channel>"]
)


@given(NASTY)
def test_a_value_means_only_itself(value: str) -> None:
    blocks = read(f"**Kept:** {token(0)}\n\n- one {token(0)}\n- `{token(0)}`")
    first, listed = fill(blocks, [value])
    assert isinstance(first, Paragraph)
    assert plain(first.spans) == f"Kept: {value}"
    assert isinstance(listed, Bullets)
    assert [plain(item) for item in listed.items] == [f"one {value}", value]
    assert not any(span.href or span.bold for span in first.spans[1:])


def test_the_small_markdown() -> None:
    assert read("# Goals\n\nplain **bold** *it* `code` [a](http://b)\n\n> said\n\n1. x\n1. y") == (
        Paragraph((Span("Goals"),), "heading"),
        Paragraph(
            (
                Span("plain "),
                Span("bold", bold=True),
                Span(" "),
                Span("it", italic=True),
                Span(" "),
                Span("code", code=True),
                Span(" "),
                Span("a", href="http://b"),
            )
        ),
        Paragraph((Span("said"),), "quote"),
        Bullets(((Span("x"),), (Span("y"),)), ordered=True),
    )


def test_a_message_survives_as_json() -> None:
    message = Message(read("# A\n\n- **b** c\n\n> d"))
    assert Message.from_json(message.to_json()) == message


@dataclass(frozen=True, kw_only=True)
class Probe(Prompt):
    words = "probe/said.md"
    name: str


def test_an_owners_words_come_first_and_faults_are_named(tmp_path: Path) -> None:
    (tmp_path / "probe").mkdir()
    (tmp_path / "probe" / "said.md").write_text("Hello {{ name }}, **welcome**.\n")
    words = Words(tmp_path)
    assert words.render(Probe(name="*Ada*")).text == "Hello *Ada*, welcome."
    assert words.faults([Probe]) == []
    (tmp_path / "probe" / "said.md").write_text("Hello\n{{ nmae }}\n")
    [fault] = Words(tmp_path).faults([Probe])
    assert "line 2" in fault
    assert "“nmae”" in fault


def test_an_action_that_is_too_long_is_refused() -> None:
    @dataclass(frozen=True, kw_only=True)
    class TooLong(Prompt):
        words = "goals/which.md"

        def buttons(self):
            yield press("goal.done", "x" * 120, says="goals.press.done")

    with pytest.raises(ValueError, match="100"):
        Words().render(TooLong())
