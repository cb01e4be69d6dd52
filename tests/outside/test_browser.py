"""A resident's first week in the playground, on a phone and on a desktop."""

import asyncio
from typing import Any

import pytest
from playwright.async_api import Browser, Page, Route, expect

from tests.outside.browser import DESKTOP, PHONE, SIZES, Playground, faint, overflow, shoot, small

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]


async def opened(browser: Browser, size: dict[str, Any], url: str) -> tuple[Page, list[str]]:
    page = await (await browser.new_context(**size)).new_page()
    complaints: list[str] = []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("console", lambda line: complaints.append(line.text) if line.type == "error" else None)
    await page.goto(url)
    return page, complaints


@SIZES
async def test_first_week(here: Playground, browser: Browser, name: str, size: Any) -> None:
    page, complaints = await opened(browser, size, here.url)
    log, box = page.get_by_role("log"), page.get_by_label("Message Preceptor as Amina Rahman")
    await expect(log).to_contain_text("Hello Amina")
    await shoot(page, f"{name}-1-welcome")

    await box.press_sequentially("/goal a")
    await expect(page.get_by_role("option", name="/goal add")).to_have_attribute(
        "aria-selected", "true"
    )
    await shoot(page, f"{name}-2-completion")
    await box.press("Tab")
    await expect(box).to_have_value("/goal add ")
    await expect(page.locator("#usage")).to_contain_text("what you want to reach")
    await shoot(page, f"{name}-3-arguments")
    await box.press_sequentially("Pass the boards by June 2027")
    await page.get_by_role("button", name="Send").click()
    await expect(log).to_contain_text("30 June 2027")
    await expect(box).to_have_value("")
    await shoot(page, f"{name}-4-goal")

    await page.get_by_role("button", name="09:00").click()
    await expect(page.get_by_label("What happened", exact=True)).to_contain_text(
        "1 message for you"
    )
    await expect(page.get_by_label("The workspace’s clock")).to_contain_text("Mon 4 Jan 2027 09:00")
    await expect(log).to_contain_text("Monday 4 January 2027")
    await expect(log).to_contain_text("How does Pass the boards stand?")
    await shoot(page, f"{name}-5-checkin")
    assert await faint(page) == []
    assert await small(page) == []

    await page.get_by_role("button", name="Say more").click()
    form = page.get_by_role("dialog", name="This week")
    await form.get_by_role("button", name="Send").click()
    await expect(
        form.get_by_role("radiogroup", name="Pass the boards")
    ).to_have_accessible_description("Choose at least one answer, or close this; both are fine.")
    await shoot(page, f"{name}-6-form")
    assert await faint(page) == []
    await form.get_by_role("radio", name="Stuck").check()
    await form.get_by_label("One thing in the way").fill("Three weeks of nights <b>in a row</b>")
    await form.get_by_role("button", name="Send").click()
    await expect(form).to_be_hidden()
    await expect(log).to_contain_text("In the way: Three weeks of nights <b>in a row</b>")
    await expect(log).to_contain_text("Your check-in of 4 January 2027 is answered.")
    await shoot(page, f"{name}-7-answered")

    await page.get_by_role("link", name="Home").click()
    await expect(page.get_by_role("region", name="Home")).to_contain_text("Pass the boards")
    await shoot(page, f"{name}-8-home")
    assert await overflow(page) <= 0
    # The browser tells of the refused form in its console; it is no fault of the page.
    assert [each for each in complaints if "422" not in each] == []


async def test_withheld_messages_are_explained_and_the_others_are_not_forgotten(
    here: Playground, browser: Browser
) -> None:
    page, _ = await opened(browser, DESKTOP, f"{here.url}/as/daniel/dm")
    await expect(page.get_by_role("log")).to_contain_text("Hello Daniel")
    await page.goto(f"{here.url}/as/amina/dm")
    box = page.get_by_role("textbox", name="Message")
    await box.fill("/goal add Pass the boards by June 2027")
    await box.press("Enter")
    await expect(page.get_by_role("log")).to_contain_text("30 June 2027")
    await box.fill("/coach pause until 12 January")
    await box.press("Enter")
    await expect(page.get_by_role("log")).to_contain_text("12 January")
    await page.get_by_text("Date…").click()
    await page.get_by_label("Move the clock to").fill("2027-01-11T12:00")
    await page.get_by_role("button", name="Move").click()
    report = page.get_by_label("What happened", exact=True)
    await expect(report).to_contain_text(
        "Weekly check-in was not sent because the coach was paused"
    )
    await shoot(page, "desktop-9-withheld")
    assert await faint(page) == []

    await page.get_by_text("Date…").click()
    await page.get_by_label("Move the clock to").evaluate("field => field.removeAttribute('min')")
    await page.get_by_label("Move the clock to").fill("2027-01-01T12:00")
    await page.get_by_role("button", name="Move").click()
    await expect(page.get_by_role("alert")).to_contain_text("The clock only moves ahead")
    await expect(page.get_by_label("Move the clock to")).to_have_value("2027-01-01T12:00")
    await shoot(page, "desktop-10-past")


