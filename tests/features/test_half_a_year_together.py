"""Sixty people for half a year: a match round, four circles, nights, leave, silence, farewells.

All that was sent stands in a file beside, line by line; what must hold is looked at every evening
by queries and hours that the test works out itself.
"""

import os
from collections import Counter
from collections.abc import Awaitable, Callable
from datetime import date, datetime, time
from difflib import unified_diff
from pathlib import Path

import pytest
from sqlmodel import Session, select

from bot.domain.matching import blocking_pairs
from bot.domain.shifts import ShiftKind
from bot.models import Delivery, MatchRound, Mentorship
from bot.store import round_pairs
from tests.features.together_living import Town, last_evening, parts
from tests.features.together_people import FIRST, cast, days, lay
from tests.features.together_rules import Rules
from tests.pilot import World, at

GOLDEN = Path(__file__).parent / "golden" / "half_a_year_together.txt"
NIGHT_OWLS = ("linh", "mei", "kwame", "layla", "priya", "mina", "naoki", "rafael")
EARLY_BIRDS = ("hana", "beatrix", "farah", "ingrid", "noor", "oskar", "ilse")
WAITING = {
    "live short": ("olga", "paolo", "petra", "samir", "sanna", "sven", "leila", "luca"),
    "async short": ("dagmar", "chidi", "emeka", "esther", "elif", "arturo"),
}
Event = Callable[["Story"], Awaitable[None]]


class Story(Town):
    """What happens on which evening, beside what everybody does anyway."""

    def __init__(self, world: World) -> None:
        super().__init__(world, cast())
        self.rules = Rules(world, self.people)

    async def opens(self) -> None:
        await self.rosa.says("/mentor round open until 15 January")
        assert "I ask 60 people" in self.rosa.answer
        for first, name, form in (
            (NIGHT_OWLS, "Night Owls", "live"),
            (EARLY_BIRDS, "Early Birds", "text"),
        ):
            founder = self.pilots[first[0]]
            await founder.says("/circle start")
            await founder.fills(name=name, form=form, length="full", people=",".join(first[1:]))
            assert "Asked:" in founder.answer, founder.answer
        for wish, names in WAITING.items():
            for each in names:
                await self.pilots[each].says(f"/circle join {wish}")

    async def publishes(self) -> None:
        await self.rosa.says("/mentor round draft")
        draft = await self.world.coach.database.run(self._draft)
        await self.rosa.says("/mentor round publish")
        assert "pairs begin" in self.rosa.answer, self.rosa.answer
        pairs = await self.world.coach.database.run(
            lambda db: {each.member_id: each.mentor_id for each in db.exec(select(Mentorship))}
        )
        assert len(pairs) > 20
        assert blocking_pairs(draft.market, pairs) == []

    def _draft(self, db: Session) -> round_pairs.Draft:
        found = round_pairs.draft(db, db.exec(select(MatchRound)).one())
        assert found is not None
        return found

    async def forms(self) -> None:
        await self.rosa.says("/circle form")
        await self.rosa.presses("Publish")
        assert "Formed: 2 circles" in self.rosa.answer, self.rosa.answer

    async def asks(self, *names: str) -> None:
        """Let some who have no mentor ask the first who is suggested."""
        for name in names:
            who = self.pilots[name]
            await who.says("/mentor find")
            for button in who.replies[-1].messages[-1].buttons:
                if button.label.startswith("Ask "):
                    await who.presses_action(button.action)
                    await who.fills(note="I would like to talk about leading a team.")
                    break

    async def ends(self, name: str) -> None:
        await self.pilots[name].says("/mentor end")
        await self.pilots[name].presses("End it now")

    async def leaves(self, name: str) -> None:
        await self.pilots[name].says("/circle leave")
        await self.pilots[name].presses("Leave")

    async def pauses(self, name: str, until: date) -> None:
        who = self.people[name]
        start = self.world.clock()
        await self.pilots[name].says(f"/coach pause until {until.day} {until:%B}")
        who.rests.append((start, who.wall(until, time())))

    async def forgets(self, name: str) -> None:
        await self.pilots[name].says("/coach forget")
        await self.pilots[name].presses("Forget me")
        self.rules.forgotten[name] = self.world.clock()
        self.gone.add(name)

    async def closes_account(self, name: str) -> None:
        self.world.outbox.gone.add(name)
        self.gone.add(name)

    async def loses(self, name: str) -> None:
        for channel in self.world.outbox.rooms.of(name):
            self.world.outbox.rooms.lose(channel.ref, "is_archived")

    async def works_nights(self, name: str) -> None:
        """Tell the coach of nights in words, as the test knows them, too."""
        await self.pilots[name].says("/shift nights 20:00-08:00 8 Feb to 10 Feb")
        assert "Kept" in self.pilots[name].answer, self.pilots[name].answer
        for day in (date(2027, 2, 8), date(2027, 2, 9), date(2027, 2, 10)):
            self.people[name].works(day, time(20), time(8), ShiftKind.NIGHT)

    async def takes_leave(self, name: str) -> None:
        await self.pilots[name].says("/leave 3 May to 16 May")
        self.people[name].away(date(2027, 5, 3), date(2027, 5, 16))


