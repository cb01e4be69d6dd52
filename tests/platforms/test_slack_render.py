"""Messages and forms as Block Kit: what they look like."""

import json
from typing import Any

from bot.chat.message import Bullets, Button, Field, Form, Message, Paragraph, Span
from bot.platforms.slack import views
from bot.platforms.slack.render import literal, payloads
from tests.outside.slack_limits import faults
from tests.platforms.blocks import Dict, words


def paragraph(*spans: Span, kind: Any = "plain") -> Paragraph:
    return Paragraph(spans, kind)


def of_kind(payload: Dict, kind: str) -> list[Dict]:
    return [block for block in payload["blocks"] if block["type"] == kind]


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


def asked(**given: Any) -> Dict:
    """Draw one question with choices."""
    field = Field(**{"name": "q", "label": "Q", "kind": "choice"} | given)
    view = views.modal(Form("x", "X", "Send", (field,)), {"form": "x"})
    assert faults(view) == []
    element: Dict = view["blocks"][0]["element"]
    return element


def test_few_choices_are_one_tap_and_a_choice_can_be_taken_back() -> None:
    nine = tuple((str(n), f"Number {n}") for n in range(9))
    needed = asked(choices=nine, required=True)
    assert needed["type"] == "radio_buttons"
    assert [each["value"] for each in needed["options"]] == [value for value, _ in nine]
    assert "initial_option" not in needed
    free = asked(choices=nine)
    assert free["type"] == "radio_buttons"
    assert free["options"][0]["text"]["text"] == "No answer"
    assert free["initial_option"] == free["options"][0]
    assert asked(choices=nine, value="3")["initial_option"]["value"] == "3"
    own = asked(choices=(*nine, ("", "Rather not")))
    assert own["options"][-1]["text"]["text"] == "Rather not"
    assert own["initial_option"] == own["options"][-1]
    many = asked(choices=(*nine, ("9", "Number 9")))
    assert many["type"] == "static_select"


def test_several_choices_are_boxes_while_they_are_few() -> None:
    ten = tuple((f"v{n}", f"Number {n}") for n in range(10))
    few = asked(choices=ten, kind="several", value="v3, v1,gone,v3", limit=2)
    assert few["type"] == "checkboxes"
    assert [each["value"] for each in few["options"]] == [value for value, _ in ten]
    assert [each["value"] for each in few["initial_options"]] == ["v1", "v3"]
    assert "initial_options" not in asked(choices=ten, kind="several")

    eleven = (*ten, ("v10", "Number 10"))
    many = asked(choices=eleven, kind="several", value="v10,v0", limit=3)
    assert (many["type"], many["max_selected_items"]) == ("multi_static_select", 3)
    assert [each["value"] for each in many["initial_options"]] == ["v0", "v10"]
    kept = asked(choices=eleven, kind="several", value="v10,v0", limit=1)
    assert kept["max_selected_items"] == 2  # what was chosen before stays, also where it is much

    crowd = tuple((f"v{n}", f"Number {n}") for n in range(101))
    groups = asked(choices=crowd, kind="several")["option_groups"]
    assert [group["label"]["text"] for group in groups] == ["1–100", "101–101"]


def test_many_choices_stand_under_their_headings() -> None:
    twelve = tuple((f"v{n}", f"Number {n}") for n in range(12))
    headings = (("Self", 4), ("Team", 7))
    many = asked(choices=twelve, kind="several", value="v5", groups=headings)
    groups = {
        group["label"]["text"]: [each["value"] for each in group["options"]]
        for group in many["option_groups"]
    }
    assert list(groups) == ["Self", "Team", "Q"]
    assert groups["Team"] == [f"v{n}" for n in range(4, 11)]
    assert [each for group in groups.values() for each in group] == [each for each, _ in twelve]
    assert [each["value"] for each in many["initial_options"]] == ["v5"]
    assert "options" not in many
    few = asked(choices=twelve[:10], kind="several", groups=(("Self", 10),))
    assert (few["type"], "option_groups" in few) == ("checkboxes", False)


def test_people_are_taken_from_slacks_own_list() -> None:
    nobody = asked(kind="people", limit=4)
    assert (nobody["type"], nobody["max_selected_items"]) == ("multi_users_select", 4)
    assert "initial_users" not in nobody
    some = asked(kind="people", value="U0ADA, W0BOB,amina,U0ADA")
    assert some["initial_users"] == ["U0ADA", "W0BOB"]


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
