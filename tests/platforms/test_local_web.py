"""The local workspace's pages: what they show, what they refuse, and what they do once only."""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest

from bot.chat.message import Button, Message, Paragraph, Span
from bot.engine.ports import Address
from bot.platforms.local import moves
from bot.platforms.local.events import Live
from bot.platforms.local.people import CAST
from bot.platforms.local.posts import direct
from bot.platforms.local.workspace import Workspace
from bot.store import local
from tests.platforms.asgi import Answer, Client

AMINA = CAST["amina"]
AMINA_ADDRESS = Address("local", "amina")
DM = "/as/amina/dm"


def say(text: str) -> Message:
    return Message((Paragraph((Span(text),)),))


async def says(browser: Client, text: str, where: str = DM, key: str = "k") -> Answer:
    return await browser.post(f"{where}/say", {"text": text, "key": key})


# ---- Places ----


async def test_the_front_page_is_amina_and_she_is_welcomed_once(browser: Client) -> None:
    await browser.get("/")
    answer = await browser.get("/")
    assert answer.status == 200
    assert answer.text.count("Hello Amina") == 1
    assert answer.page.find("a", aria_current="page")["href"] == DM
    assert "Playground: everything stays on this machine." in answer.text


async def test_what_does_not_exist_is_said_kindly(browser: Client) -> None:
    for path in ("/nowhere", "/as/amina/attic", "/as/..%2f/dm", "/as/coach/dm"):
        answer = await browser.get(path)
        assert answer.status == 404
        assert "Go to the front page" in answer.text


async def test_health(browser: Client) -> None:
    assert (await browser.get("/health")).text == '{"ok":true}'


async def test_a_visitor_from_the_terminal_has_a_place(browser: Client, room: Workspace) -> None:
    answer = await browser.get("/as/zoe/dm")
    assert answer.page.find("a", id="be-zoe", aria_current="true")


async def test_a_goal_is_set_and_its_words_are_escaped(browser: Client) -> None:
    answer = await says(browser, "/goal add Publish <script>alert(1)</script> by June 2027")
    assert "30 June 2027" in answer.text
    assert "<script>alert" not in answer.text
    assert len(answer.page.find_all("script")) == 2


async def test_in_the_channel_plain_words_are_posted_and_commands_stay_private(
    browser: Client,
) -> None:
    await says(browser, "Journal club at noon?", "/as/amina/general")
    mine = await says(browser, "/goal list", "/as/amina/general")
    theirs = await browser.get("/as/daniel/general")
    assert "Only visible to you" in mine.text
    assert "Journal club at noon?" in theirs.text
    assert "Only visible to you" not in theirs.text
    assert "/goal list" not in theirs.page.words.split("Message #general")[0]


async def test_what_was_said_is_unread_for_the_others_until_they_look(
    browser: Client, room: Workspace
) -> None:
    await says(browser, "Journal club at noon?", "/as/amina/general")
    there = await room.database.run(lambda db: local.unread(db, "daniel", ["channel:general"]))
    await browser.get("/as/daniel/general")
    after = await room.database.run(lambda db: local.unread(db, "daniel", ["channel:general"]))
    assert (there, after) == ({"channel:general": 1}, {"channel:general": 0})


async def test_from_the_home_the_answer_comes_by_direct_message(browser: Client) -> None:
    home = await browser.get("/as/amina/home")
    assert home.page.find("button", value="goal.list")
    answer = await browser.post("/as/amina/home/press", {"action": "goal.list", "key": "k"})
    assert answer.page.find("a", aria_current="page")["href"] == DM


async def test_the_composer_knows_every_command(browser: Client) -> None:
    answer = await browser.get(DM)
    assert '"typed": "/goal add"' in answer.text
    assert '"usage": "/goal add \\u003ctitle\\u003e' in answer.text


# ---- Once, and only from here ----


