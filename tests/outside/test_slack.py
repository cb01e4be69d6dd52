"""The coach on Slack, over a real wire, in both of Slack's modes."""

import asyncio
import json
import socket as sockets
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import uvicorn
from sqlmodel import SQLModel, select

from bot.app import Coach, join, open_database
from bot.engine.ports import Address
from bot.errors import Misconfigured, TryLater
from bot.models import Delivery, Goal, Member
from bot.platforms.slack import listeners
from bot.platforms.slack.outbound import SlackMessenger
from bot.platforms.slack.platform import Slack
from bot.platforms.slack.render import literal
from bot.settings import Settings
from tests.outside.slack_people import HttpTransport, Person, SocketTransport, Transport
from tests.outside.slack_server import APP_TOKEN, BOT_TOKEN, TEAM, Message, SlackServer

pytestmark = pytest.mark.outside
SECRET = "shhh"
#: A Friday morning in London; the first check-in is asked on the Monday after.
FRIDAY = datetime(2027, 1, 8, 10, 0, tzinfo=UTC)
WEEK = timedelta(days=7)


@dataclass
class Hands:
    """A clock that stands still until it is moved."""

    now: datetime = FRIDAY

    def __call__(self) -> datetime:
        return self.now


class House:
    """The coach joined to Slack as `serve` does it; it can be stopped and started anew."""

    def __init__(self, server: SlackServer, mode: str, folder: Path, clock: Hands) -> None:
        self.server, self.mode, self.clock = server, mode, clock
        self.database_url = f"sqlite:///{folder / 'preceptor.db'}"
        self.coach: Coach
        self.slack: Slack

    def settings(self, **changes: str) -> Settings:
        given = {
            "DATABASE_URL": self.database_url,
            "SLACK_BOT_TOKEN": BOT_TOKEN,
            "SLACK_APP_TOKEN": APP_TOKEN if self.mode == "socket" else "",
            "SLACK_SIGNING_SECRET": SECRET,
            "SLACK_API_URL": self.server.base_url,
        }
        return Settings(**given | changes)

    async def start(self) -> None:
        self.slack = Slack(self.settings(), beat=0.1)
        database = open_database(self.settings())
        self.coach = join(database, self.clock, {self.slack.name: self.slack.messenger})
        await self.slack.start(self.coach.dispatch)
        if self.mode == "socket":
            await self.server.linked()

    async def stop(self) -> None:
        await self.slack.stop()
        self.coach.database.close()

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        await self.slack.asgi(scope, receive, send)

    async def settled(self) -> None:
        """Wait until all that was begun is answered."""
        await self.slack._tasks.drain()

    def rows(self, table: type[SQLModel]) -> list[Any]:
        return self.coach.database.call(lambda db: list(db.exec(select(table)).all()))


class Stage:
    """A house, its Slack, and Ada, whose deeds wait until they are answered."""

    def __init__(self, house: House, transport: Transport) -> None:
        self.house, self.slack, self.transport = house, house.server, transport
        self.ada = Person(self.slack, transport)

    async def command(self, text: str, channel: str | None = None) -> list[Message]:
        """Ada types a command; give what she then sees that is new."""
        name, _, rest = text.partition(" ")
        return await self._new(self.ada.command(name, rest, channel=channel))

    async def says(self, text: str) -> list[Message]:
        return await self._new(self.ada.says(text))

    async def presses(self, where: Any, button: str) -> list[Message]:
        return await self._new(self.ada.presses(where, button))

    async def submits(self, values: dict[str, Any]) -> list[Message]:
        return await self._new(self.ada.submits(self.ada.modal, values))

    async def _new(self, deed: Any) -> list[Message]:
        before = self.slack.messages(self.ada.id)
        await deed
        await self.house.settled()
        assert self.ada.ack.ok, self.ada.ack
        return [one for one in self.slack.messages(self.ada.id) if one not in before]

    async def tick(self, ahead: timedelta = timedelta()) -> dict[str, int]:
        """Let time pass, then plan and deliver."""
        self.house.clock.now += ahead
        return dict(await self.house.coach.rounds.tick(self.house.clock.now))


@asynccontextmanager
async def served(house: House) -> AsyncIterator[str]:
    """Serve the house's ASGI application by uvicorn in this very loop."""
    with sockets.create_server(("127.0.0.1", 0)) as listening:
        server = uvicorn.Server(uvicorn.Config(house, log_level="warning", lifespan="off"))
        serving = asyncio.create_task(server.serve(sockets=[listening]))
        yield f"http://127.0.0.1:{listening.getsockname()[1]}/slack/events"
        server.should_exit = True
        await serving


