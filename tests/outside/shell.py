"""The command line, called within the tests or started as a process."""

import io
import json
import logging
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from pathlib import Path
from typing import Any, NamedTuple
from unittest.mock import patch

from bot import cli


class Done(NamedTuple):
    """What a command came to."""

    returncode: int
    stdout: str
    stderr: str


class Shell:
    """Runs `preceptor` on a database of its own, with an empty home.

    A process takes a second: `run` calls the command line here, `process` starts one.
    """

    def __init__(self, folder: Path) -> None:
        self.file = folder / "data" / "coach.db"
        self.environment = {
            "PATH": os.environ["PATH"],
            "HOME": str(folder),
            "DATABASE_URL": f"sqlite:///{self.file}",
        }

    def process(self, *words: str, **variables: str) -> Done:
        done = subprocess.run(
            [sys.executable, "-m", "bot", *words],
            env={**self.environment, **variables},
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        return Done(done.returncode, done.stdout, done.stderr)

    def run(self, *words: str, **variables: str) -> Done:
        out, err, code = io.StringIO(), io.StringIO(), 0
        with (
            patch.dict(os.environ, {**self.environment, **variables}, clear=True),
            patch.object(sys, "argv", ["preceptor", *words]),
            own_logs(),
            redirect_stdout(out),
            redirect_stderr(err),
        ):
            try:
                cli.main()
            except SystemExit as end:
                code = int(end.code or 0)
        return Done(code, out.getvalue(), err.getvalue())

    def json(self, *words: str) -> list[dict[str, Any]]:
        done = self.run(*words, "--json")
        assert done.returncode == 0, done.stderr
        told: list[dict[str, Any]] = json.loads(done.stdout)
        return told


@contextmanager
def own_logs() -> Iterator[None]:
    """Keep what a command does to the root logger from the tests after it."""
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    root.handlers[:] = []
    try:
        yield
    finally:
        root.handlers[:] = handlers
        root.setLevel(level)
