"""Words as Block Kit: literal rich text, measured in the ways that Slack measures, never cut."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from bot.chat.message import Block, Bullets, Paragraph, Span, Spans, plain

Dict = dict[str, Any]

#: Slack shows a header of at most this many characters.
HEADER = 150
#: Words in one rich text block, and what its JSON may take with all its wrapping.
RICH_WORDS, RICH_SIZE = 2_900, 8_000
#: A longer address is shown as text beside its words.
LINK = 2_000
#: What one styled run costs in JSON beside its words, at most.
WRAPPING = 100


@dataclass(frozen=True, slots=True)
class Part:
    """One Block Kit block with the words that stand for it, and their size on the wire."""

    block: Dict
    words: str

    @property
    def weight(self) -> int:
        """The size of the words once they are escaped."""
        return weight(self.words)

    @property
    def size(self) -> int:
        """The size of the block as JSON: Slack refuses some 13,000 characters of it a message."""
        return len(json.dumps(self.block, ensure_ascii=False))


def escaped(text: str) -> str:
    """Escape the three characters that open markup in a message's plain text."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def weight(text: str) -> int:
    """Measure a text at its largest: escaped, as JSON, or in UTF-16 units."""
    if text.isascii() and text.isprintable():  # nearly all: counted at once, by the same weights
        angles = text.count("<") + text.count(">")
        return len(text) + 4 * text.count("&") + 3 * angles + text.count('"') + text.count("\\")
    return sum(map(_weight_of, text))


@lru_cache(4_096)
def _weight_of(char: str) -> int:
    if char.isalnum() and char.isascii():
        return 1
    wide = 2 if ord(char) > 0xFFFF else 1  # beyond the basic plane
    return max(wide, len(escaped(char)), len(json.dumps(char, ensure_ascii=False)) - 2)


def pieces(text: str, room: int, limit: int) -> list[str]:
    """Split a text so that the first piece fits the room left and each other one the limit.

    What is left is no more than the limit. Words stay whole where they can; the pieces joined are
    the text.
    """
    if weight(text) <= room:
        return [text]
    found: list[str] = []
    start = used = 0
    for place, char in enumerate(text):
        cost = _weight_of(char)
        # A word that was kept whole may fill the next piece so far that this does not fit either.
        while used + cost > (limit if found else room) and (place > start or not found):
            end = _after_space(text, start, place) if place > start else start
            found.append(text[start:end])
            start, used = end, weight(text[end:place])
        used += cost
    return [*found, text[start:]]


def _after_space(text: str, start: int, place: int) -> int:
    """Find the last gap between words in the half before the place, else the place itself."""
    middle = (start + place) // 2
    gap = max(text.rfind("\n", middle, place), text.rfind(" ", middle, place))
    return gap + 1 if gap > start else place


def parts(blocks: tuple[Block, ...]) -> Iterator[Part]:
    """Give each neutral block its Block Kit blocks; empty words give none."""
    for block in blocks:
        if isinstance(block, Bullets):
            yield from _list(block)
        elif block.kind == "heading":
            yield from _heading(block)
        else:
            kind = "rich_text_quote" if block.kind == "quote" else "rich_text_section"
            yield from (
                Part(rich({"type": kind, "elements": elements}), words)
                for elements, words in runs(block.spans)
            )


def rich(*elements: Dict) -> Dict:
    """Wrap rich text elements into a block."""
    return {"type": "rich_text", "elements": list(elements)}


def words_only(text: str, *, bold: bool = False) -> list[Dict]:
    """Make the blocks of a plain text."""
    return [part.block for part in parts((Paragraph((Span(text, bold=bold),)),))]


def label(text: str, limit: int) -> Dict:
    """Make a plain text object; only what has its full words elsewhere may be over the limit."""
    return {"type": "plain_text", "text": short(text, limit) or "…", "emoji": False}


