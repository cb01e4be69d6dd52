"""Forms as they were left, and refusals in a sentence that says what to do next."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from hashlib import blake2s
from typing import Any

from bot.chat.answers import Unfit, form_of
from bot.chat.catalog import Catalog
from bot.chat.command import Command
from bot.chat.content import content
from bot.chat.incoming import Incoming, Said, Submitted
from bot.chat.message import Form
from bot.chat.prompt import Prompt, Words
from bot.domain.dates import spoken
from bot.domain.text import TOO_LONG, clean, one_line, without_addresses
from bot.engine.prompts import Heavy, NotSaved, WhichOne
from bot.engine.prompts import Told as Sentence
from bot.engine.turn import Turn
from bot.errors import Ambiguous, Misread, Refused, Told
from bot.store import drafts

#: How long a form that was refused or left opens as it was: an evening, not a season.
FRESH = timedelta(hours=12)
#: The most digits of a row's number: one more would not fit the database.
DIGITS = 15


class Asking:
    """What the house itself asks and answers, whichever feature was meant."""

    def __init__(self, catalog: Catalog, words: Words) -> None:
        self._catalog = catalog
        self._words = words

    def form_of(self, command: Command) -> Form:
        """Give the form of a command's arguments."""
        title = f"house.form.{command.full.replace('.', '_')}"
        return form_of(
            command,
            title=self._words.short(
                title if title in self._words else "house.form.any", name=command.typed
            ),
            submit=self._words.short("house.press.send"),
        )

    def with_what_was_typed(self, turn: Turn, command: Command, found: Mapping[str, Any]) -> Form:
        """Give a command's form, and keep what was typed for it."""
        secret = self._catalog.secrets(command.full)
        typed = {name: as_typed(value) for name, value in found.items() if name not in secret}
        if typed:
            drafts.keep(turn.db, turn.member.key, command.full, typed, turn.now)
        return self.form_of(command)

    def as_left(self, turn: Turn, form: Form) -> Form:
        """Fill an opening form with what was typed into it before it was refused or left."""
        kept = drafts.kept(turn.db, turn.member.key, form.address, since=turn.now - FRESH)
        if not kept:
            return form
        return replace(
            form,
            fields=tuple(
                replace(each, value=str(kept.get(each.name, each.value))) for each in form.fields
            ),
        )

    def again(self, turn: Turn, incoming: Incoming, unfit: Unfit) -> Form:
        """Show the same form with what was typed and a sentence beside each refused field."""
        if not isinstance(incoming, Submitted):
            raise TypeError("only a form can be unfit") from unfit
        drafts.keep(turn.db, turn.member.key, incoming.form, self._told_again(incoming), turn.now)
        name, _, rest = incoming.form.partition(":")
        if (command := self._catalog.commands.get(name)) is not None:
            form = self.form_of(command)
        else:
            spec = self._catalog.forms[name]
            form = spec.opens(turn, *references(rest.split(":") if rest else [], spec.kinds))
        errors = {
            field: without_addresses(self._words.told(error))
            for field, error in unfit.errors.items()
        }
        return replace(form, errors=errors)

    def explain(self, turn: Turn, incoming: Incoming, error: Told) -> Prompt:
        """Say why something was not done, and give back what was typed, but nothing secret."""
        sentence = without_addresses(self._words.told(error))
        if isinstance(error, Ambiguous) and not isinstance(incoming, Submitted):
            # "/shfit feed https://…" offers the command alone: its form asks for the address.
            options = tuple(self._catalog.masked(each).removesuffix(" …") for each in error.options)
            return WhichOne(
                sentence=sentence,
                choice=self._choice(turn, options),
                options=error.labels or options,
            )
        if isinstance(incoming, Submitted):
            given = self._told_again(incoming).items()
            # A number of a row, or several, is what was chosen in a list: nobody typed it.
            typed = tuple(
                (key, clean(value))
                for key, value in given
                if value and not all(is_number(each) for each in value.split(","))
            )
            return NotSaved(sentence=sentence, typed=typed)
        if error.key == "help.not_a_command" and isinstance(incoming, Said):
            return self._not_a_command(turn, sentence, one_line(incoming.text))
        if isinstance(error, Misread) and isinstance(incoming, Said):
            text = one_line(incoming.text)[:TOO_LONG]
            is_open = self._catalog.masked(text) == text
            return Sentence(sentence=sentence, typed=text if is_open else "")
        return Sentence(sentence=sentence)

    def _told_again(self, sent: Submitted) -> dict[str, str]:
        """Give what was typed into a form, as far as it may be shown again."""
        secret = self._catalog.secrets(sent.form.partition(":")[0])
        return {name: value for name, value in sent.values.items() if name not in secret}

    def _not_a_command(self, turn: Turn, sentence: str, text: str) -> Prompt:
        low = text.lower().replace("’", "'")
        if any(phrase in low for phrase in content("safety/heavy")["phrases"]):
            return Heavy()
        if without_addresses(text) != text:
            return Sentence(sentence=self._words.short("help.an_address"))
        choice = self._choice(turn, (f"/goal add {text}",))
        return Sentence(sentence=sentence, typed=text, as_goal=choice)

    def _choice(self, turn: Turn, options: Sequence[str]) -> str:
        """Keep the commands that a press may choose between; give the choice's name."""
        choice = blake2s("\n".join(options).encode(), digest_size=6).hexdigest()
        drafts.keep(
            turn.db, turn.member.key, f"choice:{choice}", {"options": list(options)}, turn.now
        )
        return choice


def as_typed(value: object) -> str:
    """Write a value that was read as a member would write it."""
    return spoken(value) if isinstance(value, date) else str(value)


def is_number(text: str) -> bool:
    """Tell whether a text is a row's number and nothing else."""
    return text.isascii() and text.isdigit() and len(text) <= DIGITS


def references(refs: Iterable[str], kinds: Sequence[type]) -> list[Any]:
    """Read a button's references; one from another version of the program is refused."""
    given = list(refs)
    if len(given) != len(kinds) or any(
        kind is int and not is_number(ref) for kind, ref in zip(kinds, given, strict=True)
    ):
        raise Refused("help.old_button")
    return [kind(ref) for kind, ref in zip(kinds, given, strict=True)]
