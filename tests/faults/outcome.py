"""What a fault did: counted from what the platform received against what was promised."""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from types import ModuleType


@dataclass(frozen=True, slots=True)
class Post:
    """One part of a delivery, as the platform received it."""

    key: str
    part: int
    user: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What came of one fault on one database."""

    fault: str
    database: str
    #: How many deliveries or events were at stake.
    tries: int
    lost: int
    doubled: int
    #: How many may be doubled: none, unless the platform cannot be asked.
    allowed: int = 0
    #: Seconds from the end of the fault until everything was delivered; None without a meaning.
    recovered: float | None = None
    note: str = ""
    #: What else was promised and did not hold.
    broken: tuple[str, ...] = ()

    @property
    def held(self) -> bool:
        """Tell whether nothing was lost, nothing doubled beyond what is allowed, nothing broken."""
        return self.lost == 0 and self.doubled <= self.allowed and not self.broken


def judged(
    fault: str,
    database: str,
    promised: Collection[str],
    posts: Collection[Post],
    *,
    expected: int,
    ended: datetime | None = None,
    allowed: int = 0,
    note: str = "",
    broken: Iterable[str] = (),
) -> Outcome:
    """Count what of the promised keys never arrived, and what arrived more than once.

    `expected` is how many promises there had to be: one that was never written down is lost too.
    `ended` is the end of the fault, from which the time to recover is taken.
    """
    arrived = {post.key: post.at for post in sorted(posts, key=lambda each: each.at, reverse=True)}
    copies = Counter((post.key, post.part) for post in posts)
    lost = len(set(promised) - arrived.keys()) + max(0, expected - len(promised))
    recovered = None
    if ended is not None and arrived:
        recovered = max(0.0, (max(arrived.values()) - ended).total_seconds())
    strange = arrived.keys() - set(promised)
    return Outcome(
        fault=fault,
        database=database,
        tries=expected,
        lost=lost,
        doubled=sum(copies.values()) - len(copies),
        allowed=allowed,
        recovered=recovered,
        note=note,
        broken=(*broken, *(f"nobody promised {key}" for key in sorted(strange)[:3])),
    )


@contextmanager
def setting(module: ModuleType, **values: object) -> Iterator[None]:
    """Give a module's constants other values for a while."""
    before = {name: getattr(module, name) for name in values}
    for name, value in values.items():
        setattr(module, name, value)
    try:
        yield
    finally:
        for name, value in before.items():
            setattr(module, name, value)
