"""Reads rendered templates (a small Markdown) into neutral blocks; values are put in last."""

import re
from collections.abc import Sequence
from dataclasses import replace
from functools import cache, lru_cache
from typing import TYPE_CHECKING

from bot.chat.message import Block, Bullets, Paragraph, Span, Spans

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.token import Token

#: Private-use characters that no cleaned text holds: they fence a value's number.
_OPEN, _CLOSE = "\ue000", "\ue001"
_TOKEN = re.compile(f"{_OPEN}([0-9]+){_CLOSE}")


def token(place: int) -> str:
    """Write what stands for a value until `fill` puts it in."""
    return f"{_OPEN}{place}{_CLOSE}"


@lru_cache(maxsize=2048)
def read(markdown: str) -> tuple[Block, ...]:
    """Read Markdown into blocks: paragraphs, headings, quotations, lists, and four styles."""
    return tuple(_Reader(_parser().parse(markdown)).blocks())


def fill(blocks: tuple[Block, ...], values: Sequence[str]) -> tuple[Block, ...]:
    """Put values in the place of their tokens: there they are text, and nothing else."""
    return tuple(
        Paragraph(_filled(block.spans, values), block.kind)
        if isinstance(block, Paragraph)
        else Bullets(tuple(_filled(item, values) for item in block.items), block.ordered)
        for block in blocks
    )


def _filled(spans: Spans, values: Sequence[str]) -> Spans:
    return tuple(
        Span(text, span.bold, span.italic, span.code, span.href)
        for span in spans
        if (
            text := _TOKEN.sub(lambda match: values[int(match[1])], span.text)
            if _OPEN in span.text
            else span.text
        )
    )


@cache
def _parser() -> "MarkdownIt":
    from markdown_it import MarkdownIt

    return MarkdownIt("zero").enable(
        ["heading", "list", "blockquote", "emphasis", "backticks", "escape", "link", "newline"]
    )


class _Reader:
    """Walks the parser's flat tokens once."""

    def __init__(self, tokens: "list[Token]") -> None:
        self._tokens = iter(tokens)

    def blocks(self) -> list[Block]:
        found: list[Block] = []
        kind: str = "plain"
        for token in self._tokens:
            if token.type == "heading_open":
                kind = "heading"
            elif token.type == "blockquote_open":
                kind = "quote"
            elif token.type in {"heading_close", "blockquote_close"}:
                kind = "plain"
            elif token.type in {"bullet_list_open", "ordered_list_open"}:
                found.append(self._list(token.type))
            elif token.type == "inline":
                found.append(Paragraph(_styled(token), kind))  # type: ignore[arg-type]
        return found

    def _list(self, opened: str) -> Bullets:
        items: list[Spans] = []
        for token in self._tokens:
            if token.type == "inline":
                items.append(_styled(token))
            elif token.type == opened.replace("_open", "_close"):
                break
        return Bullets(tuple(items), ordered=opened.startswith("ordered"))


def _styled(line: "Token") -> Spans:
    spans: list[Span] = []
    bold = italic = 0
    href = ""
    for token in line.children or ():
        if token.type in {"strong_open", "strong_close"}:
            bold += 1 if token.nesting == 1 else -1
        elif token.type in {"em_open", "em_close"}:
            italic += 1 if token.nesting == 1 else -1
        elif token.type == "link_open":
            href = str(token.attrGet("href") or "")
        elif token.type == "link_close":
            href = ""
        else:
            text = "\n" if token.type == "hardbreak" else token.content
            text = " " if token.type == "softbreak" else text
            span = Span(text, bold > 0, italic > 0, token.type == "code_inline", href)
            _append(spans, span)
    return tuple(spans)


def _append(spans: list[Span], span: Span) -> None:
    """Join neighbours of one style: escapes cut text into pieces."""
    if not span.text:
        return
    if spans and replace(spans[-1], text="") == replace(span, text=""):
        spans[-1] = replace(span, text=spans[-1].text + span.text)
    else:
        spans.append(span)
