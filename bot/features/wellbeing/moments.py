"""Moments: every few days the coach looks whether one small thing would help, and mostly says none.

Whoever answers a pulse has them, whatever the answer, and a moment that is over leaves no delivery:
that something came, or did not, is known to the member alone. At most one thing is said: that the
member asked to be asked again; a self-check whose time has come; or an idea, under the rules of
`bot.domain.nudging`.
"""

import random
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

from bot.chat.prompt import Prompt
from bot.domain.availability import Weight
from bot.domain.nudging import Farewell, Held, Reason, choose
from bot.engine.hours import hours_of
from bot.engine.turn import Occasion, Turn, Withhold
from bot.features.wellbeing import ideas
from bot.features.wellbeing.ideas import idea_of, library, nudge_rules
from bot.features.wellbeing.prompts import AskedBack, NoMoreIdeas
from bot.features.wellbeing.reading import instruments
from bot.features.wellbeing.showing import CheckOffered
from bot.models import Delivery
from bot.store import deliveries, private, wellbeing
from bot.store.wellbeing import KEEP_MOMENTS, Noted

MOMENT = "wellbeing.moment"
#: The time of a moment on the member's wall: after most day shifts, before supper. Where that is
#: a silent hour, the moment moves.
AT = time(17, 40)
#: Days from a pulse to its first moment, and from one moment to the next.
FIRST, NEXT = 2, 3
#: A moment is moved by so much at most.
LATEST = timedelta(days=2)
#: Who wants to be asked again is asked at the first moment after so many days.
ASK_BACK = timedelta(days=3)
#: How often the two self-checks that are offered come.
MONTHLY, QUARTERLY = timedelta(days=28), timedelta(days=91)
#: After so many offers in a row that nobody took, a self-check is not offered any more.
OFFERS = 2


def begin(turn: Turn) -> None:
    """See to it that a moment is to come."""
    if not deliveries.is_waiting(turn.db, turn.member.key, MOMENT):
        _promise(turn, turn.today + timedelta(days=FIRST))


def _promise(turn: Turn, day: date) -> None:
    due = datetime.combine(day, AT, turn.here.tzinfo).astimezone(UTC)
    deliveries.promise(
        turn.db, turn.member, MOMENT, f"{MOMENT}:{turn.member.key}:{day}", due_at=due
    )


def moment(turn: Turn, delivery: Delivery, late: bool) -> Prompt | Withhold:  # noqa: ARG001 - the one signature of all occasions
    """Say at most one thing, and remember in private what and why."""
    member_id = turn.member.key
    noted = wellbeing.noted_at(turn.db, member_id, delivery.due_at)
    if noted is None:
        decided = replace(_decide(turn, delivery), said_at=turn.now)
        noted = wellbeing.note(turn.db, member_id, decided)
    # Else it was decided when it was tried before: the same is said again.
    _go_on(turn, delivery, turn.today)
    return _say(turn, noted)


def left_out(turn: Turn, delivery: Delivery, reason: str) -> None:
    """Remember why a moment passed in silence, and go on."""
    due = delivery.due_at
    wellbeing.note(turn.db, turn.member.key, Noted(at=due, kind="none", reason=reason))
    # As far as it would have been moved: else the next one would come on another day than that
    # of a member whom nothing was kept from.
    there = hours_of(turn).next_good(due, Weight.LIGHT, within=LATEST)
    _go_on(turn, delivery, turn.at(there or due).date())


def _go_on(turn: Turn, delivery: Delivery, day: date) -> None:
    """Promise the next moment, whatever came of this one, until a member has been away for long."""
    away = turn.now - (turn.member.seen_at or turn.member.joined_at)
    waiting = deliveries.is_waiting(turn.db, turn.member.key, MOMENT, besides=delivery.id)
    if away < ideas.ANSWERED and not waiting:
        _promise(turn, day + timedelta(days=NEXT))


def _decide(turn: Turn, delivery: Delivery) -> Noted:
    own, at = private.of(turn.db, turn.member.key), delivery.due_at
    facts = ideas.facts_of(turn, own, asked=False)
    if facts.cooling:
        return Noted(at=at, kind="none", reason=Reason.CRISIS)
    if own.ask_back_at is not None and own.ask_back_at <= turn.now:
        own.ask_back_at = None
        private.keep(turn.db, turn.member.key, own)
        return Noted(at=at, kind="ask_back")
    for name, wanted, every in (
        ("k6", own.quarterly, QUARTERLY),
        ("drivers", own.monthly and (facts.burnout or 0) >= nudge_rules().strained_from, MONTHLY),
    ):
        if wanted and _is_time(turn, name, every):
            return Noted(at=at, kind=f"check_{name}")
    rng = random.Random(f"{turn.member.key}:{at.isoformat()}")
    outcome = choose(facts, library(), nudge_rules(), rng)
    if isinstance(outcome, Held):
        return Noted(at=at, kind="none", reason=outcome.reason)
    if isinstance(outcome, Farewell):
        own.farewell_at = turn.now
        private.keep(turn.db, turn.member.key, own)
        return Noted(at=at, kind="farewell")
    return Noted(at=at, kind="idea", action=outcome.action.id)


def _is_time(turn: Turn, name: str, every: timedelta) -> bool:
    """Tell whether a self-check may be offered: not too often, and not in vain again and again."""
    member_id = turn.member.key
    done = wellbeing.all_taken(turn.db, member_id)
    taken = [each.at for each in done if each.instrument == name]
    past = wellbeing.moments(turn.db, member_id, turn.now - KEEP_MOMENTS)
    offered = [each.at for each in past if each.kind == f"check_{name}"]
    since = max([*taken, *offered, turn.member.joined_at])
    in_vain = [at for at in offered if not taken or at > taken[-1]]
    return turn.now - since >= every and len(in_vain) < OFFERS


def _say(turn: Turn, noted: Noted) -> Prompt | Withhold:
    says: dict[str, Callable[[], Prompt]] = {
        "ask_back": AskedBack,
        "check_k6": lambda: _offered("k6"),
        "check_drivers": lambda: _offered("drivers"),
        "farewell": NoMoreIdeas,
    }
    if noted.kind in says:
        return says[noted.kind]()
    action = library().actions.get(noted.action or "")
    if action is None:
        return Withhold("nothing")
    return idea_of(turn, action, noted.id, unasked=True)


def _offered(name: str) -> Prompt:
    found = instruments()[name]
    return CheckOffered(name=name, title=found.title, questions=len(found.items))


OCCASION = Occasion(
    name=MOMENT,
    compose=moment,
    stale_after=LATEST,
    weight=Weight.LIGHT,
    private=True,
    left_out=left_out,
)
