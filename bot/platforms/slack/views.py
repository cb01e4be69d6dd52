"""Forms as modals and messages as the home tab: pure, like `render`."""

import json
import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from itertools import islice

from bot.chat.message import Bullets, Button, Field, Form, Message, Span
from bot.platforms.slack.blocks import Dict, label, parts, short, utf16, words_only
from bot.platforms.slack.render import literal, message_parts

#: All our modals share one callback: what a form is stands in its private metadata.
CALLBACK = "form"
#: Blocks a view may have; characters of a modal's title and of its button.
BLOCKS, TITLE, SUBMIT = 100, 24, 24
#: Characters that a person may type into one field; of a field's label or hint; of a choice.
TYPED, LABEL, CHOICE = 3_000, 2_000, 75
#: Choices that are shown at once, each answered by one tap; choices a menu holds before it needs
#: groups.
RADIO, MENU = 10, 100
#: What leaves a question open again: a radio button that was chosen cannot be unchosen in Slack,
#: and Slack takes no empty value. `inbound` reads this one as an empty answer.
NO_ANSWER, NO_ANSWER_LABEL = "no answer", "No answer"
#: How Slack names a person.
_PERSON = re.compile(r"[UW][A-Z0-9]+")


def modal(form: Form, metadata: Mapping[str, object]) -> Dict:
    """Render a form as a modal view; `metadata` comes back with its submission."""
    return {
        "type": "modal",
        "callback_id": CALLBACK,
        "private_metadata": json.dumps(metadata, separators=(",", ":"), ensure_ascii=False),
        "title": label(form.title, TITLE),
        "submit": label(form.submit, SUBMIT),
        "blocks": list(_form_blocks(form)),
    }


def home(messages: Sequence[Message]) -> Dict:
    """Render messages below each other as a home tab."""
    blocks = [part.block for part in message_parts(messages)]
    return {"type": "home", "blocks": fewer(blocks, BLOCKS) or words_only("…")}


def errors(form: Form, shown: Collection[str]) -> Dict:
    """Answer a submission: each sentence beside its field, all others beside the first one."""
    known = [each.name for each in form.fields if each.name in shown] or list(shown)
    beside: dict[str, list[str]] = {}
    for name, sentence in form.errors.items():
        beside.setdefault(name if name in shown else known[0], []).append(sentence)
    told = {name: "\n".join(sentences) for name, sentences in beside.items()}
    return {"response_action": "errors", "errors": told}


def reopening(form: Form) -> Message:
    """Offer a form by a button: where no modal can be opened, or no longer."""
    said = literal(form.intro or form.title)
    return Message(said.blocks, (Button(form.title, form.address, primary=True),))


def fewer(blocks: list[Dict], limit: int) -> list[Dict]:
    """Put neighbouring rich texts, then neighbouring buttons, together until the limit is met."""
    for kind, most in (("rich_text", 1_000), ("actions", 25)):
        if len(blocks) <= limit:
            break
        kept: list[Dict] = []
        for block in blocks:
            last = kept[-1] if kept else {"type": ""}
            elements = [*last.get("elements", ()), *block.get("elements", ())]
            if last["type"] == block["type"] == kind and len(elements) <= most:
                kept[-1] = {**last, "elements": elements}
            else:
                kept.append(block)
        blocks = kept
    return blocks


def _form_blocks(form: Form) -> Iterator[Dict]:
    if utf16(form.title) > TITLE:
        yield from words_only(form.title, bold=True)
    if form.intro:
        yield from words_only(form.intro)
    for sentence in form.errors.values():
        yield from words_only(sentence, bold=True)
    for each in form.fields:
        yield from _field(each)


def _field(field: Field) -> Iterator[Dict]:
    if utf16(field.label) > LABEL:
        yield from words_only(field.label)
    long = tuple((Span(text),) for _, text in field.choices if utf16(text) > CHOICE)
    if long:
        yield from (part.block for part in parts((Bullets(long),)))
    asked: Dict = {
        "type": "input",
        "block_id": field.name,
        "label": label(field.label or field.name, LABEL),
        "element": _element(field),
        "optional": not field.required,
    }
    if field.hint:
        asked["hint"] = label(field.hint, LABEL)
    yield asked


def _element(field: Field) -> Dict:
    if field.kind == "people":
        return _people(field)
    if field.choices:
        return _several(field) if field.kind == "several" else _choice(field)
    return _typed(field)


def _typed(field: Field) -> Dict:
    element: Dict = {
        "type": "plain_text_input",
        "action_id": "value",
        "multiline": field.kind == "long" or "\n" in field.value,
        # What was typed before is kept even where it is longer than it may be.
        "max_length": max(1, min(TYPED, max(field.limit, utf16(field.value)))),
    }
    return element | ({"initial_value": short(field.value, TYPED)} if field.value else {})


def _choice(field: Field) -> Dict:
    choices = [(value or NO_ANSWER, text or value) for value, text in field.choices]
    if not field.required and all(value for value, _ in field.choices):
        choices.insert(0, (NO_ANSWER, NO_ANSWER_LABEL))
    element: Dict = {
        "type": "radio_buttons" if len(choices) <= RADIO else "static_select",
        "action_id": "value",
    }
    options = _options(choices)
    _offer(element, options)
    begins = field.value or NO_ANSWER
    chosen = [option for option in options if option["value"] == begins]
    return element | ({"initial_option": chosen[0]} if chosen else {})


def _several(field: Field) -> Dict:
    """Let any number of choices be taken: as boxes to tick while they are few."""
    options = _options((value or NO_ANSWER, text or value) for value, text in field.choices)
    begins = _listed(field.value)
    chosen = [option for option in options if option["value"] in begins]
    element: Dict = {"type": "checkboxes", "action_id": "value"}
    if len(options) > RADIO:
        element["type"] = "multi_static_select"
        element["max_selected_items"] = max(1, field.limit, len(chosen))
    if field.groups and len(options) > RADIO:
        element["option_groups"] = _groups(field, iter(options))
    else:
        _offer(element, options)
    return element | ({"initial_options": chosen} if chosen else {})


def _groups(field: Field, options: Iterator[Dict]) -> list[Dict]:
    """Put the options under the field's headings; Slack wants one over each of them."""
    return [
        {
            "label": label(heading or field.label, CHOICE),
            "options": list(islice(options, len(choices))),
        }
        for heading, choices in field.grouped
    ]


def _people(field: Field) -> Dict:
    """Let people be taken from the list that Slack offers; it refuses names that are none."""
    chosen = [each for each in _listed(field.value) if _PERSON.fullmatch(each)]
    element: Dict = {
        "type": "multi_users_select",
        "action_id": "value",
        "max_selected_items": max(1, field.limit, len(chosen)),
    }
    return element | ({"initial_users": chosen} if chosen else {})


def _listed(value: str) -> list[str]:
    """Take apart the value of a field that takes several; each once."""
    return list(dict.fromkeys(each for part in value.split(",") if (each := part.strip())))


def _options(choices: Iterable[tuple[str, str]]) -> list[Dict]:
    return [{"text": label(text, CHOICE), "value": value} for value, text in choices]


def _offer(element: Dict, options: list[Dict]) -> None:
    """Put the options into a menu, in groups where there are many."""
    if len(options) <= MENU:
        element["options"] = options
        return
    element["option_groups"] = [
        {
            "label": label(f"{start + 1}–{min(start + MENU, len(options))}", CHOICE),
            "options": options[start : start + MENU],
        }
        for start in range(0, len(options), MENU)
    ]
