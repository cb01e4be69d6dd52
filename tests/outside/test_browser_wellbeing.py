"""Well-being in a browser: the pulse, an idea and its press, the trend, Help now, rights."""

import re
from typing import Any

import pytest
from playwright.async_api import Browser, Page, expect

from tests.outside.browser import SIZES, Playground, faint, overflow, shoot

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]


class Hand:
    """Says, presses and taps; each screen is looked at before it is kept."""

    def __init__(self, page: Page, name: str) -> None:
        self.page, self.name = page, name

    async def says(self, text: str) -> None:
        await self.page.get_by_role("textbox", name="Message").fill(text)
        await self.page.get_by_role("button", name="Send").click()

    async def presses(self, label: str) -> None:
        await self.page.get_by_role("button", name=label).last.click()

    async def taps(self, *places: int) -> None:
        form = self.page.get_by_role("dialog")
        for question, place in zip(await form.get_by_role("radiogroup").all(), places, strict=True):
            await question.locator(".choices label").nth(place).click()
        await form.get_by_role("button", name="Keep").click()
        await expect(form).to_be_hidden()

    async def sees(self, words: str) -> None:
        await expect(self.page.get_by_text(words).last).to_be_in_viewport()

    async def shows(self, screen: str) -> None:
        assert await overflow(self.page) <= 0
        assert await faint(self.page) == []
        await shoot(self.page, f"{self.name}-{screen}")


@SIZES
async def test_how_somebody_is_looks_right(
    here: Playground, browser: Browser, name: str, size: dict[str, Any]
) -> None:
    page = await (await browser.new_context(**size)).new_page()
    hand = Hand(page, name)
    await page.goto(here.url)

    await hand.says("/wellbeing")
    await expect(page.get_by_role("dialog")).to_be_visible()
    await hand.shows("20-pulse")
    await hand.taps(3, 2, 1)
    await hand.sees("Would one small idea help")
    await hand.shows("21-pulse-kept")

    await hand.presses("Yes, one idea")
    await hand.sees("One small idea")
    await hand.shows("22-idea")
    await hand.presses("Did it")
    await hand.sees("Noted, thank you.")
    await hand.shows("23-felt")

    await page.get_by_role("button", name=re.compile("Mon(day)? 09:00")).click()
    await hand.sees("Mon 4 Jan 2027")
    await hand.says("/wellbeing")
    await expect(page.get_by_role("dialog")).to_be_visible()
    await hand.taps(2, 4, 3)
    await hand.sees("Kept. Thank you.")
    await hand.says("/wellbeing trend")
    await hand.sees("From 30 December 2026")
    await hand.presses("As a picture")
    await hand.sees("It comes by direct message")
    await here.tick()
    picture = page.get_by_role("img", name="Burnout").last
    await expect(picture).to_be_in_viewport()
    await expect(picture).to_have_js_property("complete", True)
    await hand.shows("24-trend")

    await hand.says("/help-now")
    await hand.sees("Numbers where I am")
    await hand.shows("25-help-now")
    await hand.presses("Numbers where I am")
    await hand.presses("United Kingdom")
    await hand.sees("116 123")
    await hand.shows("26-help-now-here")

    await hand.says("/coach privacy")
    await hand.sees("What I keep of you")
    await hand.shows("27-privacy")
    await hand.says("/coach export")
    await hand.sees("by direct message")
    await here.tick()
    kept = page.get_by_role("link", name=".zip").last
    await expect(kept).to_be_in_viewport()
    await hand.shows("28-export")

    await hand.says("/shift nights 11 to 13 January")
    await hand.sees("until you have slept")
    await hand.shows("29-shift")
    await hand.says("/coach team")
    await hand.sees("same page")
    await hand.shows("30-team")
