"""The coach on Slack, in both of Slack's modes or in one of them."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

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
