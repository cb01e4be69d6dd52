"""One turn: a member, a moment, and a database session. Handlers get it and return what to say."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from sqlmodel import Session

from bot.chat.catalog import Catalog
from bot.chat.command import Group
from bot.chat.prompt import Prompt, Words
from bot.chat.reading import Eyes
from bot.domain.availability import Weight
from bot.domain.shifts import Shift
from bot.domain.zones import local
from bot.engine.errands import Errand, Result
from bot.models import Delivery, Member
from bot.store import rhythms


@dataclass(frozen=True, slots=True)
class Owner:
    """What the owner of this coach has set for everybody."""

    #: Where help is found at work; empty where they said nothing.
    local_help: str = ""
    #: Who coordinates mentorship, by the platform's names for them.
    coordinators: frozenset[str] = frozenset()


#: An owner who has set nothing.
OWNER = Owner()


@dataclass
class Turn:
    """What a handler may look at. It never sends, never waits, and never commits."""

    db: Session
    member: Member
    now: datetime
    catalog: Catalog
    words: Words
    #: The member's shifts around this moment, where they were read already.
    shifts: Sequence[Shift] | None = None
    owner: Owner = OWNER
    #: Messages sent earlier that this turn makes out of date, by their delivery.
    updates: list[tuple[int, Prompt]] = field(default_factory=list)

    @property
    def here(self) -> datetime:
        """The moment on the member's wall clock."""
        return local(self.now, self.member.zone)

    @property
    def today(self) -> date:
        """The member's calendar day."""
        return self.here.date()

    @property
    def coordinates(self) -> bool:
        """Whether this member coordinates mentorship here."""
        return self.member.user in self.owner.coordinators

    @property
    def eyes(self) -> Eyes:
        """How to read this member's dates."""
        return Eyes(self.today, self.member.dayfirst)

    def at(self, moment: datetime) -> datetime:
        """Put a moment on the member's wall clock."""
        return local(moment, self.member.zone)

    def next(self, occasion: str) -> datetime | None:
        """Tell when an occasion comes next, on the member's wall clock; None when it stopped."""
        rhythm = rhythms.of(self.db, self.member, occasion)
        if rhythm is None or rhythm.stopped_at is not None:
            return None
        return self.at(rhythm.next_at)

    def update(self, delivery_id: int | None, prompt: Prompt) -> None:
        """Replace the message of an earlier delivery, if it was sent."""
        if delivery_id is not None:
            self.updates.append((delivery_id, prompt))


@dataclass(frozen=True, slots=True)
class Withhold:
    """Do not send, and say why; with `until`, try again at that moment instead."""

    reason: str
    until: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Occasion:
    """A scheduled thing: how its message is made from today's facts, when it is sent."""

    name: str
    compose: Callable[[Turn, Delivery, bool], Prompt | Errand | Withhold]
    #: After this the message would only confuse: it is dropped with its reason.
    stale_after: timedelta
    #: After this the message says that it is late.
    late_after: timedelta = timedelta(minutes=30)
    #: What it asks of its reader; None for what the member asked for, which always comes.
    weight: Weight | None = Weight.DEMANDING
    #: Whether its hour is the member's own choice.
    chosen: bool = False
    #: Whether even that it was sent is nobody's business: no row of it is left, and its count
    #: does not tell what became of it.
    private: bool = False
    #: Whether it concerns a channel: the member it hangs on is not written to, so that neither
    #: their silence nor their being away holds it back.
    for_room: bool = False
    #: Told in the transaction that marks an errand as done: what came of it, and when.
    done: Callable[[Session, Delivery, Result, datetime], None] | None = None
    #: Told in the transaction that marks it when the channel was found to be gone, with the reason.
    lost: Callable[[Session, Delivery, str, datetime], None] | None = None
    #: Told when it is left out before it is composed, with the reason.
    left_out: Callable[[Turn, Delivery, str], None] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Feature:
    """What one feature brings to the house."""

    name: str
    groups: Sequence[Group] = ()
    occasions: Sequence[Occasion] = ()
    #: Called once for each new member; what it returns is said first.
    joins: Callable[[Turn], Iterable[Prompt]] | None = None
    #: Reads content before the first member waits for it.
    prepare: Callable[[], object] | None = None
