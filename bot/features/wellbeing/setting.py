"""Well-being settings: what may be offered, and whether to be counted in the team's sums."""

from enum import StrEnum

from bot.chat.answers import Answers
from bot.chat.message import Field, Form
from bot.chat.prompt import Prompt
from bot.engine.turn import Turn
from bot.features.wellbeing import moments
from bot.features.wellbeing.group import wellbeing_group
from bot.features.wellbeing.showing import WellbeingSettings
from bot.store import private, wellbeing
from bot.store.private import Own


class YesNo(StrEnum):
    """An answer to each of the settings."""

    YES = "yes"
    NO = "no"


#: The settings, in the order in which they are asked.
_NAMES = ("pulse", "ideas", "monthly", "quarterly", "counted")


@wellbeing_group.command("settings")
def settings(turn: Turn) -> Prompt:
    """Choose what may be offered, and whether you are counted in your team's sums."""
    return _shown(turn, private.of(turn.db, turn.member.key))


def _shown(turn: Turn, own: Own, *, again: bool = False) -> WellbeingSettings:
    muted = own.muted_until
    return WellbeingSettings(
        again=again,
        pulse=own.pulse,
        ideas=own.ideas,
        muted_until=turn.at(muted).date() if muted is not None and muted > turn.now else None,
        monthly=own.monthly,
        quarterly=own.quarterly,
        counted=own.counted,
    )


@wellbeing_group.form("change")
def change(turn: Turn) -> Form:
    """Offer the settings for change."""
    say, own = turn.words.short, private.of(turn.db, turn.member.key)
    choices = tuple((each.value, say(f"wellbeing.choice.{each}")) for each in YesNo)
    return Form(
        address="wellbeing.change",
        title=say("wellbeing.form.settings"),
        submit=say("wellbeing.form.keep"),
        intro=say("wellbeing.form.settings_intro"),
        fields=tuple(
            Field(
                name,
                say(f"wellbeing.field.{name}"),
                kind="choice",
                choices=choices,
                value=YesNo.YES if getattr(own, name) else YesNo.NO,
                required=True,
            )
            for name in _NAMES
        ),
    )


@change.submitted
def changed(turn: Turn, answers: Answers) -> Prompt:
    """Keep the settings, sealed."""
    chosen = {name: answers.choice(name, YesNo, required=True) for name in _NAMES}
    answers.check()
    own = private.of(turn.db, turn.member.key)
    for name, answer in chosen.items():
        setattr(own, name, answer is YesNo.YES)
    if own.pulse:
        wellbeing.drop_unanswered(turn.db, turn.member.key)  # what was not answered is over
    if own.ideas:
        own.muted_until = own.farewell_at = None
        moments.begin(turn)
    private.keep(turn.db, turn.member.key, own)
    return _shown(turn, own)


@wellbeing_group.action("ideas_again")
def ideas_again(turn: Turn) -> Prompt:
    """Let ideas come again."""
    own = private.of(turn.db, turn.member.key)
    own.ideas, own.muted_until, own.farewell_at = True, None, None
    private.keep(turn.db, turn.member.key, own)
    moments.begin(turn)
    return _shown(turn, own, again=True)
