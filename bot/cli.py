"""The command line. Heavy imports stay inside the commands: `--help` must answer at once."""

import asyncio
import sys
from pathlib import Path
from typing import Annotated

import typer

from bot.cli_local import local_app
from bot.cli_options import Json, Now, moment, read_settings
from bot.simulating.habits import ASSUMPTIONS

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    help="Preceptor: a career coach for clinicians that lives in the team's chat.",
)
manifest_app = typer.Typer(no_args_is_help=True, help="Print what a platform needs to install us.")
app.add_typer(manifest_app, name="manifest")
app.add_typer(local_app)

#: Exit status for bad use, or for something the operator must mend.
BAD_USE = 2


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

    serving.try_it(read_settings(), port, fresh=fresh, browser=not no_browser)


@app.command()
def serve() -> None:
    """Serve every platform that has tokens."""
    from bot import serving

    serving.serve(read_settings())


@app.command()
def check() -> None:
    """Say what is wrong with settings, tokens, database, templates and content."""
    from bot.checking import faults

    found = faults(read_settings())
    for fault in found:
        print(f"✗ {fault}")
    if found:
        raise typer.Exit(1)
    print("Everything is in order.")


@app.command()
def migrate() -> None:
    """Bring the database to this program's version."""
    from bot.app import open_database

    settings = read_settings()
    open_database(settings).close()
    print("The database is up to date.")


@app.command()
def backup(
    file: Annotated[
        Path | None, typer.Argument(help="the new file, for example preceptor-monday.db")
    ] = None,
    keys: Annotated[
        Path | None,
        typer.Option(metavar="KEYSFILE", help="where the keys go, in the place of older ones"),
    ] = None,
) -> None:
    """Back up an SQLite database into a new file, also while the service runs.

    Members' keys go into a file of their own: KEYSFILE, or else FILE.keys. Keep the latest alone.
    Without FILE only the keys are written, also those of a PostgreSQL database.
    """
    from bot.clock import utc_now
    from bot.errors import Misconfigured
    from bot.store.backup import back_up, back_up_keys

    url = read_settings().url
    if file is not None:
        size = back_up(url, file, utc_now(), keys)
        print(f"Backed up and checked: {file} ({size} bytes), keys in {keys or f'{file}.keys'}")
    elif keys is not None:
        print(f"Written: {keys} ({back_up_keys(url, keys, utc_now())} keys)")
    else:
        raise Misconfigured("Name the new file: `preceptor backup FILE --keys KEYSFILE`.")


@app.command()
def restore(
    keys: Annotated[Path, typer.Option(metavar="KEYSFILE", help="the latest file of keys")],
    file: Annotated[Path | None, typer.Argument(help="the backup of an SQLite database")] = None,
) -> None:
    """Make a new SQLite database from a backup, and give its members their keys.

    Who was forgotten since the backup is forgotten in it at once. For PostgreSQL name no FILE, and
    do this right after pg_restore.
    """
    from bot import operating

    print(operating.restore(read_settings(), file, keys))


@app.command()
def copy(
    to: Annotated[str, typer.Option(metavar="URL", help="the new one, written as DATABASE_URL is")],
) -> None:
    """Copy the database into another, empty one, for example from SQLite to PostgreSQL.

    Stop the service first. Run it again if it was interrupted: it goes on where it was. Others on
    this machine may see a password in the URL; PGPASSWORD and ~/.pgpass are read too.
    """
    from contextlib import closing

    from bot.app import open_database
    from bot.errors import Misconfigured
    from bot.store import copying

    settings = read_settings()
    bar = typer.progressbar(length=1, file=sys.stderr, hidden=not sys.stderr.isatty())
    with closing(open_database(settings, copying_it=True)) as source:
        try:  # an empty address must not become the default one
            target = open_database(
                settings.model_copy(update={"database_url": to or " "}), copying_it=True
            )
        except Misconfigured as wrong:
            raise Misconfigured(str(wrong).replace("DATABASE_URL", "--to")) from None
        with closing(target), bar:

            def show(done: int, of: int) -> None:
                bar.length = of
                bar.update(done - bar.pos)

            counts = copying.copy(source, target, show)
    width = max(map(len, counts))
    print(
        "\n".join(f"{name:{width}}  {rows}" for name, rows in {"table": "rows", **counts}.items())
    )
    print("Both hold the same now. Set DATABASE_URL to the new one, and start the service.")


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

    counts = asyncio.run(serving.tick(read_settings(), moment(now)))
    print(
        ", ".join(f"{what} {count}" for what, count in sorted(counts.items())) or "nothing was due"
    )


