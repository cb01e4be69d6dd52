"""Files on the local workspace: shown or offered to who sees the post, and safely."""

import json

import pytest

from bot.chat.message import File, Message, Paragraph, Span
from bot.engine.ports import Address
from bot.engine.reply import Reply
from bot.platforms.local.people import CAST
from bot.platforms.local.terminal import Terminal, as_json, as_text
from bot.platforms.local.workspace import Workspace
from tests.platforms.asgi import Client

AMINA = Address("local", "amina")
DM = "/as/amina/dm"
#: A PNG's beginning, which says that it is 640 wide and 360 high.
HEAD = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x02\x80\x00\x00\x01\x68\xff"
PICTURE = File("trend.png", "image/png", HEAD, 'Energy: 3, 4, "none"')
EXPORT = File("export <1>.zip", "application/zip", b"PK" * 700, "All that is kept")
HOSTILE = File("../“x”\r\n.html", "text/html", b"<script>alert(1)</script>", "<img src=x>")
DRAWING = File("a.svg", "image/svg+xml", b"<svg onload='alert(1)'/>", "")


def carrying(*files: File) -> Message:
    return Message((Paragraph((Span("Here you are."),)),), files=files)


async def delivered(room: Workspace, *files: File) -> str:
    return await room.messenger.send(AMINA, carrying(*files), f"key:{len(files)}")


async def test_a_picture_is_shown_and_a_file_is_offered(browser: Client, room: Workspace) -> None:
    post = await delivered(room, PICTURE, EXPORT)
    answer = await browser.get(DM)
    page = answer.page
    picture = page.find("img")
    assert picture == {
        "src": f"{DM}/file/{post}/0",
        "alt": PICTURE.says,
        "width": "640",
        "height": "360",
    }
    link = page.find("a", class_="file")
    assert (link["href"], link["download"]) == (f"{DM}/file/{post}/1", EXPORT.name)
    assert "All that is kept · 1.4 kB" in page.words
    assert "export &lt;1&gt;.zip" in answer.text

    shown = await browser.get(picture["src"])
    assert (shown.status, shown.body) == (200, PICTURE.content)
    assert shown.headers["content-type"] == "image/png"
    assert shown.headers["content-disposition"] == "inline; filename*=UTF-8''trend.png"
    kept = await browser.get(link["href"])
    assert kept.body == EXPORT.content
    assert kept.headers["content-type"] == "application/zip"
    assert kept.headers["content-disposition"] == (
        "attachment; filename*=UTF-8''export%20%3C1%3E.zip"
    )


@pytest.mark.parametrize("file", [HOSTILE, DRAWING])
async def test_what_could_run_is_only_ever_bytes(
    browser: Client, room: Workspace, file: File
) -> None:
    post = await delivered(room, file)
    page = (await browser.get(DM)).page
    assert page.find_all("img") == []
    assert len(page.find_all("script")) == 2

    answer = await browser.get(f"{DM}/file/{post}/0")
    assert answer.body == file.content
    assert answer.headers["content-type"] == "application/octet-stream"
    name = answer.headers["content-disposition"]
    assert name.startswith("attachment; filename*=UTF-8''")
    assert not set(name) & set('\r\n"<>/“')
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["cache-control"] == "no-store"
    assert "default-src 'none'" in answer.headers["content-security-policy"]


async def test_only_who_sees_the_post_gets_its_files(browser: Client, room: Workspace) -> None:
    post = await delivered(room, PICTURE)
    await room.answer(CAST["amina"], "channel:general", Reply((carrying(EXPORT),)))
    rows = (await browser.get("/as/amina/general")).page
    private = rows.find("a", class_="file")["href"]
    assert (await browser.get(private)).status == 200
    assert (await browser.get(private.replace("/amina/", "/daniel/"))).status == 404
    for path in (
        f"/as/daniel/dm/file/{post}/0",
        f"/as/daniel/general/file/{post}/0",
        f"/as/amina/general/file/{post}/0",
        f"/as/amina/home/file/{post}/0",
        f"{DM}/file/{post}/1",
        f"{DM}/file/0/0",
        f"{DM}/file/{post}/-1",
        f"{DM}/file/{10**30}/0",
        f"{DM}/file/{post}/{10**30}",
    ):
        assert (await browser.get(path)).status == 404, path


async def test_the_terminal_names_what_comes_with_a_message(
    browser: Client, room: Workspace
) -> None:
    await delivered(room, PICTURE, EXPORT)
    told = await Terminal(room, None, CAST["amina"]).inbox()  # type: ignore[arg-type]
    assert told[0]["files"] == [
        {"name": "trend.png", "says": PICTURE.says},
        {"name": "export <1>.zip", "says": EXPORT.says},
    ]
    assert as_text(told).splitlines() == [
        "Here you are.",
        '  [file: trend.png, Energy: 3, 4, "none"]',
        "  [file: export <1>.zip, All that is kept]",
    ]
    assert json.loads(as_json(told)) == told
