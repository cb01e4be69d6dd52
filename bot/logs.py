"""Logs for operators: an `action` on each line, and never a member's words."""

import logging
import traceback
from pathlib import Path


def set_up(style: str) -> None:
    """Log to standard error, as text or as one JSON object a line."""
    handler = logging.StreamHandler()
    if style == "json":
        from pythonjsonlogger.json import JsonFormatter

        handler.setFormatter(JsonFormatter("{asctime}{levelname}{name}{message}", style="{"))
    else:
        handler.setFormatter(_Text("{asctime} {levelname:<7} {name}: {message}", style="{"))
    logging.basicConfig(level=logging.INFO, handlers=[handler], force=True)
    # APScheduler announces each tick; Bolt warns of what Slack will stop sending anyway.
    for noisy in (
        "alembic",
        "apscheduler",
        "slack_bolt",
        "slack_sdk",
        "aiohttp.access",
        "uvicorn",
    ):
        logging.getLogger(noisy).setLevel(logging.WARNING)
    # It warns at each beat while a long round goes on, as is meant.
    logging.getLogger("apscheduler.scheduler").setLevel(logging.ERROR)


def cause(error: BaseException) -> str:
    """Name an error and where it came from, without its message: that may quote a member."""
    frames = traceback.extract_tb(error.__traceback__)[-4:]
    places = " < ".join(
        f"{Path(frame.filename).name}:{frame.lineno} {frame.name}" for frame in reversed(frames)
    )
    return f"{type(error).__name__} at {places}"


class _Text(logging.Formatter):
    """Adds the extra keys that our own lines carry."""

    _KEYS = (
        *("action", "reference", "cause", "delivery", "occasion", "platform", "count", "reason"),
        "member",
    )

    def format(self, record: logging.LogRecord) -> str:
        known = (f"{key}={getattr(record, key)}" for key in self._KEYS if hasattr(record, key))
        return " ".join([super().format(record), *known])
