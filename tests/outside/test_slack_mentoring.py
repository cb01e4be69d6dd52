"""Mentorship on Slack: from a profile to a match to a first meeting, and a round to its pairs."""

from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from icalendar import Calendar

from bot.domain.mentorship import LENGTH
from bot.models import Mentorship
from tests.outside.slack_crowd import ABOUT, Someone, until
from tests.outside.slack_stage import FRIDAY, Stage, staged
from tests.pilot import at

pytestmark = pytest.mark.outside
DAY, HOUR = timedelta(days=1), timedelta(hours=1)
ROSA = "U0ROSA"


async def profiles(stage: Stage) -> tuple[Someone, Someone]:
    """Let a mentee and a mentor say who they are, form by form."""
    ada = Someone(stage, "U0ADA", "Ada Lovelace")
    dan = Someone(stage, "U0DAN", "Dan Okafor", "America/New_York")
    await ada.types("/mentor profile")
    await ada.fills(role="mentee", languages="Germn", **ABOUT)
    assert "“German”" in ada.errors["languages"]
    await ada.fills(languages="English, German")
    assert ada.asks == ["seeks"]
    await ada.fills(seeks=["Quality improvement", "exams", "statistics"])
    assert ada.asks == ["first"]
    shown = await ada.fills(first=["exams", "Quality improvement"])
    assert "most of all Preparing for exams and boards and Quality improvement" in shown

    await dan.types("/mentor profile")
    await dan.fills(role="mentor", **ABOUT | {"stage": "senior", "capacity": "1000"})
    assert list(dan.errors) == ["capacity"]
    await dan.fills(capacity="1")
    assert dan.asks == ["offers"]
    assert "Offering: Quality improvement" in await dan.fills(offers=["quality", "exams"])
    return ada, dan


async def matched(stage: Stage, ada: Someone, dan: Someone) -> None:
    """Let the mentee find and ask the mentor, who says yes."""
    found = await ada.types("/mentor find")
    assert "Dan" in found
    assert "offers Preparing for exams and boards and Quality improvement" in found
    await ada.presses("Ask Dan Okafor")
    held = await ada.fills(note="Someone who has led a *project* <&>.")
    assert "A place is held for you until 15 January 2027" in held
    await until(stage, FRIDAY + 8 * HOUR)  # after noon in New York
    asked = dan.news()
    assert "Ada Lovelace asks whether" in asked
    assert "Someone who has led a *project* &lt;&amp;&gt;." in asked  # as Slack wants it
    assert "Ada Lovelace hears it from me" in await dan.presses("Yes, let us meet")
    await dan.person.again()
    await stage.house.settled()
    assert len(stage.house.rows(Mentorship)) == 1


async def agreed(stage: Stage, ada: Someone, dan: Someone) -> None:
    """Let both say yes to what they agree on, after one has changed it."""
    await until(stage, FRIDAY + 3 * DAY + 8 * HOUR)
    news = ada.news()
    said, began = news.index("Dan Okafor said yes"), news.index("is your mentor until 8 July 2027")
    assert said < began
    await ada.presses("What we agree on")
    assert "Dan Okafor is asked" in await ada.presses("I say yes")
    await dan.presses("What we agree on")
    await dan.presses("Change the lines")
    await dan.fills(aims="Ada finds her way into research.")
    await until(stage, FRIDAY + 4 * DAY)
    assert "Dan Okafor has changed what you agree on" in ada.news()
    agreement = await ada.presses("I say yes")
    assert "Ada finds her way into research." in agreement
    assert "You have both said yes" in agreement


async def meeting_set(stage: Stage, ada: Someone, dan: Someone) -> datetime:
    """Let one propose a time and the other confirm it; give when they meet."""
    assert "(12:00 for Dan Okafor)" in await ada.types("/mentor meet")
    assert "Dan Okafor is asked to confirm it" in await ada.presses("Friday 15 January at 17:00")
    await until(stage, FRIDAY + 4 * DAY + 8 * HOUR)
    assert "Friday 15 January at 12:00" in dan.news()
    assert "You meet Ada Lovelace on" in await dan.presses("That suits me")
    await until(stage, FRIDAY + 5 * DAY)
    [hers], [his] = map(invitations, (ada, dan))
    assert hers["UID"] == his["UID"]
    assert hers.decoded("dtstart") == his.decoded("dtstart") == at("2027-01-15 17:00")
    assert hers.decoded("duration") == LENGTH
    return at("2027-01-15 17:00")


