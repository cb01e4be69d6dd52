"""The local workspace's renderer: neutral messages and forms to HTML, with every value escaped."""

import pytest

from bot.chat.message import Bullets, Field, Form, Message, Paragraph, Span
from bot.platforms.local.pages import html_of, html_of_form
from tests.platforms.asgi import Page


def say(text: str) -> Message:
    return Message((Paragraph((Span(text),)),))


@pytest.mark.parametrize(
    ("text", "drawn"),
    [
        ("<script>alert(1)</script>", "&lt;script&gt;alert(1)&lt;/script&gt;"),
        ("<!channel> @everyone", "&lt;!channel&gt; @everyone"),
        ('" onclick="x', "&#34; onclick=&#34;x"),
        ("مرحبا بكم", "مرحبا بكم"),
        ("a\nb", "a\nb"),
        ("x" * 5_000, "x" * 5_000),
    ],
)
def test_words_mean_only_themselves(text: str, drawn: str) -> None:
    assert html_of(say(text)) == f'<p dir="auto">{drawn}</p>'


def test_every_style_and_block_has_its_element() -> None:
    message = Message(
        (
            Paragraph((Span("Goals"),), "heading"),
            Paragraph((Span("one "), Span("two", bold=True), Span("/x", code=True))),
            Paragraph((Span("said", italic=True),), "quote"),
            Bullets(((Span("a"),), (Span("b"),))),
            Bullets(((Span("c"),),), ordered=True),
        )
    )
    assert html_of(message) == (
        '<p class="heading" role="heading" aria-level="2" dir="auto">Goals</p>'
        '<p dir="auto">one <strong>two</strong><code>/x</code></p>'
        '<blockquote dir="auto"><em>said</em></blockquote>'
        '<ul dir="auto"><li dir="auto">a</li><li dir="auto">b</li></ul>'
        '<ol dir="auto"><li dir="auto">c</li></ol>'
    )


def test_a_link_opens_only_what_a_link_should() -> None:
    assert 'href="https://example.org/a?b&amp;c"' in html_of(
        Message((Paragraph((Span("read", href="https://example.org/a?b&c"),)),))
    )
    assert html_of(Message((Paragraph((Span("read", href="javascript:alert(1)"),)),))) == (
        '<p dir="auto">read</p>'
    )


def test_a_field_is_described_by_its_hint_and_its_error() -> None:
    form = Form(
        "goal.add", "A goal", "Save",
        (Field("due", "When", hint="A month is enough", value='June "27', required=True),
         Field("area", "Area", kind="choice", choices=(("a", "Alpha"), ("b", "Beta")), value="b")),
        errors={"due": "Which year?"},
    )  # fmt: skip
    page = Page(html_of_form(form))
    field = page.find("input", name="f.due")
    assert field["value"] == 'June "27'
    assert field["aria-invalid"] == "true"
    assert field["aria-required"] == "true"
    assert field["aria-describedby"].split() == ["field-due-hint", "field-due-error"]
    assert page.find(id="field-due-error")
    assert page.find("label", for_="field-due")
    assert "checked" in page.find("input", name="f.area", value="b")
    assert "checked" not in page.find("input", name="f.area", value="")


@pytest.mark.parametrize(
    ("count", "label", "taps"),
    [(5, "x" * 60, 1), (9, "Records done inside the day", 1), (9, "x" * 29, 2), (10, "x", 2)],
)
def test_few_short_choices_are_one_tap(count: int, label: str, taps: int) -> None:
    choices = tuple((f"v{number}", label) for number in range(count))
    page = Page(html_of_form(Form("x", "X", "Send", (Field("q", "Q", "choice", choices=choices),))))
    chips = page.find_all("input", type="radio", name="f.q")
    assert len(chips) == (count + 1 if taps == 1 else 0)
    assert len(page.find_all("select")) == taps - 1
    if chips:
        assert "checked" in chips[0]
        assert chips[0]["value"] == ""
