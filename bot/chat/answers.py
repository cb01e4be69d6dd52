"""Forms: made from a command's arguments, and read field by field, each refusal a sentence."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Any

from bot.chat.command import Command, Param
from bot.chat.message import Field, Form
from bot.chat.reading import Eyes, dated, value_of
from bot.domain.dates import read_date
from bot.domain.measure import number
from bot.domain.text import clean, has_words, one_line
from bot.errors import Ambiguous, Misread, Told


class Unfit(Exception):
    """A form was refused; `errors` has one error for each field that must change."""

    def __init__(self, errors: Mapping[str, Told]) -> None:
        super().__init__()
        self.errors = errors


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
        except (Misread, Ambiguous) as error:
            self.misread(name, error)
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

    def several(
        self, name: str, known: Collection[str] | None = None, *, most: int, required: bool = False
    ) -> tuple[str, ...]:
        """Read the chosen values of a `several` or `people` field, each once, in their order.

        `known` are the values that may be chosen; None lets any name of a person pass.
        """
        raw = self.values.get(name, "")
        chosen = tuple(dict.fromkeys(each for part in raw.split(",") if (each := one_line(part))))
        if not chosen and required:
            self.errors[name] = Misread("help.required")
        elif len(chosen) > most:
            self.errors[name] = Misread("help.too_many", most=most, count=len(chosen))
        elif known is not None and (strange := [each for each in chosen if each not in known]):
            self.errors[name] = Misread("help.no_choice", text=strange[0], known=", ".join(known))
        return chosen

    def misread(self, name: str, error: Misread | Ambiguous) -> None:
        """Put a reader's error beside its field; a form names the options of a doubt."""
        if isinstance(error, Ambiguous):
            facts = {**error.facts, "options": " or ".join(error.options)}
            error = Misread(f"{error.key}_form", **facts)
        self.errors[name] = error

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
        found[text.name] = dated(found[text.name], day, params, found, answers.eyes)
    except (Misread, Ambiguous) as error:
        answers.misread(text.name, error)


def _word(answers: Answers, param: Param) -> Any:
    raw = answers.text(param.name, required=param.required)
    if not raw:
        return None
    try:
        return value_of(param.kind, raw)
    except Misread as error:
        answers.errors[param.name] = error
        return None
