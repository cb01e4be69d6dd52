"""The forms of a profile."""

from enum import StrEnum

from bot.chat.message import Field, Form
from bot.domain.areas import Area
from bot.domain.mentoring import (
    USUAL_CAPACITY,
    Aim,
    CareerStage,
    Gap,
    MeetingChannel,
    MeetingRhythm,
    Plan,
    Role,
    Tone,
)
from bot.engine.mentoring import languages, topics
from bot.engine.turn import Turn
from bot.errors import Refused
from bot.models import Profile
from bot.store import profiles
from bot.store.profiles import Confidential

#: Topics that one person offers or looks for, and those of them that matter most.
TOPICS, FIRST = 8, 2
#: People one may name in confidence, on each of the two lists.
NAMED = 20
ABOUT = 500
#: Everything that is one tap, and must be answered.
TAPS: tuple[tuple[str, type[StrEnum]], ...] = (
    ("role", Role),
    ("stage", CareerStage),
    ("tone", Tone),
    ("plan", Plan),
    ("aim", Aim),
    ("gap", Gap),
    ("rhythm", MeetingRhythm),
    ("channel", MeetingChannel),
)
#: What stands in the form of somebody new.
USUAL: dict[str, str] = {
    "gap": Gap.ANY,
    "rhythm": MeetingRhythm.MONTHLY,
    "channel": MeetingChannel.ANY,
}


def about_form(turn: Turn) -> Form:
    """Ask who one is here."""
    say, mine = turn.words.short, profiles.of(turn.db, turn.member.key)
    part = Confidential() if mine is None else profiles.confidential(turn.db, mine)
    taps = tuple(
        Field(
            name,
            say(f"mentoring.field.{name}"),
            kind="choice",
            required=True,
            value=USUAL.get(name, "") if mine is None else getattr(mine, name),
            choices=tuple((each.value, say(f"mentoring.pick.{name}.{each}")) for each in kind),
        )
        for name, kind in TAPS
    )
    spoken = languages().spoken(mine.languages.split(",")) if mine else "English"
    typed = (
        Field(
            "languages",
            say("mentoring.field.languages"),
            value=spoken,
            hint=say("mentoring.hint.languages"),
            limit=100,
        ),
        Field(
            "capacity",
            say("mentoring.field.capacity"),
            value=str(mine.capacity if mine else USUAL_CAPACITY),
            hint=say("mentoring.hint.capacity"),
            limit=10,
        ),
        Field(
            "about",
            say("mentoring.field.about"),
            kind="long",
            value=part.about,
            hint=say("mentoring.hint.about"),
            limit=ABOUT,
        ),
    )
    return Form(
        address="mentor.about",
        title=say("mentoring.form.about"),
        submit=say("mentoring.form.keep"),
        intro=say("mentoring.form.about_intro"),
        fields=(*taps, *typed),
    )


def topics_form(turn: Turn) -> Form:
    """Ask what one looks for and what one can offer."""
    say, mine = turn.words.short, mine_of(turn)
    choices = tuple((tag.id, tag.label) for tag in topics().tags.values())
    areas = [(area, len(topics().of(area))) for area in Area]
    groups = tuple((say(f"goals.area.{area}"), count) for area, count in areas if count)
    wanted = [
        name
        for name, asked in (("seeks", Role(mine.role).seeks), ("offers", Role(mine.role).gives))
        if asked
    ]
    return Form(
        address="mentor.topics",
        title=say("mentoring.form.topics"),
        submit=say("mentoring.form.keep"),
        intro=say("mentoring.form.topics_intro", most=TOPICS),
        fields=tuple(
            Field(
                name,
                say(f"mentoring.field.{name}"),
                kind="several",
                required=True,
                value=getattr(mine, name),
                choices=choices,
                limit=TOPICS,
                groups=groups,
            )
            for name in wanted
        ),
    )


def first_form(turn: Turn) -> Form:
    """Ask which of the sought topics matter most."""
    say, mine = turn.words.short, mine_of(turn)
    known = topics().tags
    return Form(
        address="mentor.first",
        title=say("mentoring.form.first"),
        submit=say("mentoring.form.keep"),
        fields=(
            Field(
                "first",
                say("mentoring.field.first"),
                kind="several",
                value=mine.first,
                choices=tuple(
                    (each, known[each].label) for each in mine.topics("seeks") if each in known
                ),
                limit=FIRST,
            ),
        ),
    )


def confidence_form(turn: Turn) -> Form:
    """Ask with whom one would not be paired, and who leads or assesses one."""
    say, part = turn.words.short, profiles.confidential(turn.db, mine_of(turn))
    return Form(
        address="mentor.confidence",
        title=say("mentoring.form.confidence"),
        submit=say("mentoring.form.keep"),
        intro=say("mentoring.form.confidence_intro"),
        fields=tuple(
            Field(
                name,
                say(f"mentoring.field.{name}"),
                kind="people",
                value=",".join(getattr(part, name)),
                hint=say(f"mentoring.hint.{name}"),
                limit=NAMED,
            )
            for name in ("conflicts", "not_with")
        ),
    )


def mine_of(turn: Turn) -> Profile:
    """Give the member's profile; refused with what to do where there is none."""
    mine = profiles.held(turn.db, turn.member.key)
    if mine is None:
        raise Refused("mentoring.refused.no_profile")
    return mine
