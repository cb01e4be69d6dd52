"""What is wrong, and how to mend it: settings, tokens, database, templates, content."""

import asyncio
from collections.abc import Iterator
from pathlib import Path

import bot.app  # noqa: F401 - imports every feature, so that every prompt is known
from bot.chat.content import content
from bot.chat.prompt import Prompt, Words
from bot.chat.samples import kinds, samples
from bot.domain.smart import SmartRules
from bot.errors import Misconfigured
from bot.platforms.slack.platform import Slack
from bot.settings import Settings
from bot.store import migrate
from bot.store.database import connect


def faults(settings: Settings) -> list[str]:
    """Name each fault in one sentence with its mend; empty when all is well."""
    return [*_tokens(settings), *_database(settings), *_words(settings), *_content()]


def _tokens(settings: Settings) -> Iterator[str]:
    """Ask Slack itself about the tokens, once they look like tokens."""
    secrets = (settings.slack_bot_token, settings.slack_app_token, settings.slack_signing_secret)
    if not any(secret.get_secret_value() for secret in secrets):
        return
    try:
        yield from asyncio.run(Slack(settings).check())
    except Misconfigured as wrong:
        yield str(wrong)


def _database(settings: Settings) -> Iterator[str]:
    file = Path(settings.url.removeprefix("sqlite:///"))
    if settings.url.startswith("sqlite") and not file.exists():
        if not _writable(file.parent):
            yield (
                f"The database cannot be made in {file.parent}: set DATABASE_URL to a place "
                "you may write."
            )
        return
    try:
        database = connect(settings.url)
        try:
            if not migrate.is_current(database.engine):
                yield "The database is not at this program's version: run `preceptor migrate`."
        finally:
            database.close()
    except Misconfigured as wrong:
        yield str(wrong)


def _writable(folder: Path) -> bool:
    while not folder.exists():
        folder = folder.parent
    return folder.is_dir() and bool(folder.stat().st_mode & 0o222)


def _words(settings: Settings) -> Iterator[str]:
    overlay = settings.prompts_dir
    if overlay is not None and not overlay.is_dir():
        yield f"PROMPTS_DIR names {overlay}, which is no folder: make it, or unset PROMPTS_DIR."
        return
    try:
        words = Words(overlay)
    except Exception as error:
        yield f"A words.yaml could not be read ({error}): mend its YAML."
        return
    prompts = kinds()
    broken = words.faults(prompts)
    yield from (f"{fault}. Mend the template, or delete it to use ours." for fault in broken)
    if not broken:
        yield from _unrendered(words, prompts)
    known = {prompt.words for prompt in prompts}
    if overlay is not None:
        for file in sorted(overlay.rglob("*.md")):
            if str(file.relative_to(overlay)) not in known:
                yield (
                    f"{file} is never used: no message has that name. Rename it to one of "
                    "ours, or delete it."
                )


def _unrendered(words: Words, prompts: list[type[Prompt]]) -> Iterator[str]:
    for prompt in prompts:
        for sample in samples(prompt):
            try:
                words.render(sample)
            except Exception as error:
                yield f"{prompt.words} does not render ({error}): mend the template."
                break


def _content() -> Iterator[str]:
    try:
        SmartRules.from_data(content("goals/smart_rules"))
    except ValueError as error:
        yield f"content/goals/smart_rules.yaml: {error}"
    for name, key in (("goals/grow", "questions"), ("goals/areas", "areas")):
        if not content(name).get(key):
            yield f"content/{name}.yaml has no “{key}”: restore it from the release."
