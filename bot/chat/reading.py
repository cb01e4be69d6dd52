"""Free text and form values become typed arguments here, and nowhere else."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Any

from bot.chat.command import Command, Param
from bot.chat.message import Field, Form
from bot.domain.dates import find_deadline, read_date
from bot.domain.measure import number
from bot.domain.text import clean, has_words, one_line
from bot.errors import Ambiguous, Misread, Told

_NUMBER = re.compile(r"#?([0-9]{1,9})$")
_DECIMAL = re.compile(r"-?[0-9]{1,9}(?:[.,][0-9]{1,4})?")


class Missing(Exception):
    """Required arguments were not typed; `found` is what was, so that a form keeps it."""

    def __init__(self, found: dict[str, Any]) -> None:
        super().__init__()
        self.found = found


class Unfit(Exception):
    """A form was refused; `errors` has one error for each field that must change."""

    def __init__(self, errors: Mapping[str, Told]) -> None:
        super().__init__()
        self.errors = errors


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
            rest = _dated(rest, param, params, found, eyes)
        except Ambiguous as doubt:
            raise _in_sentence(doubt, "", _led_again(params, found)) from None
    rest = _in_order([each for each in params if not each.arg.leads], rest, found)
    if rest:
        raise Misread("help.left_over", rest=rest, usage=command.usage)
    if any(each.required and each.name not in found for each in params):
        raise Missing(found)
    return found


def _led(rest: str, param: Param) -> tuple[str, str]:
    leads = "|".join(re.escape(lead) for lead in param.arg.leads)
    match = re.search(rf"(?:^|[\s,;])(?:{leads})\s+(?P<value>\S.*)$", rest, re.IGNORECASE)
    if match is None:
        return rest, ""
    return rest[: match.start()].strip(" ,;"), text_value(match["value"], param.arg.limit)


def _led_again(params: list[Param], found: dict[str, Any]) -> str:
    """Write the led arguments that were taken out of a sentence as they were typed."""
    led = [each for each in params if each.arg.leads and each.name in found]
    return "".join(f" {each.arg.leads[0]} {found[each.name]}" for each in led)


def _dated(rest: str, param: Param, params: list[Param], found: dict[str, Any], eyes: Eyes) -> str:
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
    return f"{rest[: deadline.start]} {rest[deadline.end :]}".strip(" ,;")


def _after_numbers(rest: str, params: list[Param]) -> tuple[str, str]:
    words = rest.split()
    numbers = sum(1 for each in params if each.kind in (int, float))
    head: list[str] = []
    while words and len(head) < numbers and _NUMBER.match(words[0]):
        head.append(words.pop(0))
    return " ".join(head), " ".join(words)


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


@dataclass
class Answers:
    """A submitted form's values, read one by one; every refusal is collected beside its field."""

    values: Mapping[str, str]
    eyes: Eyes
    errors: dict[str, Told] = field(default_factory=dict)

    def text(self, name: str, *, limit: int = 300, required: bool = False) -> str:
        """Read a text; empty when nothing was typed."""
        raw = clean(self.values.get(name, ""))
        if not raw:
            if required:
                self.errors[name] = Misread("help.required")
            return ""
        if len(raw) > limit:
            self.errors[name] = Misread("help.too_long", limit=limit, length=len(raw))
        elif not has_words(raw):
            self.errors[name] = Misread("help.no_words")
        return raw

    def day(self, name: str, *, required: bool = False) -> date | None:
        """Read a date as people write it."""
        raw = self.text(name, required=required)
        if not raw or name in self.errors:
            return None
        try:
            return read_date(raw, today=self.eyes.today, dayfirst=self.eyes.dayfirst)
        except Ambiguous as doubt:
            facts = {**doubt.facts, "options": " or ".join(doubt.options)}
            self.errors[name] = Misread(f"{doubt.key}_form", **facts)
        except Misread as error:
            self.errors[name] = error
        return None

    def number(self, name: str, *, low: float = -1e9, high: float = 1e9) -> float | None:
        """Read a number between two bounds; None when nothing was typed."""
        raw = self.text(name)
        if not raw or name in self.errors:
            return None
        try:
            value = float(value_of(float, raw))
        except Misread as error:
            self.errors[name] = error
            return None
        if not low <= value <= high:
            self.errors[name] = Misread("help.out_of_range", low=number(low), high=number(high))
            return None
        return value

    def choice(self, name: str, kind: type[StrEnum], *, required: bool = False) -> Any:
        """Read one of an enumeration's values; None when nothing was chosen."""
        raw = self.text(name, required=required)
        if not raw or name in self.errors:
            return None
        try:
            return value_of(kind, raw)
        except Misread as error:
            self.errors[name] = error
            return None

    def refuse(self, name: str, key: str, **facts: object) -> None:
        """Refuse a field for a reason that only the feature knows."""
        self.errors.setdefault(name, Misread(key, **facts))

    def check(self) -> None:
        """Stop here if anything was refused; what was typed is kept."""
        if self.errors:
            raise Unfit(self.errors)


def form_of(command: Command, title: str, submit: str) -> Form:
    """Make the form of a command's arguments."""
    return Form(
        address=command.full,
        title=title,
        submit=submit,
        fields=tuple(_field(param) for param in command.params),
    )


def _field(param: Param) -> Field:
    choices = (
        tuple((each.value, each.value.replace("_", " ").capitalize()) for each in param.kind)
        if issubclass(param.kind, StrEnum)
        else ()
    )
    help_text = param.arg.help
    return Field(
        name=param.name,
        label=(help_text[:1].upper() + help_text[1:]).replace("`", ""),
        kind="choice" if choices else "long" if param.arg.limit > 300 else "text",
        required=param.required,
        choices=choices,
        limit=param.arg.limit,
    )


def read_form(command: Command, answers: Answers) -> dict[str, Any]:
    """Read a submitted form of a command's arguments; Unfit names the fields to change."""
    found: dict[str, Any] = {}
    for param in command.params:
        if param.kind is date:
            value: Any = answers.day(param.name, required=param.required)
        elif param.kind is str:
            value = answers.text(param.name, limit=param.arg.limit, required=param.required)
            value = one_line(value) or None
        else:
            value = _word(answers, param)
        if value is not None:
            found[param.name] = value
    _date_in_words(command, answers, found)
    answers.check()
    return found


def _date_in_words(command: Command, answers: Answers, found: dict[str, Any]) -> None:
    """Take a date from a form's first text where its own field was left empty."""
    params = list(command.params)
    text = next((each for each in params if each.kind is str and not each.arg.leads), None)
    day = next((each for each in params if each.kind is date), None)
    if text is None or day is None or text.name not in found or day.name in found | answers.errors:
        return
    try:
        found[text.name] = _dated(found[text.name], day, params, found, answers.eyes)
    except Ambiguous as doubt:
        facts = {**doubt.facts, "options": " or ".join(doubt.options)}
        answers.errors[text.name] = Misread(f"{doubt.key}_form", **facts)
    except Misread as error:
        answers.errors[text.name] = error


def _word(answers: Answers, param: Param) -> Any:
    raw = answers.text(param.name, required=param.required)
    if not raw:
        return None
    try:
        return value_of(param.kind, raw)
    except Misread as error:
        answers.errors[param.name] = error
        return None
