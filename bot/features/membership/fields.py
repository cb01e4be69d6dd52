"""The questions that a member meets first, and finds again in the settings."""

from bot.chat.message import Field
from bot.domain.rhythm import DAY_NAMES, Rule
from bot.engine.safety import countries
from bot.engine.turn import Turn


def first_fields(turn: Turn, rule: Rule) -> tuple[Field, ...]:
    say = turn.words.short
    return (
        Field(
            "country",
            say("membership.field.country"),
            kind="choice",
            value=turn.member.country,
            choices=tuple(countries(turn.words)),
        ),
        Field(
            "stage",
            say("membership.field.stage"),
            value=turn.member.stage,
            limit=100,
            hint=say("membership.hint.stage"),
        ),
        Field(
            "zone",
            say("membership.field.zone"),
            value=turn.member.zone,
            hint=say("membership.hint.zone"),
            limit=64,
        ),
        Field(
            "day",
            say("membership.field.day"),
            kind="choice",
            value=str(rule.weekday),
            choices=tuple((str(place), day) for place, day in enumerate(DAY_NAMES)),
        ),
        Field(
            "hour",
            say("membership.field.hour"),
            value=f"{rule.at:%H:%M}",
            hint=say("membership.hint.hour"),
            limit=20,
        ),
    )
