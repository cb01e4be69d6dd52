"""Rota feeds: each shape of event a hospital's program writes, read into shifts and no more."""

from copy import deepcopy
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from bot.chat.content import content
from bot.domain.availability import Availability, QuietRules
from bot.domain.rota import AHEAD, BACK, Rota, RotaRules, read_rota
from bot.domain.shifts import Shift, ShiftKind, label_key

FIXTURES = Path(__file__).parent / "fixtures"
RULES = RotaRules.from_data(content("shifts/labels"), content("shifts/defaults"))
LONDON, NEW_YORK = "Europe/London", "America/New_York"
NOW = datetime(2026, 12, 1, 12, tzinfo=UTC)


def read(name: str, zone: str = LONDON, now: datetime = NOW, **more) -> Rota:
    return read_rota((FIXTURES / f"{name}.ics").read_bytes(), RULES, zone=zone, now=now, **more)


def feed(*events: str, head: str = "") -> bytes:
    """Write a calendar from the lines of its events."""
    body = "".join(f"BEGIN:VEVENT\n{each}\nEND:VEVENT\n" for each in events)
    return f"BEGIN:VCALENDAR\nVERSION:2.0\n{head}{body}END:VCALENDAR\n".encode()


def told(rota: Rota, zone: str = LONDON) -> list[str]:
    """Write the shifts as they stand on the wall."""
    where = ZoneInfo(zone)
    return [
        f"{each.start.astimezone(where):%d.%m %H:%M}-{each.end.astimezone(where):%d.%m %H:%M} "
        f"{each.kind}"
        for each in rota.shifts
    ]


@pytest.mark.parametrize(
    ("name", "shifts"),
    [
        ("01_night_with_zone", ["07.12 20:00-08.12 08:00 night"]),
        ("02_utc", ["07.12 20:00-08.12 08:00 night"]),
        ("03_floating", ["07.12 07:00-07.12 19:00 day"]),
        (
            "04_whole_day_labels",
            [
                "07.12 08:00-07.12 18:00 day",  # MICU Day
                "08.12 20:00-09.12 08:00 night",  # Night Float
                "09.12 08:00-11.12 08:00 homecall",  # Home call, then Jeopardy/backup
                "11.12 00:00-12.12 00:00 leave",  # Vacation
                "11.12 08:00-12.12 08:00 call24",  # Post-call, on the 12th
                "13.12 08:00-13.12 18:00 day",  # Clinic AM
                "14.12 00:00-15.12 00:00 off",  # OFF; the Conference on the 15th is no shift
                "16.12 07:00-16.12 19:00 day",  # ED 7a-7p
                "17.12 07:30-17.12 20:00 day",  # LD 0730-2000
                "18.12 20:00-19.12 08:00 night",  # N; SHO on call on the 19th is asked about
                "20.12 00:00-21.12 00:00 off",  # Zero day
            ],
        ),
        # The 7th is moved to the afternoon, the 14th left out, the 21st cancelled.
        (
            "05_clinic_with_exceptions",
            [
                "30.11 13:00-30.11 17:00 day",
                "07.12 18:00-07.12 22:00 day",
                "28.12 13:00-28.12 17:00 day",
            ],
        ),
        ("06_duplicates", ["07.12 08:00-07.12 18:00 day"]),
        ("07_one_uid_for_all", ["07.12 08:00-07.12 18:00 day", "08.12 08:00-08.12 18:00 day"]),
        (
            "09_no_end",
            [
                "07.12 20:00-08.12 08:00 night",
                "10.12 08:00-10.12 20:00 day",
                "14.12 00:00-15.12 00:00 leave",
            ],
        ),
        ("10_duration", ["07.12 08:00-07.12 20:30 day", "20.12 00:00-03.01 00:00 leave"]),
        ("11_cancelled", ["08.12 08:00-08.12 18:00 day"]),
        # Blocks of 28 days, whatever they are called, are rotations. 40 hours are a call.
        ("12_rotation_block", ["07.12 08:00-09.12 00:00 call24"]),
    ],
)
def test_each_shape_of_event(name, shifts):
    rota = read(name)
    assert told(rota) == shifts
    assert rota.skipped == 0


