"""Private channels: made once, filled, posted into, and archived."""

import asyncio
import logging
from collections.abc import Mapping, Sequence
from typing import Any

from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.chat.message import Message
from bot.engine.ports import Room
from bot.errors import RoomLost, TryLater, Unreachable
from bot.platforms.slack.gate import Gate
from bot.platforms.slack.naming import is_marked, is_named, mark_of, marked, names, stem_of
from bot.platforms.slack.posts import Place, Posts, Sent
from bot.platforms.slack.trouble import (
    BUSY,
    FAILURES,
    LIMITED,
    meaning,
    reason_of,
    unheard,
)

log = logging.getLogger(__name__)

#: The channel is no longer ours to act in.
LOST = frozenset({"channel_not_found", "is_archived", "not_in_channel"})
#: People invited by one call, channels listed by one, and posts looked at by one.
BATCH, LISTED, IN_SIGHT = 100, 200, 100
#: A channel without a mark may still be in another process's hands, which names its purpose in the
#: next call: so many seconds are more than two calls take.
UNFINISHED = 30.0
#: Who need not be invited: whoever is in, and we.
PRESENT = frozenset({"already_in_channel", "cant_invite_self"})
#: Codes of `conversations.invite` that speak of the person, beside those that begin with "user_".
PERSONAL = frozenset(
    {
        "app_cannot_join_channel",
        "cant_invite",
        "cant_invite_self",
        "already_in_channel",
        "invitee_cant_see_channel",
        "no_external_invite_permission",
        "no_permission",
        "org_user_not_in_team",
        "ura_max_channels",
        "users_not_found",
    }
)
#: Who has these is out already: the channel does not hold them, or Slack does not.
ABSENT = frozenset({"not_in_channel", "user_disabled", "user_not_found"})
#: A post stays a post where it cannot be pinned.
UNPINNED = frozenset(
    {
        "already_pinned",
        "message_not_found",
        "no_permission",
        "not_pinnable",
        "restricted_action",
        "too_many_pins",
    }
)


