"""What Prometheus is told: how turns and deliveries go, and what waits. It names no member."""

from collections.abc import Mapping
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version

from prometheus_client import (
    CONTENT_TYPE_LATEST,
    CollectorRegistry,
    Counter,
    Gauge,
    GCCollector,
    Histogram,
    Info,
    PlatformCollector,
    ProcessCollector,
    generate_latest,
)

#: What `Metrics.render` gives, as HTTP names it.
CONTENT_TYPE = CONTENT_TYPE_LATEST
#: The command of a turn whose words or button named none of ours.
OTHER = "other"
#: The upper ends of the turns' buckets, in seconds. Slack waits three seconds for an answer.
BUCKETS = (0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 3.0, 10.0)


@dataclass(frozen=True, slots=True)
class Backlog:
    """The deliveries that may be tried now: how many on each platform, and the oldest's age."""

    waiting: Mapping[str, int]
    #: In seconds; 0 when none waits.
    oldest: float


class Metrics:
    """The series of one coach, in a registry of its own: there may be several in a process."""

    def __init__(self) -> None:
        self._registry = CollectorRegistry()
        self._deliveries = Counter(
            "preceptor_deliveries",
            "Deliveries by what became of a try: sent, late (sent late), dropped, moved, failed.",
            ("platform", "occasion", "outcome"),
            registry=self._registry,
        )
        self._turns = Histogram(
            "preceptor_turn_seconds",
            "How long it took to answer what a member did.",
            ("command",),
            buckets=BUCKETS,
            registry=self._registry,
        )
        self._failures = Counter(
            "preceptor_turn_failures",
            "Turns that ended in a fault of ours; the member was told a reference.",
            registry=self._registry,
        )
        Info("preceptor_build", "The program.", registry=self._registry).info(
            {"version": _version()}
        )
        ProcessCollector(registry=self._registry)
        PlatformCollector(registry=self._registry)
        GCCollector(registry=self._registry)

    def delivered(self, platform: str, occasion: str, outcome: str) -> None:
        """Count what became of a try: sent, late, dropped, moved, or failed."""
        self._deliveries.labels(platform, occasion, outcome).inc()

    def turn(self, command: str, seconds: float) -> None:
        """Note how long a turn took; `command` is a name of the catalog, or OTHER."""
        self._turns.labels(command).observe(seconds)

    def turn_failed(self) -> None:
        """Count a turn that ended in a fault of ours."""
        self._failures.inc()

    def render(self, backlog: Backlog | None) -> bytes:
        """Write all series down; without a backlog the database did not answer."""
        # Its own registry each time: what was read before must not be told of a database that
        # is away, and two scrapes may overlap.
        now = CollectorRegistry()
        Gauge(
            "preceptor_database_up", "Whether the database answered this scrape.", registry=now
        ).set(backlog is not None)
        if backlog is not None:
            Gauge(
                "preceptor_due_lag_seconds",
                "Age of the oldest delivery or check-in hour that is due; 0 when there is none.",
                registry=now,
            ).set(backlog.oldest)
            waiting = Gauge(
                "preceptor_deliveries_waiting",
                "Waiting deliveries that may be tried now.",
                ("platform",),
                registry=now,
            )
            for platform, count in backlog.waiting.items():
                waiting.labels(platform).set(count)
        return generate_latest(self._registry) + generate_latest(now)


def _version() -> str:
    try:
        return version("preceptor")
    except PackageNotFoundError:  # run from a folder that was never installed
        return "unknown"
