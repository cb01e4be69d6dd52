"""The local workspace behind its pages, on a day that is always the same."""

import time
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.app import local_coach
from bot.platforms.local.web import web_app
from bot.platforms.local.workspace import Workspace
from bot.settings import Settings
from tests.pilot import migrated
from tests.platforms.asgi import Client

BEGINNING = datetime(2026, 12, 30, 14, 10, tzinfo=UTC)


@pytest.fixture
async def workspace(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[tuple[Client, Workspace]]:
    begun = time.monotonic()
    monkeypatch.setattr(
        "bot.platforms.local.workspace.utc_now",
        lambda: BEGINNING + timedelta(seconds=time.monotonic() - begun),
    )
    file = migrated(tmp_path / "coach.db")
    coach, room = local_coach(Settings(DATABASE_URL=f"sqlite:///{file}"))
    yield Client(web_app(workspace=room, dispatch=coach.dispatch, rounds=coach.rounds)), room
    coach.database.close()


@pytest.fixture
def browser(workspace: tuple[Client, Workspace]) -> Client:
    return workspace[0]


@pytest.fixture
def room(workspace: tuple[Client, Workspace]) -> Workspace:
    return workspace[1]
