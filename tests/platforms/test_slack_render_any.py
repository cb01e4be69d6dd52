"""Any message and any form as Block Kit: within Slack's limits, literal, and whole."""

import json

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.chat.message import Bullets, Button, Field, Form, Message, Paragraph, Span
from bot.platforms.slack import views
from bot.platforms.slack.blocks import RICH_WORDS, pieces, short, utf16, weight
from bot.platforms.slack.render import TEXT, payloads
from tests.outside.slack_limits import advice, answer_faults, faults
from tests.platforms.blocks import words

TEXTS = st.one_of(
    st.text(max_size=40),
    st.sampled_from(["&", "<!channel>", "word ", "🩺", "\x00", "\n", '"\\', "א"]).flatmap(
        lambda piece: st.integers(0, 3_500).map(lambda times: piece * times)
    ),
)
LABELS = st.text(min_size=1, max_size=120)
SPANS = st.lists(
    st.builds(
        Span,
        text=TEXTS,
        bold=st.booleans(),
        italic=st.booleans(),
        code=st.booleans(),
        href=st.sampled_from(["", "", "https://example.org/" + "x" * 900]),
    ),
    max_size=6,
).map(tuple)
BLOCKS = st.one_of(
    st.builds(Paragraph, spans=SPANS, kind=st.sampled_from(["plain", "heading", "quote"])),
    st.builds(
        Bullets, items=st.lists(SPANS, min_size=1, max_size=8).map(tuple), ordered=st.booleans()
    ),
)
BUTTONS = st.builds(
    Button, label=LABELS, action=st.text("abc.:1", min_size=1, max_size=100), primary=st.booleans()
)
MESSAGES = st.builds(
    Message,
    blocks=st.lists(BLOCKS, max_size=8).map(tuple),
    buttons=st.lists(BUTTONS, max_size=30).map(tuple),
)
FIELDS = st.builds(
    Field,
    name=st.text("abcdefghij", min_size=1, max_size=20),
    label=LABELS,
    kind=st.sampled_from(["text", "long", "several", "people"]),
    required=st.booleans(),
    value=TEXTS,
    hint=st.text(max_size=300),
    limit=st.integers(1, 4_000),
    choices=st.lists(
        st.tuples(st.text("xyz", min_size=1, max_size=20), LABELS),
        max_size=120,
        unique_by=lambda choice: choice[0],
    ).map(tuple),
)
FORMS = st.builds(
    Form,
    address=st.text("abc.:1", min_size=1, max_size=100),
    title=LABELS,
    submit=st.text(min_size=1, max_size=24),
    fields=st.lists(FIELDS, min_size=1, max_size=8, unique_by=lambda field: field.name).map(tuple),
    intro=TEXTS,
    errors=st.dictionaries(st.text("abcdefghij", max_size=20), TEXTS, max_size=3),
)


def said(message: Message) -> str:
    """Say all that a message's blocks say; an empty line of a list is a space."""
    lines = []
    for block in message.blocks:
        if isinstance(block, Bullets):
            lines += ["".join(span.text for span in item) or " " for item in block.items]
        else:
            lines += [span.text for span in block.spans]
    return "".join(lines)


@given(MESSAGES)
@settings(max_examples=60, deadline=None)
def test_any_message_is_within_the_limits_and_whole(message: Message) -> None:
    found = payloads(message)
    for payload in found:
        assert faults(payload) == []
        assert advice(payload) == []
        assert len(payload["text"]) <= TEXT
        assert len(json.dumps(payload["blocks"], ensure_ascii=False)) < 12_500
    blocks = [block for payload in found for block in payload["blocks"]]
    long = [each.label for each in message.buttons if utf16(each.label) > 75]
    assert "".join(words(blocks)) == said(message) + "".join(long)
    pressed = [part for block in blocks if block["type"] == "actions" for part in block["elements"]]
    assert [part["value"] for part in pressed] == [each.action for each in message.buttons]
    assert [part["text"]["text"] for part in pressed] == [
        short(each.label, 75) for each in message.buttons
    ]


@given(FORMS)
@settings(max_examples=60, deadline=None)
def test_any_form_is_within_the_limits_and_whole(form: Form) -> None:
    view = views.modal(form, {"form": form.address, "url": "https://hooks.slack.com/" + "x" * 200})
    assert faults(view) == []
    inputs = [block for block in view["blocks"] if block["type"] == "input"]
    shown = "".join(words(view["blocks"]))
    assert form.intro in shown
    assert form.title in shown + view["title"]["text"]
    assert [block["block_id"] for block in inputs] == [each.name for each in form.fields]
    for block, each in zip(inputs, form.fields, strict=True):
        if each.kind != "people" and not each.choices and utf16(each.value) <= 3_000:
            assert block["element"].get("initial_value", "") == each.value
        for _, label in each.choices if each.kind != "people" else ():
            assert (
                label in shown
                or label in json.dumps(block, ensure_ascii=False)
                or any(char in label for char in '"\\')
                or not label.isprintable()
            )
    answer = views.errors(form, [each.name for each in form.fields])
    if form.errors:
        assert answer_faults(answer, view) == []


@given(st.text(max_size=400), st.integers(6, 60), st.integers(6, 60))
def test_pieces_are_the_text_and_fit(text: str, one: int, other: int) -> None:
    room, limit = sorted((one, other))
    found = pieces(text, room, limit)
    assert "".join(found) == text
    assert weight(found[0]) <= room
    assert all(weight(piece) <= limit for piece in found[1:])


def test_words_stay_whole_where_a_text_is_split() -> None:
    found = pieces("one two three four", 12, 12)
    assert found == ["one two ", "three four"]
    assert pieces("x" * (RICH_WORDS + 1), RICH_WORDS, RICH_WORDS)[1] == "x"
