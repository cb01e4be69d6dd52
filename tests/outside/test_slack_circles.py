"""A circle on Slack: from its start to its second session, in a channel that is really made."""

from datetime import timedelta
from pathlib import Path

import pytest

from bot.models import Attendance, CircleSession, Member
from tests.outside.slack_channels import Channel
from tests.outside.slack_crowd import Someone, until
from tests.outside.slack_server import BOT_USER, Message
from tests.outside.slack_stage import FRIDAY, Stage, staged
from tests.pilot import at

pytestmark = pytest.mark.outside
HOUR = timedelta(hours=1)
PEOPLE = {
    "U0ADA": ("Ada Lovelace", "Europe/London"),
    "U0DAN": ("Dan Okafor", "America/New_York"),
    "U0MIL": ("Milan Dvorak", "Europe/Prague"),
    "U0TER": ("Teresa Lima", "America/Sao_Paulo"),
    "U0WAN": ("Wanjiru Otieno", "Africa/Nairobi"),
}


async def seated(stage: Stage, guest: str = "") -> list[Someone]:
    """Let one found a circle, and four others take the seats that they are offered."""
    people = [Someone(stage, user, *who) for user, who in PEOPLE.items()]
    ada, *others = people
    if guest:
        stage.slack.make_guest(guest)
    for each in others:
        await each.types("/coach help")
    await ada.types("/circle start")
    with pytest.raises(ValueError, match="Slack’s client refuses"):
        await ada.fills(name="Night Owls", people=[f"U0X{n}" for n in range(8)])
    await ada.fills(name="Night Owls", people=["U0DAN", "U0MIL", "U0TER"])
    assert list(ada.errors) == ["people"]
    asked = await ada.fills(people=[*list(PEOPLE)[1:], "U0NEW"])
    assert "Asked: Dan Okafor, Milan Dvorak, Teresa Lima, Wanjiru Otieno" in asked
    assert "1 person has not met me yet" in asked
    await until(stage, FRIDAY + 8 * HOUR)  # after noon in New York
    for each in others:
        assert "Ada Lovelace would like to have you in a circle" in each.news()
        assert stage.slack.called("conversations.create") == []
        assert "You are in Night Owls" in await each.presses("Join")
    await until(stage, FRIDAY + 9 * HOUR)
    return people


def posts(stage: Stage, room: Channel) -> list[Message]:
    return [one for one in stage.slack.messages(room.id) if not one.ephemeral]


