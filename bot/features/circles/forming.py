"""/circle form: a coordinator looks at a draft of circles from those who wait, and publishes it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

from bot.chat.prompt import Prompt
from bot.domain.circles import Candidate, Reason, Wish, common_hours
from bot.domain.forming import form_circles
from bot.domain.mentoring import CareerStage
from bot.engine.overlap import masks
from bot.engine.turn import Turn
from bot.errors import Refused
from bot.features.circles.group import circle_group
from bot.features.circles.reading import meets, name_of
from bot.features.circles.showing import CircleDraft, CirclesFormed, DraftCircle, LeftOver
from bot.models import CircleForm, CircleLength, CircleWait, Member, SeatState
from bot.store import circles, drafts, private, profiles, seats

#: Two who sat together within this time are not put together again.
LATELY = timedelta(days=365)
#: People of one draft, those who wait longest: more would keep all others waiting for seconds.
AT_ONCE = 120
#: Under which name a draft waits for its coordinator, and for how long it may be published.
DRAFT, FRESH = "circle.draft", timedelta(days=2)
#: What a circle is called until its people name it: a number makes it its own.
_NAMES = ("alder", "birch", "cedar", "elm", "fir", "hazel", "juniper", "larch", "maple", "rowan")


@dataclass(frozen=True, slots=True)
class Found:
    """Circles that could be, as members' ids, and who is left over."""

    circles: tuple[tuple[CircleForm, CircleLength, tuple[int, ...]], ...]
    left: Mapping[int, Reason]


@circle_group.command("form")
def form(turn: Turn) -> Prompt:
    """Form circles of those who wait, if you coordinate them."""
    return _draft(turn, 0)


@circle_group.action("redraw")
def redraw(turn: Turn, draft: int) -> Prompt:
    """Look for other circles of the same people."""
    return _draft(turn, draft + 1)


def _pool(turn: Turn) -> list[tuple[Member, CircleWait]]:
    if not turn.coordinates:
        raise Refused("circles.refused.coordinators")
    pool = seats.waiting(turn.db, turn.member.platform, turn.member.workspace)
    taken = seats.seated(turn.db, [member.key for member, _ in pool])
    return [
        (member, wait)
        for member, wait in pool
        if member.key not in taken and not member.is_paused(turn.now)
    ]


def _draft(turn: Turn, seed: int) -> Prompt:
    pool = _pool(turn)
    if not pool:
        raise Refused("circles.refused.nobody_waits")
    more, pool = max(0, len(pool) - AT_ONCE), pool[:AT_ONCE]
    candidates = _candidates(turn, pool)
    found = _formed(turn, pool, candidates, seed)
    kept = [[str(kind), str(length), list(ids)] for kind, length, ids in found.circles]
    left = {str(who): str(reason) for who, reason in found.left.items()}
    drafts.keep(
        turn.db, turn.member.key, DRAFT, {"seed": seed, "circles": kept, "left": left}, turn.now
    )
    known = {member.key: member for member, _ in pool}
    return CircleDraft(
        pool=len(pool),
        more=more,
        circles=tuple(
            _shown(turn, kind, length, [known[who] for who in ids], candidates)
            for kind, length, ids in found.circles
        ),
        left=_left_over(turn, found.left, known),
        draft=seed,
    )


def _candidates(turn: Turn, pool: Sequence[tuple[Member, CircleWait]]) -> dict[int, Candidate]:
    ids = [member.key for member, _ in pool]
    known, apart = profiles.several(turn.db, ids), private.apart(turn.db, ids)
    hours = masks(turn.db, [member for member, _ in pool], turn.now)
    found = {}
    for member, wait in pool:
        profile = known.get(member.key)
        part = None if profile is None else profiles.confidential(turn.db, profile)
        found[member.key] = Candidate(
            id=member.key,
            user=member.user,
            stage=CareerStage.EARLY_CAREER if profile is None else CareerStage(profile.stage),
            team=member.team,
            languages=frozenset((profile.languages if profile else "en").split(",")),
            hours=hours[member.key],
            topics=frozenset(profile.topics("seeks")) if profile else frozenset(),
            not_with=frozenset(part.not_with if part else ()) | apart.get(member.key, frozenset()),
            conflicts=frozenset(part.conflicts) if part else frozenset(),
            wish=Wish(wait.form),
        )
    return found


