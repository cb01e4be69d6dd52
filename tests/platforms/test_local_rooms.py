"""Private channels of the local workspace: who sees them, what stands there, and what ends."""

from functools import partial

import pytest

from bot.app import local_coach
from bot.chat.message import Button, Message, Paragraph, Span
from bot.engine.ports import Address, Room
from bot.errors import Misconfigured, RoomLost
from bot.platforms.local.events import Live
from bot.platforms.local.people import CAST, person
from bot.platforms.local.posts import direct, places
from bot.platforms.local.terminal import Terminal
from bot.platforms.local.workspace import Workspace
from bot.settings import Settings
from bot.store import local, local_rooms
from bot.store.database import Database
from tests.platforms.asgi import Answer, Client

OWLS = "/as/amina/night-owls"


def say(text: str, *buttons: Button) -> Message:
    return Message((Paragraph((Span(text),)),), buttons)


async def owls(room: Workspace, *people: str) -> Room:
    ref = await room.messenger.rooms.open("local", "Night owls", "A circle of six weeks", "owls")
    made = Room("local", ref)
    await room.messenger.rooms.invite(made, people or ("amina", "daniel"))
    return made


async def says(browser: Client, text: str, where: str = OWLS, key: str = "k") -> Answer:
    return await browser.post(f"{where}/say", {"text": text, "key": key})


# ---- What the engine asks ----


async def test_a_channel_is_made_once_for_its_key_and_its_name_is_its_own(room: Workspace) -> None:
    rooms = room.messenger.rooms
    first = await rooms.open("local", "Night owls!", "One", "a")
    again = await rooms.open("local", "Night owls!", "One", "a")
    second = await rooms.open("local", "night owls", "Two", "b")
    third = await rooms.open("local", "night-owls", "Three", "c")
    general = await rooms.open("local", "general", "Four", "d")
    await rooms.invite(Room("local", general), ["amina"])
    for ref in (first, second, third):
        await rooms.invite(Room("local", ref), ["amina"])
    there = (await room.database.run(places([CAST["amina"]])))["amina"]
    assert first == again
    assert {slug: place.topic for slug, place in there.items() if "room:" in place.address} == {
        "general-2": "Four",
        "night-owls": "One",
        "night-owls-2": "Two",
        "night-owls-3": "Three",
    }


async def test_who_is_nobody_here_is_not_let_in_and_who_is_in_stays(room: Workspace) -> None:
    rooms, made = room.messenger.rooms, await owls(room, "amina")
    refused = await rooms.invite(made, ["amina", "U 12", "coach", "zoe"])
    assert refused == {"U 12": "user_not_found", "coach": "user_not_found"}
    await rooms.dismiss(made, "daniel")  # was never in
    await rooms.dismiss(made, "amina")
    await rooms.dismiss(made, "amina")
    people = await room.database.run(partial(local_rooms.people_in, ref=made.ref))
    assert people == ["zoe"]


async def test_a_post_is_made_once_and_found_by_its_key(room: Workspace) -> None:
    rooms, made = room.messenger.rooms, await owls(room)
    first = await rooms.post(made, say("Welcome"), "p1", pin=True)
    answer = await rooms.post(made, say("Who is in?"), "p2", thread=first)
    deeper = await rooms.post(made, say("And you?"), "p3", thread=answer)
    elsewhere = await rooms.post(made, say("Hello"), "p4", thread="9999")
    assert await rooms.post(made, say("Welcome"), "p1") == first
    assert await rooms.find(made, "p2", thread=first) == answer
    assert await rooms.find(made, "p9") is None
    posts = await room.database.run(partial(local.posts, place=f"room:{made.ref}", person="amina"))
    told = {str(post.id): (post.thread, post.pinned) for post in posts}
    assert told == {
        first: (0, True),
        answer: (int(first), False),
        deeper: (int(first), False),
        elsewhere: (0, False),
    }


@pytest.mark.parametrize("ref", ["", "77", "x", "-1", "9" * 40, "٣"])
async def test_a_channel_that_is_not_there_is_lost(room: Workspace, ref: str) -> None:
    rooms, gone = room.messenger.rooms, Room("local", ref)
    for call in (
        rooms.invite(gone, ["amina"]),
        rooms.dismiss(gone, "amina"),
        rooms.close(gone),
        rooms.post(gone, say("Hello"), "p"),
    ):
        with pytest.raises(RoomLost, match="channel_not_found"):
            await call


