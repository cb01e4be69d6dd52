"""What is wrong, and how to mend it: settings, tokens, database, templates, content."""

from collections.abc import Iterator
from pathlib import Path

import bot.app  # noqa: F401 - imports every feature, so that every prompt is known
from bot.chat.content import content
from bot.chat.prompt import Prompt, Words
from bot.chat.samples import kinds, samples
from bot.domain.smart import SmartRules
from bot.errors import Misconfigured
from bot.settings import Settings
from bot.store import migrate
from bot.store.database import connect


def faults(settings: Settings) -> list[str]:
    """Name each fault in one sentence with its mend; empty when all is well."""
    return [*_tokens(settings), *_database(settings), *_words(settings), *_content()]


def _tokens(settings: Settings) -> Iterator[str]:
    bot, app = (
        settings.slack_bot_token.get_secret_value(),
        settings.slack_app_token.get_secret_value(),
    )
    if bot and not bot.startswith("xoxb-"):
        yield (
            "SLACK_BOT_TOKEN does not begin with xoxb-: copy the Bot User OAuth Token from "
            "“OAuth & Permissions”."
        )
    if app and not app.startswith("xapp-"):
        yield (
            "SLACK_APP_TOKEN does not begin with xapp-: make an app-level token with the scope "
            "connections:write under “Basic Information”."
        )
    if bot and not app and not settings.slack_signing_secret.get_secret_value():
        yield (
            "SLACK_BOT_TOKEN is set, but nothing can come in: set SLACK_APP_TOKEN for Socket "
            "Mode, or SLACK_SIGNING_SECRET for HTTP."
        )
    if (app or settings.slack_signing_secret.get_secret_value()) and not bot:
        yield "SLACK_BOT_TOKEN is missing: copy it from “OAuth & Permissions”."


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
    yield from (f"{fault}: mend the template, or delete it to use ours." for fault in broken)
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