@asynccontextmanager
async def staged(mode: str, folder: Path) -> AsyncIterator[Stage]:
    async with AsyncExitStack() as stack:
        slack = await stack.enter_async_context(SlackServer())
        house = House(slack, mode, folder, Hands())
        transport: Transport = SocketTransport(slack)
        if mode == "http":
            address = await stack.enter_async_context(served(house))
            transport = await stack.enter_async_context(HttpTransport(address, SECRET))
        await house.start()
        yield Stage(house, transport)
        await house.stop()
        assert slack.faults == []
        assert slack.advice == []


@pytest.fixture(params=["http", "socket"])
async def stage(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Stage]:
    async with staged(request.param, tmp_path) as stage:
        yield stage


@pytest.fixture
async def http(tmp_path: Path) -> AsyncIterator[Stage]:
    async with staged("http", tmp_path) as stage:
        yield stage


@pytest.fixture
async def socket(tmp_path: Path) -> AsyncIterator[Stage]:
    async with staged("socket", tmp_path) as stage:
        yield stage


def buttons(message: Message) -> list[str]:
    return [
        part["text"]["text"]
        for block in message.blocks
        if block["type"] == "actions"
        for part in block["elements"]
    ]


# Commands


async def test_a_command_is_answered_for_its_author_alone(stage: Stage) -> None:
    stage.slack.add_channel("C0TEAM", "team")

    welcome, kept = await stage.command("/goal add Pass the boards by June 2027", "C0TEAM")

    assert "Hello Ada" in welcome.text
    assert "London" in welcome.text
    assert "Pass the boards" in kept.text
    assert "30 June 2027" in kept.text
    assert [one.only_for for one in (welcome, kept)] == [stage.ada.id, stage.ada.id]
    assert {one.channel for one in (welcome, kept)} == {"C0TEAM"}
    (member,) = stage.house.rows(Member)
    assert (member.workspace, member.user, member.name, member.zone) == (
        TEAM,
        stage.ada.id,
        "Ada Lovelace",
        "Europe/London",
    )
    assert stage.ada.ack.latency < 0.5
    assert len(stage.slack.called("auth.test")) == 1
    assert len(stage.slack.called("users.info")) == 1


async def test_nothing_shows_in_a_dm_between_two_people(http: Stage) -> None:
    await http.command("/coach", "D0BOB")
    listed = await http.command("/goal list", "D0BOB")
    assert listed
    assert all(one.ephemeral for one in http.slack.messages("D0BOB"))


async def test_words_stay_words(http: Stage) -> None:
    title = "Tell <!channel> & @everyone *now* :fire: <@U1>"
    *_, kept = await http.command(f"/goal add {title}")

    assert "&lt;!channel&gt; &amp; @everyone *now*" in kept.text
    runs = [
        run
        for block in kept.blocks
        if block["type"] == "rich_text"
        for part in block["elements"]
        for run in part["elements"]
    ]
    assert {run["type"] for run in runs if "text" in run} == {"text"}
    assert any(title in run.get("text", "") for run in runs)


async def test_a_modal_asks_for_what_is_missing_and_keeps_what_was_typed(stage: Stage) -> None:
    await stage.command("/coach")
    assert await stage.command("/goal add") == []
    form = stage.ada.modal

    assert await stage.submits({"title": "Pass the boards", "due": "the 31st of Junne"}) == []
    assert stage.ada.ack.body["response_action"] == "errors"
    assert list(stage.ada.ack.body["errors"]) == ["due"]
    assert stage.slack.modals == [form]

    (kept,) = await stage.submits({"due": "June 2027"})
    assert stage.ada.ack.body == {"response_action": "clear"}
    assert "30 June 2027" in kept.text
    assert kept.ephemeral
    assert [goal.title for goal in stage.house.rows(Goal)] == ["Pass the boards"]


async def test_a_button_replaces_its_message(stage: Stage) -> None:
    *_, kept = await stage.command("/goal add Be a better teacher")
    assert "It is fine as it is" in buttons(kept)

    assert await stage.presses(kept, "It is fine as it is") == []
    assert kept.edits == 1
    assert "It is fine as it is" not in buttons(kept)


