"""Child processes: they print their port, take orders in JSON, and end with their input."""

import json
import subprocess
import sys
from types import TracebackType
from typing import Any


class Child:
    """A module run as a process of its own; give it up with `with`."""

    def __init__(self, module: str, *args: object) -> None:
        self._module = module
        self._process = subprocess.Popen(
            [sys.executable, "-m", module, *map(str, args)],
            text=True,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        )
        #: Where it serves; 0 for one that only takes orders.
        self.port = int(self._line())
        self.last_words = ""

    def order(self, **what: object) -> None:
        """Tell it what to do now."""
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps(what) + "\n")
        self._process.stdin.flush()

    def answer(self) -> dict[str, Any]:
        """Wait until it has done what it was told."""
        answer: dict[str, Any] = json.loads(self._line())
        return answer

    def _line(self) -> str:
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        if not line:
            raise RuntimeError(f"{self._module} ended with status {self._process.wait()}")
        return line

    def __enter__(self) -> "Child":
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        try:
            self.last_words, _ = self._process.communicate(timeout=30)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.communicate()
            raise

    @property
    def peak_mib(self) -> float:
        """The most memory it held, once it has ended."""
        return int(self.last_words.split()[-1]) / 1024
