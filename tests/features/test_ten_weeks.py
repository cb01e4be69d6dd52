"""Ten weeks of a resident with a rota feed, six nights, and a pulse that slides from 2 to 4.

Every message and every silence is listed below. Beside the list, each message is held against
the hours in which nothing may come, worked out here from the rota by hand and not by the product.
"""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from bot.engine import feeds
from bot.features.wellbeing.ideas import library
from bot.store import deliveries, wellbeing
from tests.pilot import Pilot, World, at

LONDON = ZoneInfo("Europe/London")
ROTA = "https://rota.example-hospital.org/amina/8f3c.ics"
#: Day shifts from Monday to Friday, but in the week of 18 January six nights, and a week of leave.
CALENDAR = """BEGIN:VCALENDAR
VERSION:2.0
PRODID:-//Rota//EN
BEGIN:VEVENT
UID:days
SUMMARY:Ward day
DTSTART;TZID=Europe/London:20270104T080000
DTEND;TZID=Europe/London:20270104T170000
RRULE:FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR;UNTIL=20270320T000000Z
EXDATE;TZID=Europe/London:20270118T080000,20270119T080000,20270120T080000
EXDATE;TZID=Europe/London:20270121T080000,20270122T080000,20270125T080000
EXDATE;TZID=Europe/London:20270215T080000,20270216T080000,20270217T080000
EXDATE;TZID=Europe/London:20270218T080000,20270219T080000
END:VEVENT
BEGIN:VEVENT
UID:nights
SUMMARY:Night
DTSTART;TZID=Europe/London:20270118T203000
DTEND;TZID=Europe/London:20270119T083000
RRULE:FREQ=DAILY;COUNT=6
END:VEVENT
BEGIN:VEVENT
UID:leave
SUMMARY:Annual leave
DTSTART;VALUE=DATE:20270213
DTEND;VALUE=DATE:20270222
END:VEVENT
END:VCALENDAR
"""
#: Week by week: the day of the answer, and burnout, energy and driver as tapped.
PULSES = (
    ("2027-01-05 19:00", "2", "3", "community"),
    ("2027-01-12 19:00", "2", "2", "values"),
    ("2027-01-21 19:00", "3", "1", "sleep"),  # before the fourth night
    ("2027-01-26 19:00", "3", "1", "workload"),
    ("2027-02-02 19:00", "4", "1", "workload"),
    ("2027-02-09 19:00", "4", "0", "workload"),
    ("2027-02-23 19:00", "3", "2", "community"),
    ("2027-03-02 19:00", "2", "3", "values"),
    ("2027-03-09 19:00", "2", "3", "community"),
)
END = "2027-03-15 12:00"


async def live(world: World, amina: Pilot) -> None:
    """Ten weeks: she answers what is asked, and does one of the ideas."""
    world.feeds[ROTA] = CALENDAR.replace("\n", "\r\n").encode()
    await amina.says("/goal add Learn echo by June 2027")
    await amina.says(f"/shift feed {ROTA}")
    for moment, burnout, energy, driver in PULSES:
        await world.until(at(moment, "Europe/London"))
        await amina.says("/checkin")
        if amina.form is not None:
            goal = amina.form.fields[0].name
            await amina.fills({goal: "on_track"})
        await amina.says("/wellbeing")
        await amina.fills(burnout=burnout, energy=energy, driver=driver)
    await world.until(END)


