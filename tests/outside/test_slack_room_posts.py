"""Posts in Slack's private channels: found again, pinned, answered in threads and by presses."""

import pytest
from slack_sdk.web.async_client import AsyncWebClient

from bot.chat.message import Button, File, Message
from bot.errors import TryLater
from bot.platforms.slack.outbound import SlackMessenger
from bot.platforms.slack.render import literal
from bot.platforms.slack.rooms import SlackRooms
from tests.outside.slack_people import Person
from tests.outside.slack_rooms_ground import ADA, BOB, LONG, NOTE, opened
from tests.outside.slack_server import SlackServer
from tests.outside.slack_stage import Stage, buttons

pytestmark = pytest.mark.outside


async def test_a_post_is_seen_by_who_is_in_and_is_found_again(
    slack: SlackServer, rooms: SlackRooms, client: AsyncWebClient
) -> None:
    room = await opened(rooms)
    await rooms.invite(room, [ADA])
    assert await rooms.find(room, "hello") is None
    ref = await rooms.post(room, NOTE, "hello")
    (post,) = slack.seen_in(room.ref, ADA)
    assert (post.text, ref) == ("Welcome, all of you.", f"{room.ref}:{post.ts}")
    assert slack.seen_in(room.ref, BOB) == []
    assert slack.rooms[room.ref].pins == []
    for number in range(90):
        slack.post(room.ref, ADA, {"text": f"chatter {number}"})
    assert await SlackRooms(client).find(room, "hello") == ref
    await SlackMessenger(client).replace(ref, literal("Welcome back."))
    assert post.text == "Welcome back."


async def test_a_long_pinned_post_goes_on_where_it_broke_off(
    slack: SlackServer, rooms: SlackRooms, client: AsyncWebClient
) -> None:
    room = await opened(rooms)
    slack.fail("chat.postMessage", drop=True)
    with pytest.raises(TryLater) as unheard:
        await rooms.post(room, LONG, "rules", pin=True)
    assert unheard.value.unheard
    slack.post(room.ref, ADA, {"text": "someone speaks between the parts"})
    assert await SlackRooms(client).find(room, "rules") is None
    ref = await rooms.post(room, LONG, "rules", pin=True)

    posts = slack.messages(room.ref)
    assert "".join(post.text for post in posts).replace("\n", "") == "word " * 3_000
    assert len(posts) > 2
    assert ref == f"{room.ref}:{posts[-1].ts}"
    assert slack.rooms[room.ref].pins == [posts[0].ts]  # where reading begins


async def test_a_crash_before_the_pin_still_pins(
    slack: SlackServer, rooms: SlackRooms, client: AsyncWebClient
) -> None:
    room = await opened(rooms)
    slack.fail("pins.add", retry_after=2)
    with pytest.raises(TryLater) as wait:
        await rooms.post(room, NOTE, "rules", pin=True)
    assert wait.value.unheard  # the post is there: look before posting again
    ref = await SlackRooms(client).find(room, "rules")
    assert ref is not None
    assert slack.rooms[room.ref].pins == [ref.partition(":")[2]]
    assert await rooms.post(room, NOTE, "rules", pin=True) == ref
    assert len(slack.messages(room.ref)) == 1


@pytest.mark.parametrize("code", ["too_many_pins", "restricted_action", "not_pinnable"])
async def test_a_post_that_cannot_be_pinned_is_a_post(
    slack: SlackServer, rooms: SlackRooms, code: str
) -> None:
    room = await opened(rooms)
    slack.fail("pins.add", error=code)
    assert await rooms.post(room, NOTE, "rules", pin=True)


async def test_a_thread_holds_its_answers_and_their_files(
    slack: SlackServer, rooms: SlackRooms, client: AsyncWebClient
) -> None:
    room = await opened(rooms)
    asked = await rooms.post(room, literal("What went well?"), "round:1")
    ts = asked.partition(":")[2]
    for number in range(150):
        slack.post(room.ref, ADA, {"text": f"answer {number}", "thread_ts": ts})
    agenda = Message(NOTE.blocks, files=(File("a.ics", "text/calendar", b"BEGIN", "Agenda"),))
    ref = await rooms.post(room, agenda, "round:2", thread=asked)
    assert [post.thread_ts for post in slack.messages(room.ref)] == [None, ts, ts]

    another = SlackRooms(client)
    assert await another.find(room, "round:2", thread=asked) == ref
    assert await another.find(room, "round:2") is None  # it does not stand in the channel itself
    assert await another.find(room, "round:1") == asked
    assert await another.find(room, "round:2", thread=f"{room.ref}:1.1") is None


async def test_a_limited_post_is_waited_for(slack: SlackServer, rooms: SlackRooms) -> None:
    room = await opened(rooms)
    slack.fail("chat.postMessage", retry_after=5)
    with pytest.raises(TryLater) as limit:
        await rooms.post(room, NOTE, "hello")
    assert (limit.value.after, limit.value.everyone) == (5, True)


async def test_a_press_in_a_channel_is_answered_for_one_and_leaves_the_post(stage: Stage) -> None:
    *_, kept = await stage.command("/goal add Pass the boards")
    assert "It is fine as it is" in buttons(kept)
    rooms = stage.house.slack.messenger.rooms
    room = await opened(rooms)
    await rooms.invite(room, [stage.ada.id])
    shared = Message(NOTE.blocks, (Button("It is fine as it is", "goal.fine:1"),))
    await rooms.post(room, shared, "hello")
    (post,) = stage.slack.messages(room.ref)

    (answer,) = await stage.presses(post, "It is fine as it is")
    assert "Pass the boards" in answer.text
    assert (answer.only_for, answer.channel) == (stage.ada.id, room.ref)
    assert (post.text, post.edits) == ("Welcome, all of you.", 0)
    assert buttons(post) == ["It is fine as it is"]

    stranger = Person(stage.slack, stage.transport, BOB, "Bob")
    with pytest.raises(LookupError):
        await stranger.presses(post, "It is fine as it is")
    assert await stage.presses(kept, "It is fine as it is") == []  # seen by one: it is replaced
