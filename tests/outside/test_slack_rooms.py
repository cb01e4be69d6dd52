"""Private channels on Slack: made once, filled, lost."""

import pytest
from slack_sdk.web.async_client import AsyncWebClient

from bot.errors import RoomLost, TryLater
from bot.platforms.slack.rooms import UNFINISHED, SlackRooms
from tests.outside.slack_rooms_ground import ADA, BOB, CY, DEE, NOTE, opened
from tests.outside.slack_server import BOT_USER, TEAM, SlackServer

pytestmark = pytest.mark.outside


def names(slack: SlackServer) -> list[str]:
    return [room.name for room in slack.rooms.values()]


# Opening


async def test_a_channel_is_private_and_has_a_proper_name_and_a_marked_purpose(
    slack: SlackServer, rooms: SlackRooms
) -> None:
    room = await opened(rooms, "Circle “Überleben” & Schlafen: " + "x" * 80)
    made = slack.rooms[room.ref]
    assert made.name.startswith("circle-uberleben-schlafen-xxx")
    assert len(made.name) == 80
    assert made.purpose["value"].startswith("Six of us, every other week. [")
    assert made.members == {BOT_USER}
    assert (await opened(rooms, "円", "circle.room:2")).ref == slack.room("room").id
    purpose = "About <!channel>, and " + "everything " * 40
    long = await rooms.open(TEAM, "long", purpose, "circle.room:3")
    assert slack.rooms[long].purpose["value"].startswith("About ‹!channel›, and")
    assert len(slack.rooms[long].purpose["value"]) <= 250


async def test_a_repeated_call_gives_the_same_channel(
    slack: SlackServer, rooms: SlackRooms, client: AsyncWebClient
) -> None:
    room = await opened(rooms)
    slack.page = 1
    slack.add_room("another", ADA, BOT_USER)
    assert await opened(rooms) == room
    assert await opened(SlackRooms(client), "Renamed since") == room
    assert names(slack) == ["circle", "another"]


async def test_a_taken_name_gets_a_suffix(slack: SlackServer, rooms: SlackRooms) -> None:
    slack.add_channel("C0OPEN", "circle")
    slack.add_room("circle-2", ADA)  # which we cannot see
    assert slack.rooms[(await opened(rooms)).ref].name == "circle-3"
    assert slack.rooms[(await opened(rooms, key="circle.room:2")).ref].name == "circle-4"
    assert slack.rooms[(await opened(rooms, "x" * 80, "a")).ref].name == "x" * 80
    assert slack.rooms[(await opened(rooms, "x" * 80, "b")).ref].name == "x" * 78 + "-2"


async def test_where_all_numbers_are_taken_the_mark_makes_the_name(
    slack: SlackServer, rooms: SlackRooms
) -> None:
    for number in range(2, 30):
        slack.add_room(f"circle-{number}", ADA)
    slack.add_room("circle", ADA)
    made = slack.rooms[(await opened(rooms)).ref]
    mark = made.purpose["value"].rpartition("[")[2].removesuffix("]")
    assert made.name == f"circle-{mark}"
    assert len(slack.called("conversations.create")) < 20  # of which Slack takes 20 a minute


async def test_an_unheard_creation_makes_no_second_channel(
    slack: SlackServer, rooms: SlackRooms
) -> None:
    slack.fail("conversations.create", drop=True)
    with pytest.raises(TryLater) as unheard:
        await opened(rooms)
    assert unheard.value.unheard
    with pytest.raises(TryLater) as unfinished:  # someone else may just be about to mark it
        await opened(rooms)
    assert (unfinished.value.after, unfinished.value.blameless) == (UNFINISHED, True)
    room = await opened(rooms)
    assert names(slack) == ["circle"]
    assert await opened(rooms) == room


async def test_a_crash_before_the_purpose_makes_no_second_channel(
    slack: SlackServer, rooms: SlackRooms, client: AsyncWebClient
) -> None:
    slack.fail("conversations.setPurpose", drop=True, effect=False)
    with pytest.raises(TryLater):
        await opened(rooms)
    another = SlackRooms(client)
    with pytest.raises(TryLater):
        await opened(another)
    room = await opened(another)
    assert names(slack) == ["circle"]
    assert "[" in slack.rooms[room.ref].purpose["value"]


