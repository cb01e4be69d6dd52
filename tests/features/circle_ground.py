"""People in several places who found a circle together."""

from datetime import datetime, timedelta
from typing import TypeVar

from sqlmodel import select

from bot.models import Circle, CircleSeat, CircleSession, Delivery, Member, SeatState
from tests.hall import Channel
from tests.pilot import Pilot, World, at

T = TypeVar("T")
#: Who there is, and where they live.
ZONES = {
    "amina": "Europe/London",
    "daniel": "America/New_York",
    "milan": "Europe/Prague",
    "teresa": "America/Sao_Paulo",
    "wanjiru": "Africa/Nairobi",
    "linh": "America/Toronto",
    "omar": "Europe/Paris",
    "ines": "Europe/Lisbon",
    "sven": "Europe/Stockholm",
}
START = at("2027-01-04 12:00")


class Town(World):
    """A world of people in several places; Rosa coordinates."""

    async def meet(self, *names: str) -> dict[str, Pilot]:
        """Let people write to the coach for the first time."""
        found = {name: self.member(name, ZONES.get(name, "UTC")) for name in names}
        for each in found.values():
            await each.says("/coach")
        return found

    async def circle(
        self, *names: str, form: str = "live", length: str = "full", name: str = "Night Owls"
    ) -> dict[str, Pilot]:
        """Let the first of some people found a circle, and the others join it."""
        people = await self.meet(*names)
        first, *others = people.values()
        await first.says("/circle start")
        await first.fills(name=name, form=form, length=length, people=",".join(names[1:]))
        for each in others:
            await each.says("/circle join")
            await each.presses(f"Join {name}")
        await self.hour()
        return people

    async def hour(self, hours: float = 0.5) -> None:
        """Let some time go by."""
        await self.until(self.clock.moment + timedelta(hours=hours))

    @property
    def channel(self) -> Channel:
        """The channel that was made last."""
        return list(self.outbox.rooms.channels.values())[-1]

    def posts(self) -> list[str]:
        """What was posted in the last channel."""
        return [each.message.text for each in self.channel.posts]

    async def rows(self, kind: type[T]) -> list[T]:
        """Read all rows of a table, in order."""
        return list(await self.coach.database.run(lambda db: list(db.exec(select(kind)))))

    async def the_circle(self) -> Circle:
        """Read the last circle."""
        return (await self.rows(Circle))[-1]

    async def seated(self) -> list[str]:
        """Name who sits in the last circle."""
        circle, members = await self.the_circle(), await self.rows(Member)
        names = {each.id: each.user for each in members}
        return [
            names[each.member_id]
            for each in await self.rows(CircleSeat)
            if each.circle_id == circle.id and each.state == SeatState.IN
        ]

    async def host(self) -> str:
        """Name who looks after the last circle."""
        circle = await self.the_circle()
        return next(each.user for each in await self.rows(Member) if each.id == circle.host_id)

    async def starts(self) -> list[datetime]:
        """Give when the sessions of the last circle start."""
        circle = await self.the_circle()
        found = [each for each in await self.rows(CircleSession) if each.circle_id == circle.id]
        return [each.starts_at for each in sorted(found, key=lambda each: each.number)]

    async def promised(self, occasion: str, state: str = "waiting") -> list[Delivery]:
        """Read what was promised of a kind."""
        found = await self.rows(Delivery)
        return [each for each in found if each.occasion == occasion and each.state == state]
