"""What the platform may answer: too fast, broken, never, not you, not to this person."""

from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from aiohttp import ClientTimeout
from sqlmodel import Session, col, select

from bot.app import Coach
from bot.models import Member
from bot.platforms.slack import wire
from bot.platforms.slack.outbound import PACE
from bot.store import lanes
from tests.faults.ground import Ground, Platform, coaching, populate, promised, user_of
from tests.faults.outcome import Outcome, judged, setting
from tests.outside.slack_server import BOT_TOKEN
from tests.pilot import Clock, at

MONDAY = at("2027-01-04 09:00")
BEAT = timedelta(seconds=0.5)
#: How long the operator takes to mend a wrong token.
MENDING = timedelta(minutes=12)


@dataclass(slots=True)
class Scene:
    """A spike of check-ins on its paced way out, on a clock that moves when it is told to."""

    platform: Platform
    coach: Coach
    clock: Clock
    broken: list[str] = field(default_factory=list)
    #: When the trouble was over.
    ended: datetime = MONDAY

    async def live(self, time: timedelta) -> None:
        """Tick as a ticker does, but jump over what nobody needs to wait through."""
        database, end = self.coach.database, self.clock.moment + time
        while self.clock.moment < end:
            await self.coach.rounds.tick(self.clock.moment)
            due = await database.run(self.coach.rounds.next_due)
            moment = self.clock.moment + BEAT
            opens = await database.run(lambda db: lanes.next_opening(db, self.clock(), ["slack"]))
            if due is None:
                moment = end
            elif opens is not None and due <= opens:
                moment = max(moment, opens)
            self.clock.moment = min(end, max(due or moment, moment))

    def posts_between(self, start: float, end: float) -> int:
        """Count the posts that were tried between two moments, neither included."""
        calls = self.platform.called("chat.postMessage")
        return sum(start < call.at < end for call in calls)


Trouble = Callable[[Scene], Awaitable[str]]


async def too_fast(scene: Scene) -> str:
    """Say 429 with Retry-After, as Slack does for a whole workspace."""
    scene.platform.fail("chat.postMessage", retry_after=30)
    asked = scene.clock.moment.timestamp()
    await scene.live(timedelta(seconds=40))
    refused = next(c.at for c in scene.platform.called("chat.postMessage") if c.at >= asked)
    if early := scene.posts_between(refused, refused + 30):
        scene.broken.append(f"{early} posts before Retry-After had ended")
    scene.ended = datetime.fromtimestamp(refused + 30, UTC)
    return "nothing was posted for 30 s"


async def broken_for_a_moment(scene: Scene) -> str:
    """Answer 500 without doing anything, several times."""
    scene.platform.fail("chat.postMessage", times=5, status=500)
    return "5 refused posts"


async def lying(scene: Scene) -> str:
    """Answer 500 after having done what was asked."""
    scene.platform.lies = 5
    return "5 posts carried out and refused"


async def accepted_and_silent(scene: Scene) -> str:
    """Take a post, and answer after the caller has given up."""
    scene.platform.fail("chat.postMessage", times=4, delay=1.0)
    return "4 posts"


async def cut_before(scene: Scene) -> str:
    """Break the connection before doing anything."""
    scene.platform.fail("chat.postMessage", times=5, drop=True, effect=False)
    return "5 connections"


async def cut_after(scene: Scene) -> str:
    """Break the connection after having done what was asked."""
    scene.platform.fail("chat.postMessage", times=5, drop=True)
    return "5 connections"


async def deaf(scene: Scene) -> str:
    """Lose an answer, and then fail to say what was received."""
    scene.platform.fail("chat.postMessage", times=4, drop=True)
    scene.platform.fail("conversations.history", times=3, status=503)
    scene.platform.fail("conversations.open", times=3, retry_after=20)
    return "4 lost answers, 6 refused questions"


async def not_you(scene: Scene) -> str:
    """Refuse the token for a while, until the operator mends it."""
    scene.platform.bot_token = "xoxb-another"
    began = scene.clock.moment.timestamp()
    await scene.live(MENDING)
    scene.platform.bot_token, scene.ended = BOT_TOKEN, scene.clock.moment
    tries = scene.posts_between(began, scene.clock.moment.timestamp())
    if away := await scene.coach.database.run(unreachable):
        scene.broken.append(f"{len(away)} members count as unreachable")
    return f"{tries} posts were tried in {MENDING.total_seconds() / 60:.0f} minutes"


