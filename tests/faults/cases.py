"""Every fault, on which databases, and its two sizes: as a test, and in full."""

from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from tests.faults.answers import TROUBLES, answered, out_of_reach
from tests.faults.channels import killed_at_channels
from tests.faults.clocks import away, set_back, stepping, summer_time
from tests.faults.databases import full_disk, read_only, restarted
from tests.faults.ground import KINDS, POSTGRESQL, SQLITE, Ground
from tests.faults.killed import dismissed, killed, stopped_at_work, unhurried
from tests.faults.outcome import Outcome
from tests.faults.served import serve_stopped
from tests.faults.slow import crowded, hanging, overlong, slow_turn
from tests.faults.together import again, at_once, side_by_side, signed_again

ZONES = ("Europe/London", "America/New_York", "Australia/Sydney", "Australia/Lord_Howe")
HOURS = ("01:30", "01:45", "02:00", "02:30", "03:00", "09:00")


@dataclass(frozen=True, slots=True)
class Case:
    """One fault on one database."""

    name: str
    scenario: Callable[..., Awaitable[Outcome]]
    kind: str
    small: dict[str, Any]
    #: What is larger in full.
    full: dict[str, Any] = field(default_factory=dict)
    #: Whether real processes or a real wire are used.
    outside: bool = True
    #: Whether it is a test, too: the same fault on a second database often is not.
    tested: bool = True
    #: Whether its test takes some seconds even at its small size.
    long: bool = False

    async def run(self, ground: Ground, *, full: bool) -> Outcome:
        return await self.scenario(ground, self.kind, **self.small | (self.full if full else {}))


def _cases() -> Iterator[Case]:
    two, full = {"workers": 2}, {"members": 5000, "kills": 50}
    small = {"members": 100, "kills": 2, **two}
    yield Case("kill", killed, POSTGRESQL, small, full, long=True)
    small = {"members": 100, "kills": 2, "workers": 1}
    yield Case("kill", killed, SQLITE, small, full)
    small = {"members": 100, "kills": 2, "asks": False, **two}
    yield Case("kill-unasked", killed, POSTGRESQL, small, full, long=True)
    for kind in KINDS:
        small, tested = {"circles": 2, "kills": 2}, kind == SQLITE
        full = {"circles": 12, "kills": 20}
        name = "kill-amid-channels"
        yield Case(name, killed_at_channels, kind, small, full, tested=tested, long=True)
    small = {"members": 1000, "lease": 6.0, "batch": 5, **two}
    yield Case("long-rounds", unhurried, POSTGRESQL, small, tested=False)
    small = {"members": 80, "restarts": 2}
    full = {"members": 5000, "restarts": 8}
    yield Case("restarts", restarted, POSTGRESQL, small, full, long=True)
    yield Case("full-disk", full_disk, SQLITE, {"members": 10}, {"members": 100}, outside=False)
    for kind in KINDS:
        small = {"members": 10}
        yield Case("read-only", read_only, kind, small, {"members": 100}, outside=False)
    for name in TROUBLES:
        for kind in KINDS:
            small = {"fault": name, "members": 24}
            tested = kind == SQLITE
            yield Case(f"answers-{name}", answered, kind, small, {"members": 100}, tested=tested)
    for kind in KINDS:
        small, full, tested = {"members": 15}, {"members": 200}, kind == SQLITE
        yield Case("out-of-reach", out_of_reach, kind, small, full, tested=tested)
        small = {"members": 4, "weeks": 3}
        full = {"members": 20, "weeks": 26}
        yield Case("clock-steps", stepping, kind, small, full, outside=False)
    small = {"beat": 0.05}
    yield Case("clock-set-back", set_back, SQLITE, small, {"beat": 1.0}, outside=False)
    small = {"zones": ZONES, "hours": ("02:30",)}
    yield Case("summer-time", summer_time, SQLITE, small, {"hours": HOURS}, outside=False)
    for kind, numbers in ((POSTGRESQL, (2, 8)), (SQLITE, (2,))):
        for number in numbers:
            small = {"coaches": number, "members": 40}
            yield Case(f"at-once-{number}", at_once, kind, small, {"members": 2000}, outside=False)
    small = {"workers": 8, "members": 5000}
    yield Case("processes", side_by_side, POSTGRESQL, small, tested=False)
    for kind in KINDS:
        small = {"members": 60, "slow": 10}
        yield Case("hanging-sends", hanging, kind, small, {"members": 1000, "slow": 120})
        small, full = {"members": 50}, {"members": 500}
        yield Case("round-of-leases", overlong, kind, small, full, outside=False)
        small = {"members": 20, "seconds": 0.5}
        full = {"members": 200, "seconds": 5.0}
        yield Case("slow-turn", slow_turn, kind, small, full, outside=False)
        small = {"events": 100}
        yield Case("duplicates", again, kind, small, {"events": 1000}, outside=False)
        tested, full = kind == SQLITE, {"events": 1000}
        yield Case("duplicates-signed", signed_again, kind, small, full, tested=tested)
        small, full = {"members": 120, "stops": 2}, {"members": 5000, "stops": 20}
        yield Case("sigterm", dismissed, kind, small, full, tested=tested)
        yield Case("stop-amid-claim", stopped_at_work, kind, {"members": 150}, outside=False)
        small, full = {"members": 250}, {"members": 5000}
        yield Case("crowded", crowded, kind, small, full, outside=False, tested=tested)
        yield Case("away", away, kind, {"members": 3}, {"members": 100}, outside=False)
    small = {"members": 12, "sent": 4}
    full = {"members": 500, "sent": 100}
    yield Case("sigterm-serve", serve_stopped, POSTGRESQL, small, full, long=True)


CASES = tuple(_cases())
