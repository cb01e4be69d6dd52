"""What is on the screens of a Slack of our own: people, channels, messages, modals, home tabs."""

import copy
import time
from contextlib import suppress
from dataclasses import dataclass, field
from uuid import uuid4
from zoneinfo import ZoneInfo

from bot.clock import Clock
from tests.outside.slack_calls import Dict, Slip
from tests.outside.slack_limits import advice, answer_faults, elements_of, faults

TEAM, APP, BOT, BOT_USER = "T0PRECEPT", "A0PRECEPT", "B0PRECEPT", "U0PRECEPT"
TRIGGER_LIVES = 3.0  # seconds


@dataclass
class Message:
    ts: str
    channel: str
    author: str
    text: str = ""
    blocks: list[Dict] = field(default_factory=list)
    metadata: Dict | None = None
    thread_ts: str | None = None
    only_for: str | None = None  # the one person who sees an ephemeral message
    edits: int = 0
    files: list[Dict] = field(default_factory=list)

    @property
    def key(self) -> str:
        return self.ts

    @property
    def ephemeral(self) -> bool:
        return self.only_for is not None

    def wire(self, *, metadata: bool = True) -> Dict:
        """Show the message as the Web API does."""
        shown: Dict = {"type": "message", "user": self.author, "ts": self.ts, "text": self.text}
        shown |= {"team": TEAM, "blocks": copy.deepcopy(self.blocks)}
        if self.author == BOT_USER:
            shown |= {"bot_id": BOT, "app_id": APP}
        if self.edits:
            shown["edited"] = {"user": self.author, "ts": self.ts}
        extra = {"thread_ts": self.thread_ts, "metadata": self.metadata if metadata else None}
        extra["files"] = copy.deepcopy(self.files)
        return shown | {key: value for key, value in extra.items() if value}


@dataclass
class Screen:
    """A modal or a home tab, as one person sees it."""

    id: str
    user: str
    view: Dict  # as Slack tells it to the app

    @property
    def key(self) -> str:
        return self.id

    @property
    def private_metadata(self) -> str:
        return self.view["private_metadata"]

    @property
    def blocks(self) -> list[Dict]:
        return self.view["blocks"]


def dm_of(user: str) -> str:
    """Name the DM between the app and a person."""
    return f"D{user[1:]}"


def dressed(blocks: list[Dict]) -> list[Dict]:
    """Give each block and element the id that the app left to Slack."""
    blocks = copy.deepcopy(blocks)
    for block in blocks:
        block.setdefault("block_id", uuid4().hex[:5])
        for part in elements_of(block):
            if part["type"] not in ("image", "plain_text", "mrkdwn"):
                part.setdefault("action_id", uuid4().hex[:5])
    return blocks


