"""Reads deploy/runbook.md, and runs its blocks as they are written."""

import asyncio
import os
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from tests.outside.processes import PATIENCE

FILE = Path(__file__).parents[2] / "deploy" / "runbook.md"
RUN, NO_TEST = "sh", "sh no-test"
Test = TypeVar("Test", bound=Callable[..., object])
#: The blocks that some test says it runs; the fixture `book` sees to it that it does.
CLAIMED: set[str] = set()


@dataclass(frozen=True)
class Block:
    #: The heading above it; a second one below the same heading is called "…, 2".
    name: str
    info: str
    text: str


def blocks() -> list[Block]:
    """Read all blocks; only fences at the beginning of a line are known."""
    found: list[Block] = []
    heading, fence, lines, before = "", None, list[str](), ""
    for line in FILE.read_text("utf-8").splitlines():
        if fence is None and line.startswith("#"):
            heading = line.lstrip("# ")
        elif line.startswith("```"):
            if fence is None:
                fence, lines = line.removeprefix("```"), []
            else:
                number = 1 + sum(each.name.partition(",")[0] == heading for each in found)
                name = heading if number == 1 else f"{heading}, {number}"
                found.append(Block(name, fence, "\n".join(lines)))
                fence = None
        elif fence is not None:
            lines.append(line)
        else:
            assert not line.lstrip().startswith(("```", "~~~")), f"no place for a block: {line}"
            indented = line.startswith(("    ", "\t")) and not before.strip()
            assert not indented, f"a block without a fence: {line}"
        before = line
    assert fence is None, "a block does not end"
    return found


def runs(*names: str) -> Callable[[Test], Test]:
    """Say which blocks a test runs."""
    CLAIMED.update(names)

    def note(test: Test) -> Test:
        test.runs = set(names)  # type: ignore[attr-defined]
        return test

    return note


class Book:
    """Runs blocks in one folder, as the service's user at a shell would."""

    def __init__(self, folder: Path, programs: Path | None = None) -> None:
        self.ran: set[str] = set()
        self._folder = folder
        self._blocks = {each.name: each for each in blocks()}
        mine = [Path(sys.executable).parent, *([programs] if programs else [])]
        self._path = os.pathsep.join([*map(str, mine), os.environ["PATH"]])

    async def run(self, name: str, env: dict[str, str], status: int = 0) -> str:
        """Run a block; give what it wrote on both streams."""
        block = self._blocks[name]
        assert block.info == RUN, name
        self.ran.add(name)
        process = await asyncio.create_subprocess_exec(
            "bash", "-euo", "pipefail", "-c", block.text,
            cwd=self._folder,
            env=env | {"PATH": self._path},
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
        )  # fmt: skip
        told, _ = await asyncio.wait_for(process.communicate(), PATIENCE)
        assert process.returncode == status, f"{name}: {told.decode()}"
        return told.decode()

    def newest(self) -> Path:
        """Give the latest backup."""
        return max((self._folder / "backups").iterdir())
