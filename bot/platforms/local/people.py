"""Who is in the local workspace: the people to be, and whom a form offers."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace

from bot.chat.incoming import Actor
from bot.chat.message import Field, Form
from bot.errors import Misconfigured
from bot.store import local

#: The author of the coach's posts.
COACH = "coach"
_NAME = re.compile(r"[a-z][a-z0-9_-]{0,31}")


@dataclass(frozen=True, slots=True)
class Person:
    """Someone to be in the workspace."""

    key: str
    name: str
    role: str
    zone: str

    @property
    def actor(self) -> Actor:
        """The person as the engine meets them."""
        return Actor(local.PLATFORM, local.WORKSPACE, self.key, self.name, self.zone)

    @property
    def place(self) -> str:
        """Where the coach talks with this person alone."""
        return f"dm:{self.key}"


#: Who lives here. Anyone else may come in by name from the terminal.
CAST = {
    person.key: person
    for person in (
        Person("amina", "Amina Rahman", "Resident, internal medicine", "Europe/London"),
        Person("daniel", "Daniel Ortiz", "Attending, emergency medicine", "America/New_York"),
        Person("rosa", "Rosa Lindqvist", "Programme coordinator", "Europe/Stockholm"),
        Person("wanjiru", "Wanjiru Kamau", "Intensive care nurse, nights", "Africa/Nairobi"),
        Person("milan", "Milan Novotny", "Fellow, palliative medicine", "Europe/Prague"),
        Person("teresa", "Teresa Carvalho", "Physiotherapist, stroke unit", "America/Sao_Paulo"),
        Person("linh", "Linh Pham", "Medical student, fourth year", "America/Toronto"),
    )
}
#: Who coordinates mentorship here, unless the owner names others.
COORDINATORS = frozenset({"rosa"})


def person(name: str) -> Person:
    """Find someone by name; a new name comes in as a visitor who lives on UTC."""
    key = name.strip().lower()
    if not is_name(key):
        raise Misconfigured(
            f"“{name}” is not a name here: use lower-case letters, for example amina."
        )
    return CAST.get(key) or Person(key, key.capitalize(), "Visitor", "UTC")


def is_name(key: str) -> bool:
    """Tell whether somebody can be called this."""
    return _NAME.fullmatch(key) is not None and key != COACH


def offered(form: Form, who: Person, come: Iterable[str]) -> Form:
    """Offer the workspace's people where a form asks for some of them, but oneself.

    `come` are the keys of those who have met the coach; whoever is chosen already stays in sight.
    """
    if all(each.kind != "people" for each in form.fields):
        return form
    known = [*CAST, *sorted(come)]
    return replace(form, fields=tuple(_offering(each, who, known) for each in form.fields))


def _offering(field: Field, who: Person, known: Iterable[str]) -> Field:
    if field.kind != "people":
        return field
    chosen = [each for each in chosen_of(field) if is_name(each)]
    keys = [key for key in dict.fromkeys([*known, *chosen]) if key != who.key]
    return replace(field, choices=tuple((key, person(key).name) for key in keys))


def chosen_of(field: Field) -> list[str]:
    """List what is chosen in a field that takes several values."""
    return [each for each in field.value.split(",") if each]
