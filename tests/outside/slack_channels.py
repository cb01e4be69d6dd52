"""Channels on a Slack of our own: who is in, what is said there, and what an app may do."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

from bot.clock import Clock
from tests.outside.slack_calls import Dict, Slip
from tests.outside.slack_workspace import BOT_USER, TEAM, Message, Workspace

#: Characters of a name and a purpose; people an invitation names; posts pinned in one channel.
NAME, PURPOSE, INVITED, PINS = 80, 250, 100, 100
PROPER = re.compile(r"[a-z0-9_-]+")


@dataclass
class Channel:
    """A private channel."""

    id: str
    name: str
    creator: str
    created: int
    members: set[str] = field(default_factory=set)
    purpose: Dict = field(default_factory=lambda: {"value": "", "creator": "", "last_set": 0})
    archived: bool = False
    pins: list[str] = field(default_factory=list)

    def wire(self) -> Dict:
        """Show the channel as the Web API does."""
        told: Dict = {"id": self.id, "name": self.name, "name_normalized": self.name}
        told |= {"is_channel": True, "is_group": False, "is_im": False, "is_private": True}
        told |= {"is_archived": self.archived, "is_member": BOT_USER in self.members}
        told |= {"creator": self.creator, "created": self.created, "context_team_id": TEAM}
        return told | {"purpose": dict(self.purpose), "num_members": len(self.members)}


class Refusals(Slip):
    """A refusal that names people, each with a code."""

    def __init__(self, errors: list[Dict]) -> None:
        super().__init__(errors[0]["error"])
        self.errors = errors

    def wire(self) -> Dict:
        return super().wire() | {"errors": self.errors}


class Channels(Workspace):
    """Private channels, beside the public ones that tests name by `add_channel`."""

    def __init__(self, now: Clock) -> None:
        super().__init__(now)
        self.rooms: dict[str, Channel] = {}
        #: The most that one page of a list holds, whatever is asked for.
        self.page = 1_000

    # By hand

    def add_room(self, name: str, creator: str, *members: str) -> Channel:
        """Let a person make a private channel."""
        room = Channel(f"C{uuid4().hex[:9].upper()}", name, creator, int(self.now().timestamp()))
        room.members = {creator, *members}
        self.rooms[room.id] = room
        self.add_channel(room.id, name)
        return room

    def room(self, name: str) -> Channel:
        """Give the private channel of this name."""
        (found,) = [one for one in self.rooms.values() if one.name == name]
        return found

    def archive(self, channel: str) -> None:
        self.rooms[channel].archived = True

    def remove(self, channel: str, user: str = BOT_USER) -> None:
        """Put someone out of a channel."""
        self.rooms[channel].members.discard(user)

    def make_guest(self, user: str, *, of_one: bool = False) -> None:
        """Make a person a guest of several channels, or of one."""
        self.users[user] |= {"is_restricted": True, "is_ultra_restricted": of_one}

    def seen_in(self, channel: str, user: str) -> list[Message]:
        """Show what someone sees in a channel; who is not in a private one sees nothing."""
        if channel in self.rooms and user not in self.rooms[channel].members:
            return []
        there = [one for one in self._said if one.channel == channel]
        return [one for one in there if one.only_for in (None, user)]

    def shown(self, channel: str, user: str) -> Dict:
        """Tell where a deed was done, as Slack does; nobody acts where they are not."""
        if channel not in self.rooms:
            return {"id": channel, "name": self.channels.get(channel, "directmessage")}
        if user not in self.rooms[channel].members:
            raise LookupError(f"{user} is not in {channel}")
        return {"id": channel, "name": "privategroup"}

    # For the app

    def reach(self, place: str) -> str:
        """Find where to post: no app posts into a channel that it is not in, or an archived one."""
        place = super().reach(place)
        room = self.rooms.get(place)
        if room is not None and BOT_USER not in room.members:
            raise Slip("channel_not_found")
        if room is not None and room.archived:
            raise Slip("is_archived")
        return place

    def _mine(self, asked: Dict) -> Channel:
        """Find a private channel that the app is in; others are not there for it."""
        room = self.rooms.get(asked.get("channel", ""))
        if room is None or BOT_USER not in room.members:
            raise Slip("channel_not_found")
        return room

    def _living(self, asked: Dict) -> Channel:
        room = self._mine(asked)
        if room.archived:
            raise Slip("is_archived")
        return room

    def _conversations_create(self, asked: Dict) -> Dict:
        name = asked.get("name") or ""
        for wrong, code in (
            (not name, "invalid_name_required"),
            (len(name) > NAME, "invalid_name_maxlength"),
            (not PROPER.fullmatch(name), "invalid_name_specials"),
            (not name.strip("-_"), "invalid_name_punctuation"),
        ):
            if wrong:
                self.faults.append(f"conversations.create: {name!r}: {code}")
                raise Slip(code)
        if name in self.channels.values():
            raise Slip("name_taken")
        if not true(asked.get("is_private")):
            raise Slip("missing_scope")
        return {"channel": self.add_room(name, BOT_USER).wire()}

    def _conversations_setpurpose(self, asked: Dict) -> Dict:
        room, purpose = self._living(asked), asked.get("purpose", "")
        if len(purpose) > PURPOSE:
            self.faults.append(f"conversations.setPurpose: {len(purpose)} characters")
            raise Slip("too_long")
        last_set = int(self.now().timestamp())
        room.purpose = {"value": purpose, "creator": BOT_USER, "last_set": last_set}
        return {"channel": room.wire()}

    def _conversations_list(self, asked: Dict) -> Dict:
        if asked.get("types") != "private_channel":
            raise Slip("missing_scope")
        rooms = [one for one in self.rooms.values() if BOT_USER in one.members]
        if true(asked.get("exclude_archived")):
            rooms = [one for one in rooms if not one.archived]
        return self._paged("channels", [one.wire() for one in rooms], asked)

    def _conversations_info(self, asked: Dict) -> Dict:
        return {"channel": self._mine(asked).wire()}

    def _conversations_invite(self, asked: Dict) -> Dict:
        room = self._living(asked)
        users = [one for one in asked.get("users", "").split(",") if one]
        if not 1 <= len(users) <= INVITED:
            self.faults.append(f"conversations.invite: {len(users)} people")
            raise Slip("too_many_users" if users else "no_user")
        codes = {user: self._barred(room, user) for user in users}
        errors = [
            {"user": user, "ok": False, "error": code} for user, code in codes.items() if code
        ]
        welcome = {user for user, code in codes.items() if not code}
        if errors and not (welcome and true(asked.get("force"))):
            raise Refusals(errors)
        room.members |= welcome
        return {"channel": room.wire()} | ({"errors": errors} if errors else {})

    def _barred(self, room: Channel, user: str) -> str:
        """Say why someone cannot be invited; nothing where they can."""
        known = self.users.get(user)
        if known is None:
            return "user_not_found"
        if user == BOT_USER:
            return "cant_invite_self"
        if known["deleted"]:
            return "user_disabled"
        if known.get("is_ultra_restricted"):
            return "ura_max_channels"
        if known.get("is_restricted"):
            return "user_is_restricted"
        return "already_in_channel" if user in room.members else ""

    def _conversations_kick(self, asked: Dict) -> Dict:
        room, user = self._living(asked), asked.get("user", "")
        if user == BOT_USER:
            raise Slip("cant_kick_self")
        if user not in self.users:
            raise Slip("user_not_found")
        if user not in room.members:
            raise Slip("not_in_channel")
        room.members.discard(user)
        return {"errors": {}}

    def _conversations_archive(self, asked: Dict) -> Dict:
        room = self._mine(asked)
        if room.archived:
            raise Slip("already_archived")
        room.archived = True
        return {}

    def _conversations_history(self, asked: Dict) -> Dict:
        channel = asked.get("channel", "")
        channel = self._mine(asked).id if channel in self.rooms else self.reach(channel)
        oldest, latest = asked.get("oldest") or "0", asked.get("latest") or "9999999999"
        edge = true(asked.get("inclusive"))
        found = [
            one
            for one in self._told(channel)
            if one.thread_ts in (None, one.ts)
            if float(oldest) < float(one.ts) < float(latest)
            or (edge and one.ts in (oldest, latest))
        ]
        return self._paged("messages", self._wired(reversed(found), asked), asked)

    def _conversations_replies(self, asked: Dict) -> Dict:
        room, ts = self._mine(asked), asked.get("ts", "")
        found = [one for one in self._told(room.id) if ts in (one.ts, one.thread_ts)]
        if not found:
            raise Slip("thread_not_found")
        return self._paged("messages", self._wired(found, asked), asked)

    def _pins_add(self, asked: Dict) -> Dict:
        room, ts = self._living(asked), asked.get("timestamp", "")
        self.find(room.id, ts)
        if ts in room.pins:
            raise Slip("already_pinned")
        if len(room.pins) == PINS:
            raise Slip("too_many_pins")
        room.pins.append(ts)
        return {}

    def _told(self, channel: str) -> list[Message]:
        return [one for one in self._said if one.channel == channel and not one.ephemeral]

    def _wired(self, messages: Iterable[Message], asked: Dict) -> list[Dict]:
        full = true(asked.get("include_all_metadata"))
        return [one.wire(metadata=full) for one in messages]

    def _paged(self, name: str, found: list[Dict], asked: Dict) -> Dict:
        start, limit = int(asked.get("cursor") or 0), int(asked.get("limit") or 100)
        if not 1 <= limit < 1_000:
            raise Slip("invalid_limit")
        end = start + min(limit, self.page)
        more = end < len(found)
        answer: Dict = {name: found[start:end], "has_more": more}
        return answer | {"response_metadata": {"next_cursor": str(end) if more else ""}}


def true(told: Any) -> bool:
    """Read a flag as Slack does."""
    return str(told).lower() in ("1", "true")
