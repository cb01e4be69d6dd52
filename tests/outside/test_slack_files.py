"""The coach on Slack: pictures and files that come with a delivery."""

import io
import zipfile
from datetime import timedelta

import pytest
from slack_sdk.web.async_client import AsyncWebClient

from bot.chat.message import File, Message, Paragraph, Span
from bot.engine.ports import Address
from bot.engine.reply import Reply
from bot.errors import TryLater
from bot.platforms.slack.files import is_among, name_of
from bot.platforms.slack.inbound import Origin
from bot.platforms.slack.outbound import SlackMessenger
from bot.platforms.slack.replies import Replies
from bot.platforms.slack.trouble import OPERATOR
from tests.outside.slack_bot import refused
from tests.outside.slack_server import TEAM
from tests.outside.slack_server import Message as Post
from tests.outside.slack_stage import Stage

pytestmark = pytest.mark.outside


def packed() -> bytes:
    kept = io.BytesIO()
    with zipfile.ZipFile(kept, "w") as archive:
        archive.writestr("goals.csv", "title\nPass the boards\n")
    return kept.getvalue()


PICTURE = File("trend.png", "image/png", b"\x89PNG picture", "Energy, 1 to 5: 3, 4, none, 4")
EXPORT = File("preceptor-export.zip", "application/zip", packed(), "Everything that is kept")
BOTH = Message((Paragraph((Span("Here is your month."),)),), files=(PICTURE, EXPORT))
KEY = "trend:1:2027-01"


def to(stage: Stage) -> Address:
    return Address(TEAM, stage.ada.id)


def posts(stage: Stage) -> list[Post]:
    return stage.slack.messages(stage.ada.id)


def files(stage: Stage) -> list[str]:
    return [each["title"] for post in posts(stage) for each in post.files]


async def test_files_follow_the_words_as_posts_of_their_own(http: Stage) -> None:
    messenger = http.house.slack.messenger
    ref = await messenger.send(to(http), BOTH, KEY)

    text, picture, export = posts(http)
    assert (text.text, ref) == ("Here is your month.", f"{text.channel}:{text.ts}")
    assert picture.files[0]["alt_txt"] == PICTURE.says
    assert "alt_txt" not in export.files[0]
    assert files(http) == [PICTURE.says, EXPORT.says]
    kept = [each.content for each in http.slack.stored.values()]
    assert kept == [PICTURE.content, EXPORT.content]
    # The bytes go to an address that is its own permission: the token stays at home.
    assert [call.authorization for call in http.slack.called("upload")] == ["", ""]

    another = SlackMessenger(messenger._client)
    assert await another.find(to(http), KEY) == ref
    assert await another.find(to(http), "trend:1:2027-02") is None
    await messenger.replace(ref, BOTH)
    assert files(http) == [PICTURE.says, EXPORT.says]


@pytest.mark.parametrize(
    ("method", "there"),
    [
        ("files.getUploadURLExternal", []),
        ("upload", []),
        ("files.completeUploadExternal", [PICTURE.says]),
    ],
)
async def test_a_lost_answer_is_not_a_second_file(
    http: Stage, method: str, there: list[str]
) -> None:
    messenger = http.house.slack.messenger
    http.slack.fail(method, drop=True)
    with pytest.raises(TryLater) as wait:
        await messenger.send(to(http), BOTH, KEY)
    assert wait.value.unheard
    assert files(http) == there

    await messenger.send(to(http), BOTH, KEY)
    assert files(http) == [PICTURE.says, EXPORT.says]
    assert len([post for post in posts(http) if post.text]) == 1


@pytest.mark.parametrize("shown", [0, 1])
async def test_another_process_goes_on_where_one_died(http: Stage, shown: int) -> None:
    client: AsyncWebClient = http.house.slack.messenger._client
    complete = client.files_completeUploadExternal
    left = iter([True] * shown)

    async def dies(**given: object) -> object:
        if not next(left, False):
            raise RuntimeError("gone")
        return await complete(**given)  # type: ignore[arg-type]

    client.files_completeUploadExternal = dies  # type: ignore[method-assign, assignment]
    with pytest.raises(RuntimeError):
        await http.house.slack.messenger.send(to(http), BOTH, KEY)
    client.files_completeUploadExternal = complete  # type: ignore[method-assign]
    assert len(files(http)) == shown

    another = SlackMessenger(client)
    assert await another.find(to(http), KEY) is None
    ref = await another.send(to(http), BOTH, KEY)
    assert files(http) == [PICTURE.says, EXPORT.says]
    assert len(posts(http)) == 3
    assert await SlackMessenger(client).find(to(http), KEY) == ref


