"""Longer self-checks: a monthly look, K6 each quarter on request, and two that are asked for.

A result is shown once, to the member, beside their own earlier ones and with people to talk to.
"""

from bot.chat.answers import Answers
from bot.chat.message import Field, Form
from bot.chat.prompt import Prompt
from bot.domain.instruments import Instrument, Method, compare
from bot.engine.safety import Resources, card
from bot.engine.turn import Turn
from bot.errors import Refused
from bot.features.wellbeing import moments
from bot.features.wellbeing.group import wellbeing_group
from bot.features.wellbeing.reading import INSTRUMENTS, instruments, tap
from bot.features.wellbeing.showing import CheckLine, CheckResult, Checks, Strain
from bot.store import wellbeing
from bot.store.wellbeing import Taken


@wellbeing_group.command("check")
def check(turn: Turn) -> Prompt:  # noqa: ARG001 - every command takes the turn
    """Choose a longer self-check."""
    return Checks(
        checks=tuple(
            CheckLine(name, instruments()[name].title, len(instruments()[name].items))
            for name in INSTRUMENTS
        )
    )


@wellbeing_group.form("take")
def take(turn: Turn, name: str) -> Form:
    """Open a self-check."""
    found = _known(name)
    say = turn.words.short
    choices = tuple((str(value), label) for value, label in found.options.items())
    return Form(
        address=f"wellbeing.take:{name}",
        title=say("wellbeing.form.check"),
        submit=say("wellbeing.form.keep"),
        intro=say(
            "wellbeing.form.check_intro",
            stem=found.stem,
            note=found.note,
            attribution=found.attribution,
        ),
        fields=tuple(
            Field(item.id, item.text, kind="choice", choices=choices) for item in found.items
        ),
    )


@take.submitted
def taken(turn: Turn, answers: Answers, name: str) -> list[Prompt]:
    """Keep the answers, sealed, and tell the result."""
    found = _known(name)
    given: dict[str, int | None] = {}
    for item in found.items:
        raw = tap(answers, item.id, found.options)
        given[item.id] = None if raw is None else int(raw)
    if not answers.errors and not any(value is not None for value in given.values()):
        answers.refuse(found.items[0].id, "wellbeing.refused.empty")
    answers.check()
    earlier = wellbeing.all_taken(turn.db, turn.member.key)
    wellbeing.keep_taken(turn.db, turn.member.key, Taken(turn.now, name, given))
    moments.begin(turn)
    return [_result(turn, found, given, earlier), card(turn, Resources)]


def _result(
    turn: Turn, found: Instrument, given: dict[str, int | None], earlier: list[Taken]
) -> CheckResult:
    result = found.score(given)
    before = [
        total
        for each in earlier
        if each.instrument == found.id and (total := found.score(each.answers).total) is not None
    ]
    usual = ""
    if result.total is not None:
        usual = turn.words.short(f"wellbeing.usual.{compare(result.total, before)}")
    return CheckResult(
        title=found.title,
        note=found.note,
        attribution=found.attribution,
        answered=result.answered,
        questions=len(found.items),
        whole=found.method is Method.STRAINS or result.total is not None,
        band=result.band,
        usual=usual,
        strains=found.method is Method.STRAINS,
        leading=tuple(
            Strain(driver.value, turn.words.short(f"wellbeing.driver.{driver}"))
            for driver in result.leading
        ),
    )


def _known(name: str) -> Instrument:
    if name not in instruments():
        raise Refused("help.old_button")
    return instruments()[name]
