"""The coach on Slack, in both of Slack's modes or in one of them."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from aiohttp import ClientSession
from slack_sdk.web.async_client import AsyncWebClient

from bot.platforms.slack.outbound import SlackMessenger
from bot.platforms.slack.rooms import SlackRooms
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
