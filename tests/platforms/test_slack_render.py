"""Messages and forms as Block Kit: within Slack's limits, literal, and whole."""

import json
from collections.abc import Iterator
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.chat.message import Bullets, Button, Field, Form, Message, Paragraph, Span
from bot.platforms.slack import views
from bot.platforms.slack.blocks import RICH_WORDS, pieces, short, utf16, weight
from bot.platforms.slack.render import TEXT, literal, payloads
from tests.outside.slack_limits import advice, answer_faults, faults

Dict = dict[str, Any]


def paragraph(*spans: Span, kind: Any = "plain") -> Paragraph:
    return Paragraph(spans, kind)


def words(blocks: list[Dict]) -> Iterator[str]:
    """Give every word that the blocks show, in order, without the buttons'."""
    for block in blocks:
        if block["type"] == "header":
            yield block["text"]["text"]
        elif block["type"] == "rich_text":
            for element in block["elements"]:
                lines = element["elements"] if element["type"] == "rich_text_list" else [element]
                yield from (run["text"] for line in lines for run in line["elements"])


def of_kind(payload: Dict, kind: str) -> list[Dict]:
    return [block for block in payload["blocks"] if block["type"] == kind]


# What it looks like


def test_each_kind_of_block_has_its_shape() -> None:
    (payload,) = payloads(
        Message(
            (
                paragraph(Span("Your goals"), kind="heading"),
                paragraph(
                    Span("Now: "), Span("boards", bold=True), Span(" & "), Span("/x", code=True)
                ),
                Bullets(((Span("one"),), (Span("two", italic=True),))),
                Bullets(((Span("first"),),), ordered=True),
                paragraph(Span("said"), kind="quote"),
                paragraph(Span("read this", href="https://example.org/a?b=1")),
            ),
            (Button("Done", "goal.done:12", primary=True), Button("Later", "goal.later:12")),
        )
    )

    def text(said: str, **style: bool) -> Dict:
        return {"type": "text", "text": said} | ({"style": style} if style else {})

    def section(*runs: Dict) -> Dict:
        return {"type": "rich_text_section", "elements": list(runs)}

    def rich(element: Dict) -> Dict:
        return {"type": "rich_text", "elements": [element]}

    assert payload["text"] == (
        "Your goals\nNow: boards &amp; /x\n• one\n• two\n1. first\nsaid\nread this"
    )
    assert payload["blocks"] == [
        {"type": "header", "text": {"type": "plain_text", "text": "Your goals", "emoji": False}},
        rich(section(text("Now: "), text("boards", bold=True), text(" & "), text("/x", code=True))),
        rich(
            {
                "type": "rich_text_list",
                "style": "bullet",
                "elements": [section(text("one")), section(text("two", italic=True))],
            }
        ),
        rich({"type": "rich_text_list", "style": "ordered", "elements": [section(text("first"))]}),
        rich({"type": "rich_text_quote", "elements": [text("said")]}),
        rich(section({"type": "link", "url": "https://example.org/a?b=1", "text": "read this"})),
        {
            "type": "actions",
            "elements": [
                {
                    "type": "button",
                    "text": {"type": "plain_text", "text": "Done", "emoji": False},
                    "action_id": "b0:goal.done",
                    "value": "goal.done:12",
                    "style": "primary",
                },
                {
                    "type": "button",
                    "text": {"type": "plain_text", "text": "Later", "emoji": False},
                    "action_id": "b1:goal.later",
                    "value": "goal.later:12",
                },
            ],
        },
    ]


def test_markup_in_words_is_only_words() -> None:
    hostile = "<!channel> <@U1> @everyone *b* _i_ `c` :fire: https://x.org &amp;"
    (payload,) = payloads(literal(hostile))
    assert list(words(payload["blocks"])) == [hostile]
    assert payload["text"].startswith("&lt;!channel&gt; &lt;@U1&gt; @everyone")
    assert payload["text"].endswith("&amp;amp;")


def test_a_long_heading_is_bold_and_whole() -> None:
    (payload,) = payloads(Message((paragraph(Span("x" * 151), kind="heading"),)))
    (run,) = payload["blocks"][0]["elements"][0]["elements"]
    assert run == {"type": "text", "text": "x" * 151, "style": {"bold": True}}


def test_buttons_stand_five_in_a_row_and_a_long_label_is_said_above() -> None:
    long = "I would like to be asked about this goal again after my next rotation has ended, please"
    many = tuple(Button(f"Number {n}", f"goal.show:{n}") for n in range(6))
    (payload,) = payloads(Message((), (*many, Button(long, "goal.show:6"))))
    rows = of_kind(payload, "actions")
    assert [len(row["elements"]) for row in rows] == [5, 2]
    assert list(words(payload["blocks"])) == [long]
    assert rows[1]["elements"][1]["text"]["text"].endswith("…")
    assert faults(payload) == []