class Workspace:
    """People, channels, messages, modals and home tabs: what is on the screens."""

    def __init__(self, now: Clock) -> None:
        self.now = now
        self.faults: list[str] = []
        self.advice: list[str] = []
        self.users: dict[str, Dict] = {}
        self.channels: dict[str, str] = {}  # id → name
        self.modals: list[Screen] = []  # the open ones; a person's last is on top
        self._homes: dict[str, Screen] = {}
        self._said: list[Message] = []
        self._triggers: dict[str, tuple[str, float]] = {}  # unused: whose, and since when
        self._spent: set[str] = set()
        self._stamp, self._ahead = 0, 0.0
        self.add_user(BOT_USER, "Preceptor", is_bot=True)

    def add_user(self, user: str, name: str, tz: str = "Etc/UTC", *, is_bot: bool = False) -> None:
        offset = self.now().astimezone(ZoneInfo(tz)).utcoffset()
        self.users[user] = {
            "id": user,
            "team_id": TEAM,
            "name": name.lower().replace(" ", "."),
            "real_name": name,
            "deleted": False,
            "is_bot": is_bot,
            "is_app_user": False,
            "tz": tz,
            "tz_label": tz,
            "tz_offset": int(offset.total_seconds()) if offset else 0,
            "profile": {"real_name": name, "display_name": name.split()[0]},
        }

    def deactivate(self, user: str) -> None:
        """Deactivate an account; Slack then tells no time zone for it any more."""
        kept = {key: told for key, told in self.users[user].items() if not key.startswith("tz")}
        self.users[user] = kept | {"deleted": True}

    def add_channel(self, channel: str, name: str) -> None:
        self.channels[channel] = name

    def clock(self) -> float:
        """Tell the server's own monotonic seconds, by which triggers age."""
        return time.monotonic() + self._ahead

    def advance(self, seconds: float) -> None:
        self._ahead += seconds

    def messages(self, place: str, *, everyone: bool = False) -> list[Message]:
        """Show the app's messages in a channel, or in a person's DM with what only they saw."""
        return [
            one
            for one in self._said
            if one.only_for == place or one.channel in (place, dm_of(place))
            if everyone or one.author == BOT_USER
        ]

    def home(self, user: str) -> Screen | None:
        return self._homes.get(user)

    def stamp(self) -> str:
        """Make a message's ts: the time, and no two alike."""
        self._stamp = max(self._stamp + 1, int(self.now().timestamp() * 1_000_000))
        return f"{self._stamp // 1_000_000}.{self._stamp % 1_000_000:06d}"

    def issue_trigger(self, user: str) -> str:
        trigger = f"{len(self._triggers) + 1}.{time.monotonic_ns()}.{uuid4().hex}"
        self._triggers[trigger] = (user, self.clock())
        return trigger

    def spend_trigger(self, trigger: str) -> str:
        """Tell whose trigger it is; it opens one modal, within three seconds."""
        if trigger not in self._triggers:
            raise Slip("invalid_trigger_id")
        user, since = self._triggers[trigger]
        if trigger in self._spent:
            raise Slip("exchanged_trigger_id")
        if self.clock() - since > TRIGGER_LIVES:
            raise Slip("expired_trigger_id")
        self._spent.add(trigger)
        return user

    def check(self, where: str, found: list[str]) -> None:
        """Refuse a payload that breaks limits, and remember why."""
        self.faults += [f"{where}: {fault}" for fault in found]
        if found:
            raise Slip("invalid_blocks", *found)

    def examine(self, where: str, payload: Dict) -> None:
        self.advice += [f"{where}: {one}" for one in advice(payload)]
        self.check(where, faults(payload))

    def proper(self, where: str, asked: Dict, kind: str) -> Dict:
        """Take the view out of a call, if it is one of this kind and keeps the limits."""
        view = asked.get("view")
        if not isinstance(view, dict) or view.get("type") != kind:
            self.faults.append(f"{where}: no {kind} view")
            raise Slip("invalid_arguments")
        self.examine(where, asked)
        return view

    def post(
        self, channel: str, author: str, payload: Dict, only_for: str | None = None
    ) -> Message:
        message = Message(self.stamp(), channel, author, only_for=only_for)
        message.thread_ts = payload.get("thread_ts")
        self._said.append(message)
        return self.fill(message, payload)

    def show_reply(self, user: str, channel: str, reply: Dict) -> None:
        """Show what an acknowledged command answered at once."""
        with suppress(Slip):  # check() keeps the fault
            self.examine("acknowledgement", reply)
            public = reply.get("response_type") == "in_channel"
            self.post(channel, BOT_USER, reply, None if public else user)

    def fill(self, message: Message, payload: Dict) -> Message:
        message.text = payload.get("text") or ""
        message.blocks = dressed(payload.get("blocks") or [])
        message.metadata = payload.get("metadata", message.metadata) or None
        return message

    def find(self, channel: str, ts: str) -> Message:
        for message in self._said:
            if (message.channel, message.ts) == (channel, ts) and not message.ephemeral:
                return message
        raise Slip("message_not_found")

    def reach(self, place: str) -> str:
        """Find the channel meant by its id, its name, or the person whose DM it is."""
        named = {name: key for key, name in self.channels.items()}
        place = named.get(place.removeprefix("#"), place)
        user = self.users.get(place) or self.users.get(f"U{place[1:]}" if place[:1] == "D" else "")
        if user and user["deleted"]:
            raise Slip("user_disabled")
        if user and not user["is_bot"]:
            return dm_of(user["id"])
        if place not in self.channels:
            raise Slip("channel_not_found")
        return place

    def screen(self, view_id: str) -> Screen:
        for one in [*self.modals, *self._homes.values()]:
            if one.id == view_id or view_id == one.view.get("external_id"):
                return one
        raise Slip("not_found")

    def show(self, user: str, view: Dict, *, over: Screen | None = None) -> Screen:
        """Put a view on a person's screen, over another if given."""
        screen = Screen(f"V{uuid4().hex[:10].upper()}", user, {})
        self.redraw(screen, view)
        screen.view |= {"root_view_id": screen.id, "previous_view_id": None}
        if over is not None:
            root = {"root_view_id": over.view["root_view_id"], "previous_view_id": over.id}
            screen.view |= root
        return screen

    def redraw(self, screen: Screen, view: Dict) -> Screen:
        kept = {key: screen.view.get(key) for key in ("root_view_id", "previous_view_id")}
        blank = {"private_metadata": "", "callback_id": "", "external_id": "", "state": {}}
        flags = {"close": None, "submit": None, "clear_on_close": False, "notify_on_close": False}
        ours = {"id": screen.id, "team_id": TEAM, "app_id": APP, "bot_id": BOT, **kept}
        screen.view = blank | flags | view | ours
        screen.view |= {"blocks": dressed(view["blocks"]), "state": {"values": {}}}
        screen.view["hash"] = f"{self.stamp()}.{uuid4().hex[:8]}"
        return screen

    def answer_modal(self, screen: Screen, answer: Dict) -> None:
        """Do with a submitted modal what the app's answer says."""
        with suppress(Slip):
            self.check("view_submission", answer_faults(answer, screen.view))
            action = answer.get("response_action")
            if action == "update":
                self.redraw(screen, answer["view"])
            elif action == "push":
                self.modals.append(self.show(screen.user, answer["view"], over=screen))
            elif action == "clear":
                self.modals = [one for one in self.modals if one.user != screen.user]
            elif action is None and screen in self.modals:
                self.modals.remove(screen)