@pytest.mark.parametrize("mode", ["socket", "http"])
async def test_from_its_start_to_its_second_session(tmp_path: Path, mode: str) -> None:
    async with staged(mode, tmp_path) as stage:
        taken = stage.slack.add_room("circle-night-owls", "U0BOSS")
        people = await seated(stage)
        ada, dan, milan, *_ = people
        room = stage.slack.room("circle-night-owls-2")
        assert room.members == {BOT_USER, *PEOPLE}
        [agreement] = posts(stage, room)
        assert "What is said here stays here" in agreement.text
        assert room.pins == [agreement.ts]
        assert stage.slack.messages(taken.id) == []

        await ada.types("/circle schedule")
        await ada.presses("Another hour")
        await ada.fills(day="1", at="18:00", first="12 January")
        await until(stage, at("2027-01-11 17:59"))
        [hour] = posts(stage, room)[1:]
        assert "13:00 New York" in hour.text
        assert "21:00 Nairobi" in hour.text

        # The day before: each presses for themselves, and the post stays as it is.
        await until(stage, at("2027-01-11 18:00"))
        agenda = posts(stage, room)[-1]
        assert "Session 1 of 12: Launch" in agenda.text
        said = agenda.text
        assert "I expect you at session 1" in await dan.presses("Coming", agenda)
        assert "Not this time, then." in await milan.presses("Not this time", agenda)
        await milan.person.again()
        await stage.house.settled()
        assert len(stage.house.rows(Attendance)) == 2
        assert (agenda.text, agenda.edits) == (said, 0)
        alone = [one.only_for for one in stage.slack.messages(room.id) if one.ephemeral]
        assert alone == ["U0DAN", "U0MIL"]

        # The hour, what is asked after it, and the scribe's themes.
        await until(stage, at("2027-01-12 18:00"))
        assert "Session 1: Launch" in posts(stage, room)[-1].text
        await until(stage, at("2027-01-12 19:00"))
        ended = posts(stage, room)[-1]
        assert "Kept: you were at session 1 (Launch)" in await ada.presses("I was there", ended)
        scribe = scribe_of(stage, people, 1)
        assert scribe.id != "U0MIL"  # who does not come has no role
        await until(stage, at("2027-01-14 12:00"))
        assert "its themes are yours" in scribe.news()
        await scribe.presses("Note the themes")
        await scribe.fills(themes="- saying no to extra shifts\n- what Ada said")
        assert list(scribe.errors) == ["themes"]
        await scribe.fills(themes="- saying no to <extra> shifts\n- who we are at work")
        await until(stage, at("2027-01-14 13:00"))
        assert "saying no to &lt;extra&gt; shifts" in posts(stage, room)[-1].text

        await until(stage, at("2027-01-26 18:00"))
        texts = [one.text for one in posts(stage, room)]
        assert any("Session 2 of 12: Knowing yourself" in each for each in texts)
        assert "Session 2: Knowing yourself" in texts[-1]
        assert scribe_of(stage, people, 2) is not scribe
        assert all(one.edits == 0 for one in posts(stage, room))
        assert room.pins == [agreement.ts]
        marks = [str(one.metadata) for one in posts(stage, room)]
        assert len(set(marks)) == len(marks) == 8


async def test_a_guest_and_a_lost_channel_are_told_once_and_mended(tmp_path: Path) -> None:
    async with staged("socket", tmp_path) as stage:
        people = await seated(stage, guest="U0WAN")
        ada, dan, *_, wanjiru = people
        room = stage.slack.room("circle-night-owls")
        assert room.members == {BOT_USER, *PEOPLE} - {"U0WAN"}
        await until(stage, at("2027-01-11 13:00"))
        assert ada.news().count("Wanjiru Otieno could not be let into the channel") == 1
        assert wanjiru.news().count("I could not let you into the channel") == 1
        stage.slack.users["U0WAN"]["is_restricted"] = False  # the workspace's owner lets her in
        await wanjiru.presses("Try again")
        await until(stage, at("2027-01-11 14:00"))
        assert room.members == {BOT_USER, *PEOPLE}

        # Archived by hand: found out by the agenda, a day before the session.
        await ada.types("/circle schedule")
        await ada.presses("Another hour")
        await ada.fills(day="3", at="18:00", first="14 January")
        await until(stage, at("2027-01-12 12:00"))
        stage.slack.archive(room.id)
        await until(stage, at("2027-01-13 18:30"))
        assert ada.news().count("The channel of Night Owls is gone") == 1
        assert "is gone" not in dan.news()
        await ada.presses("Make a new channel")
        await until(stage, at("2027-01-13 20:00"))
        second = stage.slack.room("circle-night-owls-2")
        assert second.members == {BOT_USER, *PEOPLE}
        texts = [one.text for one in posts(stage, second)]
        assert second.pins == [posts(stage, second)[0].ts]
        assert len([each for each in texts if "Session 1 of 12" in each]) == 1

        # Put out of the channel: the same, once.
        stage.slack.remove(second.id)
        await until(stage, at("2027-01-15 20:00"))
        assert ada.news().count("The channel of Night Owls is gone") == 1
        assert [one.text for one in posts(stage, second)] == texts
        assert "Its channel is not there now" in await dan.types("/circle")
        assert len(stage.slack.called("conversations.create")) == 2


def scribe_of(stage: Stage, people: list[Someone], number: int) -> Someone:
    [session] = [one for one in stage.house.rows(CircleSession) if one.number == number]
    [member] = [one for one in stage.house.rows(Member) if one.id == session.scribe_id]
    return next(each for each in people if each.id == member.user)