def test_an_event_that_changes_its_uid_at_each_refresh_stays_the_same_shift():
    assert read("07_changing_uid_1").shifts == read("07_changing_uid_2").shifts


def test_nights_in_which_the_clocks_change():
    half, whole = read("08_night_of_the_clock_change", now=datetime(2026, 10, 1, tzinfo=UTC)).shifts
    assert whole.end - whole.start == timedelta(hours=13)
    assert half.end - half.start == timedelta(hours=12)  # a duration is elapsed time
    assert half.end.astimezone(ZoneInfo("Australia/Lord_Howe")).strftime("%H:%M") == "08:30"


def test_an_end_in_another_zone_than_its_start_is_the_same_moment():
    event = f"DTSTART;TZID={LONDON}:20261024T200000\nDTEND:20261025T080000Z\nSUMMARY:Night"
    now = datetime(2026, 10, 20, tzinfo=UTC)
    assert told(read_rota(feed(event), RULES, zone=LONDON, now=now)) == [
        "24.10 20:00-25.10 08:00 night"
    ]


def test_a_weekly_clinic_keeps_its_hour_on_the_wall():
    now = datetime(2026, 10, 20, tzinfo=UTC)
    weekly = (
        f"DTSTART;TZID={NEW_YORK}:20260105T080000\nDTEND;TZID={NEW_YORK}:20260105T120000\n"
        "RRULE:FREQ=WEEKLY;UNTIL=20261109T080000\nSUMMARY:Clinic"
    )
    shown = told(read_rota(feed(weekly), RULES, zone=LONDON, now=now), NEW_YORK)
    days = ["19.10", "26.10", "02.11", "09.11"]
    assert shown == [f"{day} 08:00-{day} 12:00 day" for day in days]


def test_floating_times_are_those_of_the_calendar_or_else_of_the_member():
    member = read("03_floating", zone=NEW_YORK)
    assert told(member, NEW_YORK) == ["07.12 07:00-07.12 19:00 day"]
    assert member.assumed_zone
    event = "DTSTART:20261207T070000\nDTEND:20261207T190000"
    calendar = feed(event, head=f"X-WR-TIMEZONE:{NEW_YORK}\n")
    named = read_rota(calendar, RULES, zone=LONDON, now=NOW)
    assert told(named, NEW_YORK) == ["07.12 07:00-07.12 19:00 day"]
    assert not named.assumed_zone


@pytest.mark.parametrize(
    ("tzid", "zone", "assumed"),
    [
        ("America/New_York", NEW_YORK, False),
        ('"Eastern Standard Time"', NEW_YORK, False),  # as Windows names it
        ("/citadel.org/20261101_1/America/New_York", NEW_YORK, False),
        ("Hospital time", LONDON, True),
        ("../../zone", LONDON, True),
        ("localtime", LONDON, True),
    ],
)
def test_zones_as_calendars_name_them(tzid, zone, assumed):
    event = f"DTSTART;TZID={tzid}:20261207T070000\nDTEND;TZID={tzid}:20261207T190000"
    rota = read_rota(feed(event), RULES, zone=LONDON, now=NOW)
    assert told(rota, zone) == ["07.12 07:00-07.12 19:00 day"]
    assert rota.assumed_zone is assumed


def test_a_label_that_says_too_little_is_asked_about_once():
    rota = read("04_whole_day_labels")
    (unclear,) = rota.unclear
    assert (unclear.label, unclear.first) == ("SHO on call", date(2026, 12, 19))
    assert unclear.key == label_key("SHO on call")
    answered = read("04_whole_day_labels", answers={unclear.key: ShiftKind.NIGHT})
    assert answered.unclear == ()
    assert "19.12 20:00-20.12 08:00 night" in told(answered)


