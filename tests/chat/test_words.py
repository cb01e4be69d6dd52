"""Values are text, whatever they look like; templates make the blocks."""

from dataclasses import dataclass
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.chat.markdown import fill, read, token
from bot.chat.message import Bullets, Message, Paragraph, Span, plain
from bot.chat.prompt import Prompt, Words, press
from bot.checking import faults
from bot.errors import Misconfigured
from bot.settings import Settings

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


@pytest.mark.parametrize(
    ("template", "fault"),
    [
        (b"Hello {{ named }}, {{ name\n}} {{ nam }}", ", line 2: there is no value named “nam”"),
        (b"Hello\n{{ nam }}", "here, only name: mend it, or delete it to use ours."),
        (b"Hello\n{{ name | nofilter }}", ", line 2: No filter named 'nofilter': mend it"),
        (b"{% if name %}", "'endif'; The innermost block"),
        (b"caf\xe9 {{ name }}", ": it is not UTF-8: mend it"),
    ],
)
def test_what_is_wrong_with_a_template_is_one_sentence(
    tmp_path: Path, template: bytes, fault: str
) -> None:
    (tmp_path / "probe").mkdir()
    file = tmp_path / "probe" / "said.md"
    file.write_bytes(template.replace(b"named", b"name"))
    [found] = Words(tmp_path).faults([Probe])
    assert found.startswith(str(file))
    assert fault in found
    assert found.count(".") == str(file).count(".") + 1


def test_a_template_may_use_what_jinja_knows(tmp_path: Path) -> None:
    (tmp_path / "probe").mkdir()
    (tmp_path / "probe" / "said.md").write_text(
        "{% for n in range(2) %}{{ loop.index }} {{ name }}\n{% endfor %}"
    )
    assert Words(tmp_path).faults([Probe]) == []


def owners(folder: Path, area: str, text: str | bytes) -> Path:
    """Write an owner's short words."""
    file = folder / area / "words.yaml"
    file.parent.mkdir()
    file.write_bytes(text if isinstance(text, bytes) else text.encode())
    return file


@pytest.mark.parametrize(
    ("text", "key", "problem"),
    [
        (
            'refused: {no_number: "No {{ numbr }}"}',
            "refused.no_number",
            "there is no value named “numbr” here, only number: mend it, or delete it to use ours.",
        ),
        ('press: {done: "{{ x }}"}', "press.done", "“x” here, nor any other: mend it"),
        ('press: {done: "{{ x | no }}"}', "press.done", "No filter named 'no': mend it"),
        ('press: {done: "{{"}', "press.done", "mend it"),
        ("press: {dnoe: Done}", "press.dnoe", "nobody says this: rename it"),
        ("press: Done", "press", "nobody says this: rename it"),
        ("press: {done: yes}", "press.done", "YAML does not read this as text: put it in quotes."),
    ],
)
def test_a_bad_short_word_is_named_with_file_and_key(
    tmp_path: Path, text: str, key: str, problem: str
) -> None:
    file = owners(tmp_path, "goals", text)
    [fault] = Words(tmp_path).faults([])
    assert fault.startswith(f"{file}, key “{key}”: ")
    assert problem in fault
    assert not fault.endswith("..")


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("- a", ": it is no mapping of keys to words: mend it"),
        ("Done", ": it is no mapping of keys to words: mend it"),
        ("press:\n  done: a: b\n", ", line 2: mapping values are not allowed here: mend it"),
        ("press:\n  [done", ", line 2: "),
        (b"press: {done: caf\xe9}", ": it is not UTF-8: mend it"),
        ("press: {done: 2027-13-45}", ": month must be in 1..12: mend it"),
        ("press: &a {done: *a}", ": maximum recursion depth"),
        ("press: \x00", ": unacceptable character"),
    ],
)
def test_short_words_that_cannot_be_read_are_refused(
    tmp_path: Path, text: str | bytes, problem: str
) -> None:
    file = owners(tmp_path, "goals", text)
    with pytest.raises(Misconfigured) as refused:
        Words(tmp_path)
    assert f"{file}{problem}" in str(refused.value)
    assert len(str(refused.value).splitlines()) == 1


def test_short_words_may_be_few_or_none(tmp_path: Path) -> None:
    owners(tmp_path, "goals", "# all ours\n")
    owners(tmp_path, "house", 'press: {option: "» {{ option }}"}')
    words = Words(tmp_path)
    assert words.faults([]) == []
    assert words.short("house.press.option", option="A") == "» A"


def test_an_action_that_is_too_long_is_refused(tmp_path: Path) -> None:
    (tmp_path / "probe").mkdir()
    (tmp_path / "probe" / "said.md").write_text("Hello.\n")

    @dataclass(frozen=True, kw_only=True)
    class TooLong(Prompt):
        words = "probe/said.md"

        def buttons(self):
            yield press("goal.done", "x" * 120, says="goals.press.done")

    with pytest.raises(ValueError, match="100"):
        Words(tmp_path).render(TooLong())


def test_a_fault_of_one_template_hides_none_of_another(tmp_path: Path) -> None:
    goals, house = tmp_path / "words" / "goals", tmp_path / "words" / "house"
    goals.mkdir(parents=True)
    house.mkdir()
    (house / "words.yaml").write_text('press: {option: "{{ option | day }}"}\n')
    (house / "words.yml").write_text("a: b\n")
    (goals / "added.md").write_bytes(b"caf\xe9")
    (goals / "done.md").write_text("{{ number | nofilter }}\n")
    (goals / "list.md").write_text("Yours:\n\n{{ goals.first }}\n")
    (goals / "words.yaml").write_text('press: {sharpen: "{{ x }}", dnoe: Done}\n')
    found = faults(Settings(DATABASE_URL="sqlite://", PROMPTS_DIR=goals.parent))
    found.remove("The database is not at this program's version: run `preceptor migrate`.")
    planted = [
        f"{goals}/added.md: it is not UTF-8: mend it",
        f"{goals}/done.md, line 1: No filter named 'nofilter': mend it",
        f"{goals}/list.md, line 3: it does not render (",
        f"{goals}/words.yaml, key “press.sharpen”: there is no value named “x” here, nor any other",
        f"{goals}/words.yaml, key “press.dnoe”: nobody says this",
        f"{house}/words.yaml, key “press.option”: it does not render (",
        f"{house}/words.yml is never used",
    ]
    for fault in planted:
        assert len([each for each in found if each.startswith(fault)]) == 1, fault
    assert len(found) == len(planted)
    assert not [each for each in found if each.endswith("..") or not each.endswith(".")]
