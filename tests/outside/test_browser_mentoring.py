"""Mentoring in a browser: a profile, a match, a first meeting; a round and who coordinates it."""

from typing import Any

import pytest
from playwright.async_api import Browser, expect

from tests.outside.browser import PHONE, SIZES, Playground
from tests.outside.hands import Hand, Neighbour
from tests.pilot import at

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]


async def hand_of(here: Playground, browser: Browser, name: str, size: dict[str, Any]) -> Hand:
    page = await (await browser.new_context(**size)).new_page()
    await page.goto(here.url)
    return Hand(page, name)


async def mentors(here: Playground) -> dict[str, Neighbour]:
    """Let three people offer to mentor, each something else."""
    found = {key: Neighbour(here, key) for key in ("daniel", "milan", "rosa")}
    await found["daniel"].says_who(
        "quality,hard_talks,first_lead", about="I have led an emergency department for nine years."
    )
    await found["milan"].says_who("hard_talks,burnout,research_methods", stage="mid_career")
    await found["rosa"].says_who("part_time,medical_education", stage="senior")
    return found


@SIZES
async def test_a_profile_is_made(
    here: Playground, browser: Browser, name: str, size: dict[str, Any]
) -> None:
    hand = await hand_of(here, browser, name, size)
    await Neighbour(here, "daniel").says("/coach")
    await hand.says("/mentor")
    await hand.sees("Say in two minutes")
    await hand.shows("40-mentor-new")
    await hand.presses("Begin")
    await expect(hand.form).to_be_visible()
    await hand.shows("41-about")
    await hand.ticks("I look for a mentor", "First years of training", "challenged")
    await hand.keeps("Keep")
    await expect(hand.form).to_contain_text("2 answers need another look")
    await hand.shows("42-about-missing")
    await hand.ticks("planned beforehand", "my next move")
    await hand.keeps("Keep")

    await expect(hand.form).to_contain_text("What I look for")
    await hand.shows("43-topics")
    await hand.opens("Continuing education", "Leadership")
    await hand.ticks("Preparing for exams and boards", "Quality improvement")
    await hand.ticks("Difficult conversations")
    await hand.shows("44-topics-ticked")
    await hand.keeps("Keep")
    await hand.ticks("Preparing for exams and boards")
    await expect(hand.form).to_contain_text("Which two matter most?")
    await hand.shows("45-first")
    await hand.ticks("Quality improvement")
    await hand.keeps("Keep")
    await hand.sees("In confidence: nobody named")
    await hand.shows("46-profile")
    await hand.presses("In confidence")
    await hand.ticks("Rosa Lindqvist")
    await hand.shows("47-confidence")
    await hand.keeps("Keep")
    await hand.sees("In confidence: 1 person named")


@SIZES
async def test_two_people_find_each_other(
    here: Playground, browser: Browser, name: str, size: dict[str, Any]
) -> None:
    daniel = (await mentors(here))["daniel"]
    amina = Neighbour(here, "amina")
    await amina.says_who(
        "quality,hard_talks,exams", role="mentee", stage="early_training", gap="senior"
    )
    await here.until(at("2027-01-04 17:10"))
    hand = await hand_of(here, browser, name, size)
    await hand.says("/mentor find")
    await hand.sees("Who would fit")  # longer than the window, and read from its beginning
    await hand.shows("50-found")
    await hand.presses("Ask Daniel Ortiz")
    await hand.form.get_by_label("What do you hope for?").fill("Someone who has led a project.")
    await hand.shows("51-asking")
    await hand.keeps("Ask")
    await hand.sees("A place is held for you")
    await hand.shows("52-asked")

    await daniel.hears("asks whether you would be their mentor")
    await hand.is_now("daniel")
    await hand.finds("asks whether you would be their mentor")
    await hand.shows("53-request")
    await hand.presses("Yes, let us meet")
    await hand.sees("hears it from me")
    await daniel.hears("It stands once both have said yes")
    await hand.finds("It stands once both have said yes")
    await hand.shows("54-begun-mentor")
    await amina.hears("It stands once both have said yes")
    await hand.is_now("amina")
    await hand.finds("is your mentor until")
    await hand.shows("55-begun-mentee")