def invitations(who: Someone) -> list[Any]:
    """Read the calendar files in somebody's DM."""
    return [Calendar.from_ical(each).walk("VEVENT")[0] for each in who.files()]


async def test_from_a_profile_to_a_first_meeting(tmp_path: Path) -> None:
    async with staged("socket", tmp_path) as stage:
        ada, dan = await profiles(stage)
        eve = Someone(stage, "U0EVE", "Eve Marsh")
        await eve.profiled("mentee", ["quality", "exams"])
        await dan.types("/mentor profile")
        await dan.presses("In confidence")
        assert "1 person named" in await dan.fills(not_with=[eve.id])
        assert "Dan" not in await eve.types("/mentor find")
        await matched(stage, ada, dan)
        await agreed(stage, ada, dan)
        start = await meeting_set(stage, ada, dan)

        # The agenda before it, from one to the other.
        await until(stage, start - 12 * HOUR)
        assert "Three lines help Dan Okafor to prepare" in ada.news()
        await ada.presses("Write three lines")
        assert ada.asks == ["line0", "line1", "line2"]
        assert "Dan Okafor gets this" in await ada.fills(line1="where to begin with research")
        await until(stage, start - HOUR)
        assert "Today I want to talk about: where to begin with research" in dan.news()

        # After it each is asked alone, and of two presses one counts.
        await until(stage, start + DAY)
        for each in (ada, dan):
            assert "Was this meeting useful to you?" in each.news()
        assert "When do you meet next?" in await ada.presses("Very much")
        await ada.presses("Note a next step")
        assert "Kept, for you alone: read two papers" in await ada.fills(step="read two papers")
        assert "read two papers" not in dan.news()


async def test_a_round_from_its_opening_to_its_pairs(tmp_path: Path) -> None:
    async with staged("socket", tmp_path, coordinators=ROSA) as stage:
        rosa = Someone(stage, ROSA, "Rosa Lind")
        mentees = [Someone(stage, f"U0M{n}", f"Mentee {n}") for n in range(3)]
        mentors = [Someone(stage, f"U0N{n}", f"Senior {n}") for n in range(2)]
        for each in mentees:
            await each.profiled("mentee", ["quality", "exams"])
        for each in mentors:
            await each.profiled("mentor", ["quality", "exams"], stage="senior", capacity="1")
        refused = await mentees[0].types("/mentor round open until 15 January")
        assert "for who coordinates mentorship here" in refused
        await rosa.types("/mentor round open until 12 January")
        assert stage.slack.modals == []
        await until(stage, FRIDAY + 3 * HOUR)
        for each in (*mentees, *mentors):
            assert "match round is open" in each.news()
            assert "You are in" in await each.presses("Join")
        await mentees[2].types("/mentor round rank")
        assert mentees[2].asks == ["first", "second"]
        await mentees[2].fills(first="Senior 1", second="Senior 1")
        assert list(mentees[2].errors) == ["second"]
        assert "Kept, in this order" in await mentees[2].fills(second="Senior 0")

        await until(stage, at("2027-01-13 13:00"))
        assert "3 mentees and 2 mentors came in" in rosa.news()
        assert "No two would both rather be with each other" in await rosa.presses("The draft")
        assert "Mentee 2" in await rosa.presses("All pairs")
        await rosa.types("/mentor round change")
        await rosa.fills(mentee="Mentee 2", mentor="Senior 0")
        assert "Senior 0 has no place left in this draft" in rosa.errors["mentor"]
        draft = await rosa.fills(mentor="None")
        assert "Mentee 2 and Senior 1" in draft.partition("Would both rather be with each other")[2]
        await rosa.presses("Change a pair")
        await rosa.fills(mentee="Mentee 1", mentor="Senior 1")
        assert "2 pairs begin" in await rosa.types("/mentor round publish")
        assert "No match round is open here" in await rosa.types("/mentor round publish")
        begun = [(one.member_id, one.mentor_id) for one in stage.house.rows(Mentorship)]
        assert sorted(begun) == [(1, 4), (2, 5)]
        await until(stage, at("2027-01-14 13:00"))
        first, second, third = (each.news() for each in mentees)
        assert "Senior 0 is your mentor until 13 July 2027" in first
        assert "Senior 1 is your mentor until 13 July 2027" in second
        assert "I found no mentor for you. The places went another way" in third
