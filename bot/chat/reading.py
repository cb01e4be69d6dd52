"""Free text and form values become typed arguments here, and nowhere else."""

import re
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from itertools import takewhile
from typing import Any

from bot.chat.command import Command, Param
from bot.domain.dates import find_deadline, read_date, without
from bot.domain.text import has_words, one_line
from bot.errors import Ambiguous, Misread

_NUMBER = re.compile(r"#?([0-9]{1,9})$")
_DECIMAL = re.compile(r"-?[0-9]{1,9}(?:[.,][0-9]{1,4})?")


class Missing(Exception):
    """Required arguments were not typed; `found` is what was, so that a form keeps it."""

    def __init__(self, found: dict[str, Any]) -> None:
        super().__init__()
        self.found = found


@dataclass(frozen=True, slots=True)
class Eyes:
    """What reading needs to know of the reader's member."""

    today: date
    dayfirst: bool | None = None


def read_text(command: Command, text: str, eyes: Eyes) -> dict[str, Any]:
    """Read what was typed after a command into its arguments.

    Raises Misread or Ambiguous for words that do not read, Missing for required ones not there.
    """
    found: dict[str, Any] = {}
    params = list(command.params)
    rest = one_line(text)
    for param in [each for each in params if each.arg.leads and each.kind is str]:
        rest, value = _led(rest, param)
        if value:
            found[param.name] = value
    for param in [each for each in params if each.kind is date]:
        try:
            rest = dated(rest, param, params, found, eyes)
        except Ambiguous as doubt:
            raise _in_sentence(doubt, "", _led_again(params, found)) from None
    rest = _in_order([each for each in params if not each.arg.leads], rest, found)
    if rest:
        raise Misread("help.left_over", rest=rest, usage=command.usage)
    if any(each.required and each.name not in found for each in params):
        raise Missing(found)
    return found


def _led(rest: str, param: Param) -> tuple[str, str]:
    leads = "|".join(map(re.escape, param.arg.leads))
    for match in re.finditer(rf"(?:^|[\s,;.(–—])({leads})(?=\s|$)", rest, re.IGNORECASE):
        head, value = rest[: match.start()].rstrip(" ,;–—-"), rest[match.end() :].strip(" ,;")
        value = value.removesuffix(")" if match[0][0] == "(" else "")
        if not head:  # "In order to match, publish 3 papers"
            value, _, head = value.partition(", ")
        if (value or not head) and (match[1] not in {"BC", "B/C"} or rest.isupper()):
            return head, text_value(value, param.arg.limit) if value else ""
    return rest, ""


def _led_again(params: list[Param], found: dict[str, Any]) -> str:
    """Write the led arguments that were taken out of a sentence as they were typed."""
    led = [each for each in params if each.arg.leads and each.name in found]
    return "".join(f" {each.arg.leads[0]} {found[each.name]}" for each in led)


def dated(rest: str, param: Param, params: list[Param], found: dict[str, Any], eyes: Eyes) -> str:
    """Take the date out of the text: all of it where nothing else could want it."""
    alone = not any(each.kind is str and not each.arg.leads for each in params)
    if alone:
        head, phrase = _after_numbers(rest, params)
        if phrase:
            try:
                found[param.name] = read_date(phrase, today=eyes.today, dayfirst=eyes.dayfirst)
            except Ambiguous as doubt:
                raise _in_sentence(doubt, f"{head} ", "") from None
        return head
    try:
        deadline = find_deadline(rest, today=eyes.today, dayfirst=eyes.dayfirst)
    except Ambiguous as doubt:
        start, end = int(str(doubt.facts["start"])), int(str(doubt.facts["end"]))
        lead = str(doubt.facts.get("lead", ""))
        raise _in_sentence(doubt, f"{rest[:start]}{lead} ", rest[end:]) from None
    if deadline is None:
        return rest
    found[param.name] = deadline.day
    return without(rest, deadline)


def _after_numbers(rest: str, params: list[Param]) -> tuple[str, str]:
    words, numbers = rest.split(), sum(each.kind in (int, float) for each in params)
    head = list(takewhile(_NUMBER.match, words[:numbers]))
    return " ".join(head), " ".join(words[len(head) :])


def _in_sentence(doubt: Ambiguous, before: str, after: str) -> Ambiguous:
    options = tuple(" ".join(f"{before}{each}{after}".split()) for each in doubt.options)
    return Ambiguous(doubt.key, options=options, **doubt.facts)


def _in_order(params: list[Param], rest: str, found: dict[str, Any]) -> str:
    for param in params:
        if param.kind is date or not rest:
            continue
        if param.kind is str:
            found[param.name] = text_value(rest, param.arg.limit)
            return ""
        word, _, after = rest.partition(" ")
        try:
            found[param.name] = value_of(param.kind, word)
        except Misread:
            if param.required:
                raise
            continue  # an optional number that was left out
        rest = after.strip()
    return rest


def text_value(raw: str, limit: int) -> str:
    """Read a text that must hold words and fit."""
    text = one_line(raw)
    if len(text) > limit:
        raise Misread("help.too_long", limit=limit, length=len(text))
    if not has_words(text):
        raise Misread("help.no_words")
    return text


def value_of(kind: type, word: str) -> Any:
    """Read one word as a number or as one of an enumeration's values."""
    if kind is int:
        match = _NUMBER.match(word)
        if match is None:
            raise Misread("help.no_number", text=word)
        return int(match[1])
    if kind is float:
        if _DECIMAL.fullmatch(word) is None:
            raise Misread("help.no_number", text=word)
        return float(word.replace(",", "."))
    if issubclass(kind, StrEnum):
        wanted = word.lower().replace("-", "_").replace(" ", "_")
        if wanted not in {each.value for each in kind}:
            raise Misread("help.no_choice", text=word, known=", ".join(each.value for each in kind))
        return kind(wanted)
    raise TypeError(f"no reader for {kind}")
