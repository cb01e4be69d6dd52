"""Slack's published limits, as a list of what is wrong with a payload."""

import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Any

from slack_sdk.errors import SlackObjectFormationError
from slack_sdk.models.blocks import Block
from slack_sdk.models.views import View

Dict = dict[str, Any]
Found = Iterator[str]

SELECTS = {
    f"{kind}_select" for kind in ("static", "external", "users", "conversations", "channels")
}
CHOICES = SELECTS | {f"multi_{name}" for name in SELECTS} | {"radio_buttons", "checkboxes"}
PICKERS = {"datepicker", "timepicker", "datetimepicker"}
TYPED = {"plain_text_input", "number_input", "email_text_input", "url_text_input"}
PRESSED = {"button", "overflow", "workflow_button"}
ALLOWED = {  # which elements each place takes
    "actions": CHOICES | PICKERS | PRESSED,
    "accessory": CHOICES | PICKERS | PRESSED | {"image"},
    "input": CHOICES | PICKERS | TYPED | {"rich_text_input", "file_input"},
    "context": {"image", "plain_text", "mrkdwn"},
}
PLAIN_BLOCKS = {"divider", "image", "markdown", "file", "video", "table", "context_actions"}
BLOCKS = PLAIN_BLOCKS | {"section", "header", "actions", "context", "input", "rich_text"}
ELEMENTS = {"actions": 25, "context": 10}
OPTIONS = {"static_select": 100, "multi_static_select": 100, "overflow": 5}
OPTIONS |= {"radio_buttons": 10, "checkboxes": 10}
RICH = {f"rich_text_{kind}" for kind in ("section", "list", "preformatted", "quote")}
RICH_LEAVES = {"text", "link", "user", "usergroup", "team", "channel", "emoji", "broadcast"}
RICH_LEAVES |= {"color", "date"}


def faults(payload: Dict) -> list[str]:
    """List every limit that this message, this view, or this call with a view breaks."""
    view = payload if payload.get("type") in ("modal", "home") else payload.get("view")
    if isinstance(view, dict):
        return [*_view(view), *_by_the_sdk(lambda: View(**view).to_dict())]
    blocks = payload.get("blocks") or []
    return [*_message(payload), *_by_the_sdk(lambda: [_known(one) for one in blocks])]


def advice(payload: Dict) -> list[str]:
    """List what Slack accepts yet advises against."""
    long = len(payload.get("text") or "") > 4000
    return ["text: Slack recommends at most 4000 characters"] if long else []


def answer_faults(answer: Dict, view: Dict) -> list[str]:
    """List what is wrong with the answer to a submission of this view."""
    action = answer.get("response_action")
    if action in ("update", "push"):
        return faults(answer) if answer.get("view") else [f"{action}: view is missing"]
    if action == "errors":
        inputs = {block["block_id"] for block in view["blocks"] if block["type"] == "input"}
        errors = answer.get("errors") or {}
        strange = [f"errors: {key} is no input of this view" for key in errors if key not in inputs]
        return strange + ([] if errors else ["errors: none given"])
    known = answer in ({}, {"response_action": "clear"})
    return [] if known else [f"unknown answer to a submission: {answer}"]


def _known(block: Dict) -> None:
    parsed = Block.parse_all([block])[0]
    if parsed is not None:  # an unknown type is named by _blocks
        parsed.validate_json()
        parsed.to_dict()  # validates what the block holds


def _by_the_sdk(build: Any) -> Found:
    """Say what slack_sdk's own models refuse."""
    try:
        build()
    except (SlackObjectFormationError, TypeError, ValueError, AttributeError, KeyError) as refusal:
        yield f"slack_sdk: {type(refusal).__name__}: {refusal}"


def _size(where: str, value: Any, limit: int, least: int = 1) -> Found:
    if value is not None and not least <= len(value) <= limit:
        yield f"{where}: {len(value)} is not within {least} and {limit}"


def _text(where: str, text: Any, limit: int, *, kinds: tuple[str, ...] = ("plain_text",)) -> Found:
    if text is None:
        return
    if not isinstance(text, dict) or text.get("type") not in kinds:
        yield f"{where}: not a text object of {' or '.join(kinds)}: {text!r:.80}"
        return
    yield from _size(where, text.get("text", ""), limit)


def _repeated(where: str, values: Iterable[Any]) -> Found:
    for value, times in Counter(values).items():
        if value is not None and times > 1:
            yield f"{where}: {value} occurs {times} times"