async def test_nothing_more_is_posted_in_an_archived_channel(room: Workspace) -> None:
    rooms, made = room.messenger.rooms, await owls(room)
    first = await rooms.post(made, say("Welcome"), "p1")
    await rooms.close(made)
    await rooms.close(made)
    with pytest.raises(RoomLost, match="is_archived"):
        await rooms.post(made, say("More"), "p2")
    with pytest.raises(RoomLost, match="is_archived"):
        await rooms.invite(made, ["rosa"])
    # What was posted before is no loss when it is asked for again.
    assert await rooms.post(made, say("Welcome"), "p1") == first


# ---- What people see ----


async def test_only_who_is_in_sees_the_channel(browser: Client, room: Workspace) -> None:
    made = await owls(room)
    await room.messenger.rooms.post(made, say("Welcome, owls"), "p1")
    mine = await browser.get("/as/amina/dm")
    assert "1 unread" in mine.page.words
    assert mine.page.find("a", id="go-night-owls")
    inside = await browser.get(OWLS)
    assert "Welcome, owls" in inside.text
    assert "A circle of six weeks" in inside.text
    outside = await browser.get("/as/rosa/night-owls")
    assert outside.status == 404
    assert "Welcome, owls" not in outside.text
    assert not (await browser.get("/as/rosa/dm")).page.find_all("a", id="go-night-owls")
    for path in ("say", "press", "submit"):
        sent = {"text": "Let me in", "action": "coach.help", "form": "goal.add", "key": path}
        assert (await browser.post(f"/as/rosa/night-owls/{path}", sent)).status == 404
    assert "Let me in" not in (await browser.get(OWLS)).text


async def test_people_talk_among_themselves_and_a_command_is_answered_to_one(
    browser: Client, room: Workspace
) -> None:
    await owls(room)
    await says(browser, "Who can swap Tuesday?")
    asked = await says(browser, "/goal add Sleep before nights", key="c")
    assert "Only visible to you" in asked.text
    assert "Kept as goal 1" in asked.text
    theirs = await browser.get("/as/daniel/night-owls")
    assert "Who can swap Tuesday?" in theirs.text
    assert "Sleep before nights" not in theirs.text
    # The coach said nothing to what people told each other.
    assert theirs.text.count('class="tag">Coach') == 0


async def test_a_press_is_answered_privately_and_the_post_stays(
    browser: Client, room: Workspace
) -> None:
    made = await owls(room)
    offered = say("This week’s question", Button("Skip it", "coach.skip"))
    post = await room.messenger.rooms.post(made, offered, "p1")
    await browser.get("/as/amina/dm")
    seen = partial(local.posts, place=f"room:{made.ref}", person="daniel")
    before = await room.database.run(seen)
    sent = {"action": "coach.skip", "post": post, "key": "k"}
    mine = await browser.post(f"{OWLS}/press", sent)
    assert "Only visible to you" in mine.text
    assert "This week’s question" in mine.text
    assert await room.database.run(seen) == before


async def test_who_is_forgotten_from_inside_a_channel_reads_the_receipt_in_the_dm(
    browser: Client, room: Workspace
) -> None:
    await owls(room)
    await browser.get("/as/amina/dm")
    asked = await says(browser, "/coach forget")
    button = next(
        each["value"] for each in asked.page.find_all("button", name="action")
        if each["value"].startswith("coach.forget")
    )  # fmt: skip
    post = asked.page.find_all("input", name="post")[-1]["value"]
    sent = {"action": button, "post": post, "key": "p"}
    answer = await browser.post(f"{OWLS}/press", sent)
    assert answer.page.find("a", aria_current="page")["href"] == "/as/amina/dm"
    assert "You are forgotten here" in answer.text
    # Whoever is forgotten is in no channel any more.
    assert (await browser.get(OWLS)).status == 404


async def test_a_thread_and_a_pin_can_be_seen(browser: Client, room: Workspace) -> None:
    rooms, made = room.messenger.rooms, await owls(room)
    charter = await rooms.post(
        made, say("Our charter: what is said here stays here"), "p1", pin=True
    )
    await rooms.post(made, say("Session 1 is on Monday"), "p2")
    await rooms.post(made, say("Two of you asked <why>"), "p3", thread=charter)
    page = (await browser.get(OWLS)).page
    assert "Pinned" in page.words
    assert "In thread of “Our charter: what is said here stays here”" in page.words
    assert page.find("a", href=f"#post-{charter}")
    assert len([each for each in page.find_all("li") if "thread" in each.get("class", "")]) == 1


