"""Documents that are written from the declarations: they cannot fall out of step unnoticed."""

import tempfile
from pathlib import Path

import yaml

from bot.app import FEATURES
from bot.chat.catalog import Catalog
from bot.platforms.slack.manifest import manifest
from bot.store import migrate
from bot.store.database import connect

ROOT = Path(__file__).parents[1]
BEGIN, END = "<!-- commands: written by `preceptor docs` -->", "<!-- commands end -->"


def write(*, only_check: bool) -> list[str]:
    """Write what is stale, or with `only_check` only name it."""
    readme = ROOT / "README.md"
    wanted = {
        ROOT / "deploy" / "slack-manifest.yaml": slack_manifest(""),
        readme: _with_table(readme.read_text("utf-8")),
    }
    stale = [
        file
        for file, text in wanted.items()
        if not file.exists() or file.read_text("utf-8") != text
    ]
    for file in [] if only_check else stale:
        file.write_text(wanted[file], "utf-8")
    return [str(file.relative_to(ROOT)) for file in stale]


def write_revision(message: str) -> str:
    """Write the next migration, against a database that has all the earlier ones."""
    with tempfile.TemporaryDirectory() as folder:
        database = connect(f"sqlite:///{folder}/scratch.db")
        try:
            migrate.upgrade(database.engine)
            return migrate.write_revision(database.engine, message)
        finally:
            database.close()


def slack_manifest(url: str) -> str:
    """Give the Slack app manifest as YAML; without an address it is for Socket Mode."""
    return yaml.safe_dump(manifest(_catalog(), url or None), sort_keys=False, allow_unicode=True)


def _catalog() -> Catalog:
    return Catalog(group for feature in FEATURES for group in feature.groups)


def _with_table(readme: str) -> str:
    before, begin, rest = readme.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not (begin and end):
        raise ValueError("README.md has lost the marks of its table of commands")
    rows = ["| You type | What it does |", "| --- | --- |"]
    for command in _catalog().commands.values():
        usage = command.usage.replace("|", "\\|").replace("<", "‹").replace(">", "›")
        rows.append(f"| `{usage}` | {command.summary} |")
    return "\n".join([before + begin, "", *rows, "", end + after])
