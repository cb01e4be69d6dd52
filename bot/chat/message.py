"""What the coach says, before any platform gives it a shape."""

import base64
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field, replace
from typing import Any, Literal


@dataclass(frozen=True, slots=True)
class Span:
    """A run of text in one style. The text is literal: no platform may read markup in it."""

    text: str
    bold: bool = False
    italic: bool = False
    code: bool = False
    href: str = ""


Spans = tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph; `kind` tells a heading and a quotation from plain text."""

    spans: Spans
    kind: Literal["plain", "heading", "quote"] = "plain"


@dataclass(frozen=True, slots=True)
class Bullets:
    """A list, one line each."""

    items: tuple[Spans, ...]
    ordered: bool = False


Block = Paragraph | Bullets


@dataclass(frozen=True, slots=True)
class Button:
    """A button; `action` names what it does and which row, in at most 100 characters."""

    label: str
    action: str
    primary: bool = False


@dataclass(frozen=True, slots=True)
class File:
    """Something to look at or to keep, beside the words; `says` is what it shows, in words."""

    name: str
    #: For example "image/png"; pictures are shown, other files are offered.
    kind: str
    content: bytes
    says: str


@dataclass(frozen=True, slots=True)
class Field:
    """One question of a form. `value` is what is already there; `choices` are (value, label).

    `several` takes any number of its choices, `people` any number of the workspace's people, whom
    the platform offers by itself. Their value is one text: the chosen values, or the platform's
    names of the people, with commas between. `limit` is then how many may be chosen. `groups` puts
    headings over many choices: each with how many of them stand below it.
    """

    name: str
    label: str
    kind: Literal["text", "long", "choice", "several", "people"] = "text"
    required: bool = False
    value: str = ""
    hint: str = ""
    choices: tuple[tuple[str, str], ...] = ()
    limit: int = 300
    groups: tuple[tuple[str, int], ...] = ()

    @property
    def grouped(self) -> Iterator[tuple[str, tuple[tuple[str, str], ...]]]:
        """Give the choices under their headings, in order; the rest under none."""
        start = 0
        for heading, count in self.groups:
            yield heading, self.choices[start : start + count]
            start += count
        if rest := self.choices[start:]:
            yield "", rest


@dataclass(frozen=True, slots=True)
class Form:
    """Questions that are asked together; `errors` holds one sentence for each refused field."""

    address: str
    title: str
    submit: str
    fields: tuple[Field, ...]
    intro: str = ""
    errors: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Message:
    """Blocks, buttons and files, neutral and whole: a platform may split but never cut them."""

    blocks: tuple[Block, ...]
    buttons: tuple[Button, ...] = ()
    files: tuple[File, ...] = ()

    @property
    def text(self) -> str:
        """The words alone, for a terminal, a notification, and a screen reader."""
        return "\n".join(_lines(self.blocks))

    def to_json(self) -> dict[str, Any]:
        """Give the message as plain data that `from_json` reads back."""
        files = [
            asdict(each) | {"content": base64.b64encode(each.content).decode()}
            for each in self.files
        ]
        return asdict(replace(self, files=())) | {"files": files}

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> "Message":
        """Read what `to_json` wrote."""
        return cls(
            tuple(_block(block) for block in data["blocks"]),
            tuple(Button(**button) for button in data["buttons"]),
            tuple(
                File(**each | {"content": base64.b64decode(each["content"])})
                for each in data.get("files", ())
            ),
        )


def _lines(blocks: tuple[Block, ...]) -> Iterator[str]:
    for place, block in enumerate(blocks):
        if place:
            yield ""
        if isinstance(block, Paragraph):
            yield plain(block.spans)
        else:
            for number, item in enumerate(block.items, 1):
                yield f"{f'{number}.' if block.ordered else '•'} {plain(item)}"


def plain(spans: Spans) -> str:
    """Give the words of a line without their styles."""
    return "".join(span.text for span in spans)


def _spans(data: list[dict[str, Any]]) -> Spans:
    return tuple(Span(**span) for span in data)


def _block(data: Mapping[str, Any]) -> Block:
    if "items" in data:
        return Bullets(tuple(_spans(item) for item in data["items"]), data["ordered"])
    return Paragraph(_spans(data["spans"]), data["kind"])