EVENTS: dict[date, list[Event]] = {
    date(2027, 1, 18): [Story.publishes],
    date(2027, 1, 20): [Story.forms],
    date(2027, 2, 1): [lambda story: story.pauses("petra", date(2027, 3, 1))],
    date(2027, 2, 3): [lambda story: story.works_nights("ingrid")],
    date(2027, 2, 9): [lambda story: story.ends("maria")],
    date(2027, 2, 15): [lambda story: story.asks("maria", "jakub")],
    date(2027, 2, 22): [lambda story: story.closes_account("hana")],
    date(2027, 3, 1): [lambda story: story.leaves("mei")],
    date(2027, 3, 8): [lambda story: story.loses("linh")],
    date(2027, 3, 15): [lambda story: story.forgets("luca")],
    date(2027, 3, 22): [lambda story: story.pauses("beatrix", date(2027, 4, 19))],
    date(2027, 4, 12): [lambda story: story.forgets("alistair")],
    date(2027, 3, 9): [lambda story: story.leaves("chidi"), lambda story: story.leaves("elif")],
    date(2027, 3, 10): [lambda story: story.leaves("emeka")],
    date(2027, 4, 20): [lambda story: story.asks("milan")],
    date(2027, 4, 26): [lambda story: story.takes_leave("farah")],
}


async def live(story: Story) -> None:
    """Half a year of evenings."""
    run = story.world.coach.database.run
    await story.opens()
    for day in days():
        await story.evening(day)
        for event in EVENTS.get(day, ()):
            await event(story)
        await run(story.rules.day)
    await story.world.until(last_evening())
    await run(story.rules.day)


@pytest.mark.long
@pytest.mark.parametrize("kind", ["sqlite", "postgres"])
async def test_half_a_year_together(
    url: str, record_property: Callable[[str, object], None]
) -> None:
    world = World(url, at(f"{FIRST} 12:00"))
    try:
        await world.coach.database.run(lambda db: lay(db, cast(), world.clock()))
        story = Story(world)
        await story.rosa.says("/coach")
        await live(story)
        withheld = await world.coach.database.run(_withheld)
    finally:
        world.close()
    told = Told(story)
    counts = Counter(occasion for _, occasion, _ in told.all())
    record_property("measured", _measured("sent", counts))
    record_property("measured", _measured("withheld", withheld))
    compare(told.lines())
    broken = [*story.rules.letters(), *story.rules.posts()]
    assert not broken, "\n".join(broken)
    assert not {"error", "unknown", "stale"} & withheld.keys(), withheld


def _withheld(db: Session) -> Counter[str]:
    rows = db.exec(select(Delivery.reason).where(Delivery.state.in_(("dropped", "failed"))))  # type: ignore[attr-defined]
    return Counter(rows)


def _measured(what: str, counts: Counter[str]) -> str:
    each = ", ".join(f"{name} {count}" for name, count in sorted(counts.items()))
    return f"half a year together, {what}: {counts.total()} ({each})"


class Told:
    """All that was sent and posted, as lines."""

    def __init__(self, story: Story) -> None:
        self._rules, self._outbox = story.rules, story.world.outbox

    def all(self) -> list[tuple[datetime, str, str]]:
        """Give each message: when, of which kind, and to whom about what."""
        found = []
        for moment, to, _, key in self._outbox.sent:
            occasion, about = parts(key)
            found.append((moment, occasion, self._letter(to.user, occasion, about)))
        for channel in self._outbox.rooms.channels.values():
            for post in channel.posts:
                occasion, about = parts(post.key)
                found.append((post.at, occasion, f"#{channel.name}{self._session(about)}"))
        return sorted(found)

    def _letter(self, who: str, occasion: str, about: list[str]) -> str:
        number = int(about[0]) if about[0].isdigit() else 0
        if occasion.startswith("mentorship.") and number in self._rules.pairs:
            mentee, mentor = self._rules.pairs[number]
            other = f"with {mentor if who == mentee else mentee}"
            if who not in (mentee, mentor):
                other = f"about {mentee} and {mentor}"
            return f"{who} ({other})"
        if occasion.startswith("circles.") and number in self._rules.circles:
            session = f" {about[1]}" if len(about) > 3 else ""
            return f"{who} ({self._rules.circles[number]}{session})"
        return who

    def _session(self, about: list[str]) -> str:
        return "".join(f" {each}" for each in about[1:-2])

    def lines(self) -> list[str]:
        """Give the days, and under each what was sent; what came at one minute is one line."""
        found: list[str] = []
        before: tuple[date | None, str] = (None, "")
        for moment, occasion, who in self.all():
            if before[0] != moment.date():
                found.append(f"{moment:%a %d %b}")
            head = f"  {moment:%H:%M} {occasion}"
            if before == (moment.date(), head):
                found[-1] += f", {who}"
            else:
                found.append(f"{head}: {who}")
            before = (moment.date(), head)
        return found


def compare(lines: list[str]) -> None:
    """Hold the list against the one that was read by a person."""
    if os.environ.get("UPDATE_GOLDEN") == "1":
        GOLDEN.write_text("\n".join(lines) + "\n", encoding="utf-8")
    expected = GOLDEN.read_text(encoding="utf-8").splitlines()
    differs = list(unified_diff(expected, lines, "read", "sent", lineterm="", n=1))
    assert not differs, "Other messages than those that were read:\n" + "\n".join(differs[:80])
