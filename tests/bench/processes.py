"""Child processes that print their port, and end when their input closes."""

import subprocess
import sys
from types import TracebackType


class Child:
    """A module run as a process of its own."""

    def __init__(self, module: str, *args: object) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", module, *map(str, args)],
            text=True,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        )
        assert self._process.stdout is not None
        self.port = int(self._process.stdout.readline())
        self.last_words = ""

    def __enter__(self) -> "Child":
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.last_words, _ = self._process.communicate(timeout=30)

    @property
    def peak_mib(self) -> float:
        """The most memory it held, once it has ended."""
        return int(self.last_words.split()[-1]) / 1024
