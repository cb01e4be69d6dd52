"""A prompt holds facts; a template holds the words. Rendering joins them, for no platform yet."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from datetime import date, datetime
from pathlib import Path
from typing import Any, ClassVar

import yaml
from jinja2 import (
    FileSystemLoader,
    StrictUndefined,
    Template,
    TemplateError,
    meta,
    pass_context,
)
from jinja2.runtime import Context
from jinja2.sandbox import ImmutableSandboxedEnvironment

from bot.chat.markdown import fill, read, token
from bot.chat.message import Button, Message
from bot.domain.dates import spoken
from bot.domain.measure import number
from bot.domain.text import isolate
from bot.errors import Told

#: A button's action must fit every platform's smallest field.
ACTION_LIMIT = 100
#: Words that come with the code; inside an installed package they live beside it.
OWN_WORDS = next(
    folder
    for folder in (Path(__file__).parents[1] / "_prompts", Path(__file__).parents[2] / "prompts")
    if folder.is_dir()
)


@dataclass(frozen=True, slots=True)
class Press:
    """A button before its words are looked up: what it does, to which rows, and its label's key."""

    action: str
    refs: tuple[int | str, ...]
    says: str
    facts: Mapping[str, object]
    primary: bool = False


def press(
    action: str, *refs: int | str, says: str, primary: bool = False, **facts: object
) -> Press:
    """Describe a button: `press("goal.done", 12, says="goals.press.done")`."""
    return Press(action, refs, says, facts, primary)


def address(name: str, *refs: int | str) -> str:
    """Write a name and its row numbers as one short text: "goal.edit:12"."""
    joined = ":".join([name, *(str(ref) for ref in refs)])
    if len(joined) > ACTION_LIMIT:
        raise ValueError(f"an action of more than {ACTION_LIMIT} characters: {joined[:40]}…")
    return joined


@dataclass(frozen=True, kw_only=True)
class Prompt:
    """Facts for one message. `words` names the template below the prompts folder."""

    words: ClassVar[str]
    #: Whether the message takes the place of the one whose button was pressed.
    replaces: ClassVar[bool] = False

    def buttons(self) -> Iterable[Press]:
        """Offer what the member may press next."""
        return ()

    def facts(self) -> dict[str, Any]:
        """Give the template its values: all fields by name."""
        return {each.name: getattr(self, each.name) for each in fields(self)}


class Words:
    """All that members read, from our folder with an owner's folder laid over it."""

    def __init__(self, overlay: Path | None = None) -> None:
        folders = [folder for folder in (overlay, OWN_WORDS) if folder is not None]
        self.folders = folders
        self._env = ImmutableSandboxedEnvironment(
            loader=FileSystemLoader([str(folder) for folder in folders]),
            undefined=StrictUndefined,
            finalize=_entered,
            trim_blocks=True,
            lstrip_blocks=True,
            auto_reload=False,
        )
        self._env.filters.update(day=_day, clock=_clock, number=number, plural=_plural, code=_code)
        self._shorts: dict[str, str] = {}
        for folder in reversed(folders):
            for file in sorted(folder.glob("*/words.yaml")):
                data = yaml.safe_load(file.read_text("utf-8")) or {}
                self._shorts.update(_flat(file.parent.name, data))
        self._compiled: dict[str, Template] = {}
        self._plain = self._env.overlay(finalize=_literal)

    def render(self, prompt: Prompt) -> Message:
        """Give the prompt its words.

        Values never pass through Markdown: the template renders with a token in the place of each
        value, the blocks are read from that (once for each shape), and the values are put in last.
        """
        values: list[str] = []
        facts = prompt.facts()
        facts[_VALUES] = values
        markdown = self._env.get_template(prompt.words).render(facts)
        buttons = tuple(
            Button(
                self.short(each.says, **each.facts), address(each.action, *each.refs), each.primary
            )
            for each in prompt.buttons()
        )
        return Message(fill(read(markdown), values), buttons)

    def short(self, key: str, **facts: object) -> str:
        """Give a label or a sentence by its key; the values are literal."""
        text = self._shorts[key]
        if "{" not in text:
            return text
        template = self._compiled.get(key)
        if template is None:
            template = self._compiled[key] = self._plain.from_string(text)
        return template.render(facts).strip()

    def told(self, error: Told) -> str:
        """Give the sentence that an error tells the member."""
        return self.short(error.key, **error.facts)

    def __contains__(self, key: str) -> bool:
        """Tell whether there are short words under a key."""
        return key in self._shorts

    def faults(self, prompts: Iterable[type[Prompt]]) -> list[str]:
        """Name each template that would not render, and where; empty when all would."""
        found = [fault for kind in prompts for fault in self._template_faults(kind)]
        for key, text in sorted(self._shorts.items()):
            try:
                self._env.parse(text)
            except TemplateError as error:
                found.append(f"words {key}: {error.message}")
        return found

    def _template_faults(self, kind: type[Prompt]) -> list[str]:
        try:
            source, file, _ = self._env.loader.get_source(  # type: ignore[union-attr]
                self._env, kind.words
            )
            tree = self._env.parse(source)
        except TemplateError as error:
            line = getattr(error, "lineno", None)
            file = self._env.loader.get_source(self._env, kind.words)[1] if line else kind.words  # type: ignore[union-attr]
            return [f"{file}{f', line {line}' if line else ''}: {str(error.message).rstrip('.')}"]
        unknown = meta.find_undeclared_variables(tree) - {each.name for each in fields(kind)}
        return [
            f"{file}, line {_line_of(source, name)}: there is no value named “{name}” here; "
            f"the values are {', '.join(sorted(each.name for each in fields(kind)))}"
            for name in sorted(unknown)
        ]


#: The name under which a rendering keeps its values.
_VALUES = "_values"


class _Code(str):
    """A value that is shown as something to type."""

    __slots__ = ()


@pass_context
def _entered(context: Context, value: object) -> str:
    """Put a token in the place of a value, and keep the value."""
    kept: list[str] = context[_VALUES]
    kept.append(one_line_of(value))
    mark = token(len(kept) - 1)
    return f"`{mark}`" if isinstance(value, _Code) else mark


def one_line_of(value: object) -> str:
    """Write a value on one line, with right-to-left text kept to itself."""
    text = value if isinstance(value, str) else str(value)
    return isolate(" ".join(text.split()))


def _code(value: object) -> str:
    """Show a value as something to type, exactly as it is."""
    return _Code(value)


def _literal(value: object) -> object:
    return value


def _day(value: date) -> str:
    return spoken(value)


def _clock(value: datetime) -> str:
    """Write a local moment: "Monday 4 January at 09:00"."""
    return f"{value:%A} {value.day} {value:%B} at {value:%H:%M}"


def _plural(count: float, one: str, many: str) -> str:
    return f"{number(count)} {one if count == 1 else many}"


def _flat(prefix: str, data: Mapping[str, Any]) -> dict[str, str]:
    found: dict[str, str] = {}
    for name, value in data.items():
        key = f"{prefix}.{name}"
        found.update(_flat(key, value) if isinstance(value, dict) else {key: str(value)})
    return found


def _line_of(source: str, name: str) -> int:
    return next((n for n, line in enumerate(source.splitlines(), 1) if name in line), 1)