async def test_an_archived_channel_can_only_be_read(browser: Client, room: Workspace) -> None:
    rooms, made = room.messenger.rooms, await owls(room)
    await rooms.post(made, say("Was it worth it?", Button("Yes", "coach.help")), "p1")
    await browser.get("/as/amina/dm")
    await rooms.close(made)
    page = (await browser.get(OWLS)).page
    assert "This channel is archived." in page.words
    assert "Was it worth it?" in page.words
    assert "hidden" in page.find("form", id="composer")
    assert not page.find_all("button", value="coach.help")
    await says(browser, "Still here?")
    answered = await browser.post(f"{OWLS}/press", {"action": "coach.help", "key": "k"})
    assert answered.page.find("a", aria_current="page")["href"] == "/as/amina/dm"
    posts = await room.database.run(partial(local.posts, place=f"room:{made.ref}", person="amina"))
    assert len(posts) == 1


async def test_an_open_page_hears_of_a_new_channel_and_of_its_end(
    room: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.platforms.local.events.BEAT", 0.01)
    live = Live(room)
    stream = live.stream(CAST["amina"], direct(CAST["amina"]))
    assert [await anext(stream), await anext(stream)][1].startswith("data:")
    made = await owls(room)
    assert (await anext(stream)).startswith("data:")
    await room.messenger.rooms.post(made, say("Welcome"), "p1")
    assert await anext(stream) == 'data: {"last": 0, "unread": 1}\n\n'
    await room.messenger.rooms.close(made)
    assert (await anext(stream)).startswith("data:")
    live.close()


# ---- In a terminal ----


def terminal(room: Workspace, name: str) -> Terminal:
    settings = Settings(DATABASE_URL="sqlite://")
    coach, _ = local_coach(settings, room.clock, room.database)
    return Terminal(room, coach.dispatch, person(name))


async def test_a_terminal_speaks_in_the_channels_one_is_in(room: Workspace) -> None:
    made = await owls(room)
    amina, rosa = terminal(room, "amina"), terminal(room, "rosa")
    assert await amina.say("Good evening", "#night-owls") == []
    assert (await amina.say("/goal list", "night-owls"))[-1]["private"]
    await room.messenger.rooms.post(made, say("Welcome", Button("Help me", "coach.help")), "p1")
    [told] = await amina.inbox("night-owls")
    assert (told["to"], told["text"], told["private"]) == ("#night-owls", "Welcome", False)
    for who, channel in ((rosa, "night-owls"), (amina, "attic"), (amina, "dm"), (amina, "home")):
        with pytest.raises(Misconfigured, match="is no channel that"):
            await who.say("Let me in", channel)

    await amina.press("coach.help")
    posts = await room.database.run(partial(local.posts, place=f"room:{made.ref}", person="amina"))
    assert posts[-1].seen_by == "amina"
    assert await amina.inbox("night-owls") == [told]  # the post itself is as it was
    await rosa.press("coach.help")
    posts = await room.database.run(partial(local.posts, place=f"room:{made.ref}", person="rosa"))
    assert {post.author for post in posts} == {"amina", "coach"}
    assert all(post.seen_by == "" for post in posts)
    await room.messenger.rooms.close(made)
    with pytest.raises(Misconfigured, match="#night-owls is archived"):
        await amina.say("Still here?", "night-owls")


# ---- What is left ----


def left(database: Database) -> list[tuple[str, str]]:
    return [
        (post.author, post.place)
        for place in ("room:1", "channel:general")
        for post in database.call(partial(local.posts, place=place, person="daniel"))
    ]


async def test_who_is_forgotten_takes_along_what_they_wrote(room: Workspace) -> None:
    made = await owls(room)
    amina, daniel = terminal(room, "amina"), terminal(room, "daniel")
    await amina.say("/goal add Pass the boards")
    await amina.say("I am on nights until Friday", "night-owls")
    await amina.say("Journal club at noon?", "general")
    await daniel.say("Me too", "night-owls")
    [asked] = await amina.say("/coach forget")
    assert "1 message that you wrote in private channels" in asked["text"]
    [button] = [each["action"] for each in asked["buttons"] if each["label"] == "Forget me"]
    [told] = await amina.press(button)
    assert "1 message that you wrote in private channels" in told["text"]
    assert left(room.database) == [("daniel", "room:1"), ("amina", "channel:general")]
    people = await room.database.run(partial(local_rooms.people_in, ref=made.ref))
    assert people == ["daniel"]


async def test_an_emptied_workspace_has_no_channels(room: Workspace) -> None:
    await owls(room)
    await room.messenger.send(Address("local", "amina"), say("Hello"), "k")
    await room.database.run(local.forget_everything)
    assert left(room.database) == []
    assert await room.database.run(partial(local_rooms.seats, people=["amina"])) == {"amina": []}
