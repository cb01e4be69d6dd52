"""What `preceptor simulate` does around a run: its file, its output, and what it cost."""

import os
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from bot.errors import Misconfigured
from bot.simulating.report import as_json, as_text
from bot.simulating.run import Settings, simulate


def run(
    settings: Settings,
    *,
    keep: Path | None,
    overlay: Path | None,
    json: bool,
    show: Callable[[float], None],
) -> tuple[str, list[str]]:
    """Run a simulation; give its report, and a sentence for each count that is not in the rows."""
    if keep is not None and os.access(keep, os.F_OK):
        raise Misconfigured(f"{keep} is there already: give --keep the name of a new file.")
    if keep is not None and not os.access(keep.absolute().parent, os.W_OK):
        raise Misconfigured(f"{keep} cannot be made: give --keep a place where you may write.")
    with tempfile.TemporaryDirectory(prefix="preceptor-") as folder:
        result = simulate(settings, keep or Path(folder) / "simulated.db", overlay, show)
    return (as_json if json else as_text)(result), result.disagreements


class Cost:
    """How long a run takes and how much memory: they differ each time, so no report has them."""

    def __init__(self) -> None:
        self._began = time.perf_counter()

    def __str__(self) -> str:
        seconds = time.perf_counter() - self._began
        peak = _peak_mib()
        memory = "" if peak is None else f", {peak:.0f} MiB of memory at most"
        return f"It took {seconds:.1f} seconds{memory}."


def _peak_mib() -> float | None:
    """Tell the most memory that this process has used; None where the system does not say."""
    try:
        import resource
    except ImportError:  # Windows
        return None
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / (1024 * 1024 if sys.platform == "darwin" else 1024)