TROUBLES: dict[str, Trouble] = {
    "429 with Retry-After": too_fast,
    "500": broken_for_a_moment,
    "500 after accepting": lying,
    "time-out after accepting": accepted_and_silent,
    "connection broken before accepting": cut_before,
    "connection broken after accepting": cut_after,
    "answer lost, then deaf": deaf,
    "invalid token, mended": not_you,
}


def unreachable(db: Session) -> list[str]:
    """List the users that cannot be reached."""
    return list(db.exec(select(Member.user).where(col(Member.unreachable_since).is_not(None))))


@contextmanager
def _hasty(trouble: Trouble) -> Iterator[None]:
    """Let a call that will not be answered be given up sooner than after ten seconds."""
    if trouble is accepted_and_silent:
        with setting(wire, TIMEOUT=ClientTimeout(total=0.4)):
            yield
    else:
        yield


async def answered(ground: Ground, kind: str, *, fault: str, members: int) -> Outcome:
    """Let check-ins go out at the platform's pace, and the trouble begin in their midst."""
    trouble, clock = TROUBLES[fault], Clock(MONDAY)
    async with Platform(clock) as platform:
        with _hasty(trouble):
            async with coaching(ground.url(kind), platform, clock, PACE) as coach:
                _people(platform, members)
                await coach.database.run(lambda db: populate(db, members, MONDAY))
                scene = Scene(platform, coach, clock)
                await scene.live(timedelta(seconds=1))
                begun = len(platform.keys)
                scene.ended = clock.moment
                note = await trouble(scene)
                await scene.live(timedelta(hours=4))
                keys = await coach.database.run(lambda db: promised(db, clock()))
    if not 0 < begun < members:
        scene.broken.append(f"the trouble came after {begun}, not in mid-spike")
    return judged(
        fault,
        kind,
        keys,
        platform.posts,
        expected=members,
        ended=scene.ended,
        note=f"{note}; virtual time",
        broken=scene.broken,
    )


async def out_of_reach(ground: Ground, kind: str, *, members: int) -> Outcome:
    """Close some members' DMs and deactivate others: only their own rhythms stop."""
    clock, broken = Clock(MONDAY), []
    away = {user_of(number) for number in range(0, members, 5)}
    async with (
        Platform(clock) as platform,
        coaching(ground.url(kind), platform, clock, PACE) as coach,
    ):
        _people(platform, members)
        for place, user in enumerate(sorted(away)):
            if place % 2:
                platform.deactivate(user)
            else:
                platform.closed[user] = "cannot_dm_bot"
        await coach.database.run(lambda db: populate(db, members, MONDAY))
        scene = Scene(platform, coach, clock)
        await scene.live(timedelta(days=7, hours=1))
        gone = set(await coach.database.run(unreachable))
        keys = await coach.database.run(lambda db: owed_to_others(db, away, clock))
    if gone != away:
        broken.append(f"unreachable are {len(gone)}, not {len(away)}")
    if tried := [c for c in platform.called("chat.postMessage") if c.payload["channel"] in away][
        len(away) :
    ]:
        broken.append(f"{len(tried)} further posts to members who are out of reach")
    # Two check-ins and one reminder.
    return judged(
        "closed DMs, deactivated users",
        kind,
        keys,
        platform.posts,
        expected=3 * (members - len(away)),
        note=f"{len(away)} of {members} out of reach, over eight days",
        broken=broken,
    )


def owed_to_others(db: Session, away: set[str], clock: Clock) -> list[str]:
    """List what is promised to those who can be reached."""
    out = {str(key) for key in db.exec(select(Member.id).where(col(Member.user).in_(away)))}
    keys = promised(db, clock())
    return [key for key in keys if not (key.startswith("checkin.weekly:") and _member(key) in out)]


def _member(key: str) -> str:
    return key.split(":")[1]


def _people(platform: Platform, members: int) -> None:
    for number in range(members):
        platform.add_user(user_of(number), f"Member {number}")
