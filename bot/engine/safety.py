"""What is said to someone who may be in danger: reviewed texts, and numbers where the person is."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from functools import cache

from bot.chat.content import content
from bot.chat.prompt import Press, Prompt, Words, press
from bot.domain.crisis import Level
from bot.domain.helplines import Helplines, Line, LineKind
from bot.engine.turn import Turn
from bot.store import checkins, safety

#: The version of the reply texts, kept with each event.
VERSION = "2026-11"


@dataclass(frozen=True, slots=True)
class Number:
    """A line to call or text, as it is shown."""

    name: str
    display: str
    hours: str
    note: str


@dataclass(frozen=True, kw_only=True)
class Card(Prompt):
    """A text with the lines of the member's country, or with none where that is unknown."""

    words = "safety/resources.md"
    emergency: tuple[Number, ...] = ()
    lines: tuple[Number, ...] = ()
    clinician: tuple[Number, ...] = ()
    local: str = ""
    #: Whether the country is known: else it is asked for, and never guessed.
    placed: bool = field(default=False)
    #: What the button that says "you misunderstood" takes back.
    event: int = 0

    def buttons(self) -> Iterable[Press]:
        if not self.placed:
            yield press("help-now.where", says="safety.press.where", primary=True)
        yield from self.answers()

    def answers(self) -> Iterable[Press]:
        """Give the buttons that belong to this text."""
        return ()


@dataclass(frozen=True, kw_only=True)
class _Serious(Card):
    def answers(self) -> Iterable[Press]:
        if self.placed:
            yield press("help-now.", says="safety.press.numbers")
        yield press("help-now.safe", says="safety.press.safe")
        yield press("help-now.misunderstood", self.event, says="safety.press.misunderstood")


@dataclass(frozen=True, kw_only=True)
class Danger(_Serious):
    """A plan, means, a goodbye, an act."""

    words = "safety/l3.md"


@dataclass(frozen=True, kw_only=True)
class Thoughts(_Serious):
    """Thoughts of suicide or self-harm."""

    words = "safety/l2.md"


@dataclass(frozen=True, kw_only=True)
class AskPlainly(Card):
    """It may mean anything: one plain question."""

    words = "safety/l1.md"

    def answers(self) -> Iterable[Press]:
        yield press("help-now.yes", says="safety.press.yes")
        yield press("help-now.no", says="safety.press.no")
        yield press("help-now.other", says="safety.press.other")
        yield press("help-now.misunderstood", self.event, says="safety.press.figure")


@dataclass(frozen=True, kw_only=True)
class AboutSomeone(Card):
    """It is about a colleague, a friend, one of the family."""

    words = "safety/third_person.md"

    def answers(self) -> Iterable[Press]:
        yield press("help-now.misunderstood", self.event, says="safety.press.misunderstood")


@dataclass(frozen=True, kw_only=True)
class AboutPatient(Prompt):
    """It is about a patient."""

    words = "safety/third_patient.md"


@dataclass(frozen=True, kw_only=True)
class AfterLoss(Card):
    """Somebody they knew died by suicide."""

    words = "safety/bereavement.md"


@dataclass(frozen=True, kw_only=True)
class Resources(Card):
    """People to talk to, without urgency."""

    words = "safety/resources.md"


@dataclass(frozen=True, kw_only=True)
class HelpNow(Card):
    """The numbers, first and at once."""

    words = "safety/help_now.md"


@dataclass(frozen=True, kw_only=True)
class SafeNow(Card):
    """The member says that they are safe."""

    words = "safety/safe_now.md"


_REPLIES: dict[Level, type[Card]] = {
    Level.L3: Danger,
    Level.L2: Thoughts,
    Level.L1: AskPlainly,
    Level.THIRD_PERSON: AboutSomeone,
    Level.BEREAVEMENT: AfterLoss,
}
#: Levels after which nothing is sent unasked for three days.
OWN = frozenset({Level.L2, Level.L3})


@cache
def helplines() -> Helplines:
    """Read the lines once."""
    return Helplines.from_data(content("crisis/helplines"))


def reply_to(turn: Turn, level: Level) -> Prompt:
    """Answer a level with its text; the event is kept without words, and nobody is told."""
    rests = level in OWN
    event = safety.record(turn.db, turn.member, level.value, VERSION, turn.now, rests=rests)
    if rests:
        checkins.excuse_open(turn.db, turn.member.key)  # as any pause does
    if level is Level.THIRD_PATIENT:
        return AboutPatient()
    return card(turn, _REPLIES[level], event)


def card(turn: Turn, kind: type[Card], event: int = 0) -> Card:
    """Fill a text with the lines of the member's country."""
    lines = helplines().for_country(turn.member.country)

    def of(*kinds: LineKind) -> tuple[Number, ...]:
        return tuple(_number(line) for line in lines if line.kind in kinds)

    return kind(
        emergency=of(LineKind.EMERGENCY),
        lines=of(LineKind.CRISIS, LineKind.TEXT),
        clinician=of(LineKind.CLINICIAN),
        local=turn.owner.local_help,
        placed=bool(turn.member.country),
        event=event,
    )


#: The answer for a country whose lines we do not have.
ELSEWHERE = "--"


def countries(words: Words) -> list[tuple[str, str]]:
    """List the countries whose lines we have, code and name, by name; at the end another one."""
    named = [(code, words.short(f"safety.country.{code}")) for code in helplines().countries()]
    named.sort(key=lambda country: country[1])
    return [*named, (ELSEWHERE, words.short("safety.press.elsewhere"))]


def stale_lines(today: date) -> list[str]:
    """Name the lines that nobody has confirmed for half a year."""
    return [f"{line.country}: {line.name}" for line in helplines().stale(today)]


def _number(line: Line) -> Number:
    return Number(line.name, line.display, line.hours, line.note)