def test_a_list_that_is_split_goes_on_counting() -> None:
    items = tuple((Span(f"{'word ' * 100}{n}"),) for n in range(12))
    found = payloads(Message((Bullets(items, ordered=True),)))
    lists = [
        element for payload in found for block in payload["blocks"] for element in block["elements"]
    ]
    assert len(found) > 1
    assert [each.get("offset", 0) for each in lists] == [0, 5, 10]
    assert "\n6. " in f"\n{found[1]['text']}"


def test_many_blocks_and_many_styles_are_several_messages() -> None:
    many = payloads(Message(tuple(paragraph(Span(f"{n}")) for n in range(120))))
    assert [len(each["blocks"]) for each in many] == [50, 50, 20]
    dense = tuple(paragraph(*(Span("x", bold=n % 2 == 0) for n in range(60))) for _ in range(10))
    sizes = [len(json.dumps(each["blocks"])) for each in payloads(Message(dense))]
    assert len(sizes) > 1
    assert max(sizes) < 12_000


def test_an_address_that_slack_refuses_is_said() -> None:
    (payload,) = payloads(Message((paragraph(Span("here", href="javascript:alert(1)")),)))
    assert list(words(payload["blocks"])) == ["here (javascript:alert(1))"]


def test_a_form_has_one_input_for_each_field() -> None:
    form = Form(
        "goal.add",
        "A new goal",
        "Send",
        (
            Field("title", "What you want to reach", required=True, value="Boards"),
            Field("why", "Why", kind="long", limit=2000, hint="Optional."),
            Field(
                "area", "Area", kind="choice", choices=(("a", "Self"), ("b", "Others")), value="b"
            ),
        ),
        intro="One sentence.",
    )
    view = views.modal(form, {"form": "goal.add"})
    title, why, area = [block for block in view["blocks"] if block["type"] == "input"]
    assert view["callback_id"] == "form"
    assert json.loads(view["private_metadata"]) == {"form": "goal.add"}
    assert list(words(view["blocks"])) == ["One sentence."]
    assert (title["block_id"], title["optional"], why["optional"]) == ("title", False, True)
    assert title["element"]["initial_value"] == "Boards"
    assert (title["element"]["max_length"], why["element"]["max_length"]) == (300, 2000)
    assert (title["element"]["multiline"], why["element"]["multiline"]) == (False, True)
    assert why["hint"]["text"] == "Optional."
    assert area["element"]["type"] == "radio_buttons"
    assert area["element"]["initial_option"]["value"] == "b"


def test_a_long_title_is_whole_in_the_body() -> None:
    title = "Everything that you would like to change"
    view = views.modal(Form("x", title, "Send", ()), {"form": "x"})
    assert view["title"]["text"] == "Everything that you…"
    assert list(words(view["blocks"])) == [title]


def test_errors_stand_beside_their_fields_and_the_others_beside_the_first() -> None:
    form = Form(
        "x",
        "X",
        "Send",
        (Field("a", "A"), Field("b", "B")),
        errors={"b": "No date.", "": "Say one thing.", "c": "Nor this."},
    )
    assert views.errors(form, ["a", "b"]) == {
        "response_action": "errors",
        "errors": {"b": "No date.", "a": "Say one thing.\nNor this."},
    }


def test_a_crowded_home_keeps_its_words() -> None:
    lines = tuple(paragraph(Span(f"line {n} ")) for n in range(130))
    view = views.home((Message(lines), Message((), tuple(Button("b", "x") for _ in range(30)))))
    assert "".join(words(view["blocks"])) == "".join(f"line {n} " for n in range(130))
    assert faults(view) == []


# Any message, any form

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
    kind=st.sampled_from(["text", "long"]),
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
@settings(max_examples=150, deadline=None)
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
@settings(max_examples=150, deadline=None)
def test_any_form_is_within_the_limits_and_whole(form: Form) -> None:
    view = views.modal(form, {"form": form.address, "url": "https://hooks.slack.com/" + "x" * 200})
    assert faults(view) == []
    inputs = [block for block in view["blocks"] if block["type"] == "input"]
    shown = "".join(words(view["blocks"]))
    assert form.intro in shown
    assert form.title in shown + view["title"]["text"]
    assert [block["block_id"] for block in inputs] == [each.name for each in form.fields]
    for block, each in zip(inputs, form.fields, strict=True):
        if not each.choices and utf16(each.value) <= 3_000:
            assert block["element"].get("initial_value", "") == each.value
        for _, label in each.choices:
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
def test_pieces_are_the_text_and_fit(text: str, room: int, limit: int) -> None:
    found = pieces(text, room, limit)
    assert "".join(found) == text
    assert weight(found[0]) <= room
    assert all(weight(piece) <= limit for piece in found[1:])


def test_words_stay_whole_where_a_text_is_split() -> None:
    found = pieces("one two three four", 12, 12)
    assert found == ["one two ", "three four"]
    assert pieces("x" * (RICH_WORDS + 1), RICH_WORDS, RICH_WORDS)[1] == "x"
