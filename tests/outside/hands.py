"""People of the local workspace: one with the browser in hand, the others at their terminals."""

from datetime import timedelta
from typing import Any

from playwright.async_api import Locator, Page, expect

from bot.platforms.local.people import CAST
from bot.platforms.local.terminal import Terminal
from tests.outside.browser import Playground, faint, overflow, shoot, small

#: Answers to the first form of a profile, as far as a test says nothing else.
ABOUT = {
    "role": "mentor",
    "stage": "senior",
    "tone": "encourage",
    "plan": "structured",
    "aim": "move",
    "gap": "any",
    "rhythm": "monthly",
    "channel": "video",
    "languages": "English",
    "capacity": "2",
}


class Hand:
    """Says, presses and ticks in a browser; each screen is looked at before it is kept."""

    def __init__(self, page: Page, name: str) -> None:
        self.page, self.name = page, name

    @property
    def form(self) -> Locator:
        """The open form."""
        return self.page.get_by_role("dialog")

    async def is_now(self, key: str, place: str = "dm") -> None:
        """Be somebody else of the workspace, or look at another place."""
        url = self.page.url.partition("/as/")[0]
        await self.page.goto(f"{url}/as/{key}/{place}")

    async def says(self, text: str) -> None:
        await self.page.get_by_role("textbox", name="Message").fill(text)
        await self.page.get_by_role("button", name="Send").click()

    async def presses(self, label: str) -> None:
        await self.page.get_by_role("button", name=label, exact=True).last.click()

    async def ticks(self, *labels: str) -> None:
        for label in labels:
            await self.form.get_by_label(label, exact=True).first.check()

    async def opens(self, *groups: str) -> None:
        """Unfold choices under their headings."""
        for group in groups:
            await self.form.locator("summary").get_by_text(group, exact=True).click()

    async def keeps(self, submit: str) -> None:
        await self.form.get_by_role("button", name=submit, exact=True).click()

    async def sees(self, words: str) -> None:
        await expect(self.page.get_by_text(words).last).to_be_in_viewport()

    async def finds(self, words: str) -> None:
        """Look for what was said, in what came since the last visit."""
        await self.page.get_by_text(words).last.scroll_into_view_if_needed()

    async def shows(self, screen: str) -> None:
        assert await overflow(self.page) <= 0
        assert await faint(self.page) == []
        assert await small(self.page) == []
        await shoot(self.page, f"{self.name}-{screen}")


class Neighbour:
    """Somebody at a terminal of the same workspace."""

    def __init__(self, here: Playground, key: str) -> None:
        self._here = here
        self._terminal = Terminal(here.workspace, here.dispatch, CAST[key])
        self.heard: list[dict[str, Any]] = []

    async def says(self, text: str, channel: str = "") -> None:
        self.heard = await self._terminal.say(text, channel)

    async def presses(self, label: str, channel: str = "") -> None:
        """Press a button by its label on what was said last, or else on what arrived last."""
        shown = [*await self._terminal.inbox(channel), *self.heard]
        action = next(
            button["action"]
            for each in reversed(shown)
            for button in each["buttons"]
            if button["label"] == label
        )
        self.heard = await self._terminal.press(action)

    async def hears(self, words: str) -> None:
        """Live on, two hours at a time and a week at most, until the coach has written that."""
        for _ in range(84):
            if any(words in each["text"] for each in await self._terminal.inbox()):
                return
            await self._here.until(self._here.workspace.clock() + timedelta(hours=2))
        raise AssertionError(f"nobody wrote “{words}”")

    async def fills(self, **values: str) -> None:
        """Send the open form with these values over what stands in it."""
        form = self.heard[-1]["form"]
        assert form is not None, self.heard
        filled = {each["name"]: each["value"] for each in form["fields"]} | values
        self.heard = await self._terminal.submit(form["id"], filled)
        again = self.heard[-1]["form"] if self.heard else None
        assert again is None or not again["errors"], again["errors"]

    async def says_who(self, topics: str, **facts: str) -> None:
        """Fill in a whole profile."""
        await self.says("/mentor profile")
        await self.fills(**ABOUT | facts)
        form = self.heard[-1]["form"]
        await self.fills(**{each["name"]: topics for each in form["fields"]})
        if self.heard[-1]["form"] is not None:
            await self.fills(first=",".join(topics.split(",")[:2]))
