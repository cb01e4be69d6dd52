"""Private channels, and forms with boxes to tick, as people meet them in a browser."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import Browser, Page, expect

from bot.chat.message import Button, Message, Paragraph, Span
from bot.engine.ports import Address, Room
from bot.engine.turn import Feature
from tests.outside.browser import (
    PHONE,
    SIZES,
    Playground,
    chromium,
    faint,
    need_chromium,
    overflow,
    playground,
    shoot,
    small,
)
from tests.platforms.test_local_forms import crew

pytestmark = pytest.mark.browser


@pytest.fixture
async def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Playground]:
    need_chromium()
    feature = Feature(name="crew", groups=(crew,))
    async with playground(tmp_path, monkeypatch, feature) as running:
        yield running


@pytest.fixture
async def browser(here: Playground) -> AsyncIterator[Browser]:
    async with chromium() as running:
        yield running


async def opened(browser: Browser, size: dict[str, Any], url: str) -> Page:
    page = await (await browser.new_context(**size)).new_page()
    await page.goto(url)
    return page


def say(text: str, *buttons: Button) -> Message:
    return Message((Paragraph((Span(text),)),), buttons)


async def owls(here: Playground) -> Room:
    rooms = here.workspace.messenger.rooms
    made = Room("local", await rooms.open("local", "night-owls", "Six weeks, five people", "k"))
    await rooms.invite(made, ["amina", "daniel", "wanjiru"])
    charter = await rooms.post(
        made, say("Our charter: what is said here stays here."), "1", pin=True
    )
    await rooms.post(made, say("Session 1 is on Monday.", Button("Help me", "coach.help")), "2")
    await rooms.post(made, say("One of you asked how long it takes: an hour."), "3", thread=charter)
    return made


@SIZES
async def test_a_circle_talks_in_its_channel(
    here: Playground, browser: Browser, name: str, size: Any
) -> None:
    made, rooms = await owls(here), here.workspace.messenger.rooms
    page = await opened(browser, size, here.url)
    link = page.get_by_role("link", name="#night-owls")
    await expect(link).to_contain_text("3 unread")
    await link.click()
    log = page.get_by_role("log")
    await expect(log).to_contain_text("Pinned")
    await expect(log).to_contain_text("In thread of “Our charter: what is said here stays here.”")
    await page.get_by_role("textbox", name="Message").fill("Who is on call?")
    await page.get_by_role("button", name="Send").click()
    await expect(log).to_contain_text("Who is on call?")
    await shoot(page, f"{name}-channel")
    await page.get_by_role("button", name="Help me").first.click()
    await expect(log).to_contain_text("Only visible to you")
    await expect(log).to_contain_text("Session 1 is on Monday.")
    assert await overflow(page) <= 0
    assert await faint(page) == []
    assert await small(page) == []

    await rooms.close(made)
    await expect(page.get_by_text("This channel is archived.")).to_be_visible()
    await expect(page.get_by_role("textbox", name="Message")).to_be_hidden()
    await expect(page.get_by_role("button", name="Help me")).to_have_count(0)
    await shoot(page, f"{name}-archived")
    assert await faint(page) == []
    assert await overflow(page) <= 0

    await rooms.dismiss(made, "amina")
    await expect(page.get_by_text("There is nothing at this address")).to_be_visible()


@SIZES
async def test_seven_people_are_within_reach(
    here: Playground, browser: Browser, name: str, size: Any
) -> None:
    page = await opened(browser, size, f"{here.url}/as/linh/dm")
    await expect(page.get_by_role("link", name="Linh")).to_be_in_viewport()
    await page.get_by_role("link", name="Amina").click()
    await expect(page.get_by_role("link", name="Amina")).to_be_in_viewport()
    await expect(page).to_have_url(f"{here.url}/as/amina/dm")
    assert await overflow(page) <= 0
    assert await small(page) == []
    assert await faint(page) == []
    await shoot(page, f"{name}-people")


@SIZES
async def test_several_boxes_are_ticked(
    here: Playground, browser: Browser, name: str, size: Any
) -> None:
    choose = say("Whom, and what about?", Button("Choose", "crew.pick"))
    await here.workspace.messenger.send(Address("local", "amina"), choose, "k")
    page = await opened(browser, size, here.url)
    await page.get_by_role("button", name="Choose").click()
    form = page.get_by_role("dialog", name="Choose")
    topics = form.get_by_role("group", name="Topics up to 2")
    await expect(topics.get_by_role("checkbox", name="Doing research")).to_be_checked()
    await topics.get_by_role("checkbox", name="Teaching").check()
    await topics.get_by_role("checkbox", name="Exams <and> boards").check()
    await form.get_by_role("checkbox", name="Rosa Lindqvist").check()
    await form.get_by_role("button", name="Save").click()
    await expect(form.get_by_text("One answer needs another look.")).to_be_visible()
    await expect(topics.get_by_role("checkbox", checked=True)).to_have_count(3)
    await expect(form.get_by_role("checkbox", name="Rosa Lindqvist")).to_be_checked()
    await expect(topics.get_by_role("checkbox", name="Doing research")).to_be_focused()
    await shoot(page, f"{name}-boxes")
    assert await faint(page) == []
    assert await overflow(page) <= 0
    assert await small(page) == []
    boxes = form.locator(".choices span")
    heights = await boxes.evaluate_all("all => all.map((one) => one.offsetHeight)")
    assert min(heights) >= 44
    await page.keyboard.press("Space")
    await form.get_by_role("button", name="Save").click()
    await expect(page.get_by_role("log")).to_contain_text("exams and teaching; not with rosa")


async def test_boxes_work_without_javascript(here: Playground, browser: Browser) -> None:
    choose = say("Whom, and what about?", Button("Choose", "crew.pick"))
    await here.workspace.messenger.send(Address("local", "amina"), choose, "k")
    page = await opened(browser, {**PHONE, "java_script_enabled": False}, here.url)
    await page.get_by_role("button", name="Choose").click()
    form = page.get_by_role("dialog", name="Choose")
    await form.get_by_role("checkbox", name="Teaching").check()
    await form.get_by_role("checkbox", name="Daniel Ortiz").check()
    await form.get_by_role("button", name="Save").click()
    await expect(page.get_by_role("log")).to_contain_text("research and teaching; not with daniel")
