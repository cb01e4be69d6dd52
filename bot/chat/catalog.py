"""All commands, actions and forms by name, and the way from typed words to one of them."""

import difflib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from bot.chat.command import Action, Command, FormSpec, Group
from bot.domain.text import one_line, without_addresses
from bot.errors import Ambiguous, Misread, Told

#: The group that is home, and that every other group may be called through.
HOME = "coach"
#: How alike two words must be before one is offered for the other (difflib's ratio).
ALIKE = 0.6
#: The same for a sentence's first word: "learn Spanish" means no `/leave`.
CLOSE = 0.7


@dataclass(frozen=True, slots=True)
class Call:
    """A command with the rest of what was typed."""

    command: Command
    rest: str


class Catalog:
    """What the coach understands, from the groups that the features declare."""

    def __init__(self, groups: Iterable[Group]) -> None:
        self.groups: dict[str, Group] = {}
        for group in groups:
            # Two features may share a slash command: "/coach" is home, help and settings.
            fresh = Group(group.name, group.summary, private=group.private)
            joined = self.groups.setdefault(group.name, fresh)
            joined.commands |= group.commands
            joined.actions |= group.actions
            joined.forms |= group.forms
        self.commands: dict[str, Command] = {}
        self.actions: dict[str, Action] = {}
        self.forms: dict[str, FormSpec] = {}
        for group in self.groups.values():
            self.commands.update({each.full: each for each in group.commands.values()})
            self.actions.update(group.actions)
            self.forms.update(group.forms)
        twice = (self.commands.keys() & self.forms.keys()) | (
            (self.commands.keys() | self.forms.keys()) & self.actions.keys()
        )
        if twice:
            raise ValueError(f"declared twice: {', '.join(sorted(twice))}")

    def find(self, text: str) -> Call:
        """Find the command in typed words; a near miss is asked about, never guessed."""
        words = text.removeprefix("/").split(maxsplit=2)
        if not words:
            raise Misread("help.empty")
        first = words[0].lower()
        if first == HOME and len(words) > 1 and words[1].lower() in self.groups:
            return self.find(" ".join(words[1:]))
        group = self.groups.get(first)
        if group is None:
            return self._without_group(text, words)
        if len(words) == 1:
            return self._bare(group, "")
        name, rest = words[1].lower(), words[2] if len(words) > 2 else ""
        if (command := _named(group, name)) is not None:
            return Call(command, rest)
        if name == "help" and HOME in self.groups:
            return Call(self.groups[HOME].commands[name], f"{group.name} {rest}".strip())
        bare = group.commands.get("")
        if bare is not None and (bare.params or len(group.commands) == 1):
            return Call(bare, " ".join(words[1:]))
        near = _near(name, [each for each in group.commands if each])
        if near:
            raise Ambiguous(
                "help.near_command",
                typed=name,
                options=tuple(f"/{group.name} {each} {rest}".strip() for each in near),
            )
        raise Misread(
            "help.unknown_command",
            group=group.name,
            typed=name,
            known=", ".join(each for each in group.commands if each),
        )

    def secrets(self, name: str) -> frozenset[str]:
        """Name the fields of a form or command whose values are never given back, nor kept."""
        if (form := self.forms.get(name)) is not None:
            return form.secret
        command = self.commands.get(name)
        params = command.params if command is not None else ()
        return frozenset(param.name for param in params if param.arg.secret)

    def masked(self, text: str) -> str:
        """Give typed words as they may be shown: without what is secret in them.

        Where a slip of the pen hides which command was meant, no address is shown either.
        """
        try:
            call = self.find(one_line(text))
        except Told:
            return without_addresses(text)
        if call.rest and self.secrets(call.command.full):
            return f"{call.command.typed} …"
        near = self.groups[call.command.group].commands.values()
        secret = any(self.secrets(each.full) for each in near)
        return without_addresses(text) if secret else text

    def _bare(self, group: Group, rest: str) -> Call:
        if "" not in group.commands:
            raise Misread(
                "help.which",
                group=group.name,
                known=", ".join(each for each in group.commands if each),
            )
        return Call(group.commands[""], rest)

    def _without_group(self, text: str, words: Sequence[str]) -> Call:
        """Read "help", "pause until …" as the home's own; ask about a slip of the pen."""
        first = words[0].lower()
        rest = text.removeprefix("/").partition(" ")[2].strip()
        home = self.groups.get(HOME)
        if home is not None and (command := _named(home, first)) is not None:
            return Call(command, rest)
        for group in self.groups.values():
            if first == f"{group.name}s" and "list" in group.commands:
                return Call(group.commands["list"], rest)
        near = _near(first, list(self.groups), ALIKE if text.startswith("/") else CLOSE)
        if near and (text.startswith("/") or len(words) > 1):
            raise Ambiguous(
                "help.near_command",
                typed=first,
                options=tuple(f"/{each} {rest}".strip() for each in near),
            )
        if text.startswith("/"):
            raise Misread(
                "help.unknown_group",
                typed=first,
                known=", ".join(f"/{each}" for each in self.groups),
            )
        raise Misread("help.not_a_command", text=text)


def _named(group: Group, word: str) -> Command | None:
    """Find a command by its name, or by another word for it."""
    if word in group.commands:
        return group.commands[word] if word else None
    return next((each for each in group.commands.values() if word in each.also), None)


def _near(word: str, known: Sequence[str], alike: float = ALIKE) -> list[str]:
    return difflib.get_close_matches(word, known, n=2, cutoff=alike)
