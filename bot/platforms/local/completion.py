"""What the composer needs to complete a command: one plain list from the declarations."""

from typing import Any

from bot.chat.catalog import HOME, Catalog
from bot.chat.command import Command


def completions(catalog: Catalog) -> list[dict[str, Any]]:
    """List all commands as plain data, the home's own last: the others are what one came for."""
    commands = sorted(catalog.commands.values(), key=lambda each: each.group == HOME)
    return [_entry(command) for command in commands]


def _entry(command: Command) -> dict[str, Any]:
    return {
        "typed": command.typed,
        "usage": command.usage,
        "summary": command.summary,
        "examples": [f"{command.typed} {example}" for example in command.examples],
        "args": [
            {
                "name": param.name,
                "help": param.arg.help.replace("`", ""),
                "required": param.required,
            }
            for param in command.params
        ],
        "needs": any(param.required for param in command.params),
    }
