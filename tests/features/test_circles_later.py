"""What a circle talks about, who is missed, the middle, the end, and what comes after it."""

from collections.abc import Iterator

import pytest

from bot.models import Delivery, TopicVote
from bot.store import members
from tests.features.circle_ground import START, Town
from tests.pilot import Pilot, at

SIX = ("amina", "daniel", "milan", "teresa", "wanjiru", "linh")
MISSED = "I do not know whether you were at the last two sessions"


@pytest.fixture
def town(url: str) -> Iterator[Town]:
    made = Town(url, START)
    yield made
    made.close()


@pytest.fixture
async def six(town: Town) -> dict[str, Pilot]:
    """Six people who meet six times on Tuesdays, from 12 January on."""
    people = await town.circle(*SIX, length="short")
    await people["amina"].says("/circle schedule")
    await people["amina"].presses("Another hour")
    await people["amina"].fills(day="1", at="18:00", first="12 January")
    return people


async def test_the_topic_with_most_wishes_is_taken(town: Town, six: dict[str, Pilot]) -> None:
    await six["amina"].says("/circle topic")
    assert "Goals of your own (next to choose)" in six["amina"].answer
    await six["amina"].presses("Wish for a topic")
    assert six["amina"].form is not None
    planned, *others = six["amina"].form.fields[0].choices
    assert planned == ("as_planned", "As planned: Goals of your own")
    assert ("teaching", "Teaching others") in others
    await six["amina"].fills(topic="teaching")
    assert "Your wish for session 2: Teaching others" in six["amina"].answer
    await six["daniel"].says("/circle topic teaching others")
    await six["milan"].says("/circle topic money")
    await six["milan"].says("/circle topic conflict")  # changed
    await six["milan"].says("/circle topic")
    assert "You wished for Conflict and fairness" in six["milan"].answer
    assert len(await town.rows(TopicVote)) == 3
    await six["linh"].says("/circle topic leading")
    assert "“Leading” comes on 9 March" in six["linh"].answer
    await six["linh"].says("/circle topic quantum physics")
    assert "I do not know “quantum physics” as one topic" in six["linh"].answer
    await town.until("2027-01-25 18:00")
    assert "Session 2 of 6: Teaching others" in town.posts()[-1]
    assert await town.rows(TopicVote) == []
    # A tie keeps the programme, and a wish that comes after the agenda is for the next topic.
    await six["amina"].presses_action("circle.vote:2")
    assert "is chosen" in six["amina"].answer
    await six["amina"].says("/circle topic money and contracts")
    assert "Your wish for session 3" in six["amina"].answer
    await six["daniel"].says("/circle topic tools")
    await town.until("2027-01-27 12:00")
    await six["linh"].says("/circle topic teaching others")
    assert "You have talked about “Teaching others” already" in six["linh"].answer
    await town.until("2027-02-08 18:00")
    assert "Session 3 of 6: Work and life" in town.posts()[-1]


async def test_a_role_goes_to_another_when_its_holder_cannot_come(
    town: Town, six: dict[str, Pilot]
) -> None:
    await town.until("2027-01-11 18:00")
    assert "Host: Amina" in town.posts()[-1]
    await six["amina"].presses_in_room("Not this time")
    heir = six["amina"].answer.split("then. ")[1].split(" hears")[0].lower()
    await town.until("2027-01-12 16:59")
    [told] = [each for each in six[heir].news() if "dealt anew" in each]
    assert "You are Host at session 1 of Night Owls" in told
    await town.until("2027-01-12 18:00")
    assert f"{heir.capitalize()} opens" in town.posts()[-1]


async def test_who_is_missed_twice_hears_one_friendly_word(
    town: Town, six: dict[str, Pilot]
) -> None:
    for day in ("2027-01-12", "2027-01-26", "2027-02-09", "2027-02-23"):
        await town.until(f"{day} 20:00")
        for name in SIX[:4]:
            await six[name].says("/circle here")
        if day == "2027-01-26":
            await six["wanjiru"].says("/circle here")
    await town.until("2027-03-01 12:00")
    words = {name: [e for e in six[name].news() if MISSED in e] for name in SIX}
    assert [name for name in SIX if words[name]] == ["wanjiru", "linh"]
    assert len(words["linh"]) == len(words["wanjiru"]) == 1
    # Nobody can read from the rows that it was sent.
    assert not [e for e in await town.rows(Delivery) if e.occasion == "circles.absent"]


async def test_nobody_is_missed_where_nobody_presses(town: Town, six: dict[str, Pilot]) -> None:
    await town.until("2027-02-20 12:00")
    assert not [e for name in SIX for e in six[name].news() if MISSED in e]


async def test_silence_among_few_who_press_is_no_absence(town: Town, six: dict[str, Pilot]) -> None:
    for day in ("2027-01-12", "2027-01-26", "2027-02-09"):
        await town.until(f"{day} 20:00")
        for name in SIX[:3]:
            await six[name].says("/circle here")
    await town.until("2027-02-20 12:00")
    assert not [e for name in SIX for e in six[name].news() if MISSED in e]


