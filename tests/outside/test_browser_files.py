"""A picture and a file in a browser, and three questions answered by three taps."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import Browser, expect

from bot.chat.message import Button, File, Message, Paragraph, Span
from bot.chat.picture import Row, trend_picture
from bot.engine.ports import Address
from tests.outside.browser import PHONE, SIZES, Playground, faint, overflow, shoot, small

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

DATES = (date(2026, 10, 12), date(2026, 12, 28))
ROWS = [
    Row("Energy", [3, 4, None, 4, 2, 3, None, None, 3, 4, 4, 3], 0, 4, "None", "Plenty", DATES),
    Row("How the work felt", [3, 3, 2, 2, None, 3, None, 5, None, 2, 2, 1], 1, 5, "Fine", "Spent",
        DATES),
]  # fmt: skip
TREND = Message(
    (Paragraph((Span("Your last twelve weeks. A gap is a week without an answer."),)),),
    (Button("Say more", "coach.help"),),
    (
        File("trend.png", "image/png", trend_picture(ROWS), "Energy over twelve weeks"),
        File("preceptor-export.zip", "application/zip", b"PK" * 9_000, "All that is kept of you"),
        File("<b>" + "x" * 120 + ".svg", "image/svg+xml", b"<svg/>", "not a picture here"),
    ),
)


@SIZES
async def test_a_picture_is_seen_and_a_file_is_kept(
    here: Playground, browser: Browser, tmp_path: Path, name: str, size: dict[str, Any]
) -> None:
    page = await (await browser.new_context(**size)).new_page()
    complaints: list[str] = []
    page.on("console", lambda line: complaints.append(line.text))
    await page.goto(here.url)
    await here.workspace.messenger.send(Address("local", "amina"), TREND, "trend")
    picture = page.get_by_role("img", name="Energy over twelve weeks")
    await expect(picture).to_be_in_viewport()
    await expect(picture).to_have_js_property("complete", True)
    assert await picture.evaluate("each => each.naturalWidth") == 1280
    left = await page.locator("#log").evaluate(
        "log => log.scrollHeight - log.scrollTop - log.clientHeight"
    )
    assert left <= 1  # room was left for the picture before it came
    assert await overflow(page) <= 0
    assert await faint(page) == []
    assert await small(page) == []
    await shoot(page, f"{name}-12-picture")

    async with page.expect_download() as waiting:
        await page.get_by_role("link", name="preceptor-export.zip").click()
    kept = await waiting.value
    assert kept.suggested_filename == "preceptor-export.zip"
    await kept.save_as(tmp_path / "kept.zip")
    assert (tmp_path / "kept.zip").stat().st_size == 18_000
    assert complaints == []


async def test_three_questions_are_three_taps(here: Playground, browser: Browser) -> None:
    page = await (await browser.new_context(**PHONE)).new_page()
    await page.goto(here.url)
    await page.get_by_role("textbox", name="Message").fill("/wellbeing")
    await page.get_by_role("button", name="Send").click()
    form = page.get_by_role("dialog")
    questions = form.get_by_role("radiogroup")
    await expect(questions).to_have_count(3)
    for question in await questions.all():
        labels = question.locator(".choices label")
        assert await labels.count() in {6, 10}  # five or nine, and no answer
        await labels.nth(2).tap()
    await expect(form.locator("input:checked")).to_have_count(3)
    await shoot(page, "phone-13-three-taps")
    assert await overflow(page) <= 0
    assert await faint(page) == []
    for chip in await form.locator(".choices span").all():
        box = await chip.bounding_box()
        assert box is not None
        assert box["height"] >= 43.5
    await form.get_by_role("button", name="Keep").click()
    await expect(form).to_be_hidden()
