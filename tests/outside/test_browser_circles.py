"""A circle in a browser: asked in private, a channel of its own, two sessions, and a thread."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from playwright.async_api import Browser, expect
from sqlmodel import Session, select

from bot.models import CircleSession
from tests.outside.browser import BEGINNING, SIZES, Playground
from tests.outside.hands import Hand, Neighbour

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]
GUESTS = ("daniel", "milan", "teresa", "linh")
ROOM = "circle-night-owls"
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


async def neighbours(here: Playground) -> dict[str, Neighbour]:
    """Let four people meet the coach, at their terminals."""
    found = {key: Neighbour(here, key) for key in GUESTS}
    for each in found.values():
        await each.says("/coach")
    return found


async def hand_of(here: Playground, browser: Browser, name: str, size: dict[str, Any]) -> Hand:
    page = await (await browser.new_context(**size)).new_page()
    await page.goto(here.url)
    return Hand(page, name)


async def gathered(here: Playground, form: str) -> dict[str, Neighbour]:
    """Let Amina start a circle whose four guests all say yes."""
    guests = await neighbours(here)
    amina = Neighbour(here, "amina")
    await amina.says("/circle start")
    await amina.fills(name="Night owls", form=form, length="short", people=",".join(GUESTS))
    await here.until(BEGINNING + DAY)
    for each in guests.values():
        await each.presses("Join")
    await here.until(BEGINNING + DAY + HOUR)
    return guests | {"amina": amina}


async def starts(here: Playground, number: int) -> datetime:
    """Tell when a session begins."""

    def first(db: Session) -> datetime:
        (found,) = [each for each in db.exec(select(CircleSession)) if each.number == number]
        return found.starts_at

    return await here.workspace.database.run(first)


@SIZES
async def test_a_circle_comes_together(
    here: Playground, browser: Browser, name: str, size: dict[str, Any]
) -> None:
    guests = await neighbours(here)
    hand = await hand_of(here, browser, name, size)
    await hand.says("/circle")
    await hand.sees("You are in no circle now.")
    await hand.shows("circle-01-none")
    await hand.presses("Start one")
    await hand.form.get_by_label("What is it called?").fill("Night owls")
    await hand.shows("circle-02-form")
    await hand.ticks("Short: six sessions, about three months", "Daniel Ortiz", "Milan Novotny")
    await hand.keeps("Ask them")
    await hand.sees("choose four at least")
    await hand.ticks("Teresa Carvalho", "Linh Pham")
    await hand.shows("circle-03-people")
    await hand.keeps("Ask them")
    await hand.sees("It begins when")
    await hand.shows("circle-04-asked")
    await here.until(BEGINNING + DAY)
    for key in GUESTS[:-1]:
        await guests[key].presses("Join")
    await hand.is_now("linh")
    await hand.page.get_by_role("button", name="Not now").last.scroll_into_view_if_needed()
    await hand.sees("would like to have you in a circle")
    await hand.shows("circle-05-invited")
    await hand.presses("Join")
    await hand.sees("You are in")
    await hand.shows("circle-06-joined")
    await here.until(BEGINNING + 2 * DAY)  # her rota is unknown, so it waits for the morning

    await hand.is_now("amina")
    await hand.sees("It needs an hour")
    await hand.shows("circle-07-ready")
    await hand.presses("Choose an hour")
    await hand.sees("The least bad hour")
    await hand.shows("circle-08-hour")
    await hand.presses("Another hour")
    dialog = hand.page.get_by_role("dialog")
    await expect(dialog).to_be_visible()
    await hand.shows("circle-09-other-hour")
    await hand.page.keyboard.press("Escape")
    await expect(dialog).to_be_hidden()
    await hand.presses("Take this hour")
    await hand.sees("I say so in the channel")
    await hand.shows("circle-10-set")
    await here.tick()
    await hand.is_now("linh", ROOM)
    await expect(hand.page.get_by_role("log")).to_contain_text("Pinned")
    await hand.sees("It keeps to")
    await hand.shows("circle-11-channel")


@SIZES
async def test_a_circle_meets_twice(
    here: Playground, browser: Browser, name: str, size: dict[str, Any]
) -> None:
    people = await gathered(here, "live")
    await people["amina"].says("/circle schedule")
    await people["amina"].presses("Take this hour")
    first = await starts(here, 1)
    await here.until(first - 2 * HOUR)
    hand = await hand_of(here, browser, name, size)
    await hand.is_now("linh", ROOM)
    await hand.sees("What you press is seen by nobody else")
    await hand.shows("circle-12-agenda")
    await hand.presses("Coming")
    await hand.sees("I expect you at session 1")
    await expect(hand.page.get_by_text("Only visible to you").last).to_be_in_viewport()
    await hand.shows("circle-13-coming")
    await hand.says("/circle agenda")
    await expect(hand.page.get_by_role("log")).to_contain_text("Then the host says who hosts next.")
    await hand.shows("circle-14-parts")
    for key in GUESTS[:-1]:
        await people[key].presses("Coming", ROOM)
    await here.until(first + timedelta(minutes=1))
    await hand.sees("The action")
    await hand.shows("circle-15-opening")
    await here.until(first + 2 * HOUR)
    await hand.sees("Were you there?")
    await hand.shows("circle-16-over")
    await hand.presses("I was there")
    await hand.sees("Kept: you were at session 1")
    await hand.presses("Note the themes")
    await hand.form.get_by_label("The themes, one a line").fill("Saying no\nSleep after nights")
    await hand.shows("circle-17-themes")
    await hand.keeps("To the channel")
    await hand.sees("They go to the channel now")
    await here.tick()
    await hand.sees("Sleep after nights")
    await hand.shows("circle-18-notes")
    await here.until(await starts(here, 2) + timedelta(minutes=1))
    await hand.sees("Session 2")
    await hand.shows("circle-19-second")


@SIZES
async def test_a_circle_writes_in_a_thread(
    here: Playground, browser: Browser, name: str, size: dict[str, Any]
) -> None:
    people = await gathered(here, "async")
    await people["amina"].says("/circle schedule")
    await people["amina"].presses("Take this hour")
    opens = await starts(here, 1)
    await here.until(opens + timedelta(minutes=1))
    hand = await hand_of(here, browser, name, size)
    await hand.is_now("linh", ROOM)
    await hand.shows("circle-20-thread-opens")
    await here.until(opens + 2 * DAY)
    await expect(hand.page.get_by_role("log")).to_contain_text("In thread of “Session 1")
    await hand.sees("Were you there?")
    await hand.shows("circle-21-thread-over")


@SIZES
async def test_a_circle_types_for_an_hour(
    here: Playground, browser: Browser, name: str, size: dict[str, Any]
) -> None:
    people = await gathered(here, "text")
    await people["amina"].says("/circle schedule")
    await people["amina"].presses("Take this hour")
    first = await starts(here, 1)
    await here.until(first - HOUR)
    for key in GUESTS:
        await people[key].presses("Coming", ROOM)
    await here.until(first + timedelta(minutes=1))
    hand = await hand_of(here, browser, name, size)
    await hand.is_now("linh", ROOM)
    await hand.sees("Session 1")
    await hand.shows("circle-22-text-opens")
    await here.until(first + HOUR)
    await hand.sees("Were you there?")
    await hand.shows("circle-23-text-over")