async def test_a_button_opens_a_form_whose_answer_comes_to_the_same_place(stage: Stage) -> None:
    stage.slack.add_channel("C0TEAM", "team")
    *_, kept = await stage.command("/goal add Be a better teacher", "C0TEAM")

    await stage.presses(kept, "Make it sharper")
    (changed,) = await stage.submits({"title": "Teach 4 sessions on ECG reading"})

    assert "Teach 4 sessions" in changed.text
    assert (changed.channel, changed.only_for) == ("C0TEAM", stage.ada.id)


async def test_help_fits(http: Stage) -> None:
    for text in (
        "/coach help",
        "/coach",
        "/coach settings",
        "/coach why",
        "/goal list",
        "/goal nonsense",
        "/checkin",
    ):
        assert await http.command(text), text


# The direct message


async def test_a_direct_message_is_read_and_answered_in_the_open(stage: Stage) -> None:
    *_, kept = await stage.says("/goal add Read one paper a week & discuss it")
    assert "Read one paper a week &amp; discuss it" in kept.text
    assert not kept.ephemeral
    assert kept.channel == stage.ada.dm
    assert "parse" in stage.slack.called("chat.postMessage")[0].payload


async def test_a_direct_message_has_no_trigger_so_a_button_opens_the_form(stage: Stage) -> None:
    await stage.says("coach")
    (offer,) = await stage.says("goal add")
    (label,) = buttons(offer)

    await stage.presses(offer, label)
    (kept,) = await stage.submits({"title": "Pass the boards"})
    assert "Pass the boards" in kept.text
    assert not kept.ephemeral
    assert kept.channel == stage.ada.dm


async def test_only_people_in_the_coachs_dm_are_heard(http: Stage) -> None:
    http.slack.add_channel("C0TEAM", "team")
    said = {
        "type": "message",
        "user": http.ada.id,
        "channel": http.ada.dm,
        "text": "goal add X",
        "channel_type": "im",
        "ts": "1.1",
        "event_ts": "1.1",
    }
    for changes in (
        {"subtype": "message_changed", "hidden": True},
        {"bot_id": "B1"},
        {"subtype": "thread_broadcast"},
        {"user": "U0PRECEPT"},
        {"type": "reaction_added"},
        {"type": "app_home_opened", "tab": "messages"},
    ):
        assert (await http.ada.event(said | changes)).ok, changes
    assert (await http.ada.says("goal add X", channel="C0TEAM")).ok
    await http.house.settled()
    assert http.house.rows(Member) == []


# Home


async def test_home_shows_what_is_next_and_follows_a_press(stage: Stage) -> None:
    await stage._new(stage.ada.opens_home())
    home = stage.slack.home(stage.ada.id)
    assert home is not None
    assert "Ada, what would you like to reach?" in json.dumps(home.blocks)
    first = home.view["hash"]

    await stage.presses(home, "Set a first goal")
    (kept,) = await stage.submits({"title": "Pass the boards"})
    assert kept.channel == stage.ada.dm
    assert not kept.ephemeral
    home = stage.slack.home(stage.ada.id)
    assert home is not None
    assert home.view["hash"] != first
    assert "Pass the boards" in json.dumps(home.blocks)


# Twice, late, forged, and refused


async def test_nothing_happens_twice(stage: Stage) -> None:
    await stage.command("/coach")
    await stage.command("/goal add Pass the boards")
    assert await stage._new(stage.ada.again()) == []
    await stage.says("goal add Read one paper a week")
    assert await stage._new(stage.ada.again()) == []
    await stage.command("/goal add")
    await stage.submits({"title": "Sleep 7 hours"})
    assert await stage._new(stage.ada.again()) == []
    titles = [goal.title for goal in stage.house.rows(Goal)]
    assert titles == ["Pass the boards", "Read one paper a week", "Sleep 7 hours"]


async def test_two_presses_at_once_close_a_goal_once(stage: Stage) -> None:
    await stage.command("/goal add Pass the boards")
    (shown,) = await stage.command("/goal show 1")
    await asyncio.gather(
        stage.ada.presses(shown, "It is done"), stage.ada.presses(shown, "It is done")
    )
    await stage.house.settled()
    (goal,) = stage.house.rows(Goal)
    assert goal.status == "done"


