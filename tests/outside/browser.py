"""A real browser before the real local workspace, for tests that look at it as people do."""

import asyncio
import os
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import uvicorn
from playwright.async_api import Browser, Page, async_playwright

from bot.app import FEATURES, join, local_coach
from bot.engine.dispatch import Dispatch
from bot.engine.ticker import Rounds
from bot.engine.turn import Feature
from bot.platforms.local.moves import move
from bot.platforms.local.web import web_app
from bot.platforms.local.workspace import Workspace
from bot.settings import Settings
from bot.store.local import PLATFORM
from tests.pilot import migrated

CHROMIUM = Path("/usr/bin/chromium")
SHOTS = Path(__file__).parent / "shots"
#: A quiet browser: it asks nothing of any network.
ARGUMENTS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
]  # fmt: skip
#: When the playground's story begins: a Wednesday, five days before the first Monday of 2027.
BEGINNING = datetime(2026, 12, 30, 14, 10, tzinfo=UTC)


@dataclass(frozen=True)
class Playground:
    """A running local workspace."""

    url: str
    workspace: Workspace
    rounds: Rounds
    dispatch: Dispatch

    async def tick(self) -> None:
        """Send what is due at the workspace's moment, as the ticker of `try` would."""
        await self.rounds.tick(self.workspace.clock())

    async def until(self, moment: datetime) -> None:
        """Move the clock to a moment as the page does, through all that is due on the way."""
        await move(self.workspace, self.rounds, moment)


def need_chromium() -> None:
    """Skip where there is no Chromium; on CI there must be one."""
    if CHROMIUM.exists():
        return
    sentence = f"{CHROMIUM} is not installed (apt-get install chromium)"
    if os.environ.get("CI") == "true":
        pytest.fail(sentence)
    pytest.skip(sentence)


@asynccontextmanager
async def playground(
    folder: Path, patch: pytest.MonkeyPatch, *more: Feature
) -> AsyncIterator[Playground]:
    """Serve the real coach on a free port of 127.0.0.1, from a fixed day on.

    `more` are features of a test beside the real ones.
    """
    begun = time.monotonic()
    patch.setattr(
        "bot.platforms.local.workspace.utc_now",
        lambda: BEGINNING + timedelta(seconds=time.monotonic() - begun),
    )
    file = migrated(folder / "coach.db")
    coach, workspace = local_coach(Settings(DATABASE_URL=f"sqlite:///{file}"))
    if more:
        posts = {PLATFORM: workspace.messenger}
        coach = join(coach.database, workspace.clock, posts, features=(*FEATURES, *more))
    app = web_app(workspace=workspace, dispatch=coach.dispatch, rounds=coach.rounds)
    server = uvicorn.Server(
        uvicorn.Config(app, host="127.0.0.1", port=0, log_level="warning", lifespan="off")
    )
    serving = asyncio.create_task(server.serve())
    try:
        while not server.started:
            await asyncio.sleep(0.02)
        port = server.servers[0].sockets[0].getsockname()[1]
        yield Playground(f"http://127.0.0.1:{port}", workspace, coach.rounds, coach.dispatch)
    finally:
        app.state.live.close()
        server.should_exit = True
        await serving
        coach.database.close()


@asynccontextmanager
async def chromium() -> AsyncIterator[Browser]:
    """Start the browser."""
    async with async_playwright() as play:
        browser = await play.chromium.launch(executable_path=str(CHROMIUM), args=ARGUMENTS)
        yield browser
        await browser.close()


PHONE: dict[str, Any] = {
    "viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True,
    "device_scale_factor": 2, "reduced_motion": "reduce",
}  # fmt: skip
DESKTOP: dict[str, Any] = {"viewport": {"width": 1280, "height": 800}, "reduced_motion": "reduce"}
#: The same story in both windows: in the larger one where there is time, as `make long` has.
SIZES = pytest.mark.parametrize(
    ("name", "size"),
    [("phone", PHONE), pytest.param("desktop", DESKTOP, marks=pytest.mark.long)],
)


async def shoot(page: Page, name: str) -> None:
    """Keep a picture of the page by day and by night, if somebody wants to look: `make shots`."""
    if "SHOTS" not in os.environ:
        return
    SHOTS.mkdir(exist_ok=True)
    for scheme in ("light", "dark"):
        await page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
        await page.screenshot(path=SHOTS / f"{name}-{scheme}.png")
    await page.emulate_media(color_scheme="light", reduced_motion="reduce")


async def overflow(page: Page) -> int:
    """Tell by how many pixels the page is wider than its window."""
    wide: int = await page.evaluate(
        "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    )
    return wide


#: Finds words whose contrast with what lies behind them is below 4.5 (WCAG AA; 3 for large ones).
FAINT = """() => {
  const parse = (text) => text.match(/[\\d.]+/g).map(Number);
  const light = ([r, g, b]) => [r, g, b].map((v) => (v /= 255) <= 0.03928 ? v / 12.92
    : ((v + 0.055) / 1.055) ** 2.4).reduce((sum, v, i) => sum + v * [0.2126, 0.7152, 0.0722][i], 0);
  const ground = (node) => {
    for (let at = node; at; at = at.parentElement) {
      const colour = parse(getComputedStyle(at).backgroundColor);
      if (colour.length < 4 || colour[3] > 0.99) return colour;
    }
    return [255, 255, 255];
  };
  const faint = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const node = walker.currentNode.parentElement;
    const words = walker.currentNode.data.trim().slice(0, 40);
    if (!words || !node.checkVisibility() || node.closest(".hidden, script")) continue;
    const style = getComputedStyle(node);
    const [a, b] = [light(parse(style.color)), light(ground(node))].sort((x, y) => y - x);
    const ratio = (a + 0.05) / (b + 0.05);
    const large = parseFloat(style.fontSize) >= 24;
    if (ratio < (large ? 3 : 4.5)) faint.push(`${words}: ${ratio.toFixed(2)}`);
  }
  return faint;
}"""
#: Finds what a finger must hit but could miss: smaller than 44 pixels in either direction.
SMALL = """() => [...document.querySelectorAll(
    "button, nav a, summary, select, textarea, .close, .button")]
  .filter((each) => each.checkVisibility())
  .map((each) => [each, each.getBoundingClientRect()])
  .filter(([, box]) => box.width < 43.5 || box.height < 43.5)
  .map(([each, box]) => `${each.textContent.trim()}: ${box.width} x ${box.height}`)"""


async def faint(page: Page) -> list[str]:
    """List words that are too faint, by day and by night."""
    found: list[str] = []
    for scheme in ("light", "dark"):
        await page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
        found += [f"{scheme}: {each}" for each in await page.evaluate(FAINT)]
    await page.emulate_media(color_scheme="light", reduced_motion="reduce")
    return found


async def small(page: Page) -> list[str]:
    """List targets that are too small for a finger."""
    found: list[str] = await page.evaluate(SMALL)
    return found