def _message(message: Dict) -> Found:
    yield from _size("text", message.get("text"), 40_000, 0)
    yield from _blocks(message.get("blocks") or [], 50, "message")
    for attachment in message.get("attachments") or []:
        yield from _blocks(attachment.get("blocks") or [], 50, "attachment")
    metadata = message.get("metadata")
    if metadata and not (
        metadata.get("event_type") and isinstance(metadata["event_payload"], dict)
    ):
        yield "metadata: event_type and event_payload are required"


def _view(view: Dict) -> Found:
    yield from _size("private_metadata", view.get("private_metadata"), 3000, 0)
    yield from _size("callback_id", view.get("callback_id"), 255, 0)
    yield from _size("external_id", view.get("external_id"), 255, 0)
    yield from _size("view in all", json.dumps(view), 250_000)
    blocks = view.get("blocks") or []
    if view.get("type") == "modal":
        if "title" not in view:
            yield "title: required in a modal"
        if "submit" not in view and any(block.get("type") == "input" for block in blocks):
            yield "submit: required in a modal that asks"
        for name in ("title", "submit", "close"):
            yield from _text(name, view.get(name), 24)
    if not blocks:
        yield "blocks: a view needs one"
    yield from _blocks(blocks, 100, "view")


def _blocks(blocks: list[Dict], limit: int, where: str) -> Found:
    yield from _size(f"{where} blocks", blocks, limit, 0)
    yield from _repeated(f"{where} block_id", (block.get("block_id") for block in blocks))
    marked = sum(
        1 for block in blocks for part in elements_of(block) if part.get("focus_on_load") is True
    )
    if marked > 1:
        yield f"{where}: {marked} elements want focus_on_load"
    markdown = sum(
        len(block.get("text", "")) for block in blocks if block.get("type") == "markdown"
    )
    if markdown > 12_000:
        yield f"{where}: {markdown} characters of markdown blocks are more than 12000"
    for number, block in enumerate(blocks):
        yield from _block(block, f"{where} block {number} ({block.get('type')})")


def elements_of(block: Dict) -> list[Dict]:
    """Gather the elements of an actions, context, section or input block."""
    several = block.get("elements", []) if block.get("type") in ELEMENTS else []
    return [*several, *(block[name] for name in ("accessory", "element") if block.get(name))]


def _block(block: Dict, where: str) -> Found:
    kind = block.get("type")
    yield from _size(f"{where} block_id", block.get("block_id"), 255)
    if kind not in BLOCKS:
        yield f"{where}: unknown block"
    elif kind == "section":
        yield from _section(block, where)
    elif kind == "header":
        yield from _text(where, block.get("text", {}), 150)
    elif kind == "input":
        yield from _text(f"{where} label", block.get("label", {}), 2000)
        yield from _text(f"{where} hint", block.get("hint"), 2000)
    elif kind in ELEMENTS:
        elements = block.get("elements", [])
        yield from _size(f"{where} elements", elements, ELEMENTS[kind])
        yield from _repeated(f"{where} action_id", (part.get("action_id") for part in elements))
    elif kind == "image":
        yield from _image(block, where)
    elif kind == "rich_text":
        yield from _rich(block.get("elements", []), RICH, where)
    place = "accessory" if kind == "section" else str(kind)
    for part in elements_of(block):
        if part.get("type") not in ALLOWED.get(place, set()):
            yield f"{where}: {part.get('type')} may not stand here"
        yield from _element(part, f"{where} {part.get('type')}")


def _section(block: Dict, where: str) -> Found:
    both = ("plain_text", "mrkdwn")
    if not block.get("text") and not block.get("fields"):
        yield f"{where}: neither text nor fields"
    yield from _text(f"{where} text", block.get("text"), 3000, kinds=both)
    yield from _size(f"{where} fields", block.get("fields"), 10)
    for field in block.get("fields") or []:
        yield from _text(f"{where} field", field, 2000, kinds=both)


def _image(part: Dict, where: str) -> Found:
    yield from _size(f"{where} image_url", part.get("image_url"), 3000)
    yield from _size(f"{where} alt_text", part.get("alt_text", ""), 2000)
    yield from _text(f"{where} title", part.get("title"), 2000)


def _rich(elements: list[Dict], allowed: set[str], where: str) -> Found:
    for element in elements:
        kind = element.get("type")
        if kind not in allowed:
            yield f"{where}: unknown rich text element {kind}"
        elif kind == "rich_text_list":
            if element.get("style") not in ("bullet", "ordered"):
                yield f"{where}: a list is bullet or ordered, not {element.get('style')}"
            yield from _rich(element.get("elements", []), {"rich_text_section"}, where)
        elif kind in RICH:
            yield from _rich(element.get("elements", []), RICH_LEAVES, where)
        elif kind == "text":
            yield from _size(f"{where} rich text", element.get("text", ""), 40_000)


