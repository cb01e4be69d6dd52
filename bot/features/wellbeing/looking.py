"""What a member may look at: their own trend in words and as a picture, and why ideas came."""

from collections import Counter
from datetime import date, timedelta

from bot.chat.picture import Row, trend_picture
from bot.chat.prompt import Prompt
from bot.domain.instruments import Driver
from bot.domain.pulse import SCALES, Answer, Part, Side, side, trend
from bot.engine.pulses import pulse_rules
from bot.engine.turn import Occasion, Turn, Withhold
from bot.features.wellbeing.group import wellbeing_group
from bot.features.wellbeing.reading import history, own_day
from bot.features.wellbeing.showing import (
    MomentLine,
    NoTrend,
    PictureComes,
    TrendLine,
    TrendPicture,
    TrendShown,
    WhyMoments,
)
from bot.models import Delivery
from bot.store import deliveries, wellbeing
from bot.store.wellbeing import KEEP_MOMENTS, Noted

PICTURE = "wellbeing.picture"
#: Moments that are explained.
EXPLAINED = 10
#: Drivers that are named on each side.
_NAMED = 2


@wellbeing_group.command("trend")
def show_trend(turn: Turn) -> Prompt:
    """See how your answers went, beside your own usual."""
    day = own_day(turn)
    told = history(turn, day)
    if not told:
        return NoTrend()
    rules = pulse_rules()
    lines = []
    for part in Part:
        found = trend(told, day, part, rules)
        if found.values:
            lines.append(TrendLine(says=rules.trend[part][found.usual], line=found.line))
    return TrendShown(
        first=told[0].day,
        last=told[-1].day,
        lines=tuple(lines),
        took=_named(turn, told, Side.TOOK),
        gave=_named(turn, told, Side.GAVE),
        several=len(told) > 1,
    )


def _named(turn: Turn, told: list[Answer], which: Side) -> tuple[str, ...]:
    """Name what was tapped most on one side of the third question."""
    counts = Counter(
        each.driver
        for each in told
        if each.driver not in {None, Driver.NOTHING} and side(each.day) is which
    )
    area = "driver" if which is Side.TOOK else "gave"
    return tuple(
        turn.words.short(f"wellbeing.{area}.{driver}") for driver, _ in counts.most_common(_NAMED)
    )


@wellbeing_group.action("picture")
def picture(turn: Turn) -> Prompt:
    """Send the trend as a picture, because the member asked for it."""
    if not deliveries.is_waiting(turn.db, turn.member.key, PICTURE):
        key = f"{PICTURE}:{turn.member.key}:{turn.now.isoformat()}"
        deliveries.promise(turn.db, turn.member, PICTURE, key, turn.now)
    return PictureComes()


def picture_now(turn: Turn, delivery: Delivery, late: bool) -> Prompt | Withhold:  # noqa: ARG001 - the one signature of all occasions
    """Draw the trend as it is now."""
    day = own_day(turn)
    told = history(turn, day)
    if not told:
        return Withhold("nothing")
    first = told[0].day
    weeks = (day - first).days // 7 + 1
    rules, say = pulse_rules(), turn.words.short
    rows = []
    for part in Part:
        low, high = SCALES[part]
        rows.append(
            Row(
                label=say(f"wellbeing.part.{part}"),
                values=_weekly(told, part, first, weeks),
                low=low,
                high=high,
                low_label=say(f"wellbeing.low.{part}"),
                high_label=say(f"wellbeing.high.{part}"),
                dates=(first, told[-1].day),
            )
        )
    says = " ".join(rules.trend[part][trend(told, day, part, rules).usual] for part in Part)
    return TrendPicture(picture=trend_picture(rows), says=says, first=first, last=told[-1].day)


def _weekly(told: list[Answer], part: Part, first: date, weeks: int) -> list[int | None]:
    found: list[int | None] = [None] * weeks
    for each in told:
        value = getattr(each, part)
        if value is not None:
            found[(each.day - first).days // 7] = value
    return found


@wellbeing_group.command("why")
def why(turn: Turn) -> Prompt:
    """See when an idea came, when none came, and why."""
    past = wellbeing.moments(turn.db, turn.member.key, turn.now - KEEP_MOMENTS)
    return WhyMoments(moments=tuple(_line(turn, each) for each in past[-EXPLAINED:][::-1]))


def _line(turn: Turn, noted: Noted) -> MomentLine:
    say, known = turn.words.short, turn.words
    if noted.kind == "none":
        key = f"wellbeing.why.{noted.reason}"
        if key not in known:
            key = f"help.why.{noted.reason}"
        what = say("wellbeing.said.none")
        reason = say(key) if key in known else say("help.why.other")
    else:
        what = say(f"wellbeing.said.{noted.kind}")
        reason = say("wellbeing.why.asked") if noted.asked else ""
    return MomentLine(at=turn.at(noted.said_at or noted.at), what=what, reason=reason)


OCCASION = Occasion(
    name=PICTURE,
    compose=picture_now,
    stale_after=timedelta(days=1),
    weight=None,
    private=True,
)