@pytest.mark.parametrize("method", ["files.getUploadURLExternal", "upload"])
async def test_too_fast_waits_as_long_as_slack_asks_and_stops_nobody_else(
    http: Stage, method: str
) -> None:
    messenger = http.house.slack.messenger
    http.slack.fail(method, retry_after=45)
    with pytest.raises(TryLater) as wait:
        await messenger.send(to(http), BOTH, KEY)
    assert (wait.value.reason, wait.value.after) == ("ratelimited", 45)
    assert (wait.value.blameless, wait.value.everyone) == (True, False)
    assert wait.value.unheard  # the words are there: another process must ask

    await messenger.send(to(http), BOTH, KEY)
    assert files(http) == [PICTURE.says, EXPORT.says]
    assert len(posts(http)) == 3


@pytest.mark.parametrize("code", ["missing_scope", "file_uploads_disabled"])
async def test_what_the_operator_must_mend_is_said_and_the_words_still_come(
    http: Stage, caplog: pytest.LogCaptureFixture, code: str
) -> None:
    http.slack.fail("files.getUploadURLExternal", error=code)
    with pytest.raises(TryLater) as wait:
        await http.house.slack.messenger.send(to(http), BOTH, KEY)
    assert (wait.value.reason, wait.value.everyone) == (code, False)
    (record,) = [one for one in caplog.records if getattr(one, "action", "") == "slack_refused"]
    assert OPERATOR[code] in record.getMessage()
    assert getattr(record, "reason", "") == code
    assert [post.text for post in posts(http)] == ["Here is your month."]


async def test_bytes_that_are_not_taken_are_an_error_that_counts(http: Stage) -> None:
    http.slack.fail("upload", status=403)
    with pytest.raises(TryLater) as wait:
        await http.house.slack.messenger.send(to(http), BOTH, KEY)
    assert (wait.value.reason, wait.value.blameless) == ("http_403", False)


async def test_a_check_in_with_a_picture_is_delivered_once(
    http: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    await http.command("/goal add Pass the boards")
    send = http.house.slack.messenger.send

    async def with_picture(where: Address, message: Message, key: str) -> str:
        return await send(where, Message(message.blocks, message.buttons, (PICTURE,)), key)

    monkeypatch.setattr(http.house.slack.messenger, "send", with_picture)
    http.slack.fail("files.completeUploadExternal", drop=True)
    assert (await http.tick(timedelta(days=4)))["moved"] == 1
    assert (await http.tick(timedelta(hours=1)))["sent"] == 1
    assert files(http) == [PICTURE.says]
    assert len([post for post in posts(http) if post.metadata]) == 1


async def test_a_reply_has_no_files(http: Stage) -> None:
    with pytest.raises(ValueError, match="promise a delivery"):
        await Replies(http.house.slack._wire).give(Reply((BOTH,)), Origin(http.ada.id))
    assert posts(http) == []


def test_a_name_is_short_plain_and_one_of_its_kind() -> None:
    wild = File("../“Année” <b>" + "x" * 400 + ".tar.gz" + "y" * 40, "x/y", b"x", "")
    name = name_of(wild, KEY, 0)
    assert len(name) < 110
    assert name.isascii()
    assert not set(name) & set("/\\<>\"' ")
    assert name_of(EXPORT, KEY, 1).startswith("preceptor-export-")
    assert name_of(EXPORT, KEY, 1).endswith(".zip")
    assert name_of(File(".", "x/y", b"x", ""), KEY, 0).startswith("file-")
    for number, file in enumerate((wild, EXPORT, File("plain", "text/plain", b"x", ""))):
        assert is_among([name_of(file, KEY, number)], KEY, number)
        assert not is_among([name_of(file, KEY, number)], KEY, number + 1)
        assert not is_among([name_of(file, KEY, number)], f"{KEY}0", number)


async def test_the_fake_refuses_what_slack_would(http: Stage) -> None:
    client: AsyncWebClient = http.house.slack.messenger._client
    assert client.session is not None
    ask, complete = client.files_getUploadURLExternal, client.files_completeUploadExternal
    assert await refused(ask(filename="a.zip", length=0)) == "missing_argument"
    assert await refused(ask(filename="x" * 256, length=1)) == "invalid_arguments"
    assert await refused(ask(filename="a", length=1, alt_txt="x" * 1_001)) == "alt_txt_too_large"

    given = await ask(filename="a.zip", length=3)
    ours = [{"id": given["file_id"]}]
    assert await refused(complete(files=ours, channel_id=http.ada.dm)) == "file_not_found"
    async with client.session.post(given["upload_url"], data=b"four") as told:
        assert told.status == 400
    again = await ask(filename="a.zip", length=3)
    async with client.session.post(again["upload_url"], data=b"abc") as told:
        assert told.status == 200
    ours = [{"id": again["file_id"]}]
    assert await refused(complete(files=ours, channel_id=http.ada.id)) == "invalid_arguments"
    assert await refused(complete(files=ours, channel_id="C0NOWHERE")) == "channel_not_found"
    await complete(files=ours, channel_id=http.ada.dm)
    assert await refused(complete(files=ours, channel_id=http.ada.dm)) == "file_not_found"
    assert len(http.slack.faults) == 7
    http.slack.faults.clear()