async def test_a_double_click_is_one_click(browser: Client) -> None:
    await asyncio.gather(*(says(browser, "/goal add Pass the boards") for _ in range(3)))
    answer = await browser.get(DM)
    assert answer.page.words.count("Kept as goal 1") == 1
    assert "Kept as goal 2" not in answer.text
    again = await says(browser, "/goal add Pass the boards", key="another page")
    assert again.text.count('class="by"') > answer.text.count('class="by"')


@pytest.mark.parametrize(
    "host", ["evil.example", "evil.example:8421", "127.0.0.1.evil.example", ""]
)
async def test_another_name_for_this_machine_is_refused(browser: Client, host: str) -> None:
    assert (await browser.get("/", {"host": host})).status == 403


@pytest.mark.parametrize("host", ["localhost", "localhost:9000", "127.0.0.1", "LOCALHOST:1"])
async def test_this_machines_own_names_are_served(browser: Client, host: str) -> None:
    assert (await browser.get("/health", {"host": host})).status == 200


@pytest.mark.parametrize(
    "headers",
    [
        {"origin": "https://evil.example", "sec-fetch-site": "cross-site"},
        {"origin": "http://127.0.0.1:3000", "sec-fetch-site": "same-site"},
        {"origin": "http://127.0.0.1:3000"},
        {"origin": "null"},
        {"sec-fetch-site": "cross-site"},
    ],
)
async def test_a_post_from_another_site_does_nothing(
    browser: Client, headers: dict[str, str]
) -> None:
    body = b"text=%2Fgoal+add+Theirs&key=k"
    assert (await browser.send("POST", f"{DM}/say", body, headers)).status == 403
    assert "Theirs" not in (await browser.get(DM)).text


async def test_every_answer_carries_the_strict_headers(browser: Client) -> None:
    for answer in (await browser.get(DM), await browser.get("/static/chat.js"),
                   await browser.get("/", {"host": "evil.example"})):  # fmt: skip
        assert "script-src 'self'" in answer.headers["content-security-policy"]
        assert "unsafe" not in answer.headers["content-security-policy"]
        assert answer.headers["cache-control"] == "no-store"
        assert answer.headers["x-content-type-options"] == "nosniff"


async def test_a_page_has_no_inline_script_or_style(browser: Client) -> None:
    page = (await browser.get(DM)).page
    assert [each for each in page.find_all("script") if "src" not in each] == [
        {"type": "application/json", "id": "commands"}
    ]
    assert not page.find_all("style")
    for _, attributes in page.tags:
        assert "style" not in attributes
        assert not [name for name in attributes if name.startswith("on")]


async def test_too_much_is_refused_and_nonsense_is_nothing(browser: Client) -> None:
    much = await browser.send("POST", f"{DM}/say", b"text=" + b"x" * 70_000)
    assert much.status == 413
    assert (await browser.send("POST", f"{DM}/say", b"\xff\xfe%%%")).status == 303
    assert (await browser.send("POST", f"{DM}/press", b"")).status == 303
    for since in ("soon", "0001-01-01T00:00%2B00:00", "9999-12-31T23:59-14:00"):
        assert (await browser.get(f"{DM}?since={since}")).status == 200


# ---- Forms ----


async def test_a_form_with_wrong_answers_keeps_what_was_typed(browser: Client) -> None:
    await says(browser, "/goal add Pass the boards")
    opened = await says(browser, "/goal edit 1", key="edit")
    address = opened.page.find("input", name="form")["value"]
    sent = {"form": address, "f.title": "Pass <b>all</b> boards", "f.due": "Junne 2027", "key": "s"}
    refused = await browser.post(f"{DM}/submit", sent)
    assert refused.status == 422
    page = refused.page
    assert page.find("input", name="f.title")["value"] == "Pass <b>all</b> boards"
    assert page.find("input", name="f.due")["value"] == "Junne 2027"
    assert page.find("input", name="f.due")["aria-invalid"] == "true"
    assert "field-due-error" in page.find("input", name="f.due")["aria-describedby"]
    saved = await browser.post(f"{DM}/submit", {**sent, "f.due": "June 2027", "key": "t"})
    assert saved.status == 200
    assert not saved.page.find_all("dialog")
    assert "Pass &lt;b&gt;all&lt;/b&gt; boards" in saved.text


