"""A command, a button's action and a form are declared once; every platform reads that."""

import inspect
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cached_property
from types import UnionType
from typing import Annotated, Any, Union, get_args, get_origin, get_type_hints

Handler = Callable[..., Any]


@dataclass(frozen=True, slots=True)
class Arg:
    """What one argument means. `lead` is the word that opens it in free text ("because …").

    What was typed for a `secret` one is never given back, nor kept for another try.
    """

    help: str
    lead: str | tuple[str, ...] = ()
    limit: int = 300
    secret: bool = False

    @property
    def leads(self) -> tuple[str, ...]:
        """The words that open it."""
        return (self.lead,) if isinstance(self.lead, str) else self.lead


@dataclass(frozen=True, slots=True)
class Param:
    """One argument of a command: its name, its kind, and what `Arg` says of it."""

    name: str
    kind: type
    arg: Arg
    required: bool


@dataclass(frozen=True)
class Command:
    """One command: "/goal add". Its summary is the first line of its handler's docstring."""

    group: str
    name: str
    handler: Handler
    examples: tuple[str, ...] = ()
    #: Other words for it that people type.
    also: tuple[str, ...] = ()

    @property
    def full(self) -> str:
        """The name that buttons and forms use: "goal.add"."""
        return f"{self.group}.{self.name}"

    @property
    def typed(self) -> str:
        """What a member types: "/goal add"."""
        return f"/{self.group} {self.name}".rstrip()

    @property
    def summary(self) -> str:
        """One sentence for help, README and manifest."""
        return (inspect.getdoc(self.handler) or "").partition("\n")[0]

    @cached_property
    def params(self) -> tuple[Param, ...]:
        """The arguments, read from the handler's annotations."""
        hints = get_type_hints(self.handler, include_extras=True)
        signature = inspect.signature(self.handler)
        return tuple(
            _param(name, hints[name], spec)
            for name, spec in signature.parameters.items()
            if name != "turn"
        )

    @property
    def usage(self) -> str:
        """The command with its arguments: "/goal add <title> [by <due>]"."""
        parts = [self.typed]
        for param in self.params:
            lead = f"{param.arg.leads[0]} " if param.arg.leads else ""
            parts.append(f"{lead}<{param.name}>" if param.required else f"[{lead}{param.name}]")
        return " ".join(parts)


@dataclass(frozen=True)
class Action:
    """What a button does; the rows it names come as typed arguments."""

    name: str
    handler: Handler

    @cached_property
    def kinds(self) -> tuple[type, ...]:
        """The types of its references, in order."""
        hints = get_type_hints(self.handler)
        names = list(inspect.signature(self.handler).parameters)[1:]
        return tuple(hints[name] for name in names)


@dataclass
class FormSpec:
    """A form with rows behind it: how it opens, and what its submission does."""

    name: str
    opens: Handler
    submits: Handler | None = None
    #: Fields whose values are never given back, nor kept for another try.
    secret: frozenset[str] = frozenset()

    def submitted(self, handler: Handler) -> Handler:
        """Declare what a submission does: `handler(turn, answers, *refs)`."""
        self.submits = handler
        return handler

    @cached_property
    def kinds(self) -> tuple[type, ...]:
        """The types of its references, in order."""
        return Action(self.name, self.opens).kinds


class Group:
    """A slash command with its sub-commands, actions and forms."""

    def __init__(self, name: str, summary: str, *, private: bool = False) -> None:
        self.name = name
        self.summary = summary
        #: Whether it is nobody's business which of its buttons is pressed: they are counted as one.
        self.private = private
        self.commands: dict[str, Command] = {}
        self.actions: dict[str, Action] = {}
        self.forms: dict[str, FormSpec] = {}

    def command(
        self, name: str = "", examples: Sequence[str] = (), also: Sequence[str] = ()
    ) -> Callable[[Handler], Handler]:
        """Declare a command; without a name it is the bare slash command."""

        def declare(handler: Handler) -> Handler:
            self.commands[name] = Command(self.name, name, handler, tuple(examples), tuple(also))
            return handler

        return declare

    def action(self, name: str) -> Callable[[Handler], Handler]:
        """Declare what a button named "<group>.<name>" does."""

        def declare(handler: Handler) -> Handler:
            full = f"{self.name}.{name}"
            self.actions[full] = Action(full, handler)
            return handler

        return declare

    def form(self, name: str, secret: Sequence[str] = ()) -> Callable[[Handler], FormSpec]:
        """Declare a form named "<group>.<name>"; pressing a button of that name opens it."""

        def declare(handler: Handler) -> FormSpec:
            full = f"{self.name}.{name}"
            self.forms[full] = FormSpec(full, handler, secret=frozenset(secret))
            return self.forms[full]

        return declare


KINDS = (str, int, float, date, StrEnum)


def _param(name: str, hint: Any, spec: inspect.Parameter) -> Param:
    if get_origin(hint) is not Annotated:
        raise TypeError(f"the argument {name} needs Annotated[…, Arg(…)]")
    inner, *notes = get_args(hint)
    arg = next(note for note in notes if isinstance(note, Arg))
    if get_origin(inner) in (Union, UnionType):
        inner = next(kind for kind in get_args(inner) if kind is not type(None))
    if not issubclass(inner, KINDS):
        raise TypeError(f"the argument {name} has a kind that nobody can type: {inner}")
    return Param(name, inner, arg, required=spec.default is inspect.Parameter.empty)
