"""/help-now: numbers at once, by country; and the answers to what the guards asked."""

from bot.chat.command import Group
from bot.chat.prompt import Prompt
from bot.domain.crisis import Level
from bot.engine import safety
from bot.engine.safety import AboutSomeone, HelpNow, Resources, SafeNow
from bot.engine.turn import Turn
from bot.errors import Refused
from bot.features.safety.prompts import ChooseCountry, Country, Misunderstood
from bot.store.safety import undo

help_group = Group(
    "help-now", "Numbers of people to talk to, at once. Nobody is told.", private=True
)


@help_group.command()
def help_now(turn: Turn) -> Prompt:
    """See whom to call or text, where you are. Nobody is told."""
    return safety.card(turn, HelpNow)


@help_group.action("where")
def where(turn: Turn) -> Prompt:
    """Ask for the country: it is never guessed."""
    known = safety.countries(turn.words)[:-1]
    return ChooseCountry(countries=tuple(Country(code, name) for code, name in known))


@help_group.action("country")
def country(turn: Turn, code: str) -> Prompt:
    """Remember the country, and show its numbers."""
    if code != safety.ELSEWHERE and code not in safety.helplines().countries():
        raise Refused("help.old_button")
    turn.member.country = code
    return safety.card(turn, HelpNow)


@help_group.action("safe")
def safe(turn: Turn) -> Prompt:
    """Hear that the member is safe."""
    return safety.card(turn, SafeNow)


@help_group.action("yes")
def yes(turn: Turn) -> Prompt:
    """Hear yes to the plain question."""
    return safety.reply_to(turn, Level.L2)


@help_group.action("no")
def no(turn: Turn) -> Prompt:
    """Hear no: a hard day."""
    return safety.card(turn, Resources)


@help_group.action("other")
def other(turn: Turn) -> Prompt:
    """Hear that it is about somebody else."""
    return safety.card(turn, AboutSomeone)


@help_group.action("misunderstood")
def misunderstood(turn: Turn, event: int) -> Prompt:
    """Hear that it was meant otherwise: messages come again as before."""
    undo(turn.db, turn.member, event)
    return Misunderstood()
