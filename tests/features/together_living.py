"""How sixty people live with the coach: each evening they press what lies before them."""

from collections import defaultdict
from collections.abc import Awaitable, Callable
from datetime import UTC, date, datetime, time

from bot.chat.message import Message
from tests.features.together_people import DRIFTING, LAST, SILENT, Person
from tests.hall import Posted
from tests.pilot import Pilot, World

#: The hour in UTC at which everybody looks.
EVENING = time(19, 40)
#: Who never says that they come or were there, after the first sessions.
AWAY = {"mina": 2, "noor": 4}
Letter = tuple[str, Message]


def parts(key: str) -> tuple[str, list[str]]:
    """Take a key apart: the occasion, and what it is about."""
    occasion, *about = key.split(":")
    return occasion, about


class Town:
    """All of them, and what each has read."""

    def __init__(self, world: World, people: dict[str, Person]) -> None:
        self.world, self.people = world, people
        self.pilots: dict[str, Pilot] = {
            name: world.member(name, person.zone.key) for name, person in people.items()
        }
        self.rosa = world.member("rosa", "Europe/London")
        #: Who is not there any more, or does nothing more.
        self.gone: set[str] = set()
        self._read = 0
        self._seen: dict[str, int] = defaultdict(int)
        self._met: set[str] = set()

    async def evening(self, day: date) -> None:
        """Live until an evening, and let everybody answer what came since the last."""
        await self.world.until(datetime.combine(day, EVENING, UTC))
        await self._in_channels()
        new, self._read = self.world.outbox.sent[self._read :], len(self.world.outbox.sent)
        for _, to, message, key in new:
            if to.user in self.pilots and self._acts(to.user):
                await self._answers(self.pilots[to.user], message, key)

    def _acts(self, name: str) -> bool:
        return name not in self.gone and name not in SILENT

    def rests(self, name: str) -> bool:
        """Tell whether somebody has asked for silence, and so does nothing."""
        now = self.world.clock()
        return any(start <= now < end for start, end in self.people[name].rests)

    # What comes to one

    async def _answers(self, who: Pilot, message: Message, key: str) -> None:
        occasion, _ = parts(key)
        name = who.actor.user
        if occasion.startswith("mentorship.") and name in self._met & DRIFTING:
            return
        answer: Callable[[Pilot, Message], Awaitable[None]] | None = {
            "round.opened": self._joins,
            "round.reminder": self._ranks,
            "mentor.asked": self._accepts,
            "mentorship.begun": self._begins,
            "mentorship.agreement": self._agrees,
            "mentorship.slots": self._proposes,
            "mentorship.unmet": self._proposes_anew,
            "mentorship.silence": self._proposes_anew,
            "mentorship.proposed": self._confirms,
            "mentorship.proposed_soon": self._confirms,
            "mentorship.agenda": self._prepares,
            "mentorship.after": self._looks_back,
            "mentorship.health": self._says_how,
            "mentorship.ending": self._goes_on,
            "circles.invited": self._comes,
            "circles.ready": self._schedules,
            "circles.formed": self._schedules,
            "circles.host": self._schedules,
            "circles.scribe": self._notes,
            "circles.halfway": self._halfway,
            "circles.lost": self._reopens,
            "circles.few_left": self._asks_people,
        }.get(occasion)
        if answer is not None:
            await answer(who, message)

    async def _press(self, who: Pilot, message: Message, label: str) -> bool:
        """Press a button on a message, if it has it."""
        for button in message.buttons:
            if button.label == label:
                await who.presses_action(button.action)
                return True
        return False

    async def _joins(self, who: Pilot, message: Message) -> None:
        await self._press(who, message, "Join")
        if self._number(who) % 2 == 0:
            await self._rank(who)

    async def _ranks(self, who: Pilot, message: Message) -> None:
        await self._rank(who)

    async def _rank(self, who: Pilot) -> None:
        await who.says("/mentor round rank")
        if who.form is None:
            return
        wanted = [value for value, _ in who.form.fields[0].choices]
        turned = self._number(who) % len(wanted)
        order = [*wanted[turned:], *wanted[:turned]][:3]
        names = [each.name for each in who.form.fields]
        await who.fills(dict(zip(names, order, strict=False)))

    def _number(self, who: Pilot) -> int:
        return list(self.pilots).index(who.actor.user)

    async def _accepts(self, who: Pilot, message: Message) -> None:
        label = "Not now" if who.actor.user in {"abena", "bogdan"} else "Yes, let us meet"
        await self._press(who, message, label)

    async def _begins(self, who: Pilot, message: Message) -> None:
        if await self._press(who, message, "What we agree on"):
            await who.presses("I say yes")
        if self._number(who) % 3:
            await self._find_time(who, message)

    async def _agrees(self, who: Pilot, message: Message) -> None:
        await self._press(who, message, "I say yes")

    async def _find_time(self, who: Pilot, message: Message) -> None:
        """Have times shown and propose the first, where the other has proposed none."""
        if await self._press(who, message, "Find a time"):
            await self._first_slot(who)

    async def _first_slot(self, who: Pilot) -> None:
        offered = [
            button.action
            for shown in who.replies[-1].messages
            for button in shown.buttons
            if button.action.startswith("mentor.pair_propose")
        ]
        if offered:
            await who.presses_action(offered[self._number(who) % len(offered)])

    async def _proposes(self, who: Pilot, message: Message) -> None:
        for button in message.buttons:
            if button.action.startswith("mentor.pair_propose"):
                await who.presses_action(button.action)
                return

    async def _proposes_anew(self, who: Pilot, message: Message) -> None:
        await self._find_time(who, message)

    async def _confirms(self, who: Pilot, message: Message) -> None:
        await self._press(who, message, "That suits me")

    async def _prepares(self, who: Pilot, message: Message) -> None:
        if not self._number(who) % 2:
            return
        if await self._press(who, message, "Write three lines") and who.form is not None:
            await who.fills(line0="How to say no to a third project")

    async def _looks_back(self, who: Pilot, message: Message) -> None:
        self._met.add(who.actor.user)
        if not await self._press(who, message, "Yes"):
            return
        if who.actor.user in DRIFTING:
            return
        shown = who.replies[-1].messages[-1]
        if not self.people[who.actor.user].role.seeks or self._number(who) % 4:
            return
        if await self._press(who, shown, "Help us find one"):
            await self._first_slot(who)

    async def _says_how(self, who: Pilot, message: Message) -> None:
        await self._press(who, message, "Up and down" if self._number(who) % 5 == 0 else "Well")

    async def _goes_on(self, who: Pilot, message: Message) -> None:
        label = "Three months more" if self._number(who) % 3 == 0 else "Finish as planned"
        await self._press(who, message, label)

    async def _comes(self, who: Pilot, message: Message) -> None:
        await self._press(who, message, "Not now" if who.actor.user == "naoki" else "Join")

    async def _schedules(self, who: Pilot, message: Message) -> None:
        if await self._press(who, message, "Choose an hour"):
            taken = await self._press(who, who.replies[-1].messages[-1], "Take this hour")
            assert taken, who.answer

    async def _notes(self, who: Pilot, message: Message) -> None:
        if not self._number(who) % 3:
            return
        if await self._press(who, message, "Note the themes") and who.form is not None:
            await who.fills(themes="- asking for help early\n- one thing at a time")

    async def _halfway(self, who: Pilot, message: Message) -> None:
        await self._press(who, message, "Change" if self._number(who) % 4 == 0 else "Keep")

    async def _reopens(self, who: Pilot, message: Message) -> None:
        await self._press(who, message, "Make a new channel")

    async def _asks_people(self, who: Pilot, message: Message) -> None:
        if await self._press(who, message, "Ask people in"):
            await who.fills(people="tamsin,felipe,delphine")

    # What stands in a channel

    async def _in_channels(self) -> None:
        for channel in list(self.world.outbox.rooms.channels.values()):
            new = channel.posts[self._seen[channel.ref] :]
            self._seen[channel.ref] = len(channel.posts)
            for post in new:
                for name in list(channel.people):
                    if self._acts(name) and not self.rests(name):
                        await self._in_channel(self.pilots[name], post)

    async def _in_channel(self, who: Pilot, post: Posted) -> None:
        occasion, about = parts(post.key)
        session = int(about[1]) if occasion in {"room.agenda", "room.ended"} else 0
        name = who.actor.user
        if session > AWAY.get(name, 99) or not session:
            return
        number = self._number(who)
        comes = (number + session) % 9 != 0 and not (session == 4 and number % 2)
        if occasion == "room.ended":
            if comes:
                await self._press(who, post.message, "I was there")
        elif number % 2 or not comes:
            await self._press(who, post.message, "Coming" if comes else "Not this time")


def last_evening() -> datetime:
    """Give the end of the story."""
    return datetime.combine(LAST, time(23), UTC)