class SlackRooms:
    """Makes channels and acts in them. Raises TryLater and RoomLost.

    A channel is known again by a mark of its key at the end of its purpose. Slack takes no purpose
    with a new channel, so one that we made and that never had a purpose is taken over, as soon as
    it is sure that nobody else is about to give it one.
    """

    def __init__(self, client: AsyncWebClient, gate: Gate | None = None) -> None:
        self._client = client
        self._posts = Posts(client, gate or Gate())
        self._opening = asyncio.Lock()
        #: Channels without a purpose of which we know that nobody is about to give them one.
        self._left: set[str] = set()
        #: Channels without a purpose that a key has waited for, each beside the key's mark.
        self._awaited: set[tuple[str, str]] = set()
        self._me = ""

    async def open(self, workspace: str, name: str, purpose: str, key: str) -> str:  # noqa: ARG002
        """Find the channel with this key's mark, or make it under a free name and mark it."""
        mark, channel = mark_of(key), ""
        async with self._opening:
            try:
                channels = await self._channels()
                for each in channels:
                    if is_marked(_purpose(each), mark):
                        return str(each["id"])
                channel = await self._make(stem_of(name), mark, channels)
                await self._client.conversations_setPurpose(
                    channel=channel, purpose=marked(purpose, mark)
                )
            except FAILURES as failure:
                if channel and not unheard(failure):
                    self._left.add(channel)
                raise _meaning(failure) from None
            self._left.discard(channel)
            self._awaited.discard((mark, channel))
            return channel

    async def invite(self, room: Room, users: Sequence[str]) -> Mapping[str, str]:
        """Bring people in; whoever cannot come in is named with Slack's code."""
        wanted = list(dict.fromkeys(users))
        refused: dict[str, str] = {}
        for start in range(0, len(wanted), BATCH):
            refused |= await self._invite(room, wanted[start : start + BATCH])
        return {user: code for user, code in refused.items() if code not in PRESENT}

    async def dismiss(self, room: Room, user: str) -> None:
        """Let one person out; whoever is out already stays out."""
        try:
            await self._client.conversations_kick(channel=room.ref, user=user)
        except FAILURES as failure:
            if reason_of(failure) not in ABSENT:
                raise _meaning(failure) from None

    async def close(self, room: Room) -> None:
        """Archive the channel; one that is archived already stays so."""
        try:
            await self._client.conversations_archive(channel=room.ref)
        except FAILURES as failure:
            if reason_of(failure) not in ("already_archived", "is_archived"):
                raise _meaning(failure) from None

    async def post(
        self, room: Room, message: Message, key: str, *, thread: str = "", pin: bool = False
    ) -> str:
        """Post what is not there yet; of a long message the first part is pinned."""
        place = Place(room.ref, thread.partition(":")[2])
        try:
            sent = await self._posts.send(
                place, message, key, lambda: self._look(place, key), pin=pin
            )
        except Unreachable as gone:
            raise _of_reason(gone.reason) from None
        return await self._shown(sent, key)

    async def find(self, room: Room, key: str, *, thread: str = "") -> str | None:
        """Look for a post among the last ones; what was to be pinned then is."""
        sent = await self._look(Place(room.ref, thread.partition(":")[2]), key)
        return await self._shown(sent, key) if sent is not None else None

    async def _channels(self) -> list[dict[str, Any]]:
        """List the private channels that we made and are in."""
        if not self._me:
            self._me = str((await self._client.auth_test())["user_id"])
        found: list[dict[str, Any]] = []
        cursor = ""
        while True:
            told = await self._client.conversations_list(
                types="private_channel", exclude_archived=False, limit=LISTED, cursor=cursor
            )
            found += [each for each in told["channels"] if each.get("creator") == self._me]
            cursor = (told.get("response_metadata") or {}).get("next_cursor") or ""
            if not cursor:
                return found

    async def _make(self, stem: str, mark: str, channels: Sequence[Mapping[str, Any]]) -> str:
        """Make a channel, or take over one that was left without a purpose."""
        for each in channels:
            if _never_told(each) and is_named(each["name"], stem, mark):
                channel = str(each["id"])
                if channel in self._left or (mark, channel) in self._awaited:
                    return channel
                self._awaited.add((mark, channel))
                raise TryLater("room_unfinished", UNFINISHED, blameless=True)
        for name in names(stem, {each["name"] for each in channels}, mark):
            try:
                told = await self._client.conversations_create(name=name, is_private=True)
            except SlackApiError as failure:
                if reason_of(failure) != "name_taken":
                    raise
            else:
                return str(told["channel"]["id"])
        raise TryLater("name_taken")

    async def _invite(self, room: Room, users: Sequence[str]) -> dict[str, str]:
        """Invite one batch. Where Slack let nobody in because of some, ask without those."""
        if not users:
            return {}
        try:
            told = await self._client.conversations_invite(
                channel=room.ref, users=users, force=True
            )
        except FAILURES as failure:
            refused = _refused(failure)
            if not refused.keys() & set(users):
                if not _is_personal(failure):
                    raise _meaning(failure) from None
                if len(users) == 1:
                    return {users[0]: reason_of(failure)}
                for user in users:
                    refused |= await self._invite(room, [user])
                return refused
            return refused | await self._invite(
                room, [each for each in users if each not in refused]
            )
        return _named(told.get("errors"))

    async def _look(self, place: Place, key: str) -> Sent | None:
        posts: list[dict[str, Any]] = []
        try:
            if place.thread:
                posts = await self._thread(place)
            else:
                told = await self._client.conversations_history(
                    channel=place.channel, limit=IN_SIGHT, include_all_metadata=True
                )
                posts = told["messages"]
        except FAILURES as failure:
            if reason_of(failure) != "thread_not_found":
                raise _meaning(failure) from None
        return self._posts.recall(place.channel, posts, key)

    async def _thread(self, place: Place) -> list[dict[str, Any]]:
        """Read a thread, which begins with its oldest post, to its end."""
        posts: list[dict[str, Any]] = []
        cursor = ""
        while True:
            told = await self._client.conversations_replies(
                channel=place.channel,
                ts=place.thread,
                limit=IN_SIGHT,
                include_all_metadata=True,
                cursor=cursor,
            )
            posts += told["messages"]
            cursor = (told.get("response_metadata") or {}).get("next_cursor") or ""
            if not cursor:
                return posts

    async def _shown(self, sent: Sent, key: str) -> str:
        """Pin what is to be pinned; give the reference."""
        if sent.pin:
            channel, _, ts = sent.first.partition(":")
            try:
                await self._client.pins_add(channel=channel, timestamp=ts)
            except FAILURES as failure:
                reason = reason_of(failure)
                if reason not in UNPINNED:
                    why = _meaning(failure)
                    if isinstance(why, TryLater):  # the post is there: look before posting again
                        why.unheard = True
                        self._posts.doubt(key)
                    raise why from None
                if reason != "already_pinned":
                    log.info(
                        "A post could not be pinned",
                        extra={"action": "post_not_pinned", "reason": reason},
                    )
        return sent.last


def _purpose(channel: Mapping[str, Any]) -> str:
    return str((channel.get("purpose") or {}).get("value") or "")


def _never_told(channel: Mapping[str, Any]) -> bool:
    """Tell whether a channel never had a purpose; one that was emptied by hand had one."""
    changed = (channel.get("purpose") or {}).get("last_set")
    return not (channel.get("is_archived") or changed or _purpose(channel))


def _meaning(failure: BaseException) -> TryLater | RoomLost:
    reason = reason_of(failure)
    if reason in LOST:
        return RoomLost(reason)
    why = meaning(failure)
    return why if isinstance(why, TryLater) else _of_reason(why.reason)


def _of_reason(reason: str) -> TryLater | RoomLost:
    return RoomLost(reason) if reason in LOST else TryLater(reason)


def _is_personal(failure: BaseException) -> bool:
    reason = reason_of(failure)
    return isinstance(failure, SlackApiError) and (reason in PERSONAL or reason.startswith("user_"))


def _refused(failure: BaseException) -> dict[str, str]:
    """Read who a refused call names, unless it was refused for a reason of ours."""
    data = getattr(getattr(failure, "response", None), "data", None)
    if not isinstance(data, dict) or reason_of(failure) in LOST | LIMITED | BUSY:
        return {}
    return _named(data.get("errors"))


def _named(errors: Any) -> dict[str, str]:
    """Read the people beside their codes."""
    return {
        str(each["user"]): str(each.get("error") or "cant_invite")
        for each in errors or ()
        if isinstance(each, dict) and each.get("user")
    }
