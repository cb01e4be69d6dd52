"""The platform's private channels as tests see them: kept in memory, refusing on request."""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from bot.chat.message import Message
from bot.engine.ports import Room
from bot.errors import RoomLost


@dataclass(frozen=True)
class Posted:
    """One post of the coach's in a channel."""

    ref: str
    at: datetime
    message: Message
    key: str
    thread: str = ""
    pinned: bool = False


@dataclass
class Channel:
    """One channel; `gone` tells why it is lost: archived by hand, deleted, or we are out of it."""

    ref: str
    name: str
    purpose: str
    key: str
    people: list[str] = field(default_factory=list)
    posts: list[Posted] = field(default_factory=list)
    archived: bool = False
    gone: str = ""


@dataclass
class Hall:
    """Channels by reference. `refuse` has what a method's next calls raise, by its name."""

    now: Callable[[], datetime]
    channels: dict[str, Channel] = field(default_factory=dict)
    refuse: dict[str, list[Exception]] = field(default_factory=lambda: defaultdict(list))
    #: Who cannot be invited.
    guests: set[str] = field(default_factory=set)

    # What the engine asks

    async def open(self, workspace: str, name: str, purpose: str, key: str) -> str:
        self._may("open")
        for there in self.channels.values():
            if there.key == key:
                return there.ref
        names, number, free = {each.name for each in self.channels.values()}, 1, name
        while free in names:
            number += 1
            free = f"{name}-{number}"
        ref = f"C{len(self.channels) + 1}"
        self.channels[ref] = Channel(ref, free, purpose, key)
        return ref

    async def invite(self, room: Room, users: Sequence[str]) -> Mapping[str, str]:
        channel = self._usable("invite", room)
        new = [each for each in users if each not in {*channel.people, *self.guests}]
        channel.people += dict.fromkeys(new)
        return {each: "user_is_restricted" for each in users if each in self.guests}

    async def dismiss(self, room: Room, user: str) -> None:
        channel = self._usable("dismiss", room)
        channel.people = [each for each in channel.people if each != user]

    async def close(self, room: Room) -> None:
        self._there("close", room).archived = True

    async def post(
        self, room: Room, message: Message, key: str, *, thread: str = "", pin: bool = False
    ) -> str:
        channel = self._usable("post", room)
        for there in channel.posts:
            if there.key == key:
                return there.ref
        ref = f"{channel.ref}:{len(channel.posts) + 1}"
        channel.posts.append(Posted(ref, self.now(), message, key, thread, pin))
        return ref

    async def find(self, room: Room, key: str, *, thread: str = "") -> str | None:
        posts = self._there("find", room).posts
        return next((each.ref for each in posts if (each.key, each.thread) == (key, thread)), None)

    def replace(self, ref: str, message: Message) -> None:
        """Put another message in a post's place, if there is such a post."""
        for channel in self.channels.values():
            channel.posts = [
                replace(each, message=message) if each.ref == ref else each
                for each in channel.posts
            ]

    # What a test does and asks

    def lose(self, ref: str, reason: str = "channel_not_found") -> None:
        """Let a channel be gone for us from now on."""
        self.channels[ref].gone = reason

    def named(self, name: str) -> Channel:
        """Find a channel by its name."""
        found = [each for each in self.channels.values() if each.name == name]
        assert found, f"no channel “{name}”, but {[each.name for each in self.channels.values()]}"
        return found[0]

    def of(self, user: str) -> list[Channel]:
        """List the channels that someone is in."""
        return [each for each in self.channels.values() if user in each.people]

    def _may(self, method: str) -> None:
        if self.refuse[method]:
            raise self.refuse[method].pop(0)

    def _there(self, method: str, room: Room) -> Channel:
        self._may(method)
        channel = self.channels.get(room.ref)
        if channel is None or channel.gone:
            raise RoomLost(channel.gone if channel else "channel_not_found")
        return channel

    def _usable(self, method: str, room: Room) -> Channel:
        channel = self._there(method, room)
        if channel.archived:
            raise RoomLost("is_archived")
        return channel