async def test_a_pair_meets(here: Playground, browser: Browser) -> None:
    daniel = (await mentors(here))["daniel"]
    amina = Neighbour(here, "amina")
    await amina.says_who(
        "quality,hard_talks,exams", role="mentee", stage="early_training", gap="senior"
    )
    await here.until(at("2027-01-04 17:10"))
    await amina.says("/mentor ask Daniel Ortiz")
    await amina.fills(note="Someone who has led a project.")
    await daniel.hears("asks whether you would be their mentor")
    await daniel.presses("Yes, let us meet")
    await daniel.hears("It stands once both have said yes")
    await daniel.presses("What we agree on")
    await daniel.presses("I say yes")
    await amina.hears("It stands once both have said yes")

    hand = await hand_of(here, browser, "phone", PHONE)
    await hand.presses("What we agree on")
    await hand.presses("I say yes")
    await hand.finds("You have both said yes")
    await hand.shows("60-agreed")
    await hand.presses("Change the lines")
    await expect(hand.form).to_be_visible()
    await hand.shows("61-lines")
    await hand.page.keyboard.press("Escape")
    await hand.presses("Find a time")
    await hand.sees("Choose one, and Daniel Ortiz is asked")
    await hand.shows("62-times")
    await hand.page.locator("form.buttons").last.get_by_role("button").first.click()
    await hand.sees("is asked to confirm it")
    await hand.shows("63-proposed")
    await daniel.hears("Does that suit you?")
    await hand.is_now("daniel")
    await hand.finds("Does that suit you?")
    await hand.shows("64-time-asked")
    await hand.presses("That suits me")
    await hand.sees("Both of you get it as a file")
    await hand.shows("65-confirmed")
    await amina.hears("The file is for your calendar")
    await hand.is_now("amina")
    await hand.finds("The file is for your calendar")
    await hand.shows("66-invitation")
    await amina.hears("Three lines help")
    await hand.is_now("amina")
    await hand.finds("Three lines help")
    await hand.shows("67-agenda-asked")
    await hand.presses("Write three lines")
    await expect(hand.form).to_be_visible()
    await hand.shows("68-agenda")
    await hand.form.get_by_role("textbox").first.fill("How to begin with an audit")
    await hand.keeps("Keep")
    await daniel.hears("wrote this for")
    await hand.is_now("daniel")
    await hand.finds("wrote this for")
    await hand.shows("69-agenda-mentor")
    await amina.hears("How useful it was")
    await hand.is_now("amina")
    await hand.finds("How useful it was")
    await hand.shows("70-after")
    await hand.presses("Very much")
    await hand.sees("Kept, for you alone.")
    await hand.shows("71-after-next")


async def people_of_a_round(here: Playground) -> dict[str, Neighbour]:
    """Let two mentors with a place each, and three who look for one, say who they are."""
    people = {key: Neighbour(here, key) for key in ("amina", "daniel", "milan", "linh", "teresa")}
    await people["daniel"].says_who("quality,hard_talks", capacity="1")
    await people["milan"].says_who("burnout,research_methods", stage="mid_career", capacity="1")
    wishes = dict.fromkeys(("amina", "linh"), "quality,hard_talks")
    for key, topics in (wishes | {"teresa": "burnout,research_methods"}).items():
        await people[key].says_who(topics, role="mentee", stage="early_training", gap="any")
    return people


async def test_people_come_into_a_round(here: Playground, browser: Browser) -> None:
    people = await people_of_a_round(here)
    hand = await hand_of(here, browser, "phone", PHONE)
    await hand.is_now("rosa")
    await hand.says("/mentor round open")
    await expect(hand.form).to_contain_text("Until when?")
    await hand.shows("80-round-opening")
    await hand.keeps("Open")
    await hand.sees("I ask 5 people with a profile")
    await hand.shows("81-round-opened")
    await people["amina"].hears("A match round is open")
    await hand.is_now("amina")
    await hand.finds("A match round is open")
    await hand.shows("82-round-comes")
    await hand.presses("Join")
    await hand.sees("You are in")
    await hand.shows("83-round-joined")
    for each in people.values():
        await each.says("/mentor round join")
    await hand.presses("Whom I would like")
    first = hand.form.get_by_role("radiogroup", name="First choice")
    await first.get_by_label("Daniel Ortiz").check()
    await hand.shows("84-round-rank")
    await hand.keeps("Keep")
    await hand.sees("Kept, in this order")
    await hand.shows("85-round-ranked")


@SIZES
async def test_a_coordinator_looks_over_a_draft(
    here: Playground, browser: Browser, name: str, size: dict[str, Any]
) -> None:
    rosa, people = Neighbour(here, "rosa"), await people_of_a_round(here)
    await rosa.says("/mentor round open until 20 January")
    for each in people.values():
        await each.says("/mentor round join")
    await rosa.says("/mentor round close")
    hand = await hand_of(here, browser, name, size)
    await hand.is_now("rosa")
    await hand.says("/mentor round draft")
    await hand.sees("The stable one stands")
    await hand.shows("86-round-draft")
    await hand.presses("All pairs")
    await hand.sees("Without a mentor: Linh Pham")
    await hand.shows("87-round-pairs")
    await hand.presses("Change a pair")
    await hand.ticks("Linh Pham", "Daniel Ortiz")
    await hand.keeps("Change")
    await hand.sees("has no place left in this draft")
    await hand.shows("88-round-full")
    await hand.ticks("Amina Rahman", "None")
    await hand.keeps("Change")
    await hand.sees("What stands is another")
    await hand.presses("Change a pair")
    await hand.ticks("Linh Pham", "Daniel Ortiz")
    await hand.keeps("Change")
    await hand.sees("with 1 pair chosen by hand")
    await hand.shows("89-round-changed")
    await hand.presses("Publish")
    await hand.sees("2 pairs begin")
    await hand.shows("90-round-published")
    await people["amina"].hears("The places went another way this time")
    await hand.is_now("amina")
    await hand.finds("The places went another way this time")
    await hand.shows("91-unmatched")
    await hand.is_now("rosa")
    await hand.says("/mentor health")
    await hand.sees("Sums only.")
    await hand.shows("92-health")
