"""When members can meet is read from their rows: zone, quiet hours, shifts far ahead."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from sqlmodel import Session

from bot.domain.free_hours import hours_of
from bot.domain.shifts import Shift, ShiftKind
from bot.engine.overlap import DAYS, masks, meeting_times, session_hour
from bot.models import Member
from bot.store import shifts
from bot.store.database import Database
from tests.pilot import World

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
#: A Monday, twenty minutes past eight in the evening in London.
NOW = datetime(2027, 1, 4, 20, 20, tzinfo=UTC)


@pytest.fixture
def db(world: World) -> Iterator[Session]:
    """A session of a database of its own."""
    with opened(world.database) as session:
        yield session
