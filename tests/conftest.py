"""One migrated database for the whole run, copied for each test; a world and a member."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.pilot import Pilot, World, at, make_template

# What a developer has exported must not change what the tests see.
for name in [each for each in os.environ if each.startswith(("SLACK_", "PRECEPTOR_"))] + [
    "DATABASE_URL",
    "PROMPTS_DIR",
    "DISCORD_TOKEN",
]:
    os.environ.pop(name, None)


@pytest.fixture(scope="session")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated, empty database."""
    file = tmp_path_factory.mktemp("template") / "template.db"
    make_template(file)
    return file


@pytest.fixture
def world(tmp_path: Path, template: Path) -> Iterator[World]:
    """The engine on a Friday in January, before anyone has come."""
    made = World(tmp_path, template, at("2027-01-01 12:00"))
    yield made
    made.close()


@pytest.fixture
def amina(world: World) -> Pilot:
    """A resident in London."""
    return world.member("amina", "Europe/London")
