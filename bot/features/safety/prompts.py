"""What is asked around Help now."""

from collections.abc import Iterable
from dataclasses import dataclass

from bot.chat.prompt import Press, Prompt, press


@dataclass(frozen=True, slots=True)
class Country:
    """A country whose lines we have."""

    code: str
    name: str


@dataclass(frozen=True, kw_only=True)
class ChooseCountry(Prompt):
    """Which country's numbers are wanted."""

    words = "safety/choose_country.md"
    countries: tuple[Country, ...]

    def buttons(self) -> Iterable[Press]:
        for country in self.countries:
            yield press(
                "help-now.country", country.code, says="safety.press.country", name=country.name
            )
        yield press("help-now.country", "--", says="safety.press.elsewhere")


@dataclass(frozen=True, kw_only=True)
class Misunderstood(Prompt):
    """A text was read wrong."""

    words = "safety/misunderstood.md"