def _formed(
    turn: Turn,
    pool: Sequence[tuple[Member, CircleWait]],
    candidates: Mapping[int, Candidate],
    seed: int,
) -> Found:
    """Form circles of each length apart: who wants six sessions does not sit through twelve."""
    met = seats.met(turn.db, list(candidates), turn.now - LATELY)
    found: list[tuple[CircleForm, CircleLength, tuple[int, ...]]] = []
    left: dict[int, Reason] = {}
    for length in CircleLength:
        some = [candidates[member.key] for member, wait in pool if wait.length == length]
        if not some:
            continue
        formed = form_circles(some, met=met, seed=seed)
        left |= formed.left
        found += [(CircleForm(candidates[ids[0]].wish), length, ids) for ids in formed.circles]
    return Found(tuple(found), left)


def _shown(
    turn: Turn,
    kind: CircleForm,
    length: CircleLength,
    people: Sequence[Member],
    candidates: Mapping[int, Candidate],
) -> DraftCircle:
    of_it = [candidates[each.key] for each in people]
    return DraftCircle(
        people=tuple(name_of(each) for each in people),
        meets=meets(turn, kind, length),
        stages=len({each.stage for each in of_it}),
        hours=0 if kind == CircleForm.ASYNC else common_hours(of_it).bit_count(),
    )


def _left_over(
    turn: Turn, left: Mapping[int, Reason], known: Mapping[int, Member]
) -> tuple[LeftOver, ...]:
    """Name who is left over; what held each of them back is for them alone."""
    few = [who for who, why in left.items() if why is Reason.TOO_FEW]
    others = [who for who in left if who not in few]
    return tuple(
        LeftOver(
            people=tuple(name_of(known[who]) for who in some),
            reason=turn.words.short(f"circles.left.{key}"),
        )
        for key, some in (("too_few", few), ("fit", others))
        if some
    )


@circle_group.action("publish")
def publish(turn: Turn, draft: int) -> Prompt:
    """Form the circles of a draft; whoever is no longer free is left out."""
    pool = {member.key: (member, wait) for member, wait in _pool(turn)}
    kept = drafts.kept(turn.db, turn.member.key, DRAFT, since=turn.now - FRESH)
    if kept is None or kept["seed"] != draft:
        raise Refused("circles.refused.no_draft")
    drafts.drop(turn.db, turn.member.key, DRAFT)
    done = people = 0
    for kind, length, ids in kept["circles"]:
        there = [pool[who][0] for who in ids if who in pool]
        if len(there) >= circles.FEWEST and not _clash(turn, there):
            _found(turn, CircleForm(kind), CircleLength(length), there)
            done, people = done + 1, people + len(there)
    if not done:
        raise Refused("circles.refused.draft_old")
    left = [member for member, _ in pool.values() if seats.wait_of(turn.db, member.key) is not None]
    for member in left:
        reason = kept["left"].get(str(member.key), Reason.FIT)
        circles.promise(turn.db, member, circles.STILL_WAITING, reason, turn.now, turn.now)
    return CirclesFormed(circles=done, people=people, left=len(left))


def _clash(turn: Turn, people: Sequence[Member]) -> bool:
    """Look once more: a profile may have changed since the draft."""
    return any(seats.clashes(turn.db, each, people[n + 1 :]) for n, each in enumerate(people))


def _found(turn: Turn, kind: CircleForm, length: CircleLength, people: Sequence[Member]) -> None:
    """Found a circle; whoever waited longest looks after it."""
    db, now = turn.db, turn.now
    waits = {each.key: seats.wait_of(db, each.key) for each in people}
    order = sorted(people, key=lambda each: _since(waits[each.key], each))
    circle = seats.found(db, order[0], "", kind, length, now)
    name, number = _NAMES[circle.key % len(_NAMES)], circle.key
    circle.name = f"{name.capitalize()} {number}"
    for each in order:
        seats.place(db, circle.key, each.key, SeatState.IN, now)
        seats.stop_waiting(db, each.key)
        circles.promise(db, each, circles.FORMED, str(circle.key), now, now)
    circles.begin(db, circle, now)


def _since(wait: CircleWait | None, member: Member) -> tuple[float, int]:
    return (0.0 if wait is None else wait.since.timestamp(), member.key)