async def test_a_button_of_somebody_elses_post_replaces_nothing(
    browser: Client, room: Workspace
) -> None:
    await browser.get("/as/daniel/dm")
    posts = await room.database.run(lambda db: list(local.posts(db, "dm:daniel", "daniel")))
    await browser.post(f"{DM}/press", {"action": "coach.skip", "post": str(posts[0].id)})
    assert "Hello Daniel" in (await browser.get("/as/daniel/dm")).text


async def test_buttons_stand_below_their_words(browser: Client, room: Workspace) -> None:
    await room.messenger.send(
        AMINA_ADDRESS, Message((), (Button("<Go>", "coach.help", primary=True),)), "key"
    )
    answer = await browser.get(DM)
    assert answer.page.find("button", value="coach.help", class_="primary")
    assert "&lt;Go&gt;" in answer.text


# ---- The clock ----


async def test_the_check_in_arrives_at_its_own_hour(browser: Client, room: Workspace) -> None:
    await says(browser, "/goal add Pass the boards by June 2027")
    answer = await browser.post(f"{DM}/clock", {"move": "date", "at": "2027-01-20T12:00"})
    assert "messages for you" in answer.page.words
    assert "Wed 20 Jan 2027" in answer.text
    times = [each["datetime"] for each in answer.page.find_all("time") if "datetime" in each]
    assert any(each.startswith("2027-01-04T09:00:0") for each in times)
    assert abs(room.clock() - datetime(2027, 1, 20, 12, tzinfo=UTC)) < timedelta(minutes=1)


async def test_what_was_withheld_is_said_with_its_reason(browser: Client) -> None:
    await says(browser, "/goal add Pass the boards by June 2027")
    await says(browser, "/coach pause until 12 January", key="pause")
    answer = await browser.post(f"{DM}/clock", {"move": "date", "at": "2027-01-05T12:00"})
    assert "Weekly check-in was not sent because the coach was paused" in answer.page.words


@pytest.mark.parametrize(
    ("at", "sentence"),
    [
        ("2026-12-01T09:00", "The clock only moves ahead"),
        ("2029-01-01T09:00", "One move is 400 days at most"),
        ("9999-12-31T23:59", "One move is 400 days at most"),
        ("soon", "That is not a date and time"),
        ("", "That is not a date and time"),
    ],
)
async def test_the_clock_refuses_with_a_sentence(
    browser: Client, room: Workspace, at: str, sentence: str
) -> None:
    answer = await browser.post(f"{DM}/clock", {"move": "date", "at": at})
    assert answer.status == 422
    assert sentence in answer.text
    assert room.clock.ahead == timedelta(0)


def test_a_day_is_a_day_on_the_wall() -> None:
    before = datetime(2027, 3, 27, 9, tzinfo=UTC)  # the day before London's clocks go forward
    assert moves.target("day", "", before, "Europe/London") == before + timedelta(hours=23)
    assert moves.target("hour", "", before, "Europe/London") == before + timedelta(hours=1)
    monday = moves.target("monday", "", before, "America/New_York")
    assert monday == datetime(2027, 3, 29, 13, tzinfo=UTC)


async def test_a_stream_tells_of_what_is_new_and_ends_when_it_is_closed(
    browser: Client, room: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.platforms.local.events.BEAT", 0.01)
    live = Live(room)
    stream = live.stream(AMINA, direct(AMINA))
    assert await anext(stream) == "retry: 1500\n\n"
    assert await anext(stream) == 'data: {"last": 0, "unread": 0}\n\n'
    await room.messenger.send(AMINA_ADDRESS, say("Good morning"), "key")
    assert await anext(stream) == 'data: {"last": 1, "unread": 1}\n\n'
    live.close()
    assert [each async for each in stream] == []