async def test_only_a_right_and_fresh_signature_is_let_in(http: Stage) -> None:
    assert isinstance(http.transport, HttpTransport)
    http.transport.forged = True
    assert (await http.ada.command("/goal", "add X")).status == 401
    http.transport.forged, http.transport.age = False, 600
    assert (await http.ada.command("/goal", "add X")).status == 401
    await http.house.settled()
    assert http.house.rows(Member) == []
    async with http.transport._session.post(
        http.transport.app_url, data=b"x" * 1_000_001, headers=http.transport.signed("")
    ) as answer:
        assert answer.status == 413
    for stamp in ({}, {"X-Slack-Request-Timestamp": "soon", "X-Slack-Signature": "v0=1"}):
        async with http.transport._session.post(
            http.transport.app_url, data="x", headers=stamp
        ) as answer:
            assert answer.status == 401


async def test_a_busy_slack_is_waited_for(http: Stage) -> None:
    await http.command("/coach")
    http.slack.fail("response_url", retry_after=0)
    assert await http.command("/goal list")
    assert len(http.slack.called("response_url")) == 4


async def test_an_answer_that_its_place_does_not_take_goes_by_direct_message(http: Stage) -> None:
    http.slack.add_channel("C0TEAM", "team")
    await http.command("/coach")
    http.slack.fail("response_url", status=404, error="expired_url")
    (listed,) = await http.command("/goal list", "C0TEAM")
    assert listed.channel == http.ada.dm


@pytest.mark.parametrize("code", ["expired_trigger_id", "exchanged_trigger_id", "internal_error"])
async def test_a_form_that_cannot_open_is_offered_by_a_button(http: Stage, code: str) -> None:
    await http.command("/coach")
    http.slack.fail("views.open", error=code)
    (offer,) = await http.command("/goal add")
    assert offer.ephemeral

    (label,) = buttons(offer)
    await http.presses(offer, label)
    (kept,) = await http.submits({"title": "Pass the boards"})
    assert "Pass the boards" in kept.text


