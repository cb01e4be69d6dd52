"""These tests hold on both databases."""

import pytest

from tests.engine.ward import Ward
from tests.pilot import Pilot, World


@pytest.fixture(params=["sqlite", "postgres"])
def kind(request: pytest.FixtureRequest) -> str:
    """Which database a test runs on."""
    return str(request.param)


@pytest.fixture
async def ward(world: World, amina: Pilot) -> Ward:
    """A hospital, and a member of the coach who works there."""
    await amina.visits()
    return Ward(world)
