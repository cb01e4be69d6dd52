"""Files beside a message: uploaded in three steps, and found again by their names."""

import re
from collections.abc import Iterable
from hashlib import blake2s
from http import HTTPStatus

from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.chat.message import File
from bot.errors import TryLater
from bot.platforms.slack.blocks import short
from bot.platforms.slack.trouble import FAILURES, meaning

#: Characters of a file's title, and of what a screen reader says of a picture
#: (`alt_txt_too_large` beyond 1,000).
TITLE, ALT = 150, 1_000
#: Characters of a file's name before its mark, and of its ending.
STEM, ENDING = 80, 10
_STRANGE = re.compile(r"[^A-Za-z0-9_]+")


def name_of(file: File, key: str, number: int) -> str:
    """Name a delivery's file: a post made by Slack has no metadata, so the name is our mark."""
    stem, _, ending = file.name.rpartition(".") if "." in file.name else (file.name, "", "")
    stem = _STRANGE.sub("-", stem)[:STEM].strip("-")
    ending = _STRANGE.sub("", ending)[:ENDING]
    return f"{stem or 'file'}-{_mark(key, number)}" + (f".{ending}" if ending else "")


def is_among(names: Iterable[str], key: str, number: int) -> bool:
    """Tell whether a delivery's file stands among posted ones."""
    mark = f"-{_mark(key, number)}"
    return any(name.partition(".")[0].endswith(mark) for name in names)


def _mark(key: str, number: int) -> str:
    return blake2s(f"{key}\0{number}".encode(), digest_size=4).hexdigest()


async def upload(
    client: AsyncWebClient, channel: str, file: File, name: str, *, thread: str = ""
) -> None:
    """Show a file in a channel, or in a thread there. Raises TryLater and Unreachable.

    Nothing is seen of it before the last of the three calls, so only that one can be unheard.
    """
    alt = short(file.says, ALT) if file.kind.startswith("image/") else None
    try:
        told = await client.files_getUploadURLExternal(
            filename=name, length=len(file.content), alt_txt=alt or None
        )
        await _put(client, str(told["upload_url"]), file.content)
    except FAILURES as failure:
        why = meaning(failure)
        if isinstance(why, TryLater):
            why.unheard = False
        raise why from None
    title = short(" ".join((file.says or file.name).split()), TITLE)
    try:
        await client.files_completeUploadExternal(
            files=[{"id": str(told["file_id"]), "title": title}],
            channel_id=channel,
            thread_ts=thread or None,
        )
    except FAILURES as failure:
        raise meaning(failure) from None


async def _put(client: AsyncWebClient, url: str, content: bytes) -> None:
    """Post the bytes where Slack said. The address is the permission: no token goes along."""
    if client.session is None:
        raise RuntimeError("the way to Slack is not open")
    kind = {"Content-Type": "application/octet-stream"}
    async with client.session.post(url, data=content, headers=kind) as told:
        if told.status != HTTPStatus.OK:
            # slack_sdk leaves its errors untyped
            raise SlackApiError("a file was not taken", told)  # type: ignore[no-untyped-call]
