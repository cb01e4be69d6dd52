"""The coach on Slack, in both of Slack's modes or in one of them; and before a browser."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
from aiohttp import ClientSession
from playwright.async_api import Browser
from slack_sdk.web.async_client import AsyncWebClient

from bot.platforms.slack.outbound import SlackMessenger
from bot.platforms.slack.rooms import SlackRooms
from tests.outside.browser import Playground, chromium, need_chromium, playground
from tests.outside.slack_rooms_ground import ADA, BOB, CY, DEE
from tests.outside.slack_server import BOT_TOKEN, SlackServer
from tests.outside.slack_stage import Stage, staged


@pytest.fixture(params=["http", "socket"])
async def stage(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Stage]:
    async with staged(request.param, tmp_path) as stage:
        yield stage


@pytest.fixture
async def http(tmp_path: Path) -> AsyncIterator[Stage]:
    async with staged("http", tmp_path) as stage:
        yield stage


@pytest.fixture
async def socket(tmp_path: Path) -> AsyncIterator[Stage]:
    async with staged("socket", tmp_path) as stage:
        yield stage


@pytest.fixture
async def slack() -> AsyncIterator[SlackServer]:
    async with SlackServer() as slack:
        for user in (ADA, BOB, CY, DEE):
            slack.add_user(user, user[2:].title())
        yield slack
        assert slack.faults == []


@pytest.fixture
async def client(slack: SlackServer) -> AsyncIterator[AsyncWebClient]:
    async with ClientSession() as session:
        yield AsyncWebClient(BOT_TOKEN, slack.base_url, session=session, retry_handlers=[])


@pytest.fixture
def rooms(client: AsyncWebClient) -> SlackRooms:
    return SlackMessenger(client).rooms


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def started() -> AsyncIterator[Browser]:
    """A browser for all tests: it takes a second to start."""
    need_chromium()
    async with chromium() as browser:
        yield browser


@pytest_asyncio.fixture(loop_scope="session")
async def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Playground]:
    """A local workspace of the test's own."""
    need_chromium()
    async with playground(tmp_path, monkeypatch) as running:
        yield running


@pytest_asyncio.fixture(loop_scope="session")
async def browser(here: Playground, started: Browser) -> AsyncIterator[Browser]:
    """The browser, in which the test's windows are closed before the workspace is."""
    yield started
    for window in started.contexts:
        await window.close()