async def test_an_unheard_purpose_is_found_at_once(
    slack: SlackServer, rooms: SlackRooms, client: AsyncWebClient
) -> None:
    slack.fail("conversations.setPurpose", drop=True)
    with pytest.raises(TryLater):
        await opened(rooms)
    assert (await opened(SlackRooms(client))).ref == slack.room("circle").id
    assert names(slack) == ["circle"]


async def test_a_purpose_that_must_wait_goes_on_with_the_same_channel(
    slack: SlackServer, rooms: SlackRooms
) -> None:
    slack.fail("conversations.setPurpose", retry_after=7)
    with pytest.raises(TryLater) as limit:
        await opened(rooms)
    assert (limit.value.after, limit.value.blameless) == (7, True)
    await opened(rooms)
    assert names(slack) == ["circle"]


async def test_two_keys_never_share_a_channel(
    slack: SlackServer, rooms: SlackRooms, client: AsyncWebClient
) -> None:
    slack.fail("conversations.setPurpose", retry_after=7)
    with pytest.raises(TryLater):
        await opened(rooms)
    another = SlackRooms(client)
    with pytest.raises(TryLater):
        await opened(another, key="circle.room:2")
    second = await opened(another, key="circle.room:2")  # takes over what was left
    first = await opened(rooms)
    assert first != second
    assert names(slack) == ["circle", "circle-2"]
    assert await opened(rooms) == first


async def test_each_key_waits_for_a_channel_that_another_may_be_about_to_mark(
    slack: SlackServer, rooms: SlackRooms
) -> None:
    made = slack.add_room("circle", BOT_USER)
    for key in ("circle.room:1", "circle.room:2"):
        with pytest.raises(TryLater, match="room_unfinished"):
            await opened(rooms, key=key)
    made.purpose = {"value": "Marked meanwhile.", "creator": BOT_USER, "last_set": 1}
    for key in ("circle.room:1", "circle.room:2"):
        await opened(rooms, key=key)
    assert names(slack) == ["circle", "circle-2", "circle-3"]


async def test_what_is_not_ours_is_not_taken_over(slack: SlackServer, rooms: SlackRooms) -> None:
    slack.add_room("circle", ADA, BOT_USER)  # a person's, without a purpose
    emptied = slack.add_room("circle-2", BOT_USER, ADA, BOB)
    emptied.purpose = {"value": "", "creator": ADA, "last_set": 1}  # a living one's, by hand
    old = slack.add_room("circle-3", BOT_USER)
    slack.archive(old.id)
    assert slack.rooms[(await opened(rooms)).ref].name == "circle-4"


@pytest.mark.parametrize("method", ["auth.test", "conversations.list", "conversations.create"])
async def test_a_limit_is_waited_for(slack: SlackServer, rooms: SlackRooms, method: str) -> None:
    slack.fail(method, retry_after=20)
    with pytest.raises(TryLater) as limit:
        await opened(rooms)
    assert (limit.value.after, limit.value.blameless) == (20, True)
    assert (limit.value.everyone, limit.value.unheard) == (False, False)
    assert (await opened(rooms)).ref == slack.room("circle").id


# People


async def test_who_cannot_come_in_is_named_and_the_others_are_in(
    slack: SlackServer, rooms: SlackRooms
) -> None:
    room = await opened(rooms)
    slack.make_guest(BOB)
    slack.make_guest(CY, of_one=True)
    slack.deactivate(DEE)
    invited = [ADA, BOB, CY, DEE, "U0NOBODY", ADA, BOT_USER]
    assert await rooms.invite(room, invited) == {
        BOB: "user_is_restricted",
        CY: "ura_max_channels",
        DEE: "user_disabled",
        "U0NOBODY": "user_not_found",
    }
    assert slack.rooms[room.ref].members == {BOT_USER, ADA}
    assert await rooms.invite(room, [ADA]) == {}
    assert await rooms.invite(room, [BOB]) == {BOB: "user_is_restricted"}
    assert await rooms.invite(room, []) == {}


