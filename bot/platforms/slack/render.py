"""A neutral message as Slack payloads: pure, literal, and split where Slack has limits."""

import json
from collections.abc import Iterator, Sequence
from typing import Any

from bot.chat.message import Bullets, Button, Message, Paragraph, Span
from bot.platforms.slack.blocks import Dict, Part, escaped, label, parts, utf16

#: Blocks a message may have.
BLOCKS = 50
#: `chat.update` refuses a longer text; escaped words of one message stay below.
TEXT = 3_900
#: Slack refuses messages whose blocks take some 13,000 characters (`msg_blocks_too_long`).
SIZE = 11_500
#: Buttons that stand well beside each other; Slack would take 25.
ROW = 5
#: Characters on a button.
BUTTON = 75


def payloads(message: Message) -> list[dict[str, Any]]:
    """Render a message as one payload, or as several when it is long; there is at least one.

    Each payload's `text` is what its blocks say, for notifications and screen readers.
    """
    there = list(message_parts((message,)))
    whole = len(json.dumps([part.block for part in there], ensure_ascii=False))
    if len(there) <= BLOCKS and whole <= SIZE and sum(part.weight + 1 for part in there) <= TEXT:
        return [_payload(there)]
    found: list[list[Part]] = [[]]
    words = size = 0
    for part in there:
        words, size = words + part.weight + 1, size + part.size + 2
        if found[-1] and (len(found[-1]) == BLOCKS or words > TEXT or size > SIZE):
            found.append([])
            words, size = part.weight, part.size
        found[-1].append(part)
    return [_payload(each) for each in found]


def message_parts(messages: Sequence[Message]) -> Iterator[Part]:
    """Give the parts of one or several messages, each with its buttons below its words."""
    number = 0
    for message in messages:
        yield from parts(message.blocks)
        long = tuple((Span(each.label),) for each in message.buttons if utf16(each.label) > BUTTON)
        if long:  # a label that does not fit its button is said in full above it
            yield from parts((Bullets(long),))
        for start in range(0, len(message.buttons), ROW):
            yield _row(message.buttons[start : start + ROW], number + start)
        number += len(message.buttons)


def literal(text: str) -> Message:
    """Make a message of one plain paragraph."""
    return Message((Paragraph((Span(text),)),))


def _row(buttons: Sequence[Button], start: int) -> Part:
    elements = [_button(each, number) for number, each in enumerate(buttons, start)]
    return Part({"type": "actions", "elements": elements}, "")


def _button(button: Button, number: int) -> Dict:
    shown: Dict = {
        "type": "button",
        "text": label(button.label, BUTTON),
        # Unique within its message; the action itself travels as the value.
        "action_id": f"b{number}:{button.action.partition(':')[0]}",
        "value": button.action,
    }
    return shown | ({"style": "primary"} if button.primary else {})


def _payload(there: list[Part]) -> dict[str, Any]:
    said = "\n".join(part.words for part in there if part.words)
    labels = " · ".join(
        button["text"]["text"]
        for part in there
        for button in part.block.get("elements", ())
        if button["type"] == "button"
    )
    return {"text": escaped(said or labels) or "…", "blocks": [part.block for part in there]}