def _element(part: Dict, where: str) -> Found:
    kind = str(part.get("type"))
    if kind in ("plain_text", "mrkdwn"):
        yield from _text(where, part, 3000, kinds=("plain_text", "mrkdwn"))
        return
    if kind == "image":
        yield from _image(part, where)
        return
    yield from _size(f"{where} action_id", part.get("action_id"), 255)
    yield from _text(f"{where} placeholder", part.get("placeholder"), 150)
    yield from _confirm(part.get("confirm") or {}, f"{where} confirm")
    yield from _several(part, where)
    if kind == "button":
        yield from _button(part, where)
    elif kind in OPTIONS:
        yield from _options(part, where, OPTIONS[kind])
    elif kind in TYPED:
        yield from _typed(part, where)
    elif kind == "datepicker":
        start = part.get("initial_date")
        if start is not None and not re.fullmatch(r"\d{4}-\d\d-\d\d", start):
            yield f"{where}: initial_date {start} is not YYYY-MM-DD"


def _button(part: Dict, where: str) -> Found:
    yield from _text(f"{where} text", part.get("text", {}), 75)
    yield from _size(f"{where} value", part.get("value"), 2000, 0)
    yield from _size(f"{where} url", part.get("url"), 3000)
    yield from _size(f"{where} accessibility_label", part.get("accessibility_label"), 75)
    if part.get("style") not in (None, "primary", "danger"):
        yield f"{where}: no style {part['style']}"


def _several(part: Dict, where: str) -> Found:
    people = part.get("initial_users") or []
    first = part.get("initial_options") or people
    if part.get("max_selected_items", 999) < max(1, len(first)):
        yield f"{where}: {len(first)} begin as chosen, of at most {part['max_selected_items']}"
    yield from (f"{where}: {one} is no person" for one in people if one[:1] not in "UW")


def _confirm(confirm: Dict, where: str) -> Found:
    for name, limit in (("title", 100), ("confirm", 30), ("deny", 30)):
        yield from _text(f"{where} {name}", confirm.get(name), limit)
    yield from _text(f"{where} text", confirm.get("text"), 300, kinds=("plain_text", "mrkdwn"))


def _options(part: Dict, where: str, limit: int) -> Found:
    groups = part.get("option_groups") or []
    yield from _size(f"{where} option_groups", groups, 100, 0)
    for group in groups:
        yield from _text(f"{where} group label", group.get("label", {}), 75)
        yield from _size(f"{where} options", group.get("options", []), limit)
    if not groups:
        yield from _size(f"{where} options", part.get("options", []), limit)
    options = options_of(part)
    marked = part["type"] in ("radio_buttons", "checkboxes")
    kinds = ("plain_text", "mrkdwn") if marked else ("plain_text",)
    for option in options:
        yield from _text(f"{where} option", option.get("text", {}), 75, kinds=kinds)
        yield from _size(f"{where} option value", option.get("value", ""), 150)
        yield from _text(f"{where} description", option.get("description"), 75, kinds=kinds)
    one = part.get("initial_option")
    for first in [one] if one else part.get("initial_options") or []:
        if first not in options:
            yield f"{where}: the initial option {first.get('value')} is none of the options"


def options_of(part: Dict) -> list[Dict]:
    """List the options of a select, radio, checkbox or overflow element, groups flattened."""
    grouped = [option for group in part.get("option_groups") or [] for option in group["options"]]
    return grouped + (part.get("options") or [])


def _typed(part: Dict, where: str) -> Found:
    initial, longest = part.get("initial_value"), part.get("max_length")
    if part["type"] == "number_input":
        if not isinstance(part.get("is_decimal_allowed"), bool):
            yield f"{where}: is_decimal_allowed is required"
        least, most = part.get("min_value"), part.get("max_value")
        if least is not None and most is not None and float(least) > float(most):
            yield f"{where}: min_value {least} is above max_value {most}"
        return
    yield from _size(f"{where} initial_value", initial, min(3000, longest or 3000), 0)
    if longest is not None and not 1 <= longest <= 3000:
        yield f"{where}: max_length {longest} is not within 1 and 3000"
    if not 0 <= (part.get("min_length") or 0) <= (longest or 3000):
        yield f"{where}: min_length {part['min_length']} is not within 0 and {longest or 3000}"
