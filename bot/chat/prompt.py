"""A prompt holds facts; a template holds the words. Rendering joins them, for no platform yet."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import Any, ClassVar

import yaml
from jinja2 import (
    FileSystemLoader,
    StrictUndefined,
    Template,
    TemplateError,
    meta,
    nodes,
    pass_context,
)
from jinja2.runtime import Context
from jinja2.sandbox import ImmutableSandboxedEnvironment

from bot.chat.markdown import fill, read, token
from bot.chat.message import Button, File, Message
from bot.domain.dates import spoken
from bot.domain.measure import number
from bot.domain.text import isolate
from bot.errors import Misconfigured, Told

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

    def files(self) -> tuple[File, ...]:
        """Give what is shown or handed over beside the words."""
        return ()

    def facts(self) -> dict[str, Any]:
        """Give the template its values: all fields by name."""
        return {each.name: getattr(self, each.name) for each in fields(self)}


class Words:
    """All that members read, from our folder with an owner's folder laid over it.

    Raises Misconfigured for a file of short words that cannot be read.
    """

    def __init__(self, overlay: Path | None = None) -> None:
        folders = [folder.absolute() for folder in (overlay, OWN_WORDS) if folder is not None]
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
        self._read = [
            (file, _shorts_in(file))
            for folder in reversed(folders)
            for file in sorted(folder.glob("*/words.yaml"))
        ]
        self._shorts = {key: str(text) for _, shorts in self._read for key, text in shorts.items()}
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
        return Message(fill(read(markdown), values), buttons, prompt.files())

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
        found = [fault for kind in prompts for fault in self.template_faults(kind)]
        return [*found, *self.short_faults().values()]

    def template_faults(self, kind: type[Prompt]) -> list[str]:
        """Name what is wrong with a prompt's template, in one sentence each with its mend."""
        file, known = self.file(kind.words), {each.name for each in fields(kind)}
        try:
            tree = self._env.parse(file.read_text("utf-8"))
            unknown = self._unknown(tree, known)
        except UnicodeDecodeError:
            return [f"{file}: it is not UTF-8: {mend(file)}."]
        except (OSError, TemplateError) as error:
            line = getattr(error, "lineno", None)
            return [f"{file}{f', line {line}' if line else ''}: {clause(error)}: {mend(file)}."]
        return [
            f"{file}, line {line}: {_no_value(name, known)}: {mend(file)}."
            for name, line in sorted(unknown.items())
        ]

    def short_faults(self) -> dict[str, str]:
        """Name each short word that would not render or that nobody says, by its key."""
        ours = {
            key: text
            for file, shorts in self._read
            if file.is_relative_to(OWN_WORDS)
            for key, text in shorts.items()
        }
        found: dict[str, str] = {}
        for file, shorts in self._read:
            if not (OWN_WORDS / file.parent.name / file.name).is_file():
                continue  # nobody says any of it
            for key, text in shorts.items():
                if problem := self._short_fault(file, text, ours.get(key)):
                    name = key.removeprefix(f"{file.parent.name}.")
                    found[key] = f"{file}, key “{name}”: {problem}."
        return found

    def _short_fault(self, file: Path, text: object, ours: object) -> str:
        if ours is None:
            return "nobody says this: rename it to a key of ours, or delete it"
        if not isinstance(text, str):
            return "YAML does not read this as text: put it in quotes"
        try:
            known = set(self._unknown(self._env.parse(str(ours)), ()))
            unknown = self._unknown(self._env.parse(text), known)
        except TemplateError as error:
            return f"{clause(error)}: {mend(file)}"
        return f"{_no_value(min(unknown), known)}: {mend(file)}" if unknown else ""

    def _unknown(self, tree: nodes.Template, known: Iterable[str]) -> dict[str, int]:
        """Find the values that a template asks for beside the known, and the line of each."""
        asked = meta.find_undeclared_variables(tree).difference(known, self._env.globals)
        return {
            name: min(node.lineno for node in tree.find_all(nodes.Name) if node.name == name)
            for name in asked
        }

    def file(self, name: str) -> Path:
        """Give the template's file: the owner's, else ours."""
        files = [folder / name for folder in self.folders]
        return next((file for file in files if file.is_file()), files[-1])


def clause(error: Exception) -> str:
    """Put an error's message inside a sentence."""
    message = error.message if isinstance(error, TemplateError) else str(error)
    return " ".join((message or type(error).__name__).split()).rstrip(".").replace(". ", "; ")


def mend(file: Path) -> str:
    """Say what to do about a file of words."""
    ours = file.is_relative_to(OWN_WORDS)
    return "restore it from the release" if ours else "mend it, or delete it to use ours"


def _no_value(name: str, known: Iterable[str]) -> str:
    there = ", ".join(sorted(known))
    return f"there is no value named “{name}” here, {f'only {there}' if there else 'nor any other'}"


def _shorts_in(file: Path) -> dict[str, object]:
    """Read a file of short words; raises Misconfigured for what is no mapping of keys."""
    line, problem = "", "it is no mapping of keys to words"
    try:
        data = _loaded(file.read_text("utf-8"))
        if data is None or isinstance(data, dict):
            return _flat(file.parent.name, data or {})
    except UnicodeDecodeError:
        problem = "it is not UTF-8"
    except yaml.MarkedYAMLError as error:
        problem = error.problem or "it is no YAML"
        line = f", line {error.problem_mark.line + 1}" if error.problem_mark else ""
    except (OSError, ValueError, RecursionError, yaml.YAMLError) as error:
        problem = clause(error)
    raise Misconfigured(f"{file}{line}: {problem}: {mend(file)}.")


_loaded = cache(yaml.safe_load)  # the same text, the same data
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


def _clock(value: datetime, beside: datetime | None = None) -> str:
    """Write a local moment, "Monday 4 January at 09:00"; beside one of that day, the time alone."""
    same = beside is not None and beside.date() == value.date()
    return f"{value:%H:%M}" if same else f"{value:%A} {value.day} {value:%B} at {value:%H:%M}"


def _plural(count: float, one: str, many: str) -> str:
    return f"{number(count)} {one if count == 1 else many}"


def _flat(prefix: str, data: Mapping[str, Any]) -> dict[str, object]:
    found: dict[str, object] = {}
    for name, value in data.items():
        key = f"{prefix}.{name}"
        found.update(_flat(key, value) if isinstance(value, dict) else {key: value})
    return found
