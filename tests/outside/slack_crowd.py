"""Several people on a Slack of our own: what each of them does, and what each then sees."""

from datetime import datetime
from typing import Any

from tests.outside.slack_people import Person
from tests.outside.slack_server import BOT_USER, Ack, Message
from tests.outside.slack_stage import Stage, buttons

#: Answers to the first form of a profile, as far as a test says nothing else.
ABOUT = {
    "stage": "late_training",
    "tone": "encourage",
    "plan": "structured",
    "aim": "move",
    "capacity": "2",
}


class Someone:
    """One person of several; their deeds wait until they are answered."""

    def __init__(self, stage: Stage, user: str, name: str, zone: str = "Europe/London") -> None:
        self.stage, self.slack, self.id = stage, stage.slack, user
        self.person = Person(stage.slack, stage.transport, user, name, zone)
        self._read: set[str] = set()

    # What the person does; each gives what they then see that is new or has changed.

    async def types(self, text: str) -> str:
        name, _, rest = text.partition(" ")
        return await self._do(self.person.command(name, rest))

    async def presses(self, label: str, where: Message | None = None) -> str:
        """Press a button on the latest message that has it."""
        shown = [one for one in self.sees() if label in buttons(one)]
        assert where or shown, f"{self.id} sees no button {label!r}"
        return await self._do(self.person.presses(where or shown[-1], label))

    async def fills(self, **values: Any) -> str:
        """Send the form that is open with these values over what stands in it."""
        return await self._do(self.person.submits(self.person.modal, values))

    async def profiled(self, role: str, topics: list[str], **other: Any) -> str:
        """Fill in a whole profile of one side."""
        await self.types("/mentor profile")
        await self.fills(role=role, **ABOUT | other)
        return await self.fills(**{"seeks" if role == "mentee" else "offers": topics})

    async def _do(self, deed: Any) -> str:
        before = {one.ts: one.edits for one in self.sees()}
        await deed
        await self.stage.house.settled()
        assert self.person.ack.ok, self.person.ack
        return told(one for one in self.sees() if before.get(one.ts) != one.edits)

    @property
    def ack(self) -> Ack:
        return self.person.ack

    @property
    def errors(self) -> dict[str, str]:
        """What stands beside the fields of a form that was not taken."""
        return dict(self.ack.body.get("errors", {}))

    @property
    def asks(self) -> list[str]:
        """Name the fields of the open form."""
        blocks = self.person.modal.blocks
        return [each["block_id"] for each in blocks if each["type"] == "input"]

    # What the person sees

    def sees(self) -> list[Message]:
        """List what the coach said where this person is, the oldest first."""
        mine = [room.id for room in self.slack.rooms.values() if self.id in room.members]
        shown = self.slack.messages(self.id)
        shown += [
            one
            for room in mine
            for one in self.slack.seen_in(room, self.id)
            if one.author == BOT_USER and not one.ephemeral
        ]
        return sorted(shown, key=lambda one: float(one.ts))

    def news(self) -> str:
        """Give what came into the DM since this was last asked."""
        new = [one for one in self.slack.messages(self.id) if one.ts not in self._read]
        self._read |= {one.ts for one in new}
        return told(new)

    def files(self) -> list[bytes]:
        """Give the files that came into the DM."""
        found = [self.slack.stored[each["id"]] for one in self.sees() for each in one.files]
        return [each.content for each in found if each.content is not None]


def told(messages: Any) -> str:
    return "\n\n".join(one.text for one in messages)


async def until(stage: Stage, moment: datetime) -> None:
    """Live until a moment, ticking whenever something is due."""
    clock = stage.house.clock
    await stage.house.coach.rounds.live_until(clock.now, moment)
    clock.now = moment