@pytest.mark.parametrize(
    ("event", "shifts"),
    [
        # Office hours filled in where nobody set any: the label knows better.
        ("T080000\nDTEND:20261207T180000\nSUMMARY:Night Float", ["07.12 20:00-08.12 08:00 night"]),
        ("T080000\nDTEND:20261207T180000\nSUMMARY:24h call", ["07.12 08:00-08.12 08:00 call24"]),
        ("T180000\nDTEND:20261208T060000\nSUMMARY:Call", ["07.12 18:00-08.12 06:00 night"]),
        # Whole days written as times.
        ("T000000\nDTEND:20261208T000000\nSUMMARY:Night", ["07.12 20:00-08.12 08:00 night"]),
        ("T000000\nDTEND:20261209T000000\nSUMMARY:Vacation", ["07.12 00:00-09.12 00:00 leave"]),
        ("T080000\nDTEND:20261207T120000\nSUMMARY:Post-call", ["06.12 08:00-07.12 08:00 call24"]),
        # A weekend of home call; a conference; a pay code; three days of anything else.
        ("T170000\nDTEND:20261210T080000\nSUMMARY:Home call", ["07.12 17:00-10.12 08:00 homecall"]),
        ("T080000\nDTEND:20261207T180000\nSUMMARY:Conference", []),
        ("T200000\nDTEND:20261208T080000\nSUMMARY:Night differential", []),
        ("T080000\nDTEND:20261210T080000\nSUMMARY:Cardiology", []),
    ],
)
def test_labels_and_times_together(event, shifts):
    rota = read_rota(feed(f"DTSTART:20261207{event}"), RULES, zone=LONDON, now=NOW)
    assert told(rota) == shifts
    assert rota.unclear == ()


def test_overlapping_shifts_are_one_and_twenty_hours_a_call():
    rota = read_rota(
        feed(
            "DTSTART:20261207T080000Z\nDTEND:20261207T200000Z\nSUMMARY:Ward",
            "DTSTART:20261207T193000Z\nDTEND:20261208T083000Z\nSUMMARY:Ward N",
        ),
        RULES,
        zone=LONDON,
        now=NOW,
    )
    assert told(rota) == ["07.12 08:00-08.12 08:30 call24"]


def test_only_start_end_and_kind_are_kept():
    rota = read("01_night_with_zone")
    assert "Planted" in (FIXTURES / "01_night_with_zone.ics").read_text("utf-8")
    for word in ("Planted", "Bed", "Ward", "note"):
        assert word not in repr(rota)
    assert set(Shift.__slots__) == {"start", "end", "kind"}


def test_only_what_touches_the_window_is_given():
    days = [NOW.date() + timedelta(n) for n in range(-9, 63)]
    events = [f"DTSTART:{day:%Y%m%d}T090000Z\nDTEND:{day:%Y%m%d}T170000Z" for day in days]
    rota = read_rota(feed(*events), RULES, zone=LONDON, now=NOW)
    starts = [each.start.date() for each in rota.shifts]
    assert starts == [NOW.date() + timedelta(n) for n in range(-BACK.days, AHEAD.days)]
    assert (rota.first.date(), rota.last.date()) == (starts[0], starts[-1] + timedelta(1))


def test_a_leave_that_began_long_ago_is_seen():
    leave = "DTSTART;VALUE=DATE:20260601\nDTEND;VALUE=DATE:20270601\nSUMMARY:Parental leave"
    rota = read_rota(feed(leave), RULES, zone=LONDON, now=NOW)
    assert [each.kind for each in rota.shifts] == ["leave"]


def test_a_feed_decides_when_a_member_is_written_to():
    quiet = QuietRules.from_data(content("shifts/quiet"))
    member = Availability(quiet, LONDON, read("01_night_with_zone").shifts)
    state = member.state_at(datetime(2026, 12, 8, 10, tzinfo=UTC), chosen=True)
    assert state is not None
    assert state.reason == "after_night"


def test_broken_rules_are_refused():
    data = deepcopy(content("shifts/defaults"))
    data["no_end_hours"] = 24
    with pytest.raises(ValueError, match="no_end_hours"):
        RotaRules.from_data(content("shifts/labels"), data)
    with pytest.raises(ValueError, match="labels"):
        RotaRules.from_data({}, content("shifts/defaults"))
