"""The command line. Heavy imports stay inside the commands: `--help` must answer at once."""

import asyncio
import sys
from collections.abc import Callable, Coroutine
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from bot.platforms.local.terminal import Terminal
    from bot.settings import Settings

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    help="Preceptor: a career coach for clinicians that lives in the team's chat.",
)
manifest_app = typer.Typer(no_args_is_help=True, help="Print what a platform needs to install us.")
app.add_typer(manifest_app, name="manifest")

#: Exit status for bad use, or for something the operator must mend.
BAD_USE = 2
#: The years that a moment may lie in: what is planned around them still has a date.
FIRST, LAST = 1970, 9000

As = Annotated[str, typer.Option("--as", help="who you are here, for example amina")]
Now = Annotated[str, typer.Option(help="the moment it is, in ISO form; UTC unless it says")]
Json = Annotated[bool, typer.Option("--json", help="print a list for programs")]


def main() -> None:
    """Run the command line; what the operator can mend is one sentence on standard error."""
    from bot.errors import Misconfigured

    try:
        app()
    except Misconfigured as wrong:
        sys.stderr.write(f"{wrong}\n")
        raise SystemExit(BAD_USE) from None


@app.command("try")
def try_it(
    port: Annotated[
        int | None,
        typer.Option(min=0, max=65535, help="where the workspace listens; 0 takes a free port"),
    ] = None,
    fresh: Annotated[bool, typer.Option("--fresh", help="begin with an empty workspace")] = False,
    no_browser: Annotated[bool, typer.Option("--no-browser", help="open no browser")] = False,
) -> None:
    """Open the local workspace: a small team chat on this machine, with the coach in it."""
    from bot import serving

    serving.try_it(_settings(), port, fresh=fresh, browser=not no_browser)


@app.command()
def serve() -> None:
    """Serve every platform that has tokens."""
    from bot import serving

    serving.serve(_settings())


@app.command()
def check() -> None:
    """Say what is wrong with settings, tokens, database, templates and content."""
    from bot.checking import faults

    found = faults(_settings())
    for fault in found:
        print(f"✗ {fault}")
    if found:
        raise typer.Exit(1)
    print("Everything is in order.")


@app.command()
def migrate() -> None:
    """Bring the database to this program's version."""
    from bot.app import open_database

    settings = _settings()
    open_database(settings).close()
    print("The database is up to date.")


@app.command()
def revision(
    message: Annotated[str, typer.Argument(help="what changes, in a few words")],
) -> None:
    """Write a migration for what the tables in code have and the last migration has not."""
    from bot.documenting import write_revision

    print(write_revision(message))


@app.command()
def tick(now: Now = "") -> None:
    """Plan and deliver everything that is due, once."""
    from bot import serving

    counts = asyncio.run(serving.tick(_settings(), _moment(now)))
    print(
        ", ".join(f"{what} {count}" for what, count in sorted(counts.items())) or "nothing was due"
    )


@app.command()
def say(
    text: Annotated[str, typer.Argument(help='what is typed, for example "/goal list"')],
    who: As,
    channel: Annotated[str, typer.Option("--in", help="a channel instead of the DM")] = "",
    now: Now = "",
    as_json: Json = False,
) -> None:
    """Type something into the local workspace and print what comes back."""
    _terminal(who, now, lambda terminal: terminal.say(text, channel), as_json=as_json)


@app.command()
def press(
    action: Annotated[str, typer.Argument(help="the button's action, as say and inbox print it")],
    who: As,
    now: Now = "",
    as_json: Json = False,
) -> None:
    """Press a button in the local workspace."""
    _terminal(who, now, lambda terminal: terminal.press(action), as_json=as_json)


@app.command()
def submit(
    form: Annotated[str, typer.Argument(help="the form's id, as it was printed")],
    who: As,
    values: Annotated[list[str] | None, typer.Argument(help="field=value …")] = None,
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


@app.command()
def inbox(who: As, as_json: Json = False) -> None:
    """Print what the coach sent someone of its own accord."""
    _terminal(who, "", lambda terminal: terminal.inbox(), as_json=as_json)


@app.command()
def docs(
    only_check: Annotated[bool, typer.Option("--check", help="fail if a table is stale")] = False,
) -> None:
    """Write the tables in README and the manifest in deploy/ anew from the declarations."""
    from bot.documenting import write

    stale = write(only_check=only_check)
    for file in stale:
        print(f"{'stale' if only_check else 'written'}: {file}")
    if stale and only_check:
        raise typer.Exit(1)


@manifest_app.command("slack")
def manifest_slack(
    url: Annotated[str, typer.Option(help="your public address, for HTTP mode")] = "",
) -> None:
    """Print the Slack app manifest: commands, events, and exactly the scopes that are used."""
    from bot.documenting import slack_manifest

    print(slack_manifest(url), end="")


def _settings() -> "Settings":
    from pydantic import ValidationError

    from bot import logs
    from bot.errors import Misconfigured
    from bot.settings import Settings

    try:
        settings = Settings()
    except ValidationError as wrong:
        first = wrong.errors()[0]
        name = "_".join(str(part) for part in first["loc"])
        problem = first["msg"].removeprefix("Value error, ").rstrip(".")
        raise Misconfigured(f"{name} is not usable: {problem}.") from None
    logs.set_up(settings.log)
    return settings


def _moment(text: str) -> Callable[[], datetime] | None:
    from bot.errors import Misconfigured

    if not text:
        return None
    try:
        moment = datetime.fromisoformat(text)
        moment = (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError):
        raise Misconfigured(
            f"“{text}” is not a moment: write it like 2027-01-04T09:00 or 2027-01-04T09:00+01:00."
        ) from None
    if not FIRST <= moment.year <= LAST:
        raise Misconfigured(f"“{text}” is out of reach: choose a year from {FIRST} to {LAST}.")
    return lambda: moment


def _terminal(
    who: str,
    now: str,
    act: "Callable[[Terminal], Coroutine[Any, Any, list[dict[str, Any]]]]",
    *,
    as_json: bool,
) -> None:
    from bot.app import local_coach, open_database
    from bot.platforms.local import terminal
    from bot.platforms.local.workspace import person

    someone, clock = person(who), _moment(now)
    settings = _settings()

    async def run() -> list[dict[str, Any]]:
        database = open_database(settings)
        try:
            coach, workspace = local_coach(settings, clock, database)
            if clock is not None:
                workspace.clock.move_to(clock())
            return await act(terminal.Terminal(workspace, coach.dispatch, someone))
        finally:
            database.close()

    told = asyncio.run(run())
    print(terminal.as_json(told) if as_json else terminal.as_text(told) or "(nothing)")


if __name__ == "__main__":
    main()
