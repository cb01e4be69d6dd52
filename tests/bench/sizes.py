"""How much is measured: in full, or a little of everything to try the benchmark itself."""

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Sizes:
    """Counts of one run of the benchmark."""

    #: Every median is of this many runs.
    runs: int
    #: Slash commands before anything is measured, one after another, and 32 in flight.
    first: int
    alone: int
    together: int
    #: Members in the tables of an idle tick, and how often it is looked at.
    idle: tuple[int, ...]
    looks: int
    #: Members in the tables of a spike, and how many of them are due.
    crowds: tuple[int, ...]
    due: int
    #: Members who are due at once for several processes.
    shared: int
    #: Deliveries of a fixed message, and of the real check-in.
    messages: int
    checkins: int
    #: Baselines: cron jobs that are due together, and jobs that are queued.
    crons: int
    jobs: int
    #: Texts of each kind that the guards look at.
    texts: int
    #: Moments at which an idea is chosen.
    moments: int
    #: People of whom circles are formed.
    pool: int
    #: Mentees of a matching round, and of those that a slower way of matching does too.
    mentees: tuple[int, ...]
    compared: tuple[int, ...]
    #: Members who are due while commands come in.
    spike: int
    #: Seconds of every open load, and its commands a second.
    seconds: float
    rates: tuple[int, int]

    @property
    def typists(self) -> int:
        """Members of the open loads: so many that none reaches the most goals one may have."""
        return max(100, round(sum(self.rates) * self.seconds / 40))


FULL = Sizes(
    runs=3,
    first=200,
    alone=300,
    together=1_500,
    idle=(10_000, 100_000, 1_000_000),
    looks=400,
    crowds=(100_000, 1_000_000),
    due=20_000,
    shared=100_000,
    messages=10_000,
    checkins=2_000,
    crons=10_000,
    jobs=1_000,
    texts=2_000,
    moments=100_000,
    pool=1_000,
    mentees=(100, 1_000, 10_000),
    compared=(100, 1_000, 3_000),
    spike=10_000,
    seconds=60,
    rates=(100, 500),
)
QUICK = Sizes(
    runs=1,
    first=100,
    alone=30,
    together=100,
    idle=(500, 2_000, 5_000),
    looks=40,
    crowds=(5_000, 10_000),
    due=1_000,
    shared=2_000,
    messages=500,
    checkins=100,
    crons=100,
    jobs=50,
    texts=100,
    moments=1_000,
    pool=100,
    mentees=(50, 200),
    compared=(50, 200),
    spike=100,
    seconds=2,
    rates=(50, 150),
)