async def test_who_says_not_this_time_twice_in_a_row_is_asked(
    town: Town, six: dict[str, Pilot]
) -> None:
    for day, absent in (("11", "milan"), ("25", "milan"), ("11", "linh")):
        month = "02" if absent == "linh" else "01"
        await town.until(f"2027-{month}-{'08' if month == '02' else day} 19:00")
        await six[absent].presses_in_room("Not this time")
    await town.until("2027-02-20 12:00")
    assert [name for name in SIX if any(MISSED in e for e in six[name].news())] == ["milan"]


async def test_who_cries_off_hears_what_is_told(town: Town, six: dict[str, Pilot]) -> None:
    await six["amina"].says("/circle agenda")
    await six["amina"].presses("Not this time")  # long before: nobody has heard of a role
    assert "I name you to nobody" in six["amina"].answer
    await town.until("2027-01-11 18:00")
    host = town.posts()[-1].split("Host: ")[1].split("\n")[0].strip().lower()
    assert host != "amina"
    await six[host].presses_in_room("Not this time")
    assert "hears that the role is theirs, not why" in six[host].answer
    assert "nobody" not in six[host].answer


async def test_themes_name_nobody_and_may_say_may(town: Town, six: dict[str, Pilot]) -> None:
    await town.until("2027-01-12 20:00")
    await town.coach.database.run(lambda db: setattr(members.by_id(db, 2), "name", "May Ortiz"))
    for themes, named in (
        ("Dr Okafor shouted", "Dr Okafor"),
        ("what May said", "May"),
        ("MAY said it", "May"),
        ("a talk with Sister Agnes", "Sister Agnes"),
    ):
        await six["amina"].says("/circle notes")
        await six["amina"].fills(themes=themes)
        assert six["amina"].form is not None
        assert f"“{named}”" in six["amina"].form.errors["themes"]
    await six["amina"].fills(themes="what may be said at work\nwhen a nurse calls a doctor late")
    assert "2 themes of session 1" in six["amina"].answer


async def test_halfway_is_told_in_numbers_only_when_five_answered(
    town: Town, six: dict[str, Pilot]
) -> None:
    await town.until("2027-02-10 20:00")  # after the third of six
    for name, label in zip(SIX[:4], ("Keep", "Keep", "Change", "Stop"), strict=True):
        assert any("Half of the sessions of Night Owls are over" in e for e in six[name].news())
        await six[name].presses(label)
        assert "Kept: " in six[name].answer
    await six["amina"].presses("Change")  # she thought again
    await six["amina"].presses("Keep")
    await town.until("2027-02-14 20:00")
    assert town.posts()[-1] == "Halfway: we keep it as it is."
    await six["linh"].presses_action("circle.halfway:1:stop")
    assert "has heard what came of it" in six["linh"].answer
    await six["linh"].presses_action("circle.halfway:1:shout")
    assert "no longer there" in six["linh"].answer


async def test_halfway_counts_with_five(town: Town, six: dict[str, Pilot]) -> None:
    await town.until("2027-02-10 20:00")
    for name, label in zip(SIX[:5], ("Change", "Keep", "Change", "Stop", "Change"), strict=True):
        await six[name].presses(label)
    await town.until("2027-02-14 20:00")
    assert "something is to change" in town.posts()[-1]
    assert "Of 5 who answered: 1 to keep, 3 to change, 1 to stop" in town.posts()[-1]


async def test_the_series_ends_and_is_looked_back_on(town: Town, six: dict[str, Pilot]) -> None:
    last = (await town.starts())[-1]
    assert last == at("2027-03-23 18:00")
    await town.until("2027-03-24 12:00")
    await six["milan"].says("/circle here")  # still possible
    assert "you were at session 6" in six["milan"].answer
    await six["milan"].says("/circle schedule")
    assert "No session of your circle lies ahead" in six["milan"].answer
    await town.until("2027-03-30 20:00")
    assert "Night Owls has had all its sessions" in town.posts()[-1]
    assert (await town.the_circle()).state == "closed"
    assert not town.channel.archived
    await six["daniel"].says("/circle")
    assert "You are in no circle now" in six["daniel"].answer
    await six["daniel"].presses_in_room("Archive the channel")
    assert "Whoever looked after the circle" in six["daniel"].answer
    await six["amina"].presses_in_room("Archive the channel")
    await town.hour()
    assert town.channel.archived
    for each in six.values():
        each.news()
    await town.sleeps_until("2027-06-23 16:00")
    assert any("Three months on since Night Owls ended" in e for e in six["linh"].news())
    await town.sleeps_until("2027-09-22 16:00")
    assert any("Six months on since Night Owls ended" in e for e in six["linh"].news())


async def test_a_circle_is_over_by_the_calendar_whatever_was_sent(
    town: Town, six: dict[str, Pilot]
) -> None:
    town.clock.moment = at("2027-05-01 12:00")  # the program was down, and somebody types first
    await six["daniel"].says("/circle join async")
    assert "You are on the list" in six["daniel"].answer
    assert (await town.the_circle()).state == "closed"
