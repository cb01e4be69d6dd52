"""The terminal side of the local workspace: say, press, submit, and inbox."""

import asyncio
from collections.abc import Callable, Coroutine
from typing import TYPE_CHECKING, Annotated, Any

import typer

from bot.cli_options import Json, Now, moment, read_settings

if TYPE_CHECKING:
    from bot.platforms.local.terminal import Terminal

local_app = typer.Typer()

As = Annotated[str, typer.Option("--as", help="who you are here, for example amina")]
In = Annotated[str, typer.Option("--in", help="a channel instead of the DM")]


@local_app.command()
def say(
    text: Annotated[str, typer.Argument(help='what is typed, for example "/goal list"')],
    who: As,
    channel: In = "",
    now: Now = "",
    as_json: Json = False,
) -> None:
    """Type something into the local workspace and print what comes back."""
    _terminal(who, now, lambda terminal: terminal.say(text, channel), as_json=as_json)


@local_app.command()
def press(
    action: Annotated[str, typer.Argument(help="the button's action, as say and inbox print it")],
    who: As,
    now: Now = "",
    as_json: Json = False,
) -> None:
    """Press a button in the local workspace."""
    _terminal(who, now, lambda terminal: terminal.press(action), as_json=as_json)


@local_app.command()
def submit(
    form: Annotated[str, typer.Argument(help="the form's id, as it was printed")],
    who: As,
    values: Annotated[
        list[str] | None, typer.Argument(help="field=value …, or field=a,b for several")
    ] = None,
    now: Now = "",
    as_json: Json = False,
) -> None:
    """Send a form in the local workspace."""
    from bot.errors import Misconfigured

    given: dict[str, str] = {}
    for pair in values or []:
        name, equals, value = pair.partition("=")
        if not equals:
            raise Misconfigured(f"“{pair}” is not a field: write it as name=value.")
        given[name] = value
    _terminal(who, now, lambda terminal: terminal.submit(form, given), as_json=as_json)


@local_app.command()
def inbox(who: As, channel: In = "", as_json: Json = False) -> None:
    """Print what the coach sent someone of its own accord, or posted in a channel."""
    _terminal(who, "", lambda terminal: terminal.inbox(channel), as_json=as_json)


def _terminal(
    who: str,
    now: str,
    act: "Callable[[Terminal], Coroutine[Any, Any, list[dict[str, Any]]]]",
    *,
    as_json: bool,
) -> None:
    from bot.app import local_coach, open_database
    from bot.platforms.local import terminal
    from bot.platforms.local.people import person
    from bot.store.keyring import Key

    someone, clock = person(who), moment(now)
    settings = read_settings()

    async def run() -> list[dict[str, Any]]:
        database = open_database(settings, key=Key.MAKE)
        try:
            coach, workspace = local_coach(settings, clock, database)
            if clock is not None:
                workspace.clock.move_to(clock())
            return await act(terminal.Terminal(workspace, coach.dispatch, someone))
        finally:
            database.close()

    told = asyncio.run(run())
    print(terminal.as_json(told) if as_json else terminal.as_text(told) or "(nothing)")