#: All that came, on London's clock.
CAME = """
Mon 04 Jan 17:30 shifts.feed_read
Mon 04 Jan 17:30 checkin.weekly
Mon 11 Jan 17:30 checkin.weekly
Mon 18 Jan 09:00 checkin.weekly
Sun 24 Jan 17:30 wellbeing.moment
Mon 25 Jan 09:00 checkin.weekly
Wed 27 Jan 17:40 wellbeing.moment
Mon 01 Feb 17:30 checkin.weekly
Tue 02 Feb 17:40 wellbeing.moment
Thu 04 Feb 17:30 review.monthly
Fri 05 Feb 17:40 wellbeing.moment
Mon 08 Feb 17:30 checkin.weekly
Mon 08 Feb 17:40 wellbeing.moment
Mon 22 Feb 17:30 wellbeing.moment
Mon 22 Feb 17:30 checkin.weekly
Mon 01 Mar 17:30 checkin.weekly
Thu 04 Mar 17:30 review.monthly
Mon 08 Mar 17:30 checkin.weekly
"""
#: All that was promised and did not come, or not at its hour, with the reason.
MOVED_OR_NOT = """
Mon 04 Jan 07:00 shifts.feed_read sent quiet_hours
Mon 04 Jan 09:00 checkin.weekly sent on_shift
Wed 06 Jan 09:00 checkin.reminder dropped answered
Mon 11 Jan 09:00 checkin.weekly sent on_shift
Wed 13 Jan 09:00 checkin.reminder dropped answered
Wed 20 Jan 09:00 checkin.reminder dropped after_night
Wed 27 Jan 09:00 checkin.reminder dropped answered
Mon 01 Feb 09:00 checkin.weekly sent on_shift
Wed 03 Feb 09:00 checkin.reminder dropped answered
Thu 04 Feb 09:00 review.monthly sent on_shift
Mon 08 Feb 09:00 checkin.weekly sent on_shift
Wed 10 Feb 09:00 checkin.reminder dropped answered
Mon 15 Feb 09:00 checkin.weekly dropped leave
Mon 22 Feb 09:00 checkin.weekly sent on_shift
Wed 24 Feb 09:00 checkin.reminder dropped answered
Mon 01 Mar 09:00 checkin.weekly sent on_shift
Wed 03 Mar 09:00 checkin.reminder dropped answered
Thu 04 Mar 09:00 review.monthly sent on_shift
Mon 08 Mar 09:00 checkin.weekly sent on_shift
Wed 10 Mar 09:00 checkin.reminder dropped answered
Mon 15 Mar 09:00 checkin.weekly waiting on_shift
"""
#: Each moment for an idea: what was said at it, or why nothing. Nobody but her can know.
MOMENTS = """
Thu 07 Jan 17:40 none well
Sun 10 Jan 17:40 none well
Wed 13 Jan 17:40 none well
Sat 16 Jan 17:40 none well
Tue 19 Jan 17:40 none between_nights
Fri 22 Jan 17:40 idea sleep
Wed 27 Jan 17:40 idea sleep
Sat 30 Jan 17:40 none enough_this_week
Tue 02 Feb 17:40 check_drivers
Fri 05 Feb 17:40 idea ehr
Mon 08 Feb 17:40 idea workload
Thu 11 Feb 17:40 none enough_this_week
Sun 14 Feb 17:40 none leave
Wed 17 Feb 17:40 none leave
Sat 20 Feb 17:40 idea workload
Thu 25 Feb 17:40 none holdout
Sun 28 Feb 17:40 none enough_this_week
Wed 03 Mar 17:40 none well
Sat 06 Mar 17:40 none well
Tue 09 Mar 17:40 none well
Fri 12 Mar 17:40 none well
"""
#: The first words of the answer to each pulse: what the table says.
ANSWERED = (
    "Kept. Thank you.",
    "Kept. Thank you.",
    "Kept. Would one small idea help, about sleep?",
    "Kept. A second hard answer in a row.",
    "Thank you for saying so. That is heavy,",
    "Thank you for saying so. That is heavy,",
    "Kept. A second hard answer in a row.",
    "Kept. Thank you.",
    "Kept. Thank you.",
)


def wall(moment: datetime) -> str:
    return f"{moment.astimezone(LONDON):%a %d %b %H:%M}"


def lines(table: str) -> list[str]:
    return table.strip().splitlines()


def forbidden(moment: datetime) -> str:
    """Say why nothing may come at a moment, from the rota as a person reads it; "" if it may."""
    here = moment.astimezone(LONDON)
    day = here.date()
    if date(2027, 2, 13) <= day <= date(2027, 2, 21):
        return "leave"
    first = datetime(2027, 1, 18, 20, 30, tzinfo=LONDON)
    for number in range(6):
        start = first + timedelta(days=number)
        end = start + timedelta(hours=12)
        slept = max(end + timedelta(hours=9), end.replace(hour=16, minute=0))
        if start - timedelta(minutes=30) <= here < slept:
            return "night, and the sleep after it"
    if first <= here < first + timedelta(days=5):
        return "between two nights"
    free = date(2027, 1, 18) <= day <= date(2027, 1, 25)
    works = day.weekday() < 5 and not free
    if works and time(7, 30) <= here.time() < time(17, 30):
        return "day shift"
    return "" if 8 <= here.hour < 21 else "the middle of the night"


async def test_ten_weeks_of_a_resident_with_six_nights(
    world: World, amina: Pilot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(feeds, "EVERY", timedelta(days=1))  # 420 readings would show no more
    world.clock.moment = at("2027-01-04 07:00")
    await live(world, amina)
    run = world.coach.database.run

    came = [f"{wall(moment)} {key.split(':')[0]}" for moment, _, key in amina.delivered()]
    assert came == lines(CAME)
    for moment, message, _ in amina.delivered():
        assert not forbidden(moment), (wall(moment), message.text, forbidden(moment))
        assert "later than I promised" not in message.text

    promised = await run(lambda db: deliveries.recent(db, 1, 100, at("2100-01-01 00:00")))
    told = [f"{wall(each.due_at)} {each.occasion} {each.state} {each.reason}" for each in promised]
    assert [each for each in told[::-1] if not each.endswith(" ")] == lines(MOVED_OR_NOT)
    to_come = next(each for each in promised if each.occasion == "wellbeing.moment")
    assert to_come.state == "waiting"

    moments = await run(lambda db: wellbeing.moments(db, 1, at("2026-01-01 00:00")))
    actions = library().actions
    said = [
        " ".join(
            [wall(each.at), each.kind, each.reason]
            if each.action is None
            else [wall(each.at), each.kind, actions[each.action].driver]
        ).strip()
        for each in moments
    ]
    assert said == lines(MOMENTS)

    replies = [reply.messages[0].text for reply in amina.replies if reply.messages]
    after = [text for text in replies if text.startswith(("Kept. ", "Thank you for"))]
    assert len(after) == len(ANSWERED)
    for text, begins in zip(after, ANSWERED, strict=True):
        assert text.startswith(begins)

    await amina.says("/coach why")
    assert "Wednesday 10 March at 09:00, reminder: withheld" in amina.answer
    assert "weekly check-in: sent, because you were on shift" in amina.answer