async def test_a_slow_turn_is_acknowledged_and_its_refusal_offered_again(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    await stage.command("/coach")
    await stage.command("/goal add")
    monkeypatch.setattr(listeners, "PATIENCE", 0.05)
    handle = stage.house.coach.dispatch.handle

    async def slowly(incoming: Any) -> Any:
        await asyncio.sleep(0.2)
        return await handle(incoming)

    monkeypatch.setattr(stage.house.coach.dispatch, "handle", slowly)
    (offer,) = await stage.submits({"title": "Pass the boards", "due": "the 31st of Junne"})
    assert stage.ada.ack.body == {"response_action": "clear"}

    (label,) = buttons(offer)
    await stage.presses(offer, label)
    assert "the 31st of Junne" in json.dumps(stage.ada.modal.blocks)
    (kept,) = await stage.submits({"due": "June 2027"})
    assert "30 June 2027" in kept.text


async def test_a_failing_profile_does_not_stop_the_answer(http: Stage) -> None:
    http.slack.fail("users.info", error="missing_scope")
    assert await http.command("/goal list")
    (member,) = http.house.rows(Member)
    assert (member.name, member.zone) == ("", "UTC")


# The socket, and a restart


@pytest.mark.parametrize("politely", [True, False])
async def test_a_lost_socket_is_opened_anew(socket: Stage, politely: bool) -> None:
    await socket.command("/coach")
    if politely:
        await socket.slack.disconnect_message()
    else:
        socket.slack.kill_socket()
    await socket.slack.linked(times=2)
    assert await socket.command("/goal list")
    assert await socket.house.slack.ready()


async def test_a_socket_that_slack_refuses_for_a_while_comes_back(socket: Stage) -> None:
    await socket.command("/coach")
    socket.slack.fail("apps.connections.open", times=2, error="internal_error")
    socket.slack.kill_socket()
    await socket.slack.linked(times=2)
    assert await socket.command("/goal list")


async def test_an_address_that_went_stale_is_not_tried_for_ever(
    socket: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    await socket.command("/coach")
    give = socket.slack._apps_connections_open
    stale = iter(["1", "2"])

    def address(asked: Any) -> Any:
        ticket = next(stale, "")
        url = f"ws://127.0.0.1:{socket.slack.port}/link?ticket={ticket}"
        return {"url": url} if ticket else give(asked)

    monkeypatch.setattr(socket.slack, "_apps_connections_open", address)
    socket.slack.kill_socket()
    await socket.slack.linked(times=2)
    assert await socket.command("/goal list")


async def test_a_stop_waits_for_answers_on_their_way(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    await stage.command("/coach")
    await stage.command("/goal add")
    handle, at_work = stage.house.coach.dispatch.handle, asyncio.Event()

    async def slowly(incoming: Any) -> Any:
        at_work.set()
        await asyncio.sleep(0.2)
        return await handle(incoming)

    monkeypatch.setattr(stage.house.coach.dispatch, "handle", slowly)
    before = stage.slack.messages(stage.ada.id)
    deed = asyncio.create_task(stage.ada.submits(stage.ada.modal, {"title": "Pass the boards"}))
    await at_work.wait()
    await stage.house.slack.stop()
    assert await deed == {"response_action": "clear"}
    (kept,) = [one for one in stage.slack.messages(stage.ada.id) if one not in before]
    assert "Pass the boards" in kept.text
    await stage.house.slack.start(stage.house.coach.dispatch)


async def test_a_restart_in_mid_form_harms_nothing(stage: Stage) -> None:
    await stage.command("/coach")
    await stage.command("/goal add")
    links = stage.slack.links

    await stage.house.stop()
    await stage.house.start()
    if links:
        await stage.slack.linked(times=links + 1)

    (kept,) = await stage.submits({"title": "Pass the boards", "due": "June 2027"})
    assert "30 June 2027" in kept.text
    assert kept.ephemeral


# What comes unasked


async def asked(stage: Stage) -> Message:
    """Live until the first check-in is asked."""
    await stage.command("/goal add Pass the boards by June 2027")
    await stage.command("/goal add Read one paper a week")
    counts = await stage.tick(timedelta(days=4))
    assert counts["sent"] == 1
    (question,) = [one for one in stage.slack.messages(stage.ada.id) if one.metadata]
    assert not question.ephemeral
    return question


async def test_a_check_in_is_asked_in_the_dm_and_answered_by_a_form(stage: Stage) -> None:
    question = await asked(stage)
    assert "Pass the boards" in question.text
    assert (await stage.tick()).get("sent") is None

    await stage.presses(question, "Answer")
    (coaching,) = await stage.submits({"Pass the boards": "Stuck", "win": "Booked the course"})

    assert "Booked the course" in coaching.text
    assert (coaching.channel, coaching.ephemeral) == (stage.ada.dm, False)
    assert "is answered" in question.text
    assert question.edits == 1


async def test_a_check_in_is_answered_by_one_press(stage: Stage) -> None:
    question = await asked(stage)
    assert await stage.presses(question, "All on track") == []
    assert "on track" in question.text
    assert question.edits == 1


async def test_one_round_is_delivered_without_hearing(http: Stage) -> None:
    await http.command("/goal add Pass the boards")
    await http.house.stop()
    slack, database = Slack(http.house.settings()), open_database(http.house.settings())
    http.house.clock.now += timedelta(days=4)
    coach = join(database, http.house.clock, {slack.name: slack.messenger})
    async with slack.sending():
        assert (await coach.rounds.tick(http.house.clock.now))["sent"] == 1
    database.close()
    await http.house.start()


async def test_a_delivery_waits_as_long_as_slack_asks(http: Stage) -> None:
    await http.command("/goal add Pass the boards")
    http.slack.fail("chat.postMessage", retry_after=90)
    assert (await http.tick(timedelta(days=4)))["moved"] == 1
    (delivery,) = [one for one in http.house.rows(Delivery) if one.attempts]
    assert delivery.reason == "ratelimited"
    assert delivery.available_at == http.house.clock.now + timedelta(seconds=90)
    assert len(http.slack.called("chat.postMessage")) == 1

    assert "sent" not in await http.tick(timedelta(seconds=60))
    assert (await http.tick(timedelta(seconds=60)))["sent"] == 1


async def test_a_lost_yes_is_not_sent_twice(http: Stage) -> None:
    await http.command("/goal add Pass the boards")
    http.slack.fail("chat.postMessage", drop=True)
    assert (await http.tick(timedelta(days=4)))["moved"] == 1
    assert (await http.tick(timedelta(hours=1)))["sent"] == 1
    assert len([one for one in http.slack.messages(http.ada.id) if one.metadata]) == 1


async def test_a_crash_after_the_yes_is_not_sent_twice(http: Stage) -> None:
    await http.command("/goal add Pass the boards")
    http.house.clock.now += timedelta(days=4)
    coach, clock = http.house.coach, http.house.clock
    messenger = http.house.slack.messenger
    send = messenger.send

    async def dies(*given: Any) -> str:
        await send(*given)
        raise asyncio.CancelledError

    messenger.send = dies  # type: ignore[method-assign]
    with pytest.raises(asyncio.CancelledError):
        await coach.rounds.tick(clock.now)
    await http.house.stop()
    await http.house.start()

    assert (await http.tick(timedelta(minutes=5)))["sent"] == 1
    assert len([one for one in http.slack.messages(http.ada.id) if one.metadata]) == 1


async def test_a_delivery_in_parts_goes_on_where_it_broke_off(http: Stage) -> None:
    long = literal("word " * 3_000)
    to = Address(TEAM, http.ada.id)
    messenger = http.house.slack.messenger
    send = messenger._client.chat_postMessage
    tries = iter([False, True])

    async def sometimes(**given: Any) -> Any:
        if next(tries, False):
            http.slack.fail("chat.postMessage", error="internal_error")
        return await send(**given)

    messenger._client.chat_postMessage = sometimes  # type: ignore[method-assign]
    with pytest.raises(TryLater):
        await messenger.send(to, long, "review:1")
    another = SlackMessenger(messenger._client)
    assert await another.find(to, "review:1") is None
    ref = await another.send(to, long, "review:1")

    posts = http.slack.messages(http.ada.id)
    assert "".join(one.text for one in posts).replace("\n", "") == "word " * 3_000
    assert ref == f"{posts[-1].channel}:{posts[-1].ts}"
    assert await SlackMessenger(messenger._client).find(to, "review:1") == ref

    await messenger.replace(ref, literal("Done."))
    assert http.slack.messages(http.ada.id)[-1].text == "Done."


async def test_who_cannot_be_reached_is_told_at_the_next_contact(http: Stage) -> None:
    await http.command("/goal add Pass the boards")
    http.slack.deactivate(http.ada.id)
    assert (await http.tick(timedelta(days=4)))["failed"] == 1
    (member,) = http.house.rows(Member)
    assert member.unreachable_since is not None

    http.slack.users[http.ada.id]["deleted"] = False
    told, *_ = await http.command("/goal list")
    assert "12 January" in told.text


async def test_a_wrong_token_costs_no_member_a_delivery(
    http: Stage, caplog: pytest.LogCaptureFixture
) -> None:
    await http.command("/goal add Pass the boards")
    http.slack.fail("chat.postMessage", error="token_revoked")
    assert (await http.tick(timedelta(days=4)))["moved"] == 1
    (member,) = http.house.rows(Member)
    assert member.unreachable_since is None
    (record,) = [one for one in caplog.records if getattr(one, "action", "") == "slack_refused"]
    assert "install the app again" in record.getMessage()
    assert (await http.tick(timedelta(minutes=30)))["sent"] == 1


# What the operator hears


async def test_wrong_settings_are_said_in_one_sentence(http: Stage) -> None:
    settings, dispatch = http.house.settings, http.house.coach.dispatch
    for changes, said in (
        ({"SLACK_BOT_TOKEN": ""}, "SLACK_BOT_TOKEN is not set"),
        ({"SLACK_BOT_TOKEN": "xoxp-1"}, "does not begin with xoxb-"),
        ({"SLACK_APP_TOKEN": "xoxb-1"}, "does not begin with xapp-"),
        ({"SLACK_SIGNING_SECRET": ""}, "set SLACK_APP_TOKEN for Socket Mode, or"),
    ):
        with pytest.raises(Misconfigured, match=said):
            Slack(settings(**changes))
    for changes, said in (
        ({"SLACK_BOT_TOKEN": "xoxb-wrong"}, r"does not accept SLACK_BOT_TOKEN \(invalid_auth\)"),
        ({"SLACK_APP_TOKEN": "xapp-wrong"}, r"does not accept SLACK_APP_TOKEN \(invalid_auth\)"),
        ({"SLACK_API_URL": "http://127.0.0.1:9/api"}, "could not be reached"),
    ):
        with pytest.raises(Misconfigured, match=said):
            await Slack(settings(**changes)).start(dispatch)
        assert len(await Slack(settings(**changes)).check()) == 1
    assert await Slack(settings()).check() == []


async def test_logs_hold_no_words_of_members(http: Stage, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("DEBUG")
    await http.command("/goal add Zebra crossing")
    await http.says("Zebra crossing again")
    await http.ada.event({"type": "reaction_added", "user": http.ada.id, "reaction": "Zebra"})
    http.slack.fail("response_url", status=500)
    await http.command("/goal add Zebra stripes")
    assert isinstance(http.transport, HttpTransport)
    http.transport.forged = True
    await http.ada.command("/goal", "add Zebra")
    assert "Zebra" not in caplog.text