def short(text: str, limit: int) -> str:
    """Shorten a label at a word's end, with an ellipsis; short ones stay as they are."""
    if utf16(text) <= limit:
        return text
    head = text
    while utf16(head) > limit - 1:
        head = head[:-1]
    gap = head.rfind(" ")
    return f"{(head[:gap] if gap > limit // 2 else head).rstrip()}…"


def utf16(text: str) -> int:
    """Count characters as Slack's JavaScript does."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def _heading(block: Paragraph) -> Iterator[Part]:
    text = plain(block.spans)
    linked = any(span.href for span in block.spans)
    if text.strip() and utf16(text) <= HEADER and "\n" not in text and not linked:
        yield Part({"type": "header", "text": label(text, HEADER)}, text)
        return
    bold = tuple(Span(each.text, True, each.italic, each.code, each.href) for each in block.spans)
    for elements, words in runs(bold):
        yield Part(rich({"type": "rich_text_section", "elements": elements}), words)


def _list(block: Bullets) -> Iterator[Part]:
    """Fill lists with items; what one list cannot hold goes on in the next, numbers and all."""
    style = "ordered" if block.ordered else "bullet"
    open_items: list[tuple[Dict, str]] = []
    first = used = size = 0

    def close() -> Part:
        items: Dict = {
            "type": "rich_text_list",
            "style": style,
            "elements": [item for item, _ in open_items],
        }
        if first:
            items["offset"] = first
        marks = (
            (f"{first + place}." if block.ordered else "•")
            for place in range(1, 1 + len(open_items))
        )
        lines = (f"{mark} {words}" for mark, (_, words) in zip(marks, open_items, strict=True))
        return Part(rich(items), "\n".join(lines))

    for number, item in enumerate(block.items):
        split = list(runs(item)) or [([{"type": "text", "text": " "}], "")]
        section = {"type": "rich_text_section", "elements": split[0][0]}
        takes = weight(split[0][1]) + 8
        bulk = len(json.dumps(section, ensure_ascii=False))
        if open_items and (used + takes > RICH_WORDS or size + bulk > RICH_SIZE):
            yield close()
            open_items, first, used, size = [], number, 0, 0
        open_items.append((section, split[0][1]))
        used, size = used + takes, size + bulk
        if len(split) > 1:  # an item of thousands of characters goes on below its list
            yield close()
            open_items, first, used, size = [], number + 1, 0, 0
            for elements, words in split[1:]:
                yield Part(rich({"type": "rich_text_section", "elements": elements}), words)
    if open_items:
        yield close()


def runs(spans: Spans) -> Iterator[tuple[list[Dict], str]]:
    """Give a line's elements, as many lists of them as the limits ask for, with their words."""
    elements: list[Dict] = []
    said: list[str] = []
    used = size = 0
    for span in map(_shown, spans):
        for place, text in enumerate(pieces(span.text, RICH_WORDS - used, RICH_WORDS)):
            bulk = WRAPPING + weight(span.href)
            if elements and (place or size + bulk + weight(text) > RICH_SIZE):
                yield elements, "".join(said)
                elements, said, used, size = [], [], 0, 0
            if text:
                elements.append(_element(span, text))
                said.append(text)
                used += weight(text)
                size += bulk + weight(text)
    if elements:
        yield elements, "".join(said)


def _shown(span: Span) -> Span:
    """Put an address that Slack would refuse as a link beside its words."""
    if not span.href or (
        span.href.startswith(("https://", "http://", "mailto:")) and weight(span.href) <= LINK
    ):
        return span
    return Span(f"{span.text} ({span.href})", span.bold, span.italic, span.code)


def _element(span: Span, text: str) -> Dict:
    kind: Dict = {"type": "link", "url": span.href} if span.href else {"type": "text"}
    styles = {"bold": span.bold, "italic": span.italic, "code": span.code}
    style = {name: True for name, wanted in styles.items() if wanted}
    return kind | {"text": text} | ({"style": style} if style else {})
