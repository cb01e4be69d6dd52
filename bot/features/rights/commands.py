"""/coach privacy, export, forget: what is kept, all of it as files, and none of it any more."""

from datetime import timedelta

from bot.chat.command import Group
from bot.chat.prompt import Prompt
from bot.domain.cells import FEWEST
from bot.engine.turn import Occasion, Turn, Withhold
from bot.features.rights.files import name_of, packed
from bot.features.rights.prompts import (
    ExportComes,
    Exported,
    ForgetAsked,
    Forgotten,
    KeptOn,
    Privacy,
)
from bot.models import Delivery
from bot.store import deliveries, parting, rights
from bot.store.deliveries import KEEP_OVER
from bot.store.inbound import KEEP_DRAFTS
from bot.store.local import PLATFORM as LOCAL
from bot.store.over import KEEP_REQUESTS, KEEP_TOGETHER
from bot.store.shifts import KEEP as KEEP_SHIFTS
from bot.store.wellbeing import KEEP_ANSWERS, KEEP_MOMENTS

coach_group = Group("coach", "Your coach's home: what is next, settings, pause, and help.")

_EXPORT = "rights.export"
#: Who presses "Forget me" later than this after it was asked is shown once more what goes.
FRESH = timedelta(hours=1)


@coach_group.command("privacy")
def privacy(turn: Turn) -> Prompt:  # noqa: ARG001 - it is the same for everybody
    """See what is kept of you, who can read it, and for how long."""
    return Privacy(
        fewest=FEWEST,
        answers=KEEP_ANSWERS.days,
        moments=KEEP_MOMENTS.days,
        shifts=KEEP_SHIFTS.days,
        messages=KEEP_OVER.days,
        drafts=KEEP_DRAFTS.days,
        requests=KEEP_REQUESTS.days,
        together=KEEP_TOGETHER.days,
    )


@coach_group.command("export")
def export(turn: Turn) -> Prompt:
    """Get all that is kept of you, as files."""
    if not deliveries.is_waiting(turn.db, turn.member.key, _EXPORT):
        key = f"{_EXPORT}:{turn.member.key}:{turn.now.isoformat()}"
        deliveries.promise(turn.db, turn.member, _EXPORT, key, turn.now)
    return ExportComes()


def export_now(turn: Turn, delivery: Delivery, late: bool) -> Prompt | Withhold:  # noqa: ARG001 - the one signature of all occasions
    """Pack what is kept at this moment."""
    return Exported(name=name_of(turn.today), content=packed(turn), on=turn.today)


EXPORT = Occasion(
    name=_EXPORT,
    compose=export_now,
    stale_after=timedelta(days=1),
    weight=None,
    private=True,
)


@coach_group.command("forget")
def forget(turn: Turn) -> Prompt:
    """Have all that is kept of you deleted, after one look at it."""
    return _ask(turn)


def _ask(turn: Turn) -> ForgetAsked:
    asked = int(turn.now.timestamp()) // 60
    return ForgetAsked(kept=rights.kept(turn.db, turn.member), asked=asked)


@coach_group.action("forget_me")
def forget_me(turn: Turn, asked: int) -> Prompt:
    """Delete it; `asked` is the minute in which it was shown what goes."""
    if turn.now.timestamp() - asked * 60 > FRESH.total_seconds():
        return _ask(turn)
    is_local, gone = turn.member.platform == LOCAL, rights.kept(turn.db, turn.member)
    parting.part(turn.db, turn.member, turn.now)
    rights.forget(turn.db, turn.member)
    return Forgotten(gone=gone, local=is_local)


@coach_group.action("keep_everything")
def keep_everything(turn: Turn) -> Prompt:  # noqa: ARG001 - the one signature of all handlers
    """Leave all as it is."""
    return KeptOn()