async def test_an_open_page_hears_what_others_write(here: Playground, browser: Browser) -> None:
    amina, _ = await opened(browser, DESKTOP, f"{here.url}/as/amina/general")
    daniel, _ = await opened(browser, PHONE, f"{here.url}/as/daniel/general")
    await daniel.get_by_role("textbox", name="Message").fill("Journal club at noon?")
    await daniel.get_by_role("button", name="Send").click()
    await expect(amina.get_by_role("log")).to_contain_text("Journal club at noon?")
    await amina.get_by_role("textbox", name="Message").fill("/goal list")
    await amina.keyboard.press("Enter")
    await expect(amina.get_by_role("log")).to_contain_text("Only visible to you")
    await expect(daniel.get_by_role("log")).not_to_contain_text("Only visible to you")
    await shoot(amina, "desktop-11-channel")
    await amina.goto(f"{here.url}/as/amina/home")
    await daniel.get_by_role("textbox", name="Message").fill("Anyone?")
    await daniel.get_by_role("button", name="Send").click()
    await expect(amina.get_by_role("link", name="#general")).to_contain_text("1 unread")
    await expect(amina).to_have_title("(2) Home · Amina Rahman · Preceptor playground")


async def test_the_keyboard_is_enough(here: Playground, browser: Browser) -> None:
    page, _ = await opened(browser, DESKTOP, here.url)
    box = page.get_by_role("textbox", name="Message")
    await expect(box).to_be_focused()
    await page.keyboard.type("/goal ")
    await expect(page.get_by_role("option").first).to_have_attribute("aria-selected", "true")
    await page.keyboard.press("ArrowDown")
    await expect(box).to_have_attribute("aria-activedescendant", "option-1")
    await expect(page.locator("#option-1")).to_have_attribute("aria-selected", "true")
    await page.keyboard.press("ArrowUp")
    await page.keyboard.press("ArrowUp")
    await expect(page.get_by_role("option").last).to_have_attribute("aria-selected", "true")
    await page.keyboard.press("Escape")
    await expect(page.locator("#offers")).to_be_hidden()
    await box.fill("")
    await page.keyboard.type("/goal ad")
    await page.keyboard.press("Enter")
    await expect(box).to_have_value("/goal add ")
    await page.keyboard.press("ArrowDown")
    await page.keyboard.press("Tab")
    await expect(box).to_have_value("/goal add Pass the boards by June 2027")
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("log")).to_contain_text("30 June 2027")
    await expect(box).to_be_focused()
    await page.keyboard.type("/goal edit")
    await page.keyboard.press("Enter")
    form = page.get_by_role("dialog")
    await expect(form.get_by_role("textbox").first).to_be_focused()
    await page.keyboard.press("Escape")
    await expect(form).to_be_hidden()
    await expect(box).to_be_focused()


async def test_what_could_not_be_sent_is_kept(here: Playground, browser: Browser) -> None:
    page, _ = await opened(browser, PHONE, here.url)
    box = page.get_by_role("textbox", name="Message")
    await page.context.set_offline(True)
    await box.fill("/goal add Pass the boards")
    await page.get_by_role("button", name="Send").click()
    await expect(page.get_by_role("alert")).to_contain_text("Your text is kept")
    await expect(box).to_have_value("/goal add Pass the boards")
    await page.context.set_offline(False)
    await page.get_by_role("button", name="Send").click()
    await expect(page.get_by_role("log")).to_contain_text("Kept as goal 1")


async def test_a_word_without_end_breaks_nothing(here: Playground, browser: Browser) -> None:
    page, _ = await opened(browser, PHONE, here.url)
    word = "أهداف " + "x" * 180
    await page.get_by_role("textbox", name="Message").fill(f"/goal add {word}")
    assert await overflow(page) <= 0
    await page.get_by_role("button", name="Send").click()
    await expect(page.get_by_role("log")).to_contain_text("Kept as goal 1")
    assert await overflow(page) <= 0
    await page.get_by_role("button", name="Make it sharper").click()
    await expect(page.get_by_role("dialog").get_by_role("textbox").first).to_have_value(word)
    assert await overflow(page) <= 0
    assert await faint(page) == []
    await shoot(page, "phone-9-long-word")


async def test_it_works_without_javascript(here: Playground, browser: Browser) -> None:
    page, _ = await opened(browser, {**PHONE, "java_script_enabled": False}, here.url)
    await page.get_by_role("textbox", name="Message").fill("/goal add Pass the boards")
    await page.get_by_role("button", name="Send").click()
    await expect(page.get_by_role("log")).to_contain_text("Kept as goal 1")
    await page.get_by_role("button", name="09:00").click()
    await expect(page.get_by_label("What happened", exact=True)).to_contain_text("1 message")
    await page.get_by_role("button", name="Say more").click()
    form = page.get_by_role("dialog", name="This week")
    await form.get_by_role("radio", name="On track").check()
    await form.get_by_role("button", name="Send").click()
    await expect(page.get_by_role("log")).to_contain_text("Pass the boards: on track")


async def test_what_is_pressed_and_typed_while_an_answer_is_awaited_is_not_lost(
    here: Playground, browser: Browser
) -> None:
    page, complaints = await opened(browser, PHONE, here.url)
    log, box = page.get_by_role("log"), page.get_by_label("Message Preceptor as Amina Rahman")
    await expect(log).to_contain_text("Hello Amina")
    held = asyncio.Event()

    async def wait(route: Route) -> None:
        await held.wait()
        await route.continue_()

    await page.route("**/as/**", wait)
    for words in ("/goal add Read one paper a week", "/goal add Pass the boards by June 2027"):
        await box.fill(words)
        await box.press("Enter")
        await expect(box).to_have_value("")
    for _ in range(2):  # a double press
        await page.get_by_role("button", name="Keep it like that").click()
    await box.fill("/goal li")
    held.set()
    await expect(log).to_contain_text("30 June 2027")
    await expect(log).to_contain_text("Kept as goal 2")
    await expect(log.get_by_role("heading", name="How things are set")).to_have_count(1)
    await expect(box).to_have_value("/goal li")
    assert complaints == []
