"""What is wrong, and how to mend it: settings, tokens, database, templates, content."""

import asyncio
import os
import traceback
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from pathlib import Path
from typing import Any

import bot.app  # noqa: F401 - imports every feature, so that every prompt is known
from bot.chat.content import content
from bot.chat.prompt import OWN_WORDS, Prompt, Words, clause, mend
from bot.chat.samples import kinds, samples
from bot.clock import utc_now
from bot.domain.free_hours import MeetingRules
from bot.domain.mentor_guide import MentorGuide
from bot.domain.programme import Programme
from bot.domain.smart import SmartRules
from bot.domain.topics import Topics
from bot.engine.safety import stale_lines
from bot.errors import Misconfigured
from bot.platforms.slack.platform import Slack
from bot.settings import Settings
from bot.store import migrate
from bot.store.backup import refuse_without_keys
from bot.store.database import Database, connect
from bot.store.keyring import Key, vault_for
from bot.store.vault import Vault

#: Content that its loader refuses by name.
_READERS: Mapping[str, Callable[[Any], object]] = {
    "goals/smart_rules": SmartRules.from_data,
    "circles/programme": Programme.from_data,
    "mentoring/topics": Topics.from_data,
    "mentoring/guide": MentorGuide.from_data,
    "mentoring/hours": MeetingRules.from_data,
}


def faults(settings: Settings) -> list[str]:
    """Name each fault in one sentence with its mend; empty when all is well."""
    return [
        *_tokens(settings),
        *_database(settings),
        *_words(settings),
        *_content(),
        *_help(settings),
    ]


def _help(settings: Settings) -> Iterator[str]:
    """Say what Help now lacks; who only tries the local workspace needs no route of their own."""
    if settings.has_slack and not settings.local_help:
        yield (
            "PRECEPTOR_LOCAL_HELP is not set: say in one line where your people find help, for "
            "example occupational health with its number."
        )
    stale = stale_lines(utc_now().date())
    if stale:
        yield (
            f"{len(stale)} help lines have a verified_on older than 180 days, first {stale[0]}: "
            "have each confirmed by a call, and put that day into verified_on in "
            "prompts/content/crisis/helplines.yaml."
        )


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
    try:
        database = connect(settings.url)
        try:
            yield from _schema(settings, database)
        finally:
            database.close()
    except Misconfigured as wrong:
        yield str(wrong)


def _schema(settings: Settings, database: Database) -> Iterator[str]:
    file = _file(database)
    if file is not None and not _is_there(file):
        # Looking closer would make the file.
        if not _writable(file.parent):
            yield (
                f"The database cannot be made in {file.parent}: set DATABASE_URL to a place "
                "you may write."
            )
        _vault(settings, database)
        return
    if not migrate.is_current(database.engine):
        yield "The database is not at this program's version: run `preceptor migrate`."
        _vault(settings, database)
        return
    refuse_without_keys(database.engine)
    vault = _vault(settings, database)
    if vault is not None:
        database.call(partial(vault.check, make=False))


def _vault(settings: Settings, database: Database) -> Vault | None:
    """Find the vault; raises Misconfigured without a key where `serve` would refuse to start."""
    secret = settings.secret_key.get_secret_value()
    use = Key.NEED if settings.has_slack else Key.LOOK
    return vault_for(database, settings.url, secret, use)


def _file(database: Database) -> Path | None:
    """Give the file of a database that is one."""
    name = database.engine.url.database if database.engine.name == "sqlite" else None
    return Path(name).absolute() if name and name != ":memory:" else None


def _is_there(path: Path) -> bool:
    return os.access(path, os.F_OK)  # unlike Path.exists, for what may not be looked at too


def _writable(folder: Path) -> bool:
    while not _is_there(folder):
        folder = folder.parent
    return folder.is_dir() and os.access(folder, os.W_OK)


def _words(settings: Settings) -> Iterator[str]:
    overlay = settings.prompts_dir and settings.prompts_dir.absolute()
    if overlay is not None and not overlay.is_dir():
        yield f"PROMPTS_DIR names {overlay}, which is no folder: make it, or unset PROMPTS_DIR."
        return
    try:
        words = Words(overlay)
    except Misconfigured as wrong:
        yield str(wrong)
        return
    prompts, shorts = kinds(), words.short_faults()
    yield from dict.fromkeys(
        fault
        for prompt in prompts
        for fault in words.template_faults(prompt) or _unrendered(words, prompt, shorts)
    )
    yield from shorts.values()
    if overlay is not None:
        yield from _unused(overlay, {prompt.words for prompt in prompts})


def _unrendered(words: Words, prompt: type[Prompt], known: dict[str, str]) -> list[str]:
    """Try a prompt's samples; a label whose fault is known already is not named again."""
    for sample in samples(prompt):
        try:
            words.render(sample)
        except Exception as error:
            file, place = words.file(prompt.words), _line(error)
            if not place and (label := _broken_label(words, sample)):
                if label in known:
                    continue
                area, _, key = label.partition(".")
                file = words.file(f"{area}/words.yaml")
                place = f", key “{key}”"
            return [f"{file}{place}: it does not render ({clause(error)}): {mend(file)}."]
    return []


def _line(error: Exception) -> str:
    """Name the line of the template that an error came out of, if it was one."""
    frames = traceback.extract_tb(error.__traceback__)
    lines = [frame.lineno for frame in frames if frame.filename.endswith(".md")]
    return f", line {lines[-1]}" if lines else ""


def _broken_label(words: Words, prompt: Prompt) -> str:
    for press in prompt.buttons():
        try:
            words.short(press.says, **press.facts)
        except Exception:
            return press.says
    return ""


def _unused(overlay: Path, known: set[str]) -> Iterator[str]:
    for file in sorted([*overlay.rglob("*.md"), *overlay.rglob("words.y*ml")]):
        name = str(file.relative_to(overlay))
        if file.suffix == ".md" and name not in known:
            yield f"{file} is never used: rename it to the name of a message of ours, or delete it."
        elif file.suffix != ".md" and not (OWN_WORDS / name).is_file():
            yield f"{file} is never used: move it to the place of one of ours, or delete it."


def _content() -> Iterator[str]:
    for name, read in _READERS.items():
        file = OWN_WORDS / "content" / f"{name}.yaml"
        try:
            read(content(name))
        except Exception as error:
            yield f"{file}: {clause(error)}: {mend(file)}."
    for name, key in (("goals/grow", "questions"), ("goals/areas", "areas")):
        file = OWN_WORDS / "content" / f"{name}.yaml"
        try:
            if not content(name).get(key):
                yield f"{file}: there is no “{key}”: {mend(file)}."
        except Exception as error:
            yield f"{file}: {clause(error)}: {mend(file)}."