@app.command(
    help="See what a quarter would be like: invented people, the real coach, a virtual clock.\n\n"
    "It begins on Monday 4 January 2027. People behave as assumed here, not as was measured:\n\n"
    + "\n\n".join(ASSUMPTIONS)
)
def simulate(
    members: Annotated[int, typer.Option(min=1, max=100_000, help="how many people")] = 100,
    weeks: Annotated[int, typer.Option(min=1, max=520, help="how many weeks")] = 13,
    seed: Annotated[int, typer.Option(help="the same seed gives the same lives")] = 1,
    as_json: Annotated[bool, typer.Option("--json", help="print an object for programs")] = False,
    keep: Annotated[
        Path | None, typer.Option(metavar="FILE", help="keep the database in this new file")
    ] = None,
) -> None:
    from bot.simulating import command
    from bot.simulating.run import Settings

    cost, overlay = command.Cost(), read_settings().prompts_dir
    settings = Settings(members=members, weeks=weeks, seed=seed)
    bar = typer.progressbar(length=1000, file=sys.stderr, hidden=not sys.stderr.isatty())
    with bar:
        report, wrong = command.run(
            settings,
            keep=keep,
            overlay=overlay,
            json=as_json,
            show=lambda part: bar.update(int(1000 * part) - bar.pos),
        )
    print(report)
    sys.stderr.write("\n".join([*wrong, str(cost), ""]))
    if wrong:
        raise typer.Exit(1)


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


@app.command()
def deliveries(
    failed: Annotated[
        bool, typer.Option("--failed", help="all that failed and is still kept")
    ] = False,
    limit: Annotated[int, typer.Option(min=1, max=10_000, help="how many at most")] = 50,
    as_json: Json = False,
    retry: Annotated[
        int | None,
        typer.Option(min=1, max=2**31 - 1, help="list nothing; try this failed one again"),
    ] = None,
    doubt: Annotated[
        bool,
        typer.Option("--doubt", help="after a restore: ask whether what is due was sent already"),
    ] = False,
) -> None:
    """List what is due and still waits, and what failed in the last week."""
    from bot import operating

    settings = read_settings()
    if doubt:
        print(operating.doubt(settings))
    elif retry is not None:
        print(operating.retry(settings, retry))
    else:
        print(operating.listing(settings, limit, only_failed=failed, as_json=as_json))


@app.command("new-key")
def new_key() -> None:
    """Print a new master key, for PRECEPTOR_SECRET_KEY; it is kept nowhere."""
    from bot.store.vault import new_key as make

    print(make())


@app.command("rotate-key")
def rotate_key() -> None:
    """Change the master key: set PRECEPTOR_SECRET_KEY to NEW,OLD first, and to NEW alone after it.

    The service may run meanwhile with both keys. Run it again if it was interrupted.
    """
    from bot import operating

    print(operating.rotate_key(read_settings()))


@manifest_app.command("slack")
def manifest_slack(
    url: Annotated[str, typer.Option(help="your public address, for HTTP mode")] = "",
) -> None:
    """Print the Slack app manifest: commands, events, and exactly the scopes that are used."""
    from bot.documenting import slack_manifest

    print(slack_manifest(url), end="")


if __name__ == "__main__":
    main()
