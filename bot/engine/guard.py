"""Looks at every text before anything else is done with it: for a person in danger, for a patient.

It finds some of both and misses many: the texts say so, and Help now needs no finding.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cache

from bot.chat.catalog import Catalog
from bot.chat.content import content
from bot.chat.incoming import Incoming, Said, Submitted
from bot.domain.crisis import CrisisRules, Level
from bot.domain.phi import Finding, PhiRules, Severity
from bot.domain.text import TOO_LONG, without_addresses


@dataclass(frozen=True, slots=True)
class Look:
    """What was found in a text; neither holds any of its words."""

    level: Level = Level.NONE
    patient: Finding | None = None


@cache
def crisis_rules() -> CrisisRules:
    """Read the rules once; it takes about a tenth of a second."""
    return CrisisRules.from_data(content("crisis/rules"))


@cache
def patient_rules() -> PhiRules:
    """Read the rules once."""
    return PhiRules.from_data(content("phi/rules"))


def look(incoming: Incoming) -> Look:
    """Look at what a member wrote; danger comes first, and then nobody looks for patients."""
    for text in texts_of(incoming):
        if (level := crisis_rules().level(text)) is not Level.NONE:
            return Look(level)
    found = [finding for text in texts_of(incoming) if (finding := patient_rules().look(text))]
    found.sort(key=lambda finding: finding.severity is not Severity.CERTAIN)
    return Look(patient=found[0] if found else None)


def in_the_open(incoming: Incoming, catalog: Catalog) -> Incoming:
    """Leave out the addresses that stay secret: a number in one is no patient's."""
    if isinstance(incoming, Said):
        text = incoming.text[:TOO_LONG]
        if catalog.masked(text) != text:
            return replace(incoming, text=without_addresses(text))
    if isinstance(incoming, Submitted):
        secret = catalog.secrets(incoming.form.partition(":")[0])
        hidden = {name: without_addresses(incoming.values.get(name, "")) for name in secret}
        return replace(incoming, values={**incoming.values, **hidden})
    return incoming


def texts_of(incoming: Incoming) -> Iterable[str]:
    """Give what the member wrote in free words."""
    if isinstance(incoming, Said):
        yield incoming.text[:TOO_LONG]
    elif isinstance(incoming, Submitted):
        for value in incoming.values.values():
            yield value[:TOO_LONG]
