"""What a member looks at: the trend, why ideas came, self-checks, settings."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from bot.chat.message import File
from bot.chat.prompt import Press, press
from bot.features.wellbeing.prompts import Caring


@dataclass(frozen=True, slots=True)
class TrendLine:
    """One part beside the member's own usual, and its values as a line."""

    says: str
    line: str


@dataclass(frozen=True, kw_only=True)
class TrendShown(Caring):
    """How the answers went, in words and as a line."""

    words = "wellbeing/trend.md"
    first: date
    last: date
    lines: tuple[TrendLine, ...]
    took: tuple[str, ...]
    gave: tuple[str, ...]
    several: bool

    def offers(self) -> Iterable[Press]:
        if self.several:
            yield press("wellbeing.picture", says="wellbeing.press.picture")
        yield press("wellbeing.settings", says="wellbeing.press.settings")


@dataclass(frozen=True, kw_only=True)
class NoTrend(Caring):
    """There is no answer to look at."""

    words = "wellbeing/no_trend.md"

    def offers(self) -> Iterable[Press]:
        yield press("wellbeing.pulse", says="wellbeing.press.pulse", primary=True)


@dataclass(frozen=True, kw_only=True)
class PictureComes(Caring):
    """The picture is on its way."""

    words = "wellbeing/picture_comes.md"


@dataclass(frozen=True, kw_only=True)
class TrendPicture(Caring):
    """The trend as a picture."""

    words = "wellbeing/picture.md"
    picture: bytes
    says: str
    first: date
    last: date

    def files(self) -> tuple[File, ...]:
        return (File("trend.png", "image/png", self.picture, self.says),)


@dataclass(frozen=True, slots=True)
class MomentLine:
    """One moment: when, what was said, and why."""

    at: datetime
    what: str
    reason: str


@dataclass(frozen=True, kw_only=True)
class WhyMoments(Caring):
    """The last moments, each with its reason."""

    words = "wellbeing/why.md"
    moments: tuple[MomentLine, ...]

    def offers(self) -> Iterable[Press]:
        yield press("wellbeing.settings", says="wellbeing.press.settings")


@dataclass(frozen=True, slots=True)
class CheckLine:
    """One self-check in a list."""

    name: str
    title: str
    questions: int


@dataclass(frozen=True, kw_only=True)
class Checks(Caring):
    """The longer self-checks."""

    words = "wellbeing/checks.md"
    checks: tuple[CheckLine, ...]

    def offers(self) -> Iterable[Press]:
        for each in self.checks:
            yield press("wellbeing.take", each.name, says="wellbeing.press.check", title=each.title)


@dataclass(frozen=True, kw_only=True)
class CheckOffered(Caring):
    """The time of a self-check has come."""

    words = "wellbeing/check_offered.md"
    name: str
    title: str
    questions: int

    def offers(self) -> Iterable[Press]:
        yield press("wellbeing.take", self.name, says="wellbeing.press.open", primary=True)
        yield press("wellbeing.settings", says="wellbeing.press.settings")


@dataclass(frozen=True, slots=True)
class Strain:
    """What wears most, by name and as a part of a sentence."""

    driver: str
    says: str


@dataclass(frozen=True, kw_only=True)
class CheckResult(Caring):
    """What a member is told of their answers."""

    words = "wellbeing/result.md"
    title: str
    note: str
    attribution: str
    answered: int
    questions: int
    whole: bool
    band: str
    usual: str
    strains: bool
    leading: tuple[Strain, ...]

    def offers(self) -> Iterable[Press]:
        for each in self.leading:
            yield press(
                "wellbeing.idea_for",
                each.driver,
                says="wellbeing.press.idea_about",
                about=each.says,
            )


@dataclass(frozen=True, kw_only=True)
class WellbeingSettings(Caring):
    """How things are set."""

    words = "wellbeing/settings.md"
    #: Whether ideas have just been let in again.
    again: bool = False
    pulse: bool
    ideas: bool
    muted_until: date | None
    monthly: bool
    quarterly: bool
    counted: bool

    def offers(self) -> Iterable[Press]:
        yield press("wellbeing.change", says="wellbeing.press.change")
        yield press("wellbeing.why", says="wellbeing.press.why")