async def test_many_people_are_invited_in_batches(slack: SlackServer, rooms: SlackRooms) -> None:
    room = await opened(rooms)
    many = [f"U0N{number}" for number in range(230)]
    for user in many:
        slack.add_user(user, user)
    slack.make_guest(many[150])
    assert await rooms.invite(room, many) == {many[150]: "user_is_restricted"}
    assert len(slack.rooms[room.ref].members) == 230
    assert len(slack.called("conversations.invite")) == 3


async def test_a_refusal_without_names_is_found_out_one_by_one(
    slack: SlackServer, rooms: SlackRooms
) -> None:
    room = await opened(rooms)
    slack.make_guest(BOB)
    slack.fail("conversations.invite", error="user_is_restricted")
    assert await rooms.invite(room, [ADA, BOB, CY]) == {BOB: "user_is_restricted"}
    slack.fail("conversations.invite", error="cant_invite")
    assert await rooms.invite(room, [DEE]) == {DEE: "cant_invite"}
    assert slack.rooms[room.ref].members == {BOT_USER, ADA, CY}


async def test_a_limited_or_refused_invitation_names_nobody(
    slack: SlackServer, rooms: SlackRooms
) -> None:
    room = await opened(rooms)
    slack.fail("conversations.invite", retry_after=3)
    slack.fail("conversations.invite", error="missing_scope")
    slack.fail("conversations.invite", error="something_new")
    for reason in ("ratelimited", "missing_scope", "something_new"):
        with pytest.raises(TryLater, match=reason):
            await rooms.invite(room, [ADA, BOB])
    assert await rooms.invite(room, [ADA, BOB]) == {}


async def test_who_is_let_out_is_out(slack: SlackServer, rooms: SlackRooms) -> None:
    room = await opened(rooms)
    await rooms.invite(room, [ADA, BOB])
    for _ in range(2):
        await rooms.dismiss(room, ADA)
    await rooms.dismiss(room, "U0NOBODY")
    assert slack.rooms[room.ref].members == {BOT_USER, BOB}


async def test_a_closed_channel_stays_closed(slack: SlackServer, rooms: SlackRooms) -> None:
    room = await opened(rooms)
    slack.fail("conversations.archive", drop=True)
    with pytest.raises(TryLater):
        await rooms.close(room)
    await rooms.close(room)
    assert slack.rooms[room.ref].archived


# Loss


@pytest.mark.parametrize("how", ["archived", "removed", "deleted"])
async def test_a_lost_channel_is_said_by_whatever_is_tried(
    slack: SlackServer, rooms: SlackRooms, how: str
) -> None:
    room = await opened(rooms)
    await rooms.invite(room, [ADA])
    if how == "archived":
        slack.archive(room.ref)
    elif how == "removed":
        slack.remove(room.ref)
    else:
        del slack.rooms[room.ref], slack.channels[room.ref]
    reason = "is_archived" if how == "archived" else "channel_not_found"
    for act in (
        rooms.invite(room, [BOB]),
        rooms.dismiss(room, ADA),
        rooms.post(room, NOTE, "hello", pin=True),
    ):
        with pytest.raises(RoomLost) as lost:
            await act
        assert lost.value.reason == reason
    if how != "archived":
        with pytest.raises(RoomLost):
            await rooms.close(room)
        with pytest.raises(RoomLost):
            await rooms.find(room, "hello")


async def test_nobody_is_called_unreachable_because_of_a_channel(
    slack: SlackServer, rooms: SlackRooms
) -> None:
    room = await opened(rooms)
    slack.fail("chat.postMessage", error="user_is_restricted")
    slack.fail("conversations.create", error="user_is_restricted")
    with pytest.raises(TryLater, match="user_is_restricted"):
        await rooms.post(room, NOTE, "hello")
    with pytest.raises(TryLater, match="user_is_restricted"):
        await opened(rooms, "another", "circle.room:2")
